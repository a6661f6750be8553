// SPDX-License-Identifier: Apache-2.0
// One connection of huyula.v1: hello and resume, sequence numbers, pings, reconnection with growing
// pauses, take-over. Knows no DOM: the page tells it what it notices of the network by check(), retryNow() and
// reconnect().
import { Emitter } from './emitter';
import type { ClientMessage, ServerError, ServerMessage } from './messages';
import type { Events, Options, Place, SocketLike, Status } from './protocol_types';

export type { SocketLike, Status } from './protocol_types';

const SUBPROTOCOL = 'huyula.v1';
const PING_MS = 4000;
/* From a ping to the first word of the server: after that the connection is dead. In round trips, within bounds. */
const PONG = { rtts: 4, least: 4500, most: 10_000 };
/* When something else says already that it may be dead. A lost segment costs TCP a second on a long path. */
const CHECK = { rtts: 5, least: 400, most: 4000 };
/* TCP, TLS and the upgrade are 4 round trips: 4 s on a congested link, and a lost packet costs one or two. After that as
 * long again for the welcome: one that has come so far is not begun anew. */
const OPEN_TIMEOUT_MS = 10_000;
const FIRST_PAUSE_MS = 500;
const LAST_PAUSE_MS = 5000;
const CLOSE_ENDED = 4000;
const CLOSE_REPLACED = 4001;
const OPEN = 1;
/* Errors that end a connection but not the place: try again, slowly. */
const PASSING = new Set(['stopping', 'too-many-messages', 'internal', 'bad-message']);

/** Pause before the n-th reconnection (n from 0): 0.5 s doubling to 5 s, minus up to a quarter. */
export function reconnectPause(n: number, random: number): number {
    const full = Math.min(LAST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** n);
    return Math.round(full * (1 - 0.25 * random));
}

export function socketUrl(host: string): string {
    return `wss://${host}/ws`;
}

function openWebSocket(url: string, subprotocol: string): SocketLike {
    return new WebSocket(url, subprotocol) as unknown as SocketLike;
}

export class ProtocolClient extends Emitter<Events> {
    private socket: SocketLike | null = null;
    private state: Status = 'idle';
    private place: Place | null = null;
    private takeOverNext = false;
    private failures = 0;
    private reconnectTimer: unknown = null;
    private watchTimer: unknown = null;
    /** Runs while a ping waits for anything at all to come. */
    private deadTimer: unknown = null;
    private pings = new Map<number, number>();
    private pingId = 0;
    private rttMs = 0;
    private offsetMs = 0;

    constructor(private readonly options: Options) {
        super();
        if (options.resume) this.place = { resume: options.resume, lastSeq: 0 };
    }

    get status(): Status {
        return this.state;
    }

    /** By which the server knows this page again. */
    get resume(): string | null {
        return this.place?.resume ?? null;
    }

    /** The server's clock now, as far as known. */
    serverNow(): number {
        return this.now() + this.offsetMs;
    }

    start(): void {
        this.failures = 0;
        this.setState('connecting');
        this.connect();
    }

    /** Ends the connection for good and says nothing more. */
    stop(): void {
        this.clearTimers();
        this.drop();
        this.setState('idle');
    }

    /** The network came back or the person asks: do not wait for the pause. */
    retryNow(): void {
        if (this.state === 'open') {
            this.ping();
        } else if (this.state === 'lost' || this.state === 'restarting') {
            this.failures = 0;
            /* One that is being opened is not begun again: on a long path it would never be there. */
            if (this.socket === null) this.connect();
        }
    }

    /** It may be dead (media is silent, the page woke up): if nothing comes soon, another one is opened at once. */
    check(): void {
        if (this.state !== 'open') {
            this.retryNow();
            return;
        }
        this.untimer(this.deadTimer);
        this.deadTimer = null;
        this.ping(CHECK);
    }

    /** The device is in another network: what the connection hung on is gone. */
    reconnect(): void {
        if (this.state === 'open') this.setState('lost');
        if (this.state !== 'lost' && this.state !== 'restarting' && this.state !== 'connecting') return;
        this.failures = 0;
        this.connect();
    }

    /** Answers `occupied` or `replaced`: this page takes the place. */
    takeOver(): void {
        this.takeOverNext = true;
        this.start();
    }

    /** False when there is no connection; nothing is kept for later. */
    send(message: ClientMessage): boolean {
        if (this.state !== 'open' || this.socket?.readyState !== OPEN) return false;
        this.socket.send(JSON.stringify(message));
        return true;
    }

    private now(): number {
        return (this.options.now ?? Date.now)();
    }

    private timer(callback: () => void, ms: number): unknown {
        return (this.options.setTimer ?? setTimeout)(callback, ms);
    }

    private untimer(timer: unknown): void {
        if (timer !== null) (this.options.clearTimer ?? clearTimeout)(timer as never);
    }

    private clearTimers(): void {
        this.untimer(this.reconnectTimer);
        this.untimer(this.watchTimer);
        this.untimer(this.deadTimer);
        this.reconnectTimer = this.watchTimer = this.deadTimer = null;
    }

