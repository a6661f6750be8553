// SPDX-License-Identifier: Apache-2.0
// A post at work: what is still on the tablet, who waits, whose turn it is.
import { useEffect, useState } from 'preact/hooks';
import { api, told } from '../shared/api';
import type { ConsentReply } from '../shared/api_types';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Icon } from '../shared/widgets/icon';
import { groupOf } from '../staff/day';
import { Dialog, Failure, StateBadge } from '../staff/parts';
import { PersonWords } from '../staff/person';
import { isCorrectable, isSent, isThere, type Entry } from './entry';
import { EntryForm } from './entry_form';
import { dateWords } from '../staff/dates';
import { NursePart } from './nurse';
import { RemoveEntry } from './remove_entry';
import type { Post, PostReply, SentEntry } from './types';
import { usePost, type PostHook } from './use_post';
import type { Draft, Vault } from './vault';
import { o } from './words';

interface QueueProps {
    readonly there: PostReply | null;
    readonly held: readonly Entry[];
    readonly onOpen: (entry: Entry) => void;
    readonly onChanged: () => void;
}

interface Props {
    readonly vault: Vault;
    readonly post: Post;
    readonly user: string;
    readonly consent: ConsentReply | null;
    readonly onText: (version: number) => Promise<void>;
    readonly onLeave: () => void;
}

interface Opened {
    readonly entry: Entry | null;
    readonly draft: Draft | null;
}

export function PostPage({ vault, post, user, consent, onText, onLeave }: Props) {
    const hook = usePost(vault, post.id, user, onText);
    const [open, setOpen] = useState<Opened | null>(null);
    /* What was being typed as the page went away comes first: it would be lost under another. */
    const edit = async (entry: Entry | null) => {
        const draft = await vault.draft(post.id, user);
        const of = draft?.entry ? await vault.entry(draft.entry) : null;
        setOpen(draft ? { entry: of, draft } : { entry, draft: null });
    };
    useEffect(() => {
        void vault.draft(post.id, user).then((draft) => draft && edit(null));
    }, []);
    const add = () => {
        void edit(null);
        hook.send(); // the text to be read aloud may be another by now
    };
    if (open) {
        const close = () => {
            setOpen(null);
            hook.reload();
            hook.send();
        };
        return (
            <EntryForm key={open.entry?.id} vault={vault} post={post.id} user={user} {...open} consent={consent} held={hook.held}
                onOpen={(entry) => setOpen({ entry, draft: null })} onClose={() => setOpen(null)} onSaved={close} />
        );
    }
    const unsent = hook.held.filter((entry) => !isSent(entry));
    return (
        <div class="pos">
            <PostHead post={hook.there?.session ?? post} onLeave={onLeave} onClosed={() => hook.send()} />
            <Button kind="primary" wide icon="person-add" onClick={add} testId="entry-add">
                {o('add')}
            </Button>
            <SendState hook={hook} unsent={unsent} />
            <HeldList held={unsent} onOpen={edit} onRemove={(entry) => void vault.remove(entry).then(hook.reload)} />
            <Queue there={hook.there} held={hook.held} onOpen={edit} onChanged={() => hook.send()} />
            {hook.there !== null && (
                <a class="button" href={`/loket/daftar?dari=pos&poli=${hook.there.session.clinic_id}`} data-testid="register">
                    {o('register')}
                </a>
            )}
        </div>
    );
}

function PostHead({ post, onLeave, onClosed }: { readonly post: Post; readonly onLeave: () => void; readonly onClosed: () => void }) {
    const [asking, setAsking] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const close = () => {
        api.post(`/api/v1/outreach/${post.id}/close`).then(() => {
            setAsking(false);
            onClosed();
        }, setProblem);
    };
    return (
        <header class="pos-head">
            <div>
                <h1>{post.village}</h1>
                <p class="quiet">{post.area} · {dateWords(post.date)} · {post.clinic}{post.closed_at_ms ? ` · ${o('closed')}` : ''}</p>
            </div>
            <div class="pos-tools">
                <Button kind="plain" icon="back" onClick={onLeave} testId="other-posts">{o('other_posts')}</Button>
                {!post.closed_at_ms && <Button kind="plain" onClick={() => setAsking(true)} testId="post-close">{o('close')}</Button>}
            </div>
            {asking && (
                <Dialog label={o('close')} onClose={() => setAsking(false)} testId="close-dialog">
                    <p>{o('close.ask')}</p>
                    {problem !== null && <Failure problem={problem} />}
                    <div class="dialog-actions">
                        <Button kind="primary" onClick={close} testId="close-yes">{o('close.yes')}</Button>
                        <Button kind="plain" onClick={() => setAsking(false)}>{o('form.cancel')}</Button>
                    </div>
                </Dialog>
            )}
        </header>
    );
}

