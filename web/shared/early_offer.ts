// SPDX-License-Identifier: Apache-2.0
// A page's first offer, by HTTP, and that its person takes the call: the connections that the page was loaded over
// are open already, while a socket needs four round trips to its first word (protocol.md, "Before the socket"). Knows
// no DOM.
import { api, newIdempotencyKey } from './api';

/** How both are said; PATH is a part of the route. */
type Post = (path: 'offer' | 'accept', body: object) => Promise<{ sdp: string }>;

export class EarlyOffer {
    /** By it the page's `hello` takes what the offer opened. */
    readonly key = newIdempotencyKey();
    private sent = false;
    private answered = false;
    private settled = false;
    private accepted = false;
    private resume: string | null = null;

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
        this.post('offer', { key: this.key, sdp, hold }).then(
            (answer) => {
                this.settled = this.answered = true;
                this.onAnswer(id, answer.sdp);
                this.tellAccepted();
            },
            () => {
                this.settled = true;
                this.onFailed(id);
            },
        );
        return true;
    }

    /** The person takes the call. The server is told once it knows the offer; if that fails, the socket says it. */
    accept(resume: string | null): void {
        if (this.accepted) return;
        this.accepted = true;
        this.resume = resume;
        this.tellAccepted();
    }

    private tellAccepted(): void {
        if (!this.accepted || !this.answered) return;
        const { key, resume } = this;
        this.post('accept', resume ? { key, resume } : { key }).catch(() => undefined);
    }
}

export function postEarly(token: string): Post {
    return (path, body) => api.post(`/api/v1/join/${path}`, body, { bearer: token });
}
