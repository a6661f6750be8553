// SPDX-License-Identifier: Apache-2.0
// A practitioner: name and registration, the clinics, a permit for each facility of these.
import { useState } from 'preact/hooks';
import { api } from '../shared/api';
import { useChange } from '../hours/change';
import { Check, DateField } from '../hours/fields';
import { FieldError } from '../shared/widgets/field';
import { dateWords } from '../staff/dates';
import { useOpened } from '../staff/opened';
import type { Line } from '../staff/opened_state';
import { activeLine, faultOf, FormDialog, missing, revisionOf, TextField } from './fields';
import { ActiveCheck, type DialogProps } from './place_dialogs';
import { clinicsOf, workplaces } from './settings_state';
import type { Directory, Permit, Practitioner } from './types';
import { s } from './words';

interface Draft {
    readonly name: string;
    readonly str_number: string;
    /** '': for life */
    readonly str_valid_until: string;
    readonly clinics: readonly string[];
    /** By facility; those of facilities that are not chosen are not sent. */
    readonly permits: Readonly<Record<string, Permit>>;
    readonly active: boolean;
}

function draftOf(person: Practitioner | null, directory: Directory): Draft {
    const only = directory.clinics.filter((one) => one.active);
    return {
        name: person?.name ?? '',
        str_number: person?.str_number ?? '',
        str_valid_until: person?.str_valid_until ?? '',
        clinics: person?.clinics ?? (only.length === 1 ? only.map((one) => one.id) : []),
        permits: Object.fromEntries((person?.permits ?? []).map((one) => [one.facility, one])),
        active: person?.active ?? true,
    };
}

function permitsOf(draft: Draft, directory: Directory): Permit[] {
    return workplaces(draft, directory)
        .map((facility) => draft.permits[facility.id])
        .filter((one): one is Permit => one !== undefined && (one.number.trim() !== '' || one.valid_until !== ''));
}

function faultsOf(draft: Draft, directory: Directory): Record<string, string> {
    const faults = missing(draft, ['name']);
    if (draft.clinics.length === 0 && draft.active) faults.clinics = s('clinics_required');
    permitsOf(draft, directory).forEach((one, i) => {
        if (one.number.trim() === '') faults[`permits[${i}].number`] = s('sip_number_missing');
        if (one.valid_until === '') faults[`permits[${i}].valid_until`] = s('sip_date_missing');
    });
    return faults;
}

/** As people read it, to be held against what somebody else saved. */
function linesOf(draft: Draft, directory: Directory): readonly Line[] {
    const permitWords = (one: Permit | undefined) => (one ? `${one.number}, ${dateWords(one.valid_until)}` : '');
    return [
        [s('person_name'), draft.name],
        [s('str_number'), draft.str_number],
        [s('str_until'), draft.str_valid_until ? dateWords(draft.str_valid_until) : s('str_for_life')],
        [s('clinics'), directory.clinics.filter((one) => draft.clinics.includes(one.id)).map((one) => one.name).join(', ')],
        ...directory.facilities.filter((one) => draft.permits[one.id])
            .map((one): Line => [s('sip_of', { facility: one.name }), permitWords(draft.permits[one.id])]),
        activeLine(draft.active),
    ];
}

interface Props extends DialogProps {
    /** null: a new one */
    readonly person: Practitioner | null;
    readonly directory: Directory;
    readonly today: string;
    /** A new one was saved: its id and name. */
    readonly onAdded: (id: string, name: string, clinics: readonly string[]) => void;
}

