// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/day_end.h"

/* So long after a call a doctor may still call the next one, however late it is. */
static const int64_t pause_ms = (int64_t)30 * 60 * 1000;
/* As a consultation is counted: scheduling/report/daily.c. */
static const int64_t talked_ms = (int64_t)60 * 1000;

int64_t day_end_due_ms(const DayEndFacts *facts)
{
    int64_t planned_ms =
        MAX(MAX(facts->ends_at_ms, facts->booked_end_ms), facts->hours_end_ms) + facts->late_ms;
    int64_t over_ms = MAX(planned_ms, facts->worked_at_ms);
    int64_t due_ms = MIN(MAX(over_ms + facts->after_ms, facts->late_until_ms), facts->latest_ms);
    if (facts->is_outreach)
        due_ms = facts->latest_ms;
    return MAX(due_ms, MAX(facts->worked_at_ms + pause_ms,
                           facts->ends_at_ms + facts->late_ms + facts->after_ms));
}

VisitState day_end_outcome(const DayEndFacts *facts)
{
    /* Who is phoned is in no queue, who is seen at the facility in no call: it is known that the
     * doctor asked for the number, or called who was there. */
    if (facts->way != VISIT_WAY_VIDEO && facts->state != VISIT_STATE_IN_CALL)
        return facts->was_phoned || facts->state == VISIT_STATE_CALLED ? VISIT_STATE_DONE
                                                                       : VISIT_STATE_NO_SHOW_DOCTOR;
    if (facts->state == VISIT_STATE_IN_CALL && facts->both_ms >= talked_ms)
        return VISIT_STATE_DONE;
    if (facts->state == VISIT_STATE_IN_CALL || facts->has_accepted)
        return VISIT_STATE_TECH_FAILED;
    if (facts->is_outreach)
        return facts->starts_at_ms < facts->hours_end_ms ? VISIT_STATE_NO_SHOW_DOCTOR
                                                         : VISIT_STATE_CANCELLED_SYSTEM;
    return facts->left_at_ms > 0 && facts->left_at_ms < facts->worked_at_ms
               ? VISIT_STATE_LEFT_WITHOUT_BEING_SEEN
               : VISIT_STATE_NO_SHOW_DOCTOR;
}
