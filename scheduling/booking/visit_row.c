// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/visit_row.h"

#include <string.h>

#include "scheduling/booking/client_booking.h"
#include "scheduling/booking/unanswered_row.h"
#include "scheduling/outbox/notification.h"
#include "scheduling/policy/policy.h"
#include "scheduling/record/event.h"
#include "server/base/outbox.h"

bool visit_row_load(DbTx *tx, const char *visit_id, VisitRow *ret_row, GError **error)
{
    DbQuery *query = db_query(tx, "visit_row");
    db_bind_text(query, 1, visit_id);
    if (!scheduling_need_row(query, "visit", error))
        return false;
    VisitRow row = {
        .starts_at_ms = db_column_int(query, 6),
        .ends_at_ms = db_column_int(query, 7),
        .due_from_ms = db_column_int(query, 16),
        .accepted_at_ms = scheduling_column_int0(query, 8),
        .ended_at_ms = scheduling_column_int0(query, 9),
        .n_calls = db_column_int(query, 10),
        .pool = db_column_int(query, 11) != 0,
        .is_walk_in = db_column_int(query, 12) != 0,
        .is_in_group = !db_column_is_null(query, 13),
        .has_phone = db_column_int(query, 17) != 0,
        .fixed_line = fixed_line_column(query, 18),
    };
    scheduling_copy_column(query, 0, row.id, sizeof row.id);
    scheduling_copy_column(query, 1, row.practitioner_id, sizeof row.practitioner_id);
    scheduling_copy_column(query, 2, row.clinic_id, sizeof row.clinic_id);
    scheduling_copy_column(query, 3, row.facility_id, sizeof row.facility_id);
    scheduling_copy_column(query, 4, row.local_date, sizeof row.local_date);
    scheduling_copy_column(query, 14, row.post_id, sizeof row.post_id);
    bool known = visit_state_parse(db_column_text(query, 5), &row.state) &&
                 visit_way_parse(db_column_text(query, 15), &row.way);
    db_reset(query);
    if (!known) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "visit %s has an unknown state",
                    visit_id);
        return false;
    }
    *ret_row = row;
    return true;
}

bool visit_row_is_unclaimed(const VisitRow *row)
{
    return row->pool && (row->state == VISIT_STATE_REQUESTED || row->state == VISIT_STATE_BOOKED ||
                         row->state == VISIT_STATE_CHECKED_IN);
}

/* Is the participant of this visit, in this role? */
static bool is_participant(DbTx *tx, const VisitRow *row, const char *participant_id,
                           const char *role, bool *ret_is, GError **error)
{
    DbQuery *query = db_query(tx, "participant_role");
    db_bind_text(query, 1, participant_id);
    db_bind_text(query, 2, row->id);
    DbStep step = db_step(query, error);
    if (step == DB_FAILED)
        return false;
    *ret_is = step == DB_ROW && g_str_equal(db_column_text(query, 0), role);
    db_reset(query);
    return true;
}

static bool works_in(DbTx *tx, const char *clinic_id, const char *practitioner_id, bool *ret_does,
                     GError **error)
{
    DbQuery *query = db_query(tx, "clinic_member_exists");
    db_bind_text(query, 1, clinic_id);
    db_bind_text(query, 2, practitioner_id);
    DbStep step = db_step(query, error);
    if (step == DB_FAILED)
        return false;
    *ret_does = step == DB_ROW;
    db_reset(query);
    return true;
}

static bool is_own_doctor(DbTx *tx, const VisitRow *row, const Actor *actor, bool *ret_is,
                          GError **error)
{
    if (actor->participant_id)
        return is_participant(tx, row, actor->participant_id, "doctor", ret_is, error);
    g_autofree char *practitioner_id = scheduling_actor_practitioner(tx, actor, error);
    if (!practitioner_id)
        return false;
    if (visit_row_is_unclaimed(row))
        return works_in(tx, row->clinic_id, practitioner_id, ret_is, error);
    *ret_is = g_str_equal(practitioner_id, row->practitioner_id);
    return true;
}

bool visit_row_check_actor(DbTx *tx, const VisitRow *row, const Actor *actor, unsigned roles,
                           GError **error)
{
    bool is_theirs = false;
    if (roles & (1U << actor->role)) {
        switch (actor->role) {
        case ACTOR_PATIENT:
            if (actor->participant_id &&
                !is_participant(tx, row, actor->participant_id, "patient", &is_theirs, error))
                return false;
            break;
        case ACTOR_DOCTOR:
            if (!is_own_doctor(tx, row, actor, &is_theirs, error))
                return false;
            break;
        case ACTOR_DESK:
        case ACTOR_COORDINATOR:
            is_theirs = actor->facility_id && g_str_equal(actor->facility_id, row->facility_id);
            break;
        case ACTOR_CLIENT:
            if (!client_booking_is_of(tx, row->id, actor->user_id, &is_theirs, error))
                return false;
            break;
        case ACTOR_SYSTEM:
            is_theirs = true;
            break;
        case ACTOR_OFFICE:
        case ACTOR_ADMIN:
        case ACTOR_OFFICER:
            break;
        }
    }
    if (!is_theirs)
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_FORBIDDEN,
                            "the visit is not this actor's");
    return is_theirs;
}

