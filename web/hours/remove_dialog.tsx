// SPDX-License-Identifier: Apache-2.0
// Taking weekly hours, an exception, leave or a holiday away: what is seen, and no more than that.
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, ApiProblem } from '../shared/api';
import { Banner } from '../shared/widgets/banner';
import { newsOf, type Line } from '../staff/opened_state';
import { t } from '../staff/words';
import { useChange, type Saved } from './change';
import { ChangeDialog } from './exception_dialogs';
import { h } from './words';

export interface Removal {
    readonly path: string;
    /** What it is, in words: of the language that the page has now. */
    readonly what: () => string;
    /** What it takes away, rather than opens. */
    readonly opens: boolean;
    /** Of what others change, too; exceptions and leave are as they were made. */
    readonly seen?: {
        readonly revision: string;
        readonly lines: () => readonly Line[];
        /** As it is now; undefined: it is gone. */
        readonly again: () => Promise<Removal | undefined>;
    };
}

function pathOf({ path, seen }: Removal, query: string): string {
    if (!seen) return `${path}${query}`;
    return `${path}${query ? `${query}&` : '?'}revision=${seen.revision}`;
}

/* Somebody else was faster: what was wanted is so. */
function isGone(error: unknown): boolean {
    return error instanceof ApiProblem && error.status === 404;
}

export function RemoveDialog({ removal: first, onClose, onSaved }: {
    readonly removal: Removal;
    readonly onClose: () => void;
    readonly onSaved: Saved;
}) {
    const [removal, setRemoval] = useState(first);
    const change = useChange(onSaved, async (problem) => {
        const now = await removal.seen?.again();
        if (now) setRemoval(now);
        else if (removal.seen) onSaved(0, 0);
        else throw problem;
    });
    const submit = () => change.submit(async (query) => {
        try {
            return await api.remove<{ kept: number; told: number }>(pathOf(removal, query));
        } catch (error) {
            if (isGone(error)) return { kept: 0, told: 0 };
            throw error;
        }
    });
    return (
        <ChangeDialog title={h('remove_title', { what: removal.what() })} testId="remove-dialog" change={change}
            submit={h('remove_yes')} danger onSubmit={submit} onClose={onClose}>
            {removal !== first && <News first={first} now={removal} />}
            <p>{h(removal.opens ? 'remove_opens' : 'remove_text')}</p>
        </ChangeDialog>
    );
}

function News({ first, now }: { readonly first: Removal; readonly now: Removal }) {
    const box = useRef<HTMLDivElement>(null);
    useEffect(() => box.current?.focus(), [now]);
    const lines = now.seen?.lines() ?? [];
    return (
        <div ref={box} tabIndex={-1}>
            <Banner tone="warning" testId="changed-meanwhile">
                <p class="strong">{t('changed.title')}</p>
                <p>{h('remove_changed')}</p>
                <ul class="news">
                    {newsOf(first.seen?.lines() ?? [], lines, lines).map((one) => (
                        <li key={one.label} data-testid="changed-line">
                            {one.label}: <strong>{one.now || t('staff.none')}</strong> {h('remove_was', { was: one.was || t('staff.none') })}
                        </li>
                    ))}
                </ul>
                <p>{h('remove_again')}</p>
            </Banner>
        </div>
    );
}
