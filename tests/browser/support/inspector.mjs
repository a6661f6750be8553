// SPDX-License-Identifier: Apache-2.0
// Looks at a page at 360x740 and 1280x800 in both languages: nothing wider than the page, nothing cut off or
// overlapping, axe clean; a picture of each.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import { DESKTOP, PHONE } from './browsers.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const LAYOUT = readFileSync(new URL('layout_faults.js', import.meta.url), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/* Each size and each language is gone through by axe once; where pictures are wanted, all four. A word's length moves
 * things, so the layout is looked at in each. */
const LOOKS = [
    { size: PHONE, lang: 'id', axe: true }, { size: PHONE, lang: 'en', axe: false },
    { size: DESKTOP, lang: 'en', axe: true }, { size: DESKTOP, lang: 'id', axe: false },
];

export class Inspector {
    constructor() {
        this.faults = [];
        this.pictures = process.env.HUYULA_SCREENSHOTS;
        if (this.pictures) mkdirSync(this.pictures, { recursive: true });
    }

    /** Looks at what the page shows now, under the name of the state that it is in; `at`: what is to be in the middle. */
    async look(page, name, at = undefined) {
        const before = page.viewportSize();
        for (const { size, lang, axe } of LOOKS) {
            await page.setViewportSize(size);
            await setLang(page, lang);
            if (at) await page.locator(at).evaluate((one) => one.scrollIntoView({ block: 'center' }));
            await this.lookOnce(page, `${name}-${size.width}-${lang}`, axe || this.pictures);
        }
        await page.setViewportSize(before); // the last one was in Indonesian
    }

    async lookOnce(page, name, axe) {
        await page.evaluate(settled);
        if (this.pictures) {
            const file = path.join(this.pictures, `${name}.png`);
            await page.screenshot({ path: file, fullPage: true, animations: 'disabled' });
        }
        const found = await page.evaluate(LAYOUT);
        if (axe) found.push(...(await this.axe(page)));
        this.faults.push(...found.map((fault) => `${name}: ${fault}`));
    }

    async axe(page) {
        /* Half a megabyte: sent once to each document, which takes about as long as a run of it. */
        if (!(await page.evaluate('Boolean(window.axe)'))) await page.evaluate(`{ ${AXE} }`);
        const violations = await page.evaluate(async (values) => {
            const found = await axe.run(document, { runOnly: { type: 'tag', values }, resultTypes: ['violations'], elementRef: true });
            /* What lies at or under a pinned bar is scrolled out from there. */
            const bars = [...document.querySelectorAll('*')].filter((one) => getComputedStyle(one).position === 'sticky');
            const isAtBar = (element) => bars.some((bar) => {
                const a = bar.getBoundingClientRect(), b = element.getBoundingClientRect();
                return !bar.contains(element) && b.top < a.bottom + 24 && b.bottom > a.top - 24;
            });
            for (const fault of found.violations) {
                if (fault.id === 'target-size') fault.nodes = fault.nodes.filter((node) => !isAtBar(node.element));
            }
            return found.violations.filter(({ nodes }) => nodes.length > 0).map(({ id, nodes }) => ({
                id, nodes: nodes.map(({ target, failureSummary }) => ({ target, failureSummary })),
            }));
        }, RULES);
        return violations.map(({ id, nodes }) => {
            const where = nodes.slice(0, 3).map((node) => node.target.join(' ')).join(', ');
            return `axe ${id} (${nodes.length}): ${where}: ${nodes[0].failureSummary.split('\n').slice(1).join(' ')}`;
        });
    }

    assertClean() {
        assert.equal(this.faults.length, 0, `${this.faults.length} faults:\n${this.faults.join('\n')}`);
    }
}

/**
 * Tests that look around: `inspect(name, options, tour)` gives `tour` a page of `browser()` and `look(state,
 * otherPage)`. All faults are told at once.
 */
export function inspectPages(browser) {
    return (name, options, tour) => test(name, async () => {
        const inspector = new Inspector();
        const page = await browser().page(options);
        await tour(page, (state, other = page) => inspector.look(other, state));
        await page.context().close();
        inspector.assertClean();
    });
}

/** In the page: no colour is on its way to another; what turns for ever is let be. */
async function settled() {
    const passing = document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(passing.map((one) => one.finished));
}

/** By the page's own switch, also where a dialog lies over it. */
async function setLang(page, lang) {
    await page.evaluate(async (wanted) => {
        const html = document.documentElement;
        const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
        const spoken = new Promise((resolve, reject) => {
            if (html.lang === wanted) resolve();
            new MutationObserver(() => html.lang === wanted && resolve()).observe(html, { attributeFilter: ['lang'] });
            setTimeout(() => reject(new Error(`the page does not speak ${wanted}`)), 10_000);
        });
        /* The patient's page fetches its English first. */
        if (html.lang !== wanted) document.querySelector('[data-testid=lang-switch]').click();
        await spoken;
        await frame();
        await frame();
    }, lang);
}
