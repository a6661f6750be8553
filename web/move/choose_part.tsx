// SPDX-License-Identifier: Apache-2.0
// Another time for a visit: a number of now, or one of the free times; and why it was refused.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, ApiProblem } from '../shared/api';
import type { BookingReply, Clinic, FacilitiesReply, JoinReply, Slot } from '../shared/api_types';
import { clockTime, hoursWords, NBSP, shortDate, timeOfDay, withTitle } from '../shared/format';
import { moveWords as m } from '../shared/move_words';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Icon } from '../shared/widgets/icon';
import { SlotPicker } from '../shared/widgets/slot_picker';
import { failureText } from '../shared/words';
import { doctorOf, isOtherDoctor, placeOf, staysOpen, type MoveScreen, type Place } from './move_state';

export type Visit = JoinReply['visit'];

export interface Known {
    readonly visit: Visit;
    readonly screen: MoveScreen;
    readonly hasConsent: boolean;
    readonly mayCancel: boolean;
    /** undefined: not asked for, as the doctor is there. */
    readonly place: Place | null | undefined;
}

export interface BodyProps {
    readonly token: string;
    readonly known: Known;
    readonly onDone: (reply: BookingReply) => void;
}

export function Phone({ visit }: { readonly visit: Visit }) {
    return (
        <p class="phone-help">
            <span>{m('phone', { facility: visit.facility })}</span>
            <a href={`tel:${visit.phone.replace(/[^+\d]/g, '')}`}>
                <Icon name="phone" size={20} />
                <span class="numbers">{visit.phone}</span>
            </a>
        </p>
    );
}

/** Sends a change; says why it was refused. */
function useSend(token: string, onDone: (reply: BookingReply) => void) {
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const send = (path: string, body?: object) => {
        setBusy(true);
        setProblem(null);
        api.post<BookingReply>(path, body, { bearer: token })
            .then(onDone, setProblem)
            .finally(() => setBusy(false));
    };
    return { busy, problem, send };
}

function refusal(problem: unknown): ComponentChildren {
    const type = problem instanceof ApiProblem ? problem.type : '';
    if (type === 'slot-taken') return m('taken');
    return failureText(problem);
}

/** Of a time that was taken meanwhile, those beside it. */
function nearestOf(problem: unknown): readonly Slot[] {
    const body = problem instanceof ApiProblem && problem.type === 'slot-taken' ? problem.body : {};
    return (body.nearest as readonly Slot[] | undefined) ?? [];
}

export function TakeNumber({ token, onDone }: Omit<BodyProps, 'known'>) {
    const { busy, problem, send } = useSend(token, onDone);
    const closed = problem instanceof ApiProblem && problem.type === 'slot-not-offered';
    return (
        <>
            <Button kind="primary" wide busy={busy} onClick={() => send('/api/v1/join/number')} testId="take-number">
                {m('take_number')}
            </Button>
            <p class="soft">{m('take_number_hint')}</p>
            {problem !== null && (
                <Banner tone="warning" testId="refused">
                    <p>{closed ? m('not_offered') : refusal(problem)}</p>
                </Banner>
            )}
        </>
    );
}

/** The doctors by name are asked for in time, as what is near a taken time may be another's; null: not known. */
function useClinic({ visit, place }: Known): Clinic | null {
    const [clinic, setClinic] = useState(place?.clinic ?? null);
    useEffect(() => {
        if (place !== undefined) return;
        api.get<FacilitiesReply>('/api/v1/facilities').then(
            ({ facilities }) => setClinic(placeOf(visit, facilities)?.clinic ?? null),
            () => undefined,
        );
    }, []);
    return clinic;
}

function doctorName(slot: Slot, clinic: Clinic | null): string | null {
    const known = clinic?.doctors.find(({ id }) => id === slot.doctor);
    return known ? withTitle(known.name) : null;
}

