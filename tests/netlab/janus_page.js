// SPDX-License-Identifier: Apache-2.0
// A small page for Janus's videoroom by its WebSocket API, written for this lab: one connection that
// publishes, one that plays the other party. window.janusCall: prepare() opens the devices, join() the rest.
(() => {
    const ROOM = 1;
    const KEEP_ALIVE_MS = 25_000;
    const waiting = new Map();
    const handles = new Map();
    let socket = null;
    let session = null;
    let media = null;
    let privateId = null;
    let played = null;

    function send(message, handle) {
        const transaction = Math.random().toString(36).slice(2);
        const ids = { ...(session ? { session_id: session } : {}), ...(handle ? { handle_id: handle } : {}) };
        socket.send(JSON.stringify({ ...message, ...ids, transaction }));
        return new Promise((resolve, reject) => waiting.set(transaction, { resolve, reject }));
    }

    /** A request to the plug-in; resolves with its event, not with the receipt. */
    const ask = (handle, body, jsep) => send({ janus: 'message', body, ...(jsep ? { jsep } : {}) }, handle);

    function onMessage(event) {
        const message = JSON.parse(event.data);
        const waiter = waiting.get(message.transaction);
        if (waiter && message.janus !== 'ack') {
            waiting.delete(message.transaction);
            const fault = message.error ?? message.plugindata?.data.error;
            if (fault) waiter.reject(new Error(JSON.stringify(fault)));
            else waiter.resolve(message);
        } else if (message.janus === 'event') {
            handles.get(message.sender)?.(message);
        }
    }

    function connect(url) {
        socket = new WebSocket(url, 'janus-protocol');
        socket.onmessage = onMessage;
        return new Promise((resolve, reject) => {
            socket.onopen = resolve;
            socket.onerror = () => reject(new Error('no socket to Janus'));
        });
    }

    const attach = async () => (await send({ janus: 'attach', plugin: 'janus.plugin.videoroom' })).data.id;

    function trickle(pc, handle) {
        pc.onicecandidate = ({ candidate }) => {
            const what = candidate ? candidate.toJSON() : { completed: true };
            send({ janus: 'trickle', candidate: what }, handle).catch((error) => console.error(error));
        };
    }

    async function publish(handle) {
        const pc = new RTCPeerConnection();
        trickle(pc, handle);
        for (const track of media.getTracks()) pc.addTrack(track, media);
        await pc.setLocalDescription();
        const reply = await ask(handle, { request: 'configure', audio: true, video: true }, pc.localDescription);
        await pc.setRemoteDescription(reply.jsep);
    }

    function show(stream) {
        document.querySelector('video').srcObject = stream; // it plays by itself
    }

    async function play(feed) {
        if (played === feed) return;
        played = feed;
        const handle = await attach();
        const pc = new RTCPeerConnection();
        trickle(pc, handle);
        pc.ontrack = ({ streams }) => show(streams[0]);
        const body = { request: 'join', ptype: 'subscriber', room: ROOM, streams: [{ feed }], private_id: privateId };
        const offer = await ask(handle, body);
        await pc.setRemoteDescription(offer.jsep);
        await pc.setLocalDescription();
        await ask(handle, { request: 'start', room: ROOM }, pc.localDescription);
    }

    const playFirst = (publishers) => (publishers?.length ? play(publishers[0].id) : undefined);

    async function join(url) {
        await connect(url);
        session = (await send({ janus: 'create' })).data.id;
        setInterval(() => send({ janus: 'keepalive' }), KEEP_ALIVE_MS);
        const handle = await attach();
        handles.set(handle, ({ plugindata }) => playFirst(plugindata?.data.publishers));
        const joined = await ask(handle, { request: 'join', ptype: 'publisher', room: ROOM });
        privateId = joined.plugindata.data.private_id;
        await Promise.all([publish(handle), playFirst(joined.plugindata.data.publishers)]);
    }

    async function prepare() {
        media = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
    }

    window.janusCall = { prepare, join };
})();
