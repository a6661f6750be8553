// SPDX-License-Identifier: Apache-2.0
// One measured call: link, relay and both browsers are made, the patient joins over the link, and what
// the meters, the emulator and the machine counted becomes figures. Everything is gone afterwards.
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { direction } from './figures.mjs';
import { HuyulaCall } from './huyula_call.mjs';
import { Lab } from './lab.mjs';
import { linkFigures, stepFigures } from './link_figures.mjs';
import { measured, Party } from './party.mjs';
import { HEIGHT, readLuma, STRIP_HEIGHT, WIDTH } from './sources.mjs';
import { scale, ssim } from './ssim.mjs';

/* What the table measures begins here: before, people still say hello. */
const SETTLED_S = 10;
const BUSY_IDLE_PCT = 10;

/** Processor time in ticks since boot: {total, idle, steal}. What niced work has taken was to be had. */
function cpuTimes() {
    const fields = readFileSync('/proc/stat', 'utf8').split('\n')[0].trim().split(/\s+/).slice(1, 9).map(Number);
    const [, nice, , idle, ioWait, , , steal] = fields;
    return { total: fields.reduce((sum, one) => sum + one, 0), idle: idle + ioWait + nice, steal };
}

function cpuBetween(a, b) {
    const total = Math.max(1, b.total - a.total);
    return { idlePct: (100 * (b.idle - a.idle)) / total, stealPct: (100 * (b.steal - a.steal)) / total };
}

async function prepareCall(relay, lab, parties, capKbps) {
    if (relay === 'huyula') return HuyulaCall.prepare(lab, parties);
    const { JanusCall } = await import('./janus_call.mjs');
    return JanusCall.prepare(lab, parties, capKbps);
}

/** Waits for moments of the call, from its start; `signal` ends the waiting. */
function clockFrom(startMs, signal) {
    return (s) => wait(Math.max(0, startMs + 1000 * s - Date.now()), undefined, { signal });
}

/**
 * Over the call: what the link, the machine and the pages counted. The call begins when the patient's page makes its
 * socket, the link's clock and its schedule `linkLateS` after that: as long as it takes to hear of it.
 */
async function observe(lab, call, { profile, seconds, signal }) {
    const startMs = await call.join();
    lab.order('start');
    const linkLateS = (Date.now() - startMs) / 1000;
    const until = clockFrom(startMs, signal);
    const settledS = Math.min(SETTLED_S, seconds / 2);
    const moved = profile.event?.moveTo
        ? until(profile.event.atS + linkLateS).then(() => lab.move(profile.event.moveTo)) : Promise.resolve();
    moved.catch(() => undefined); // told below, if nothing else fails before
    await until(settledS);
    lab.order('mark');
    const cpuFrom = cpuTimes();
    await until(seconds);
    await moved;
    const cpu = cpuBetween(cpuFrom, cpuTimes());
    const link = await lab.report();
    const [patient, doctor] = [await measured(call.patient), await measured(call.doctor)];
    return { startMs, linkLateS, fromS: settledS, toS: seconds, link, cpu, patient, doctor,
        faults: call.faults() };
}

function pictureQuality(pictures, file, fromMs) {
    const values = pictures.filter((one) => one.at >= fromMs).map((one) => {
        const luma = new Uint8Array(Buffer.from(one.luma, 'base64'));
        const shown = scale(luma, one.width, one.height, WIDTH, HEIGHT);
        return ssim(readLuma(file, one.number), shown, WIDTH, HEIGHT, STRIP_HEIGHT);
    });
    return values.length ? values.reduce((sum, one) => sum + one, 0) / values.length : null;
}

/** Figures of both directions from what was seen of a call; `busy` when they are the machine's as much as the link's. */
export function figuresOf({ profile, seen, sources }) {
    const { startMs, linkLateS = 0, fromS, toS, link, patient, doctor } = seen;
    const side = (heard, sent, name) => {
        const way = link[name];
        return {
            ...direction({ heard, sent, startMs, fromS, toS, linkLateS, event: profile.event,
                networkMs: profile.delayMs + way.rtp.queue_ms.p50 }),
            ssim: pictureQuality(heard.pictures, sources.pictures, startMs + 1000 * fromS),
            ...linkFigures(way, { seconds: toS - fromS, kbps: profile.kbps?.[name], linkLateS }),
            ...(profile.step && way.packets ? stepFigures(way.packets, profile.step, toS - linkLateS) : {}),
        };
    };
    return {
        toDoctor: side(doctor, patient, 'up'),
        toPatient: side(patient, doctor, 'down'),
        cpu: seen.cpu,
        busy: seen.cpu.idlePct < BUSY_IDLE_PCT,
        lateP99Us: link.late_p99_us,
        linkLateS,
        faults: seen.faults,
    };
}

/**
 * `sources`: of writeSources(). The result is that of figuresOf() with `seen`; or `failed`, in words. `signal`
 * ends the call early: that is a failure too.
 */
export async function measureCall({ profile, sources, relay = 'huyula', capKbps, seconds = 75, seed = 1, signal }) {
    const open = [];
    const opened = (one) => {
        open.push(one);
        signal?.throwIfAborted();
        return one;
    };
    try {
        const lab = opened(await Lab.start({ linkem: process.env.LINKEM, seed }));
        const { pictures, sounds } = sources;
        const patient = opened(await Party.start(lab, { side: 'patient', pictures, sound: sounds.patient }));
        const doctor = opened(await Party.start(lab, { side: 'server', pictures, sound: sounds.doctor }));
        const call = opened(await prepareCall(relay, lab, { patient, doctor }, capKbps));
        lab.order(...profile.orders);
        const seen = await observe(lab, call, { profile, seconds, signal });
        return { ...figuresOf({ profile, seen, sources }), seen };
    } catch (error) {
        return { failed: String(error?.stack ?? error) };
    } finally {
        for (const one of open.reverse()) await one.close();
    }
}
