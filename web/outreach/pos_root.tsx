// SPDX-License-Identifier: Apache-2.0
// The page of a team at a post. It begins without a network for whom it knows: who logged in last on this
// tablet. Logging out here wipes what it holds; another account sees nothing of it.
import { useCallback, useEffect, useState } from 'preact/hooks';
import { api, NetworkError } from '../shared/api';
import type { ConsentReply } from '../shared/api_types';
import { useLang } from '../shared/lang';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Dialog, Failure, Loading } from '../staff/parts';
import { ACCOUNT_KEY, goToLogin, homeOf, isSessionEnd, lastAccount, loadSession, loginPath, logOut } from '../staff/session';
import { StaffHeader } from '../staff/staff_header';
import type { Session } from '../staff/types';
import { t } from '../staff/words';
import { learnText, meet, type Around, type Locked, type Met } from './meet';
import { PostList } from './post_list';
import { PostPage } from './post_page';
import type { Post } from './types';
import { Vault } from './vault';
import { o } from './words';

interface Root extends Met<Vault> {
    readonly problem: unknown;
}
const NOTHING: Root = { vault: null, known: null, session: null, locked: null, wrongRole: false, problem: null };

const AROUND: Around<Vault> = {
    open: () => Vault.open(),
    session: loadSession,
    consent: () => api.get<ConsentReply>('/api/v1/consent'),
    account: lastAccount,
};

function useRoot() {
    const [root, setRoot] = useState<Root>(NOTHING);
    const set = useCallback((change: Partial<Root>) => setRoot((now) => ({ ...now, ...change })), []);
    const start = useCallback(() => {
        set({ problem: null });
        meet(AROUND, set).then(() => void navigator.storage?.persist?.(), (problem: unknown) => {
            setRoot((now) => {
                /* Without a network, or with a log-in that has ended, the post goes on for whom it knows. */
                if (now.known?.post && (problem instanceof NetworkError || isSessionEnd(problem))) return now;
                if (isSessionEnd(problem)) goToLogin('/pos');
                return { ...now, problem };
            });
        });
    }, [set]);
    useEffect(start, [start]);
    const user = root.known?.owner.user;
    useEffect(() => {
        /* Somebody else has logged in in another tab, or this one out. */
        const changed = (event: StorageEvent) => {
            if (event.key === ACCOUNT_KEY && user !== undefined && event.newValue !== user) location.reload();
        };
        window.addEventListener('storage', changed);
        return () => window.removeEventListener('storage', changed);
    }, [user]);
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
        goToLogin('/pos', 'habis');
        return true;
    };
    const discard = async () => {
        await logOut(true);
        await root.vault?.wipe();
        gone();
    };
    const leave = () => {
        const failed = (problem: unknown) => set({ problem });
        /* What lies here of somebody else is nobody's to throw away. */
        if (!root.vault || !root.known) return void logOut(true).then(gone, failed);
        root.vault.unsent().then(({ length }) => (length > 0 ? setLeaving(length) : discard())).catch(failed);
    };
    const shown: Session | null = root.session ?? (root.known ? { ...root.known.owner, role: 'desk', area: null, csrf: '', server_ms: Date.now(), own_key: '' } : null);
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
    if (root.locked) {
        return (
            <>
                <LockedWords locked={root.locked} onRetry={onRetry} onLeave={onLeave} />
                {!root.locked.offline && root.problem !== null && <Failure problem={root.problem} />}
            </>
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
    const learn = async (version: number) => {
        const learnt = await learnText(vault, version, AROUND.consent);
        if (learnt) set({ known: learnt });
    };
    if (known.post) {
        return <PostPage key={known.post.id} vault={vault} post={known.post} user={known.owner.user} consent={known.consent} onText={learn}
            onLeave={() => choose(null)} />;
    }
    if (!session) return <Loading />;
    return <PostList facility={known.owner.facility.id} onPost={choose} guard={guard} />;
}

interface LockedProps {
    readonly locked: Locked;
    readonly onRetry: () => void;
    readonly onLeave: () => void;
}

/** Whose it is, and what to do: only that person can send it, and nobody changes accounts without a network. */
function LockedWords({ locked: { n, owner, offline }, onRetry, onLeave }: LockedProps) {
    const who = owner ?? o('locked.someone');
    return (
        <Banner tone="warning" testId="locked">
            <h1>{o('locked.title')}</h1>
            <p>{o('locked.text', { n, who })}</p>
            <p>{o(offline ? 'locked.offline' : 'locked.online', { who })}</p>
            {offline
                ? <Button onClick={onRetry} testId="locked-retry">{t('staff.retry')}</Button>
                : <Button onClick={onLeave} testId="locked-leave">{o('locked.leave')}</Button>}
        </Banner>
    );
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
