// SPDX-License-Identifier: Apache-2.0
// The booking page as an object: choices, slots, the one request that books. The browser's back button
// goes a step back; a booking that was sent is never sent twice (idempotency key per body).
import { api, ApiProblem, newIdempotencyKey } from '../shared/api';
import type { BookingReply, ConsentReply, FacilitiesReply, Facility, OpenGroup, Slot, SlotsReply } from '../shared/api_types';
import { Emitter } from '../shared/emitter';
import { addDays, isoDate } from '../shared/format';
import { getLang } from '../shared/lang';
import {
    ANY_DOCTOR, freeDays, isForAnyDoctor, stepFor, STEPS, withOnlyOnes, withoutSlot, type Choice, type Day, type Step,
} from './booking_state';
import {
    birthDate, contactBody, digitsOf, errorsLeft, FIELD_NAMES, GUARDIAN_REQUIRED, lacksGuardian, NO_DETAILS, phoneBody, plainErrors, type Details,
    type FieldErrors,
} from './details';
import { isFor, keeps, keepSlot, letGo, newHold, remember, remembered, type Held } from './hold';
import { isOpenedAnew, keep, kept } from './kept';

const PUBLIC_BOOKINGS = '/api/v1/bookings';

export const DAYS_AT_ONCE = 14;

export interface BookingModel {
    readonly facilities: readonly Facility[] | null;
    readonly step: Step;
    readonly choice: Choice;
    readonly details: Details;
    readonly errors: FieldErrors;
    /** How often the details were refused: each time the first wrong field takes the focus. */
    readonly refusals: number;
    /** Free days, null while they are fetched. */
    readonly days: readonly Day[] | null;
    readonly fromDay: number;
    /** Group visits of the clinic with places left. */
    readonly groups: readonly OpenGroup[];
    /** Until when the facility takes bookings; null: not known yet. */
    readonly lastDate: string | null;
    readonly busy: boolean;
    /** What went wrong last (failureText() says it); null when nothing did. */
    readonly failure: unknown;
    /** The slot was taken: others near it. */
    readonly nearest: readonly Slot[] | null;
    /** The slot that is kept for this page; null: none. */
    readonly held: Held | null;
    /** Somebody else had the slot that was chosen last. */
    readonly slotGone: boolean;
    readonly retries: number;
    /** What is agreed to; null while it is fetched. */
    readonly consent: ConsentReply | null;
    readonly ticket: Ticket | null;
}

/** The server's answer, and for whom: who books for three people needs to know which is whose. */
export interface Ticket extends BookingReply {
    readonly patient: string;
}

export interface Place {
    readonly clinic: string | undefined;
    readonly service?: string;
    readonly doctor?: string | undefined;
    readonly any_doctor?: true;
    readonly hold?: string;
    readonly group?: string;
    readonly shown_as?: string;
    readonly starts_at_ms?: number | undefined;
    readonly from?: string;
    readonly until?: string;
}

interface BookingBody extends Place {
    readonly consent: number | undefined;
    readonly name: string;
    readonly birth_date: string | null;
    readonly phone?: string;
    readonly no_phone?: true;
    readonly nik?: string;
    readonly contact_name?: string;
    readonly contact_relation?: string;
    readonly mother_nik?: string;
    readonly reason?: string;
    readonly lang: string;
}

/** The next one has the same mother: what stays when another patient is taken down. */
function ofContact({ contact_relation, contact_name, phone }: Details): Details {
    return contact_relation ? { ...NO_DETAILS, contact_relation, contact_name, phone } : NO_DETAILS;
}

export interface HistoryEntry {
    readonly step: Step;
    readonly choice: Choice;
}

export class BookingStore extends Emitter<{ change: BookingModel }> {
    private model: BookingModel = {
        facilities: null, step: 'facility', choice: {}, details: NO_DETAILS, errors: {}, refusals: 0,
        days: null, fromDay: 0, groups: [], lastDate: null, busy: false, failure: null, nearest: null, held: remembered(), slotGone: false,
        retries: 0, consent: null, ticket: null,
    };
    private offsetMs = 0;
    private sentBody = '';
    private key = '';
    private slotsAsked = 0;

