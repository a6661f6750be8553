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

function words(type: string, text: string): { title: string; text: string; retry: boolean } {
    switch (type) {
        case 'no-token':
            return { title: t('no_token_title'), text: t('no_token_text'), retry: false };
        case 'link-invalid':
            return { title: t('invalid_title'), text: t('invalid_text'), retry: false };
        case 'link-expired':
            return { title: t('expired_title'), text: t('expired_text'), retry: false };
        default:
            return { title: t('failed_title'), text, retry: true };
    }
}

export function ProblemScreen({ store, type, text }: ProblemProps) {
    const say = words(type, text);
    const isOver = !say.retry && guestOf(store.current);
    const actions = say.retry ? (
        <Button kind="primary" wide onClick={() => location.reload()} testId="retry">
            {common('try_again')}
        </Button>
    ) : (
        bookAgain(store)
    );
    return (
        <Page store={store} actions={actions}>
            <div data-testid="problem" data-type={type} class="stack">
                <h1>{say.title}</h1>
                <Banner tone="warning">
                    <p>{isOver ? t('ended_guest') : say.text}</p>
                </Banner>
                {isOver && <p>{t('ended_close')}</p>}
                {factsOf(store) ? <PhoneHelp store={store} /> : !say.retry && <FacilityPhones />}
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
