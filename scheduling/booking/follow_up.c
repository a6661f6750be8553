// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/follow_up.h"

#include "scheduling/booking/own_visit.h"
#include "scheduling/booking/slot_wish.h"
#include "scheduling/booking/unanswered_row.h"
#include "scheduling/booking/visit_source.h"
#include "scheduling/clinic/duty_row.h"
#include "scheduling/group/group_row.h"
#include "scheduling/record/consent.h"
#include "scheduling/record/event.h"

typedef struct {
    Scheduling *scheduling;
    char *visit_id;
    char *group_id; /* of the wish */
    ActorCopy actor;
    FollowUpWish wish;
    Group *group;
    Booking booking;
    OwnVisitCheck own;
    ChangeBox box;
    BookingDone done;
    gpointer user_data;
} FollowOp;

static void follow_op_free(gpointer data)
{
    FollowOp *op = data;
    g_free(op->visit_id);
    g_free(op->group_id);
    group_free(op->group);
    actor_copy_clear(&op->actor);
    booking_clear(&op->booking);
    g_free(op);
}

/* One that goes on without video was only announced until the doctor calls or asks for the number.
 */
static bool check_converted(DbTx *tx, const VisitRow *row, GError **error)
{
    bool is_met = row->n_calls > 0;
    if (!is_met && !visit_row_was_met(tx, row, &is_met, error))
        return false;
    if (!is_met)
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_MET,
                            "the doctor has not talked with the patient yet");
    return is_met;
}

static bool check_phoned(DbTx *tx, const VisitRow *row, GError **error)
{
    bool is_phoned = false;
    if (!visit_row_was_phoned(tx, row, &is_phoned, error))
        return false;
    if (!is_phoned)
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_MET,
                            "the doctor has not asked for the telephone number");
    return is_phoned;
}

/* Has the doctor had to do with the patient in it? */
static bool check_state(DbTx *tx, const VisitRow *row, GError **error)
{
    switch (row->state) {
    case VISIT_STATE_CALLED:
    case VISIT_STATE_IN_CALL:
    case VISIT_STATE_DONE:
    case VISIT_STATE_TECH_FAILED:
        return true;
    case VISIT_STATE_CONVERTED_PHONE:
    case VISIT_STATE_CONVERTED_IN_PERSON:
        return check_converted(tx, row, error);
    case VISIT_STATE_BOOKED:
        /* On the telephone now. */
        if (row->way == VISIT_WAY_PHONE)
            return check_phoned(tx, row, error);
        visit_row_refuse(row->state, error);
        return false;
    case VISIT_STATE_REQUESTED:
    case VISIT_STATE_CHECKED_IN:
    case VISIT_STATE_CANCELLED_PATIENT:
    case VISIT_STATE_CANCELLED_PROVIDER:
    case VISIT_STATE_CANCELLED_SYSTEM:
    case VISIT_STATE_NO_SHOW_PATIENT:
    case VISIT_STATE_NO_SHOW_DOCTOR:
    case VISIT_STATE_LEFT_WITHOUT_BEING_SEEN:
    case VISIT_STATE_RESCHEDULED:
        visit_row_refuse(row->state, error);
        return false;
    }
    g_assert_not_reached();
}

/* True with *RET_FOUND when the one that is asked for is there; another one that is still to come
 * is in the way: it can be moved. */
static bool find_open(FollowOp *op, DbTx *tx, const VisitRow *row, bool *ret_found, GError **error)
{
    DbQuery *query = db_query(tx, "follow_up_open");
    db_bind_text(query, 1, row->id);
    DbStep step = db_step(query, error);
    *ret_found = false;
    if (step != DB_ROW)
        return step == DB_DONE;
    g_autofree char *id = db_column_dup(query, 0);
    int64_t starts_at_ms = db_column_int(query, db_column_is_null(query, 2) ? 1 : 2);
    db_reset(query);
    if (starts_at_ms != op->wish.starts_at_ms) {
        fault_list_add(op->booking.faults, "starts_at_ms", "follow_up_exists", NULL);
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                            "another follow-up is still to come");
        return false;
    }
    *ret_found = true;
    return booking_fill(op->scheduling, tx, id, &op->booking, error);
}

static bool write_event(FollowOp *op, DbTx *tx, const char *visit_id, const char *kind,
                        const char *code, GError **error)
{
    EventRow event = {
        .visit_id = visit_id,
        .at_ms = clock_wall_ms(op->scheduling->clock),
        .kind = kind,
        .actor = actor_role_name(op->actor.actor.role),
        .detail = code,
    };
    return event_append(tx, &event, error);
}

