// SPDX-License-Identifier: Apache-2.0
// What happened in a visit, to the second. What people did is shown; what the paths of sound and picture
// did is folded away.
import { clockTime, dateAndTime } from '../shared/format';
import type { RecordEvent } from '../staff/types';
import { isKey, t } from '../staff/words';
import { isTechnical } from './record';
import { roleWords } from './record_words';

export function RecordEvents({ events }: { readonly events: readonly RecordEvent[] }) {
    const technical = events.filter(isTechnical);
    const others = events.filter((event) => !isTechnical(event));
    return (
        <>
            {others.length > 0 && (
                <section class="stack" aria-labelledby="record-events-title">
                    <h3 id="record-events-title">{t('record.events')}</h3>
                    <EventTable events={others} label={t('record.events')} testId="record-events" />
                </section>
            )}
            {technical.length > 0 && (
                <details class="events">
                    <summary>
                        {t('record.technical')} ({technical.length})
                    </summary>
                    <EventTable events={technical} label={t('record.technical')} testId="record-technical" />
                </details>
            )}
        </>
    );
}

interface TableProps {
    readonly events: readonly RecordEvent[];
    readonly label: string;
    readonly testId: string;
}

function EventTable({ events, label, testId }: TableProps) {
    return (
        <div class="scroll" tabIndex={0} role="group" aria-label={label}>
            <table class="figures" data-testid={testId}>
                <thead>
                    <tr>
                        <th scope="col">{t('record.when')}</th>
                        <th scope="col">{t('record.what')}</th>
                        <th scope="col">{t('record.who')}</th>
                    </tr>
                </thead>
                <tbody>
                    {events.map((event, i) => (
                        <tr key={i} data-kind={event.kind}>
                            <td class="numbers nowrap" title={dateAndTime(event.at_ms)}>
                                {clockTime(event.at_ms)}
                                <span class="quiet">.{secondOf(event.at_ms)}</span>
                            </td>
                            <td>{eventWords(event)}</td>
                            <td>{roleWords(event.actor)}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}

function eventWords({ kind, detail }: RecordEvent): string {
    const plain = kind.replace(/-/g, '_');
    const detailKey = `event.detail.${detail}`;
    const reasonKey = `cancel.reason.${detail}`;
    const words = isKey(detailKey) ? t(detailKey) : isKey(reasonKey) ? t(reasonKey) : detail;
    for (const key of [`event.${plain}`, `state.${plain}`]) {
        if (!isKey(key)) continue;
        const text = t(key, { detail: words });
        return words === '' || text.includes(words) ? text : `${text}: ${words}`;
    }
    return words === '' ? kind : `${kind}: ${words}`;
}

function secondOf(ms: number): string {
    return String(Math.floor(ms / 1000) % 60).padStart(2, '0');
}
