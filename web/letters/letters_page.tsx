// SPDX-License-Identifier: Apache-2.0
// The patient's letters. A file is fetched with the visit's token and handed to the browser as a download:
// no address ever holds a secret.
import { useCallback, useEffect, useState } from 'preact/hooks';
import { api, ApiProblem, NetworkError, problemFrom } from '../shared/api';
import type { JoinReply } from '../shared/api_types';
import { dateMs, longDate } from '../shared/format';
import { getLang, useLang } from '../shared/lang';
import { Banner } from '../shared/widgets/banner';
import { Busy } from '../shared/widgets/busy';
import { Button } from '../shared/widgets/button';
import { Header } from '../shared/widgets/header';
import { Icon } from '../shared/widgets/icon';
import { common, failureText } from '../shared/words';
import { o } from './words';

interface OwnLetter {
    readonly id: string;
    readonly kind: 'summary' | 'prescription' | 'referral' | 'sick';
    readonly number: string;
    readonly date: string;
    readonly revoked_at_ms: number | null;
    readonly revoke_kind: 'mistake' | 'replaced' | 'not_needed' | 'other' | null;
}

async function fetchFile(token: string, letter: OwnLetter): Promise<void> {
    const headers = { Authorization: `Bearer ${token}`, 'Accept-Language': getLang() };
    const response = await fetch(`/api/v1/letters/${letter.id}/pdf`, { headers, cache: 'no-store' }).catch(() => {
        throw new NetworkError();
    });
    if (!response.ok) {
        const body: unknown = await response.json().catch(() => null);
        throw problemFrom(response.status, body, response.headers.get('Retry-After'));
    }
    const url = URL.createObjectURL(await response.blob());
    const link = document.createElement('a');
    link.href = url;
    link.download = `${letter.number.replace(/\//g, '-')}.pdf`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export function OwnLetters({ token }: { readonly token: string | null }) {
    const lang = useLang();
    useEffect(() => {
        document.title = `${o('title')} · Huyula`;
    }, [lang]);
    return (
        <div class="page">
            <Header title={common('app_name')} />
            <main class="page-main own">
                <h1>{o('title')}</h1>
                {token === null ? (
                    <div data-testid="no-visit">
                        <p>{o('no_visit')}</p>
                        <p class="soft">{o('no_visit_hint')}</p>
                    </div>
                ) : (
                    <>
                        <Letters token={token} />
                        <a class="button" href="/v/kunjungan">{o('back')}</a>
                    </>
                )}
            </main>
        </div>
    );
}

function Letters({ token }: { readonly token: string }) {
    const [letters, setLetters] = useState<readonly OwnLetter[] | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    const load = useCallback(() => {
        setProblem(null);
        api.get<{ letters: OwnLetter[] }>('/api/v1/join/letters', { bearer: token })
            .then((reply) => setLetters(reply.letters), setProblem);
    }, [token]);
    useEffect(load, [load]);
    if (problem !== null) {
        return (
            <Banner tone="danger" testId="own-failed">
                <p>{failureText(problem)}</p>
                <Button onClick={load}>{o('again')}</Button>
            </Banner>
        );
    }
    if (letters === null) return <Busy text={o('loading')} />;
    if (letters.length === 0) {
        return (
            <div class="own-none" data-testid="own-none">
                <p>{o('none')}</p>
                <p class="soft">{o('none_hint')}</p>
                <Button onClick={load}>{o('again')}</Button>
            </div>
        );
    }
    return (
        <>
            <ul class="own-list" data-testid="own-letters">
                {letters.map((letter) => <OwnRow key={letter.id} token={token} letter={letter} onGone={load} />)}
            </ul>
            {letters.some((letter) => letter.revoked_at_ms !== null) && <AskFacility token={token} />}
            <p class="soft">{o('check')}</p>
        </>
    );
}

/** Whom to ask for another one. */
function AskFacility({ token }: { readonly token: string }) {
    const [visit, setVisit] = useState<JoinReply['visit'] | null>(null);
    useEffect(() => {
        api.get<JoinReply>('/api/v1/join', { bearer: token }).then((reply) => setVisit(reply.visit), () => undefined);
    }, [token]);
    if (!visit?.phone) return null;
    return (
        <p class="phone-help" data-testid="own-ask">
            <span>{o('revoked.ask', { facility: visit.facility })}</span>
            <a href={`tel:${visit.phone.replace(/[^+\d]/g, '')}`}>
                <Icon name="phone" size={20} />
                <span class="numbers">{visit.phone}</span>
            </a>
        </p>
    );
}

interface RowProps {
    readonly token: string;
    readonly letter: OwnLetter;
    /** It was revoked meanwhile. */
    readonly onGone: () => void;
}

function OwnRow({ token, letter, onGone }: RowProps) {
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const kind = o(`kind.${letter.kind}`);
    const save = () => {
        setBusy(true);
        setProblem(null);
        fetchFile(token, letter).catch((error: unknown) => {
            setProblem(error);
            if (error instanceof ApiProblem && error.status === 410) onGone();
        }).finally(() => setBusy(false));
    };
    return (
        <li class="card" data-testid="own-letter" data-kind={letter.kind}>
            <h2>{kind}</h2>
            <p class="numbers">{letter.number}</p>
            <p class="soft">{longDate(dateMs(letter.date))}</p>
            {letter.revoked_at_ms !== null && (
                <Banner tone="warning" testId="own-revoked">
                    <p>{o(`revoked.${letter.revoke_kind ?? 'other'}`)}</p>
                    {letter.kind === 'prescription' && <p>{o('revoked.medicine')}</p>}
                </Banner>
            )}
            {problem !== null && letter.revoked_at_ms === null && <Banner tone="danger">{failureText(problem)}</Banner>}
            {letter.revoked_at_ms === null && (
                <Button wide busy={busy} onClick={save} label={o('open_name', { kind, number: letter.number })} testId="own-save">
                    {o('open')}
                </Button>
            )}
        </li>
    );
}
