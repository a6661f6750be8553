// SPDX-License-Identifier: Apache-2.0
// Under what the letters of this visit are signed. The facility keeps it: the doctor can only ask for it.
import { Banner } from '../../shared/widgets/banner';
import { Button } from '../../shared/widgets/button';
import { dateWords } from '../../staff/dates';
import { permitState } from '../../staff/permits';
import { serverToday } from '../../staff/server_clock';
import type { Permit } from './types';
import { l } from './words';

interface Props {
    readonly permit: Permit;
    readonly onRetry: () => void;
}

/** The registration is printed where there is one: without it letters are issued all the same. */
function StrNote({ until }: { readonly until: string | null }) {
    const state = until === null ? 'good' : permitState(until, serverToday());
    if (state === 'good' || until === null) return null;
    return (
        <div data-testid="str-note" data-state={state}>
            <Banner tone="warning">
                <p>{l(`permit.str.${state}`, { until: dateWords(until) })}</p>
            </Banner>
        </div>
    );
}

export function PermitLine(props: Props) {
    return (
        <>
            <StrNote until={props.permit.str_until} />
            <SipLine {...props} />
        </>
    );
}

function SipLine({ permit, onRetry }: Props) {
    const until = dateWords(permit.valid_until ?? '');
    if (permit.state === 'good') {
        const known = l('permit.good', { sip: permit.sip ?? '', until });
        return (
            <p class="quiet permit-line" data-testid="permit" data-state="good">
                {permit.str ? `${l('permit.str', { str: permit.str })} ${known}` : known}
            </p>
        );
    }
    return (
        <div data-testid="permit" data-state={permit.state}>
            <Banner tone="warning">
                <p>{permit.state === 'over' ? l('permit.over', { until }) : l('permit.missing')}</p>
                <p>{l('permit.ask')}</p>
                <Button kind="secondary" onClick={onRetry} testId="permit-retry">
                    {l('permit.retry')}
                </Button>
            </Banner>
        </div>
    );
}
