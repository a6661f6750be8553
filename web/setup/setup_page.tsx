// SPDX-License-Identifier: Apache-2.0
// The first start: the code from the server's terminal and the first administrator's account, then on
// to the settings.
import { useEffect, useState } from 'preact/hooks';
import { api, ApiProblem } from '../shared/api';
import { useLang } from '../shared/lang';
import { Button } from '../shared/widgets/button';
import { Field } from '../shared/widgets/field';
import { Failure, Loading } from '../staff/parts';
import { logIn } from '../staff/session';
import { StaffHeader } from '../staff/staff_header';
import { s } from './words';

const SETTINGS = '/pengaturan';

export function SetupPage() {
    const lang = useLang();
    const [needed, setNeeded] = useState<boolean | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    useEffect(() => {
        document.title = `${s('title')} · Huyula`;
    }, [lang]);
    const ask = () => {
        setProblem(null);
        api.get<{ needed: boolean }>('/api/v1/setup').then((answer) => setNeeded(answer.needed), setProblem);
    };
    useEffect(ask, []);
    return (
        <>
            <StaffHeader session={null} onLogout={() => undefined} />
            <main id="isi" class="staff-main login">
                {problem !== null && <Failure problem={problem} onRetry={ask} />}
                {problem === null && needed === null && <Loading />}
                {needed === true && <SetupForm onDone={() => setNeeded(false)} />}
                {needed === false && <AlreadyDone />}
            </main>
        </>
    );
}

function AlreadyDone() {
    return (
        <div class="card stack" data-testid="setup-done">
            <h1>{s('done_title')}</h1>
            <p>{s('done_text')}</p>
            <a class="button primary" href="/masuk">
                {s('to_login')}
            </a>
        </div>
    );
}

type Draft = Record<'code' | 'name' | 'login' | 'password', string>;
const FIELDS: readonly (keyof Draft)[] = ['code', 'name', 'login', 'password'];

const PASSWORD_MIN = 10;

/** Not of a form that the server takes; it has more to say of what is. */
function wrong(draft: Draft, field: keyof Draft): boolean {
    if (field === 'login') return !/^[a-z0-9._-]{3,40}$/.test(draft.login.trim().toLowerCase());
    return field === 'password' && [...draft.password].length < PASSWORD_MIN;
}

interface Sent {
    readonly busy: boolean;
    readonly problem: unknown;
    readonly send: (draft: Draft) => void;
}

/** Makes the account, logs in by it, goes on. */
function useSetup(onDone: () => void): Sent {
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const send = (draft: Draft) => {
        if (busy) return;
        setBusy(true);
        setProblem(null);
        const login = draft.login.trim().toLowerCase();
        api.post('/api/v1/setup', { ...draft, login, name: draft.name.trim() })
            .then(() => logIn(login, draft.password))
            .then(() => location.assign(SETTINGS))
            .catch((error: unknown) => {
                setBusy(false);
                if (error instanceof ApiProblem && error.type === 'already-set-up') onDone();
                else setProblem(error);
            });
    };
    return { busy, problem, send };
}

function SetupForm({ onDone }: { readonly onDone: () => void }) {
    const [draft, setDraft] = useState<Draft>({ code: '', name: '', login: '', password: '' });
    const [shown, setShown] = useState(false);
    const [asked, setAsked] = useState(0);
    const [checked, setChecked] = useState<Draft | null>(null);
    const { busy, problem, send } = useSetup(onDone);
    const isMissing = (field: keyof Draft) => draft[field].trim() === '';
    const fault = (field: keyof Draft) => {
        if (asked > 0 && isMissing(field)) return s('required', { field: s(field) });
        /* The server speaks of these only to who has the code. */
        if (checked && wrong(checked, field) && draft[field] === checked[field]) return s(`${field}_wrong` as 'login_wrong');
        return problem instanceof ApiProblem ? problem.field(field) : undefined;
    };
    useEffect(() => {
        document.querySelector<HTMLElement>('form [aria-invalid="true"]')?.focus();
    }, [asked, problem]);
    const submit = (event: Event) => {
        event.preventDefault();
        setAsked(asked + 1);
        setChecked(draft);
        if (!FIELDS.some((field) => isMissing(field) || wrong(draft, field))) send(draft);
    };
    const put = (field: keyof Draft) => (event: { readonly currentTarget: { readonly value: string } }) =>
        setDraft({ ...draft, [field]: event.currentTarget.value });
    return (
        <form class="card stack" onSubmit={submit} noValidate data-testid="setup-form">
            <h1>{s('title')}</h1>
            <p>{s('intro')}</p>
            <Field id="code" label={s('code')} hint={s('code_hint')} error={fault('code')}>
                {(tie) => (
                    <input {...tie} class="numbers" autoComplete="off" autoCapitalize="characters" spellcheck={false}
                        maxLength={40} value={draft.code} onInput={put('code')} />
                )}
            </Field>
            <Field id="name" label={s('name')} error={fault('name')}>
                {(tie) => <input {...tie} autoComplete="name" maxLength={80} value={draft.name} onInput={put('name')} />}
            </Field>
            <Field id="login" label={s('login')} hint={s('login_hint')} error={fault('login')}>
                {(tie) => (
                    <input {...tie} autoComplete="username" autoCapitalize="none" spellcheck={false} maxLength={40}
                        value={draft.login} onInput={put('login')} />
                )}
            </Field>
            <Field id="password" label={s('password')} hint={s('password_hint')} error={fault('password')}>
                {(tie) => (
                    <input {...tie} type={(shown ? 'text' : 'password') as 'password'} autoComplete="new-password"
                        maxLength={256} value={draft.password} onInput={put('password')} />
                )}
            </Field>
            <label class="choice">
                <input type="checkbox" checked={shown} onChange={(event) => setShown(event.currentTarget.checked)} />
                <span>{s('show_password')}</span>
            </label>
            {problem !== null && <Failure problem={problem} />}
            <Button kind="primary" type="submit" wide busy={busy} testId="setup-submit">
                {s('submit')}
            </Button>
        </form>
    );
}
