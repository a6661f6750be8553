// SPDX-License-Identifier: Apache-2.0
// A post at work: what the tablet holds of it, what the server has, and the sending between them.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { api, ApiProblem, NetworkError } from '../shared/api';
import { isoDate } from '../shared/format';
import { getLang } from '../shared/lang';
import { isSessionEnd, loadSession } from '../staff/session';
import { inOrder, type Entry } from './entry';
import { overHttp, sendAll } from './sender';
import type { PostReply } from './types';
import type { Vault } from './vault';

/** Why nothing is sent just now. */
export type Stop = 'offline' | 'login' | 'wait' | 'day' | 'team' | 'other';

const EVERY_MS = 20_000;

export function stopOf(problem: unknown): Stop {
    if (problem instanceof NetworkError) return 'offline';
    if (isSessionEnd(problem)) return 'login';
    if (!(problem instanceof ApiProblem)) return 'other';
    if (problem.status === 429 || problem.status >= 500) return 'wait';
    if (problem.status === 404) return 'team';
    return problem.errors.some((error) => error.field === 'outreach') ? 'day' : 'other';
}

export interface PostHook {
    readonly held: readonly Entry[];
    /** null: not known now. */
    readonly there: PostReply | null;
    readonly sending: boolean;
    readonly stop: Stop | null;
    readonly problem: unknown;
    readonly send: () => void;
    readonly reload: () => void;
}

export function usePost(vault: Vault, post: string, user: string): PostHook {
    const [held, setHeld] = useState<readonly Entry[]>([]);
    const [there, setThere] = useState<PostReply | null>(null);
    const [sending, setSending] = useState(false);
    const [stop, setStop] = useState<Stop | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    const busy = useRef(false);
    const again = useRef(false);
    const reload = useCallback(() => {
        void vault.entries().then((all) => setHeld(inOrder(all.filter((one) => one.post === post && one.owner === user))));
    }, [vault, post, user]);
    const run = useCallback(async () => {
        /* Another account's log-in must not send this one's. */
        if ((await loadSession()).user !== user) return location.reload();
        await sendAll(vault, { post: overHttp, today: () => isoDate(Date.now()), lang: getLang, onStep: reload }, { post, user });
        setThere(await api.get<PostReply>(`/api/v1/outreach/${post}`));
    }, [vault, post, user, reload]);
    const send = useCallback(() => {
        if (busy.current) {
            again.current = true;
            return;
        }
        busy.current = true;
        setSending(true);
        run().then(
            () => setStop(null),
            (failure: unknown) => {
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
        const seen = () => document.visibilityState === 'visible' && send();
        const timer = setInterval(seen, EVERY_MS);
        window.addEventListener('online', send);
        document.addEventListener('visibilitychange', seen);
        return () => {
            clearInterval(timer);
            window.removeEventListener('online', send);
            document.removeEventListener('visibilitychange', seen);
        };
    }, [send, reload]);
    return { held, there, sending, stop, problem, send, reload };
}
