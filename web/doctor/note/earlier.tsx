// SPDX-License-Identifier: Apache-2.0
// The patient's visits before this one. They are read when they are asked for: each reading is a row of
// the audit trail.
import { useCallback, useEffect, useState } from 'preact/hooks';
import { api, ApiProblem } from '../../shared/api';
import { longDate } from '../../shared/format';
import { Busy } from '../../shared/widgets/busy';
import { Failure } from '../../staff/parts';
import { useGuard } from '../../staff/shell';
import { isKey, t } from '../../staff/words';
import { Addenda, NoteText } from './note_text';
import type { EarlierVisit } from './types';
import { n } from './words';

/** Not yet, not any more, or not at all. */
const CLOSED: readonly string[] = ['too-early', 'visit-ended', 'visit-cancelled'];

export function EarlierVisits({ visitId }: { readonly visitId: string }) {
    const [visits, setVisits] = useState<readonly EarlierVisit[] | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    const load = useCallback(() => {
        const abort = new AbortController();
        setProblem(null);
        api.get<{ visits: EarlierVisit[] }>(`/api/v1/visits/${visitId}/earlier`, { signal: abort.signal }).then(
            (reply) => setVisits(reply.visits),
            (error: unknown) => {
                if (!abort.signal.aborted && !guard(error)) setProblem(error);
            },
        );
        return () => abort.abort();
    }, [visitId, guard]);
    useEffect(load, [load]);
    if (problem instanceof ApiProblem && CLOSED.includes(problem.type)) {
        return <p class="empty quiet" data-testid="earlier-closed">{n('earlier.closed')}</p>;
    }
    if (problem !== null) return <Failure problem={problem} onRetry={load} />;
    if (visits === null) return <Busy text={n('earlier.loading')} />;
    if (visits.length === 0) return <p class="empty quiet" data-testid="earlier-none">{n('earlier.none')}</p>;
    return (
        <ol class="earlier" data-testid="earlier">
            {visits.map((visit) => (
                <li key={visit.visit}>
                    <EarlierRow visit={visit} />
                </li>
            ))}
        </ol>
    );
}

function EarlierRow({ visit }: { readonly visit: EarlierVisit }) {
    const { note } = visit;
    const state = `state.${visit.state}`;
    const main = note?.diagnoses.map((one) => `${one.code} ${one.name}`).join('; ') ?? '';
    return (
        <details class="earlier-visit">
            <summary>
                <strong>{longDate(visit.starts_at_ms)}</strong>
                <span class="quiet">
                    {visit.doctor}, {visit.clinic}, {visit.facility} · {isKey(state) ? t(state) : visit.state}
                </span>
                <span>{note === null ? n('earlier.no_note') : main || note.assessment}</span>
                {note !== null && note.signed_at_ms === null && <span class="quiet">{n('earlier.unsigned')}</span>}
            </summary>
            {note !== null && <NoteText note={note} />}
            <Addenda addenda={visit.addenda} />
        </details>
    );
}
