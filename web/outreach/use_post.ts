// SPDX-License-Identifier: Apache-2.0
// A post at work: what the tablet holds of it, what the server has, and the sending between them. The server says when
// something of the post has changed, by whomever.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { api, ApiProblem, NetworkError } from '../shared/api';
import { getLang } from '../shared/lang';
import { Coalescer } from '../staff/coalesce';
import { DayWatch } from '../staff/day_watch';
import { isSessionEnd, loadSession } from '../staff/session';
import { inOrder, type Entry } from './entry';
import { forget, overHttp, sendAll } from './sender';
import type { PostReply } from './types';
import type { Vault } from './vault';

/** Why nothing is sent just now. */
export type Stop = 'offline' | 'login' | 'wait' | 'day' | 'team' | 'doctor' | 'other';

/** What could not be sent is tried again so often; without a socket the post is read again after the longer one. */
const RESEND_MS = 20_000;
const WITHOUT_SOCKET_MS = 120_000;
const COALESCE_MS = 250;

export function stopOf(problem: unknown): Stop {
    if (problem instanceof NetworkError) return 'offline';
    if (isSessionEnd(problem)) return 'login';
    if (!(problem instanceof ApiProblem)) return 'other';
    if (problem.status === 429 || problem.status >= 500) return 'wait';
    if (problem.status === 404) return 'team';
    const fault = problem.errors.find((error) => error.field === 'outreach');
    if (fault?.code === 'no_doctor') return 'doctor';
    return fault ? 'day' : 'other';
}

export interface PostHook {
    /** Also what is sent and can still be corrected. */
    readonly held: readonly Entry[];
    /** null: not known now. */
    readonly there: PostReply | null;
    readonly sending: boolean;
    readonly stop: Stop | null;
    readonly problem: unknown;
    /** BYHAND: shown also while there is no network. */
    readonly send: (byHand?: boolean) => void;
    readonly reload: () => void;
}

/** ONTEXT: which version of the consent's text is in effect. */
export function usePost(vault: Vault, post: string, user: string, onText: (version: number) => Promise<void>): PostHook {
    const [held, setHeld] = useState<readonly Entry[]>([]);
    const [there, setThere] = useState<PostReply | null>(null);
    const [sending, setSending] = useState(false);
    const [stop, setStop] = useState<Stop | null>(navigator.onLine ? null : 'offline');
    const [problem, setProblem] = useState<unknown>(null);
    const busy = useRef(false);
    /* Without a network: so it says until it is back. What tries by itself meanwhile is not shown. */
    const isOut = useRef(!navigator.onLine);
    const again = useRef(false);
    /* Something is left to be sent, or the last attempt failed. */
    const behind = useRef(false);
    const text = useRef(onText);
    text.current = onText;
    const reload = useCallback(() => {
        void vault.entries().then((all) => setHeld(inOrder(all.filter((one) => one.post === post && one.owner === user))));
    }, [vault, post, user]);
    const run = useCallback(async () => {
        /* Another account's log-in must not send this one's. */
        if ((await loadSession()).user !== user) return location.reload();
        await sendAll(vault, { post: overHttp, lang: getLang, onStep: reload }, { post, user });
        const there = await api.get<PostReply>(`/api/v1/outreach/${post}`);
        setThere(there);
        await forget(vault, { post, user }, there.entries);
        await text.current(there.consent);
    }, [vault, post, user, reload]);
    const lookOut = useCallback((out: boolean) => {
        isOut.current = out;
        setStop((now) => (out ? 'offline' : now === 'offline' ? null : now));
    }, []);
    const send = useCallback((byHand = false) => {
        if (byHand || !isOut.current) setSending(true);
        if (busy.current) {
            again.current = true;
            return;
        }
        busy.current = true;
        run().then(
            () => {
                behind.current = false;
                isOut.current = false;
                setStop(null);
            },
            (failure: unknown) => {
                behind.current = true;
                isOut.current = failure instanceof NetworkError;
                setStop(stopOf(failure));
                setProblem(failure);
                if (failure instanceof NetworkError) setThere(null);
            },
        ).finally(() => {
            busy.current = false;
            setSending(false);
            reload();
            if (again.current) {
                again.current = false;
                send();
            }
        });
    }, [run, reload]);
    useEffect(() => {
        reload();
        send();
        let deafSince = Date.now();
        const reader = new Coalescer(async () => send(), COALESCE_MS);
        const watch = new DayWatch({
            onChange: () => reader.poke(),
            onOffline: (offline) => {
                deafSince = offline ? Math.min(deafSince, Date.now()) : Infinity;
            },
            onRefused: () => send(),
        }, `/api/v1/outreach/${post}/watch`);
        const seen = () => {
            if (document.visibilityState !== 'visible') return;
            watch.retryNow();
            send();
        };
        const online = () => {
            lookOut(false);
            seen();
        };
        const offline = () => lookOut(true);
        const timer = setInterval(() => {
            const isDeaf = Date.now() - deafSince >= WITHOUT_SOCKET_MS;
            if (document.visibilityState !== 'visible' || !(behind.current || isDeaf)) return;
            if (isDeaf) deafSince = Date.now();
            send();
        }, RESEND_MS);
        watch.start();
        window.addEventListener('online', online);
        window.addEventListener('offline', offline);
        document.addEventListener('visibilitychange', seen);
        return () => {
            clearInterval(timer);
            watch.stop();
            reader.stop();
            window.removeEventListener('online', online);
            window.removeEventListener('offline', offline);
            document.removeEventListener('visibilitychange', seen);
        };
    }, [send, reload, lookOut, post]);
    return { held, there, sending, stop, problem, send, reload };
}
