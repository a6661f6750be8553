// SPDX-License-Identifier: Apache-2.0
// What the desk does with a booking that was made: says it, prints it, copies the link.
import { useEffect, useRef, useState } from 'preact/hooks';
import { told } from '../shared/api';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Paper } from '../counter/ticket';
import { c } from '../counter/words';
import { hasFixedLine, isUntold } from '../desk/walk_in_dialog';
import { useRole } from '../staff/shell';
import type { Booked } from './register_page';
import { r } from './words';

interface Props {
    readonly booked: Booked;
    readonly onNext: () => void;
}

export function DeskTicket({ booked: { reply, patient }, onNext }: Props) {
    const ref = useRef<HTMLDivElement>(null);
    const untold = isUntold(reply);
    const isFixed = hasFixedLine(reply);
    const role = useRole();
    /* A coordinator is shown no link; to a desk it is missing where another one was made meanwhile. */
    const isReplaced = reply.link === null && role === 'desk';
    const withoutLink = isReplaced ? c('link_renewed') : r(untold || isFixed ? 'no_message' : 'by_message');
    useEffect(() => {
        ref.current?.focus({ preventScroll: true });
        scrollTo(0, 0);
    }, []);
    return (
        <div ref={ref} tabIndex={-1} class="stack" data-testid="register-ticket">
            <div class="no-print stack">
                <Banner tone="good" testId="register-done">
                    <p>
                        <strong>{r('done')}</strong>
                    </p>
                    {!untold && !isReplaced && <p>{r(isFixed ? 'tell_here' : reply.link ? 'tell' : 'tell_number')}</p>}
                </Banner>
                {reply.warnings?.map((warning) => (
                    <Banner key={warning.message} tone="warning">
                        <p>{told(warning)}</p>
                    </Banner>
                ))}
            </div>
            <Paper ticket={{ ...reply, patient }} withoutLink={withoutLink} />
            <div class="counter-actions no-print">
                <Button kind="primary" icon="print" onClick={() => print()} testId="register-print">
                    {c('print')}
                </Button>
                {reply.link && <CopyLink link={reply.link} />}
                <Button icon="person-add" onClick={onNext} testId="register-next">
                    {r('next')}
                </Button>
            </div>
        </div>
    );
}

function CopyLink({ link }: { readonly link: string }) {
    const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no');
    const copy = () => {
        if (!navigator.clipboard) return setCopied('failed');
        navigator.clipboard.writeText(link).then(() => setCopied('yes'), () => setCopied('failed'));
    };
    return (
        <>
            <Button icon={copied === 'yes' ? 'check' : 'copy'} onClick={copy} testId="register-copy">
                {r(copied === 'yes' ? 'copied' : 'copy')}
            </Button>
            {copied === 'failed' && <Banner tone="warning">{r('copy_failed')}</Banner>}
            <p class="hidden-words" role="status">
                {copied === 'yes' ? r('copied') : ''}
            </p>
        </>
    );
}
