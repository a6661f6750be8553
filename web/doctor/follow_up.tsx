// SPDX-License-Identifier: Apache-2.0
// When the doctor sees the patient again: in about so many days, then one of the free times near that day.
import { useEffect, useState } from 'preact/hooks';
import { api } from '../shared/api';
import type { Slot, SlotsReply } from '../shared/api_types';
import { addDays, dateAndTime } from '../shared/format';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Field } from '../shared/widgets/field';
import { extraBody, ExtraPlaces } from '../staff/extra_places';
import type { Group, GroupsReply } from '../group/types';
import { Failure, Loading } from '../staff/parts';
import { q } from '../staff/queue_words';
import { SeriesForm } from '../staff/series_dialog';
import { s as series } from '../staff/series_words';
import { serverToday } from '../staff/server_clock';
import type { DayVisit } from '../staff/types';
import { useFetched } from '../staff/use_fetched';
import { FOLLOW_UP_DAYS, nearestSlots, rangeOf, roomyGroups } from './follow_up_state';
import { f } from './follow_up_words';

const SHOWN = 6;

export function bookFollowUp(visitId: string, slot: Slot): Promise<unknown> {
    const body = { starts_at_ms: slot.starts_at_ms, ...extraBody(slot), ...(slot.group ? { group: slot.group.id } : {}) };
    return api.post(`/api/v1/visits/${visitId}/follow-up`, body);
}

interface Props {
    readonly visit: DayVisit;
    readonly chosen: Slot | null;
    readonly onChoose: (slot: Slot | null) => void;
    /** Rises when the times must be read anew: somebody took one. */
    readonly version: number;
}

const asSlot = ({ id, title, doctor_id: doctor, starts_at_ms, ends_at_ms }: Group): Slot =>
    ({ doctor, starts_at_ms, ends_at_ms, session: null, group: { id, title } });

/** Where no message reaches the patient, what the doctor has to say is known before it is chosen. */
function hintOf({ no_phone: noPhone, no_messages: isFixed }: DayVisit, chosen: Slot | null): { readonly hint?: string } {
    if (noPhone) return { hint: q('no_phone.tell') };
    if (isFixed) return { hint: f('hint_fixed_line') };
    return chosen === null ? {} : { hint: f('hint') };
}

export function FollowUpChoice({ visit, chosen, onChoose, version }: Props) {
    const [days, setDays] = useState(0);
    const { value } = useFetched<GroupsReply>('/api/v1/groups', version);
    const groups = value ? roomyGroups(value, visit) : [];
    return (
        <div class="stack tight">
            <Field id="follow-up" label={f('title')} {...hintOf(visit, chosen)}>
                {(tie) => (
                    <select {...tie} value={chosen?.group?.id ?? String(days)} data-testid="follow-up"
                        onChange={(event) => {
                            const group = groups.find((one) => one.id === event.currentTarget.value);
                            setDays(group ? 0 : Number(event.currentTarget.value));
                            onChoose(group ? asSlot(group) : null);
                        }}>
                        <option value="0">{f('none')}</option>
                        {FOLLOW_UP_DAYS.map((n) => (
                            <option key={n} value={String(n)}>{f(`in_${n}`)}</option>
                        ))}
                        {groups.map((one) => (
                            <option key={one.id} value={one.id}>{`${one.title}, ${dateAndTime(one.starts_at_ms)}`}</option>
                        ))}
                    </select>
                )}
            </Field>
            {days === 0 && <Repeated visit={visit} />}
            {days > 0 && <Times key={days} visit={visit} days={days} version={version} chosen={chosen} onChoose={onChoose} />}
        </div>
    );
}

/** Several at once, which are booked whether the visit then ends or not. */
function Repeated({ visit }: { readonly visit: DayVisit }) {
    const [open, setOpen] = useState(false);
    if (open) return <SeriesForm visit={visit} onBooked={() => undefined} />;
    return (
        <Button kind="plain" icon="calendar" onClick={() => setOpen(true)} testId="series-open">
            {series('action')}
        </Button>
    );
}

type TimesProps = Props & { readonly days: number };

function Times({ visit, days, version, chosen, onChoose }: TimesProps) {
    const today = serverToday();
    const range = rangeOf(today, days);
    const query = new URLSearchParams({ clinic: visit.clinic_id, doctor: visit.doctor_id, from: range.from,
        days: String(range.days), ...(visit.service_id === null ? {} : { service: visit.service_id }) });
    const { value, problem } = useFetched<SlotsReply>(`/api/v1/slots?${query.toString()}`, version);
    const slots = value === null ? [] : nearestSlots(value, addDays(today, days), SHOWN);
    const first = slots[0] ?? null;
    useEffect(() => onChoose(first), [first?.starts_at_ms]);
    if (problem !== null) return <Failure problem={problem} />;
    if (value === null) return <Loading />;
    const extra = (
        <ExtraPlaces clinic={visit.clinic_id} doctor={visit.doctor_id} service={visit.service_id} chosen={chosen}
            version={version} from={range.from} days={range.days} onPick={onChoose} />
    );
    if (slots.length === 0) {
        return (
            <>
                <Banner tone="warning" testId="follow-up-none">{f('no_times')}</Banner>
                {extra}
            </>
        );
    }
    return (
        <>
            <fieldset class="choices" data-testid="follow-up-times">
                <legend class="label">{f('times')}</legend>
                {slots.map((slot) => (
                    <label class="choice" key={slot.starts_at_ms}>
                        <input type="radio" name="follow-up-time" checked={chosen?.starts_at_ms === slot.starts_at_ms}
                            onChange={() => onChoose(slot)} />
                        <span class="numbers">{dateAndTime(slot.session?.turn_at_ms ?? slot.starts_at_ms)}</span>
                    </label>
                ))}
            </fieldset>
            {extra}
        </>
    );
}
