// SPDX-License-Identifier: Apache-2.0
// A small RFC 6455 client that can also do what no browser does: it sends any text, any frame, any
// Origin, and goes away without a word.
import { createHash, randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import tls from 'node:tls';

const ACCEPT_SUFFIX = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'; // RFC 6455, 1.3
const WAIT_MS = 60_000;
export const OPCODE = { CONTINUATION: 0, TEXT: 1, BINARY: 2, CLOSE: 8, PING: 9, PONG: 10 };
const CLOSE_ABNORMAL = 1006;

/** The answer to the handshake was not 101 (`status`, 0: none at all). */
export class HandshakeRefused extends Error {
    constructor(status) {
        super(`the handshake was answered ${status}`);
        this.status = status;
    }
}

export class WsClient extends EventEmitter {
    /** `origin`, `protocol` null: header left out. `from`: the address that it comes from. */
    static async open(server, { origin = null, protocol = 'huyula.v1', from = '127.0.0.1' } = {}) {
        const socket = tls.connect({ host: '127.0.0.1', port: server.port, localAddress: from,
            rejectUnauthorized: false });
        await once(socket, 'secureConnect');
        const client = new WsClient(socket);
        const key = randomBytes(16).toString('base64');
        socket.write([`GET /ws HTTP/1.1`, `Host: 127.0.0.1:${server.port}`, 'Upgrade: websocket',
            'Connection: Upgrade', `Sec-WebSocket-Key: ${key}`, 'Sec-WebSocket-Version: 13',
            ...(protocol ? [`Sec-WebSocket-Protocol: ${protocol}`] : []),
            ...(origin ? [`Origin: ${origin}`] : []), '', ''].join('\r\n'));
        const head = await client.headers;
        const status = Number(head.match(/^HTTP\/1\.1 (\d{3})/)?.[1] ?? 0);
        const accept = createHash('sha1').update(key + ACCEPT_SUFFIX).digest('base64');
        if (status !== 101 || !head.includes(accept)) {
            socket.destroy();
            throw new HandshakeRefused(status);
        }
        return client;
    }

    constructor(socket) {
        super();
        this.socket = socket;
        this.input = Buffer.alloc(0);
        this.parts = [];
        this.messages = []; // received and not asked for yet
        this.lastSeq = 0;
        this.closeCode = null;
        this.isOpen = false;
        this.headers = new Promise((resolve) => (this.gotHeaders = resolve));
        this.closed = new Promise((resolve) => socket.on('close', () => {
            this.gotHeaders('');
            this.closeCode ??= CLOSE_ABNORMAL;
            resolve(this.closeCode);
            this.emit('change');
        }));
        socket.on('data', (bytes) => this.onData(bytes)).on('error', () => undefined);
    }

    onData(bytes) {
        this.input = Buffer.concat([this.input, bytes]);
        if (!this.isOpen) {
            const end = this.input.indexOf('\r\n\r\n');
            if (end < 0) return;
            this.isOpen = true;
            this.gotHeaders(this.input.toString('latin1', 0, end));
            this.input = this.input.subarray(end + 4);
        }
        while (this.takeFrame());
    }

    takeFrame() {
        const input = this.input;
        if (input.length < 2) return false;
        let size = input[1] & 0x7f, from = 2;
        if (size === 126) {
            if (input.length < 4) return false;
            [size, from] = [input.readUInt16BE(2), 4];
        } else if (size === 127) {
            if (input.length < 10) return false;
            [size, from] = [Number(input.readBigUInt64BE(2)), 10];
        }
        if (input.length < from + size) return false;
        this.input = input.subarray(from + size);
        this.onFrame(input[0] & 0x0f, (input[0] & 0x80) !== 0, input.subarray(from, from + size));
        return true;
    }

    onFrame(opcode, isLast, payload) {
        if (opcode === OPCODE.PING) {
            this.sendFrame(OPCODE.PONG, payload);
        } else if (opcode === OPCODE.CLOSE) {
            this.closeCode = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
            this.sendFrame(OPCODE.CLOSE, payload.subarray(0, 2));
            this.socket.end();
        } else if (opcode === OPCODE.TEXT || opcode === OPCODE.CONTINUATION) {
            this.parts.push(payload);
            if (!isLast) return;
            const message = JSON.parse(Buffer.concat(this.parts).toString('utf8'));
            this.parts = [];
            if (message.seq) this.lastSeq = message.seq;
            this.messages.push(message);
            this.emit('change');
        }
    }

    sendFrame(opcode, payload, isLast = true) {
        const size = payload.length;
        const head = Buffer.alloc(size < 126 ? 2 : size < 65536 ? 4 : 10);
        head[0] = (isLast ? 0x80 : 0) | opcode;
        head[1] = 0x80 | (size < 126 ? size : size < 65536 ? 126 : 127);
        if (head.length === 4) head.writeUInt16BE(size, 2);
        if (head.length === 10) head.writeBigUInt64BE(BigInt(size), 2);
        const mask = randomBytes(4);
        const masked = Buffer.from(payload);
        for (let i = 0; i < size; i++) masked[i] ^= mask[i % 4];
        if (this.socket.writable) this.socket.write(Buffer.concat([head, mask, masked]));
    }

    sendText(text) {
        this.sendFrame(OPCODE.TEXT, Buffer.from(text));
    }

    send(message) {
        this.sendText(JSON.stringify(message));
    }

    /** The first message of `type` (of which `fits` holds); what came before it stays to be asked for. */
    async next(type, fits = () => true) {
        const deadline = AbortSignal.timeout(WAIT_MS);
        for (;;) {
            const at = this.messages.findIndex((one) => one.type === type && fits(one));
            if (at >= 0) return this.messages.splice(at, 1)[0];
            if (this.closeCode !== null) throw new Error(`closed by ${this.closeCode} before ${type}`);
            await once(this, 'change', { signal: deadline }).catch(() => {
                const seen = this.messages.map((one) => one.type).join(' ');
                throw new Error(`no ${type} came, but: ${seen}`);
            });
        }
    }

    /** Says hello; the answer is `welcome`. */
    hello(token, more = {}) {
        this.send({ type: 'hello', token, ...more });
        return this.next('welcome');
    }

    /** The connection breaks, as when the network is gone. */
    async drop() {
        this.socket.destroy();
        await this.closed;
    }
}
