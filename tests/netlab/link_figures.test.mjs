// SPDX-License-Identifier: Apache-2.0
// Figures from made-up counts of the emulator; the tables' rows; groups of profiles.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkFigures, stepFigures, threeSecondsKb } from './link_figures.mjs';
import { GROUPS, profilesOf } from './profiles.mjs';
import { summarize, tables } from './table.mjs';

function near(got, want, off) {
    assert.ok(got !== null && Math.abs(got - want) <= off, `${got}, not ${want} within ${off}`);
}

const NOTHING = { offered: 0, offered_bytes: 0, delivered_bytes: 0, dropped: 0, lost_bytes: 0, queue_ms: { p50: 0, p95: 0 } };

test('what a link was used for', () => {
    const way = {
        rtp: { offered: 1000, offered_bytes: 600_000, delivered_bytes: 500_000, dropped: 12, lost_bytes: 50_000,
            queue_ms: { p50: 30, p95: 120 } },
        rtcp: { offered: 200, offered_bytes: 20_000, delivered_bytes: 19_000, dropped: 0, lost_bytes: 1000,
            queue_ms: { p50: 500, p95: 500 } },
        udp: NOTHING, tcp: NOTHING,
        seconds: [[1000, 900], [2000, 1900], [4000, 3900], [50_000, 40_000]],
    };
    const got = linkFigures(way, { seconds: 60, kbps: 100 });
    near(got.linkKbps, (8 * 519) / 60, 0.01);
    near(got.carriedKbps, (8 * 570) / 60, 0.01);
    near(got.usedPct, 76, 0.01);
    near(got.linkRtcpKbps, (8 * 20) / 60, 0.01);
    near(got.rtcpPct, (8 * 20) / 60, 0.01);
    near(got.linkDropPct, 1, 0.001);
    assert.deepEqual([got.linkQueueP50Ms, got.linkQueueP95Ms], [30, 120]);
    near(got.firstKb, 7, 0.001);
    near(got.firstPct, (100 * 7) / 37.5, 0.01);
    near(linkFigures(way, { seconds: 60, linkLateS: 0.25 }).firstKb, 1 + 2 + 0.75 * 4, 0.001);
    near(threeSecondsKb(way, 0.5), 0.5 + 2 + 4 + 25, 0.001);
    assert.equal('usedPct' in linkFigures(way, { seconds: 60 }), false);
});

const STEP = { fallS: 25, riseS: 50, kbps: 300, lowKbps: 100 };

/** A list of packets of 125 bytes over 75 s: `sends(s)` kbit/s, of which `drops(s)` is dropped, `queuedMs(s)` in the queue. */
function listed(sends, { drops = () => 0, queuedMs = () => 0 } = {}) {
    const packets = [];
    let [due, lost] = [0, 0];
    for (let ms = 0; ms < 75_000; ms++) {
        const s = ms / 1000;
        due += sends(s) / 1000;
        for (; due >= 1; due -= 1) {
            lost += drops(s);
            const fate = lost >= 1 ? 'dropped' : 'delivered';
            if (lost >= 1) lost -= 1;
            packets.push([ms, 'rtp', fate, 125, fate === 'dropped' ? 0 : queuedMs(s)]);
        }
    }
    return packets;
}

test('a link that falls and rises, and a sender that follows', () => {
    const holdsBreath = (s) => s >= 25.5 && s < 26.2;
    const follows = (s) => (holdsBreath(s) ? 0 : s < 27 ? 290 : s < 55 ? 90 : 260);
    const got = stepFigures(listed(follows, { queuedMs: (s) => (s < 30 ? 400 : 100) }), STEP, 75);
    near(got.fallenS, 2, 0.05);
    near(got.fallenQueueP95Ms, 400, 0.1); // 2 s of 22
    near(got.risenS, 4.8, 0.05); // 0.1 of it in the queue
    near(got.risenUsedPct, (100 * 260) / 300, 0.5);
    const sooner = stepFigures(listed(follows, { queuedMs: (s) => (s < 28.5 ? 400 : 100) }), STEP, 75);
    near(sooner.fallenQueueP95Ms, 100, 0.1);
    const before = stepFigures([...listed(follows), ...Array(900).fill([26_000, 'rtp', 'delivered', 125, 900]),
        ...Array(900).fill([40_000, 'rtcp', 'lost', 1, 900])], STEP, 75);
    near(before.fallenQueueP95Ms, 0, 0.1);
});

test('a sender that does not follow', () => {
    const got = stepFigures(listed((s) => (s < 25 ? 290 : 96)), STEP, 75);
    assert.equal(got.fallenS, null);
    assert.equal(got.risenS, null);
    near(got.risenUsedPct, 32, 0.5);
    assert.equal(stepFigures(listed(() => 90), STEP, 75).fallenS, 0);
});

test('what the full queue drops is sent and does not use the link', () => {
    const all = stepFigures(listed(() => 290, { drops: (s) => (s < 25 ? 0 : 0.7) }), STEP, 75);
    assert.deepEqual([all.fallenS, all.risenS], [null, null]);
    near(all.risenUsedPct, 29, 0.5);
});

test('a call that ends before the link rises', () => {
    const got = stepFigures(listed(() => 90), STEP, 40);
    assert.deepEqual([got.risenS, got.risenUsedPct], [null, null]);
});

test('rows have the worst gap, and sums over runs', () => {
    const run = (gapMs, freezes, pauses) => ({ relay: 'x', profile: 'steady60', toDoctor: { gapMs, freezes, pauses, resumes: 0, watchedS: 65 },
        toPatient: { gapMs, freezes, pauses, resumes: 0, watchedS: 65, fallenS: null, fallenQueueP95Ms: 210, usedPct: 81.4 } });
    const [up, down] = summarize([run(40, 0, null), run(410, 1, 2), run(60, 2, 1)]);
    assert.deepEqual([up.gapMs, up.gapMsWorst, up.freezesSum, up.watchedSSum, up.pausesSum], [60, 410, 3, 195, null]);
    assert.equal(down.fallenS, null);
    const lines = tables([up, down]);
    const first = lines.findIndex((one) => one.includes('fall: 95 %'));
    const line = lines[first + 3].split('|').map((cell) => cell.trim());
    for (const cell of ['60 / 410', '3', '195', '- / 0', 'never / 210', '81']) assert.ok(line.includes(cell), `${cell}: ${line}`);
});

test('groups stand for their profiles, each once', () => {
    const names = profilesOf('steady,step,steady60').map((one) => one.name);
    assert.deepEqual(names, [...GROUPS.steady, 'step']);
    assert.equal(profilesOf('all').length, 11);
    assert.deepEqual(profilesOf('3g')[0].kbps, { up: 200, down: 400 });
    assert.deepEqual(profilesOf('loss20')[0].kbps, { up: 64, down: 64 });
    assert.throws(() => profilesOf('steady70'), /no profile steady70: .*steady60.*all steady$/);
});
