// SPDX-License-Identifier: Apache-2.0
// The NIK of a patient who was booked without one; what it leads to.
import { useState } from 'preact/hooks';
import { api, ApiProblem, told, type Said } from '../shared/api';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Field } from '../shared/widgets/field';
import { Dialog, Failure, VisitLine } from '../staff/parts';
import { q } from '../staff/queue_words';
import { useGuard } from '../staff/shell';
import type { DayVisit } from '../staff/types';

const MAX_TYPED = 32;

interface Given {
    readonly pairs: number;
    readonly warnings: readonly Said[];
}

interface Props {
    readonly visit: DayVisit;
    readonly onClose: () => void;
    readonly onSaved: () => void;
}

export function NikDialog({ visit, onClose, onSaved }: Props) {
    const guard = useGuard();
    const [nik, setNik] = useState('');
    const [asked, setAsked] = useState(false);
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const [given, setGiven] = useState<Given | null>(null);
    const submit = (event: Event) => {
        event.preventDefault();
        setAsked(true);
        if (busy || nik.trim() === '') return;
        setBusy(true);
        setProblem(null);
        api.post<Given>(`/api/v1/visits/${visit.id}/nik`, { nik: nik.trim() })
            .then((answer) => {
                setGiven(answer);
                onSaved();
            }, (error: unknown) => {
                if (!guard(error)) setProblem(error);
            })
            .finally(() => setBusy(false));
    };
    const title = q('nik.title', { patient: visit.patient });
    const fault = problem instanceof ApiProblem ? problem.field('nik') : undefined;
    return (
        <Dialog label={title} onClose={onClose} testId="nik-dialog">
            <form class="dialog-form" onSubmit={submit} noValidate>
                <h2>{title}</h2>
                <VisitLine number={visit.number} startsAtMs={visit.starts_at_ms} />
                {given ? <Saved given={given} /> : (
                    <Field id="nik" label={q('nik.label')} hint={q('nik.hint')}
                        error={asked && nik.trim() === '' ? q('nik.missing') : fault}>
                        {(tie) => (
                            <input {...tie} inputMode="numeric" maxLength={MAX_TYPED} value={nik} autoComplete="off"
                                onInput={(event) => setNik(event.currentTarget.value)} />
                        )}
                    </Field>
                )}
                {problem !== null && !fault && <Failure problem={problem} />}
                <div class="dialog-actions">
                    {!given && (
                        <Button kind="primary" type="submit" busy={busy} testId="nik-save">
                            {q('nik.save')}
                        </Button>
                    )}
                    <Button kind="plain" onClick={onClose}>
                        {given ? q('nik.done') : q('manage.close')}
                    </Button>
                </div>
            </form>
        </Dialog>
    );
}

function Saved({ given }: { readonly given: Given }) {
    return (
        <div class="stack" data-testid="nik-saved">
            <Banner tone="good">{q('nik.saved')}</Banner>
            {given.warnings.map((one) => (
                <Banner key={one.message} tone="warning">{told(one)}</Banner>
            ))}
            {given.pairs > 0 && (
                <Banner tone="warning">
                    <p>{q('nik.pairs')}</p>
                    <a class="button" href="/pasien-ganda" data-testid="nik-pairs">
                        {q('nik.compare')}
                    </a>
                </Banner>
            )}
        </div>
    );
}
