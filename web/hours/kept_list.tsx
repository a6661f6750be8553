// SPDX-License-Identifier: Apache-2.0
// Bookings that were kept though a change of hours left them without a place: how many there are, and the
// list in which each is moved or its patient told.
import { useEffect, useState } from 'preact/hooks';
import { api } from '../shared/api';
import { dateAndTime, inOnePiece, withTitle } from '../shared/format';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { MoveDialog } from '../staff/move_dialog';
import { Failure, Loading } from '../staff/parts';
import { useGuard } from '../staff/shell';
import type { Session } from '../staff/types';
import { KEPT_HASH } from './change';
import { mayMove, mayTell, messageKey } from './kept_state';
import type { Kept, KeptReply } from './types';
import { h } from './words';

export interface KeptShown {
    readonly isShown: boolean;
    readonly leave: () => void;
}

/** The list has an address of its own, so that other pages lead to it. */
export function useKeptShown(): KeptShown {
    const [hash, setHash] = useState(location.hash);
    useEffect(() => {
        const changed = () => setHash(location.hash);
        window.addEventListener('hashchange', changed);
        return () => window.removeEventListener('hashchange', changed);
    }, []);
    return {
        isShown: hash === KEPT_HASH,
        leave: () => {
            location.hash = '';
        },
    };
}

/** Said for as long as there are any. */
export function KeptNote({ kept }: { readonly kept: KeptReply | null }) {
    if (kept === null || kept.hits.length === 0) return null;
    return (
        <Banner tone="warning" testId="kept-note">
            <p>{h(kept.more ? 'kept_note_more' : 'kept_note', { n: kept.hits.length })}</p>
            <a class="button" href={KEPT_HASH} data-testid="to-kept">
                {h('kept_open')}
            </a>
        </Banner>
    );
}

/** A visit was moved, as the dialog says it; or the patient of a number is told. */
type Done = { readonly words: string } | { readonly told: string };

interface Props {
    readonly session: Session;
    readonly value: KeptReply | null;
    readonly problem: unknown;
    readonly onChanged: () => void;
    readonly onBack: () => void;
}

export function KeptList({ session, value, problem, onChanged, onBack }: Props) {
    const [moving, setMoving] = useState<Kept | null>(null);
    const [done, setDone] = useState<Done | null>(null);
    const changed = (one: Done) => {
        setMoving(null);
        setDone(one);
        onChanged();
    };
    return (
        <div class="hours" data-testid="kept">
            <div class="hours-head">
                <h1>{h('kept_title')}</h1>
                <Button kind="plain" onClick={onBack} testId="kept-back">
                    {h('kept_back')}
                </Button>
            </div>
            <p>{h('kept_text')}</p>
            {!mayMove(session.role) && <p class="quiet">{h('kept_moved_by')}</p>}
            {done !== null && (
                <Banner tone="good" testId="kept-done">
                    {'words' in done ? done.words : h('kept_told', { number: inOnePiece(done.told) })}
                </Banner>
            )}
            {problem !== null && <Failure problem={problem} onRetry={onChanged} />}
            {problem === null && value === null && <Loading />}
            {value?.hits.length === 0 && <p data-testid="kept-none">{h('kept_none')}</p>}
            <ul class="items roomy">
                {value?.hits.map((one) => (
                    <Row key={one.visit} one={one} session={session} onMove={() => setMoving(one)} onDone={changed} />
                ))}
            </ul>
            {value?.more && <p class="quiet">{h('kept_more', { n: value.hits.length })}</p>}
            {moving && (
                <MoveDialog visit={{ ...moving, id: moving.visit, unplaced: true, patient: h('kept_who', { number: inOnePiece(moving.number) }) }}
                    onClose={() => setMoving(null)} onMoved={(words) => changed({ words })} />
            )}
        </div>
    );
}

interface RowProps {
    readonly one: Kept;
    readonly session: Session;
    readonly onMove: () => void;
    readonly onDone: (done: Done) => void;
}

function Row({ one, session, onMove, onDone }: RowProps) {
    const guard = useGuard();
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const tell = () => {
        setBusy(true);
        setProblem(null);
        api.post(`/api/v1/hours-hits/${one.visit}/message`)
            .then(() => onDone({ told: one.number }), (error: unknown) => {
                if (!guard(error)) setProblem(error);
            })
            .finally(() => setBusy(false));
    };
    const what = `${one.number}, ${dateAndTime(one.starts_at_ms)}`;
    const place = session.role === 'admin' ? `${one.clinic}, ${one.facility}` : one.clinic;
    return (
        <li class="item" data-testid="kept-row" data-visit={one.visit} data-message={one.message ?? 'none'}>
            <div class="item-words">
                <strong class="numbers">{`${one.number} · ${dateAndTime(one.starts_at_ms)}`}</strong>
                <span>{[withTitle(one.doctor), place, one.extra ? h('hits_extra') : ''].filter(Boolean).join(' · ')}</span>
                <span class="quiet">{h(messageKey(one))}</span>
            </div>
            <div class="item-actions">
                {mayMove(session.role) && (
                    <Button kind="plain" label={h('kept_move_label', { what })} onClick={onMove} testId="kept-move">
                        {h('kept_move')}
                    </Button>
                )}
                {mayTell(one) && (
                    <Button kind="plain" busy={busy} label={h('kept_tell_label', { what })} onClick={tell} testId="kept-tell">
                        {h('kept_tell')}
                    </Button>
                )}
            </div>
            {problem !== null && <Failure problem={problem} />}
        </li>
    );
}