    private setState(state: Status): void {
        if (state === this.state) return;
        this.state = state;
        this.emit('status', state);
    }

    private drop(): void {
        const socket = this.socket;
        this.socket = null;
        if (!socket) return;
        socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
        socket.close();
    }

    private connect(): void {
        this.clearTimers();
        this.drop();
        const open = this.options.openSocket ?? openWebSocket;
        const socket = open(this.options.url, SUBPROTOCOL);
        this.socket = socket;
        this.pings.clear();
        socket.onopen = () => {
            this.hello(socket);
            this.giveUpLater();
        };
        socket.onmessage = (event) => this.onText(event.data);
        socket.onclose = (event) => this.onClose(event.code);
        this.giveUpLater();
    }

    private giveUpLater(): void {
        this.untimer(this.watchTimer);
        this.watchTimer = this.timer(() => this.onDead(), OPEN_TIMEOUT_MS);
    }

    private hello(socket: SocketLike): void {
        const place = this.place;
        /* What is undefined is left out. */
        socket.send(
            JSON.stringify({
                type: 'hello',
                token: this.options.token,
                lang: this.options.lang(),
                resume: place?.resume,
                last_seq: place?.lastSeq || undefined,
                early: this.options.early?.() || undefined,
                take_over: this.takeOverNext || undefined,
                rtt_ms: this.rttMs || undefined,
            }),
        );
    }

    private onText(data: unknown): void {
        this.untimer(this.deadTimer);
        this.deadTimer = null;
        if (typeof data !== 'string') return;
        const message = JSON.parse(data) as ServerMessage & { seq?: number };
        if (message.seq !== undefined && this.place && message.type !== 'welcome') {
            if (message.seq <= this.place.lastSeq) return;
            this.place = { resume: this.place.resume, lastSeq: message.seq };
        }
        this.onMessage(message);
    }

    private onMessage(message: ServerMessage & { seq?: number }): void {
        switch (message.type) {
            case 'pong':
                this.onPong(message.id, message.server_ms);
                return;
            case 'welcome': {
                const lastSeq = message.resumed ? (this.place?.lastSeq ?? 0) : (message.seq ?? 1);
                this.place = { resume: message.resume, lastSeq };
                this.offsetMs = message.server_ms - this.now();
                this.onWelcome(message.resume);
                break;
            }
            case 'occupied':
                this.finish('occupied');
                break;
            case 'replaced':
                this.finish('replaced');
                break;
            case 'restarting':
                this.setState('restarting');
                break;
            case 'error':
                if (message.fatal) this.onFatal(message);
                break;
            default:
                break;
        }
        this.emit('message', message);
        if (message.type === 'ended') this.finish('ended');
    }

    private onWelcome(resume: string): void {
        this.failures = 0;
        this.takeOverNext = false;
        this.options.onResume?.(resume);
        this.setState('open');
        this.untimer(this.watchTimer);
        this.ping();
    }

    private onFatal(error: ServerError): void {
        if (PASSING.has(error.code)) {
            this.failures = Math.max(this.failures, 3);
            return;
        }
        if (error.code === 'bad-order') this.place = null;
        this.emit('refused', error);
        this.finish('refused');
    }

    /** Over: no reconnection by itself. */
    private finish(state: Status): void {
        this.clearTimers();
        this.drop();
        this.setState(state);
    }

    private onClose(code: number): void {
        this.socket = null;
        this.clearTimers();
        if (code === CLOSE_ENDED) this.setState('ended');
        else if (code === CLOSE_REPLACED) this.setState('replaced');
        else this.reconnectLater();
    }

    private reconnectLater(): void {
        if (this.state !== 'restarting') this.setState('lost');
        const pause = reconnectPause(this.failures, (this.options.random ?? Math.random)());
        this.failures += 1;
        this.reconnectTimer = this.timer(() => this.connect(), pause);
    }

    private onDead(): void {
        const worked = this.state === 'open';
        this.drop();
        this.clearTimers();
        if (worked) this.reconnect();
        else this.reconnectLater();
    }

    private ping(patience = PONG): void {
        this.untimer(this.watchTimer);
        this.watchTimer = this.timer(() => this.ping(), PING_MS);
        if (this.socket?.readyState !== OPEN) return;
        if (this.deadTimer === null) {
            const known = Math.min(patience.most, Math.max(patience.least, patience.rtts * this.rttMs));
            const ms = this.rttMs > 0 ? known : patience.most;
            this.deadTimer = this.timer(() => this.onDead(), ms);
        }
        this.pingId += 1;
        this.pings.set(this.pingId, this.now());
        this.socket.send(JSON.stringify({ type: 'ping', id: this.pingId, rtt_ms: this.rttMs || undefined }));
    }

    private onPong(id: number, serverMs: number): void {
        const sentAt = this.pings.get(id);
        for (const older of [...this.pings.keys()]) if (older <= id) this.pings.delete(older);
        if (sentAt === undefined) return;
        this.rttMs = Math.max(1, Math.round(this.now() - sentAt));
        this.offsetMs = serverMs + this.rttMs / 2 - this.now();
        this.emit('rtt', this.rttMs);
    }
}
