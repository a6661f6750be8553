// SPDX-License-Identifier: Apache-2.0
// One patient: who it is, what was measured, photos, consent. Saved on the tablet.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { VitalFields } from '../doctor/note/vital_fields';
import { told } from '../shared/api';
import type { ConsentReply } from '../shared/api_types';
import { getLang } from '../shared/lang';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { ConsentText } from '../shared/widgets/consent_text';
import { Field, FieldError } from '../shared/widgets/field';
import { dateWords } from '../staff/dates';
import { serverNow, serverToday } from '../staff/server_clock';
import {
    changed, formIsFine, IDENTITIES, isAgreed, isLater, isThere, NIK_KINDS, sameNik, wrongFields, type Entry, type Form, type FormField, type Texts,
} from './entry';
import { PhotoFields } from './photo_fields';
import { RemoveEntry } from './remove_entry';
import { useDraft, type DraftHook, type DraftOf } from './use_draft';
import { newUuid } from './uuid';
import { o } from './words';

interface Props extends DraftOf {
    readonly consent: ConsentReply | null;
    /** What the tablet holds of the post. */
    readonly held: readonly Entry[];
    readonly onOpen: (entry: Entry) => void;
    readonly onClose: () => void;
    readonly onSaved: () => void;
}

/** Saved, and with it the draft ends. */
async function keep({ vault, post, user, entry }: DraftOf, { form, pictures, known, stored }: DraftHook): Promise<void> {
    const photos = pictures?.map((one) => one.id) ?? known;
    const added = new Map<string, ArrayBuffer>();
    for (const one of pictures ?? []) if (one.isNew) added.set(one.id, await one.blob.arrayBuffer());
    const drop = async (before: readonly string[]) => {
        for (const id of before) if (!photos.includes(id)) await vault.removePhoto(id);
    };
    if (!entry) {
        const sequence = await vault.nextSequence(post);
        const fresh: Entry = {
            id: newUuid(), owner: user, post, sequence, revision: 1, sent: false, lang: getLang(), form, registeredAtMs: serverNow(), photos,
            errors: [],
        };
        await vault.save(fresh, added, post);
        return drop([...stored]);
    }
    return vault.exclusive(async () => {
        /* Gone: the server has it by now, so this is another revision. */
        const now = (await vault.entry(entry.id)) ?? { ...entry, sent: true };
        /* What went meanwhile need not go again. */
        const left = photos.filter((id) => added.has(id) || stored.has(id) || now.photos.includes(id));
        await vault.save(changed(now, form, left), added, post);
        await drop([...entry.photos, ...stored]);
    });
}

/** Fault words of a field: what this page sees, else what the server said. */
function useFaults(form: Form, entry: Entry | null, asked: number, texts: Texts) {
    const wrong = asked > 0 ? wrongFields(form, texts) : [];
    return (field: FormField): string | undefined => {
        if (wrong.includes(field)) return o(`wrong.${field}`);
        const given = entry?.form;
        const same = given && JSON.stringify(given) === JSON.stringify(form);
        const error = same ? entry?.errors.find((one) => one.field === field) : undefined;
        return error && told(error);
    };
}