/** How many are not sent yet, why, and the way out. */
function SendState({ hook, unsent: held }: { readonly hook: PostHook; readonly unsent: readonly Entry[] }) {
    const { sending, stop } = hook;
    const wrong = held.filter((entry) => entry.errors.length > 0).length;
    return (
        <section class="pos-send" data-testid="send-state" data-unsent={held.length} data-wrong={wrong} data-stop={stop ?? ''}
            data-sending={sending}>
            <p class={held.length > 0 ? 'pos-count' : 'pos-count all'} role="status" data-testid="unsent">
                <Icon name={held.length > 0 ? 'clock' : 'check'} />
                <span class="numbers">{held.length > 0 ? o('unsent', { n: held.length }) : o('all_sent')}</span>
                {wrong > 0 && <span class="pos-wrong">{o('wrong', { n: wrong })}</span>}
            </p>
            {/* What is only to be corrected does not go. */}
            {held.length > wrong && (
                <Button icon="share" busy={sending} onClick={() => hook.send(true)} testId="send-now">{o(sending ? 'sending' : 'send')}</Button>
            )}
            {stop !== null && <StopWords hook={hook} />}
        </section>
    );
}

function StopWords({ hook: { stop, problem, send } }: { readonly hook: PostHook }) {
    switch (stop) {
        case null:
            return null;
        case 'offline':
            return <Banner tone="info" testId="offline">{o('offline')}</Banner>;
        case 'wait':
            return <Banner tone="info">{o('wait')}</Banner>;
        case 'login':
            return (
                <Banner tone="warning" testId="login-again">
                    <p>{o('login')}</p>
                    <a class="button" href="/masuk?ke=%2Fpos&habis=1">{o('login_now')}</a>
                </Banner>
            );
        case 'day':
            return <Banner tone="warning">{o('refused_session')}</Banner>;
        case 'team':
            return <Banner tone="warning">{o('not_in_team')}</Banner>;
        case 'doctor':
            return <Banner tone="warning" testId="no-doctor">{o('no_doctor')}</Banner>;
        case 'other':
            return <Failure problem={problem} onRetry={() => send(true)} />;
    }
}

interface HeldProps {
    readonly held: readonly Entry[];
    readonly onOpen: (entry: Entry) => void;
    readonly onRemove: (entry: Entry) => void;
}

function HeldList({ held, onOpen, onRemove }: HeldProps) {
    if (held.length === 0) return null;
    return (
        <section aria-label={o('here')}>
            <h2>{o('here')}</h2>
            <ul class="rows" data-testid="held-list">
                {held.map((entry) => (
                    <HeldRow key={entry.id} entry={entry} onOpen={() => onOpen(entry)} onRemove={() => onRemove(entry)} />
                ))}
            </ul>
        </section>
    );
}

interface RowProps {
    readonly entry: Entry;
    readonly onOpen: () => void;
    readonly onRemove: () => void;
}

function HeldRow({ entry, onOpen, onRemove }: RowProps) {
    const wrong = entry.errors.length > 0;
    /* The server says: mend the NIK, or remove this. */
    const isTwin = entry.errors.some((error) => error.code.startsWith('already_here'));
    return (
        <li class={wrong ? 'row pos-row wrong' : 'row pos-row'} data-testid="held" data-wrong={wrong}>
            <span class="row-number numbers">{entry.sequence}</span>
            <span class="row-words">
                <span class="row-name">{entry.form?.name ?? o('photos_left')}</span>
                <span class="row-facts">
                    {wrong ? (
                        entry.errors.map((error) => <span key={error.field} class="pos-wrong">{told(error)}</span>)
                    ) : (
                        <span class="quiet">{o(isThere(entry) ? 'photos_left' : 'mine')}</span>
                    )}
                    {entry.photos.length > 0 && <span class="quiet">{o('n_photos', { n: entry.photos.length })}</span>}
                </span>
            </span>
            <span class="pos-row-tools">
                {entry.form && (
                    <Button kind={wrong ? 'primary' : 'secondary'} onClick={onOpen} testId="held-edit"
                        label={`${o(wrong ? 'mend' : 'edit')}: ${entry.form.name}`}>
                        {o(wrong ? 'mend' : 'edit')}
                    </Button>
                )}
                {isTwin && <RemoveEntry entry={entry} onRemove={onRemove} />}
            </span>
        </li>
    );
}

