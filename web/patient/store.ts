// SPDX-License-Identifier: Apache-2.0
// The patient's page as an object: what it knows (Model), what the person may do. Loading the page again
// or losing the network comes back to the same place: the stage of this tab is in sessionStorage.
import { api, ApiProblem, NetworkError } from '../shared/api';
import type { JoinReply } from '../shared/api_types';
import { Emitter } from '../shared/emitter';
import { getLang } from '../shared/lang';
import { ProtocolClient, socketUrl } from '../shared/protocol';
import { VisitSession } from '../shared/visit_session';
import { phaseOf, type Phase } from '../shared/visit_state';
import { failureText } from '../shared/words';
import { Ringer } from './ringer';
import { guestOf, screenOf, serverNow, type Model, type Screen } from './screen';
import { takeToken } from './token';
import { WakeLock } from './wake_lock';

const STAGE_KEY = 'huyula.patient.stage';
const PLACE_KEY = 'huyula.patient.place';
const SINCE_KEY = 'huyula.patient.since';
const TICK_MS = 1000;
const AGAIN_MS = 5000;

type Stage = 'new' | 'ready' | 'call';

function isToday(screen: Screen): boolean {
    return screen.name === 'held' && screen.isToday;
}

export class PatientStore extends Emitter<{ change: Model }> {
    session: VisitSession | null = null;
    /** Tells of changes while the visit's own socket is not there. */
    news: ProtocolClient | null = null;
    private model: Model;
    private stage: Stage;
    /** Which load() is the last. */
    private asked = 0;
    private shown: Screen['name'] = 'loading';
    private readonly ringer = new Ringer();
    private readonly wakeLock = new WakeLock();
    /** When both could first talk (local clock), for the time shown in the call. */
    private talkingSinceMs: number | null = null;
    talkedMs = 0;
    rttMs = 0;

    constructor() {
        super();
        const place = takeToken();
        if (place.isNew) {
            sessionStorage.removeItem(STAGE_KEY);
            sessionStorage.removeItem(PLACE_KEY);
            sessionStorage.removeItem(SINCE_KEY);
        }
        this.talkingSinceMs = Number(sessionStorage.getItem(SINCE_KEY)) || null;
        this.stage = (sessionStorage.getItem(STAGE_KEY) as Stage | null) ?? 'new';
        this.model = {
            token: place.token, join: { kind: 'loading' }, ready: false, accepted: this.stage === 'call',
            left: false, cancelledByMe: false, session: null, nowMs: Date.now(),
        };
        setInterval(() => this.tick(), TICK_MS);
    }

    get current(): Model {
        return this.model;
    }

    get screen(): Screen {
        return screenOf(this.model);
    }

    /** The phone rings, or the call is taken. */
    get isCalled(): boolean {
        return this.screen.name === 'called' || this.screen.name === 'call';
    }

    private join(token: string): Promise<JoinReply> {
        return api.get<JoinReply>('/api/v1/join', { bearer: token });
    }

    /** The visit that the link leads to by now: after a move another one than this page's. */
    async visitOfNow(): Promise<JoinReply['visit'] | null> {
        const { visit } = await this.join(this.model.token ?? '');
        return visit.state === 'rescheduled' ? null : visit;
    }

    /** `again`: what is shown stays until something else is known. */
    async load(again?: boolean): Promise<void> {
        const token = this.model.token;
        if (!token) return;
        if (!again) this.set({ join: { kind: 'loading' } });
        const asked = ++this.asked;
        try {
            const { visit, guest, server_ms } = await this.join(token);
            if (asked !== this.asked) return;
            this.set({ join: { kind: 'ok', visit, guest, offsetMs: server_ms - Date.now() } });
            await this.prepare(token);
            this.followNews(true);
        } catch (error) {
            const type = error instanceof ApiProblem ? error.type : 'network';
            if (!(error instanceof ApiProblem || error instanceof NetworkError)) throw error;
            if (asked !== this.asked) return;
            if (again && !(error instanceof ApiProblem && error.status < 429)) {
                /* What is shown may be old, a page of faults helps nobody. */
                setTimeout(() => void this.load(true), AGAIN_MS * (1 + Math.random()));
                return;
            }
            this.set({ join: { kind: 'failed', type, text: failureText(error) } });
        }
    }

    /** The session exists from the device check on; its socket opens when the check is done. Without video there is
     * nothing to check, and the socket opens on the visit's day. */
    private async prepare(token: string): Promise<void> {
        const { screen } = this;
        if (this.session || (screen.name !== 'check' && !isToday(screen))) return;
        const session = new VisitSession({ token, placeKey: PLACE_KEY, prepares: !guestOf(this.model) });
        this.session = session;
        session.on('change', (view) => this.set({ session: view }));
        session.devices.on('track', ({ track }) => {
            if (track && this.shown === 'held') session.devices.release(); // asked for before
        });
        session.protocol.on('rtt', (rtt) => {
            this.rttMs = rtt;
        });
        session.protocol.on('message', (message) => {
            if (message.type === 'welcome' || message.type === 'visit') this.followVisit();
        });
        if (screen.name === 'held') session.start();
        this.set({ session: session.view });
        if (screen.name === 'held' || this.stage === 'new') return;
        await session.devices.request();
        this.enterWaitingRoom();
    }

    async askDevices(): Promise<void> {
        this.ringer.unlock();
        await this.session?.devices.request();
    }

