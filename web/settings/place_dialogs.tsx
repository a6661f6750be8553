// SPDX-License-Identifier: Apache-2.0
// A facility and a clinic: new ones, or one that is changed or archived.
import { useState } from 'preact/hooks';
import { api } from '../shared/api';
import { Check } from '../hours/fields';
import { useChange } from '../hours/change';
import { useOpened } from '../staff/opened';
import { activeLine, faultOf, FormDialog, missing, revisionOf, SelectField, TextField } from './fields';
import { areaWords, districts } from './settings_state';
import {
    FACILITY_KINDS, WAIT_MODES, type Area, type Clinic, type Directory, type Facility, type FacilityKind, type WaitMode,
} from './types';
import { s } from './words';

export interface DialogProps {
    readonly onClose: () => void;
    /** `kept`: patients who stay booked without hours. */
    readonly onSaved: (kept: number, told?: number, earlierUntil?: string | null, notReachable?: number, noPhone?: number) => void;
}

interface Saved {
    readonly id: string;
    readonly kept: number;
}

export function ActiveCheck({ active, onActive }: { readonly active: boolean; readonly onActive: (active: boolean) => void }) {
    return <Check label={s('active')} hint={s('active_hint')} checked={active} onChecked={onActive} testId="active" />;
}

function facilityDraft(facility: Facility | null) {
    return {
        name: facility?.name ?? '', kind: facility?.kind ?? ('puskesmas' as FacilityKind),
        area_code: facility?.area_code ?? '', address: facility?.address ?? '', phone: facility?.phone ?? '',
        active: facility?.active ?? true,
    };
}
type FacilityDraft = ReturnType<typeof facilityDraft>;

export function FacilityDialog({ facility, areas, onClose, onSaved }: DialogProps & {
    /** null: a new one */
    readonly facility: Facility | null;
    readonly areas: readonly Area[];
}) {
    const opened = useOpened<Facility, FacilityDraft>({
        thing: facility, draftOf: facilityDraft,
        load: async () => (await api.get<Directory>('/api/v1/directory')).facilities.find((one) => one.id === facility?.id),
        linesOf: (one) => [
            [s('facility_name'), one.name], [s('facility_kind'), s(`kind.${one.kind}`)], [s('area'), areaWords(one.area_code, areas)],
            [s('address'), one.address], [s('phone'), one.phone], activeLine(one.active),
        ],
    });
    const { draft, setDraft } = opened;
    const [asked, setAsked] = useState(0);
    const change = useChange(onSaved, opened.meet);
    const own = missing(draft, ['name', 'area_code', 'address', 'phone']);
    if (own.area_code) own.area_code = s('area_missing');
    const fault = faultOf(own, asked, change);
    const put = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part });
    const submit = () => {
        setAsked(asked + 1);
        if (Object.keys(own).length > 0) return;
        const path = `/api/v1/directory/facilities${facility ? `/${facility.id}` : ''}`;
        change.submit((query) => api.post<Saved>(`${path}${facility ? query : ''}`,
            { ...draft, ...revisionOf(opened.base) }));
    };
    return (
        <FormDialog title={s(facility ? 'facility_change' : 'facility_new')} testId="facility-dialog" change={change}
            asked={asked} news={opened.news} onSubmit={submit} onClose={onClose}>
            <TextField id="name" label={s('facility_name')} max={80} value={draft.name} error={fault('name')}
                onValue={(name) => put({ name })} />
            <SelectField id="kind" label={s('facility_kind')} value={draft.kind} error={fault('kind')}
                onValue={(kind) => put({ kind: kind as FacilityKind })}>
                {FACILITY_KINDS.map((kind) => (
                    <option key={kind} value={kind}>
                        {s(`kind.${kind}`)}
                    </option>
                ))}
            </SelectField>
            <SelectField id="area" label={s('area')} value={draft.area_code} error={fault('area_code')}
                empty={s('area_choose')} onValue={(area_code) => put({ area_code })}>
                {districts(areas).map(({ parent, children }) => (
                    <optgroup key={parent.code} label={parent.name}>
                        {children.map((one) => (
                            <option key={one.code} value={one.code}>
                                {one.name}
                            </option>
                        ))}
                    </optgroup>
                ))}
            </SelectField>
            <TextField id="address" label={s('address')} max={160} value={draft.address} error={fault('address')}
                onValue={(address) => put({ address })} />
            <TextField id="phone" label={s('phone')} hint={s('phone_hint')} max={20} kind="tel" value={draft.phone}
                error={fault('phone')} onValue={(phone) => put({ phone })} />
            {facility && <ActiveCheck active={draft.active} onActive={(active) => put({ active })} />}
        </FormDialog>
    );
}

function clinicDraft(clinic: Clinic | null) {
    return {
        name: clinic?.name ?? '', letter: clinic?.letter ?? '', active: clinic?.active ?? true,
        wait_mode: clinic?.wait_mode ?? ('one_by_one' as WaitMode),
    };
}
type ClinicDraft = ReturnType<typeof clinicDraft>;

export function ClinicDialog({ facility, clinic, onClose, onSaved }: DialogProps & {
    readonly facility: Facility;
    /** null: a new one */
    readonly clinic: Clinic | null;
}) {
    const opened = useOpened<Clinic, ClinicDraft>({
        thing: clinic, draftOf: clinicDraft,
        load: async () => (await api.get<Directory>('/api/v1/directory')).clinics.find((one) => one.id === clinic?.id),
        linesOf: (one) => [
            [s('clinic_name'), one.name], [s('letter'), one.letter], [s('wait_mode'), s(`wait_mode.${one.wait_mode}`)],
            activeLine(one.active),
        ],
    });
    const { draft, setDraft } = opened;
    const [asked, setAsked] = useState(0);
    const change = useChange(onSaved, opened.meet);
    const own = missing(draft, ['name']);
    const fault = faultOf(own, asked, change);
    const put = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part });
    const submit = () => {
        setAsked(asked + 1);
        if (Object.keys(own).length > 0) return;
        const path = `/api/v1/directory/clinics${clinic ? `/${clinic.id}` : ''}`;
        const body = { ...draft, letter: draft.letter || null, ...(clinic ? {} : { facility: facility.id }),
            ...revisionOf(opened.base) };
        change.submit((query) => api.post<Saved>(`${path}${clinic ? query : ''}`, body));
    };
    return (
        <FormDialog title={clinic ? s('clinic_change') : s('clinic_new', { facility: facility.name })}
            testId="clinic-dialog" change={change} asked={asked} news={opened.news} onSubmit={submit} onClose={onClose}>
            <TextField id="name" label={s('clinic_name')} hint={s('clinic_name_hint')} max={80} value={draft.name}
                error={fault('name')} onValue={(name) => put({ name })} />
            <TextField id="letter" label={s('letter')} hint={s('letter_hint')} max={1} plain value={draft.letter}
                error={fault('letter')} onValue={(letter) => put({ letter: letter.toUpperCase() })} />
            <SelectField id="wait_mode" label={s('wait_mode')} hint={s('wait_mode_hint')} value={draft.wait_mode}
                error={fault('wait_mode')} onValue={(mode) => put({ wait_mode: mode as WaitMode })}>
                {WAIT_MODES.map((mode) => (
                    <option key={mode} value={mode}>
                        {s(`wait_mode.${mode}`)}
                    </option>
                ))}
            </SelectField>
            {clinic && <ActiveCheck active={draft.active} onActive={(active) => put({ active })} />}
        </FormDialog>
    );
}
