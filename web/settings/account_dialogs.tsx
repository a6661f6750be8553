// SPDX-License-Identifier: Apache-2.0
// Staff accounts: a new one, one that is changed or closed, a new password.
import { useState } from 'preact/hooks';
import { api } from '../shared/api';
import { useChange } from '../hours/change';
import { Check } from '../hours/fields';
import { Button } from '../shared/widgets/button';
import { useCopy } from '../staff/link_dialog';
import type { Role } from '../staff/types';
import { useOpened } from '../staff/opened';
import { activeLine, faultOf, FormDialog, missing, revisionOf, SelectField, TextField } from './fields';
import type { DialogProps } from './place_dialogs';
import { areaWords, districts, passwordFrom } from './settings_state';
import type { Account, Area, Facility, Settings } from './types';
import { s } from './words';

const ADMIN_ROLES = ['desk', 'coordinator', 'officer', 'office', 'admin'] as const;
const COORDINATOR_ROLES = ['desk'] as const;
const PASSWORD_BYTES = 16;

function hasFacility(role: Role): boolean {
    return role === 'desk' || role === 'coordinator';
}

/** What must be chosen beside the role. */
function placesOf(role: Role): ('facility' | 'area')[] {
    if (role === 'officer') return ['area'];
    return hasFacility(role) ? ['facility'] : [];
}

const post = (path: string, body: object) => async () => {
    await api.post(path, body);
    return { kept: 0 };
};

interface PasswordProps {
    readonly label: string;
    readonly value: string;
    readonly error: string | undefined;
    readonly onValue: (value: string) => void;
}

/** Shown as it is typed: it is for somebody else, who has to be told. */
function PasswordField({ label, value, error, onValue }: PasswordProps) {
    const { copied, copy } = useCopy(value);
    return (
        <div class="stack tight">
            <TextField id="password" label={label} hint={s('password_hint')} max={256} plain value={value} error={error}
                onValue={onValue} />
            <div class="hours-tools">
                <Button onClick={() => onValue(passwordFrom(crypto.getRandomValues(new Uint8Array(PASSWORD_BYTES))))}
                    testId="password-make">
                    {s('password_make')}
                </Button>
                {value !== '' && (
                    <Button icon={copied === 'yes' ? 'check' : 'copy'} onClick={copy} testId="password-copy">
                        {s(copied === 'yes' ? 'password_copied' : 'password_copy')}
                    </Button>
                )}
            </div>
            <p class={copied === 'failed' ? 'hint' : 'hidden-words'} role="status" data-testid="password-copy-said">
                {copied === 'yes' && s('password_copied')}
                {copied === 'failed' && s('password_copy_failed')}
            </p>
        </div>
    );
}

interface PlaceProps {
    readonly role: Role;
    readonly facility: string;
    readonly area: string;
    readonly areas: readonly Area[];
    readonly roles: readonly Exclude<Role, 'doctor'>[];
    readonly facilities: readonly Facility[];
    readonly fault: (field: string) => string | undefined;
    readonly onChange: (part: { role?: Role; facility?: string; area?: string }) => void;
}

function RoleFields({ role, facility, area, areas, roles, facilities, fault, onChange }: PlaceProps) {
    return (
        <>
            {role !== 'doctor' && (
                <SelectField id="role" label={s('role')} hint={s(`role_hint.${role}`)} value={role} error={fault('role')}
                    onValue={(value) => onChange({ role: value as Role })}>
                    {roles.map((one) => (
                        <option key={one} value={one}>
                            {s(`role.${one}`)}
                        </option>
                    ))}
                </SelectField>
            )}
            {hasFacility(role) && facilities.length !== 1 && (
                <SelectField id="facility" label={s('facility')} value={facility} error={fault('facility')}
                    empty={s('facility_choose')} onValue={(value) => onChange({ facility: value })}>
                    {facilities.map((one) => (
                        <option key={one.id} value={one.id}>
                            {one.name}
                        </option>
                    ))}
                </SelectField>
            )}
            {role === 'officer' && (
                <SelectField id="area" label={s('account_area')} value={area} error={fault('area')}
                    empty={s('account_area_choose')} onValue={(value) => onChange({ area: value })}>
                    {districts(areas).map(({ parent, children }) => (
                        <optgroup key={parent.code} label={parent.name}>
                            {[parent, ...children].map((one) => (
                                <option key={one.code} value={one.code}>
                                    {one.name}
                                </option>
                            ))}
                        </optgroup>
                    ))}
                </SelectField>
            )}
        </>
    );
}

/** Whom a doctor's account stands for. */
export interface AccountFor {
    readonly practitioner: string;
    readonly name: string;
    /** Whose coordinator keeps the account; null: none. */
    readonly facility: string | null;
}

