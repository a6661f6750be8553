// SPDX-License-Identifier: Apache-2.0
// The patient's number, asked for when it is needed: the record keeps who saw it.
import { useState } from 'preact/hooks';
import { api } from '../shared/api';
import { Button } from '../shared/widgets/button';
import { Icon } from '../shared/widgets/icon';
import { Failure } from './parts';
import { PhoneDialog, type PhoneVisit } from './phone_dialog';
import { phoneWords } from './phone_words';
import { q } from './queue_words';
import { useGuard } from './shell';

interface Props {
    readonly visitId: string;
    /** Whose number may be put right here; undefined: it may not. */
    readonly visit?: PhoneVisit;
    /** The number stands there, or is another one. */
    readonly onShown?: () => void;
    /** What is done first is another thing. */
    readonly beside?: boolean;
}

/** Who dials it is who finds out. */
function Wrong({ visit, onChanged }: { readonly visit: PhoneVisit; readonly onChanged: () => void }) {
    const [open, setOpen] = useState(false);
    return (
        <>
            <div class="nik-line">
                <p class="quiet">{q('phone.wrong')}</p>
                <Button kind="plain" onClick={() => setOpen(true)} testId="phone-open">{q('phone.change')}</Button>
            </div>
            {open && <PhoneDialog visit={visit} onClose={() => setOpen(false)} onSaved={onChanged} />}
        </>
    );
}

export function PhoneCall({ visitId, visit, onShown, beside = false }: Props) {
    const [phone, setPhone] = useState<string | null>(null);
    const [shown, setShown] = useState(false);
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    const show = () => {
        setBusy(true);
        setProblem(null);
        api.post<{ phone: string }>(`/api/v1/visits/${visitId}/phone`)
            .then((reply) => {
                setPhone(reply.phone);
                setShown(true);
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
            {visit !== undefined && shown && (
                <Wrong visit={visit} onChanged={() => {
                    setPhone(null);
                    onShown?.();
                }} />
            )}
            {problem !== null && <Failure problem={problem} />}
        </div>
    );
}
