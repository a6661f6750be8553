// SPDX-License-Identifier: Apache-2.0
// Of a visit that was booked with a nurse: her name to who the patient is, and whether she is there.
import { useState } from 'preact/hooks';
import { NursePart } from '../outreach/nurse';
import type { NurseReply } from '../outreach/types';
import { o } from '../outreach/words';
import { Button } from '../shared/widgets/button';
import { Dialog, Failure, Loading, VisitLine } from '../staff/parts';
import type { DayVisit } from '../staff/types';
import { useFetched } from '../staff/use_fetched';
import { t } from '../staff/words';

export function NurseDialog({ visit, onClose }: { readonly visit: DayVisit; readonly onClose: () => void }) {
    const [version, setVersion] = useState(0);
    const { value, problem } = useFetched<NurseReply>(`/api/v1/visits/${visit.id}/nurse`, version);
    const title = o('nurse.title', { patient: visit.patient });
    return (
        <Dialog label={title} onClose={onClose} testId="nurse-dialog">
            <div class="dialog-form">
                <h2>{title}</h2>
                <VisitLine number={visit.number} startsAtMs={visit.starts_at_ms} />
                {problem !== null && <Failure problem={problem} />}
                {value === null && problem === null && <Loading />}
                {value !== null && (
                    <NursePart joins onChanged={() => setVersion(version + 1)}
                        entry={{ visit: visit.id, patient: visit.patient, number: visit.number, countersigned: value.countersigned !== null,
                            nurse: value.nurse !== null && value.nurse.left_at_ms === null }} />
                )}
                <div class="dialog-actions">
                    <Button kind="plain" onClick={onClose} testId="nurse-close">{t('staff.close')}</Button>
                </div>
            </div>
        </Dialog>
    );
}