    /** `path`: where it books; an officer's counter and a desk have their own. */
    constructor(private readonly path = PUBLIC_BOOKINGS) {
        super();
        if (path !== PUBLIC_BOOKINGS) return;
        const { details, ticket, sentBody, key } = kept(isOpenedAnew());
        this.model = { ...this.model, details, ticket };
        this.sentBody = sentBody;
        this.key = key;
        this.keepTyped();
    }

    /** Staff's pages book for one person after the other: of those nothing is kept. */
    private keepTyped(): void {
        if (this.path !== PUBLIC_BOOKINGS) return;
        const { details, ticket } = this.model;
        keep({ details, ticket, sentBody: this.sentBody, key: this.key });
    }

    /** Of all facilities, those that can be chosen; a desk has its own one. */
    protected offered(facilities: readonly Facility[]): readonly Facility[] {
        return facilities;
    }

    /** Where it begins. */
    protected first(): HistoryEntry {
        return { step: 'facility', choice: {} };
    }

    get current(): BookingModel {
        return this.model;
    }

    start(): void {
        addEventListener('popstate', (event) => this.onBack(event.state as HistoryEntry | null));
        void this.loadFacilities();
    }

    serverNow(): number {
        return Date.now() + this.offsetMs;
    }

    today(): string {
        return isoDate(this.serverNow());
    }

    async loadFacilities(): Promise<void> {
        this.set({ failure: null, facilities: null });
        try {
            const reply = await api.get<FacilitiesReply>('/api/v1/facilities', this.patience());
            this.offsetMs = reply.server_ms - Date.now();
            this.set({ facilities: this.offered(reply.facilities), retries: 0 });
            if (this.model.ticket && this.model.ticket.ends_at_ms < this.serverNow()) this.forget({ ticket: null });
            this.onBack(history.state as HistoryEntry | null);
        } catch (error) {
            this.set({ failure: error, retries: 0 });
        }
    }

    choose(choice: Choice, wanted: Step): void {
        const facilities = this.model.facilities ?? [];
        const filled = withOnlyOnes(facilities, choice);
        this.go(stepFor(facilities, filled, wanted), filled, true);
        if (filled.slot) void this.keep(filled);
    }

    protected hold(held: Held | null): void {
        remember(held);
        this.set({ held });
    }

    /** Keeps the slot while the form is filled in; back to the times when somebody else has it. */
    private async keep({ clinic, service, slot }: Choice): Promise<void> {
        const { held } = this.model;
        /* A place in a group is not kept: the last one is whose booking comes first. */
        if (!slot || slot.group || keeps(held, slot, this.serverNow())) return;
        const wish = newHold(slot);
        this.hold(wish);
        const answer = await keepSlot(clinic ?? '', service, wish, held);
        const { choice, step, busy, held: now } = this.model;
        if (answer === 'taken') {
            /* While it is being booked it may be this page that has it, and is told. */
            if (now !== wish || busy) return;
            this.hold(null);
        } else if (now === wish && choice.slot === slot) {
            if (answer) this.hold(answer);
            return;
        } else {
            letGo(wish);
            return;
        }
        if (step !== 'details' && step !== 'review') return;
        this.go('time', withoutSlot(choice), false);
        this.set({ slotGone: true });
    }

    /** To a step already done, to change its answer. */
    change(step: Step): void {
        this.go(stepFor(this.model.facilities ?? [], this.model.choice, step), this.model.choice, true);
    }

    back(): void {
        history.back();
    }

    type(details: Details): void {
        const { details: before, errors } = this.model;
        this.set({ details, errors: errorsLeft(errors, before, details, this.today()) });
        this.keepTyped();
    }

    /** The details, by what can be said here. */
    private said(): Details {
        return { ...this.model.details, noPhone: this.mayLackPhone && this.model.details.noPhone === true };
    }

    /** A booking has come to its end: its body and key go, and what else is said. */
    private forget(change: Partial<BookingModel>): void {
        this.sentBody = '';
        this.key = '';
        this.set(change);
        this.keepTyped();
    }

