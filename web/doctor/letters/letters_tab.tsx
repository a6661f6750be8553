// SPDX-License-Identifier: Apache-2.0
// The letters of a visit: those that were issued, and what may be issued now.
import { useCallback, useEffect, useState } from 'preact/hooks';
import { api } from '../../shared/api';
import { dateAndTime, dateMs, longDate } from '../../shared/format';
import { Banner } from '../../shared/widgets/banner';
import { Busy } from '../../shared/widgets/busy';
import { Button } from '../../shared/widgets/button';
import { Icon } from '../../shared/widgets/icon';
import { Failure } from '../../staff/parts';
import { useGuard } from '../../staff/shell';
import { LetterDialog } from './letter_dialog';
import { whyNot } from './letter_state';
import { PermitLine } from './permit_line';
import { RevokeDialog } from './revoke_dialog';
import type { Letter, LetterKind, LettersReply, Permit } from './types';
import { l } from './words';

export interface LettersTabProps {
    readonly user: string;
    readonly visitId: string;
    /** Its day, YYYY-MM-DD; "" where it is not known. */
    readonly visited: string;
    readonly patient: string;
    /** What of the note letters need. */
    readonly signed: boolean;
    readonly hasDiagnosis: boolean;
    /** A child whose weight is not written down: doses go by it. */
    readonly lacksWeight: boolean;
    readonly flush: () => Promise<boolean>;
}

function useLetters(visitId: string) {
    const [list, setList] = useState<LettersReply | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    const load = useCallback(() => {
        const abort = new AbortController();
        const { signal } = abort;
        setProblem(null);
        api.get<LettersReply>(`/api/v1/visits/${visitId}/letters`, { signal }).then(setList, (error: unknown) => {
            if (!signal.aborted && !guard(error)) setProblem(error);
        });
        return () => abort.abort();
    }, [visitId, guard]);
    useEffect(load, [load]);
    return { list, problem, load };
}

export function LettersTab(props: LettersTabProps) {
    const { list, problem, load } = useLetters(props.visitId);
    const [making, setMaking] = useState<LetterKind | null>(null);
    const [revoking, setRevoking] = useState<Letter | null>(null);
    const [done, setDone] = useState<Letter | null>(null);
    if (problem !== null) return <Failure problem={problem} onRetry={load} />;
    if (list === null) return <Busy text={l('loading')} />;
    return (
        <div class="letters" data-testid="letters">
            {done && (
                <Banner tone="good" testId="letter-done">
                    <p>{l('dialog.done', { kind: l(`kind.${done.kind}`), number: done.number })}</p>
                    <LetterLink letter={done} />
                </Banner>
            )}
            {list.permit && <PermitLine permit={list.permit} onRetry={load} />}
            <NewLetters {...props} kinds={list.kinds} permit={list.permit} letters={list.letters} onNew={setMaking} />
            {list.letters.length === 0 ? <p class="quiet">{l('none')}</p> : <h3 class="label">{l('issued')}</h3>}
            <ul class="letter-list">
                {list.letters.map((letter) => (
                    <LetterRow key={letter.id} letter={letter} onRevoke={() => setRevoking(letter)} />
                ))}
            </ul>
            {making && (
                <LetterDialog user={props.user} visitId={props.visitId} visited={props.visited} kind={making} sickDays={list.sick_letter_days}
                    lacksWeight={props.lacksWeight} patient={props.patient} flush={props.flush}
                    onClose={() => setMaking(null)}
                    onIssued={(letter) => {
                        setMaking(null);
                        setDone(letter);
                        load();
                    }} />
            )}
            {revoking && (
                <RevokeDialog letter={revoking} visit={{ ...list, id: props.visitId }} onClose={() => setRevoking(null)}
                    onRevoked={() => {
                        setRevoking(null);
                        setDone(null);
                        load();
                    }} />
            )}
        </div>
    );
}

interface NewProps extends LettersTabProps {
    readonly kinds: readonly LetterKind[];
    readonly permit: Permit | null;
    readonly letters: readonly Letter[];
    readonly onNew: (kind: LetterKind) => void;
}

function NewLetters(props: NewProps) {
    const missing = (kind: LetterKind) => {
        const why = whyNot(kind, { ...props, permit: props.permit?.state ?? 'good' });
        return why && l(`needs.${why}`);
    };
    return (
        <div class="letter-kinds" role="group" aria-label={l('new')}>
            {props.kinds.map((kind) => (
                <div key={kind} class="letter-kind">
                    <Button wide disabled={missing(kind) !== null} onClick={() => props.onNew(kind)} testId={`new-${kind}`}>
                        {l(`kind.${kind}`)}
                    </Button>
                    {missing(kind) && <p class="quiet">{missing(kind)}</p>}
                </div>
            ))}
        </div>
    );
}

function LetterLink({ letter }: { readonly letter: Letter }) {
    const kind = l(`kind.${letter.kind}`);
    return (
        <a class="button secondary" href={`/api/v1/letters/${letter.id}/pdf`} target="_blank" rel="noopener" data-testid="letter-open"
            aria-label={l('open_name', { kind, number: letter.number })}>
            <Icon name="print" />
            <span>{l('open')}</span>
        </a>
    );
}

/** Why, as the patient reads it; of an old one what was written then. */
function revokedWords({ revoke_kind: kind, revoke_reason: reason }: Letter, at: number): string {
    return l('revoked', { when: dateAndTime(at), reason: kind ? l(`revoke.kind.${kind}`) : (reason ?? '') });
}

function LetterRow({ letter, onRevoke }: { readonly letter: Letter; readonly onRevoke: () => void }) {
    const kind = l(`kind.${letter.kind}`);
    return (
        <li class={letter.revoked_at_ms === null ? 'letter' : 'letter revoked'} data-testid="letter" data-kind={letter.kind}
            data-check={letter.check}>
            <p>
                <strong>{kind}</strong> <span class="numbers">{letter.number}</span>
            </p>
            <p class="quiet">{longDate(dateMs(letter.date))}</p>
            {letter.revoked_at_ms !== null && (
                <>
                    <p class="letter-revoked">{revokedWords(letter, letter.revoked_at_ms)}</p>
                    {letter.revoke_kind && letter.revoke_reason && (
                        <p class="quiet">{l('revoked_note', { reason: letter.revoke_reason })}</p>
                    )}
                </>
            )}
            {!letter.made && <p class="quiet">{l('unmade')}</p>}
            <div class="letter-actions">
                <LetterLink letter={letter} />
                {letter.revoked_at_ms === null && (
                    <Button kind="plain" onClick={onRevoke} label={l('revoke_name', { kind: kind.toLowerCase(), number: letter.number })} testId="letter-revoke">
                        {l('revoke')}
                    </Button>
                )}
            </div>
        </li>
    );
}