export function EntryForm(props: Props) {
    const { vault, entry, draft, consent, held, onOpen, onClose, onSaved } = props;
    const typed = useDraft(props);
    const { form, set } = typed;
    const [asked, setAsked] = useState(0);
    const [busy, setBusy] = useState(false);
    const [failed, setFailed] = useState(false);
    const texts = { current: consent?.version ?? 0, heard: entry?.form?.consent ?? 0 };
    const fault = useFaults(form, entry, asked, texts);
    const element = useRef<HTMLFormElement>(null);
    const twin = sameNik(held, form, entry?.id ?? null);
    useEffect(() => {
        element.current?.querySelector<HTMLElement>('[aria-invalid=true], .pos-choice.wrong input')?.focus();
    }, [asked]);
    const save = (event: Event) => {
        event.preventDefault();
        setAsked(asked + 1);
        if (busy || !formIsFine(form, texts)) return;
        setBusy(true);
        typed.stop().then(() => keep(props, typed)).then(onSaved, () => {
            typed.goOn();
            setBusy(false);
            setFailed(true);
        });
    };
    const leave = (next: () => void) => void typed.end().then(next, () => setFailed(true));
    const others = entry?.errors.filter((error) => !OWN_FIELDS.has(error.field)) ?? [];
    return (
        <form ref={element} class="pos-form" onSubmit={save} noValidate data-testid="entry-form">
            <h1>{o(entry ? 'form.edit' : 'form.new')}</h1>
            {draft && <Banner tone="info" testId="draft-back">{o('form.draft')}</Banner>}
            {others.map((error) => <Banner tone="danger" key={error.field}>{told(error)}</Banner>)}
            <section class="pos-part">
                <h2>{o('form.person')}</h2>
                <PersonFields form={form} fault={fault} onForm={set} sameNik={
                    twin && <Twin twin={twin} onOpen={() => leave(() => onOpen(twin))} />} />
            </section>
            <section class="pos-part">
                <h2>{o('form.visit')}</h2>
                <Field id="reason" label={o('form.reason')} error={fault('reason')}>
                    {(tie) => <textarea {...tie} rows={3} maxLength={500} value={form.reason}
                        onInput={(event) => set({ reason: event.currentTarget.value })} />}
                </Field>
                <VitalFields draft={form} onVitals={(vitals) => set({ vitals })} />
                <PhotoFields vault={vault} own={typed.own} known={typed.known} nSent={entry?.sentPhotos ?? 0} pictures={typed.pictures}
                    onRead={typed.read} onAdd={(picture) => typed.setPictures((all) => [...all, picture])}
                    onRemove={(id) => typed.setPictures((all) => all.filter((one) => one.id !== id))} />
                <Consent consent={consent} texts={texts} form={form} fault={fault} onForm={set} />
            </section>
            {(failed || typed.failed) && <Banner tone="danger" testId="store-failed">{o('form.store_failed')}</Banner>}
            <div class="pos-actions">
                <Button kind="primary" type="submit" busy={busy} testId="entry-save">{o('form.save')}</Button>
                <Button onClick={() => leave(onClose)} testId="entry-cancel">{o('form.cancel')}</Button>
                {entry && !isThere(entry) && (
                    <RemoveEntry entry={entry} onRemove={() => leave(() => void vault.remove(entry).then(onSaved))} />
                )}
            </div>
        </form>
    );
}

const OWN_FIELDS = new Set<string>(['name', 'birth_date', 'sex', 'nik', 'mother_nik', 'phone', 'identity', 'reason', 'consent']);

/** The same NIK was taken down here already: the way to it. */
function Twin({ twin, onOpen }: { readonly twin: Entry; readonly onOpen: () => void }) {
    return (
        <Banner tone="warning" testId="same-nik">
            <p>{o('form.same_nik', { name: twin.form?.name.trim() ?? '' })}</p>
            <Button onClick={onOpen} testId="same-nik-open">{o('form.same_nik_open')}</Button>
        </Banner>
    );
}

interface PartProps {
    readonly form: Form;
    readonly fault: (field: FormField) => string | undefined;
    readonly onForm: (change: Partial<Form>) => void;
}

interface ChoiceProps<T extends string> {
    readonly id: FormField | 'nik_kind';
    readonly label: string;
    readonly values: readonly T[];
    readonly value: string;
    readonly words: (value: T) => string;
    readonly error?: string | undefined;
    readonly onValue: (value: T) => void;
}

/** Large buttons instead of a list: one touch each. */
function Choice<T extends string>({ id, label, values, value, words, error, onValue }: ChoiceProps<T>) {
    return (
        <fieldset class={error ? 'field pos-choice wrong' : 'field pos-choice'} aria-describedby={error ? `${id}-error` : undefined}>
            <legend>{label}</legend>
            <div class="pos-options">
                {values.map((one) => (
                    <label key={one} class="pos-option">
                        <input type="radio" name={id} value={one} checked={value === one} data-testid={`${id}-${one}`} onChange={() => onValue(one)} />
                        <span>{words(one)}</span>
                    </label>
                ))}
            </div>
            <FieldError id={`${id}-error`} text={error} />
        </fieldset>
    );
}

