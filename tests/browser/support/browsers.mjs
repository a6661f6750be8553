// SPDX-License-Identifier: Apache-2.0
// Each party has a browser of its own: Debian's Chromium with a coded camera and microphone.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { writePictures, writeTone } from './media_files.mjs';

export const PHONE = { width: 360, height: 740 };
export const DESKTOP = { width: 1280, height: 800 };
export const PATIENT = { hz: 440, party: 5 };
export const DOCTOR = { hz: 620, party: 10 };

export const PROBE = fileURLToPath(new URL('page_probe.js', import.meta.url));
export const FLOW = fileURLToPath(new URL('page_flow.js', import.meta.url));
const STEP_TIMEOUT_MS = 45_000;
const CHROMIUM = process.env.HUYULA_CHROMIUM ?? '/usr/bin/chromium';

/* The address bar's own pages: two more renderers in each window, a second of processor time, and nobody sees them. */
const UNSEEN = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup'];
/* What Playwright 1.54 turns off: of several such switches Chromium takes the last. */
const PLAYWRIGHTS = ['AcceptCHFrame', 'AutoExpandDetailsElement', 'AvoidUnnecessaryBeforeUnloadCheckSync',
    'CertificateTransparencyComponentUpdater', 'DestroyProfileOnBrowserClose', 'DialMediaRouteProvider',
    'ExtensionManifestV2Disabled', 'GlobalMediaControls', 'HttpsUpgrades', 'ImprovedCookieControls', 'LazyFrameLoading',
    'LensOverlay', 'MediaRouter', 'PaintHolding', 'ThirdPartyStoragePartitioning', 'Translate'];
const QUIET = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync',
    '--disable-default-apps', '--ignore-certificate-errors', '--allow-loopback-in-peer-connection',
    '--disable-background-timer-throttling', '--disable-renderer-backgrounding',
    '--disable-backgrounding-occluded-windows', `--disable-features=${[...PLAYWRIGHTS, ...UNSEEN]}`];

/** Files of a party's camera and microphone in `dir`. */
export function writeMedia(dir, party) {
    const sound = path.join(dir, 'sound.wav');
    const pictures = path.join(dir, 'pictures.y4m');
    writeTone(sound, party.hz);
    writePictures(pictures, party.party);
    return { sound, pictures };
}

/**
 * `media`: 'coded' (camera and microphone of `party`), 'cameras' (Chromium's own three, which say nothing
 * of where they look and of which the second's pictures cannot be encoded; the microphone of `party`),
 * 'denied', 'no-camera'.
 */
function mediaFlags(media, party, dir, pictures) {
    const fake = '--use-fake-device-for-media-stream';
    if (media === 'denied') return [fake, '--use-fake-ui-for-media-stream=deny'];
    if (media === 'no-camera') return [`${fake}=device-count=0`, '--use-fake-ui-for-media-stream'];
    const made = writeMedia(dir, party);
    const { sound } = made;
    if (media === 'cameras') {
        return ['--use-fake-ui-for-media-stream', `${fake}=device-count=3`,
            `--use-file-for-fake-audio-capture=${sound}`];
    }
    return ['--use-fake-ui-for-media-stream', fake, `--use-file-for-fake-audio-capture=${sound}`,
        `--use-file-for-fake-video-capture=${pictures ?? made.pictures}`];
}

/** The browser as a program; behind `words`, a program of its own. */
function executable(words, dir) {
    if (!words) return CHROMIUM;
    const wrapper = path.join(dir, 'chromium');
    writeFileSync(wrapper, `#!/bin/sh\nexec ${words.join(' ')} ${CHROMIUM} "$@"\n`);
    chmodSync(wrapper, 0o755);
    return wrapper;
}

/** For `before`: the device's own clock is `hours` ahead of the true time (behind, where negative). */
export function clockAhead(hours) {
    return { content: `{ const True = Date, aheadMs = ${hours} * 3600_000;
        globalThis.Date = class Date extends True {
            constructor(...words) { words.length ? super(...words) : super(True.now() + aheadMs); }
            static now() { return True.now() + aheadMs; }
        }; }` };
}

/** A started browser; `close()` leaves nothing behind, `kill()` is a crash. */
export class Browser {
    /** `words`: before the browser's command, as of Gate.enter(); `pictures`: another file for the coded camera. */
    static async start({ party = PATIENT, media = 'coded', words, pictures } = {}) {
        const self = new Browser();
        self.dir = mkdtempSync(path.join(tmpdir(), 'huyula-party-'));
        self.server = await chromium.launchServer({
            executablePath: executable(words, self.dir),
            args: [...QUIET, ...mediaFlags(media, party, self.dir, pictures)],
            timeout: 120_000,
        });
        self.browser = await chromium.connect(self.server.wsEndpoint(), { timeout: 60_000 });
        return self;
    }

    /**
     * A page in a profile of its own. `before` (as of addInitScript()) and `scripts` (files) run before the page's own.
     */
    async page({ viewport = PHONE, locale = 'id-ID', before, scripts, ...rest } = {}) {
        const context = await this.browser.newContext({ ignoreHTTPSErrors: true, viewport, locale, ...rest });
        return this.pageIn(context, before, scripts);
    }

    /** One more page (a second tab) in the profile of another. */
    async pageIn(context, before, scripts = []) {
        context.setDefaultTimeout(STEP_TIMEOUT_MS);
        context.setDefaultNavigationTimeout(STEP_TIMEOUT_MS);
        const page = await context.newPage();
        for (const file of [PROBE, ...scripts]) await page.addInitScript({ path: file });
        if (before) await page.addInitScript(before);
        page.faults = [];
        page.on('pageerror', (error) => page.faults.push(String(error)));
        return page;
    }

    async close() {
        await this.browser.close();
        await this.server.close();
        rmSync(this.dir, { recursive: true, force: true });
    }

    /** The process dies without a word. */
    async kill() {
        await this.server.kill();
        rmSync(this.dir, { recursive: true, force: true });
    }
}