    /** The device check is done, with or without devices. */
    enterWaitingRoom(): void {
        const session = this.session;
        if (!session) return;
        this.ringer.unlock();
        session.devices.skip();
        if (this.stage === 'new') this.setStage('ready');
        this.set({ ready: true });
        const phase = this.model.join.kind === 'ok' ? phaseOf(this.model.join.visit.state) : 'before';
        const rings = phase === 'called' && !guestOf(this.model);
        if (session.protocol.status === 'open') this.followVisit();
        else session.start(rings);
        if (rings && this.model.accepted) this.accept();
    }

    /** Only a visit by video waits and rings, and nobody waits before the devices are checked. */
    private followVisit(): void {
        const session = this.session;
        const visit = session?.view.visit.visit;
        const phase = phaseOf(visit?.state ?? '');
        if (!session || !this.model.ready || visit?.way !== 'video') return;
        if (guestOf(this.model)) {
            this.followAsGuest(session, phase);
            return;
        }
        if (phase === 'before') session.ready();
        if (phase === 'waiting') {
            this.setStage('ready');
            this.set({ accepted: false, left: false });
        }
        const takes = phase === 'called' && this.model.accepted && !this.model.left;
        if (takes) session.accept();
        if (phase === 'call' && !this.model.left && !session.inCall) this.accept();
        if (takes && !session.inCall) this.enterCall();
    }

    private followAsGuest(session: VisitSession, phase: Phase): void {
        const open = phase === 'called' || phase === 'call';
        if (open && !this.model.left && !session.inCall) this.enterCall();
    }

    accept(): void {
        this.ringer.unlock();
        this.set({ accepted: true, left: false });
        if (!guestOf(this.model)) this.session?.accept();
        this.enterCall();
    }

    notReady(): void {
        this.session?.notReady();
    }

    private enterCall(): void {
        this.setStage('call');
        this.session?.enterCall();
        void this.session?.devices.wake();
    }

    hangUp(): void {
        this.setStage('ready');
        this.set({ left: true });
        this.session?.leaveCall();
        this.session?.devices.rest();
    }

    enterAgain(): void {
        this.accept();
    }

    takeOver(): void {
        /* `replaced` has let the devices go. */
        void this.session?.devices.wake(['audio']);
        this.session?.takeOver();
        if (this.model.accepted) this.enterCall();
    }

    /** Cancels the visit; throws what api.post() throws. */
    async leaveQueue(): Promise<void> {
        const token = this.model.token;
        if (!token) return;
        await api.post('/api/v1/join/cancel', undefined, { bearer: token });
        this.set({ cancelledByMe: true });
    }

    retry(): void {
        if (this.session && (this.model.ready || this.screen.name === 'held')) this.session.protocol.retryNow();
        else void this.load();
    }

    private setStage(stage: Stage): void {
        this.stage = stage;
        sessionStorage.setItem(STAGE_KEY, stage);
    }

    private tick(): void {
        const before = this.screen;
        this.set({ nowMs: Date.now() });
        const { screen } = this;
        if (before.name === 'held' && !isToday(before) && isToday(screen)) void this.load();
        if (before.name !== 'early') return;
        if (screen.name !== 'early') void this.load();
        else if (this.session && screen.opensAtMs <= serverNow(this.model)) this.session.start();
    }

    private set(change: Partial<Model>): void {
        this.model = { ...this.model, ...change };
        this.followScreen(this.screen.name);
        this.followNews(false);
        this.followTalk();
        this.emit('change', this.model);
    }

    /** What comes and goes with a screen: the tone, the screen lock, the devices. */
    private followScreen(name: Screen['name']): void {
        if (name === this.shown) return;
        this.shown = name;
        if (name === 'called') this.ringer.start();
        else this.ringer.stop();
        this.wakeLock.set(name === 'waiting' || name === 'called' || name === 'call');
        const devices = this.session?.devices;
        if (name === 'waiting') devices?.rest();
        if (name === 'held') devices?.release();
        /* By video again: what was let go. */
        if (name === 'waiting' || name === 'check') void devices?.wake(name === 'check' ? ['audio', 'video'] : ['audio']);
        if (name === 'ended' || name === 'cancelled' || name === 'replaced') this.finish();
    }

    /** Early, or not through the device check. Who is rung has other use for the network. `begins`: no socket of the
     * visit is about to be opened. */
    private followNews(begins: boolean): void {
        const { token, join, session } = this.model;
        const comes = join.kind === 'ok' && ['before', 'waiting'].includes(phaseOf(join.visit.state));
        if (!comes || (session?.visit.status ?? 'idle') !== 'idle') {
            this.news?.stop();
            this.news = null;
        } else if (begins && !this.news) {
            this.news = new ProtocolClient({ url: socketUrl(location.host), token: `jadwal:${token}`, lang: getLang });
            this.news.on('message', () => void this.load(true));
            this.news.start();
        }
    }

    private finish(): void {
        this.session?.devices.release();
        if (this.shown !== 'replaced') sessionStorage.removeItem(STAGE_KEY);
    }

    private followTalk(): void {
        const session = this.model.session;
        const other = session?.visit.others.some((one) => one.role === 'doctor' && one.in_call);
        if (session?.call === 'connected' && other && this.session?.inCall && this.talkingSinceMs === null) {
            this.talkingSinceMs = Date.now();
            sessionStorage.setItem(SINCE_KEY, String(this.talkingSinceMs));
        }
        /* The clock stands while the doctor is away. */
        if (this.talkingSinceMs !== null && other && this.shown === 'call') {
            this.talkedMs = Date.now() - this.talkingSinceMs;
        }
    }
}
