// SPDX-License-Identifier: Apache-2.0
// Who is with a child whom the booking names nobody with: name, and what they are to it. They agree for it.
import { useEffect } from 'preact/hooks';
import { ApiProblem } from '../shared/api';
import { Field } from '../shared/widgets/field';
import { hasName } from './consent_state';
import { q } from './queue_words';
import type { Contact } from './types';

interface Props {
    readonly along: Contact;
    /** It was tried to save: what is missing is said. */
    readonly asked: boolean;
    readonly problem: unknown;
    readonly onAlong: (along: Contact) => void;
}

export function isOnRecord(problem: unknown): boolean {
    return problem instanceof ApiProblem && problem.errors.some((one) => one.code === 'contact_exists');
}

/** Of what an adult can be to a child. */
const RELATIONS = ['parent', 'other'] as const;
const MAX_NAME = 80;

export function WhoIsAlong({ along, asked, problem, onAlong }: Props) {
    /* In sight: on a phone the actions cover what is further down. */
    useEffect(() => document.getElementById('consent-along-relation')?.scrollIntoView({ block: 'center' }), []);
    /* That somebody is on record already is no fault of what was typed. */
    const refused = problem instanceof ApiProblem && !isOnRecord(problem) ? problem.field('contact_name') : undefined;
    const missing = asked && !hasName(along) ? q('walk_in.wrong.contact_name') : undefined;
    return (
        <>
            <p>{q('manage.consent_child')}</p>
            <Field id="consent-along-name" label={q('walk_in.contact_name')} error={missing ?? refused}>
                {(tie) => (
                    <input {...tie} maxLength={MAX_NAME} value={along.name} autoComplete="off"
                        onInput={(event) => onAlong({ ...along, name: event.currentTarget.value })} />
                )}
            </Field>
            <Field id="consent-along-relation" label={q('walk_in.along')}>
                {(tie) => (
                    <select {...tie} value={along.relation}
                        onChange={(event) => onAlong({ ...along, relation: event.currentTarget.value as Contact['relation'] })}>
                        {RELATIONS.map((one) => (
                            <option key={one} value={one}>
                                {q(`walk_in.along.${one}`)}
                            </option>
                        ))}
                    </select>
                )}
            </Field>
        </>
    );
}
