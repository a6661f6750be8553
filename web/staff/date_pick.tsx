// SPDX-License-Identifier: Apache-2.0
// A date as people here write it, on a button with a calendar. The browser's own field lies over it,
// unseen: it opens the calendar and takes the keyboard, but would show the order of its own language.
import { Icon } from '../shared/widgets/icon';
import { t } from './words';

interface Props {
    readonly label: string;
    /** The label stands above; otherwise it is for screen readers. */
    readonly labelled?: boolean;
    readonly value: string;
    readonly words: string;
    readonly name?: string;
    readonly invalid?: boolean;
    readonly describedBy?: string | undefined;
    readonly onValue: (value: string) => void;
    readonly testId?: string;
}

export function DatePick(props: Props) {
    return (
        <label class="date-pick">
            <span class={props.labelled ? 'label' : 'hidden-words'}>{props.label}</span>
            <span class={props.invalid ? 'date-face wrong' : 'date-face'}>
                <Icon name="calendar" size={20} />
                <span aria-hidden="true">{props.words || t('day.choose_date')}</span>
                <input
                    type="date"
                    name={props.name}
                    value={props.value}
                    aria-invalid={props.invalid}
                    aria-describedby={props.describedBy}
                    data-testid={props.testId}
                    onInput={(event) => props.onValue(event.currentTarget.value)}
                />
            </span>
        </label>
    );
}
