// SPDX-License-Identifier: Apache-2.0
// Chromium on one side of the link, with the coded camera and speech as microphone.
import { EventEmitter, once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SERVER } from './lab.mjs';

/* The browser tests' own package; this folder has none. */
const { chromium } = createRequire(new URL('../browser/package.json', import.meta.url))('playwright-core');
const CHROMIUM = process.env.HUYULA_CHROMIUM ?? '/usr/bin/chromium';
const METER = new URL('page_meter.js', import.meta.url);
export const JANUS_PORT = 8989;
const STEP_TIMEOUT_MS = 60_000;

/* Nothing of the browser's own may cross the link. */
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync',
    '--disable-default-apps', '--ignore-certificate-errors', '--disable-background-timer-throttling',
    '--disable-renderer-backgrounding', '--disable-backgrounding-occluded-windows',
    '--autoplay-policy=no-user-gesture-required', '--use-fake-ui-for-media-stream',
    /* Janus's page comes from nowhere, which may not open sockets to a private address. */
    `--ip-address-space-overrides=${SERVER}:${JANUS_PORT}=public`, '--use-fake-device-for-media-stream', `--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE ${SERVER}`];

export class Party {
    /** `side`: "patient" or "server", where it runs; `pictures`, `sound`: files of sources.mjs. */
    static async start(lab, { side, pictures, sound }) {
        const party = new Party();
        party.dir = mkdtempSync(path.join(tmpdir(), 'huyula-netlab-'));
        const wrapper = path.join(party.dir, 'chromium');
        writeFileSync(wrapper, `#!/bin/sh\nexec ${lab.inside(side).join(' ')} ${CHROMIUM} "$@"\n`);
        chmodSync(wrapper, 0o755);
        party.browser = await chromium.launch({
            executablePath: wrapper,
            args: [...FLAGS, `--use-file-for-fake-video-capture=${pictures}`,
                `--use-file-for-fake-audio-capture=${sound}`],
            timeout: 120_000,
            /* A signal is for whoever measures, which closes the browser (measureCall()). */
            handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false,
        });
        return party;
    }

    async page(viewport) {
        const context = await this.browser.newContext({ ignoreHTTPSErrors: true, viewport, locale: 'id-ID' });
        context.setDefaultTimeout(STEP_TIMEOUT_MS);
        context.setDefaultNavigationTimeout(STEP_TIMEOUT_MS);
        await context.addInitScript(readFileSync(METER, 'utf8'));
        const page = await context.newPage();
        page.sockets = new EventEmitter();
        await page.exposeBinding('netlabSocketMade', (_, at) => page.sockets.emit('made', at));
        page.faults = [];
        page.on('pageerror', (error) => page.faults.push(String(error)));
        return page;
    }

    async close() {
        await this.browser.close();
        rmSync(this.dir, { recursive: true, force: true });
    }
}

/** Everything that the page's meter has. */
export const measured = (page) => page.evaluate(() => netlab.data());

/**
 * `open` has the page's document make its first socket. The page's Date.now() when it did, as soon as the page has said
 * so: Playwright's 'websocket' comes only when the connection stands, seconds later on a slow link, or never.
 */
export async function socketMade(page, open) {
    const made = once(page.sockets, 'made', { signal: AbortSignal.timeout(STEP_TIMEOUT_MS) })
        .catch(() => { throw new Error('the page made no socket'); });
    const [at] = await Promise.race([made, open().then(() => made)]);
    return at;
}

/** True as soon as one of the page's peer connections is connected. */
export function untilConnected(page, timeoutMs = STEP_TIMEOUT_MS) {
    return page.evaluate((ms) => new Promise((resolve, reject) => {
        const deadline = Date.now() + ms;
        const timer = setInterval(() => {
            if (!netlab.connected() && Date.now() < deadline) return;
            clearInterval(timer);
            if (netlab.connected()) resolve(true);
            else reject(new Error('no peer connection is connected'));
        }, 50);
    }), timeoutMs);
}
