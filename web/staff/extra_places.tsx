// SPDX-License-Identifier: Apache-2.0
// Additional places of a doctor: times that are full and in which staff may take one more.
import { useEffect } from 'preact/hooks';
import type { Slot, SlotsReply } from '../shared/api_types';
import { dateAndTime } from '../shared/format';
import { FieldError } from '../shared/widgets/field';
import { Failure, Loading } from './parts';
import { q } from './queue_words';
import { useFetched } from './use_fetched';

const DAYS = 14;
const SHOWN = 6;

export interface ExtraSlot extends Slot {
    /** How many additional places its hours still have. */
    readonly extra_left: number;
}

interface ExtraReply extends SlotsReply {
    readonly days: readonly { readonly date: string; readonly slots: readonly ExtraSlot[] }[];
}

/** What a booking, a move or a follow-up says when an additional place was chosen. */
export function extraBody(slot: Slot | null): { readonly extra?: true } {
    return slot !== null && 'extra_left' in slot ? { extra: true } : {};
}

interface Props {
    readonly clinic: string;
    readonly doctor: string;
    /** null: none. */
    readonly service: string | null;
    readonly chosen: Slot | null;
    /** Another number reads the places again. */
    readonly version: number;
    readonly error?: string | undefined;
    /** When there are none, it is said. */
    readonly saysNone?: boolean;
    readonly from?: string;
    readonly days?: number;
    /** As soon as it is known, whether there are any. */
    readonly onKnown?: (hasSome: boolean) => void;
    readonly onPick: (slot: ExtraSlot) => void;
}

export function ExtraPlaces({ clinic, doctor, service, chosen, version, error, saysNone, from, days, onKnown, onPick }: Props) {
    const query = new URLSearchParams({ clinic, doctor, days: String(days ?? DAYS), ...(service ? { service } : {}),
        ...(from ? { from } : {}) });
    const { value, problem } = useFetched<ExtraReply>(`/api/v1/extra-slots?${query.toString()}`, version);
    useEffect(() => {
        if (value !== null) onKnown?.(value.days.some((day) => day.slots.length > 0));
    }, [value]);
    if (problem !== null) return <Failure problem={problem} />;
    if (value === null) return saysNone ? <Loading /> : null;
    const slots = value.days.flatMap((day) => day.slots).slice(0, SHOWN);
    if (slots.length === 0) return saysNone ? <p class="quiet" data-testid="extra-none">{q('extra.none')}</p> : null;
    return (
        <fieldset class="choices" data-testid="extra-places" aria-describedby={error ? 'extra-error' : undefined}>
            <legend class="label">{q('extra.title')}</legend>
            {/* A form for these alone says it at its top. */}
            {!saysNone && <p class="quiet">{q('extra.hint')}</p>}
            {slots.map((slot) => (
                <label class="choice" key={slot.starts_at_ms}>
                    <input type="radio" name="extra-place" data-testid="extra-place" data-starts={slot.starts_at_ms}
                        checked={chosen?.starts_at_ms === slot.starts_at_ms && 'extra_left' in chosen}
                        onChange={() => onPick(slot)} />
                    <span>
                        {dateAndTime(slot.session?.turn_at_ms ?? slot.starts_at_ms)}
                        <span class="choice-hint quiet">{q('extra.left', { n: slot.extra_left })}</span>
                    </span>
                </label>
            ))}
            <FieldError id="extra-error" text={error} />
        </fieldset>
    );
}
