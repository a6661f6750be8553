// SPDX-License-Identifier: Apache-2.0
// Staff log-in: one form, errors in words, then to the page of the role.
import { useEffect, useState } from 'preact/hooks';
import { useLang } from '../shared/lang';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Field } from '../shared/widgets/field';
import { failureText } from '../shared/words';
import { loginFault, waitWords, type LoginFault } from './login_state';
import { Failure, Loading } from './parts';
import { afterLogin, isSessionEnd, loadSession, logIn, reasonOf, SETUP, setupNeeded } from './session';
import { StaffHeader } from './staff_header';
import type { Session } from './types';
import { useNow } from './use_day';
import { t } from './words';

export function LoginPage() {
    const lang = useLang();
    /* false: is somebody logged in already? */
    const [isFree, setFree] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    useEffect(() => {
        document.title = `${t('login.title')} · Huyula`;
    }, [lang]);
    const enter = (session: Session) => location.replace(afterLogin(session.role, location.search));
    /* On an empty server there is nobody who could log in. */
    const offer = () => {
        setupNeeded().then((needed) => {
            if (needed) location.replace(SETUP);
            else setFree(true);
        }, setProblem);
    };
    const check = () => {
        setProblem(null);
        loadSession().then(enter, (error: unknown) => {
            if (isSessionEnd(error)) offer();
            else setProblem(error);
        });
    };
    useEffect(check, []);
    return (
        <>
            <StaffHeader session={null} onLogout={() => undefined} />
            <main id="isi" class="staff-main login">
                {problem !== null && <Failure problem={problem} onRetry={check} />}
                {!isFree && problem === null && <Loading />}
                {isFree && <LoginForm onSession={enter} />}
            </main>
        </>
    );
}


function LoginForm({ onSession }: { readonly onSession: (session: Session) => void }) {
    const [login, setLogin] = useState('');
    const [password, setPassword] = useState('');
    const [shown, setShown] = useState(false);
    const [asked, setAsked] = useState(false);
    const [busy, setBusy] = useState(false);
    const [fault, setFault] = useState<{ readonly what: LoginFault; readonly atMs: number } | null>(null);
    const submit = (event: Event) => {
        event.preventDefault();
        setAsked(true);
        if (busy || login.trim() === '' || password === '') return;
        setBusy(true);
        setFault(null);
        logIn(login.trim(), password)
            .then(onSession, (error: unknown) => setFault({ what: loginFault(error), atMs: Date.now() }))
            .finally(() => setBusy(false));
    };
    const reason = reasonOf(location.search);
    const missing = (value: string, field: string) => (asked && value.trim() === '' ? t('login.required', { field }) : undefined);
    return (
        <form class="card stack" onSubmit={submit} noValidate data-testid="login-form">
            <h1>{t('login.title')}</h1>
            <p class="quiet">{t('login.intro')}</p>
            {fault && <LoginFaultBanner what={fault.what} atMs={fault.atMs} />}
            {!fault && reason === 'keluar' && <Banner tone="good">{t('login.logged_out')}</Banner>}
            {!fault && reason === 'habis' && <Banner tone="warning">{t('staff.session_ended')}</Banner>}
            <Field id="login" label={t('login.name')} error={missing(login, t('login.name'))}>
                {(tie) => (
                    <input {...tie} name="login" autoComplete="username" autoCapitalize="none" spellcheck={false}
                        maxLength={64} value={login} onInput={(e) => setLogin(e.currentTarget.value)} />
                )}
            </Field>
            <Field id="password" label={t('login.password')} error={missing(password, t('login.password'))}>
                {(tie) => (
                    <input {...tie} name="password" type={(shown ? 'text' : 'password') as 'password'}
                        autoComplete="current-password" maxLength={256} value={password}
                        onInput={(e) => setPassword(e.currentTarget.value)} />
                )}
            </Field>
            <label class="choice">
                <input type="checkbox" checked={shown} onChange={(e) => setShown(e.currentTarget.checked)} />
                <span>{t('login.show_password')}</span>
            </label>
            <Button kind="primary" type="submit" wide busy={busy} testId="login-submit">
                {t(busy ? 'login.busy' : 'login.submit')}
            </Button>
            <p class="login-ways">
                <span class="quiet">{t('login.forgot')}</span>
                <a href="/">{t('login.to_booking')}</a>
            </p>
        </form>
    );
}

function LoginFaultBanner({ what, atMs }: { readonly what: LoginFault; readonly atMs: number }) {
    const now = useNow(1000);
    const words = () => {
        switch (what.kind) {
            case 'wrong':
                return t('login.wrong');
            case 'disabled':
                return t('login.disabled');
            case 'other':
                return failureText(what.error);
            case 'too_many': {
                if (what.retryAfterS === 0) return t('login.too_many_later');
                if (now - atMs >= what.retryAfterS * 1000) return t('login.may_retry');
                /* The wait stays as it was said: an alert that counts down is read out each second. */
                const { unit, n } = waitWords(what.retryAfterS);
                return t('login.too_many', { wait: t(`wait.${unit}`, { n }) });
            }
        }
    };
    return (
        <div data-testid="login-fault" data-kind={what.kind}>
            <Banner tone="danger">
                <p>{words()}</p>
            </Banner>
        </div>
    );
}
