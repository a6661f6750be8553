// SPDX-License-Identifier: Apache-2.0
// Somebody has another visit at that time: what staff may know of it, and why they go on all the same.
import { useEffect, useState } from 'preact/hooks';
import { ApiProblem } from '../shared/api';
import { dateAndTime, inOnePiece } from '../shared/format';
import { Banner } from '../shared/widgets/banner';
import { Field } from '../shared/widgets/field';
import { focusInSight } from './focus';
import { q } from './queue_words';

const MIN_REASON = 3;
const MAX_REASON = 200;

export function isOverlap(problem: unknown): problem is ApiProblem {
    return problem instanceof ApiProblem && problem.type === 'own-booking';
}

interface Other {
    readonly starts_at_ms: number;
    readonly number: string;
    readonly clinic: string;
}

export interface OverlapState {
    /** The refusal that is to be answered; null: none. */
    readonly refusal: ApiProblem | null;
    readonly reason: string;
    readonly missing: boolean;
    readonly onReason: (reason: string) => void;
    /** What to send with it, {} when nothing is asked; null: the reason is missing. */
    readonly answer: () => { readonly overlap_reason?: string } | null;
    /** Something else is asked for. */
    readonly clear: () => void;
}

function seekReason() {
    const field = document.getElementById('overlap-reason');
    if (field) focusInSight(field);
}

/** `problem` is the last answer's; the refusal stays while it is answered. */
export function useOverlap(problem: unknown): OverlapState {
    const [refusal, setRefusal] = useState<ApiProblem | null>(null);
    const [reason, setReason] = useState('');
    const [asked, setAsked] = useState(false);
    useEffect(() => {
        if (isOverlap(problem)) setRefusal(problem);
    }, [problem]);
    const short = reason.trim().length < MIN_REASON;
    return {
        refusal,
        reason,
        missing: asked && short,
        onReason: setReason,
        answer: () => {
            if (refusal === null) return {};
            setAsked(true);
            if (!short) return { overlap_reason: reason.trim() };
            seekReason();
            return null;
        },
        clear: () => {
            setRefusal(null);
            setAsked(false);
        },
    };
}

export function Overlap({ refusal, reason, missing, onReason }: OverlapState) {
    /* It appears below what was typed: who is refused is taken there. */
    useEffect(() => {
        if (refusal !== null) seekReason();
    }, [refusal]);
    if (refusal === null) return null;
    const other = refusal.body.other as Other | null;
    return (
        <div class="stack" data-testid="overlap">
            <Banner tone="warning">
                <p>
                    {other
                        ? q('overlap.told', { time: dateAndTime(other.starts_at_ms), number: inOnePiece(other.number), clinic: other.clinic })
                        : q('overlap.elsewhere')}
                </p>
            </Banner>
            <Field id="overlap-reason" label={q('overlap.reason')} hint={q('overlap.reason_hint')}
                error={missing ? q('overlap.reason_missing') : undefined}>
                {(tie) => (
                    <input {...tie} maxLength={MAX_REASON} value={reason} autoComplete="off"
                        onInput={(event) => onReason(event.currentTarget.value)} />
                )}
            </Field>
        </div>
    );
}
