// SPDX-License-Identifier: Apache-2.0
// A form around something that others change, too: the server says when it is not what was opened any
// more (409 changed-meanwhile), then the form takes in what is there now and keeps what was typed.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Banner } from '../shared/widgets/banner';
import { merged, newsOf, type Line, type News } from './opened_state';
import { t } from './words';

export type NewsWords = () => readonly News[];

interface Wanted<T, D> {
    /** null: a new one, which nobody else changes */
    readonly thing: T | null;
    /** As it is now; null: it is gone. */
    readonly load: () => Promise<T | null | undefined>;
    readonly draftOf: (thing: T | null) => D;
    readonly linesOf: (draft: D) => readonly Line[];
}

export interface Opened<T, D> {
    readonly draft: D;
    readonly setDraft: (draft: D) => void;
    /** What the draft was made from, or met last. */
    readonly base: T | null;
    /** What somebody else changed, in the words of the language that the page has as it is asked; null: nothing that
     * is known of. */
    readonly news: NewsWords | null;
    /** For useChange(): takes in what is there now. */
    readonly meet: (problem: unknown) => Promise<void>;
}

export function useOpened<T, D>({ thing, load, draftOf, linesOf }: Wanted<T, D>): Opened<T, D> {
    const [base, setBase] = useState(thing);
    const [draft, setDraft] = useState(() => draftOf(thing));
    const [news, setNews] = useState<NewsWords | null>(null);
    const typed = useRef(draft);
    typed.current = draft;
    const meet = async (problem: unknown) => {
        const now = await load();
        if (!now) throw problem;
        const [before, present] = [draftOf(base), draftOf(now)];
        const form = merged(before, typed.current, present);
        setNews(() => () => newsOf(linesOf(before), linesOf(present), linesOf(form)));
        setBase(now);
        setDraft(form);
    };
    return { draft, setDraft, base, news, meet };
}

/** Above a form that met something new. */
export function NewsNote({ news }: { readonly news: NewsWords | null | undefined }) {
    const box = useRef<HTMLDivElement>(null);
    useEffect(() => box.current?.focus(), [news]); // the button that was pressed may be far below
    if (!news) return null;
    const lines = news();
    return (
        <div ref={box} tabIndex={-1}>
            <Banner tone="warning" testId="changed-meanwhile">
                <p class="strong">{t('changed.title')}</p>
                <p>{t('changed.text')}</p>
                {lines.length > 0 && (
                    <ul class="news">
                        {lines.map((one) => (
                            <li key={one.label} data-testid="changed-line">
                                {one.label}: <strong>{one.now || t('staff.none')}</strong>
                                {one.isKept && <span class="quiet"> {t('changed.kept')}</span>}
                            </li>
                        ))}
                    </ul>
                )}
            </Banner>
        </div>
    );
}
