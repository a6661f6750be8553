// SPDX-License-Identifier: Apache-2.0
// Somebody has to go, at once: who, what happened, and whether the facility confirms the patient's next bookings.
import { useRef, useState } from 'preact/hooks';
import { api, newIdempotencyKey } from '../shared/api';
import { inOnePiece } from '../shared/format';
import type { GuestLabel } from '../shared/messages';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Field, FieldError } from '../shared/widgets/field';
import { common } from '../shared/words';
import { i } from './incident_words';
import { Dialog, Failure } from './parts';
import { useGuard } from './shell';
import { ownerOfUnsaved } from './unsaved';
import { useKept } from './use_kept';

export type Who = 'patient' | GuestLabel;
export const INCIDENT_KINDS = ['abuse', 'threat', 'indecency', 'recording', 'impersonation', 'other'] as const;
export type IncidentKind = (typeof INCIDENT_KINDS)[number];
const BLOCK_DAYS = [7, 30, 90] as const;
const MIN_TEXT = 3;
const MAX_TEXT = 500;

export function whoWords(who: Who): string {
    return who === 'patient' ? i('who.patient') : common(`guest_${who}`);
}

interface Props {
    readonly visitId: string;
    /** Whose visit it is, in words: somebody is sent out at once. */
    readonly patient: string;
    /** null: not known here. */
    readonly number: string | null;
    /** Who is in the visit beside the patient. */
    readonly guests: readonly GuestLabel[];
    readonly onClose: () => void;
    readonly onDone: () => void;
}

export function IncidentDialog({ visitId, patient, number, guests, onClose, onDone }: Props) {
    const kept = useKept(ownerOfUnsaved() ?? '', `incident.${visitId}`);
    const { text = '', block = '0' } = kept.texts;
    const who = guests.find((one) => one === kept.texts.who) ?? 'patient';
    const kind = INCIDENT_KINDS.find((one) => one === kept.texts.kind) ?? null;
    const blockDays = Number(block);
    const [asked, setAsked] = useState(false);
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    /* One report has one key, also when it is sent again; what says something else is another one. */
    const sent = useRef({ text: '', key: '' });
    const firstKind = useRef<HTMLInputElement>(null);
    const missing = text.trim().length < MIN_TEXT;
    const submit = (event: Event) => {
        event.preventDefault();
        setAsked(true);
        if (kind === null) firstKind.current?.focus();
        else if (missing) document.getElementById('incident-text')?.focus();
        if (kind === null || missing || busy) return;
        setBusy(true);
        setProblem(null);
        const report = { who, kind, text: text.trim(), block_days: who === 'patient' ? blockDays : 0 };
        const said = JSON.stringify(report);
        if (said !== sent.current.text) sent.current = { text: said, key: newIdempotencyKey() };
        api.post(`/api/v1/visits/${visitId}/incidents`, { key: sent.current.key, ...report })
            .then(() => {
                kept.drop();
                onDone();
            }, (error: unknown) => {
                if (!guard(error)) setProblem(error);
            })
            .finally(() => setBusy(false));
    };
    const close = () => {
        kept.drop();
        onClose();
    };
    return (
        <Dialog label={i('report.title')} onClose={close} testId="incident-dialog">
            <form class="dialog-form" onSubmit={submit} noValidate>
                <h2>{i('report.title')}</h2>
                <p class="visit-line" data-testid="incident-patient">
                    {number !== null && <strong class="numbers">{inOnePiece(number)}</strong>}
                    <span>{patient}</span>
                </p>
                {kept.restored && <Banner tone="info" testId="incident-restored">{i('report.restored')}</Banner>}
                {guests.length > 0 && <WhoChoice who={who} guests={guests} onWho={(one) => kept.set('who', one)} />}
                <p class="quiet">{i(who === 'patient' ? 'report.patient_hint' : 'report.guest_hint')}</p>
                <KindChoice kind={kind} wrong={asked && kind === null} first={firstKind} onKind={(one) => kept.set('kind', one)} />
                <Field id="incident-text" label={i('report.text')} hint={i('report.text_hint')}
                    error={asked && missing ? i('report.text_missing') : undefined}>
                    {(tie) => (
                        <textarea {...tie} rows={3} maxLength={MAX_TEXT} value={text} data-testid="incident-text"
                            onInput={(event) => kept.set('text', event.currentTarget.value)} />
                    )}
                </Field>
                {who === 'patient' && (
                    <Field id="incident-block" label={i('report.block')} hint={i('report.block_hint')}>
                        {(tie) => (
                            <select {...tie} value={String(blockDays)} data-testid="incident-block"
                                onChange={(event) => kept.set('block', event.currentTarget.value)}>
                                <option value="0">{i('report.block_0')}</option>
                                {BLOCK_DAYS.map((n) => (
                                    <option key={n} value={String(n)}>{i('report.block_n', { n })}</option>
                                ))}
                            </select>
                        )}
                    </Field>
                )}
                {problem !== null && <Failure problem={problem} />}
                <div class="dialog-actions">
                    <Button kind="danger" type="submit" busy={busy} testId="incident-submit">
                        {i('report.submit')}
                    </Button>
                    <Button kind="plain" onClick={close}>
                        {i('report.keep')}
                    </Button>
                </div>
            </form>
        </Dialog>
    );
}

interface WhoProps {
    readonly who: Who;
    readonly guests: readonly GuestLabel[];
    readonly onWho: (who: Who) => void;
}

function WhoChoice({ who, guests, onWho }: WhoProps) {
    return (
        <fieldset class="choices">
            <legend class="label">{i('report.who')}</legend>
            {(['patient', ...guests] as const).map((one) => (
                <label class="choice" key={one}>
                    <input type="radio" name="who" value={one} checked={who === one} onChange={() => onWho(one)} />
                    <span>{whoWords(one)}</span>
                </label>
            ))}
        </fieldset>
    );
}

interface KindProps {
    readonly kind: IncidentKind | null;
    readonly wrong: boolean;
    readonly first: { current: HTMLInputElement | null };
    readonly onKind: (kind: IncidentKind) => void;
}

function KindChoice({ kind, wrong, first, onKind }: KindProps) {
    return (
        <fieldset class="choices" aria-describedby={wrong ? 'kind-error' : undefined}>
            <legend class="label">{i('report.kind')}</legend>
            {INCIDENT_KINDS.map((one, n) => (
                <label class="choice" key={one}>
                    <input ref={n === 0 ? first : undefined} type="radio" name="kind" value={one}
                        checked={kind === one} onChange={() => onKind(one)} />
                    <span>{i(`kind.${one}`)}</span>
                </label>
            ))}
            <FieldError id="kind-error" text={wrong ? i('report.choose') : undefined} />
        </fieldset>
    );
}
