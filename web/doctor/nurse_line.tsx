// SPDX-License-Identifier: Apache-2.0
// Of a visit with a nurse: who has put her name to whom the doctor sees, and whether she is there. Who forgot to say
// that she left is not there for ever: the doctor says it for her.
import { useState } from 'preact/hooks';
import { o } from '../outreach/words';
import type { NurseReply } from '../outreach/types';
import { timeOfDay } from '../shared/format';
import { api } from '../shared/api';
import { Button } from '../shared/widgets/button';
import { Icon } from '../shared/widgets/icon';
import { Failure } from '../staff/parts';
import { useGuard } from '../staff/shell';
import { useFetched } from '../staff/use_fetched';

export function NurseLine({ visitId, version }: { readonly visitId: string; readonly version: number }) {
    const [said, setSaid] = useState(0);
    const { value } = useFetched<NurseReply>(`/api/v1/visits/${visitId}/nurse`, version + said);
    if (value === null) return null;
    const { countersigned, nurse } = value;
    const isThere = nurse !== null && nurse.left_at_ms === null;
    return (
        <ul class="nurse-lines" data-testid="nurse-lines" data-signed={countersigned !== null} data-nurse={isThere}>
            <li>
                <Icon name={countersigned ? 'check' : 'warning'} size={20} />
                <span>
                    {countersigned
                        ? o('nurse.signed', { name: countersigned.by, by: o(`sign.${countersigned.seen}`), when: timeOfDay(countersigned.at_ms) })
                        : o('nurse.unsigned')}
                </span>
            </li>
            <li>
                <Icon name={isThere ? 'check' : 'info'} size={20} />
                <span>{nurseWords(nurse)}</span>
            </li>
            {isThere && (
                <li>
                    <Leave visitId={visitId} onSaid={() => setSaid((n) => n + 1)} />
                </li>
            )}
        </ul>
    );
}

function Leave({ visitId, onSaid }: { readonly visitId: string; readonly onSaid: () => void }) {
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    const say = () => {
        setBusy(true);
        setProblem(null);
        api.post(`/api/v1/visits/${visitId}/nurse`, { step: 'left' })
            .then(onSaid, (error: unknown) => {
                if (!guard(error)) setProblem(error);
            })
            .finally(() => setBusy(false));
    };
    return (
        <div>
            <Button kind="plain" busy={busy} onClick={say} testId="nurse-left">
                {o('nurse.leave')}
            </Button>
            {problem !== null && <Failure problem={problem} />}
        </div>
    );
}

function nurseWords(nurse: NurseReply['nurse']): string {
    if (nurse === null) return o('nurse.none');
    const { name } = nurse;
    if (nurse.left_at_ms === null) return o('nurse.there', { name, when: timeOfDay(nurse.joined_at_ms) });
    const when = timeOfDay(nurse.left_at_ms);
    return nurse.left_said_by === null ? o('nurse.left', { name, when }) : o('nurse.left_by', { name, when, by: nurse.left_said_by });
}