export function NewAccountDialog({ settings, whom, onClose, onSaved }: DialogProps & {
    readonly settings: Settings;
    /** null: somebody who is no doctor */
    readonly whom: AccountFor | null;
}) {
    const facilities = settings.directory.facilities.filter((one) => one.active);
    const [draft, setDraft] = useState({
        name: whom?.name ?? '', login: '', password: '', area: '', role: (whom ? 'doctor' : 'desk') as Role,
        facility: whom ? (whom.facility ?? '') : facilities.length === 1 ? (facilities[0]?.id ?? '') : '',
    });
    const [asked, setAsked] = useState(0);
    const change = useChange(onSaved);
    const own = missing(draft, ['name', 'login', 'password', ...placesOf(draft.role)]);
    const fault = faultOf(own, asked, change);
    const put = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part });
    const submit = () => {
        setAsked(asked + 1);
        if (Object.keys(own).length > 0) return;
        const keepsFacility = hasFacility(draft.role) || whom !== null;
        change.submit(post('/api/v1/accounts', {
            name: draft.name.trim(), login: draft.login.trim().toLowerCase(), password: draft.password, role: draft.role,
            facility: (keepsFacility && draft.facility) || null, practitioner: whom?.practitioner ?? null,
            area: draft.role === 'officer' ? draft.area : null,
        }));
    };
    return (
        <FormDialog title={whom ? s('account_new_for', { name: whom.name }) : s('account_new')} testId="account-dialog"
            change={change} asked={asked} onSubmit={submit} onClose={onClose}
            {...(whom ? { cancel: s('account_later') } : {})}>
            {whom && <p>{s('account_doctor_hint')}</p>}
            <RoleFields role={draft.role} facility={draft.facility} area={draft.area} areas={settings.areas} fault={fault}
                facilities={facilities}
                roles={settings.isAdmin ? ADMIN_ROLES : COORDINATOR_ROLES} onChange={put} />
            {!whom && (
                <TextField id="name" label={s('name')} max={80} value={draft.name} error={fault('name')}
                    onValue={(name) => put({ name })} />
            )}
            <TextField id="login" label={s('login')} hint={s('login_hint')} max={40} plain value={draft.login}
                error={fault('login')} onValue={(login) => put({ login })} />
            <PasswordField label={s('password')} value={draft.password} error={fault('password')}
                onValue={(password) => put({ password })} />
        </FormDialog>
    );
}

function accountDraft(account: Account) {
    return { name: account.name, role: account.role, facility: account.facility ?? '', active: account.active,
        area: account.area ?? '' };
}
type AccountDraft = ReturnType<typeof accountDraft>;

export function AccountDialog({ settings, account, onClose, onSaved }: DialogProps & {
    readonly settings: Settings;
    readonly account: Account;
}) {
    const opened = useOpened<Account, AccountDraft>({
        thing: account, draftOf: (one) => accountDraft(one ?? account),
        load: async () => (await api.get<{ accounts: readonly Account[] }>('/api/v1/accounts'))
            .accounts.find((one) => one.id === account.id),
        linesOf: (one) => [
            [s('name'), one.name], [s('role'), s(`role.${one.role}`)],
            [s('facility'), settings.directory.facilities.find((place) => place.id === one.facility)?.name ?? ''],
            [s('account_area'), one.area && areaWords(one.area, settings.areas)], activeLine(one.active),
        ],
    });
    const { draft, setDraft } = opened;
    const [asked, setAsked] = useState(0);
    const change = useChange(onSaved, opened.meet);
    const own = missing(draft, ['name', ...placesOf(draft.role)]);
    const fault = faultOf(own, asked, change);
    const put = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part });
    const facilities = settings.directory.facilities.filter((one) => one.active || one.id === account.facility);
    const submit = () => {
        setAsked(asked + 1);
        if (Object.keys(own).length > 0) return;
        const facility = hasFacility(draft.role) || draft.role === 'doctor' ? draft.facility || null : null;
        const area = draft.role === 'officer' ? draft.area : null;
        const body = { ...draft, name: draft.name.trim(), facility, area, ...revisionOf(opened.base) };
        change.submit((query) => api.post<{ kept: number; told: number }>(`/api/v1/accounts/${account.id}${query}`, body));
    };
    return (
        <FormDialog title={s('account_change', { login: account.login })} testId="account-change" change={change}
            asked={asked} news={opened.news} onSubmit={submit} onClose={onClose}>
            <TextField id="name" label={s('name')} max={80} value={draft.name} error={fault('name')}
                onValue={(name) => put({ name })} />
            <RoleFields role={draft.role} facility={draft.facility} area={draft.area} areas={settings.areas} fault={fault}
                facilities={facilities}
                roles={settings.isAdmin ? ADMIN_ROLES : COORDINATOR_ROLES} onChange={put} />
            <Check label={s('active')} hint={s('account_active_hint')} checked={draft.active} testId="active"
                onChecked={(active) => put({ active })} />
        </FormDialog>
    );
}

export function PasswordDialog({ account, onClose, onSaved }: DialogProps & { readonly account: Account }) {
    const [draft, setDraft] = useState({ password: '' });
    const [asked, setAsked] = useState(0);
    const change = useChange(onSaved);
    const own = missing(draft, ['password']);
    const submit = () => {
        setAsked(asked + 1);
        if (Object.keys(own).length === 0) change.submit(post(`/api/v1/accounts/${account.id}/password`, draft));
    };
    return (
        <FormDialog title={s('password_title', { login: account.login })} testId="password-dialog" change={change}
            asked={asked} onSubmit={submit} onClose={onClose}>
            <p>{s('password_text')}</p>
            <PasswordField label={s('password_new')} value={draft.password}
                error={faultOf(own, asked, change)('password')} onValue={(password) => setDraft({ password })} />
        </FormDialog>
    );
}
