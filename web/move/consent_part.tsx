// SPDX-License-Identifier: Apache-2.0
// What the patient agreed to, and how to take it back or to agree again.
import { useEffect, useState } from 'preact/hooks';
import { api } from '../shared/api';
import type { ConsentReply } from '../shared/api_types';
import { dateAndTime } from '../shared/format';
import { moveWords as m } from '../shared/move_words';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { ConsentText } from '../shared/widgets/consent_text';
import { failureText } from '../shared/words';

const OWN = '/api/v1/join/consent';

interface OwnConsent {
    readonly given: boolean;
    readonly how: string | null;
    readonly at_ms: number | null;
}

export function ConsentPart({ token }: { readonly token: string }) {
    const [own, setOwn] = useState<OwnConsent | null>(null);
    const [text, setText] = useState<ConsentReply | null>(null);
    const [asking, setAsking] = useState(false);
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const load = () => api.get<OwnConsent>(OWN, { bearer: token }).then(setOwn);
    useEffect(() => {
        Promise.all([load(), api.get<ConsentReply>('/api/v1/consent').then(setText)]).catch(setProblem);
    }, []);
    const say = (how: 'accepted' | 'withdrawn') => {
        setBusy(true);
        setProblem(null);
        api.post(OWN, { how, version: text?.version }, { bearer: token })
            .then(load)
            .then(() => setAsking(false), setProblem)
            .finally(() => setBusy(false));
    };
    return (
        <section class="card stack" aria-labelledby="consent-title" data-testid="own-consent">
            <h2 id="consent-title">{m('consent')}</h2>
            {problem !== null && (
                <Banner tone="danger" testId="consent-failure">
                    <p>{failureText(problem)}</p>
                </Banner>
            )}
            {own && <p data-testid="consent-state">{stateWords(own)}</p>}
            {text && <ConsentText consent={text} title={m('consent_read')} />}
            {own && text && !own.given && (
                <Button wide busy={busy} onClick={() => say('accepted')} testId="consent-accept">
                    {m('consent_accept')}
                </Button>
            )}
            {own?.given && !asking && (
                <Button kind="plain" wide onClick={() => setAsking(true)} testId="consent-withdraw">
                    {m('consent_withdraw')}
                </Button>
            )}
            {own?.given && asking && (
                <>
                    <Banner tone="warning">
                        <p>{m('consent_means')}</p>
                    </Banner>
                    <Button wide busy={busy} onClick={() => say('withdrawn')} testId="consent-confirm">
                        {m('consent_yes')}
                    </Button>
                    <Button kind="plain" wide onClick={() => setAsking(false)}>
                        {m('consent_no')}
                    </Button>
                </>
            )}
        </section>
    );
}

function stateWords({ given, how, at_ms: at }: OwnConsent): string {
    if (how === null || at === null) return m('consent_none');
    return m(given ? 'consent_given' : 'consent_gone', { date: dateAndTime(at) });
}
