// SPDX-License-Identifier: Apache-2.0
// What puts a visit elsewhere in the queue than its time does, in words.
import { Banner } from '../shared/widgets/banner';
import { Icon } from '../shared/widgets/icon';
import { groupOf } from './day';
import { PhoneCall } from './phone_call';
import { q } from './queue_words';
import { useRole } from './shell';
import type { DayVisit, OtherDoctorWhy, Reach } from './types';

interface OtherProps {
    readonly why: OtherDoctorWhy | null;
    /** Its doctor reads it. */
    readonly own?: boolean;
}

/** Nobody who has it, or could take it, is there. */
export function OtherDoctor({ why, own = false }: OtherProps) {
    if (why === null) return null;
    const isOwn = own && (why === 'doctor_permit_over' || why === 'doctor_on_leave');
    return (
        <span class="mark mark-urgent" data-testid="mark-other-doctor" data-why={why}>
            <Icon name="warning" size={20} />
            {q(isOwn ? `mark.own.${why}` : `mark.other_doctor.${why}`)}
        </span>
    );
}

/** Whom no message reaches is told by people; null: one does. */
export function untoldWords({ no_phone, no_messages }: Reach): string | null {
    if (no_phone) return q('no_phone.tell');
    return no_messages ? q('no_messages.tell') : null;
}

/** What a dialog says of messages is not so of this patient; the number to phone. */
export function Untold({ visit, isOver = false }: { readonly visit: Reach & Pick<DayVisit, 'id'>; readonly isOver?: boolean }) {
    const words = untoldWords(visit);
    if (words === null) return null;
    return (
        <>
            <Banner tone="warning" testId="untold">{words}</Banner>
            {visit.no_messages && <NumberToTell visitId={visit.id} isOver={isOver} />}
        </>
    );
}

interface NumberProps {
    readonly visitId: string;
    readonly isOver?: boolean;
}

/** A doctor who is shown a number before the end is taken to have phoned, and a coordinator is shown none: the desk has it. */
export function NumberToTell({ visitId, isOver = false }: NumberProps) {
    const role = useRole();
    const mayRead = role === 'desk' || (role === 'doctor' && isOver);
    return mayRead ? <PhoneCall visitId={visitId} beside /> : <p class="quiet">{q('no_messages.desk')}</p>;
}

interface Props {
    readonly visit: DayVisit;
    /** In a list that has many: what changes the order alone. */
    readonly brief?: boolean;
    /** In a doctor's list: what is said of the doctor is said of who reads it. */
    readonly own?: boolean;
    /** Which doctor, or any, stands beside it. */
    readonly doctorShown?: boolean;
    /** An emergency whose doctor is on leave: said, and no fault. */
    readonly isOnLeave?: boolean;
}

export function QueueMarks({ visit, brief = false, own = false, doctorShown = false, isOnLeave = false }: Props) {
    const group = groupOf(visit.state);
    const open = group === 'coming' || group === 'waiting';
    return (
        <>
            {open && visit.urgent && (
                <span class="mark mark-urgent">
                    <Icon name="warning" size={20} />
                    {q('mark.urgent')}
                </span>
            )}
            {open && <OtherDoctor why={visit.other_doctor_why} own={own} />}
            {open && isOnLeave && <span class="mark" data-testid="mark-on-leave">{q('mark.on_leave')}</span>}
            {open && visit.unplaced && visit.other_doctor_why === null && (
                <span class="mark mark-urgent" data-testid="mark-unplaced">
                    <Icon name="warning" size={20} />
                    {q(own ? 'mark.own.unplaced' : 'mark.unplaced')}
                </span>
            )}
            {visit.day_before && <span class="mark" data-testid="mark-day-before">{q('mark.day_before')}</span>}
            {visit.group && <span class="mark">{visit.group.title}</span>}
            {group !== 'over' && visit.consent_withdrawn && (
                <span class="mark mark-urgent" data-testid="mark-withdrawn">
                    <Icon name="warning" size={20} />
                    {q('mark.withdrawn')}
                </span>
            )}
            {open && !brief && visit.way !== 'in_person' && !visit.consent && !visit.consent_withdrawn && <span class="mark">{q('mark.no_consent')}</span>}
            {open && !brief && visit.no_phone && (
                <span class="mark" data-testid="mark-no-phone">
                    <Icon name="phone" size={20} />
                    {q('mark.no_phone')}
                </span>
            )}
            {open && !brief && visit.no_messages && (
                <span class="mark" data-testid="mark-no-messages">
                    <Icon name="phone" size={20} />
                    {q('mark.no_messages')}
                </span>
            )}
            {open && !brief && visit.overlaps && <span class="mark">{q('mark.overlaps')}</span>}
            {visit.way !== 'video' && (
                <span class="mark" data-testid="mark-way">
                    <Icon name={visit.way === 'phone' ? 'phone' : 'hospital'} size={20} />
                    {q(`mark.way.${visit.way}`)}
                </span>
            )}
            {/* Of who was asked to come it is the state itself. */}
            {visit.came !== null && visit.state !== 'converted_in_person' && (
                <span class="mark" data-testid="mark-came" data-came={visit.came}>
                    <Icon name={visit.came ? 'check' : 'close'} size={20} />
                    {q(visit.came ? 'mark.came' : 'mark.not_come')}
                </span>
            )}
            {visit.assisted && <span class="mark">{q('mark.assisted')}</span>}
            {visit.extra && <span class="mark">{q('mark.extra')}</span>}
            {!brief && visit.walk_in && <span class="mark">{q('mark.walk_in')}</span>}
            {!brief && !doctorShown && visit.any_doctor && <span class="mark">{q('mark.any_doctor')}</span>}
            {group === 'waiting' && visit.delayed && <span class="mark">{q('mark.delayed')}</span>}
        </>
    );
}
