// SPDX-License-Identifier: Apache-2.0
// Emergencies whose doctor is on leave today: given on purpose, so it is said and nothing is asked for.
import type { Day } from '../staff/types';
import { useFetched } from '../staff/use_fetched';
import { isUrgentOfDoctor, leaveOf, type DutyReply } from './duty';

/** The ids of such visits of `day`; null: not today's. Read again with the list, while there is one to ask about. */
export function useLeave(day: Day | null): ReadonlySet<string> {
    const asks = day?.visits.some(isUrgentOfDoctor) ?? false;
    const { value } = useFetched<DutyReply>(asks ? '/api/v1/duty' : null, day?.server_ms ?? 0);
    return new Set(asks && value ? leaveOf(day?.visits ?? [], value.clinics) : []);
}
