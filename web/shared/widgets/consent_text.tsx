// SPDX-License-Identifier: Apache-2.0
// What a patient agrees to, to be read or read aloud.
import type { ConsentReply } from '../api_types';
import { getLang } from '../lang';
import './consent_text.css';

interface Props {
    readonly consent: ConsentReply;
    readonly title: string;
    /** To be read now: it is read aloud, or another was agreed to. */
    readonly open?: boolean;
}

export function ConsentText({ consent, title, open = false }: Props) {
    return (
        <details class="consent" open={open} data-testid="consent-text">
            <summary>{title}</summary>
            <ul>
                {consent.text[getLang()].split('\n').map((line) => (
                    <li key={line}>{line}</li>
                ))}
            </ul>
        </details>
    );
}
