// SPDX-License-Identifier: Apache-2.0
// The place in the queue: the number, who is ahead, about how long. Whom the doctor will not see has the number alone.
import type { QueueView } from '../shared/messages';
import { isUnplaced } from './screen';
import type { PatientStore } from './store';
import { t } from './words';

/** The estimate knows nothing of a doctor who is late, so one of the two stands there. */
export function lateWords(late: number, then: string) {
    return (
        <span data-testid="late">
            {t('waiting_late', { n: late })} {then}
        </span>
    );
}

export function Place({ store, queue, late }: { store: PatientStore; queue: QueueView; late: number }) {
    const { number, ahead, wait_min_minutes: min, wait_max_minutes: max } = queue;
    /* Nobody has called for too long: what was promised has not come true. */
    const isOver = store.current.session?.visit.visit?.unanswered;
    return (
        <div class="big-number" aria-live="polite">
            <h1 class="label">{t('waiting_number')}</h1>
            <p class="numbers queue-number" data-testid="queue-number">
                {number}
            </p>
            {!isUnplaced(store.current) && (
                <>
                    <p class="ahead" data-testid="ahead">
                        {ahead === 0 ? t('waiting_next') : t('waiting_ahead', { n: ahead })}
                    </p>
                    <p class={late > 0 ? '' : 'soft'}>
                        {isOver ? t('waiting_over') : late > 0 ? lateWords(late, t(ahead > 0 ? 'waiting_late_ahead' : 'waiting_late_next')) : rangeWords(min, max)}
                    </p>
                </>
            )}
        </div>
    );
}

function rangeWords(min: number, max: number): string {
    if (min <= 0) return t('waiting_under', { max });
    return min === max ? t('waiting_about', { n: max }) : t('waiting_range', { min, max });
}
