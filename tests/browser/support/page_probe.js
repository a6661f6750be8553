// SPDX-License-Identifier: Apache-2.0
// Runs in the page before its own scripts: keeps hold of its peer connections, hears the pitch and
// reads the coded pictures of the other side. Everything under window.probe. No modules here.
(() => {
    const GRID = { columns: 6, rows: 4 };
    const connections = [];
    const Native = window.RTCPeerConnection;
    if (Native) {
        window.RTCPeerConnection = class extends Native {
            constructor(...args) {
                super(...args);
                connections.push(this);
            }
        };
    }

    const live = () => connections.filter((one) => one.signalingState !== 'closed').pop() ?? null;

    /* The other side's sound. */

    const FROM_HZ = 100;
    const TO_HZ = 2000;
    let ear = null;

    function otherTracks() {
        const receivers = live()?.getReceivers() ?? [];
        return receivers.map((one) => one.track).filter((one) => one.kind === 'audio' && !one.muted);
    }

    function listen() {
        const tracks = otherTracks();
        const key = tracks.map((track) => track.id).join();
        if (tracks.length === 0) return;
        /* Chromium leaves an ear deaf that was there before the track's first element: a new one. */
        const deaf = ear !== null && Date.now() - ear.heardAt > 3000;
        if (ear?.key === key && !deaf) return;
        ear?.close();
        ear = navigator.userAgent.includes('Firefox') ? recordingEar(tracks) : analysingEar(tracks);
        ear.key = key;
        ear.heardAt = Date.now();
    }

    function analysingEar(tracks) {
        const context = new AudioContext();
        const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
        /* A source takes but one of a stream's tracks. */
        for (const track of tracks) context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
        const bins = new Float32Array(analyser.frequencyBinCount);
        const binHz = context.sampleRate / analyser.fftSize;
        const now = () => {
            if (context.state === 'suspended') context.resume();
            analyser.getFloatFrequencyData(bins);
            let best = Math.ceil(FROM_HZ / binHz);
            for (let i = best; i < TO_HZ / binHz; i++) if (bins[i] > bins[best]) best = i;
            return bins[best] > -70 ? best * binHz : null;
        };
        return { now, close: () => context.close() };
    }

    /* Firefox runs no AudioContext on a machine without a sound device: it records and decodes. */
    function recordingEar(tracks) {
        let heard = { hz: null, at: 0 };
        let closed = false;
        const stream = new MediaStream(tracks);
        const record = () => {
            if (closed) return;
            const recorder = new MediaRecorder(stream);
            recorder.ondataavailable = async ({ data }) => {
                const decoder = new OfflineAudioContext(1, 48_000, 48_000);
                const sound = await decoder.decodeAudioData(await data.arrayBuffer());
                heard = { hz: strongest(sound.getChannelData(0), 48_000), at: Date.now() };
            };
            recorder.onstop = record;
            recorder.start();
            setTimeout(() => recorder.state === 'recording' && recorder.stop(), 500);
        };
        record();
        return {
            now: () => (Date.now() - heard.at < 1500 ? heard.hz : null),
            close: () => (closed = true),
        };
    }

    /** The loudest pitch of some samples to 5 Hz, by Goertzel's filter; null in silence. */
    function strongest(samples, rate) {
        let best = { hz: null, power: 1e-3 };
        for (let hz = FROM_HZ; hz < TO_HZ; hz += 5) {
            const turn = 2 * Math.cos((2 * Math.PI * hz) / rate);
            let [a, b] = [0, 0];
            for (const sample of samples) [a, b] = [sample + turn * a - b, a];
            const power = (a * a + b * b - turn * a * b) / (samples.length * samples.length);
            if (power > best.power) best = { hz, power };
        }
        return best.hz;
    }

    /** The loudest pitch now in Hz; null when it is silent. */
    function pitch() {
        listen();
        const hz = ear?.now() ?? null;
        if (hz !== null) ear.heardAt = Date.now();
        return hz;
    }

    /* The other side's picture. */

    const canvas = document.createElement('canvas');
    canvas.width = GRID.columns * 8;
    canvas.height = GRID.rows * 8;
    const pen = canvas.getContext('2d', { willReadFrequently: true });

    /** {number, party} of the picture shown now; null when there is none or it is not ours. */
    function picture() {
        const video = document.querySelector('video[data-testid=remote-video]');
        if (!video || video.readyState < 2 || video.videoWidth === 0) return null;
        pen.drawImage(video, 0, 0, canvas.width, canvas.height);
        const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
        let bits = 0;
        for (let row = 0; row < GRID.rows; row++) {
            for (let column = 0; column < GRID.columns; column++) {
                const at = ((row * 8 + 4) * canvas.width + column * 8 + 4) * 4;
                bits = bits * 2 + (data[at + 1] > 127 ? 1 : 0);
            }
        }
        const number = bits >>> 16;
        const party = (bits >>> 12) & 15;
        const checksum = ((number * 16 + party) * 2654435761) >>> 20;
        return checksum === (bits & 0xfff) ? { number, party } : null;
    }

    /* Watching over time. */

    let seen = null;

    function look() {
        const heard = pitch();
        if (heard !== null) seen.pitches.push(Math.round(heard));
        const shown = picture();
        if (!shown) return;
        const rise = seen.last === null ? 0 : (shown.number - seen.last + 256) % 256;
        seen.last = shown.number;
        seen.parties[shown.party] = (seen.parties[shown.party] ?? 0) + 1;
        if (rise === 0) return;
        if (rise < 128) {
            seen.rises += 1;
            seen.risen += rise;
        } else {
            seen.falls += 1;
        }
    }

    function watch() {
        if (seen?.timer) clearInterval(seen.timer);
        seen = { pitches: [], parties: {}, last: null, rises: 0, risen: 0, falls: 0, sinceMs: Date.now() };
        seen.timer = setInterval(look, 50);
    }

    /** What was seen and heard since watch(): share of the looks at which `hz` was the loudest. */
    function report(hz) {
        const near = seen.pitches.filter((one) => Math.abs(one - hz) <= 15).length;
        const { parties, rises, risen, falls, sinceMs } = seen;
        return {
            ms: Date.now() - sinceMs, heard: seen.pitches.length, near, parties, rises, risen, falls,
            others: seen.pitches.filter((one) => Math.abs(one - hz) > 15).slice(0, 20),
        };
    }

    /* The pages' content security policy forbids Playwright's own waiting on a function. */
    function until(check, timeoutMs) {
        return new Promise((resolve) => {
            const deadline = Date.now() + timeoutMs;
            const timer = setInterval(() => {
                const done = check();
                if (!done && Date.now() < deadline) return;
                clearInterval(timer);
                resolve(Boolean(done));
            }, 100);
        });
    }

    /** True as soon as the other's tone and moving picture were both there within two seconds. */
    function untilMedia({ hz, party }, timeoutMs) {
        let heardAt = 0;
        let seenAt = 0;
        let number = picture()?.number;
        return until(() => {
            const now = Date.now();
            const heard = pitch();
            if (heard !== null && Math.abs(heard - hz) <= 15) heardAt = now;
            const shown = picture();
            if (shown?.party === party && shown.number !== number) seenAt = now;
            number = shown?.number ?? number;
            return now - heardAt < 2000 && now - seenAt < 2000;
        }, timeoutMs);
    }

    async function watchFor(ms, hz) {
        watch();
        await until(() => Date.now() - seen.sinceMs >= ms, ms + 30_000);
        return report(hz);
    }

    /* When media flowed, and over which path. */

    const flows = {};

    async function measureFlows() {
        const pc = live();
        const at = Date.now();
        for (const row of pc ? (await pc.getStats()).values() : []) {
            const sent = row.type === 'outbound-rtp';
            if (!sent && row.type !== 'inbound-rtp') continue;
            /* Payload: Chromium sends padding on a video that is not switched on yet. */
            const n = sent ? row.bytesSent : row.bytesReceived;
            const key = `${row.kind}_${sent ? 'in' : 'out'}`;
            const flow = (flows[key] ??= { n: 0, firstMs: null, lastMs: null });
            if (n <= flow.n) continue;
            flow.n = n;
            flow.firstMs ??= at;
            flow.lastMs = at;
        }
    }
    setInterval(measureFlows, 100);

    /** The selected pair: {address, port, protocol} of the remote candidate, {local} the other's protocol. */
    async function path() {
        const stats = await live().getStats();
        const transport = [...stats.values()].find((row) => row.type === 'transport');
        const chosen = [...stats.values()].find((row) =>
            row.type === 'candidate-pair' &&
            (transport ? row.id === transport.selectedCandidatePairId : row.selected));
        const remote = chosen && stats.get(chosen.remoteCandidateId);
        if (!remote) return null;
        const local = stats.get(chosen.localCandidateId)?.protocol;
        return { address: remote.address, port: remote.port, protocol: remote.protocol, local };
    }

    /** True as soon as media goes over `protocol`. */
    async function untilPath(protocol, timeoutMs) {
        let now = null;
        const timer = setInterval(async () => (now = await path()), 100);
        const done = await until(() => now?.protocol === protocol, timeoutMs);
        clearInterval(timer);
        return done;
    }

    window.probe = {
        connections, live, pitch, picture, until, untilMedia, watchFor, flows, path, untilPath,
    };
})();
