// SPDX-License-Identifier: Apache-2.0
// The host's way into a group's room: the devices, the token of the own day, shared/visit_session. A reload
// in this tab comes back to it.
import { api, ApiProblem, NetworkError } from '../shared/api';
import { webrtcMissing } from '../shared/devices';
import type { ClientMessage } from '../shared/messages';
import { VisitSession, type SessionView } from '../shared/visit_session';

export interface RoomView {
    readonly preparing: boolean;
    readonly unsupported: boolean;
    /** null until the token is there. */
    readonly session: SessionView | null;
    /** Why the room could not be opened; null when it could. */
    readonly failure: ApiProblem | NetworkError | null;
}

const PLACE = 'huyula.group.place.';
const ACTIVE = 'huyula.group.active.';

/** True when this tab was in the room before it was loaded again. */
export function wasInRoom(groupId: string): boolean {
    return sessionStorage.getItem(ACTIVE + groupId) !== null;
}

export class GroupSession {
    private session: VisitSession | null = null;
    private view: RoomView = { preparing: true, unsupported: false, session: null, failure: null };
    private closed = false;

    constructor(private readonly groupId: string, private readonly onView: (view: RoomView) => void) {}

    /** For browser tests and diagnosis. */
    get connection(): RTCPeerConnection | null {
        return this.session?.call.connection ?? null;
    }

    get ownPicture(): MediaStreamTrack | null {
        return this.session?.devices.sent('video') ?? null;
    }

    async start(): Promise<void> {
        if (webrtcMissing()) {
            this.set({ preparing: false, unsupported: true });
            return;
        }
        sessionStorage.setItem(ACTIVE + this.groupId, '1');
        await this.join();
    }

    retry(): void {
        if (this.view.failure === null && this.session?.protocol.status !== 'refused') {
            this.session?.protocol.retryNow();
            return;
        }
        this.session?.dispose();
        this.session = null;
        void this.join();
    }

    say(message: ClientMessage): void {
        this.session?.protocol.send(message);
    }

    async setOn(kind: 'audio' | 'video', on: boolean): Promise<void> {
        const devices = this.session?.devices;
        await (kind === 'audio' ? devices?.setAudio(on) : devices?.setVideo(on));
    }

    async switchCamera(): Promise<void> {
        await this.session?.devices.switchCamera();
    }

    /** This page takes the place: the devices, let go meanwhile, come back first. */
    async takeOver(): Promise<void> {
        const session = this.session;
        if (!session) return;
        await session.devices.request();
        if (this.closed) return;
        session.enterCall();
        session.takeOver();
    }

    /** Goes; the group goes on. */
    leave(): void {
        this.session?.leaveCall();
        this.forget();
        this.close();
    }

    close(): void {
        this.closed = true;
        this.session?.dispose();
    }

    private forget(): void {
        for (const key of [PLACE, ACTIVE]) sessionStorage.removeItem(key + this.groupId);
    }

    private set(change: Partial<RoomView>): void {
        this.view = { ...this.view, ...change };
        if (!this.closed) this.onView(this.view);
    }

    private async join(): Promise<void> {
        this.set({ failure: null, preparing: true });
        try {
            const { token } = await api.post<{ token: string }>('/api/v1/day/watch');
            if (!this.closed) await this.open(`grup:${this.groupId}:${token}`);
        } catch (failure) {
            if (!(failure instanceof ApiProblem || failure instanceof NetworkError)) throw failure;
            this.set({ failure, preparing: false });
        }
    }

    private async open(token: string): Promise<void> {
        const session = new VisitSession({ token, placeKey: PLACE + this.groupId });
        this.session = session;
        session.on('change', (view) => this.set({ session: view }));
        session.protocol.on('status', (status) => {
            /* No lamp of a camera stays lit for a room that is over or elsewhere. */
            if (status === 'ended' || status === 'occupied' || status === 'replaced') session.devices.release();
            if (status === 'ended') this.forget();
        });
        await session.devices.request();
        if (this.closed) return;
        session.enterCall();
        this.set({ preparing: false, session: session.view });
        session.start();
    }
}