static bool tie(FollowOp *op, DbTx *tx, const VisitRow *row, const char *code, const char *to_id,
                GError **error)
{
    DbQuery *query = db_query(tx, "follow_up_insert");
    db_bind_text(query, 1, to_id);
    db_bind_text(query, 2, row->id);
    db_bind_int(query, 3, clock_wall_ms(op->scheduling->clock));
    return db_exec(query, error) && contact_carry(tx, row->id, to_id, error) &&
           consent_carry(tx, row->id, to_id, error) &&
           booking_fill(op->scheduling, tx, to_id, &op->booking, error) &&
           write_event(op, tx, row->id, "follow_up", op->booking.code, error) &&
           write_event(op, tx, to_id, "follow_up_of", code, error) &&
           scheduling_audit(op->scheduling, tx, &op->actor.actor, "visit.follow_up", "visit",
                            row->id, error);
}

static bool place_slot(FollowOp *op, DbTx *tx, const VisitRow *row, NewVisit *visit, GError **error)
{
    Slot slot;
    const SlotWish wish = {row->clinic_id,
                           row->practitioner_id,
                           op->wish.starts_at_ms,
                           visit->service ? visit->service->id : NULL,
                           false,
                           SLOT_BOOK_NO_HOLD};
    bool is_found = op->wish.may_be_extra
                        ? slot_wish_find_extra(op->scheduling, tx, &wish, &op->actor.actor,
                                               &op->booking, &slot, error)
                        : slot_wish_find(op->scheduling, tx, &wish, &op->booking, &slot, error);
    if (!is_found)
        return false;
    visit->practitioner_id = row->practitioner_id;
    visit->starts_at_ms = slot.starts_at_ms;
    visit->ends_at_ms = slot.ends_at_ms;
    visit->place = slot.place;
    visit->is_extra = slot.is_extra;
    visit->session = slot.session;
    visit->before_ms = slot.before_ms;
    visit->after_ms = slot.after_ms;
    return true;
}

/* A group is as long as it is, whatever the visit before was for. */
static bool place_in_group(FollowOp *op, DbTx *tx, NewVisit *visit, GError **error)
{
    const GroupWish wish = {
        .group_id = op->group_id, .starts_at_ms = op->wish.starts_at_ms, .staff = &op->actor.actor};
    visit->service = NULL;
    return group_place_find(op->scheduling, tx, &wish, visit, op->booking.faults, &op->group,
                            error);
}

static bool book(FollowOp *op, DbTx *tx, const VisitRow *row, GError **error)
{
    g_auto(VisitSource) source = {0};
    ServiceTerms service;
    CreatedVisit created;
    if (!visit_source_load(tx, row->id, &source, error))
        return false;
    /* As it is now, also when it is not offered any more. */
    if (source.service_id &&
        !service_terms_load(tx, row->clinic_id, source.service_id, false, &service, error))
        return false;
    NewVisit visit = {
        .mode = "slot",
        .clinic_id = row->clinic_id,
        .service = source.service_id ? &service : NULL,
        .lang = source.lang,
        .actor = &op->actor.actor,
        .source = &source.person,
        .is_follow_up = true,
        .own = &op->own,
    };
    bool placed = op->group_id ? place_in_group(op, tx, &visit, error)
                               : place_slot(op, tx, row, &visit, error);
    return placed && visit_create(op->scheduling, tx, &visit, &created, &op->box, error) &&
           tie(op, tx, row, source.code, created.id, error);
}

static bool follow_job(DbTx *tx, gpointer data, GError **error)
{
    FollowOp *op = data;
    VisitRow row;
    bool found;
    return visit_row_load(tx, op->visit_id, &row, error) &&
           visit_row_check_actor(tx, &row, &op->actor.actor, 1U << ACTOR_DOCTOR, error) &&
           check_state(tx, &row, error) && find_open(op, tx, &row, &found, error) &&
           (found || book(op, tx, &row, error));
}

static void on_follow_done(gpointer data, const GError *error)
{
    FollowOp *op = data;
    if (error)
        op->box.has_changed = false;
    scheduling_notify(op->scheduling, &op->box);
    if (g_error_matches(error, SCHEDULING_ERROR, SCHEDULING_ERROR_OWN_BOOKING))
        own_visit_refuse(op->scheduling, &op->actor.actor, &op->own, error, op->done,
                         op->user_data);
    else
        op->done(&op->booking, error, op->user_data);
}

