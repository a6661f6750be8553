// SPDX-License-Identifier: Apache-2.0
// Which day the list shows: back, forward, today, any date.
import { addDays, dateMs, longDate } from '../shared/format';
import { Button } from '../shared/widgets/button';
import { Icon } from '../shared/widgets/icon';
import { isDate } from './dates';
import { t } from './words';

interface Props {
    readonly date: string;
    readonly today: string;
    readonly onDate: (date: string) => void;
}

export function DateBar({ date, today, onDate }: Props) {
    return (
        <div class="date-bar">
            <p class="date-words">{longDate(dateMs(date))}</p>
            {date !== today && (
                <span class="no-print">
                    <Button kind="plain" onClick={() => onDate(today)} testId="day-today">
                        {t('day.today')}
                    </Button>
                </span>
            )}
            <div class="date-buttons no-print">
                <button type="button" class="icon-button" aria-label={t('day.previous')}
                    onClick={() => onDate(addDays(date, -1))} data-testid="day-previous">
                    <Icon name="back" />
                </button>
                <label class="date-pick">
                    <span class="hidden-words">{t('day.date')}</span>
                    <input
                        type="date"
                        class="input"
                        value={date}
                        data-testid="day-date"
                        onChange={(event) => {
                            const value = event.currentTarget.value;
                            if (isDate(value)) onDate(value);
                        }}
                    />
                </label>
                <button type="button" class="icon-button" aria-label={t('day.next')}
                    onClick={() => onDate(addDays(date, 1))} data-testid="day-next">
                    <Icon name="next" />
                </button>
            </div>
        </div>
    );
}
