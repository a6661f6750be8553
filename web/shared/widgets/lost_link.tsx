// SPDX-License-Identifier: Apache-2.0
// A page that is opened by a link, and has none that holds: what to do, and whom to phone. What may be mended by trying
// again says so instead.
import { ApiProblem } from '../api';
import { catalogue } from '../strings';
import { common, failureText } from '../words';
import { Banner } from './banner';
import { Button } from './button';
import { FacilityPhones } from './facility_phones';

const id = { missing: 'Buka lagi tautan Anda', gone: 'Tautan tidak berlaku', failed: 'Halaman ini belum bisa dibuka' };
const en: typeof id = { missing: 'Open your link again', gone: 'This link does not work', failed: 'This page cannot be opened yet' };
const titleWords = catalogue(id, en);

interface Props {
    /** null: there is no link. */
    readonly problem: unknown;
    /** Where the link is to be found. */
    readonly noLink: string;
    readonly onRetry: () => void;
}

/** No link of these is another one when it is asked for again. */
export function isLinkGone(problem: unknown): boolean {
    return problem === null || (problem instanceof ApiProblem && (problem.status === 404 || problem.status === 410 || problem.status === 401));
}

/** What is so; what to do, the page itself says better than "Hubungi loket." */
function firstSentence(text: string): string {
    return text.replace(/\. .*$/, '.');
}

export function LostLink({ problem, noLink, onRetry }: Props) {
    const isGone = isLinkGone(problem);
    const type = problem === null ? 'no-token' : problem instanceof ApiProblem ? problem.type : 'failed';
    return (
        <div class="stack" data-testid="failure" data-type={type}>
            <h1>{titleWords(problem === null ? 'missing' : isGone ? 'gone' : 'failed')}</h1>
            <Banner tone={isGone ? 'warning' : 'danger'}>
                {problem !== null && <p>{isGone ? firstSentence(failureText(problem)) : failureText(problem)}</p>}
                {isGone && <p>{noLink}</p>}
            </Banner>
            {isGone ? <FacilityPhones /> : <Button kind="primary" wide onClick={onRetry} testId="retry">{common('try_again')}</Button>}
        </div>
    );
}
