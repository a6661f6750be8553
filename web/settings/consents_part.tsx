// SPDX-License-Identifier: Apache-2.0
// What patients agree to before a visit by video, in versions: the one in effect, one that is to come, those before.
// A further one is written here; none is ever changed.
import { useState } from 'preact/hooks';
import { longDate } from '../shared/format';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Failure, Loading } from '../staff/parts';
import { useFetched } from '../staff/use_fetched';
import { ConsentDialog } from './consent_dialog';
import type { ConsentVersion } from './types';
import { s } from './words';

export function ConsentsPart({ today }: { readonly today: string }) {
    const [version, setVersion] = useState(0);
    const [writing, setWriting] = useState(false);
    const [saved, setSaved] = useState(false);
    const { value, problem } = useFetched<{ versions: ConsentVersion[] }>('/api/v1/consent-texts', version);
    const last = value?.versions[0];
    return (
        <div class="stack" data-testid="consents">
            <p>{s('consents_text')}</p>
            {saved && <Banner tone="good" testId="consent-saved">{s('consent_saved')}</Banner>}
            {problem !== null && <Failure problem={problem} onRetry={() => setVersion(version + 1)} />}
            {problem === null && !value && <Loading />}
            {last && (
                <div class="hours-tools">
                    <Button kind="primary" testId="consent-write" onClick={() => {
                        setSaved(false);
                        setWriting(true);
                    }}>
                        {s('consent_write')}
                    </Button>
                </div>
            )}
            {value?.versions.map((one) => <Version key={one.version} version={one} />)}
            {writing && last && (
                <ConsentDialog last={last} today={today} onClose={() => setWriting(false)} onSaved={() => {
                    setWriting(false);
                    setSaved(true);
                    setVersion(version + 1);
                }} />
            )}
        </div>
    );
}

/** Its time has not come, or another has taken its place. */
function stateOf({ in_effect, since_ms }: ConsentVersion): 'now' | 'coming' | 'past' {
    if (in_effect) return 'now';
    return since_ms > Date.now() ? 'coming' : 'past';
}

function sinceWords({ since_ms: since, by }: ConsentVersion): string {
    if (since === 0) return s('consent_shipped');
    return s(by === '' ? 'consent_since' : 'consent_since_by', { date: longDate(since), by });
}

function Version({ version }: { readonly version: ConsentVersion }) {
    const state = stateOf(version);
    return (
        <section class="card stack tight" data-testid="consent-version" data-version={version.version} data-state={state}>
            <h2>{s('consent_version', { n: version.version })}</h2>
            <p>
                <strong>{s(`consent_state.${state}`)}</strong> · {sinceWords(version)}
            </p>
            {(['id', 'en'] as const).map((lang) => (
                <details key={lang}>
                    <summary>{s(`lang.${lang}`)}</summary>
                    <ul lang={lang}>
                        {version.text[lang].split('\n').map((line) => (
                            <li key={line}>{line}</li>
                        ))}
                    </ul>
                </details>
            ))}
        </section>
    );
}