export function PersonDialog({ person, directory, today, onClose, onSaved, onAdded }: Props) {
    const opened = useOpened<Practitioner, Draft>({
        thing: person, draftOf: (one) => draftOf(one, directory), linesOf: (one) => linesOf(one, directory),
        load: async () => (await api.get<Directory>('/api/v1/directory')).practitioners.find((one) => one.id === person?.id),
    });
    const { draft, setDraft } = opened;
    const [asked, setAsked] = useState(0);
    const change = useChange((...saved) => {
        if (person) onSaved(...saved);
    }, opened.meet);
    const own = faultsOf(draft, directory);
    const fault = faultOf(own, asked, change);
    const put = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
    const submit = () => {
        setAsked(asked + 1);
        if (Object.keys(own).length > 0) return;
        const body = {
            name: draft.name.trim(), str_number: draft.str_number.trim() || null,
            str_valid_until: draft.str_valid_until || null, clinics: draft.clinics,
            permits: permitsOf(draft, directory), active: draft.active, ...revisionOf(opened.base),
        };
        const path = `/api/v1/directory/practitioners${person ? `/${person.id}` : ''}`;
        change.submit(async (query) => {
            const saved = await api.post<{ id: string; kept: number }>(`${path}${person ? query : ''}`, body);
            if (!person) onAdded(saved.id, body.name, draft.clinics);
            return saved;
        });
    };
    return (
        <FormDialog title={s(person ? 'person_change' : 'person_new')} testId="person-dialog" change={change}
            asked={asked} news={opened.news} onSubmit={submit} onClose={onClose}>
            <TextField id="name" label={s('person_name')} hint={s('person_name_hint')} max={80} value={draft.name}
                error={fault('name')} onValue={(name) => put({ name })} />
            <TextField id="str" label={s('str_number')} hint={s('str_hint')} max={60} plain value={draft.str_number}
                error={fault('str_number')} onValue={(str_number) => put({ str_number })} />
            <Check label={s('str_for_life')} checked={draft.str_valid_until === ''} testId="str-for-life"
                onChecked={(checked) => put({ str_valid_until: checked ? '' : today })} />
            {draft.str_valid_until !== '' && (
                <DateField id="str-until" label={s('str_until')} value={draft.str_valid_until}
                    error={fault('str_valid_until')} onValue={(str_valid_until) => put({ str_valid_until })} />
            )}
            <Clinics draft={draft} directory={directory} error={fault('clinics')} onClinics={(clinics) => put({ clinics })} />
            <Permits draft={draft} directory={directory} fault={fault} onPermits={(permits) => put({ permits })} />
            {person && <ActiveCheck active={draft.active} onActive={(active) => put({ active })} />}
        </FormDialog>
    );
}

interface ClinicsProps {
    readonly draft: Draft;
    readonly directory: Directory;
    readonly error: string | undefined;
    readonly onClinics: (clinics: readonly string[]) => void;
}

function Clinics({ draft, directory, error, onClinics }: ClinicsProps) {
    const toggle = (id: string) => {
        const rest = draft.clinics.filter((one) => one !== id);
        onClinics(rest.length < draft.clinics.length ? rest : [...rest, id]);
    };
    const facilities = directory.facilities.filter((one) => one.active);
    return (
        <fieldset class="choices" aria-describedby={error ? 'clinics-error' : undefined}>
            <legend class="label">{s('clinics')}</legend>
            {facilities.map((facility) => clinicsOf(facility.id, directory.clinics)
                .filter((one) => one.active || draft.clinics.includes(one.id))
                .map((clinic) => (
                    <label class="choice" key={clinic.id}>
                        <input type="checkbox" checked={draft.clinics.includes(clinic.id)}
                            aria-invalid={error ? true : undefined} onChange={() => toggle(clinic.id)}
                            data-testid="clinic-choice" />
                        <span>
                            {clinic.name}
                            <span class="choice-hint quiet">{facility.name}</span>
                        </span>
                    </label>
                )))}
            <FieldError id="clinics-error" text={error} />
        </fieldset>
    );
}

interface PermitsProps {
    readonly draft: Draft;
    readonly directory: Directory;
    readonly fault: (field: string) => string | undefined;
    readonly onPermits: (permits: Draft['permits']) => void;
}

function Permits({ draft, directory, fault, onPermits }: PermitsProps) {
    const sent = permitsOf(draft, directory);
    return (
        <>
            {workplaces(draft, directory).map((facility) => {
                const permit = draft.permits[facility.id] ?? { facility: facility.id, number: '', valid_until: '' };
                const at = `permits[${sent.indexOf(permit)}]`;
                const put = (part: Partial<Permit>) =>
                    onPermits({ ...draft.permits, [facility.id]: { ...permit, ...part } });
                return (
                    <fieldset class="choices permit" key={facility.id} data-testid="permit">
                        <legend class="label">{s('sip_of', { facility: facility.name })}</legend>
                        <p class="hint">{s('sip_hint')}</p>
                        <TextField id={`sip-${facility.id}`} label={s('sip_number')} max={60} plain
                            value={permit.number} error={fault(`${at}.number`)} onValue={(number) => put({ number })} />
                        <DateField id={`sip-until-${facility.id}`} label={s('sip_until')} value={permit.valid_until}
                            error={fault(`${at}.valid_until`)} onValue={(valid_until) => put({ valid_until })} />
                    </fieldset>
                );
            })}
        </>
    );
}
