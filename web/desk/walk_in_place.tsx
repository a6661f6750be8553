// SPDX-License-Identifier: Apache-2.0
// Where somebody without an appointment goes: clinic, service, doctor, and whether it is an emergency.
import type { Clinic } from '../shared/api_types';
import { Field, FieldError } from '../shared/widgets/field';
import { q } from '../staff/queue_words';
import { faultOf, isOffered, type DutyClinic } from './duty';
import type { WalkIn } from './walk_in';

interface UrgentProps {
    readonly form: WalkIn;
    readonly missing: boolean;
    readonly onForm: (change: Partial<WalkIn>) => void;
}

/** Goes first, and to who would not be asked otherwise. */
export function Urgent({ form, missing, onForm }: UrgentProps) {
    return (
        <>
            <label class="choice">
                <input type="checkbox" id="walk-in-urgent" checked={form.urgent}
                    onChange={(event) => onForm({ urgent: event.currentTarget.checked })} />
                <span>{q('walk_in.urgent')}</span>
            </label>
            {form.urgent && (
                <Field id="walk-in-urgent-reason" label={q('walk_in.urgent_reason')} hint={q('walk_in.urgent_hint')}
                    error={missing ? q('walk_in.urgent_missing') : undefined}>
                    {(tie) => (
                        <input {...tie} autoComplete="off" maxLength={200} value={form.urgent_reason}
                            onInput={(event) => onForm({ urgent_reason: event.currentTarget.value })} />
                    )}
                </Field>
            )}
        </>
    );
}

interface PlacesProps {
    readonly clinics: readonly Clinic[];
    readonly form: WalkIn;
    /** The doctor is named: any one will not do. */
    readonly isNamed: boolean;
    readonly duty: readonly DutyClinic[];
    /** Why the server refuses the doctor, or the clinic. */
    readonly error: string | undefined;
    readonly onForm: (change: Partial<WalkIn>) => void;
}

function placeOf(clinic: Clinic | undefined, isNamed: boolean): Pick<WalkIn, 'clinic' | 'service' | 'doctor'> {
    return { clinic: clinic?.id ?? '', service: '', doctor: (isNamed && clinic?.doctors[0]?.id) || '' };
}

/** The doctor's clinic when one is meant, else the first one. */
export function firstPlace(clinics: readonly Clinic[], isNamed: boolean, doctor: string | null): Pick<WalkIn, 'clinic' | 'service' | 'doctor'> {
    const own = clinics.find((one) => one.doctors.some(({ id }) => id === doctor));
    return own && doctor ? { clinic: own.id, service: '', doctor } : placeOf(clinics[0], isNamed);
}

interface FaultsProps {
    readonly doctors: Clinic['doctors'];
    readonly onDuty: DutyClinic | undefined;
    readonly urgent: boolean;
}

/** Why not all can be chosen, or only now: in a list of choices it would be cut on a phone. */
function Faults({ doctors, onDuty, urgent }: FaultsProps) {
    const lines = doctors.flatMap(({ id, name }) => {
        const fault = faultOf(onDuty, id);
        return fault ? [{ id, isOffered: isOffered(fault, urgent), words: `${name}: ${q(`walk_in.why.${fault}`)}` }] : [];
    });
    const parts = [
        { id: 'walk-in-why', title: q('walk_in.why'), lines: lines.filter((one) => !one.isOffered) },
        { id: 'walk-in-why-urgent', title: q('walk_in.why_urgent'), lines: lines.filter((one) => one.isOffered) },
    ];
    return (
        <>
            {parts.filter((part) => part.lines.length > 0).map((part) => (
                <div key={part.id} class="walk-in-why quiet" data-testid={part.id}>
                    <p id={part.id}>{part.title}</p>
                    <ul aria-labelledby={part.id}>
                        {part.lines.map((one) => <li key={one.id}>{one.words}</li>)}
                    </ul>
                </div>
            ))}
        </>
    );
}

/** Where to; asked only where there is something to choose. */
export function Places({ clinics, form, isNamed, duty, error, onForm }: PlacesProps) {
    const clinic = clinics.find((one) => one.id === form.clinic);
    const onDuty = duty.find(({ id }) => id === form.clinic);
    const doctors = clinic?.doctors ?? [], services = clinic?.services ?? [];
    return (
        <>
            {clinics.length > 1 && (
                <Field id="walk-in-clinic" label={q('walk_in.clinic')}>
                    {(tie) => (
                        <select {...tie} value={form.clinic}
                            onChange={(event) => onForm(placeOf(
                                clinics.find((one) => one.id === event.currentTarget.value), isNamed))}>
                            {clinics.map((one) => (
                                <option key={one.id} value={one.id}>
                                    {one.name}
                                </option>
                            ))}
                        </select>
                    )}
                </Field>
            )}
            {services.length > 0 && (
                <Field id="walk-in-service" label={q('walk_in.service')}>
                    {(tie) => (
                        <select {...tie} value={form.service}
                            onChange={(event) => onForm({ service: event.currentTarget.value })}>
                            <option value="">{q('walk_in.no_service')}</option>
                            {services.map((one) => (
                                <option key={one.id} value={one.id}>
                                    {one.name}
                                </option>
                            ))}
                        </select>
                    )}
                </Field>
            )}
            {doctors.length > 1 && (
                <Field id="walk-in-doctor" label={q('walk_in.doctor')} error={error}>
                    {(tie) => (
                        <>
                            <select {...tie} value={form.doctor}
                                onChange={(event) => onForm({ doctor: event.currentTarget.value })}>
                                {!isNamed && <option value="">{q('walk_in.any')}</option>}
                                {doctors.map((one) => (
                                    <option key={one.id} value={one.id} disabled={!isOffered(faultOf(onDuty, one.id), form.urgent)}>
                                        {one.name}
                                    </option>
                                ))}
                            </select>
                            <Faults doctors={doctors} onDuty={onDuty} urgent={form.urgent} />
                        </>
                    )}
                </Field>
            )}
            {doctors.length <= 1 && <FieldError id="walk-in-place-error" text={error} />}
        </>
    );
}
