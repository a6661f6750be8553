// SPDX-License-Identifier: Apache-2.0
// One letter, from its form to its number. Sent again after a lost answer it is the same letter.
import { useRef, useState } from 'preact/hooks';
import { api, ApiProblem, NetworkError, newIdempotencyKey } from '../../shared/api';
import { Banner } from '../../shared/widgets/banner';
import { Button } from '../../shared/widgets/button';
import { failureText } from '../../shared/words';
import { Dialog } from '../../staff/parts';
import { serverToday } from '../../staff/server_clock';
import { useGuard } from '../../staff/shell';
import { emptyForm, letterBody } from './letter_state';
import { PrescriptionFields } from './prescription_fields';
import { ReferralFields } from './referral_fields';
import { SickFields } from './sick_fields';
import type { Letter, LetterForm, LetterKind } from './types';
import { l } from './words';

interface Props {
    readonly visitId: string;
    readonly kind: LetterKind;
    readonly sickDays: number;
    readonly patient: string;
    /** Saves what is typed into the note: the letter is made of what the server has. */
    readonly flush: () => Promise<boolean>;
    readonly onClose: () => void;
    readonly onIssued: (letter: Letter) => void;
}

export interface FormProps {
    readonly form: LetterForm;
    readonly onForm: (change: Partial<LetterForm>) => void;
    /** The server's word on a field. */
    readonly faultOf: (field: string) => string | undefined;
}

/** What the server says that no field of the form shows: the permit, the note, the visit. */
const ELSEWHERE = ['sip', 'note', 'visit', 'kind'];

export function LetterDialog({ visitId, kind, sickDays, patient, flush, onClose, onIssued }: Props) {
    const [form, setForm] = useState<LetterForm>(() => emptyForm(kind, serverToday()));
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const sent = useRef({ text: '', key: '' });
    const guard = useGuard();
    const refused = problem instanceof ApiProblem ? problem : null;
    const title = l('dialog.title', { kind: l(`kind.${kind}`), patient });
    const props: FormProps = {
        form,
        onForm: (change) => {
            setForm((old) => ({ ...old, ...change }));
            setProblem(null);
        },
        faultOf: (field) => refused?.field(field),
    };
    const submit = (event: Event) => {
        event.preventDefault();
        const text = JSON.stringify(form);
        if (sent.current.text !== text) sent.current = { text, key: newIdempotencyKey() };
        const { key } = sent.current;
        setBusy(true);
        setProblem(null);
        const issue = async () => {
            if (!(await flush())) throw new NetworkError();
            return api.post<Letter>(`/api/v1/visits/${visitId}/letters`, letterBody(form, key), { idempotencyKey: key });
        };
        issue().then(onIssued, (error: unknown) => {
            setBusy(false);
            if (!guard(error)) setProblem(error);
        });
    };
    return (
        <Dialog label={title} onClose={onClose} testId="letter-dialog">
            <form class="dialog-form letter-form" onSubmit={submit} noValidate>
                <h2>{title}</h2>
                {kind === 'summary' && <p>{l('summary.text')}</p>}
                {kind === 'prescription' && <PrescriptionFields {...props} />}
                {kind === 'referral' && <ReferralFields {...props} />}
                {kind === 'sick' && <SickFields {...props} sickDays={sickDays} />}
                {problem !== null && <LetterProblem problem={problem} />}
                <div class="dialog-actions">
                    <Button kind="primary" type="submit" busy={busy} testId="letter-submit">
                        {l('dialog.submit', { kind: l(`kind.${kind}`).toLowerCase() })}
                    </Button>
                    <Button kind="plain" onClick={onClose}>
                        {l('keep')}
                    </Button>
                </div>
            </form>
        </Dialog>
    );
}

function LetterProblem({ problem }: { readonly problem: unknown }) {
    const errors = problem instanceof ApiProblem ? problem.errors : [];
    const others = errors.filter((one) => ELSEWHERE.includes(one.field));
    return (
        <Banner tone="danger" testId="letter-problem">
            <p>{failureText(problem)}</p>
            {others.map((one) => (
                <p key={one.field}>{one.message}</p>
            ))}
        </Banner>
    );
}
