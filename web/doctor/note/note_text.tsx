// SPDX-License-Identifier: Apache-2.0
// A note to be read: signed, of another visit, or one of two versions.
import { TEXT_KEYS, VITAL_KEYS, type Addendum, type ServerNote } from './types';
import { dateAndTime } from '../../shared/format';
import { n, vitalWords } from './words';

type Readable = Pick<ServerNote, (typeof TEXT_KEYS)[number] | 'vitals' | 'diagnoses'>;

export function NoteText({ note }: { readonly note: Readable }) {
    const vitals = VITAL_KEYS.filter((key) => note.vitals[key] !== null);
    return (
        <dl class="note-text">
            {note.diagnoses.length > 0 && (
                <div>
                    <dt>{n('codes.title')}</dt>
                    <dd>
                        {note.diagnoses.map((one, at) => (
                            <p key={one.code}>
                                <strong class="numbers">{one.code}</strong> {one.name}
                                {at === 0 && note.diagnoses.length > 1 && <span class="code-main"> · {n('codes.main')}</span>}
                            </p>
                        ))}
                    </dd>
                </div>
            )}
            {TEXT_KEYS.filter((key) => note[key].trim() !== '').map((key) => (
                <div key={key}>
                    <dt>{n(`text.${key}`)}</dt>
                    <dd class="as-typed">{note[key]}</dd>
                </div>
            ))}
            {vitals.length > 0 && (
                <div>
                    <dt>{n('vitals.title')}</dt>
                    <dd>
                        {vitals.map((key) => (
                            <span key={key} class="vital-word numbers">
                                {n(`vital.${key}`)} {vitalWords(key, note.vitals[key])}
                            </span>
                        ))}
                    </dd>
                </div>
            )}
        </dl>
    );
}

export function Addenda({ addenda }: { readonly addenda: readonly Addendum[] }) {
    if (addenda.length === 0) return null;
    return (
        <ol class="addenda" data-testid="addenda">
            {addenda.map((one) => (
                <li key={`${one.added_at_ms} ${one.text}`}>
                    <p class="as-typed">{one.text}</p>
                    <p class="quiet">{n('add.by', { author: one.author, when: dateAndTime(one.added_at_ms) })}</p>
                </li>
            ))}
        </ol>
    );
}