    /** The details are filled in: on to the review, or show what is plainly wrong. */
    submitDetails(): boolean {
        const { details } = this.model;
        const errors = plainErrors(this.said(), this.today());
        if (this.path === PUBLIC_BOOKINGS && lacksGuardian(details, this.today())) errors.contact_name = GUARDIAN_REQUIRED;
        const refused = Object.keys(errors).length > 0;
        this.set({ errors, refusals: this.model.refusals + (refused ? 1 : 0) });
        if (refused) return false;
        this.go('review', this.model.choice, true);
        return true;
    }

    /** Does the page lead to the wait list? */
    get takesWaiters(): boolean {
        return true;
    }

    /** Nothing is free: the same form leads to the wait list. */
    wait(): void {
        const { choice, fromDay, lastDate } = this.model;
        const day = (n: number) => {
            const date = addDays(this.today(), n);
            return lastDate !== null && date > lastDate ? lastDate : date;
        };
        this.choose({ ...withoutSlot(choice), waits: { from: day(fromDay), until: day(fromDay + DAYS_AT_ONCE - 1) } }, 'details');
    }

    /** Another of the slots offered instead of the one that was taken. */
    takeNearest(slot: Slot): void {
        const choice = { ...this.model.choice, slot };
        this.go('review', choice, false);
        void this.keep(choice);
    }

    async loadSlots(fromDay = 0): Promise<void> {
        const { clinic, service, doctor } = this.model.choice;
        const asked = ++this.slotsAsked;
        this.set({ days: null, failure: null, fromDay });
        const query = new URLSearchParams({
            clinic: clinic ?? '',
            ...(service ? { service } : {}),
            ...(doctor && doctor !== ANY_DOCTOR ? { doctor } : {}),
            from: addDays(this.today(), fromDay),
            days: String(DAYS_AT_ONCE),
        });
        try {
            const reply = await api.get<SlotsReply>(`/api/v1/slots?${query}`, this.patience());
            if (asked !== this.slotsAsked) return;
            this.set({ days: freeDays(reply), lastDate: reply.last_date, retries: 0 });
            await this.loadGroups(asked);
        } catch (error) {
            if (asked === this.slotsAsked) this.set({ failure: error, retries: 0 });
        }
    }

    /** Who stands at a counter may have no telephone; an offer of the wait list comes by message. */
    get mayLackPhone(): boolean {
        return this.path !== PUBLIC_BOOKINGS && !this.model.choice.waits;
    }

    /** An officer's counter books slots alone. */
    private async loadGroups(asked: number): Promise<void> {
        if (this.path !== PUBLIC_BOOKINGS) return;
        const { groups } = await api.get<{ groups: OpenGroup[] }>(`/api/v1/clinics/${this.model.choice.clinic}/groups`, this.patience());
        if (asked === this.slotsAsked) this.set({ groups, retries: 0 });
    }

    get moreDays(): boolean {
        const { fromDay, lastDate } = this.model;
        return lastDate !== null && addDays(this.today(), fromDay + DAYS_AT_ONCE) <= lastDate;
    }

    /** What the person agrees to by booking; the review is there before it. */
    async loadConsent(): Promise<void> {
        this.set({ consent: null, failure: null });
        try {
            this.set({ consent: await api.get<ConsentReply>('/api/v1/consent', this.patience()), retries: 0 });
        } catch (error) {
            this.set({ failure: error, retries: 0 });
        }
    }

    async book(): Promise<void> {
        if (this.model.busy || !this.model.consent) return;
        const body = this.body();
        const text = JSON.stringify(body);
        if (text !== this.sentBody) this.key = newIdempotencyKey();
        this.sentBody = text;
        this.keepTyped();
        this.set({ busy: true, failure: null, nearest: null });
        try {
            const options = { ...this.patience(), idempotencyKey: this.key };
            if (this.model.choice.waits) {
                const { link } = await api.post<{ link: string }>('/api/v1/wait-list', body, options);
                this.forget({ details: NO_DETAILS });
                location.replace(new URL(link).pathname);
                return;
            }
            const reply = await api.post<BookingReply>(this.path, body, options);
            const ticket = { ...reply, patient: body.name };
            this.forget({ busy: false, retries: 0, ticket, details: ofContact(this.model.details), errors: {} });
            this.hold(null);
            this.go('ticket', {}, false);
        } catch (error) {
            this.set({ busy: false, retries: 0 });
            this.onRefused(error);
        }
    }

