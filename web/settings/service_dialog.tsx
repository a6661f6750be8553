// SPDX-License-Identifier: Apache-2.0
// A service of a clinic: what it is called, how it is held, how long it takes, what it costs.
import { useState } from 'preact/hooks';
import { api } from '../shared/api';
import { useChange } from '../hours/change';
import { NumberField, Radios } from '../hours/fields';
import { decimal } from '../shared/format';
import { Field } from '../shared/widgets/field';
import { useOpened } from '../staff/opened';
import { activeLine, faultOf, FormDialog, missing, revisionOf, TextField } from './fields';
import { ActiveCheck, type DialogProps } from './place_dialogs';
import { SERVICE_MODES, type Clinic, type Directory, type Service, type ServiceMode } from './types';
import { s } from './words';

/** As typed; the ranges are the server's. */
const NUMBERS = [
    ['duration_minutes', 5, 240],
    ['before_minutes', 0, 120],
    ['after_minutes', 0, 120],
    ['price_rupiah', 0, 100_000_000],
] as const;
type NumberName = (typeof NUMBERS)[number][0];

interface Draft extends Readonly<Record<NumberName, string>> {
    readonly name: string;
    readonly mode: ServiceMode;
    readonly active: boolean;
}

function draftOf(service: Service | null): Draft {
    return {
        name: service?.name ?? '', mode: service?.mode ?? 'video', active: service?.active ?? true,
        duration_minutes: String(service?.duration_minutes ?? 15), before_minutes: String(service?.before_minutes ?? 0),
        after_minutes: String(service?.after_minutes ?? 0), price_rupiah: String(service?.price_rupiah ?? 0),
    };
}

/** "15.000" is fifteen thousand here. */
function numberOf(text: string): number {
    const digits = text.replace(/[.\s]/g, '');
    return /^\d{1,9}$/.test(digits) ? Number(digits) : NaN;
}

function faultsOf(draft: Draft): Record<string, string> {
    const faults = missing(draft, ['name']);
    for (const [name, from, to] of NUMBERS) {
        const number = numberOf(draft[name]);
        if (!(number >= from && number <= to)) faults[name] = s('number_wrong', { from, to: decimal(to) });
    }
    return faults;
}

export function ServiceDialog({ clinic, service, onClose, onSaved }: DialogProps & {
    readonly clinic: Clinic;
    /** null: a new one */
    readonly service: Service | null;
}) {
    const opened = useOpened<Service, Draft>({
        thing: service, draftOf,
        load: async () => (await api.get<Directory>('/api/v1/directory')).services.find((one) => one.id === service?.id),
        linesOf: (one) => [
            [s('service_name'), one.name], [s('service_mode'), s(`mode.${one.mode}`)], [s('duration'), one.duration_minutes],
            [s('before'), one.before_minutes], [s('after'), one.after_minutes], [s('price'), one.price_rupiah],
            activeLine(one.active),
        ],
    });
    const { draft, setDraft } = opened;
    const [asked, setAsked] = useState(0);
    const change = useChange(onSaved, opened.meet);
    const own = faultsOf(draft);
    const fault = faultOf(own, asked, change);
    const put = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
    const submit = () => {
        setAsked(asked + 1);
        if (Object.keys(own).length > 0) return;
        const numbers = Object.fromEntries(NUMBERS.map(([name]) => [name, numberOf(draft[name])]));
        const { name, mode, active } = draft;
        const path = `/api/v1/directory/services${service ? `/${service.id}` : ''}`;
        const body = { name: name.trim(), mode, active, ...numbers, ...(service ? {} : { clinic: clinic.id }),
            ...revisionOf(opened.base) };
        change.submit(() => api.post<{ kept: number }>(path, body));
    };
    return (
        <FormDialog title={service ? s('service_change') : s('service_new', { clinic: clinic.name })}
            testId="service-dialog" change={change} asked={asked} news={opened.news} onSubmit={submit} onClose={onClose}>
            <TextField id="name" label={s('service_name')} hint={s('service_name_hint')} max={80} value={draft.name}
                error={fault('name')} onValue={(name) => put({ name })} />
            <Radios name="mode" legend={s('service_mode')} value={draft.mode} onValue={(mode) => put({ mode })}
                options={SERVICE_MODES.map((mode) => ({ value: mode, words: s(`mode.${mode}`), hint: s(`mode_hint.${mode}`) }))} />
            <div class="trio">
                <NumberField id="duration" label={s('duration')} value={draft.duration_minutes}
                    error={fault('duration_minutes')} onValue={(duration_minutes) => put({ duration_minutes })} />
                <NumberField id="before" label={s('before')} value={draft.before_minutes} error={fault('before_minutes')}
                    onValue={(before_minutes) => put({ before_minutes })} />
                <NumberField id="after" label={s('after')} value={draft.after_minutes} error={fault('after_minutes')}
                    onValue={(after_minutes) => put({ after_minutes })} />
            </div>
            <Field id="price" label={s('price')} hint={s('price_hint')} error={fault('price_rupiah')}>
                {(tie) => (
                    <input {...tie} class="numbers" inputMode="numeric" autoComplete="off" maxLength={12}
                        value={draft.price_rupiah} onInput={(event) => put({ price_rupiah: event.currentTarget.value })} />
                )}
            </Field>
            {service && <ActiveCheck active={draft.active} onActive={(active) => put({ active })} />}
        </FormDialog>
    );
}
