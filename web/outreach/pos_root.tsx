// SPDX-License-Identifier: Apache-2.0
// The page of a team at a post. It begins without a network for whom it knows: who logged in last on this
// tablet. Logging out wipes what it holds; another account sees nothing of it.
import { useCallback, useEffect, useState } from 'preact/hooks';
import { api, NetworkError } from '../shared/api';
import type { ConsentReply } from '../shared/api_types';
import { useLang } from '../shared/lang';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Dialog, Failure, Loading } from '../staff/parts';
import { homeOf, isSessionEnd, loadSession, loginPath, logOut } from '../staff/session';
import { StaffHeader } from '../staff/staff_header';
import type { Session } from '../staff/types';
import { t } from '../staff/words';
import { PostList } from './post_list';
import { PostPage } from './post_page';
import type { Post } from './types';
import { Vault, type Known } from './vault';
import { o } from './words';

interface Root {
    readonly vault: Vault | null;
    readonly known: Known | null;
    readonly session: Session | null;
    /** So many of another account are not sent yet. */
    readonly foreign: number;
    readonly wrongRole: boolean;
    readonly problem: unknown;
}
const NOTHING: Root = { vault: null, known: null, session: null, foreign: 0, wrongRole: false, problem: null };

/** Who is here: the log-in when there is a network, else whom the tablet knows. */
async function meet(set: (change: Partial<Root>) => void): Promise<void> {
    let vault = await Vault.open();
    let known = await vault.known();
    set({ vault });
    /* Whose the tablet's patients are is known first: another account sees nothing of them. */
    const session = await loadSession().catch((problem: unknown) => {
        set({ known });
        throw problem;
    });
    if (session.role !== 'desk' || !session.facility) return set({ session, wrongRole: true });
    if (known && known.owner.user !== session.user) {
        const foreign = (await vault.entries()).length;
        if (foreign > 0) return set({ session, known: null, foreign });
        await vault.wipe();
        vault = await Vault.open();
        known = null;
    }
    const consent = await api.get<ConsentReply>('/api/v1/consent');
    const owner = { user: session.user, name: session.name, facility: session.facility };
    known = { post: null, ...known, owner, consent };
    await vault.setKnown(known);
    void navigator.storage?.persist?.();
    set({ vault, known, session, foreign: 0 });
}

function useRoot() {
    const [root, setRoot] = useState<Root>(NOTHING);
    const set = useCallback((change: Partial<Root>) => setRoot((now) => ({ ...now, ...change })), []);
    const start = useCallback(() => {
        set({ problem: null });
        meet(set).catch((problem: unknown) => {
            setRoot((now) => {
                /* Without a network, or with a log-in that has ended, the post goes on for whom it knows. */
                if (now.known?.post && (problem instanceof NetworkError || isSessionEnd(problem))) return now;
                if (isSessionEnd(problem)) location.replace(loginPath('/pos'));
                return { ...now, problem };
            });
        });
    }, [set]);
    useEffect(start, [start]);
    return { root, set, start };
}

export function PosRoot() {
    const lang = useLang();
    const { root, set, start } = useRoot();
    const [leaving, setLeaving] = useState(0);
    useEffect(() => {
        document.title = `${o('title')} · Huyula`;
    }, [lang]);
    const gone = () => location.assign(loginPath('', 'keluar'));
    const guard = (problem: unknown) => {
        if (!isSessionEnd(problem)) return false;
        location.replace(loginPath('/pos', 'habis'));
        return true;
    };
    const discard = async () => {
        await logOut(true);
        await root.vault?.wipe();
        gone();
    };
    const leave = () => {
        const held = root.foreign > 0 ? Promise.resolve([]) : (root.vault?.entries() ?? Promise.resolve([]));
        void held.then((entries) => {
            if (entries.length > 0) setLeaving(entries.length);
            else if (root.foreign > 0) void logOut(true).then(gone, (problem: unknown) => set({ problem }));
            else discard().catch((problem: unknown) => set({ problem }));
        });
    };
    const shown: Session | null = root.session ?? (root.known ? { ...root.known.owner, role: 'desk', area: null, csrf: '' } : null);
    return (
        <>
            <a class="skip" href="#isi">{t('staff.skip')}</a>
            <StaffHeader session={shown} onLogout={leave} guard={guard} />
            <main id="isi" class="staff-main" tabIndex={-1}>
                <Body root={root} set={set} onRetry={start} onLeave={leave} guard={guard} />
            </main>
            {leaving > 0 && (
                <LeaveDialog n={leaving} onStay={() => setLeaving(0)} onDiscard={() => {
                    discard().catch((problem: unknown) => {
                        setLeaving(0);
                        set({ problem });
                    });
                }} />
            )}
        </>
    );
}

interface BodyProps {
    readonly root: Root;
    readonly set: (change: Partial<Root>) => void;
    readonly onRetry: () => void;
    readonly onLeave: () => void;
    readonly guard: (problem: unknown) => boolean;
}

function Body({ root, set, onRetry, onLeave, guard }: BodyProps) {
    const { vault, known, session } = root;
    if (root.wrongRole && session) {
        return (
            <div class="empty">
                <h1>{t('staff.wrong_page')}</h1>
                <a class="button primary" href={homeOf(session.role)}>{t('staff.to_own_page')}</a>
            </div>
        );
    }
    if (root.foreign > 0) {
        return (
            <Banner tone="warning" testId="locked">
                <p><strong>{o('locked.title')}</strong></p>
                <p>{o('locked.text', { n: root.foreign })}</p>
                <Button onClick={onLeave}>{o('locked.leave')}</Button>
            </Banner>
        );
    }
    if (root.problem !== null && vault === null) return <Banner tone="danger">{o('unusable')}</Banner>;
    if (root.problem instanceof NetworkError && !known) return <FirstOnline onRetry={onRetry} />;
    if (root.problem !== null) return <Failure problem={root.problem} onRetry={onRetry} />;
    if (!vault || !known) return <Loading />;
    const choose = (post: Post | null) => {
        const next = { ...known, post };
        vault.setKnown(next).then(() => set({ known: next }), (problem: unknown) => set({ problem }));
    };
    if (known.post) {
        return <PostPage key={known.post.id} vault={vault} post={known.post} user={known.owner.user} consent={known.consent}
            onLeave={() => choose(null)} />;
    }
    if (!session) return <Loading />;
    return <PostList facility={known.owner.facility.id} onPost={choose} guard={guard} />;
}

function FirstOnline({ onRetry }: { readonly onRetry: () => void }) {
    return (
        <Banner tone="warning" testId="first-online">
            <p>{o('first_online')}</p>
            <Button onClick={onRetry}>{t('staff.retry')}</Button>
        </Banner>
    );
}

interface LeaveProps {
    readonly n: number;
    readonly onStay: () => void;
    readonly onDiscard: () => void;
}

function LeaveDialog({ n, onStay, onDiscard }: LeaveProps) {
    return (
        <Dialog label={o('leave.title')} onClose={onStay} testId="leave-dialog">
            <h2>{o('leave.title')}</h2>
            <p>{o('leave.text', { n })}</p>
            <div class="dialog-actions">
                <Button kind="primary" onClick={onStay} testId="leave-stay">{o('leave.stay')}</Button>
                <Button kind="danger" onClick={onDiscard} testId="leave-discard">{o('leave.discard', { n })}</Button>
            </div>
        </Dialog>
    );
}
