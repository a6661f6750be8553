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

/** A link of one rate each way, which is said in `kbps`. */
function fixed(params) {
    const { up, down = up, delay } = params;
    return { orders: link(params), delayMs: delay, kbps: { up, down } };
}

/** Each packet waits up to so many ms more, half of which counts as the link's delay. */
function withJitter(jitterMs, params) {
    const one = fixed(params);
    return { ...one, orders: [...one.orders, `both jitter ${jitterMs}`], delayMs: one.delayMs + jitterMs / 2 };
}

/* The delay and the queue that the simulator's links have (tests/sim). */
const steady = (up, loss = 0) => fixed({ up, delay: 75, loss, queueMs: 500 });

const FAST = { up: 2000, delay: 40, queueMs: 200 };

const PROFILES = {
    good: fixed({ up: 20_000, delay: 10, queueMs: 100 }),
    '4g': fixed({ up: 2000, delay: 40, loss: 0.5, queueMs: 200 }),
    '3g': fixed({ up: 200, down: 400, delay: 100, loss: 1, queueMs: 400 }),
    edge: fixed({ up: 100, delay: 250, loss: 2, queueMs: 800 }),
    weak: fixed({ up: 60, delay: 300, loss: 5, queueMs: 800 }),
    lossy: fixed({ up: 500, delay: 80, loss: 10, burst: 4, queueMs: 300 }),
    vsat: fixed({ up: 128, down: 512, delay: 300, loss: 1, queueMs: 500 }),
    drop: {
        orders: [...link({ up: 2000, delay: 40, queueBytes: 30_000 }),
            'at 20000 both rate 150', 'at 50000 both rate 1000'],
        delayMs: 40, event: { atS: 20, fromS: 20, fullFromS: 50 },
    },
    outage: {
        orders: [...link(FAST), 'at 30000 both loss 100', 'at 34000 both loss 0'],
        delayMs: 40, event: { atS: 30, fromS: 34 },
    },
    /* Longer than a page waits for its socket, and not a time at which TCP repeats its SYN. Not in the table. */
    outage_long: {
        orders: [...link(FAST), 'at 30000 both loss 100', 'at 37000 both loss 0'],
        delayMs: 40, event: { atS: 30, fromS: 37 },
    },
    /* The device itself gets another address; run.mjs changes it. */
    handover: { orders: link(FAST), delayMs: 40, event: { atS: 30, fromS: 30, moveTo: MOVED } },
    /* The same, from Wi-Fi to mobile data far away. Not in the table. */
    handover_slow: {
        orders: [...link({ ...FAST, queueMs: 800 }), 'at 30000 both rate 100', 'at 30000 both delay 150'],
        delayMs: 150, event: { atS: 30, fromS: 30, moveTo: MOVED },
    },
    /* The device notices nothing. */
    rebind: {
        orders: [...link(FAST), `at 30000 nat ${NAT}`], delayMs: 40, event: { atS: 30, fromS: 30 },
    },
    /* Not in the table: what is wanted of links of one rate, of loss, of the floor of two-way sound, of a rate that changes. */
    steady60: steady(60),
    steady100: steady(100),
    steady150: steady(150),
    steady300: steady(300),
    loss10: steady(64, 10),
    loss20: steady(64, 20),
    floor: fixed({ up: 30, delay: 100, loss: 2, queueMs: 800 }),
    jitter: withJitter(100, { up: 64, delay: 50, loss: 5, queueMs: 800 }),
    lossy150: steady(150, 2),
    step: {
        orders: [...link({ up: 300, delay: 75, queueMs: 500 }),
            'at 25000 both rate 100', 'at 50000 both rate 300'],
        delayMs: 75, event: { atS: 25, fromS: 25, fullFromS: 50 },
        step: { fallS: 25, riseS: 50, kbps: 300, lowKbps: 100 },
    },
};

/** What `--profile` takes for several: the profiles of the README's table, in its order, and the links of one rate. */
export const GROUPS = {
    all: ['good', '4g', '3g', 'edge', 'weak', 'lossy', 'vsat', 'drop', 'outage', 'handover', 'rebind'],
    steady: ['steady60', 'steady100', 'steady150', 'steady300', 'loss10', 'loss20', 'floor', 'jitter', 'lossy150'],
};

/** The profiles that a list of names and groups ("steady,step") means, each once. */
export function profilesOf(list) {
    return [...new Set(list.split(',').flatMap((name) => GROUPS[name] ?? [name]))].map(profile);
}

/** {name, orders, delayMs, kbps?, step?, event?}. */
export function profile(name) {
    if (!Object.hasOwn(PROFILES, name)) {
        const known = [...Object.keys(PROFILES), ...Object.keys(GROUPS)];
        throw new Error(`no profile ${name}: ${known.join(' ')}`);
    }
    return { name, ...PROFILES[name] };
}