    another(): void {
        const { step, choice } = this.first();
        this.forget({ ticket: null });
        this.go(step, choice, true);
    }

    showTicket(): void {
        this.go('ticket', {}, true);
    }

    /** Of the request: what of the clinic's time is asked for. */
    place(): Place {
        const { choice, details, held } = this.model;
        const waitsFor = { ...(choice.doctor === ANY_DOCTOR ? {} : { doctor: choice.doctor }), ...choice.waits };
        const when = {
            doctor: choice.slot?.doctor,
            ...(isForAnyDoctor(choice) ? { any_doctor: true as const } : {}),
            starts_at_ms: choice.slot?.starts_at_ms,
            ...(choice.slot?.group ? { group: choice.slot.group.id, shown_as: details.firstName ? 'first_name' : 'number' }
                : isFor(held, choice.slot) ? { hold: held.hold } : {}),
        };
        return {
            clinic: choice.clinic,
            ...(choice.service && !choice.slot?.group ? { service: choice.service } : {}),
            ...(choice.waits ? waitsFor : when),
        };
    }

    private body(): BookingBody {
        const { details } = this.model;
        const nik = digitsOf(details.nik);
        return {
            ...this.place(),
            consent: this.model.consent?.version,
            name: details.name.trim().replace(/\s+/g, ' '),
            birth_date: birthDate(details, this.today()),
            ...phoneBody(this.said()),
            ...(nik ? { nik } : {}),
            ...contactBody(details, this.today()),
            ...(details.reason.trim() ? { reason: details.reason.trim() } : {}),
            lang: getLang(),
        };
    }

    private onRefused(error: unknown): void {
        if (!(error instanceof ApiProblem)) {
            this.set({ failure: error });
            return;
        }
        if (error.type === 'slot-taken') {
            const nearest = Array.isArray(error.body.nearest) ? (error.body.nearest as Slot[]) : [];
            this.set({ nearest });
            return;
        }
        if (error.type === 'slot-not-offered' || error.type === 'too-soon') {
            this.set({ failure: error, nearest: [] });
            return;
        }
        if (error.field('consent')) {
            void this.loadConsent().then(() => this.set({ failure: error }));
            return;
        }
        const errors: FieldErrors = {};
        for (const field of FIELD_NAMES) {
            const fault = error.errors.find((one) => one.field === field);
            if (fault) errors[field] = fault;
        }
        if (Object.keys(errors).length === 0) {
            this.set({ failure: error });
            return;
        }
        this.set({ refusals: this.model.refusals + 1 });
        this.go('details', this.model.choice, true, errors);
    }

    private patience(): { onRetry: (attempt: number) => void } {
        return { onRetry: (attempt) => this.set({ retries: attempt }) };
    }

    protected go(step: Step, choice: Choice, push: boolean, errors: FieldErrors = {}): void {
        const entry: HistoryEntry = { step, choice };
        if (push && step !== this.model.step) history.pushState(entry, '');
        else history.replaceState(entry, '');
        this.show(step, choice, errors);
    }

    private onBack(entry: HistoryEntry | null): void {
        const { facilities, ticket, details } = this.model;
        if (!facilities) return;
        const first = this.first();
        const choice = entry?.choice ?? first.choice;
        let wanted: Step = entry?.step ?? first.step;
        if (wanted === 'ticket' && !ticket) wanted = 'facility';
        /* Where nothing typed is kept the review would be empty. */
        if (wanted === 'review' && details.name === '') wanted = 'details';
        const known = wanted === 'ticket' || STEPS.includes(wanted);
        const step = wanted === 'ticket' ? wanted : stepFor(facilities, choice, known ? wanted : 'facility');
        this.show(step, choice, {});
    }

    private show(step: Step, choice: Choice, errors: FieldErrors): void {
        this.set({ step, choice, errors, failure: null, nearest: null, slotGone: false });
        if (step === 'time') void this.loadSlots();
        if (step === 'review' && !this.model.consent) void this.loadConsent();
    }

    private set(change: Partial<BookingModel>): void {
        this.model = { ...this.model, ...change };
        this.emit('change', this.model);
    }
}