/** Of whom the visit is then, where it is not whose it was; null: that does not change. */
function otherDoctor(visit: Visit, slot: Slot, clinic: Clinic | null): string | null {
    return isOtherDoctor(visit, slot) ? doctorName(slot, clinic) ?? m('another_doctor') : null;
}

/** Whose each of SLOTS is, where they are not all of the doctor whose the visit was. */
function namesOf(slots: readonly Slot[], visit: Visit, clinic: Clinic | null): (string | null)[] {
    if (!slots.some((one) => isOtherDoctor(visit, one))) return slots.map(() => null);
    return slots.map((one) => otherDoctor(visit, one, clinic) ?? doctorName(one, clinic));
}

interface RefusedProps {
    readonly problem: unknown;
    readonly chosen: Slot | null;
    readonly namesOf: (slots: readonly Slot[]) => readonly (string | null)[];
    readonly onPick: (slot: Slot) => void;
}

/** Why not, and what is near. */
function Refused({ problem, chosen, namesOf: named, onPick }: RefusedProps) {
    const nearest = nearestOf(problem);
    const names = named(nearest);
    return (
        <Banner tone="warning" testId="refused">
            <p>{nearest.length > 0 ? m('taken_nearest') : refusal(problem)}</p>
            {nearest.length > 0 && (
                <div class="row nearest">
                    {nearest.map((one, i) => (
                        <Button key={`${one.doctor} ${one.starts_at_ms}`} pressed={one === chosen} {...(one === chosen ? { icon: 'check' } : {})}
                            testId="nearest" onClick={() => onPick(one)}>
                            <span>
                                {shortDate(one.starts_at_ms)} · {one.session ? hoursWords(one) : clockTime(one.starts_at_ms)}
                                {names[i] !== null && <span class="nearest-doctor">{names[i]}</span>}
                            </span>
                        </Button>
                    ))}
                </div>
            )}
        </Banner>
    );
}

export function Choose({ token, known, onDone }: BodyProps) {
    const { visit, screen, place } = known;
    const clinic = useClinic(known);
    const [slot, setSlot] = useState<Slot | null>(null);
    const [version, setVersion] = useState(0);
    const { busy, problem, send } = useSend(token, onDone);
    useEffect(() => {
        if (problem === null) return;
        setSlot(null);
        setVersion((n) => n + 1);
    }, [problem]);
    const bar = useRef<HTMLDivElement>(null);
    useEffect(() => bar.current?.scrollIntoView({ block: 'nearest' }), [slot]);
    const confirm = () => {
        if (!slot) return;
        send('/api/v1/join/move', {
            doctor: slot.doctor, starts_at_ms: slot.starts_at_ms,
            ...(staysOpen(visit, slot) ? { any_doctor: true } : {}),
        });
    };
    const at = slot && (slot.session?.turn_at_ms ?? slot.starts_at_ms);
    const other = slot && otherDoctor(visit, slot, clinic);
    return (
        <>
            <h2>{m(screen === 'missed' ? 'or_other' : 'choose_new')}</h2>
            {problem !== null && <Refused problem={problem} chosen={slot} namesOf={(slots) => namesOf(slots, visit, clinic)} onPick={setSlot} />}
            <SlotPicker clinic={visit.clinic_id} doctor={doctorOf(visit, place?.clinic ?? null)} first={visit.doctor_id} service={visit.service_id}
                chosen={slot} version={version} onPick={setSlot} help={<Phone visit={visit} />} />
            {at !== null && (
                <div class="move-confirm" ref={bar}>
                    {other !== null && <p data-testid="other-doctor"><strong>{m('other_doctor', { doctor: other })}</strong></p>}
                    <Button kind="primary" wide busy={busy} onClick={confirm} testId="confirm-move">
                        {m('confirm', { time: `${shortDate(at)}, ${timeOfDay(at)}`.replace(/ /g, NBSP) })}
                    </Button>
                    <p class="soft">{m('confirm_hint')}</p>
                </div>
            )}
        </>
    );
}
