// SPDX-License-Identifier: Apache-2.0
// Of a visit with a nurse: who has put her name to whom the doctor sees, and whether she is there.
import { o } from '../outreach/words';
import type { NurseReply } from '../outreach/types';
import { timeOfDay } from '../shared/format';
import { Icon } from '../shared/widgets/icon';
import { useFetched } from '../staff/use_fetched';

export function NurseLine({ visitId, version }: { readonly visitId: string; readonly version: number }) {
    const { value } = useFetched<NurseReply>(`/api/v1/visits/${visitId}/nurse`, version);
    if (value === null) return null;
    const { countersigned, nurse } = value;
    return (
        <ul class="nurse-lines" data-testid="nurse-lines" data-signed={countersigned !== null} data-nurse={nurse !== null && nurse.left_at_ms === null}>
            <li>
                <Icon name={countersigned ? 'check' : 'warning'} size={20} />
                <span>
                    {countersigned
                        ? o('nurse.signed', { name: countersigned.by, by: o(`sign.${countersigned.seen}`), when: timeOfDay(countersigned.at_ms) })
                        : o('nurse.unsigned')}
                </span>
            </li>
            <li>
                <Icon name={nurse && nurse.left_at_ms === null ? 'check' : 'info'} size={20} />
                <span>{nurseWords(nurse)}</span>
            </li>
        </ul>
    );
}

function nurseWords(nurse: NurseReply['nurse']): string {
    if (nurse === null) return o('nurse.none');
    return nurse.left_at_ms === null
        ? o('nurse.there', { name: nurse.name, when: timeOfDay(nurse.joined_at_ms) })
        : o('nurse.left', { name: nurse.name, when: timeOfDay(nurse.left_at_ms) });
}
