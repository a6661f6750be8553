// SPDX-License-Identifier: Apache-2.0
// The patient's page: one screen at a time, chosen by screenOf().
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useLang } from '../shared/lang';
import { useChanges } from '../shared/use_changes';
import { Busy } from '../shared/widgets/busy';
import { CallScreen } from './screens/call';
import { CalledScreen } from './screens/called';
import { CheckScreen } from './screens/check';
import { EarlyScreen } from './screens/early';
import { HeldScreen } from './screens/held';
import { GuestWaitingScreen } from './screens/guest_waiting';
import { CancelledScreen, EndedScreen, LeftScreen } from './screens/ended';
import { ElsewhereScreen, ProblemScreen } from './screens/problem';
import { WaitingScreen } from './screens/waiting';
import { Page } from './page';
import { guestOf, type Screen } from './screen';
import type { PatientStore } from './store';
import { t } from './words';

export function App({ store }: { store: PatientStore }) {
    useLang();
    useChanges(store);
    const screen = store.screen;
    document.title = screen.name === 'called' ? t('called_title') : `${t('title')} · Huyula`;
    return (
        <Focused key={screen.name} name={screen.name}>
            <ScreenView screen={screen} store={store} />
        </Focused>
    );
}

/** A new screen takes the focus, so that a screen reader starts at its top. */
function Focused({ name, children }: { name: string; children: ComponentChildren }) {
    const ref = useRef<HTMLDivElement>(null);
    useEffect(() => {
        ref.current?.focus({ preventScroll: true });
        scrollTo(0, 0);
    }, []);
    return (
        <div ref={ref} tabIndex={-1} class="screen" data-testid={`screen-${name}`}>
            {children}
        </div>
    );
}

function ScreenView({ screen, store }: { screen: Screen; store: PatientStore }) {
    switch (screen.name) {
        case 'loading':
            return (
                <Page store={store}>
                    <Busy text={t('loading')} />
                </Page>
            );
        case 'problem':
            return <ProblemScreen store={store} type={screen.type} text={screen.text} />;
        case 'cancelled':
            return <CancelledScreen store={store} />;
        case 'ended':
            return <EndedScreen store={store} state={screen.state} />;
        case 'early':
            return <EarlyScreen store={store} opensAtMs={screen.opensAtMs} />;
        case 'held':
            return <HeldScreen store={store} way={screen.way} isToday={screen.isToday} />;
        case 'check':
            return <CheckScreen store={store} />;
        case 'waiting':
            return guestOf(store.current) ? <GuestWaitingScreen store={store} /> : <WaitingScreen store={store} />;
        case 'called':
            return <CalledScreen store={store} />;
        case 'call':
            return <CallScreen store={store} />;
        case 'left':
            return <LeftScreen store={store} />;
        case 'occupied':
        case 'replaced':
            return <ElsewhereScreen store={store} name={screen.name} />;
    }
}
