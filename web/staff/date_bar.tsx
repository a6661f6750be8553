// SPDX-License-Identifier: Apache-2.0
// Which day the list shows: back, forward, today, any date.
import { addDays, dateMs, longDate } from '../shared/format';
import { Button } from '../shared/widgets/button';
import { Icon } from '../shared/widgets/icon';
import { DatePick } from './date_pick';
import { isDate } from './dates';
import { t } from './words';

interface Props {
    readonly date: string;
    readonly today: string;
    readonly onDate: (date: string) => void;
}

export function DateBar({ date, today, onDate }: Props) {
    return (
        <>
            <p class="only-print date-words">{longDate(dateMs(date))}</p>
            <div class="date-bar no-print">
                <button type="button" class="icon-button" aria-label={t('day.previous')}
                    onClick={() => onDate(addDays(date, -1))} data-testid="day-previous">
                    <Icon name="back" />
                </button>
                <DatePick label={t('day.date')} value={date} words={longDate(dateMs(date))} testId="day-date"
                    onValue={(value) => {
                        if (isDate(value)) onDate(value);
                    }} />
                <button type="button" class="icon-button" aria-label={t('day.next')}
                    onClick={() => onDate(addDays(date, 1))} data-testid="day-next">
                    <Icon name="next" />
                </button>
                {date !== today && (
                    <Button kind="plain" onClick={() => onDate(today)} testId="day-today">
                        {t('day.today')}
                    </Button>
                )}
            </div>
        </>
    );
}