void visit_row_refuse(VisitState state, GError **error)
{
    const VisitStateRow *row = visit_state_row(state);
    SchedulingError code = row->is_cancelled ? SCHEDULING_ERROR_VISIT_CANCELLED
                           : row->is_final   ? SCHEDULING_ERROR_VISIT_ENDED
                                             : SCHEDULING_ERROR_BAD_STATE;
    g_set_error(error, SCHEDULING_ERROR, code, "not possible in state %s", row->name);
}

bool visit_row_describe(Scheduling *scheduling, DbTx *tx, const VisitRow *row, ActorRole by,
                        ChangeBox *ret_box, GError **error)
{
    Policy policy;
    if (!policy_load(scheduling, tx, row->facility_id, &policy, error))
        return false;
    g_strlcpy(ret_box->visit_id, row->id, sizeof ret_box->visit_id);
    g_strlcpy(ret_box->practitioner_id, row->practitioner_id, sizeof ret_box->practitioner_id);
    g_strlcpy(ret_box->clinic_id, row->clinic_id, sizeof ret_box->clinic_id);
    g_strlcpy(ret_box->facility_id, row->facility_id, sizeof ret_box->facility_id);
    g_strlcpy(ret_box->local_date, row->local_date, sizeof ret_box->local_date);
    g_strlcpy(ret_box->post_id, row->post_id, sizeof ret_box->post_id);
    ret_box->is_known = true;
    ret_box->change = (VisitChange){
        .visit_id = ret_box->visit_id,
        .practitioner_id = ret_box->practitioner_id,
        .clinic_id = ret_box->clinic_id,
        .facility_id = ret_box->facility_id,
        .local_date = ret_box->local_date,
        .from = row->state,
        .state = row->state,
        .by = by,
        .at_ms = clock_wall_ms(scheduling->clock),
        .opens_at_ms = row->starts_at_ms - policy_ms(&policy, POLICY_OPEN_BEFORE),
        .pool = row->pool,
        .post_id = *ret_box->post_id ? ret_box->post_id : NULL,
    };
    return true;
}

static bool has_row(DbTx *tx, const char *statement, const VisitRow *row, bool *ret_has,
                    GError **error)
{
    DbQuery *query = db_query(tx, statement);
    db_bind_text(query, 1, row->id);
    DbStep step = db_step(query, error);
    db_reset(query);
    *ret_has = step == DB_ROW;
    return step != DB_FAILED;
}

bool visit_row_was_phoned(DbTx *tx, const VisitRow *row, bool *ret_phoned, GError **error)
{
    return has_row(tx, "visit_was_phoned", row, ret_phoned, error);
}

static void refuse_phoning(GError **error)
{
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_NO_PHONE,
                        "no telephone number of the patient is known");
}

char *visit_row_phone(const Scheduling *scheduling, DbTx *tx, const VisitRow *row, GError **error)
{
    DbQuery *query = db_query(tx, "visit_phone");
    db_bind_text(query, 1, row->id);
    if (!scheduling_need_row(query, "visit", error))
        return NULL;
    char *phone = secret_box_open(scheduling->box, "visit.phone", db_column_text(query, 0), error);
    db_reset(query);
    if (!phone || phone[0] != '\0')
        return phone;
    secret_text_free(phone);
    refuse_phoning(error);
    return NULL;
}

bool visit_row_need_phone(const VisitRow *row, GError **error)
{
    if (!row->has_phone)
        refuse_phoning(error);
    return row->has_phone;
}

bool visit_row_has_fixed_line(const Scheduling *scheduling, DbTx *tx, const VisitRow *row,
                              bool *ret_has, GError **error)
{
    DbQuery *query = db_query(tx, "visit_phone");
    db_bind_text(query, 1, row->id);
    if (!scheduling_need_row(query, "visit", error))
        return false;
    *ret_has = fixed_line_is(scheduling, row->fixed_line, db_column_text(query, 0));
    db_reset(query);
    return true;
}

bool visit_row_was_met(DbTx *tx, const VisitRow *row, bool *ret_met, GError **error)
{
    return has_row(tx, "visit_was_met", row, ret_met, error);
}

