// SPDX-License-Identifier: Apache-2.0
// The doctor's licence: asked for once, then one line.
import { useState } from 'preact/hooks';
import { ApiProblem } from '../../shared/api';
import { Button } from '../../shared/widgets/button';
import { Field, FieldError } from '../../shared/widgets/field';
import { DatePick } from '../../staff/date_pick';
import { dateWords } from '../../staff/dates';
import { Failure } from '../../staff/parts';
import { put } from '../../staff/put';
import { useGuard } from '../../staff/shell';
import type { Licence } from './types';
import { l } from './words';

interface Props {
    readonly licence: Licence;
    readonly onSaved: (licence: Licence) => void;
}

export function LicenceField({ licence, onSaved }: Props) {
    const [open, setOpen] = useState(licence.sip === null);
    if (!open) {
        return (
            <p class="licence-line">
                <span class="quiet">{l('licence.known', { sip: licence.sip ?? '', until: dateWords(licence.valid_until ?? '') })}</span>
                <button type="button" class="link-button" onClick={() => setOpen(true)} data-testid="licence-change">
                    {l('licence.change')}
                </button>
            </p>
        );
    }
    return (
        <LicenceForm licence={licence} onSaved={(saved) => {
            setOpen(false);
            onSaved(saved);
        }} />
    );
}

function LicenceForm({ licence, onSaved }: Props) {
    const [sip, setSip] = useState(licence.sip ?? '');
    const [until, setUntil] = useState(licence.valid_until ?? '');
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    const refused = problem instanceof ApiProblem && problem.errors.length > 0 ? problem : null;
    const submit = (event: Event) => {
        event.preventDefault();
        setBusy(true);
        setProblem(null);
        put<Licence>('/api/v1/licence', { sip: sip.trim(), valid_until: until })
            .then(onSaved, (error: unknown) => {
                if (!guard(error)) setProblem(error);
            })
            .finally(() => setBusy(false));
    };
    return (
        <form class="licence" onSubmit={submit} data-testid="licence-form">
            <h3 class="label">{l('licence.title')}</h3>
            <p class="quiet">{l('licence.text')}</p>
            <Field id="licence-sip" label={l('licence.sip')} error={refused?.field('sip')}>
                {(tie) => (
                    <input {...tie} autoComplete="off" maxLength={60} value={sip} data-testid="licence-sip"
                        onInput={(event) => setSip(event.currentTarget.value)} />
                )}
            </Field>
            <div class={refused?.field('valid_until') ? 'field wrong' : 'field'}>
                <DatePick label={l('licence.valid_until')} labelled value={until}
                    words={until ? dateWords(until) : l('licence.choose')} testId="licence-until"
                    invalid={refused?.field('valid_until') !== undefined} describedBy={refused?.field('valid_until') && 'licence-until-error'} onValue={setUntil} />
                <FieldError id="licence-until-error" text={refused?.field('valid_until')} />
            </div>
            {problem !== null && refused === null && <Failure problem={problem} />}
            <div>
                <Button type="submit" busy={busy} testId="licence-save">
                    {l('licence.save')}
                </Button>
            </div>
        </form>
    );
}