void follow_up_book(Scheduling *scheduling, const char *visit_id, const FollowUpWish *wish,
                    const Actor *actor, BookingDone done, gpointer user_data)
{
    FollowOp *op = g_new0(FollowOp, 1);
    op->scheduling = scheduling;
    op->visit_id = g_strdup(visit_id);
    op->wish = *wish;
    op->wish.group_id = op->group_id = g_strdup(wish->group_id);
    actor_copy_init(&op->actor, actor);
    op->booking.faults = fault_list_new();
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, follow_job, on_follow_done, op, follow_op_free);
}

/* The telephone. */

typedef struct {
    Scheduling *scheduling;
    char *visit_id;
    ActorCopy actor;
    char *phone;
    ChangeBox box;
    FollowUpPhoneDone done;
    gpointer user_data;
} PhoneOp;

static void phone_op_free(gpointer data)
{
    PhoneOp *op = data;
    g_free(op->visit_id);
    actor_copy_clear(&op->actor);
    secret_text_free(op->phone);
    g_free(op);
}

/* Who was to be phoned is: no list says any more that it is to be done. */
static bool end_to_phone(PhoneOp *op, DbTx *tx, const VisitRow *row, GError **error)
{
    bool is_phoned = false, was_unanswered = false;
    if (!visit_row_was_phoned(tx, row, &is_phoned, error))
        return false;
    if (!is_phoned)
        return true; /* long before its time */
    if (!unanswered_end(tx, row->id, clock_wall_ms(op->scheduling->clock), &was_unanswered,
                        error) ||
        !visit_row_describe(op->scheduling, tx, row, ACTOR_DOCTOR, &op->box, error))
        return false;
    op->box.change.is_unanswered_news = was_unanswered;
    op->box.has_changed = true;
    return true;
}

/* Ended so in its call that visit is over for the outside now. */
static bool say_phoned(PhoneOp *op, DbTx *tx, const VisitRow *row, GError **error)
{
    if (op->actor.actor.role != ACTOR_DOCTOR)
        return true;
    if (row->state == VISIT_STATE_BOOKED && row->way == VISIT_WAY_PHONE)
        return end_to_phone(op, tx, row, error);
    return row->state != VISIT_STATE_CONVERTED_PHONE ||
           visit_row_say_ended(tx, row, clock_wall_ms(op->scheduling->clock), error);
}

static bool phone_job(DbTx *tx, gpointer data, GError **error)
{
    PhoneOp *op = data;
    const Actor *actor = &op->actor.actor;
    VisitRow row;
    unsigned roles = (1U << ACTOR_DOCTOR) | (1U << ACTOR_DESK);
    if (!visit_row_load(tx, op->visit_id, &row, error) ||
        !visit_row_check_actor(tx, &row, actor, roles, error))
        return false;
    /* By telephone the number is what the visit begins with. */
    if (actor->role == ACTOR_DOCTOR && row.state == VISIT_STATE_BOOKED &&
        row.way == VISIT_WAY_PHONE &&
        !duty_check_permit(op->scheduling, tx, row.facility_id, row.practitioner_id, error))
        return false;
    op->phone = visit_row_phone(op->scheduling, tx, &row, error);
    EventRow event = {
        .visit_id = row.id,
        .at_ms = clock_wall_ms(op->scheduling->clock),
        .kind = "phone_shown",
        .actor = actor_role_name(actor->role),
    };
    return op->phone && event_append(tx, &event, error) && say_phoned(op, tx, &row, error) &&
           scheduling_audit(op->scheduling, tx, actor, "visit.phone", "visit", row.id, error);
}

static void on_phone_done(gpointer data, const GError *error)
{
    PhoneOp *op = data;
    if (error)
        op->box.has_changed = false;
    scheduling_notify(op->scheduling, &op->box);
    op->done(error ? NULL : op->phone, error, op->user_data);
}

void follow_up_show_phone(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                          FollowUpPhoneDone done, gpointer user_data)
{
    PhoneOp *op = g_new0(PhoneOp, 1);
    op->scheduling = scheduling;
    op->visit_id = g_strdup(visit_id);
    actor_copy_init(&op->actor, actor);
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, phone_job, on_phone_done, op, phone_op_free);
}
