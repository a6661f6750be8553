// SPDX-License-Identifier: Apache-2.0
// Since when a patient waits, and whether the patient's page is open.
import { Icon } from '../shared/widgets/icon';
import { waitingMinutes } from './day';
import type { DayVisit } from './types';
import { t } from './words';

export function Presence({ present }: { readonly present: boolean }) {
    return (
        <span class={present ? 'presence here' : 'presence away'}>
            <Icon name={present ? 'check' : 'close'} size={16} />
            {t(present ? 'day.present' : 'day.absent')}
        </span>
    );
}

function LinkWords({ link }: { readonly link: 'good' | 'weak' }) {
    return (
        <span class={link === 'good' ? 'presence here' : 'presence link-weak'} data-testid="link" data-link={link}>
            <Icon name={link === 'good' ? 'signal' : 'warning'} size={16} />
            {t(`day.link.${link}`)}
        </span>
    );
}

export function Waiting({ visit, nowMs }: { readonly visit: DayVisit; readonly nowMs: number }) {
    const minutes = waitingMinutes(visit, nowMs);
    return (
        <span class="row-facts">
            <span class="numbers">
                {minutes === null || minutes === 0 ? t('day.waits_new') : t('day.waits', { n: minutes })}
            </span>
            {visit.way !== 'in_person' && <Presence present={visit.present} />}
            {visit.way !== 'in_person' && visit.present && visit.link && <LinkWords link={visit.link} />}
        </span>
    );
}
