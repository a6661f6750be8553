// SPDX-License-Identifier: Apache-2.0
// Doctor, desk or coordinator moves a visit to another time in its clinic.
import { useMemo, useState } from 'preact/hooks';
import { api } from '../shared/api';
import type { BookingReply, FacilitiesReply, Slot } from '../shared/api_types';
import { dateAndTime, inOnePiece, withTitle } from '../shared/format';
import { moveWords as m } from '../shared/move_words';
import { Button } from '../shared/widgets/button';
import { SlotPicker } from '../shared/widgets/slot_picker';
import { isOverlap, Overlap, useOverlap } from './overlap';
import { extraBody, ExtraPlaces } from './extra_places';
import { isLost, othersOf, takesOthers, type Reasons } from './move_doctors';
import { Dialog, Failure, Loading, VisitLine } from './parts';
import { Untold } from './queue_marks';
import { useGuard } from './shell';
import type { DayVisit, Reach } from './types';
import { useFetched } from './use_fetched';

/** What it needs to know of the visit; `patient`: whose it is, in words. */
export type MovableVisit = Pick<DayVisit, 'id' | 'number' | 'starts_at_ms' | 'patient' | 'clinic_id' | 'doctor_id' | 'service_id'
    | 'any_doctor' | keyof Reach> & Reasons;

interface Props {
    readonly visit: MovableVisit;
    readonly onClose: () => void;
    readonly onMoved: (words: string) => void;
}

export function MoveDialog({ visit, onClose, onMoved }: Props) {
    const [slot, setSlot] = useState<Slot | null>(null);
    const [version, setVersion] = useState(0);
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    const overlap = useOverlap(problem);
    const hasChoice = takesOthers(visit);
    const places = useFetched<FacilitiesReply>(hasChoice ? '/api/v1/facilities' : null, 0);
    const { clinic_id, doctor_id, other_doctor_why } = visit;
    const named = useMemo(() => (hasChoice && places.value ? othersOf(visit, places.value.facilities) : null),
        [hasChoice, places.value, clinic_id, doctor_id, other_doctor_why]);
    const name = slot === null ? undefined : named?.get(slot.doctor);
    const { patient } = visit;
    const title = m('staff_title', { patient });
    const send = () => {
        const why = overlap.answer();
        if (!slot || why === null) return;
        setBusy(true);
        setProblem(null);
        const body = { doctor: slot.doctor, starts_at_ms: slot.starts_at_ms,
            ...(visit.any_doctor && !slot.session ? { any_doctor: true } : {}), ...extraBody(slot), ...why };
        api.post<BookingReply>(`/api/v1/visits/${visit.id}/move`, body)
            .then(
                ({ starts_at_ms, number }) =>
                    onMoved(m('staff_done', { patient, time: dateAndTime(starts_at_ms), number: inOnePiece(number) })),
                (error: unknown) => {
                    if (guard(error)) return;
                    setProblem(error);
                    if (isOverlap(error)) return;
                    overlap.clear();
                    setSlot(null);
                    setVersion(version + 1);
                },
            )
            .finally(() => setBusy(false));
    };
    const pick = (picked: Slot) => {
        overlap.clear();
        setSlot(picked);
    };
    return (
        <Dialog label={title} onClose={onClose} testId="move-dialog">
            <h2>{title}</h2>
            <VisitLine number={visit.number} startsAtMs={visit.starts_at_ms} />
            <p>{m('staff_hint')}</p>
            <Untold visit={visit} />
            {problem !== null && !isOverlap(problem) && <Failure problem={problem} />}
            {hasChoice && <p data-testid="move-others">{m('staff_others')}</p>}
            {places.problem !== null && <Failure problem={places.problem} />}
            {hasChoice && named === null && places.problem === null && <Loading />}
            {(!hasChoice || named !== null) && (
                <SlotPicker clinic={visit.clinic_id} doctor={visit.any_doctor || hasChoice ? null : visit.doctor_id} first={visit.doctor_id}
                    named={named} service={visit.service_id} chosen={slot} version={version} onPick={pick} />
            )}
            {!visit.any_doctor && !isLost(visit) && (
                <ExtraPlaces clinic={visit.clinic_id} doctor={visit.doctor_id} service={visit.service_id} chosen={slot}
                    version={version} onPick={pick} />
            )}
            {slot && <Overlap {...overlap} />}
            <div class="dialog-actions">
                {/* In sight, however far down the list it was chosen. */}
                {slot && <p class="dialog-chosen" data-testid="move-chosen" role="status">{chosenWords(slot, name)}</p>}
                <Button kind="primary" disabled={slot === null} busy={busy} onClick={send} testId="move-submit">
                    {m('staff_action')}
                </Button>
                <Button kind="plain" onClick={onClose}>
                    {m('staff_close')}
                </Button>
            </div>
        </Dialog>
    );
}

function chosenWords(slot: Slot, name: string | undefined): string {
    const time = `${m('chosen')}: ${dateAndTime(slot.session?.turn_at_ms ?? slot.starts_at_ms)}`;
    return name === undefined ? time : `${time}. ${m('other_doctor', { doctor: withTitle(name) })}`;
}
