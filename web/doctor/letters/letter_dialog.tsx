// SPDX-License-Identifier: Apache-2.0
// One letter, from its form to its number. Sent again after a lost answer it is the same letter.
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, ApiProblem, NetworkError, newIdempotencyKey, told } from '../../shared/api';
import { Banner } from '../../shared/widgets/banner';
import { Button } from '../../shared/widgets/button';
import { failureText } from '../../shared/words';
import { focusInSight } from '../../staff/focus';
import { Dialog } from '../../staff/parts';
import { serverToday } from '../../staff/server_clock';
import { useGuard } from '../../staff/shell';
import { beforeLogOut, dropUnsaved, findUnsaved, keepUnsaved } from '../../staff/unsaved';
import { emptyForm, isKeptLetter, letterBody, type KeptLetter } from './letter_state';
import { PrescriptionFields } from './prescription_fields';
import { ReferralFields } from './referral_fields';
import { SickFields } from './sick_fields';
import type { Letter, LetterForm, LetterKind } from './types';
import { l } from './words';

interface Props {
    readonly user: string;
    readonly visitId: string;
    /** Its day, YYYY-MM-DD; "" where it is not known. */
    readonly visited: string;
    readonly kind: LetterKind;
    readonly sickDays: number;
    readonly lacksWeight: boolean;
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

/** The form, and its copy in the browser, which a reload does not lose and logging out removes. */
function useForm({ user, visitId, visited, kind }: Props) {
    const name = `letter.${visitId}.${kind}`;
    const [found] = useState(() => findUnsaved(user, name));
    const old = isKeptLetter(found, kind) ? found : null;
    const [form, setForm] = useState<LetterForm>(() => old?.form ?? emptyForm(kind, serverToday(), visited));
    const [isTyped, setTyped] = useState(old !== null);
    const sent = useRef({ text: old?.text ?? '', key: old?.key ?? '' });
    useEffect(() => beforeLogOut(async () => !isTyped), [isTyped]);
    const keep = (next: LetterForm) => {
        setTyped(true);
        keepUnsaved(user, name, { form: next, ...sent.current } satisfies KeptLetter);
    };
    return {
        form, sent, restored: old !== null,
        change: (change: Partial<LetterForm>) => {
            const next = { ...form, ...change };
            setForm(next);
            keep(next);
        },
        keep: () => keep(form),
        drop: () => dropUnsaved(user, name),
    };
}

export function LetterDialog(all: Props) {
    const { visitId, kind, sickDays, lacksWeight, patient, flush, onClose, onIssued } = all;
    const { form, sent, restored, change, keep, drop } = useForm(all);
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    const refused = problem instanceof ApiProblem ? problem : null;
    const title = l('dialog.title', { kind: l(`kind.${kind}`), patient });
    const props: FormProps = {
        form,
        onForm: (changed) => {
            change(changed);
            setProblem(null);
        },
        faultOf: (field) => refused?.field(field),
    };
    const submit = (event: Event) => {
        event.preventDefault();
        const text = JSON.stringify(form);
        if (sent.current.text !== text) sent.current = { text, key: newIdempotencyKey() };
        const { key } = sent.current;
        keep();
        setBusy(true);
        setProblem(null);
        const issue = async () => {
            if (!(await flush())) throw new NetworkError();
            return api.post<Letter>(`/api/v1/visits/${visitId}/letters`, letterBody(form, key), { idempotencyKey: key });
        };
        issue().then((letter) => {
            drop();
            onIssued(letter);
        }, (error: unknown) => {
            setBusy(false);
            if (!guard(error)) setProblem(error);
        });
    };
    return (
        <Dialog label={title} onClose={onClose} testId="letter-dialog">
            <form class="dialog-form letter-form" onSubmit={submit} noValidate>
                <h2>{title}</h2>
                {restored && <Banner tone="info" testId="letter-restored">{l('dialog.restored')}</Banner>}
                {kind === 'summary' && <p>{l('summary.text')}</p>}
                {kind === 'prescription' && lacksWeight && <Banner tone="warning" testId="no-weight">{l('dialog.no_weight')}</Banner>}
                {kind === 'prescription' && <PrescriptionFields {...props} />}
                {kind === 'referral' && <ReferralFields {...props} />}
                {kind === 'sick' && <SickFields {...props} sickDays={sickDays} />}
                {problem !== null && <LetterProblem problem={problem} />}
                <div class="dialog-actions">
                    <Button kind="primary" type="submit" busy={busy} testId="letter-submit">
                        {l('dialog.submit', { kind: l(`kind.${kind}`).toLowerCase() })}
                    </Button>
                    <Button kind="plain" onClick={() => {
                        drop();
                        onClose();
                    }}>
                        {l('keep')}
                    </Button>
                </div>
            </form>
        </Dialog>
    );
}

function LetterProblem({ problem }: { readonly problem: unknown }) {
    const place = useRef<HTMLDivElement>(null);
    const errors = problem instanceof ApiProblem ? problem.errors : [];
    const others = errors.filter((one) => ELSEWHERE.includes(one.field));
    /* The first field that is wrong says it itself. What no field shows stands here, below a long form and behind the buttons
     * that stick to its foot. */
    useEffect(() => {
        const wrong = place.current?.closest('form')?.querySelector<HTMLElement>('[aria-invalid=true]');
        if (wrong && others.length === 0) return focusInSight(wrong);
        wrong?.focus({ preventScroll: true });
        place.current?.scrollIntoView({ block: 'nearest' });
    }, [problem]);
    return (
        <div ref={place}>
            <Banner tone="danger" testId="letter-problem">
                <p>{failureText(problem)}</p>
                {others.map((one) => (
                    <p key={one.field}>{told(one)}</p>
                ))}
            </Banner>
        </div>
    );
}
