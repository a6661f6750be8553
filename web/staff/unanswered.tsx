// SPDX-License-Identifier: Apache-2.0
// Patients wait, it is time, and nobody calls: said loudly, also in the title of a tab that nobody looks at.
import { useEffect } from 'preact/hooks';
import { Icon } from '../shared/widgets/icon';
import { OtherDoctor } from './queue_marks';
import { q } from './queue_words';
import type { UnansweredLine } from './types';

interface Props {
    /** The longest wait first. */
    readonly lines: readonly UnansweredLine[];
    readonly nowMs: number;
    /** What whoever reads it can do. */
    readonly advice: string;
    /** They are the reader's own patients. */
    readonly own?: boolean;
    /** The reader can move them: said of those whose doctor does not see them, where the advice is of no use. */
    readonly moves?: boolean;
}

const MAX_SHOWN = 5;

/** The title says it while somebody waits, and is as before afterwards. */
function useTitle(n: number): void {
    useEffect(() => {
        if (n === 0) return undefined;
        const before = document.title;
        document.title = q('unanswered.tab', { n });
        return () => {
            document.title = before;
        };
    }, [n]);
}

/** Its doctor will not call, however often asked. */
function needsMove({ unplaced = false, other_doctor_why: why }: UnansweredLine): boolean {
    return unplaced || (why !== null && why !== 'nobody_works' && why !== 'nobody_may');
}

export function UnansweredBanner({ lines, nowMs, advice, own = false, moves = false }: Props) {
    useTitle(lines.length);
    if (lines.length === 0) return null;
    const more = lines.length - MAX_SHOWN;
    return (
        <section class="unanswered no-print" aria-labelledby="unanswered" data-testid="unanswered">
            <h2 id="unanswered">
                <Icon name="warning" size={24} />
                {/* Not around the minutes, which would be read out again and again. */}
                <span role="alert">
                    {titleOf(lines)}
                </span>
            </h2>
            <ul>
                {lines.slice(0, MAX_SHOWN).map((line) => (
                    <li key={line.id}>
                        <span>
                            {line.words}
                            {line.to_phone && (
                                <span class="mark" data-testid="not-phoned">
                                    <Icon name="phone" size={20} />
                                    {q('unanswered.not_phoned')}
                                </span>
                            )}
                            <OtherDoctor why={line.other_doctor_why} own={own} />
                            {moves && needsMove(line) && <span class="unanswered-move">{q('unanswered.move')}</span>}
                        </span>
                        <strong class="numbers nowrap">{q('unanswered.minutes', { n: minutesOf(line, nowMs) })}</strong>
                    </li>
                ))}
            </ul>
            {more > 0 && <p>{q('unanswered.more', { n: more })}</p>}
            {!(moves && lines.every(needsMove)) && <p>{advice}</p>}
        </section>
    );
}

/** What all of them want, or some of them. */
function titleOf(lines: readonly UnansweredLine[]): string {
    const n = lines.length;
    const kind = lines.every((line) => line.to_phone) ? 'phone' : lines.some((line) => line.to_phone) ? 'both' : 'call';
    if (kind === 'both') return q('unanswered.both', { n });
    return q(`unanswered.${n === 1 ? 'one' : 'many'}.${kind}`, { n });
}

function minutesOf({ since_ms: since }: UnansweredLine, nowMs: number): number {
    return Math.max(0, Math.floor((nowMs - since) / 60_000));
}
