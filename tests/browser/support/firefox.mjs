// SPDX-License-Identifier: Apache-2.0
// Debian's Firefox ESR over WebDriver BiDi, as one party with coded sound and pictures.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import puppeteer from 'puppeteer-core';
import { PHONE, PROBE } from './browsers.mjs';

const STEP_TIMEOUT_MS = 45_000;
const SOURCE = new URL('page_source.js', import.meta.url);
const PREFS = {
    'media.peerconnection.ice.loopback': true,
    'permissions.default.camera': 1,
    'permissions.default.microphone': 1,
    'media.navigator.streams.fake': true,
    'media.autoplay.default': 0,
    'media.autoplay.blocking_policy': 0,
    'intl.accept_languages': 'id',
};

const selector = (id) => `[data-testid="${id}"]`;

export class Firefox {
    static async start({ party }) {
        const self = new Firefox();
        self.party = party;
        self.browser = await puppeteer.launch({
            browser: 'firefox', executablePath: process.env.HUYULA_FIREFOX ?? '/usr/bin/firefox-esr',
            headless: true, acceptInsecureCerts: true, extraPrefsFirefox: { ...PREFS, 'media.navigator.audio.fake_frequency': party.hz },
            timeout: 120_000,
            protocolTimeout: 180_000,
        });
        return self;
    }

    async page({ viewport = PHONE } = {}) {
        const page = await this.browser.newPage();
        page.setDefaultTimeout(STEP_TIMEOUT_MS);
        await page.setViewport(viewport);
        await page.evaluateOnNewDocument(`window.codedParty = ${this.party.party};`);
        await page.evaluateOnNewDocument(readFileSync(PROBE, 'utf8'));
        await page.evaluateOnNewDocument(readFileSync(SOURCE, 'utf8'));
        return page;
    }

    async close() {
        await this.browser.close();
    }
}

export async function until(page, id) {
    await page.waitForSelector(selector(id), { visible: true });
}

export async function click(page, id) {
    await until(page, id);
    await page.click(selector(id));
}

export async function enterWaitingRoom(page, link) {
    await page.goto(link, { waitUntil: 'domcontentloaded' });
    await click(page, 'allow-devices');
    await until(page, 'preview');
    await click(page, 'enter-waiting');
    await until(page, 'ahead');
}

export async function acceptCall(page) {
    await until(page, 'screen-called');
    await click(page, 'accept');
    await until(page, 'screen-call');
}

/** True when Firefox itself is running, and not a copy of the other browser. */
export async function assertFirefox(page) {
    assert.match(await page.evaluate(() => navigator.userAgent), /Firefox\//);
}
