// SPDX-License-Identifier: Apache-2.0
// One question: what was told of the patient, what was written and done, and what the reader can do now.
import { useEffect, useState } from 'preact/hooks';
import { api, ApiProblem } from '../shared/api';
import { dateAndTime } from '../shared/format';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Icon } from '../shared/widgets/icon';
import { Failure, Loading } from '../staff/parts';
import { useGuard } from '../staff/shell';
import type { Session } from '../staff/types';
import { Actions } from './actions';
import { entriesOf } from './ask_state';
import { DueWords, StateWords, UrgencyMark } from './marks';
import { LeftOver } from './left_over';
import { Parts } from './share_fields';
import type { Line, Post, Thread } from './types';
import type { News } from '../staff/use_news';
import { k, sizeWords, targetWords } from './words';

interface Props {
    readonly id: string;
    readonly session: Session;
    readonly news: News;
    readonly onBack: () => void;
}

export function ThreadView({ id, session, news, onBack }: Props) {
    const [thread, setThread] = useState<Thread | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    useEffect(() => {
        let isOld = false;
        api.get<Thread>(`/api/v1/consults/${id}`).then(
            (read) => {
                if (isOld) return;
                setProblem(null);
                setThread(read);
            },
            (error: unknown) => {
                if (!isOld && !guard(error)) setProblem(error);
            },
        );
        return () => {
            isOld = true;
        };
    }, [id, news.version]);
    const isGone = problem instanceof ApiProblem && problem.status === 404;
    return (
        <article class="ask-thread" data-testid="thread" data-state={thread?.state}>
            <p>
                <Button kind="plain" icon="back" onClick={onBack} testId="ask-back">{k('back')}</Button>
            </p>
            {isGone && <h1>{k('do.gone_title')}</h1>}
            {isGone && (
                <LeftOver user={session.user} consult={id}>
                    <Banner tone="info" testId="thread-gone">{k('do.gone')}</Banner>
                </LeftOver>
            )}
            {problem !== null && !isGone && <Failure problem={problem} onRetry={news.reload} />}
            {thread === null && problem === null && <Loading />}
            {thread !== null && !isGone && (
                <>
                    <Head thread={thread} />
                    {thread.shared.length > 0 && (
                        <section class="ask-told">
                            <h2>{k('thread.told')}</h2>
                            <Parts parts={thread.shared} />
                        </section>
                    )}
                    <ul class="ask-entries">
                        {entriesOf(thread.posts, thread.steps).map((entry) => ('post' in entry
                            ? <PostView key={entry.post.id} post={entry.post} consult={id} />
                            : <LineView key={`${entry.line.step} ${entry.at_ms}`} line={entry.line} />))}
                    </ul>
                    {thread.state === 'closed' && <LeftOver user={session.user} consult={id} />}
                    <Actions thread={thread} user={session.user} onDone={news.reload} />
                </>
            )}
        </article>
    );
}

function Head({ thread }: { readonly thread: Thread }) {
    return (
        <header class="ask-head">
            <h1>{thread.mine ? k('to', { to: targetWords(thread) }) : k('from', thread.from)}</h1>
            {!thread.mine && <p>{k('to', { to: targetWords(thread) })}</p>}
            <p class="ask-marks">
                <UrgencyMark urgency={thread.urgency} />
                <StateWords consult={thread} />
            </p>
            <p><DueWords consult={thread} nowMs={thread.server_ms} /></p>
            {thread.visit !== null && <p><a class="ask-visit" href={`/dokter/${thread.visit}`}>{k('thread.to_visit')}</a></p>}
        </header>
    );
}

function PostView({ post, consult }: { readonly post: Post; readonly consult: string }) {
    return (
        <li class={`ask-post ask-post-${post.kind}`} data-testid="post" data-kind={post.kind}>
            <h2>{k(`post.${post.kind}`)}</h2>
            <p class="quiet">{post.author} · {dateAndTime(post.at_ms)}</p>
            <p class="ask-words">{post.text}</p>
            {post.recommendation !== null && (
                <div>
                    <h3>{k('post.recommendation')}</h3>
                    <p class="ask-words">{post.recommendation}</p>
                </div>
            )}
            {post.refer !== null && (
                <p class="strong ask-refer" data-testid="refer">
                    <Icon name={post.refer ? 'hospital' : 'check'} />
                    {k(post.refer ? 'post.refer' : 'post.no_refer')}
                </p>
            )}
            <Files post={post} consult={consult} />
        </li>
    );
}

function Files({ post, consult }: { readonly post: Post; readonly consult: string }) {
    if (post.attachments.length === 0) return null;
    return (
        <div class="ask-file-row">
            {post.attachments.map((one, i) => {
                const href = `/api/v1/consults/${consult}/files/${one.id}`;
                if (one.type === 'pdf') {
                    return (
                        <a key={one.id} class="button" href={href} data-testid="post-pdf">
                            {k('post.pdf', { size: sizeWords(one.bytes) })}
                        </a>
                    );
                }
                return (
                    <a key={one.id} class="ask-photo" href={href} target="_blank" rel="noopener">
                        <img src={href} alt={k('post.file', { n: i + 1 })} data-testid="post-photo" />
                    </a>
                );
            })}
        </div>
    );
}

function LineView({ line }: { readonly line: Line }) {
    return (
        <li class="ask-line quiet" data-testid="line" data-step={line.step}>
            {k(`line.${line.step}`, { by: line.by ?? k('line.someone') })} · {dateAndTime(line.at_ms)}
        </li>
    );
}
