// SPDX-License-Identifier: Apache-2.0
// The shared catalogue, and a failure in words.
import { ApiProblem, NetworkError, told } from './api';
import { fetched } from './english';
import { catalogue } from './strings';
import { en } from './strings/en';
import { id } from './strings/id';

declare const ENGLISH_URL: string;

export const common = catalogue(id, ENGLISH_URL ? fetched<typeof en>('common') : en);

/** A sentence for anything that request() throws. */
export function failureText(error: unknown): string {
    if (error instanceof NetworkError) return common('network_failed');
    if (error instanceof ApiProblem) {
        if (error.status === 429) return common('too_many', { n: Math.max(1, error.retryAfterS) });
        /* The text of the consent was replaced meanwhile: that is what to do something about. */
        const replaced = error.errors.find(({ code }) => code === 'outdated');
        return (replaced && told(replaced)) || error.message || common('problem_unknown');
    }
    return common('problem_unknown');
}
