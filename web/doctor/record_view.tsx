// SPDX-License-Identifier: Apache-2.0
// The record of a visit: times, what each side sent and received, the rate over time.
import { decimal, spokenDuration } from '../shared/format';
import { stateKey } from '../staff/parts';
import type { RecordParticipant, VisitRecord, VisitState, VisitWay } from '../staff/types';
import { isKey, t } from '../staff/words';
import { curve, mediaRows, timeRows, type MediaRow, type RateDirection } from './record';
import { RecordEvents } from './record_events';
import { bytesWords, rateWords, roleWords, timeWords } from './record_words';

export function RecordView({ record, way }: { readonly record: VisitRecord; readonly way: VisitWay }) {
    const participants = (record.participants ?? []).filter((one) => one.joined_at_ms);
    return (
        <section class="record stack" aria-labelledby="record-title" data-testid="record">
            <h2 id="record-title">{t('record.title')}</h2>
            <Times record={record} way={way} />
            {participants.length === 0 ? (
                <p class="quiet">{t('record.none')}</p>
            ) : (
                <div class="media-cards">
                    {participants.map((participant) => (
                        <ParticipantCard key={participant.id} participant={participant} />
                    ))}
                </div>
            )}
            <RecordEvents events={record.events ?? []} />
        </section>
    );
}

function Times({ record, way }: { readonly record: VisitRecord; readonly way: VisitWay }) {
    const { visit } = record;
    const outcome = stateKey((visit.outcome ?? visit.state) as VisitState, way);
    return (
        <dl class="pairs" aria-label={t('record.times')} data-testid="record-times">
            {timeRows(record).map(({ field, atMs }) => (
                <div key={field} data-field={field} data-ms={atMs}>
                    <dt>{t(`record.time.${field}`)}</dt>
                    <dd class="numbers">{timeWords(atMs)}</dd>
                </div>
            ))}
            {visit.duration_ms ? (
                <div data-field="duration_ms" data-ms={visit.duration_ms}>
                    <dt>{t('record.duration')}</dt>
                    <dd class="numbers">{spokenDuration(visit.duration_ms)}</dd>
                </div>
            ) : null}
            {visit.ended_by && (
                <div data-field="ended_by">
                    <dt>{t('record.ended_by')}</dt>
                    <dd>{roleWords(visit.ended_by)}</dd>
                </div>
            )}
            {visit.ended_at_ms && isKey(outcome) ? (
                <div data-field="outcome">
                    <dt>{t('record.outcome')}</dt>
                    <dd>{t(outcome)}</dd>
                </div>
            ) : null}
        </dl>
    );
}

function ParticipantCard({ participant }: { readonly participant: RecordParticipant }) {
    const name = roleWords(participant.role);
    return (
        <section class="card stack" aria-label={name} data-participant={participant.role}>
            <h3>{name}</h3>
            <div class="scroll" tabIndex={0} role="group" aria-label={`${t('record.media')}: ${name}`}>
                <table class="figures">
                    <thead>
                        <tr>
                            <th scope="col">{t('record.kind')}</th>
                            <th scope="col" class="number length">{t('record.length')}</th>
                            <th scope="col" class="number">{t('record.data')}</th>
                            <th scope="col" class="number">{t('record.loss')}</th>
                        </tr>
                    </thead>
                    <tbody>
                        {mediaRows(participant).map((row) => (
                            <MediaLine key={row.key} row={row} />
                        ))}
                    </tbody>
                </table>
            </div>
            {participant.rtt_ms ? (
                <p>
                    {t('record.rtt')}: {t('record.rtt_value', { n: decimal(participant.rtt_ms) })}
                </p>
            ) : null}
            <RateCurve participant={participant} direction="in" />
            <RateCurve participant={participant} direction="out" />
        </section>
    );
}

function MediaLine({ row }: { readonly row: MediaRow }) {
    return (
        <tr data-media={row.key} data-seconds={row.seconds}>
            <th scope="row">{t(`record.key.${row.key}`)}</th>
            <td class="number length">{spokenDuration(1000 * row.seconds)}</td>
            <td class="number">{bytesWords(row.bytes)}</td>
            <td class="number">
                {row.lossPercent === null ? t('staff.none') : t('unit.percent', { n: decimal(row.lossPercent, 1) })}
            </td>
        </tr>
    );
}

const WIDTH = 300;
const HEIGHT = 48;

interface RateProps {
    readonly participant: RecordParticipant;
    readonly direction: RateDirection;
}

function RateCurve({ participant, direction }: RateProps) {
    const samples = participant.samples ?? [];
    const line = curve(samples, direction, WIDTH, HEIGHT);
    if (!line) return null;
    const title = t(`record.curve_${direction}`);
    const [min, mean, max] = [line.minBps, line.meanBps, line.maxBps].map(rateWords) as [string, string, string];
    return (
        <figure class="curve">
            <figcaption>
                {title}: {t('record.curve_words', { mean, max })}
            </figcaption>
            <svg viewBox={`0 -2 ${WIDTH} ${HEIGHT + 4}`} preserveAspectRatio="none" role="img"
                aria-label={t('record.curve_alt', { title, min, mean, max, n: samples.length })}>
                <line class="curve-foot" x1="0" x2={WIDTH} y1={HEIGHT} y2={HEIGHT} />
                <polyline class={`curve-line curve-${direction}`} points={line.points} />
            </svg>
        </figure>
    );
}