/** What this tablet holds of ENTRY, while it can be corrected. */
function ownOf(held: readonly Entry[], entry: SentEntry): Entry | null {
    return isCorrectable(entry.state) ? (held.find((one) => one.id === entry.id && one.form !== null) ?? null) : null;
}

interface SentNameProps {
    readonly entry: SentEntry;
    readonly own: Entry | null;
    readonly onOpen: (entry: Entry) => void;
}

function SentName({ entry, own, onOpen }: SentNameProps) {
    if (!own) return <span class="row-name">{entry.patient}</span>;
    return (
        <button type="button" class="row-name pos-correct" onClick={() => onOpen(own)} data-testid="sent-edit"
            aria-label={o('correct_name', { name: entry.patient })}>
            {entry.patient}
        </button>
    );
}

const isOpen = (entry: SentEntry) => ['waiting', 'now'].includes(groupOf(entry.state));

function Queue({ there, held, onOpen, onChanged }: QueueProps) {
    const [link, setLink] = useState<{ readonly name: string; readonly href: string } | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    /* Whom the doctor has called comes first. */
    const next = there?.entries.find((one) => groupOf(one.state) === 'now') ?? there?.entries.find(isOpen);
    const call = (entry: SentEntry) => {
        setProblem(null);
        setLink(null);
        /* Who opens it sits beside the patient from then on. */
        api.post(`/api/v1/visits/${entry.visit}/nurse`, { step: 'joined' })
            .then(() => api.post<{ link: string }>(`/api/v1/visits/${entry.visit}/link`))
            .then(({ link: href }) => {
                /* One tab for all patients in turn. A browser that opens none shows the way. */
                if (!window.open(href, 'huyula-pasien')) setLink({ name: entry.patient, href });
                onChanged();
            })
            .catch(setProblem);
    };
    return (
        <section aria-label={o('queue')} data-testid="queue">
            <h2>{o('queue')}</h2>
            {there === null && <p class="quiet">{o('queue_offline')}</p>}
            {there !== null && there.entries.length === 0 && <p class="quiet">{o('queue_empty')}</p>}
            {problem !== null && <Failure problem={problem} />}
            {link && (
                <Banner tone="info">
                    <a class="button primary" href={link.href} target="huyula-pasien">{o('call_link', { name: link.name })}</a>
                </Banner>
            )}
            {next && (
                <div class="pos-next" data-testid="next">
                    <p class="quiet">{o('next')}</p>
                    <p class="pos-next-name"><span class="numbers">{next.number}</span> {next.patient}</p>
                    <Button kind="primary" icon="camera" onClick={() => call(next)} testId="call-next">{o('call')}</Button>
                    <p class="quiet">{o('call_hint')}</p>
                    <NursePart key={next.id} entry={next} onChanged={onChanged} />
                </div>
            )}
            {there?.entries.some((one) => ownOf(held, one)) && <p class="hint">{o('correct_hint')}</p>}
            <ul class="rows" data-testid="sent-list">
                {there?.entries.map((entry) => (
                    <li class="row pos-row" key={entry.id} data-testid="sent" data-state={entry.state}>
                        <span class="row-number numbers">{entry.number}</span>
                        <span class="row-words">
                            <SentName entry={entry} own={ownOf(held, entry)} onOpen={onOpen} />
                            <span class="row-facts">
                                <PersonWords age={entry.age} sex={entry.sex} />
                                <StateBadge state={entry.state} />
                                {entry.photos > 0 && <span class="quiet">{o('n_photos', { n: entry.photos })}</span>}
                            </span>
                        </span>
                        {isOpen(entry) && (
                            <Button onClick={() => call(entry)} testId="call" label={o('call_name', { name: entry.patient })}>
                                {o('call')}
                            </Button>
                        )}
                    </li>
                ))}
            </ul>
        </section>
    );
}
