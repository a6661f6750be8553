// SPDX-License-Identifier: Apache-2.0
// Free times of a clinic's next two weeks, a day and then a time, for a visit that is to be moved.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { api } from '../api';
import type { Slot, SlotsReply } from '../api_types';
import { byPart, partWords } from '../day_parts';
import { clockTime, dateMs, longDate, shortDate, withTitle } from '../format';
import { moveWords } from '../move_words';
import { failureText } from '../words';
import { Banner } from './banner';
import { Busy } from './busy';
import { Icon } from './icon';
import './slot_picker.css';

const DAYS = 14;

export interface PickDay {
    readonly date: string;
    readonly slots: readonly Slot[];
}

/** By id. */
export type DoctorNames = ReadonlyMap<string, string>;

/** Days with something free; of slots that begin together one, that of doctor `first` if there is one, or with `named`
 * one of each doctor in it. Pure. */
export function pickDays(reply: SlotsReply, first: string | null = null, named: DoctorNames | null = null): PickDay[] {
    const isLater = (slot: Slot) => Number(slot.doctor !== first);
    return reply.days.flatMap(({ date, slots }) => {
        const known = new Set<string>();
        const inOrder = [...slots].sort((a, b) => a.starts_at_ms - b.starts_at_ms || isLater(a) - isLater(b));
        const own = inOrder.filter((slot) => {
            if (named && !named.has(slot.doctor)) return false;
            const key = `${slot.starts_at_ms} ${slot.session || named ? slot.doctor : ''}`;
            if (known.has(key)) return false;
            known.add(key);
            return true;
        });
        return own.length > 0 ? [{ date, slots: own }] : [];
    });
}

interface Props {
    readonly clinic: string;
    /** null: any. */
    readonly doctor: string | null;
    /** Whose it is where several doctors have the same time. */
    readonly first?: string | null;
    /** Who is offered, each by name at the time; null: whoever it is, without a name. */
    readonly named?: DoctorNames | null;
    /** null: none. */
    readonly service: string | null;
    readonly chosen: Slot | null;
    /** Another number reads the times again. */
    readonly version: number;
    readonly onPick: (slot: Slot) => void;
    /** The way out, where nothing is free. */
    readonly help?: ComponentChildren;
}

export function SlotPicker({ clinic, doctor, first = null, named = null, service, chosen, version, onPick, help }: Props) {
    const [days, setDays] = useState<readonly PickDay[] | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    const [date, setDate] = useState('');
    useEffect(() => {
        const query = new URLSearchParams({ clinic, ...(doctor ? { doctor } : {}), ...(service ? { service } : {}), days: String(DAYS) });
        api.get<SlotsReply>(`/api/v1/slots?${query}`).then((reply) => {
            setDays(pickDays(reply, first, named));
            setProblem(null);
        }, setProblem);
    }, [clinic, doctor, first, named, service, version]);
    if (problem !== null) {
        return (
            <Banner tone="danger" testId="failure">
                <p>{failureText(problem)}</p>
            </Banner>
        );
    }
    if (days === null) return <Busy text={moveWords('slots_loading')} />;
    const day = days.find((one) => one.date === date) ?? days[0];
    if (!day) {
        return (
            <Banner tone="info" testId="no-time">
                <p>{moveWords('none')}</p>
                {help}
            </Banner>
        );
    }
    return (
        <>
            <h3 id="pick-days">{moveWords('day')}</h3>
            <ul class="pick-days" aria-labelledby="pick-days">
                {days.map((one) => (
                    <li key={one.date}>
                        <button type="button" class="pick" aria-pressed={one.date === day.date} data-testid="day"
                            onClick={() => setDate(one.date)}>
                            {one.date === day.date && <Icon name="check" size={16} />}
                            {shortDate(dateMs(one.date))}
                        </button>
                    </li>
                ))}
            </ul>
            <h3>{moveWords('time')}</h3>
            <p>{longDate(dateMs(day.date))}</p>
            {byPart(day.slots).map(({ part, slots }) => (
                <div key={part} class="pick-part">
                    <h4 id={`pick-${part}`}>{partWords(part)}</h4>
                    <ul class={named ? 'pick-times named' : 'pick-times'} aria-labelledby={`pick-${part}`}>
                        {slots.map((slot) => (
                            <PickTime key={`${slot.starts_at_ms} ${slot.doctor}`} slot={slot} name={named?.get(slot.doctor) ?? null} onPick={onPick}
                                chosen={chosen?.starts_at_ms === slot.starts_at_ms && chosen.doctor === slot.doctor} />
                        ))}
                    </ul>
                </div>
            ))}
        </>
    );
}

interface TimeProps {
    readonly slot: Slot;
    /** Whose it is; null: is not said. */
    readonly name: string | null;
    readonly chosen: boolean;
    readonly onPick: (slot: Slot) => void;
}

function PickTime({ slot, name, chosen, onPick }: TimeProps) {
    const { session } = slot;
    return (
        <li class={session ? 'pick-session' : ''}>
            <button type="button" class="pick numbers" data-testid="slot" data-starts={slot.starts_at_ms} data-doctor={slot.doctor}
                aria-pressed={chosen} onClick={() => onPick(slot)}>
                {chosen && <Icon name="check" size={16} />}
                {clockTime(session?.turn_at_ms ?? slot.starts_at_ms)}
                {name !== null && <span data-testid="slot-doctor">{withTitle(name)}</span>}
                {session && (
                    <span>
                        {moveWords('session')}, {moveWords('session_left', { n: session.left })}
                    </span>
                )}
            </button>
        </li>
    );
}
