// SPDX-License-Identifier: Apache-2.0
// Keeps a board up to date: told of changes by the socket, it reads the numbers again. While the socket is
// not there it reads them now and then, and says so.
import { api } from '../shared/api';
import { getLang } from '../shared/lang';
import { ProtocolClient, socketUrl } from '../shared/protocol';
import { isoDate } from '../shared/format';
import type { BoardReply } from './board_state';

const COALESCE_MS = 150;
const WITHOUT_SOCKET_MS = 30_000;

export interface BoardState {
    readonly reply: BoardReply | null;
    readonly problem: unknown;
    readonly offline: boolean;
    readonly offsetMs: number;
}

export const NO_BOARD: BoardState = { reply: null, problem: null, offline: false, offsetMs: 0 };

export class BoardFeed {
    private state = NO_BOARD;
    private socket: ProtocolClient | null = null;
    private reading = false;
    private readAgain = false;
    private soon: ReturnType<typeof setTimeout> | null = null;
    private readonly timers: ReturnType<typeof setInterval>[] = [];

    constructor(
        private readonly clinic: string,
        private readonly onState: (state: BoardState) => void,
    ) {}

    start(): void {
        void this.read();
        this.connect();
        this.timers.push(setInterval(() => this.onTimer(), WITHOUT_SOCKET_MS));
    }

    stop(): void {
        this.timers.forEach(clearInterval);
        if (this.soon !== null) clearTimeout(this.soon);
        this.socket?.stop();
    }

    /** Another day has begun, or nobody tells us of changes. */
    private onTimer(): void {
        const { reply, offsetMs, offline } = this.state;
        if (this.socket === null) this.connect();
        if (offline || reply?.date !== isoDate(Date.now() + offsetMs)) void this.read();
    }

    private connect(): void {
        const token = `papan:${this.clinic}`;
        const socket = new ProtocolClient({ url: socketUrl(location.host), token, lang: getLang });
        this.socket = socket;
        socket.on('status', (status) => {
            if (status === 'open') {
                this.set({ offline: false });
                this.poke();
            }
            if (status === 'lost' || status === 'restarting') this.set({ offline: true });
            if (status === 'refused' || status === 'ended') {
                socket.stop();
                this.socket = null;
                this.set({ offline: true });
            }
        });
        socket.on('message', (message) => {
            if (message.type === 'day-changed') this.poke();
        });
        socket.start();
    }

    /** Many changes are one reading. */
    private poke(): void {
        this.soon ??= setTimeout(() => {
            this.soon = null;
            void this.read();
        }, COALESCE_MS);
    }

    private async read(): Promise<void> {
        this.readAgain = this.reading;
        if (this.reading) return;
        this.reading = true;
        try {
            const reply = await api.get<BoardReply>(`/api/v1/board/${this.clinic}`);
            this.set({ reply, problem: null, offsetMs: reply.server_ms - Date.now() });
        } catch (problem) {
            this.set({ problem });
        }
        this.reading = false;
        if (this.readAgain) void this.read();
    }

    private set(change: Partial<BoardState>): void {
        this.state = { ...this.state, ...change };
        this.onState(this.state);
    }
}