/* What the outside is told when a visit comes into a state; NULL: nothing. */
static const char *outbox_kind(VisitState state)
{
    switch (state) {
    case VISIT_STATE_CHECKED_IN:
        return "visit.checked_in";
    case VISIT_STATE_CALLED:
        return "visit.called";
    case VISIT_STATE_IN_CALL:
        return "visit.started";
    case VISIT_STATE_DONE:
    case VISIT_STATE_CONVERTED_PHONE:
    case VISIT_STATE_CONVERTED_IN_PERSON:
    case VISIT_STATE_NO_SHOW_PATIENT:
    case VISIT_STATE_NO_SHOW_DOCTOR:
    case VISIT_STATE_LEFT_WITHOUT_BEING_SEEN:
        return "visit.ended";
    case VISIT_STATE_TECH_FAILED:
        return "visit.failed";
    case VISIT_STATE_CANCELLED_PATIENT:
    case VISIT_STATE_CANCELLED_PROVIDER:
    case VISIT_STATE_CANCELLED_SYSTEM:
        return "appointment.cancelled";
    case VISIT_STATE_RESCHEDULED:
        return "appointment.rescheduled";
    case VISIT_STATE_BOOKED:
        return "appointment.booked";
    case VISIT_STATE_REQUESTED:
        return NULL;
    }
    g_assert_not_reached();
}

static bool append_outbox(DbTx *tx, const VisitRow *row, const char *kind, int64_t now_ms,
                          GError **error)
{
    if (!kind)
        return true;
    g_autofree char *payload = g_strdup_printf("{\"visit\":\"%s\",\"state\":\"%s\"}", row->id,
                                               visit_state_name(row->state));
    g_autofree char *key = g_strdup_printf("%s:%s:%" G_GINT64_FORMAT, kind, row->id, row->n_calls);
    OutboxEntry entry = {
        .kind = kind,
        .subject_id = row->id,
        .payload = payload,
        .due_at_ms = now_ms,
        .dedup_key = key,
    };
    return outbox_append(tx, &entry, now_ms, error);
}

bool visit_row_say_ended(DbTx *tx, const VisitRow *row, int64_t now_ms, GError **error)
{
    return append_outbox(tx, row, outbox_kind(row->state), now_ms, error);
}

/* The times of the course; NULL leaves those of other transitions alone. */
static bool write_course(DbTx *tx, const VisitRow *row, const Actor *actor, int64_t now_ms,
                         GError **error)
{
    bool is_final = visit_state_row(row->state)->is_final;
    DbQuery *query = db_query(tx, "visit_course_step");
    db_bind_text(query, 1, row->id);
    const VisitState timed[] = {VISIT_STATE_CHECKED_IN, VISIT_STATE_CALLED, VISIT_STATE_IN_CALL};
    for (int i = 0; i < 3; i++) {
        if (row->state == timed[i])
            db_bind_int(query, 2 + i, now_ms);
        else
            db_bind_null(query, 2 + i);
    }
    db_bind_int(query, 5, row->n_calls);
    if (is_final)
        db_bind_int(query, 6, now_ms);
    else
        db_bind_null(query, 6);
    db_bind_text(query, 7, is_final ? actor_role_name(actor->role) : NULL);
    return db_exec(query, error) && (!is_final || event_refresh_course(tx, row->id, error));
}

static bool write_state(DbTx *tx, const VisitRow *row, GError **error)
{
    DbQuery *query = db_query(tx, "visit_set_state");
    db_bind_text(query, 1, row->id);
    db_bind_text(query, 2, visit_state_name(row->state));
    return db_exec(query, error);
}

bool visit_set_state(Scheduling *scheduling, DbTx *tx, VisitRow *row, const VisitStep *step,
                     ChangeBox *box, GError **error)
{
    VisitState from = row->state;
    bool was_unanswered = false;
    const char *told = step->is_inward ? NULL : outbox_kind(step->to);
    if (!visit_state_may_follow(from, step->to)) {
        visit_row_refuse(from, error);
        return false;
    }
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    row->state = step->to;
    if (step->to == VISIT_STATE_CALLED)
        row->n_calls++;
    EventRow event = {
        .visit_id = row->id,
        .at_ms = now_ms,
        .kind = visit_state_name(step->to),
        .actor = actor_role_name(step->actor->role),
        .participant_id = step->actor->participant_id,
        .detail = step->detail,
    };
    g_autofree char *action = g_strconcat("visit.", event.kind, NULL);
    if (!write_state(tx, row, error) || !event_append(tx, &event, error) ||
        !write_course(tx, row, step->actor, now_ms, error) ||
        !scheduling_audit(scheduling, tx, step->actor, action, "visit", row->id, error) ||
        !append_outbox(tx, row, told, now_ms, error) ||
        !(step->is_quiet || notification_on_state(scheduling, tx, row, error)) ||
        ((from == VISIT_STATE_CHECKED_IN || row->way == VISIT_WAY_PHONE) &&
         !unanswered_end(tx, row->id, now_ms, &was_unanswered, error)) ||
        !visit_row_describe(scheduling, tx, row, step->actor->role, box, error))
        return false;
    box->change.from = from;
    box->change.is_unanswered_news = was_unanswered;
    box->change.at_ms = now_ms;
    box->has_changed = true;
    return true;
}
