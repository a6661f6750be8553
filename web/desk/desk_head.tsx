// SPDX-License-Identifier: Apache-2.0
// The head of the desk's page: what is done there, and the ways to other pages. On a phone all but the first
// lies behind one button, so that the patients come first.
import { useState } from 'preact/hooks';
import { Button } from '../shared/widgets/button';
import { q } from '../staff/queue_words';
import type { Day } from '../staff/types';
import { t } from '../staff/words';
import { LateAsk, LateButton } from './late_doctors';
import { dw } from './wait_words';

interface Props {
    readonly facility: string;
    /** Whose doctors may be late; null: not of today, or not known yet. */
    readonly today: Day | null;
    readonly onWalkIn: (what: 'now' | 'extra') => void;
    readonly onWait: () => void;
    readonly onReload: () => void;
}

export function DeskHead({ facility, today, onWalkIn, onWait, onReload }: Props) {
    const [open, setOpen] = useState(false);
    const [asksLate, setAsksLate] = useState(false);
    /* A dialog that stands in the menu itself would be folded away with it. */
    const closing = (act: () => void) => () => {
        setOpen(false);
        act();
    };
    return (
        <div class={open ? 'desk-head open' : 'desk-head'}>
            <h1>{t('desk.title')}</h1>
            <p class="only-print">{facility}</p>
            <button type="button" class="button desk-menu no-print" aria-expanded={open} onClick={() => setOpen(!open)}
                data-testid="desk-menu">
                {t(open ? 'desk.menu_close' : 'desk.menu')}
            </button>
            <Links />
            <div class="desk-tools no-print">
                <Button kind="primary" icon="person-add" onClick={closing(() => onWalkIn('now'))} testId="walk-in">
                    {q('walk_in')}
                </Button>
                <div class="desk-more">
                    <a class="button" href="/loket/daftar" data-testid="register">
                        {t('desk.book')}
                    </a>
                    <Button onClick={closing(() => onWalkIn('extra'))} testId="extra">
                        {q('extra')}
                    </Button>
                    <Button onClick={closing(onWait)} testId="wait-list">
                        {dw('open')}
                    </Button>
                    {today !== null && <LateButton day={today} onAsk={closing(() => setAsksLate(true))} />}
                    <span class="only-wide">
                        <Button icon="print" onClick={() => window.print()} testId="print">
                            {t('desk.print')}
                        </Button>
                    </span>
                </div>
            </div>
            {asksLate && today !== null && <LateAsk day={today} onClose={() => setAsksLate(false)} onReload={onReload} />}
        </div>
    );
}

function Links() {
    return (
        <nav class="desk-links no-print" aria-label={t('desk.menu_label')}>
            <a class="button plain" href="/papan" data-testid="to-board">
                {q('board')}
            </a>
            <a class="button plain" href="/pos" data-testid="to-post">
                {t('staff.post')}
            </a>
            <a class="button plain" href="/kelompok" data-testid="to-groups">
                {t('staff.groups')}
            </a>
            <a class="button plain" href="/jadwal" data-testid="to-hours">
                {t('staff.hours')}
            </a>
            <a class="button plain" href="/pasien-ganda" data-testid="to-people">
                {t('desk.people')}
            </a>
        </nav>
    );
}
