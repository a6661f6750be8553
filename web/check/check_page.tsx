// SPDX-License-Identifier: Apache-2.0
// One word first (genuine, revoked, not valid), then what tells this letter from another.
import { useCallback, useEffect, useState } from 'preact/hooks';
import { api, ApiProblem } from '../shared/api';
import { dateAndTime, dateMs, longDate } from '../shared/format';
import { useLang } from '../shared/lang';
import { Banner } from '../shared/widgets/banner';
import { Busy } from '../shared/widgets/busy';
import { Button } from '../shared/widgets/button';
import { Header } from '../shared/widgets/header';
import { Icon, type IconName } from '../shared/widgets/icon';
import { common, failureText } from '../shared/words';
import { c } from './words';

interface CheckReply {
    readonly verdict: 'valid' | 'revoked' | 'broken';
    readonly kind?: 'summary' | 'prescription' | 'referral' | 'sick';
    readonly number?: string;
    readonly date?: string;
    readonly facility?: string;
    readonly patient?: string;
    readonly revoked_at_ms?: number | null;
}

type Verdict = CheckReply['verdict'] | 'unknown';

const ICONS: Readonly<Record<Verdict, IconName>> = {
    valid: 'check', revoked: 'warning', broken: 'close', unknown: 'close',
};

export function CheckPage({ code }: { readonly code: string }) {
    const lang = useLang();
    const [reply, setReply] = useState<CheckReply | 'unknown' | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    const load = useCallback(() => {
        setProblem(null);
        api.get<CheckReply>(`/api/v1/check/${encodeURIComponent(code)}`).then(setReply, (error: unknown) => {
            if (error instanceof ApiProblem && error.status === 404) setReply('unknown');
            else setProblem(error);
        });
    }, [code]);
    useEffect(load, [load]);
    useEffect(() => {
        document.title = `${c('title')} · Huyula`;
    }, [lang]);
    return (
        <div class="page">
            <Header title={common('app_name')} />
            <main class="page-main check">
                {problem !== null && (
                    <Banner tone="danger" testId="check-failed">
                        <p>{failureText(problem)}</p>
                        <Button onClick={load}>{common('try_again')}</Button>
                    </Banner>
                )}
                {reply === null && problem === null && <Busy text={c('checking')} />}
                {reply === 'unknown' && <Answer verdict="unknown" />}
                {reply !== null && reply !== 'unknown' && <Answer verdict={reply.verdict} reply={reply} />}
            </main>
        </div>
    );
}

function Answer({ verdict, reply }: { readonly verdict: Verdict; readonly reply?: CheckReply }) {
    const when = reply?.revoked_at_ms ? dateAndTime(reply.revoked_at_ms) : '';
    return (
        <>
            <div class={`verdict ${verdict}`} role="status" data-testid="verdict" data-verdict={verdict}>
                <Icon name={ICONS[verdict]} size={40} />
                <h1>{c(`${verdict}.title`)}</h1>
            </div>
            <p>{c(`${verdict}.text`, { when })}</p>
            {reply?.kind && (
                <>
                    <Facts reply={reply} kind={reply.kind} />
                    <p class="quiet">{c('privacy')}</p>
                </>
            )}
        </>
    );
}

function Facts({ reply, kind }: { readonly reply: CheckReply; readonly kind: NonNullable<CheckReply['kind']> }) {
    const rows = [
        ['kind', c(`kind.${kind}`)],
        ['number', reply.number],
        ['date', reply.date && longDate(dateMs(reply.date))],
        ['facility', reply.facility],
        ['patient', reply.patient],
    ] as const;
    return (
        <dl class="check-facts" data-testid="check-facts">
            {rows.map(([key, value]) => (
                <div key={key}>
                    <dt>{c(`fact.${key}`)}</dt>
                    <dd class="numbers">{value}</dd>
                </div>
            ))}
        </dl>
    );
}
