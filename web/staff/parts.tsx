// SPDX-License-Identifier: Apache-2.0
// Small pieces that several staff pages show.
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { dateAndTime } from '../shared/format';
import { Banner } from '../shared/widgets/banner';
import { Busy } from '../shared/widgets/busy';
import { Button } from '../shared/widgets/button';
import { Icon, type IconName } from '../shared/widgets/icon';
import { failureText } from '../shared/words';
import { q } from './queue_words';
import type { VisitState, VisitWay } from './types';
import { t, type StaffKey } from './words';

export function Loading() {
    return <Busy text={t('staff.loading')} />;
}

interface FailureProps {
    readonly problem: unknown;
    readonly onRetry?: () => void;
}

/** What went wrong in the reader's language, and the way out. */
export function Failure({ problem, onRetry }: FailureProps) {
    return (
        <Banner tone="danger" testId="failure">
            <p>{failureText(problem)}</p>
            {onRetry && <Button onClick={onRetry}>{t('staff.retry')}</Button>}
        </Banner>
    );
}

/** Nobody on that day: there is still hope only from today on. */
export function EmptyDay({ date, today }: { readonly date: string; readonly today: string }) {
    const past = date < today;
    return (
        <div class="empty" data-testid="day-empty">
            <p>{t(past ? 'day.empty_past' : 'day.empty')}</p>
            {!past && <p class="quiet">{t('day.empty_hint')}</p>}
        </div>
    );
}

interface VisitLineProps {
    readonly number: string;
    readonly startsAtMs: number;
}

/** Which visit a dialog is about, beside the patient's name: two may be of one name. */
export function VisitLine({ number, startsAtMs }: VisitLineProps) {
    return (
        <p class="visit-line">
            <strong class="numbers">{number}</strong>
            <span>{dateAndTime(startsAtMs)}</span>
        </p>
    );
}

const STATE_ICONS: Record<VisitState, IconName> = {
    requested: 'calendar',
    booked: 'calendar',
    checked_in: 'clock',
    called: 'phone',
    in_call: 'sound',
    done: 'check',
    cancelled_patient: 'close',
    cancelled_provider: 'close',
    cancelled_system: 'close',
    no_show_patient: 'person',
    no_show_doctor: 'person',
    left_without_being_seen: 'person',
    tech_failed: 'warning',
    converted_phone: 'phone',
    converted_in_person: 'hospital',
    rescheduled: 'calendar',
};

interface BadgeProps {
    readonly state: VisitState;
    /** How it was to be held; without it as one by video. */
    readonly way?: VisitWay | undefined;
    /** Of who was asked to come: did they? */
    readonly came?: boolean | null | undefined;
}

/** The visit's state: a word and an icon, never colour alone. Once somebody has said whether a patient came who was
 * asked to, that is the state. */
export function StateBadge({ state, way = 'video', came = null }: BadgeProps) {
    const said = state === 'converted_in_person' ? came : null;
    return (
        <span class={`state state-${state}`} data-testid={said === null ? 'state' : 'mark-came'} data-state={state} data-came={said ?? undefined}>
            <Icon name={said === null ? STATE_ICONS[state] : said ? 'check' : 'close'} size={20} />
            {said === null ? t(stateKey(state, way)) : q(said ? 'mark.came' : 'mark.not_come')}
        </span>
    );
}

/** Who was to be phoned did not fail to come. */
export function stateKey(state: VisitState, way: VisitWay): StaffKey {
    return state === 'no_show_patient' && way === 'phone' ? 'state.not_reached' : `state.${state}`;
}

interface DialogProps {
    readonly label: string;
    readonly onClose: () => void;
    readonly children: ComponentChildren;
    readonly testId?: string;
}

/** A modal dialog; Escape closes it, focus returns by itself. */
export function Dialog({ label, onClose, children, testId }: DialogProps) {
    const ref = useRef<HTMLDialogElement>(null);
    /* Not useEffect(): its cleanup comes when the element is gone already, and the focus with it. */
    useLayoutEffect(() => {
        const dialog = ref.current;
        if (!dialog) return undefined;
        /* Browsers before 2022 show it in place. */
        if (typeof dialog.showModal !== 'function') {
            dialog.setAttribute('open', '');
            return undefined;
        }
        dialog.showModal();
        return () => dialog.close();
    }, []);
    return (
        <dialog
            ref={ref}
            class="dialog"
            aria-label={label}
            data-testid={testId}
            onCancel={(event) => {
                event.preventDefault();
                onClose();
            }}
        >
            {children}
        </dialog>
    );
}
