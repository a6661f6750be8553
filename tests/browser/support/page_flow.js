// SPDX-License-Identifier: Apache-2.0
// Runs in the page before its own scripts: looks at the call's counters ten times a second. A look is
// {at, connection, inbound: {mid: row}, outbound: {"kind rid": row}, pair, told}. All under window.flow.
(() => {
    const LOOK_MS = 100;
    const WINDOW = 4;
    const looks = [];
    const numbers = new WeakMap();
    let nConnections = 0;
    const waiting = new Set();

    function numberOf(pc) {
        if (!numbers.has(pc)) numbers.set(pc, (nConnections += 1));
        return numbers.get(pc);
    }

    async function look(pc) {
        const seen = { at: Date.now(), connection: numberOf(pc), inbound: {}, outbound: {}, pair: null, told: null };
        for (const row of (await pc.getStats()).values()) {
            if (row.type === 'inbound-rtp') seen.inbound[row.mid] = row;
            else if (row.type === 'outbound-rtp') seen.outbound[`${row.kind} ${row.rid ?? ''}`.trim()] = row;
            /* A pair that was nominated before stays so, and has no estimate. */
            else if (row.type === 'candidate-pair' && row.nominated && !seen.pair?.availableOutgoingBitrate) seen.pair = row;
            else if (row.type === 'remote-inbound-rtp' && row.kind === 'audio') seen.told = row;
        }
        return seen;
    }

    let busy = false;
    setInterval(async () => {
        const pc = window.huyulaCall;
        if (busy || !pc || pc.connectionState === 'closed') return;
        busy = true;
        looks.push(await look(pc).finally(() => (busy = false)));
        for (const one of waiting) one();
    }, LOOK_MS);

    /** The newest look and the one some tenths of a second before; null while there are no two of one connection. */
    function span(sinceMs) {
        const last = looks.at(-1);
        const first = looks.at(-1 - WINDOW);
        return first && first.at >= sinceMs && first.connection === last.connection ? [first, last] : null;
    }

    const grown = (row, before, name) => (row[name] ?? 0) - (before?.[name] ?? 0);

    /** Sound comes in and is played, mostly not made up. */
    function hasSound(sinceMs = 0) {
        const [first, last] = span(sinceMs) ?? [];
        return Object.entries(last?.inbound ?? {}).some(([mid, row]) => {
            if (row.kind !== 'audio') return false;
            const before = first.inbound[mid];
            const played = grown(row, before, 'totalSamplesReceived');
            return grown(row, before, 'packetsReceived') > 0 && played > 0 &&
                grown(row, before, 'concealedSamples') < played / 2;
        });
    }

    /**
     * hasSound(), and when it began, in Date.now(): the look from which on most of what was played until the next one
     * was not made up. A busy machine looks later and makes that no later.
     */
    function soundFrom(sinceMs = 0) {
        if (!hasSound(sinceMs)) return null;
        const seen = looks.slice(-1 - WINDOW);
        const isMadeUp = (one, next) => Object.entries(next.inbound).every(([mid, row]) => {
            const played = grown(row, one.inbound[mid], 'totalSamplesReceived');
            return row.kind !== 'audio' || played === 0 || grown(row, one.inbound[mid], 'concealedSamples') >= played / 2;
        });
        let from = seen.length - 1;
        while (from > 0 && !isMadeUp(seen[from - 1], seen[from])) from -= 1;
        return seen[from].at;
    }

    /** Nothing comes in any more. */
    function isCut(sinceMs = 0) {
        const [first, last] = span(sinceMs) ?? [];
        return last !== undefined && Object.entries(last.inbound)
            .every(([mid, row]) => grown(row, first.inbound[mid], 'packetsReceived') === 0);
    }

    /** A picture is shown and moves. */
    function hasPicture(sinceMs = 0) {
        const [first, last] = span(sinceMs) ?? [];
        return Object.entries(last?.inbound ?? {})
            .some(([mid, row]) => row.kind === 'video' && grown(row, first.inbound[mid], 'framesDecoded') > 1);
    }

    /** Of all pictures that come in. */
    function picturesKbps() {
        const second = looks.filter((one) => one.at < looks.at(-1)?.at - 1000).at(-1);
        return Object.entries(second ? looks.at(-1).inbound : {}).filter(([, row]) => row.kind === 'video')
            .reduce((sum, [mid, row]) => sum + 8 * grown(row, second.inbound[mid], 'bytesReceived'), 0) /
            (looks.at(-1)?.at - second?.at);
    }

    /** How many pictures move. */
    function nPictures(sinceMs = 0) {
        const [first, last] = span(sinceMs) ?? [];
        return Object.entries(last?.inbound ?? {})
            .filter(([mid, row]) => row.kind === 'video' && grown(row, first.inbound[mid], 'framesDecoded') > 0).length;
    }

    /** How many voices come in. */
    function nVoices(sinceMs = 0) {
        const [first, last] = span(sinceMs) ?? [];
        return Object.entries(last?.inbound ?? {})
            .filter(([mid, row]) => row.kind === 'audio' && grown(row, first.inbound[mid], 'packetsReceived') > 0).length;
    }

    /** The stream ("video l") is sent. */
    function sends(key) {
        const [first, last] = span(0) ?? [];
        const row = last?.outbound[key];
        return row !== undefined && grown(row, first.outbound[key], 'framesEncoded') > 0;
    }

    /** What is sent is a screen, or a part of one. */
    const sendsScreen = () => window.huyulaCall.getSenders()
        .some((one) => one.track?.getSettings().displaySurface !== undefined);

    /** Of the highest picture that comes in. */
    const lines = () => Math.max(0, ...Object.values(looks.at(-1)?.inbound ?? {}).map((row) => row.frameHeight ?? 0));

    /** The longest time in ms without another frame, from the first on. */
    function longestStill(seen, mid) {
        let [stillMs, fromMs, frames] = [0, 0, 0];
        for (const { at, inbound } of seen) {
            const now = inbound[mid]?.framesDecoded ?? 0;
            if (now !== frames) fromMs = at;
            frames = now;
            if (frames > 0) stillMs = Math.max(stillMs, at - fromMs);
        }
        return stillMs;
    }

    /**
     * From SINCE to now, of each m-line that comes in: whether something still does, whether nothing did before, the
     * longest time in ms without another frame and the height of the pictures, or the share of sound made up.
     */
    function figures(sinceMs) {
        const seen = looks.filter((one) => one.at >= sinceMs);
        const [first, last] = [seen[0], seen.at(-1)];
        const late = seen.filter((one) => one.at >= last.at - 1000)[0];
        const result = {};
        for (const [mid, row] of Object.entries(last?.inbound ?? {})) {
            const before = first.inbound[mid];
            const isNew = !before?.packetsReceived;
            const isLive = grown(row, late.inbound[mid], 'packetsReceived') > 0;
            const played = grown(row, before, 'totalSamplesReceived');
            result[mid] = row.kind === 'video'
                ? { kind: row.kind, isLive, isNew, stillMs: longestStill(seen, mid), lines: row.frameHeight }
                : { kind: row.kind, isLive, concealed: played > 0 ? grown(row, before, 'concealedSamples') / played : 0 };
        }
        return result;
    }

    /** For people: what goes out and comes in now. */
    function summary() {
        const last = looks.at(-1);
        const second = looks.filter((one) => one.at < last?.at - 1000).at(-1);
        const rates = (rows, before, bytes) => Object.fromEntries(Object.entries(rows).map(([key, row]) => [key, {
            kind: row.kind, kbps: Math.round(8 * grown(row, before?.[key], bytes) / (last.at - second.at)),
            lines: row.frameHeight, frames: grown(row, before?.[key], 'framesDecoded') + grown(row, before?.[key], 'framesEncoded'),
        }]));
        if (!second) return { looks: looks.length };
        return { in: rates(last.inbound, second.inbound, 'bytesReceived'), out: rates(last.outbound, second.outbound, 'bytesSent') };
    }

    /* What the server said of our encoders and of the pictures. */
    const said = [];
    window.WebSocket = class extends window.WebSocket {
        constructor(...args) {
            super(...args);
            this.addEventListener('message', ({ data }) => {
                const message = JSON.parse(data);
                if (message.type === 'hint' || message.type === 'picture') said.push({ at: Date.now(), ...message });
            });
        }
    };

    /**
     * CHECK is asked with each look. When it was first true, in Date.now(), or what it said that is a time itself; null:
     * not in time.
     */
    function until(check, timeoutMs) {
        return new Promise((resolve) => {
            const end = (at) => {
                clearTimeout(timer);
                waiting.delete(ask);
                resolve(at);
            };
            const ask = () => {
                const found = check();
                if (found) end(found === true ? Date.now() : found);
            };
            const timer = setTimeout(() => end(null), timeoutMs);
            waiting.add(ask);
        });
    }

    window.flow = { looks, hasSound, soundFrom, hasPicture, nPictures, nVoices, picturesKbps, isCut, sends, sendsScreen, lines, until, figures, summary, said };
})();
