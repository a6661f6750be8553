// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/visit_begun.h"

static bool has_begun(VisitState state)
{
    switch (state) {
    case VISIT_STATE_IN_CALL:
    case VISIT_STATE_DONE:
    case VISIT_STATE_CONVERTED_PHONE:
    case VISIT_STATE_CONVERTED_IN_PERSON:
        return true;
    case VISIT_STATE_REQUESTED:
    case VISIT_STATE_BOOKED:
    case VISIT_STATE_CHECKED_IN:
    case VISIT_STATE_CALLED:
    case VISIT_STATE_CANCELLED_PATIENT:
    case VISIT_STATE_CANCELLED_PROVIDER:
    case VISIT_STATE_CANCELLED_SYSTEM:
    case VISIT_STATE_NO_SHOW_PATIENT:
    case VISIT_STATE_NO_SHOW_DOCTOR:
    case VISIT_STATE_LEFT_WITHOUT_BEING_SEEN:
    case VISIT_STATE_TECH_FAILED:
    case VISIT_STATE_RESCHEDULED:
        return false;
    }
    g_assert_not_reached();
}

static bool refuse(SchedulingError code, const char *why, GError **error)
{
    g_set_error_literal(error, SCHEDULING_ERROR, code, why);
    return false;
}

/* Without video: called in at the facility, or on the telephone. */
static bool is_being_held(const VisitRow *visit, DbTx *tx, bool *ret_held, GError **error)
{
    *ret_held = visit->way == VISIT_WAY_IN_PERSON && visit->state == VISIT_STATE_CALLED;
    if (visit->way != VISIT_WAY_PHONE || visit->state != VISIT_STATE_BOOKED)
        return true;
    return visit_row_was_phoned(tx, visit, ret_held, error);
}

/* One that goes on without video has begun when doctor and patient have talked. */
bool visit_begun_check(DbTx *tx, const VisitRow *visit, GError **error)
{
    bool is_held;
    if (!is_being_held(visit, tx, &is_held, error))
        return false;
    if (is_held)
        return true;
    if (!has_begun(visit->state)) {
        if (!visit_state_row(visit->state)->is_final)
            return refuse(SCHEDULING_ERROR_BAD_STATE, "the visit has not begun", error);
        visit_row_refuse(visit->state, error);
        return false;
    }
    bool is_met = visit->state == VISIT_STATE_IN_CALL || visit->state == VISIT_STATE_DONE;
    if (!is_met && !visit_row_was_met(tx, visit, &is_met, error))
        return false;
    return is_met || refuse(SCHEDULING_ERROR_NOT_MET, "nobody has talked with the patient", error);
}
