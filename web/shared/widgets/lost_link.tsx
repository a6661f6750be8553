// SPDX-License-Identifier: Apache-2.0
// A page that is opened by a link, and has none that holds: what to do, and whom to phone. What may be mended by trying
// again says so instead.
import { ApiProblem } from '../api';
import { common, failureText } from '../words';
import { Banner } from './banner';
import { Button } from './button';
import { FacilityPhones } from './facility_phones';

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

export function LostLink({ problem, noLink, onRetry }: Props) {
    const isGone = isLinkGone(problem);
    const type = problem === null ? 'no-token' : problem instanceof ApiProblem ? problem.type : 'failed';
    return (
        <div class="stack" data-testid="failure" data-type={type}>
            <h1>{common(problem === null ? 'link_missing' : isGone ? 'link_gone' : 'link_failed')}</h1>
            <Banner tone={isGone ? 'warning' : 'danger'}>
                {problem !== null && <p>{failureText(problem)}</p>}
                {isGone && <p>{noLink}</p>}
            </Banner>
            {isGone ? <FacilityPhones /> : <Button kind="primary" wide onClick={onRetry} testId="retry">{common('try_again')}</Button>}
        </div>
    );
}
