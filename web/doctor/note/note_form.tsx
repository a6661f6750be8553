// SPDX-License-Identifier: Apache-2.0
// The note while it is written.
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiProblem } from '../../shared/api';
import { Banner } from '../../shared/widgets/banner';
import { Button } from '../../shared/widgets/button';
import { Field } from '../../shared/widgets/field';
import { failureText } from '../../shared/words';
import { Dialog } from '../../staff/parts';
import { DiagnosisField } from './diagnosis_field';
import { isUnmet, LIMITS, saysWhat, vitalFaults, withTemplate } from './note_state';
import type { NoteModel, NoteStore } from './note_store';
import { TEMPLATE_NAMES, TEMPLATES, type TemplateName } from './templates';
import type { TextKey } from './types';
import { VitalFields } from './vital_fields';
import { n } from './words';

interface Props {
    readonly store: NoteStore;
    readonly model: NoteModel;
    readonly begun: boolean;
}

const ROWS: Readonly<Record<TextKey, number>> = { subjective: 4, objective: 3, assessment: 2, plan: 3, allergies: 1 };

export function NoteForm({ store, model, begun }: Props) {
    const { draft } = model;
    const refused = model.problem instanceof ApiProblem ? model.problem : null;
    const text = (key: TextKey) => (
        <TextField key={key} name={key} value={draft[key]} error={refused?.field(key)}
            onValue={(value) => store.edit({ [key]: value })} />
    );
    return (
        <form class="note-form" onSubmit={(event) => event.preventDefault()}>
            <TemplateField onChoose={(name) => store.edit(withTemplate(draft, TEMPLATES[name]))} />
            {text('subjective')}
            {text('allergies')}
            <VitalFields draft={draft} onVitals={(vitals) => store.edit({ vitals })} />
            {text('objective')}
            {text('assessment')}
            <DiagnosisField diagnoses={draft.diagnoses} onDiagnoses={(diagnoses) => store.edit({ diagnoses })} />
            {text('plan')}
            {begun ? <SignAction store={store} model={model} /> : <p class="quiet note-sign" data-testid="sign-later">{n('sign.later')}</p>}
        </form>
    );
}

interface TextProps {
    readonly name: TextKey;
    readonly value: string;
    readonly error: string | undefined;
    readonly onValue: (value: string) => void;
}

function TextField({ name, value, error, onValue }: TextProps) {
    return (
        <Field id={`note-${name}`} label={n(`text.${name}`)} error={error}>
            {(tie) => (
                <textarea {...tie} rows={ROWS[name]} maxLength={LIMITS[name]} value={value} placeholder={n(`text.${name}_hint`)}
                    onInput={(event) => onValue(event.currentTarget.value)} data-testid={`note-${name}`} />
            )}
        </Field>
    );
}

function TemplateField({ onChoose }: { readonly onChoose: (name: TemplateName) => void }) {
    return (
        <div class="field note-template">
            <label class="hidden-words" for="note-template">
                {n('template.label')}
            </label>
            <select id="note-template" value="" data-testid="note-template"
                onChange={(event) => {
                    const name = TEMPLATE_NAMES.find((one) => one === event.currentTarget.value);
                    event.currentTarget.value = '';
                    if (name) onChoose(name);
                }}>
                <option value="">{n('template.choose')}</option>
                {TEMPLATE_NAMES.map((name) => (
                    <option key={name} value={name}>
                        {n(`template.${name}`)}
                    </option>
                ))}
            </select>
        </div>
    );
}

/** Below the last thing of a pane that scrolls. */
function Unmet({ problem }: { readonly problem: unknown }) {
    const place = useRef<HTMLDivElement>(null);
    useEffect(() => place.current?.scrollIntoView({ block: 'nearest' }), [problem]);
    return (
        <div ref={place}>
            <Banner tone="danger" testId="sign-unmet">{failureText(problem)}</Banner>
        </div>
    );
}

function SignAction({ store, model }: Omit<Props, 'begun'>) {
    const [asks, setAsks] = useState(false);
    const [busy, setBusy] = useState(false);
    const { draft } = model;
    const says = saysWhat(draft);
    const clean = Object.keys(vitalFaults(draft)).length === 0;
    const title = n('sign.title', { patient: model.patient?.name ?? '' });
    const sign = async () => {
        setBusy(true);
        if (await store.sign()) return;
        setBusy(false);
        setAsks(false);
    };
    return (
        <div class="note-sign">
            <Button disabled={!says || !clean} icon="check" onClick={() => setAsks(true)} testId="note-sign">
                {n('sign.action')}
            </Button>
            {isUnmet(model.problem) && <Unmet problem={model.problem} />}
            {(!says || !clean) && <p class="quiet">{n(says ? 'sign.vitals' : 'sign.needs')}</p>}
            {asks && (
                <Dialog label={title} onClose={() => setAsks(false)} testId="sign-dialog">
                    <h2>{title}</h2>
                    <p>{n('sign.text')}</p>
                    {model.before && <p data-testid="sign-before">{n('sign.before', { doctor: model.before.author })}</p>}
                    {draft.diagnoses.length === 0 && <p data-testid="sign-no-code">{n('sign.no_code')}</p>}
                    <div class="dialog-actions">
                        <Button kind="primary" busy={busy} onClick={() => void sign()} testId="sign-submit">
                            {n('sign.submit')}
                        </Button>
                        <Button kind="plain" onClick={() => setAsks(false)}>
                            {n('sign.keep')}
                        </Button>
                    </div>
                </Dialog>
            )}
        </div>
    );
}

