// SPDX-License-Identifier: Apache-2.0
// Runs in a page before its own scripts and measures its calls: counters ten times a second, every
// decoded frame with the number burnt into it, some frames whole, when the own camera showed which
// number, and what the server said of pictures. All times are Date.now(): both pages are on one machine.
// window.netlab.data() gives it all; a page's first socket is told at once (netlabSocketMade, of party.mjs).
(() => {
    const POLL_MS = 100;
    const SLOW_MS = 1000;
    const PICTURE_MS = 4000;
    const N_BLOCKS = 20;
    const STRIP_SHARE = 40 / 360;
    const AUDIO = ['totalSamplesReceived', 'concealedSamples', 'silentConcealedSamples', 'jitterBufferDelay',
        'jitterBufferEmittedCount', 'packetsReceived', 'packetsLost', 'bytesReceived', 'totalAudioEnergy',
        'fecPacketsReceived', 'nackCount', 'packetsDiscarded'];
    const VIDEO = ['framesDecoded', 'keyFramesDecoded', 'packetsReceived', 'packetsLost', 'bytesReceived',
        'nackCount', 'pliCount', 'freezeCount', 'totalFreezesDuration', 'totalSquaredInterFrameDelay',
        'jitterBufferDelay', 'jitterBufferTargetDelay', 'jitterBufferMinimumDelay', 'jitterBufferEmittedCount'];

    const connections = [];
    const data = { loadedAt: Date.now(), socketAt: null, marks: [], audio: [], video: [], out: [],
        frames: [], own: [], pictures: [], shown: [] };
    const mark = (what) => data.marks.push([Date.now(), what]);

    window.RTCPeerConnection = class extends window.RTCPeerConnection {
        constructor(...args) {
            super(...args);
            connections.push(this);
            mark('connection made');
            this.addEventListener('connectionstatechange', () => mark(`connection ${this.connectionState}`));
            this.addEventListener('iceconnectionstatechange', () => mark(`ice ${this.iceConnectionState}`));
            this.addEventListener('signalingstatechange', () => mark(`signaling ${this.signalingState}`));
            this.addEventListener('icegatheringstatechange', () => mark(`gathering ${this.iceGatheringState}`));
            this.addEventListener('icecandidate', (e) => mark(`candidate ${e.candidate?.candidate}`));
        }
    };
    window.WebSocket = class extends window.WebSocket {
        constructor(...args) {
            super(...args);
            mark('socket made');
            if (data.socketAt === null) {
                data.socketAt = Date.now();
                window.netlabSocketMade?.(data.socketAt);
            }
            this.addEventListener('open', () => mark('socket open'));
            this.addEventListener('message', (e) => {
                const { type, mid, state } = JSON.parse(e.data);
                mark(type === 'hint' ? `hint ${e.data}` : `socket got ${type}`);
                if (type === 'picture') data.shown.push([Date.now(), mid, state]);
            });
            this.addEventListener('close', () => mark('socket closed'));
        }
    };

    const live = () => connections.filter((one) => one.connectionState !== 'closed');

    /* Counters: sums over receivers, so that a new connection goes on where the old one was. */

    const before = new Map();
    const sums = { audio: AUDIO.map(() => 0), video: VIDEO.map(() => 0) };

    function count(key, row, names, sum) {
        const old = before.get(key) ?? names.map(() => 0);
        const now = names.map((name) => row[name] ?? 0);
        before.set(key, now);
        now.forEach((value, i) => (sum[i] += value - old[i]));
    }

    async function pollKind(kind, names) {
        let seen = false;
        for (const pc of live()) {
            for (const receiver of pc.getReceivers()) {
                if (receiver.track.kind !== kind) continue;
                for (const row of (await receiver.getStats()).values()) {
                    if (row.type !== 'inbound-rtp') continue;
                    seen = true;
                    const key = `${connections.indexOf(pc)} ${row.id} ${row.ssrc}`;
                    count(key, row, names, sums[kind]);
                }
            }
        }
        if (seen) data[kind].push([Date.now(), ...sums[kind]]);
    }

    async function pollOut() {
        for (const pc of live()) {
            for (const row of (await pc.getStats()).values()) {
                if (row.type === 'outbound-rtp') {
                    const { kind, rid, bytesSent, targetBitrate, frameWidth, framesPerSecond, active } = row;
                    const { packetsSent, nackCount, retransmittedPacketsSent, codecId } = row;
                    const why = row.qualityLimitationReason;
                    data.out.push([Date.now(), { kind, rid, bytesSent, targetBitrate, frameWidth, framesPerSecond,
                        active, why, packetsSent, nackCount, retransmittedPacketsSent, codecId }]);
                } else if (row.type === 'candidate-pair' && row.nominated) {
                    const { availableOutgoingBitrate, currentRoundTripTime, state } = row;
                    data.out.push([Date.now(), { state, availableOutgoingBitrate, currentRoundTripTime }]);
                }
            }
        }
    }

    function every(ms, action) {
        let busy = false;
        setInterval(async () => {
            if (busy) return;
            busy = true;
            try {
                await action();
            } finally {
                busy = false;
            }
        }, ms);
    }

    /* Frames. */

    const bitsOf = (number) => ((number << 12) | ((Math.imul(number + 1, 2654435761) >>> 20) & 0xfff)) >>> 0;

    /** The number burnt into a frame; null when it cannot be read. */
    async function numberOf(frame) {
        const { width, height } = frame.visibleRect;
        const rect = { x: 0, y: 2 * Math.floor((height * STRIP_SHARE) / 4), width: width & ~1, height: 2 };
        const pixels = new Uint8Array(frame.allocationSize({ rect }));
        await frame.copyTo(pixels, { rect });
        let bits = 0;
        for (let i = 0; i < N_BLOCKS; i++) {
            bits = bits * 2 + (pixels[Math.floor(((i + 0.5) * width) / N_BLOCKS)] > 125 ? 1 : 0);
        }
        const number = bits >>> 12;
        return bitsOf(number) === bits ? number : null;
    }

    function toBase64(bytes) {
        let text = '';
        for (let i = 0; i < bytes.length; i += 0x8000) {
            text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
        }
        return btoa(text);
    }

    async function keepPicture(frame, number, at) {
        const { width, height } = frame.visibleRect;
        const rect = { x: 0, y: 0, width: width & ~1, height: height & ~1 };
        const pixels = new Uint8Array(frame.allocationSize({ rect }));
        const [luma] = await frame.copyTo(pixels, { rect });
        const rows = new Uint8Array(rect.width * rect.height);
        for (let y = 0; y < rect.height; y++) {
            const from = luma.offset + y * luma.stride;
            rows.set(pixels.subarray(from, from + rect.width), y * rect.width);
        }
        data.pictures.push({ at, number, width: rect.width, height: rect.height, luma: toBase64(rows) });
    }

    let pictureAt = 0;

    async function watchFrames(track) {
        const reader = new MediaStreamTrackProcessor({ track, maxBufferSize: 3 }).readable.getReader();
        for (;;) {
            const { value: frame, done } = await reader.read();
            if (done) return;
            const at = Date.now();
            const number = await numberOf(frame);
            data.frames.push([at, number, frame.visibleRect.width, frame.visibleRect.height]);
            if (number !== null && at - pictureAt >= PICTURE_MS) {
                pictureAt = at;
                await keepPicture(frame, number, at);
            }
            frame.close();
        }
    }

    const watched = new WeakSet();

    function watchNewTracks() {
        for (const track of live().flatMap((pc) => pc.getReceivers()).map((one) => one.track)) {
            if (track.kind !== 'video' || watched.has(track) || track.readyState !== 'live') continue;
            watched.add(track);
            watchFrames(track);
        }
    }

    /** What the own camera shows now: it plays its file at a steady pace. */
    async function lookAtOwn() {
        const track = live().flatMap((pc) => pc.getSenders()).map((one) => one.track)
            .find((one) => one?.kind === 'video' && one.readyState === 'live');
        if (!track) return;
        const reader = new MediaStreamTrackProcessor({ track, maxBufferSize: 1 }).readable.getReader();
        const { value: frame, done } = await reader.read();
        if (done) return;
        const at = Date.now();
        const number = await numberOf(frame);
        frame.close();
        await reader.cancel();
        if (number !== null) data.own.push([at, number]);
    }

    /** The person who takes the call at once, from the page's next load on. */
    function takeCalls() {
        const button = document.querySelector('[data-testid=accept]');
        if (!button || button.disabled) return;
        mark('call taken');
        button.click();
    }
    if (sessionStorage.getItem('netlab.takes-calls')) {
        new MutationObserver(takeCalls).observe(document, { subtree: true, childList: true });
    }

    every(POLL_MS, async () => {
        watchNewTracks();
        await pollKind('audio', AUDIO);
        await pollKind('video', VIDEO);
    });
    every(SLOW_MS, pollOut);
    every(SLOW_MS, lookAtOwn);

    window.netlab = {
        data: () => ({ ...data, names: { audio: AUDIO, video: VIDEO } }),
        connected: () => live().some((pc) => pc.connectionState === 'connected'),
    };
})();
