// SPDX-License-Identifier: Apache-2.0
// A page's first offer, by HTTP: the connections that the page was loaded over are open already, while a
// socket needs four round trips to its first word (protocol.md, "Before the socket"). Knows no DOM.
import { api, newIdempotencyKey } from './api';

type Post = (body: { key: string; sdp: string; hold: boolean }) => Promise<{ sdp: string }>;

export class EarlyOffer {
    /** By it the page's `hello` takes what the offer opened. */
    readonly key = newIdempotencyKey();
    private sent = false;
    private settled = false;

    constructor(
        private readonly onAnswer: (id: number, sdp: string) => void,
        private readonly onFailed: (id: number) => void,
        private readonly post: Post,
    ) {}

    get canOffer(): boolean {
        return !this.sent;
    }

    /** Sent and neither answered nor refused. */
    get isUnderWay(): boolean {
        return this.sent && !this.settled;
    }

    send(id: number, sdp: string, hold: boolean): boolean {
        if (this.sent) return false;
        this.sent = true;
        this.post({ key: this.key, sdp, hold }).then(
            (answer) => {
                this.settled = true;
                this.onAnswer(id, answer.sdp);
            },
            () => {
                this.settled = true;
                this.onFailed(id);
            },
        );
        return true;
    }
}

export function postOffer(token: string): Post {
    return (body) => api.post('/api/v1/join/offer', body, { bearer: token });
}
