// SPDX-License-Identifier: Apache-2.0
// What the patient agreed to, and how to take it back or to agree again.
import { useEffect, useState } from 'preact/hooks';
import { api, ApiProblem } from '../shared/api';
import type { ConsentReply } from '../shared/api_types';
import { dateAndTime } from '../shared/format';
import { getLang } from '../shared/lang';
import { moveWords as m } from '../shared/move_words';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { ConsentText } from '../shared/widgets/consent_text';
import { common, failureText } from '../shared/words';

const OWN = '/api/v1/join/consent';

interface OwnConsent {
    readonly given: boolean;
    /** Given to a text that another has replaced. */
    readonly outdated: boolean;
    readonly at_ms: number | null;
}
type Step = 'accepted' | 'withdrawn';

/** Both as the server has them now. */
function useConsent(token: string) {
    const [own, setOwn] = useState<OwnConsent | null>(null);
    const [text, setText] = useState<ConsentReply | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    const load = () =>
        Promise.all([
            api.get<OwnConsent>(OWN, { bearer: token }).then(setOwn),
            api.get<ConsentReply>('/api/v1/consent').then(setText),
        ]);
    useEffect(() => void load().catch(setProblem), []);
    return { own, text, problem, setProblem, load };
}

interface Props {
    readonly token: string;
    /** No: of a visit that will not be, it is there for who has agreed and takes that back. */
    readonly asks?: boolean;
}

export function ConsentPart({ token, asks = true }: Props) {
    const { own, text, problem, setProblem, load } = useConsent(token);
    const [busy, setBusy] = useState(false);
    /* Only somebody who is named can agree for a child; that is written down by staff. */
    const isChilds = problem instanceof ApiProblem && problem.errors.some(({ code }) => code === 'guardian_required');
    const again = () => {
        setProblem(null);
        load().catch(setProblem);
    };
    /* All at once: what grows pushes what is below it. */
    if (!(own && text) && problem === null) return null;
    if (!asks && (!own || own.outdated || own.at_ms === null)) return null;
    const say = (how: Step) => {
        setBusy(true);
        setProblem(null);
        const body = how === 'accepted' ? { how, version: text?.version, lang: getLang() } : { how };
        api.post(OWN, body, { bearer: token })
            /* Refused: the text may be a newer one by now, or the visit over. */
            .catch((error: unknown) => load().then(() => Promise.reject(error)))
            .then(load)
            .catch(setProblem)
            .finally(() => setBusy(false));
    };
    return (
        <section class="card stack" aria-labelledby="consent-title" data-testid="own-consent">
            <h2 id="consent-title">{m('consent')}</h2>
            {isChilds && <Banner tone="info" testId="consent-child">{m('consent_child')}</Banner>}
            {problem !== null && !isChilds && (
                <Banner tone="danger" testId="consent-failure">
                    <p>{failureText(problem)}</p>
                    {!own && <Button onClick={again}>{common('try_again')}</Button>}
                </Banner>
            )}
            {own && <p role="status" data-testid="consent-state">{stateWords(own)}</p>}
            {text && <ConsentText consent={text} title={m('consent_read')} />}
            {asks && own && !own.given && text && !isChilds && (
                <Button wide busy={busy} onClick={() => say('accepted')} testId="consent-accept">
                    {m('consent_accept')}
                </Button>
            )}
            {own?.given && <Withdraw busy={busy} onYes={() => say('withdrawn')} />}
        </section>
    );
}

interface WithdrawProps {
    readonly busy: boolean;
    readonly onYes: () => void;
}

/** Two steps: it is easily pressed by somebody who only reads. */
function Withdraw({ busy, onYes }: WithdrawProps) {
    const [asking, setAsking] = useState(false);
    if (!asking) {
        return (
            <Button kind="plain" wide onClick={() => setAsking(true)} testId="consent-withdraw">
                {m('consent_withdraw')}
            </Button>
        );
    }
    return (
        <>
            <Banner tone="warning" testId="consent-means">
                <p>{m('consent_means')}</p>
            </Banner>
            <Button wide busy={busy} onClick={onYes} testId="consent-confirm">
                {m('consent_yes')}
            </Button>
            <Button kind="plain" wide disabled={busy} onClick={() => setAsking(false)} testId="consent-keep">
                {m('consent_no')}
            </Button>
        </>
    );
}

function stateWords({ given, outdated, at_ms: at }: OwnConsent): string {
    if (outdated) return m('consent_outdated');
    if (at === null) return m('consent_none');
    return m(given ? 'consent_given' : 'consent_gone', { date: dateAndTime(at) });
}
