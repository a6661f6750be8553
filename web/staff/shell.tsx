// SPDX-License-Identifier: Apache-2.0
// The frame of every staff page: who is logged in, for which role the page is, log-out, language,
// and the way to the log-in page when the session has ended.
import { type ComponentChildren, createContext } from 'preact';
import { useCallback, useContext, useEffect, useRef, useState } from 'preact/hooks';
import { useLang } from '../shared/lang';
import { Banner } from '../shared/widgets/banner';
import { Failure, Loading } from './parts';
import { goToLogin, isSessionEnd, homeOf, loadSession, loginPath, logOut, UnsavedError } from './session';
import { StaffHeader } from './staff_header';
import type { Role, Session } from './types';
import { t } from './words';

const RoleOf = createContext<Role | null>(null);
/** Whose page it is; null: not known yet. */
export function useRole(): Role | null {
    return useContext(RoleOf);
}

const Guard = createContext<(error: unknown) => boolean>(() => false);

/** The function that pages give every failure to first: true when it leads to the log-in page. */
export function useGuard(): (error: unknown) => boolean {
    return useContext(Guard);
}

interface SessionHook {
    readonly session: Session | null;
    readonly problem: unknown;
    readonly reload: () => void;
    readonly guard: (error: unknown) => boolean;
}

function useSession(): SessionHook {
    const [session, setSession] = useState<Session | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    const wasIn = useRef(false);
    const guard = useCallback((error: unknown) => {
        if (!isSessionEnd(error)) return false;
        goToLogin(location.pathname, wasIn.current ? 'habis' : undefined);
        return true;
    }, []);
    const reload = useCallback(() => {
        setProblem(null);
        loadSession().then(
            (loaded) => {
                wasIn.current = true;
                setSession(loaded);
            },
            (error: unknown) => {
                if (!guard(error)) setProblem(error);
            },
        );
    }, [guard]);
    useEffect(reload, [reload]);
    return { session, problem, reload, guard };
}

export interface StaffRootProps {
    /** Whose page it is. */
    readonly role: Role | readonly Role[];
    readonly title: () => string;
    readonly page: (session: Session) => ComponentChildren;
}

export function StaffRoot({ role, title, page }: StaffRootProps) {
    const lang = useLang();
    const { session, problem, reload, guard } = useSession();
    const [logoutProblem, setLogoutProblem] = useState<unknown>(null);
    useEffect(() => {
        document.title = `${title()} · Huyula`;
    }, [lang, title]);
    const leave = () => {
        const discard = logoutProblem instanceof UnsavedError;
        setLogoutProblem(null);
        logOut(discard).then(
            () => location.assign(loginPath('', 'keluar')),
            (error: unknown) => {
                if (!guard(error)) setLogoutProblem(error);
            },
        );
    };
    const main = () => {
        if (problem !== null) return <Failure problem={problem} onRetry={reload} />;
        if (!session) return <Loading />;
        if (![role].flat().includes(session.role)) return <WrongRole role={session.role} />;
        return page(session);
    };
    return (
        <Guard.Provider value={guard}>
            <a class="skip" href="#isi">
                {t('staff.skip')}
            </a>
            <StaffHeader session={session} onLogout={leave} guard={guard} />
            <main id="isi" class="staff-main" tabIndex={-1}>
                {logoutProblem instanceof UnsavedError ? (
                    <Banner tone="warning" testId="logout-unsaved">{unsavedWords(logoutProblem.patients)}</Banner>
                ) : (
                    logoutProblem !== null && <Failure problem={logoutProblem} onRetry={leave} />
                )}
                <RoleOf.Provider value={session?.role ?? null}>{main()}</RoleOf.Provider>
            </main>
        </Guard.Provider>
    );
}

function unsavedWords(patients: readonly string[]): string {
    return patients.length === 0 ? t('staff.unsaved') : t('staff.unsaved_notes', { patients: patients.join(', ') });
}

function WrongRole({ role }: { readonly role: Role }) {
    return (
        <div class="empty">
            <h1>{t('staff.wrong_page')}</h1>
            <a class="button primary" href={homeOf(role)}>
                {t('staff.to_own_page')}
            </a>
        </div>
    );
}
