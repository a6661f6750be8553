// SPDX-License-Identifier: Apache-2.0
// Who is logged in, and the way to the log-in page and back.
import { api, ApiProblem, setCsrf } from '../shared/api';
import { leftNotes } from './page_copies';
import { noteServerTime } from './server_clock';
import type { Role, Session } from './types';
import { flushUnsaved, forgetAllUnsaved, openUnsaved } from './unsaved';

const LOGIN = '/masuk';
/** Where the first account is made. */
export const SETUP = '/mulai';
const RETURN = 'ke';
/** The hours page is of every role that changes hours. */
const HOURS = '/jadwal';
const HOURS_ROLES: readonly Role[] = ['doctor', 'desk', 'admin', 'coordinator'];
/** The desk's second page. */
const PEOPLE = '/pasien-ganda';
/** And the page of incidents of both who keep facilities. */
const INCIDENTS = '/kejadian';
/** Group visits, of doctor and desk. */
const GROUPS = /^\/kelompok(\/[A-Za-z0-9]{1,64})?$/;
/** Where the desk books for somebody, and the coordinator. */
const REGISTER = '/loket/daftar';
/** The page of a desk's team at a post. */
const POST = '/pos';
/** Questions between doctors; what is late of them is of who keeps facilities. */
const QUESTIONS = /^\/tanya(\/|$)/;
const QUESTION_ROLES: readonly Role[] = ['doctor', 'admin', 'coordinator'];
/** Pages of staff that a log-in may lead to; anything else in the address is not followed. */
const RETURN_PATHS = /^\/(dokter(\/[A-Za-z0-9]{1,64})?|loket(\/daftar)?|kantor|jadwal|pengaturan|pasien-ganda|kecamatan|kejadian|pos|kelompok(\/[A-Za-z0-9]{1,64})?|tanya(\/[A-Za-z0-9]{1,64})?)$/;

export function homeOf(role: Role): string {
    switch (role) {
        case 'doctor':
            return '/dokter';
        case 'desk':
            return '/loket';
        case 'office':
            return '/kantor';
        case 'admin':
        case 'coordinator':
            return '/pengaturan';
        case 'officer':
            return '/kecamatan';
    }
}

/** Where a log-in leads: the page that was asked for when it belongs to the role, else its home. */
export function afterLogin(role: Role, search: string): string {
    const home = homeOf(role);
    const wanted = new URLSearchParams(search).get(RETURN) ?? '';
    const isShared = (wanted === HOURS && HOURS_ROLES.includes(role)) || ((wanted === PEOPLE || wanted === POST) && role === 'desk') ||
        (GROUPS.test(wanted) && (role === 'doctor' || role === 'desk')) ||
        (wanted === REGISTER && role === 'coordinator') || (wanted === INCIDENTS && home === '/pengaturan') || (QUESTIONS.test(wanted) && QUESTION_ROLES.includes(role));
    const belongs = RETURN_PATHS.test(wanted) && (isShared || wanted === home || wanted.startsWith(`${home}/`));
    return belongs ? wanted : home;
}

export type Reason = 'habis' | 'keluar';

/** `habis`: the session ran out while the page was in use; `keluar`: the person logged out. */
export function loginPath(from: string, reason?: Reason): string {
    const query = new URLSearchParams();
    if (RETURN_PATHS.test(from)) query.set(RETURN, from);
    if (reason) query.set(reason, '1');
    const words = query.toString();
    return words === '' ? LOGIN : `${LOGIN}?${words}`;
}

export function reasonOf(search: string): Reason | null {
    const query = new URLSearchParams(search);
    if (query.has('habis')) return 'habis';
    return query.has('keluar') ? 'keluar' : null;
}

/** True when the server no longer knows who we are. */
export function isSessionEnd(error: unknown): boolean {
    return error instanceof ApiProblem && error.status === 401;
}

/** Where the browser keeps which account logged in last. */
export const ACCOUNT_KEY = 'huyula.account';

function rememberAccount(user: string): void {
    try {
        localStorage.setItem(ACCOUNT_KEY, user);
    } catch {
        /* Then it is not known without asking. */
    }
}

/** Who logged in last in this browser, for a page that begins without a network; '': who did has logged out; null: not known. */
export function lastAccount(): string | null {
    try {
        return localStorage.getItem(ACCOUNT_KEY);
    } catch {
        return null;
    }
}

async function begin(session: Session): Promise<Session> {
    setCsrf(session.csrf);
    noteServerTime(session.server_ms);
    rememberAccount(session.user);
    await openUnsaved(session.user, session.own_key);
    return session;
}

export async function loadSession(): Promise<Session> {
    return begin(await api.get<Session>('/api/v1/session'));
}

export async function logIn(login: string, password: string): Promise<Session> {
    return begin(await api.post<Session>('/api/v1/session', { login, password }));
}

/** True on a server without any account: the first one is made on its own page. */
export async function setupNeeded(): Promise<boolean> {
    return (await api.get<{ needed: boolean }>('/api/v1/setup')).needed;
}

/** Something typed could not be saved: logging out once more throws it away. PATIENTS: whose notes, where it is those. */
export class UnsavedError extends Error {
    constructor(readonly patients: readonly string[]) {
        super();
    }
}

let isLeaving = false;

export async function logOut(discard = false): Promise<void> {
    if (!discard) {
        const isSaved = await flushUnsaved();
        const left = await leftNotes();
        if (!isSaved || left.length > 0) throw new UnsavedError(left.filter((patient) => patient !== ''));
    }
    isLeaving = true;
    try {
        await api.remove('/api/v1/session');
        setCsrf(null);
        rememberAccount('');
        await forgetAllUnsaved();
    } catch (error) {
        isLeaving = false;
        throw error;
    }
}

/** Where a session has ended by itself: a request that meets its end while one logs out says nothing new. */
export function goToLogin(from: string, reason?: Reason): void {
    if (!isLeaving) location.replace(loginPath(from, reason));
}
