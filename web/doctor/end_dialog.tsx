// SPDX-License-Identifier: Apache-2.0
// How the visit ended: chosen before it ends, because it ends for both.
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiProblem } from '../shared/api';
import type { Slot } from '../shared/api_types';
import type { ServerError } from '../shared/messages';
import { common } from '../shared/words';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Dialog, Failure } from '../staff/parts';
import { PhoneCall } from '../staff/phone_call';
import { useGuard } from '../staff/shell';
import { OUTCOMES, type DayVisit, type Outcome, type VisitRecord } from '../staff/types';
import { useFetched } from '../staff/use_fetched';
import { t } from '../staff/words';
import { bookFollowUp, FollowUpChoice } from './follow_up';
import { f } from './follow_up_words';

interface Props {
    readonly patient: string;
    readonly likely: Outcome;
    readonly visitId: string;
    /** Its row of the day; null: of another day, and there is no follow-up to choose. */
    readonly listed: DayVisit | null;
    /** What the server last said against ending it. */
    readonly refused: ServerError | null;
    /** Somebody waits who could be called at once. */
    readonly someWait: boolean | null;
    /** False when the server was not reached. NEXT: then the next one is called. */
    readonly onEnd: (outcome: Outcome, next: boolean) => boolean;
    readonly onClose: () => void;
}

/** The follow-up is booked first: when its time was just taken, the visit goes on and another is chosen. */
function useEnding({ visitId, refused, onEnd }: Pick<Props, 'visitId' | 'refused' | 'onEnd'>) {
    /* What was said before this dialog, or before the last try, is not said of it. */
    const [before, setBefore] = useState(refused);
    const [slot, setSlot] = useState<Slot | null>(null);
    const [version, setVersion] = useState(0);
    const [busy, setBusy] = useState<'end' | 'next' | null>(null);
    const [sent, setSent] = useState<'no' | 'yes' | 'failed'>('no');
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    const end = (outcome: Outcome, next: boolean) => {
        if (busy !== null) return;
        setBusy(next ? 'next' : 'end');
        setProblem(null);
        setBefore(refused);
        const booked = slot === null || outcome === 'no_show_patient' ? Promise.resolve() : bookFollowUp(visitId, slot);
        booked.then(() => setSent(onEnd(outcome, next) ? 'yes' : 'failed'), (error: unknown) => {
            if (guard(error)) return;
            setProblem(error);
            setVersion((n) => n + 1);
        }).finally(() => setBusy(null));
    };
    return { slot, setSlot, version, busy, sent, problem, refusal: refused === before ? null : refused, end };
}

/** Is there nobody to phone? Of a visit of another day's list than is looked at the record says so, and of one that was refused;
 * until it has come nothing is offered that might be refused. */
function useCannotPhone({ visitId, listed }: Pick<Props, 'visitId' | 'listed'>, refusal: ServerError | null): 'no' | 'yes' | 'unknown' {
    const [nRefused, setRefused] = useState(0);
    useEffect(() => {
        if (refusal !== null) setRefused((n) => n + 1);
    }, [refusal]);
    const { value, problem } = useFetched<VisitRecord>(listed === null || nRefused > 0 ? `/api/v1/visits/${visitId}` : null, nRefused);
    const known = value?.visit ?? listed;
    if (known) return known.no_phone ? 'yes' : 'no';
    return problem === null ? 'unknown' : 'no';
}

/** Below the number, where the dialog's foot would lie on it on a phone. */
function WrongLater() {
    const line = useRef<HTMLParagraphElement>(null);
    useEffect(() => line.current?.scrollIntoView({ block: 'nearest' }), []);
    return <p class="quiet" ref={line}>{f('phone_wrong_later')}</p>;
}

export function EndDialog(props: Props) {
    const { patient, likely, visitId, listed, someWait, onClose } = props;
    const [chosen, setOutcome] = useState<Outcome>(likely);
    const { slot, setSlot, version, busy, sent, problem, refusal, end } = useEnding(props);
    const [dials, setDials] = useState(false);
    const title = t('end.title', { patient });
    const cannotPhone = useCannotPhone(props, refusal);
    const outcome = chosen === 'converted_phone' && cannotPhone !== 'no' ? likely : chosen;
    const submit = (event: Event) => {
        event.preventDefault();
        end(outcome, false);
    };
    return (
        <Dialog label={title} onClose={onClose} testId="end-dialog">
            <form class="dialog-form" onSubmit={submit}>
                <h2>{title}</h2>
                <fieldset class="choices outcomes">
                    <legend class="label">{t('end.text')}</legend>
                    {OUTCOMES.filter((one) => !(one === 'converted_phone' && cannotPhone !== 'no')).map((one) => (
                        <label class="choice" key={one}>
                            <input type="radio" name="outcome" value={one} checked={outcome === one}
                                onChange={() => setOutcome(one)} />
                            <span>
                                {t(`end.${one}`)}
                                <span class="choice-hint quiet">{t(`end.${one}_hint`)}</span>
                            </span>
                        </label>
                    ))}
                    <p class="outcome-hint quiet">{`${t(`end.${outcome}`)}: ${t(`end.${outcome}_hint`)}`}</p>
                    {cannotPhone === 'yes' && <p class="quiet" data-testid="end-no-phone">{f('end_no_phone')}</p>}
                </fieldset>
                {outcome === 'converted_phone' && <PhoneCall visitId={visitId} onShown={() => setDials(true)} />}
                {outcome === 'converted_phone' && dials && <WrongLater />}
                {listed !== null && outcome !== 'no_show_patient' && (
                    <FollowUpChoice visit={listed} chosen={slot} onChoose={setSlot} version={version} />
                )}
                {problem !== null && <EndFailure problem={problem} />}
                {refusal !== null && <Banner tone="danger" testId="end-refused">{refusal.code === 'bad-state' ? f('end_refused') : refusal.message}</Banner>}
                {sent === 'failed' && <Banner tone="danger">{common('link_lost')}</Banner>}
                <div class="dialog-actions">
                    <Button kind="danger" type="submit" busy={busy === 'end'} testId="end-submit">
                        {t('end.submit')}
                    </Button>
                    {someWait && (
                        <Button busy={busy === 'next'} onClick={() => end(outcome, true)} testId="end-next">
                            {f('end_and_next')}
                        </Button>
                    )}
                    <Button kind="plain" onClick={onClose} testId="end-keep">
                        {t('end.keep')}
                    </Button>
                </div>
            </form>
        </Dialog>
    );
}

function EndFailure({ problem }: { readonly problem: unknown }) {
    if (problem instanceof ApiProblem && problem.type === 'slot-taken') return <Banner tone="danger">{f('taken')}</Banner>;
    const words = problem instanceof ApiProblem ? problem.field('starts_at_ms') : undefined;
    return words ? <Banner tone="danger">{words}</Banner> : <Failure problem={problem} />;
}
