// SPDX-License-Identifier: Apache-2.0
// A doctor's questions: those that wait, those that were asked and answered; one of them; a new one.
import { useEffect, useState } from 'preact/hooks';
import { api } from '../shared/api';
import { dateAndTime } from '../shared/format';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Failure, Loading } from '../staff/parts';
import { isPlainClick, useRoute } from '../staff/router';
import { useGuard } from '../staff/shell';
import type { Session } from '../staff/types';
import { t } from '../staff/words';
import { AskForm } from './form';
import { DueWords, StateWords, UrgencyMark } from './marks';
import { ThreadView } from './thread';
import type { Box, Consult, ConsultsReply } from './types';
import { useNews, type News } from '../staff/use_news';
import { k, targetWords } from './words';

const HOME = '/tanya';
const NEW = '/tanya/baru';

export function AskPage({ session }: { readonly session: Session }) {
    const { path, go } = useRoute();
    const news = useNews();
    const chosen = /^\/tanya\/([A-Za-z0-9]{1,64})$/.exec(path)?.[1] ?? null;
    const back = () => go(HOME);
    return (
        <div class="ask" data-testid="ask">
            {news.offline && <Banner tone="warning">{t('staff.offline')}</Banner>}
            {chosen === null && <Lists news={news} go={go} />}
            {path === NEW && <AskForm session={session} onBack={back} onAsked={(id) => go(`${HOME}/${id}`)} />}
            {chosen !== null && path !== NEW && (
                <ThreadView key={chosen} id={chosen} session={session} news={news} onBack={back} />
            )}
        </div>
    );
}

type Boxes = Readonly<Record<Exclude<Box, 'late'>, ConsultsReply>>;

function useLists(version: number): { readonly lists: Boxes | null; readonly problem: unknown } {
    const [lists, setLists] = useState<Boxes | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    useEffect(() => {
        let isOld = false;
        const read = (box: Box) => api.get<ConsultsReply>(`/api/v1/consults?box=${box}`);
        Promise.all([read('open'), read('taken'), read('asked')]).then(
            ([open, taken, asked]) => {
                if (isOld) return;
                setProblem(null);
                setLists({ open, taken, asked });
            },
            (error: unknown) => {
                if (!isOld && !guard(error)) setProblem(error);
            },
        );
        return () => {
            isOld = true;
        };
    }, [version]);
    return { lists, problem };
}

interface ListsProps {
    readonly news: News;
    readonly go: (path: string) => void;
}

function Lists({ news, go }: ListsProps) {
    const { lists, problem } = useLists(news.version);
    return (
        <>
            <div class="hours-head">
                <h1>{k('title')}</h1>
                <a class="button plain" href="/dokter">{k('to_day')}</a>
            </div>
            <p class="quiet">{k('intro')}</p>
            <div>
                <Button kind="primary" icon="person-add" onClick={() => go(NEW)} testId="ask-new">{k('new')}</Button>
            </div>
            {problem !== null && <Failure problem={problem} onRetry={news.reload} />}
            {lists === null && problem === null && <Loading />}
            {lists !== null && (
                <>
                    <Section box="open" first={lists.open} go={go} hint={k('open_hint')} />
                    <Section box="taken" first={lists.taken} go={go} />
                    <Section box="asked" first={lists.asked} go={go} />
                </>
            )}
        </>
    );
}

interface SectionProps {
    readonly box: Exclude<Box, 'late'>;
    readonly first: ConsultsReply;
    readonly go: (path: string) => void;
    readonly hint?: string;
}

function Section({ box, first, go, hint }: SectionProps) {
    const [older, setOlder] = useState<readonly Consult[]>([]);
    const [more, setMore] = useState(first.more);
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    /* A question that has moved since is in the newer list. */
    const known = new Set(first.consults.map((one) => one.id));
    const all = [...first.consults, ...older.filter((one) => !known.has(one.id))];
    const readOlder = () => {
        setBusy(true);
        setProblem(null);
        api.get<ConsultsReply>(`/api/v1/consults?box=${box}&before=${all[all.length - 1]?.id ?? ''}`)
            .then((reply) => {
                setOlder([...older, ...reply.consults]);
                setMore(reply.more);
            }, (error: unknown) => {
                if (!guard(error)) setProblem(error);
            })
            .finally(() => setBusy(false));
    };
    return (
        <section class="stack tight" data-testid={`box-${box}`}>
            <h2>{k(box)}{all.length > 0 && ` (${all.length}${more ? '+' : ''})`}</h2>
            {all.length === 0 && <p class="quiet">{k(`${box}_none`)}</p>}
            {all.length > 0 && hint && <p class="quiet">{hint}</p>}
            <ul class="items">
                {all.map((one) => <Item key={one.id} consult={one} nowMs={first.server_ms} go={go} />)}
            </ul>
            {problem !== null && <Failure problem={problem} />}
            {more && box !== 'open' && (
                <div>
                    <Button busy={busy} onClick={readOlder}>{k('older')}</Button>
                </div>
            )}
        </section>
    );
}

interface ItemProps {
    readonly consult: Consult;
    readonly nowMs: number;
    readonly go: (path: string) => void;
}

function Item({ consult, nowMs, go }: ItemProps) {
    const href = `${HOME}/${consult.id}`;
    const from = k('from', consult.from);
    return (
        <li class="item" data-testid="consult" data-state={consult.state} data-consult={consult.id}>
            <div class="item-words">
                <strong>{consult.mine ? k('to', { to: targetWords(consult) }) : from}</strong>
                {!consult.mine && <span>{k('to', { to: targetWords(consult) })}</span>}
                <span class="ask-marks">
                    <UrgencyMark urgency={consult.urgency} />
                    <StateWords consult={consult} />
                </span>
                <DueWords consult={consult} nowMs={nowMs} />
                {consult.attachments > 0 && (
                    <span class="quiet">
                        {consult.attachments === 1 ? k('files_1') : k('files_n', { n: consult.attachments })}
                    </span>
                )}
            </div>
            <div class="item-actions">
                <a class="button" href={href} data-testid="consult-open"
                    aria-label={k('read_label', { from: consult.from.doctor, time: dateAndTime(consult.asked_at_ms) })}
                    onClick={(event) => {
                        if (!isPlainClick(event)) return;
                        event.preventDefault();
                        go(href);
                    }}>
                    {k('read')}
                </a>
            </div>
        </li>
    );
}
