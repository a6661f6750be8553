// SPDX-License-Identifier: Apache-2.0
// The own password, from the name in the page's head: the present one, the new one twice.
import { useEffect, useState } from 'preact/hooks';
import { api, ApiProblem } from '../shared/api';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Field } from '../shared/widgets/field';
import { NO_PASSWORDS, passwordFaults, type PasswordDraft } from './own_password_state';
import { Dialog, Failure } from './parts';
import { t } from './words';

interface Props {
    readonly onClose: () => void;
    /** True for a failure that leads to the log-in page. */
    readonly guard: (error: unknown) => boolean;
}

export function OwnPasswordDialog({ onClose, guard }: Props) {
    const [done, setDone] = useState(false);
    return (
        <Dialog label={t('password.title')} onClose={onClose} testId="own-password">
            <h2>{t('password.title')}</h2>
            {done ? (
                <div class="dialog-form">
                    <Banner tone="good" testId="own-password-done">{t('password.done')}</Banner>
                    <div class="dialog-actions">
                        <Button kind="primary" onClick={onClose} autoFocus testId="own-password-close">
                            {t('staff.close')}
                        </Button>
                    </div>
                </div>
            ) : (
                <PasswordForm guard={guard} onClose={onClose} onDone={() => setDone(true)} />
            )}
        </Dialog>
    );
}

function usePasswordForm(guard: Props['guard'], onDone: () => void) {
    const [draft, setDraft] = useState<PasswordDraft>(NO_PASSWORDS);
    const [asked, setAsked] = useState(0);
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const own = passwordFaults(draft);
    const submit = (event: Event) => {
        event.preventDefault();
        setAsked(asked + 1);
        if (busy || Object.keys(own).length > 0) return;
        setBusy(true);
        setProblem(null);
        const { current, password } = draft;
        api.post('/api/v1/session/password', { current, password })
            .then(onDone, (error: unknown) => {
                if (!guard(error)) setProblem(error);
            })
            .finally(() => setBusy(false));
    };
    useEffect(() => {
        document.querySelector<HTMLElement>('.dialog [aria-invalid="true"]')?.focus();
    }, [asked, problem]);
    const fault = (field: keyof PasswordDraft) => {
        const found = asked > 0 ? own[field] : undefined;
        if (found) return t(`password.${found}`, { field: t(`password.${field}`) });
        return problem instanceof ApiProblem ? problem.field(field) : undefined;
    };
    /* What the server said is of what was sent. */
    const put = (field: keyof PasswordDraft, value: string) => {
        setDraft({ ...draft, [field]: value });
        setProblem(null);
    };
    return { draft, busy, problem, fault, submit, put };
}

const FIELDS = [
    { name: 'current', fill: 'current-password' },
    { name: 'password', fill: 'new-password' },
    { name: 'again', fill: 'new-password' },
] as const;

function PasswordForm({ guard, onClose, onDone }: Props & { readonly onDone: () => void }) {
    const { draft, busy, problem, fault, submit, put } = usePasswordForm(guard, onDone);
    const [shown, setShown] = useState(false);
    return (
        <form class="dialog-form" onSubmit={submit} noValidate data-testid="own-password-form">
            <p>{t('password.text')}</p>
            {FIELDS.map(({ name, fill }) => (
                <Field key={name} id={`own-${name}`} label={t(`password.${name}`)} error={fault(name)}
                    {...(name === 'password' ? { hint: t('password.hint') } : {})}>
                    {(tie) => (
                        <input {...tie} type={(shown ? 'text' : 'password') as 'password'} autoComplete={fill}
                            autoCapitalize="none" spellcheck={false} maxLength={256} value={draft[name]}
                            onInput={(event) => put(name, event.currentTarget.value)} />
                    )}
                </Field>
            ))}
            <label class="choice">
                <input type="checkbox" checked={shown} onChange={(event) => setShown(event.currentTarget.checked)} />
                <span>{t('login.show_password')}</span>
            </label>
            {problem !== null && <Failure problem={problem} />}
            <div class="dialog-actions">
                <Button kind="primary" type="submit" busy={busy} testId="own-password-save">
                    {t('password.save')}
                </Button>
                <Button kind="plain" onClick={onClose}>
                    {t('staff.close')}
                </Button>
            </div>
        </form>
    );
}
