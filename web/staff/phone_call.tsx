// SPDX-License-Identifier: Apache-2.0
// The patient's number, asked for when it is needed: the record keeps who saw it.
import { useState } from 'preact/hooks';
import { api } from '../shared/api';
import { Button } from '../shared/widgets/button';
import { Icon } from '../shared/widgets/icon';
import { Failure } from './parts';
import { phoneWords } from './phone_words';
import { q } from './queue_words';
import { useGuard } from './shell';

interface Props {
    readonly visitId: string;
    /** The number stands there. */
    readonly onShown?: () => void;
    /** What is done first is another thing. */
    readonly beside?: boolean;
}

export function PhoneCall({ visitId, onShown, beside = false }: Props) {
    const [phone, setPhone] = useState<string | null>(null);
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    const show = () => {
        setBusy(true);
        setProblem(null);
        api.post<{ phone: string }>(`/api/v1/visits/${visitId}/phone`)
            .then((reply) => {
                setPhone(reply.phone);
                onShown?.();
            }, (error: unknown) => {
                if (!guard(error)) setProblem(error);
            })
            .finally(() => setBusy(false));
    };
    return (
        <div class="stack tight">
            {phone === null ? (
                <>
                    <div>
                        <Button icon="phone" busy={busy} onClick={show} testId="phone-show">{q('phone.show')}</Button>
                    </div>
                    <p class="quiet">{q('phone.show_hint')}</p>
                </>
            ) : (
                <div>
                    <a class={beside ? 'button' : 'button primary'} href={`tel:${phone}`} data-testid="phone-call"
                        aria-label={q('phone.call', { number: phoneWords(phone) })}>
                        <Icon name="phone" />
                        <span class="numbers">{phoneWords(phone)}</span>
                    </a>
                </div>
            )}
            {problem !== null && <Failure problem={problem} />}
        </div>
    );
}
