// SPDX-License-Identifier: Apache-2.0
// Whether a patient came whom the doctor asked to come, of a visit that is over; can be said otherwise later.
import { useState } from 'preact/hooks';
import { Button } from '../shared/widgets/button';
import { Failure } from './parts';
import { put } from './put';
import { q } from './queue_words';
import { useGuard } from './shell';
import type { DayVisit } from './types';

interface Props {
    readonly visit: DayVisit;
    readonly onSaid: () => void;
}

export function Came({ visit, onSaid }: Props) {
    const [busy, setBusy] = useState<boolean | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    const say = (came: boolean) => {
        if (busy !== null) return;
        setBusy(came);
        setProblem(null);
        put(`/api/v1/visits/${visit.id}/came`, { came })
            .then(onSaid, (error: unknown) => {
                if (!guard(error)) setProblem(error);
            })
            .finally(() => setBusy(null));
    };
    return (
        <>
            {visit.came !== true && (
                <Button icon="check" busy={busy === true} onClick={() => say(true)} testId="came-yes"
                    label={q('came.yes_name', { patient: visit.patient })}>
                    {q('came.yes')}
                </Button>
            )}
            {visit.came !== false && (
                <Button icon="close" busy={busy === false} onClick={() => say(false)} testId="came-no"
                    label={q('came.no_name', { patient: visit.patient })}>
                    {q('came.no')}
                </Button>
            )}
            {problem !== null && <Failure problem={problem} />}
        </>
    );
}
