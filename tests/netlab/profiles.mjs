// SPDX-License-Identifier: Apache-2.0
// The links behind which the patient sits: orders for the emulator (link_script.h) and what happens in
// the middle of a call. Rates in kbit/s of IP bytes; `event` in seconds from the call's start.

export const INNER = '10.66.0.2';
const MOVED = '10.66.0.3';
const NAT = '10.66.0.9';

function link({ up, down = up, delay, loss = 0, burst = 1, queueMs, queueBytes }) {
    const queue = queueBytes ? `both queue_bytes ${queueBytes}` : `both queue_ms ${queueMs}`;
    return [`up rate ${up}`, `down rate ${down}`, `both delay ${delay}`, queue, `both burst ${burst}`,
        `both loss ${loss}`];
}

const FAST = { up: 2000, delay: 40, queueMs: 200 };

const PROFILES = {
    good: { orders: link({ up: 20_000, delay: 10, queueMs: 100 }), delayMs: 10 },
    '4g': { orders: link({ up: 2000, delay: 40, loss: 0.5, queueMs: 200 }), delayMs: 40 },
    '3g': { orders: link({ up: 200, down: 400, delay: 100, loss: 1, queueMs: 400 }), delayMs: 100 },
    edge: { orders: link({ up: 100, delay: 250, loss: 2, queueMs: 800 }), delayMs: 250 },
    weak: { orders: link({ up: 60, delay: 300, loss: 5, queueMs: 800 }), delayMs: 300 },
    lossy: { orders: link({ up: 500, delay: 80, loss: 10, burst: 4, queueMs: 300 }), delayMs: 80 },
    vsat: { orders: link({ up: 128, down: 512, delay: 300, loss: 1, queueMs: 500 }), delayMs: 300 },
    drop: {
        orders: [...link({ up: 2000, delay: 40, queueBytes: 30_000 }),
            'at 20000 both rate 150', 'at 50000 both rate 1000'],
        delayMs: 40, event: { atS: 20, fromS: 20, fullFromS: 50 },
    },
    outage: {
        orders: [...link(FAST), 'at 30000 both loss 100', 'at 34000 both loss 0'],
        delayMs: 40, event: { atS: 30, fromS: 34 },
    },
    /* The device itself gets another address; run.mjs changes it. */
    handover: { orders: link(FAST), delayMs: 40, event: { atS: 30, fromS: 30, moveTo: MOVED } },
    /* The device notices nothing. */
    rebind: {
        orders: [...link(FAST), `at 30000 nat ${NAT}`], delayMs: 40, event: { atS: 30, fromS: 30 },
    },
    /* Not in the table: what the floor of two-way sound is proved on. */
    floor: { orders: link({ up: 30, delay: 100, loss: 2, queueMs: 800 }), delayMs: 100 },
    jitter: {
        orders: [...link({ up: 64, delay: 50, loss: 5, queueMs: 800 }), 'both jitter 100'], delayMs: 100,
    },
    step: {
        orders: [...link({ up: 300, delay: 75, queueMs: 500 }),
            'at 25000 both rate 100', 'at 50000 both rate 300'],
        delayMs: 75, event: { atS: 25, fromS: 25, fullFromS: 50 },
    },
    lossy150: { orders: link({ up: 150, delay: 75, loss: 2, queueMs: 500 }), delayMs: 75 },
};

/** The profiles of the table, in its order. */
export const TABLE = ['good', '4g', '3g', 'edge', 'weak', 'lossy', 'vsat', 'drop', 'outage', 'handover',
    'rebind'];

/** {name, orders, delayMs, event?}. */
export function profile(name) {
    if (!Object.hasOwn(PROFILES, name)) {
        throw new Error(`no profile ${name}: ${Object.keys(PROFILES).join(' ')}`);
    }
    return { name, ...PROFILES[name] };
}
