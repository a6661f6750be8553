// SPDX-License-Identifier: Apache-2.0
// The link cannot be opened, or the visit is open elsewhere: what it is and the way out.
import { Banner } from '../../shared/widgets/banner';
import { Button } from '../../shared/widgets/button';
import { FacilityPhones } from '../../shared/widgets/facility_phones';
import { common } from '../../shared/words';
import { bookAgain, factsOf, Page, PhoneHelp } from '../page';
import { guestOf } from '../screen';
import type { PatientStore } from '../store';
import { t } from '../words';

interface ProblemProps {
    readonly store: PatientStore;
    readonly type: string;
    readonly text: string;
}

type LinkProblem = 'no-token' | 'link-invalid' | 'link-expired';

function isOfLink(type: string): type is LinkProblem {
    return /^(no-token|link-(invalid|expired))$/.test(type);
}

export function ProblemScreen({ store, type, text }: ProblemProps) {
    const ofLink = isOfLink(type);
    const actions = ofLink ? (
        type === 'link-expired' && bookAgain(store)
    ) : (
        <Button kind="primary" wide onClick={() => location.reload()} testId="retry">
            {common('try_again')}
        </Button>
    );
    const isOver = ofLink && guestOf(store.current);
    /* Most whose link does not open are booked: a newer message has their link, or the facility makes one. */
    return (
        <Page store={store} actions={actions} more={!actions && bookAgain(store, 'plain')}>
            <div data-testid="problem" data-type={type} class="stack">
                <h1>{t(ofLink ? `${type}_title` : 'failed_title')}</h1>
                <Banner tone="warning">
                    <p>{isOver ? t('ended_guest') : ofLink ? t(`${type}_text`) : text}</p>
                </Banner>
                {isOver && <p>{t('ended_close')}</p>}
                {factsOf(store) ? <PhoneHelp store={store} /> : ofLink && <FacilityPhones />}
            </div>
        </Page>
    );
}

interface ElsewhereProps {
    readonly store: PatientStore;
    readonly name: 'occupied' | 'replaced';
}

export function ElsewhereScreen({ store, name }: ElsewhereProps) {
    return (
        <Page store={store} actions={
            <Button kind="primary" wide onClick={() => store.takeOver()} testId="take-over">
                {common('occupied_move')}
            </Button>
        }>
            <div class="stack">
                <h1>{common(`${name}_title`)}</h1>
                <Banner tone="info">
                    <p>{common(`${name}_text`)}</p>
                </Banner>
                <PhoneHelp store={store} />
            </div>
        </Page>
    );
}
