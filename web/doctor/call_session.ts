// SPDX-License-Identifier: Apache-2.0
// One call of the doctor: asks for the devices, fetches the join token, runs shared/visit_session and
// calls the patient. A reload in this tab comes back to the same call.
import { api, ApiProblem, NetworkError } from '../shared/api';
import { webrtcMissing } from '../shared/devices';
import type { Outcome } from '../shared/messages';
import { ScreenShare } from '../shared/screen_share';
import { VisitSession, type SessionView } from '../shared/visit_session';
import { phaseOf } from '../shared/visit_state';
import { bothConnected, patientOf } from './call_state';

export interface CallView {
    readonly visitId: string;
    readonly preparing: boolean;
    /** The browser knows no WebRTC. */
    readonly unsupported: boolean;
    /** null until the join token is there. */
    readonly session: SessionView | null;
    /** Why the call could not be opened; null when it could. */
    readonly failure: ApiProblem | NetworkError | null;
    /** When both sides were first connected (local clock). */
    readonly talkingSinceMs: number | null;
    /** The patient has been in the call at least once. */
    readonly cameIn: boolean;
}

const PLACE = 'huyula.doctor.place.';
const ACTIVE = 'huyula.doctor.active.';
const SINCE = 'huyula.doctor.since.';
const CAME = 'huyula.doctor.came.';

/** True when this tab was in the visit's call before it was loaded again. */
export function wasInCall(visitId: string): boolean {
    return sessionStorage.getItem(ACTIVE + visitId) !== null;
}

function forget(visitId: string): void {
    for (const key of [PLACE, ACTIVE, SINCE, CAME]) sessionStorage.removeItem(key + visitId);
}

export class CallSession {
    private session: VisitSession | null = null;
    private view: CallView;
    private closed = false;

    constructor(
        private readonly visitId: string,
        private callWanted: boolean,
        private readonly onView: (view: CallView) => void,
    ) {
        const since = Number(sessionStorage.getItem(SINCE + visitId)) || null;
        this.view = {
            visitId,
            preparing: true,
            unsupported: false,
            session: null,
            failure: null,
            talkingSinceMs: since,
            cameIn: sessionStorage.getItem(CAME + visitId) !== null,
        };
    }

    get current(): CallView {
        return this.view;
    }

    /** For browser tests and diagnosis. */
    get connection(): RTCPeerConnection | null {
        return this.session?.call.connection ?? null;
    }

    /** The picture that is sent now. */
    get ownPicture(): MediaStreamTrack | null {
        return this.session?.screen?.track ?? this.session?.devices.sent('video') ?? null;
    }

    async start(): Promise<void> {
        if (webrtcMissing()) {
            this.set({ preparing: false, unsupported: true });
            return;
        }
        sessionStorage.setItem(ACTIVE + this.visitId, '1');
        await this.join();
    }

    /** The call could not be opened, or mending takes long: once more. */
    retry(): void {
        if (this.view.failure) void this.join();
        else if (this.session?.protocol.status === 'refused') void this.joinAnew();
        else this.session?.protocol.retryNow();
    }

    callAgain(): void {
        this.session?.callPatient();
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

    /** False when the server was not reached: the page says so and keeps the choice. */
    end(outcome: Outcome): boolean {
        return this.session?.end(outcome) ?? false;
    }

    /** Goes without ending the visit. */
    leave(): void {
        this.session?.leaveCall();
        forget(this.visitId);
        this.close();
    }

    async askDevicesAgain(): Promise<void> {
        await this.session?.devices.request();
    }

    async setOn(kind: 'audio' | 'video', on: boolean): Promise<void> {
        const devices = this.session?.devices;
        await (kind === 'audio' ? devices?.setAudio(on) : devices?.setVideo(on));
    }

    async shareScreen(on: boolean): Promise<void> {
        if (on) await this.session?.screen?.start();
        else this.session?.screen?.stop();
    }

    /** PERSON's picture is the large one; null: the patient's. */
    pin(person: string | null): void {
        this.session?.pin(person);
    }

    async switchCamera(): Promise<void> {
        await this.session?.devices.switchCamera();
    }

    close(): void {
        this.closed = true;
        this.session?.dispose();
    }

    private set(change: Partial<CallView>): void {
        this.view = { ...this.view, ...change };
        if (!this.closed) this.onView(this.view);
    }

    private async joinAnew(): Promise<void> {
        this.session?.dispose();
        this.session = null;
        await this.join();
    }

    private async join(): Promise<void> {
        this.set({ failure: null, preparing: true });
        try {
            const path = `/api/v1/visits/${this.visitId}/join`;
            const { token } = await api.post<{ token: string }>(path);
            if (!this.closed) await this.open(token);
        } catch (failure) {
            if (!(failure instanceof ApiProblem || failure instanceof NetworkError)) throw failure;
            this.set({ failure, preparing: false });
        }
    }

    /** The devices first: the patient's phone rings when the doctor can be seen and heard. */
    private async open(token: string): Promise<void> {
        const session = new VisitSession({ token, placeKey: PLACE + this.visitId, screen: new ScreenShare() });
        this.session = session;
        session.on('change', (view) => this.onSession(view));
        session.protocol.on('status', (status) => {
            /* No lamp of a camera stays lit for a call that is over or elsewhere. */
            if (status === 'ended' || status === 'occupied' || status === 'replaced') {
                session.devices.release();
            }
        });
        session.protocol.on('message', (message) => {
            if (message.type === 'welcome') this.onWelcome(message.visit?.state ?? '');
        });
        await session.devices.request();
        if (this.closed) return;
        session.enterCall();
        this.set({ preparing: false, session: session.view });
        session.start();
    }

    private onWelcome(state: string): void {
        const phase = phaseOf(state);
        if (this.callWanted && (phase === 'waiting' || phase === 'called')) this.callAgain();
        this.callWanted = false;
    }

    private onSession(session: SessionView): void {
        const { visit, call } = session;
        let since = this.view.talkingSinceMs;
        if (since === null && bothConnected(visit, call)) {
            since = Date.now();
            sessionStorage.setItem(SINCE + this.visitId, String(since));
        }
        const cameIn = this.view.cameIn || patientOf(visit)?.in_call === true;
        if (cameIn && !this.view.cameIn) sessionStorage.setItem(CAME + this.visitId, '1');
        if (visit.ended || visit.status === 'ended') forget(this.visitId);
        this.set({ session, talkingSinceMs: since, cameIn });
    }
}
