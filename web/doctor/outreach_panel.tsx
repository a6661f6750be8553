// SPDX-License-Identifier: Apache-2.0
// What a team took down of this patient at its post: complaint, vital signs, photos.
import { useEffect, useState } from 'preact/hooks';
import { o } from '../outreach/words';
import type { VisitOutreach } from '../outreach/types';
import { api, ApiProblem } from '../shared/api';
import { dateAndTime } from '../shared/format';
import { Button } from '../shared/widgets/button';
import { Failure } from '../staff/parts';
import { useGuard } from '../staff/shell';
import { VITAL_KEYS } from './note/types';
import { n, vitalWords } from './note/words';

interface State {
    readonly told: VisitOutreach | null;
    readonly problem: unknown;
}

function useOutreach(visitId: string): State & { readonly load: () => void } {
    const [state, setState] = useState<State>({ told: null, problem: null });
    const guard = useGuard();
    const load = () => {
        setState({ told: null, problem: null });
        api.get<VisitOutreach>(`/api/v1/visits/${visitId}/outreach`).then(
            (told) => setState({ told, problem: null }),
            (problem: unknown) => {
                /* A visit with a nurse that was booked otherwise has none. */
                const none = problem instanceof ApiProblem && problem.status === 404;
                if (!none && !guard(problem)) setState({ told: null, problem });
            },
        );
    };
    useEffect(load, [visitId]);
    return { ...state, load };
}

interface Props {
    readonly visitId: string;
    /** Takes what was measured into the note; null: not now. */
    readonly onVitals: ((vitals: VisitOutreach['vitals']) => void) | null;
}

export function OutreachPanel({ visitId, onVitals }: Props) {
    const [taken, setTaken] = useState(false);
    const { told, problem, load } = useOutreach(visitId);
    if (problem !== null) return <Failure problem={problem} onRetry={load} />;
    if (!told) return null;
    const facts: readonly (readonly [string, string | null])[] = [
        [o('panel.reason'), told.reason],
        [o('panel.identity'), o(told.identity === 'none' ? 'form.no_identity' : `form.${told.identity}`)],
        [o('panel.nik'), told.without_nik && withoutWords(told.without_nik)],
        [o('panel.mother'), told.mother_nik_masked],
        [o('panel.address'), told.address],
    ];
    return (
        <section class="from-post" data-testid="from-post">
            <h3>{o('panel.title', { village: told.village, area: told.area })}</h3>
            <p class="quiet">{o('panel.by', { when: dateAndTime(told.registered_at_ms) })}</p>
            <dl class="pairs">
                {facts.map(([name, value]) => value && (
                    <div key={name}>
                        <dt>{name}</dt>
                        <dd>{value}</dd>
                    </div>
                ))}
            </dl>
            <Vitals vitals={told.vitals} />
            {onVitals && VITAL_KEYS.some((key) => told.vitals[key] !== null) && (
                <p>
                    <Button icon="check" disabled={taken} testId="take-vitals"
                        onClick={() => {
                            onVitals(told.vitals);
                            setTaken(true);
                        }}>
                        {o(taken ? 'panel.taken' : 'panel.take')}
                    </Button>
                </p>
            )}
            <Photos visitId={visitId} photos={told.photos} />
        </section>
    );
}

function withoutWords(without: string): string {
    return o(without === 'newborn' ? 'form.newborn' : without === 'none' ? 'form.none' : 'form.not_at_hand');
}

function Vitals({ vitals }: Pick<VisitOutreach, 'vitals'>) {
    return (
        <ul class="from-post-vitals" data-testid="from-post-vitals">
            {VITAL_KEYS.filter((key) => vitals[key] !== null).map((key) => (
                <li key={key}>
                    <span class="quiet">{n(`vital.${key}`)}</span>{' '}
                    <strong class="numbers">{vitalWords(key, vitals[key])}</strong>
                </li>
            ))}
        </ul>
    );
}

function Photos({ visitId, photos }: { readonly visitId: string; readonly photos: readonly string[] }) {
    return (
        <div class="from-post-photos">
            {photos.map((id, i) => {
                const href = `/api/v1/visits/${visitId}/outreach/photos/${id}`;
                return (
                    <a key={id} href={href} target="_blank" rel="noopener">
                        <img src={href} alt={o('panel.photo', { n: i + 1 })} data-testid="from-post-photo" />
                    </a>
                );
            })}
        </div>
    );
}