interface PersonProps extends PartProps {
    /** Said of the NIK, below it. */
    readonly sameNik: ComponentChildren;
}

function PersonFields({ form, fault, onForm, sameNik }: PersonProps) {
    const text = (id: FormField | 'address', key: 'name' | 'birth' | 'nik' | 'motherNik' | 'phone' | 'address', label: string,
        mode: 'text' | 'numeric' | 'tel', max: number, hint?: string) => (
        <Field id={id} label={label} hint={hint} error={id === 'address' ? undefined : fault(id)}>
            {(tie) => <input {...tie} autoComplete="off" inputMode={mode} maxLength={max} value={form[key]}
                onInput={(event) => onForm({ [key]: event.currentTarget.value })} />}
        </Field>
    );
    return (
        <>
            <div class="pos-pair">
                {text('name', 'name', o('form.name'), 'text', 80)}
                {text('birth_date', 'birth', o('form.birth'), 'numeric', 10, o('form.birth_hint'))}
            </div>
            {isLater(form, serverToday()) && (
                <Banner tone="warning" testId="birth-later">{o('form.birth_later', { date: dateWords(serverToday()) })}</Banner>
            )}
            <Choice id="sex" label={o('form.sex')} values={['L', 'P'] as const} value={form.sex} error={fault('sex')}
                words={(one) => o(`form.${one}`)} onValue={(sex) => onForm({ sex })} />
            <Choice id="nik_kind" label={o('form.without')} values={NIK_KINDS} value={form.nikKind}
                words={(one) => o(one === 'nik' ? 'form.has_nik' : `form.${one}`)} onValue={(nikKind) => onForm({ nikKind })} />
            {form.nikKind === 'nik' && text('nik', 'nik', o('form.nik'), 'numeric', 24, o('form.nik_hint'))}
            {sameNik}
            {form.nikKind === 'newborn' && text('mother_nik', 'motherNik', o('form.mother_nik'), 'numeric', 24, o('form.nik_hint'))}
            <Choice id="identity" label={o('form.identity')} values={IDENTITIES} value={form.identity} error={fault('identity')}
                words={(one) => o(one === 'none' ? 'form.no_identity' : `form.${one}`)} onValue={(identity) => onForm({ identity })} />
            <div class="pos-pair">
                {text('phone', 'phone', o('form.phone'), 'tel', 24)}
                {text('address', 'address', o('form.address'), 'text', 200)}
            </div>
        </>
    );
}

/** Asked for in so many words: what is not agreed to yet is another thing than what was forgotten. */
function Consent({ consent, texts, form, fault, onForm }: PartProps & { readonly consent: ConsentReply | null; readonly texts: Texts }) {
    if (!consent) return <Banner tone="warning">{o('form.consent_missing')}</Banner>;
    const given = isAgreed(form, texts);
    return (
        <>
            {form.consent > 0 && form.consent !== consent.version && (
                <Banner tone={given ? 'info' : 'warning'} testId="consent-replaced">
                    {o(given ? 'form.consent_before' : 'form.consent_replaced')}
                </Banner>
            )}
            <ConsentText consent={consent} title={o('form.consent_text')} />
            <Choice id="consent" label={o('form.consent')} values={['given', 'later'] as const}
                value={given ? 'given' : form.consentLater ? 'later' : ''} error={fault('consent')}
                words={(one) => o(`form.consent_${one}`)}
                onValue={(one) => onForm({ consent: one === 'given' ? consent.version : 0, consentLater: one === 'later' })} />
            {form.consentLater && <p class="hint">{o('form.consent_later_hint')}</p>}
        </>
    );
}
