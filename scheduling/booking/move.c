// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/move.h"

#include <string.h>

#include "scheduling/booking/booking_limit.h"
#include "scheduling/booking/client_booking.h"
#include "scheduling/booking/move_private.h"
#include "scheduling/booking/other_doctor.h"
#include "scheduling/booking/own_visit.h"
#include "scheduling/booking/request.h"
#include "scheduling/booking/slot_wish.h"
#include "scheduling/booking/token_private.h"
#include "scheduling/booking/visit_reason.h"
#include "scheduling/clinic/hours_kept.h"
#include "scheduling/clinic/hours_store.h"
#include "scheduling/policy/policy.h"
#include "scheduling/record/consent.h"
#include "scheduling/record/event.h"

enum { NUMBER_MINUTES = 15 };

typedef struct {
    Scheduling *scheduling;
    char *visit_id;
    ActorCopy actor;
    bool takes_number; /* now, instead of WISH */
    char *practitioner_id, *overlap_reason;
    MoveWish wish;
    Booking booking;
    OwnVisitCheck own;
    ChangeBox before, after;
    BookingDone done;
    gpointer user_data;
} MoveOp;

static void move_op_free(gpointer data)
{
    MoveOp *op = data;
    g_free(op->visit_id);
    g_free(op->practitioner_id);
    g_free(op->overlap_reason);
    actor_copy_clear(&op->actor);
    booking_clear(&op->booking);
    g_free(op);
}

/* The patient was not seen, and can come again by the same link. */
static bool was_missed(const VisitRow *row)
{
    return row->state == VISIT_STATE_NO_SHOW_PATIENT || row->state == VISIT_STATE_NO_SHOW_DOCTOR ||
           row->state == VISIT_STATE_LEFT_WITHOUT_BEING_SEEN ||
           row->state == VISIT_STATE_TECH_FAILED;
}

/* A patient whom a change of hours has left without a place, or who waits for a doctor who may not
 * call, chooses again at any time, also out of the waiting room. *RET_IS: it is so. */
static bool is_unplaced(const MoveOp *op, DbTx *tx, const VisitRow *row, bool *ret_is,
                        GError **error)
{
    *ret_is = false;
    if (op->takes_number || op->actor.actor.role != ACTOR_PATIENT ||
        !hours_kept_may_choose(row->state))
        return true;
    g_autoptr(OtherDoctor) other = other_doctor_new(op->scheduling, tx);
    return other_doctor_is_unplaced(other, row->id, ret_is, error);
}

/* May the visit be followed by another one, as it is now? */
static bool check_movable(const MoveOp *op, DbTx *tx, const VisitRow *row, GError **error)
{
    Policy policy;
    bool has_no_place = false;
    if (was_missed(row))
        return true;
    if (!is_unplaced(op, tx, row, &has_no_place, error))
        return false;
    if (has_no_place)
        return booking_limit_check_moves(op->scheduling, tx, row->id, error);
    bool is_patient = op->actor.actor.role == ACTOR_PATIENT;
    if (op->takes_number || (is_patient && row->state != VISIT_STATE_BOOKED)) {
        visit_row_refuse(row->state, error);
        return false;
    }
    if (!policy_load(op->scheduling, tx, row->facility_id, &policy, error))
        return false;
    int64_t left_ms = row->starts_at_ms - clock_wall_ms(op->scheduling->clock);
    if (is_patient && left_ms < policy_ms(&policy, POLICY_MOVE_UNTIL)) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_TOO_LATE,
                            "the visit is too near to be moved by its patient");
        return false;
    }
    return !is_patient || booking_limit_check_moves(op->scheduling, tx, row->id, error);
}

/* A coordinator moves what a change of hours has left without a place, and nothing else. */
static bool check_coordinator(const MoveOp *op, DbTx *tx, const VisitRow *row, GError **error)
{
    bool is_hit = false;
    if (op->actor.actor.role != ACTOR_COORDINATOR)
        return true;
    if (visit_state_row(row->state)->is_final) {
        visit_row_refuse(row->state, error);
        return false;
    }
    if (!hours_kept_is_unplaced(op->scheduling, tx, row->id, &is_hit, error))
        return false;
    if (!is_hit)
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_FORBIDDEN,
                            "the visit has a place");
    return is_hit;
}

/* A request that comes again finds the visit where it wants it. */
static bool is_there(const MoveOp *op, const VisitRow *row)
{
    const Booking *now = &op->booking;
    int64_t starts_at_ms = now->place > 0 ? now->session_starts_at_ms : now->starts_at_ms;
    bool is_to_come = row->state == VISIT_STATE_REQUESTED || row->state == VISIT_STATE_BOOKED;
    return !op->takes_number && is_to_come && starts_at_ms == op->wish.starts_at_ms &&
           strcmp(row->practitioner_id, op->wish.practitioner_id) == 0;
}

static bool contains(const HoursPlan *plan, const char *practitioner_id, const char *date,
                     int64_t now_ms)
{
    g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(TimeSpan));
    hours_open(plan, practitioner_id, date, spans);
    for (unsigned i = 0; i < spans->len; i++) {
        const TimeSpan *span = &g_array_index(spans, TimeSpan, i);
        if (span->from_ms <= now_ms && now_ms < span->to_ms)
            return true;
    }
    return false;
}

/* Some doctor of the clinic whose hours are now; NULL with SLOT_NOT_OFFERED. */
static char *find_open_doctor(const MoveOp *op, DbTx *tx, const char *clinic_id, GError **error)
{
    char today[SCHEDULING_DATE_BYTES];
    int64_t now_ms = clock_wall_ms(op->scheduling->clock);
    clock_local_date(now_ms, op->scheduling->zone, today);
    const HoursQuery query = {clinic_id, NULL, today, today};
    g_autoptr(HoursPlan) plan = hours_plan_load(op->scheduling, tx, &query, error);
    if (!plan)
        return NULL;
    for (unsigned i = 0; i < plan->rules->len; i++) {
        const char *id = g_array_index(plan->rules, HoursRule, i).practitioner_id;
        if (contains(plan, id, today, now_ms))
            return g_strdup(id);
    }
    for (unsigned i = 0; i < plan->overrides->len; i++) {
        const char *id = g_array_index(plan->overrides, HoursOverride, i).practitioner_id;
        if (contains(plan, id, today, now_ms))
            return g_strdup(id);
    }
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_SLOT_NOT_OFFERED,
                        "no doctor of the clinic has hours now");
    return NULL;
}

static int64_t length_ms(const NewVisit *visit)
{
    return visit->service ? visit->service->duration_ms : (int64_t)NUMBER_MINUTES * 60 * 1000;
}

static bool place_now(MoveOp *op, DbTx *tx, const char *clinic_id, NewVisit *visit, GError **error)
{
    op->practitioner_id = find_open_doctor(op, tx, clinic_id, error);
    visit->practitioner_id = op->practitioner_id;
    visit->pool = true;
    visit->is_walk_in = true;
    visit->starts_at_ms = clock_wall_ms(op->scheduling->clock);
    visit->ends_at_ms = visit->starts_at_ms + length_ms(visit);
    return op->practitioner_id != NULL;
}

static bool find_slot(MoveOp *op, DbTx *tx, const VisitRow *row, const SlotWish *wish,
                      Slot *ret_slot, GError **error)
{
    if (op->wish.may_be_extra)
        return slot_wish_find_extra(op->scheduling, tx, wish, &op->actor.actor, &op->booking,
                                    ret_slot, error);
    /* Who was to be seen by whoever is free has no doctor to keep. */
    return row->pool ? slot_wish_find(op->scheduling, tx, wish, &op->booking, ret_slot, error)
                     : slot_wish_find_with_doctor(op->scheduling, tx, wish, &op->booking, ret_slot,
                                                  error);
}

static bool place_slot(MoveOp *op, DbTx *tx, const VisitRow *row, NewVisit *visit, GError **error)
{
    Slot slot;
    const SlotWish wish = {row->clinic_id,
                           op->wish.practitioner_id,
                           op->wish.starts_at_ms,
                           visit->service ? visit->service->id : NULL,
                           false,
                           SLOT_BOOK_NO_HOLD};
    if (!find_slot(op, tx, row, &wish, &slot, error))
        return false;
    visit->is_extra = slot.is_extra;
    visit->practitioner_id = op->wish.practitioner_id;
    visit->pool = op->wish.any_doctor;
    visit->starts_at_ms = slot.starts_at_ms;
    visit->ends_at_ms = slot.ends_at_ms;
    visit->place = slot.place;
    visit->session = slot.session;
    visit->before_ms = slot.before_ms;
    visit->after_ms = slot.after_ms;
    return true;
}

static bool write_event(Scheduling *scheduling, DbTx *tx, const Actor *actor, const char *visit_id,
                        const char *kind, const char *code, GError **error)
{
    EventRow event = {
        .visit_id = visit_id,
        .at_ms = clock_wall_ms(scheduling->clock),
        .kind = kind,
        .actor = actor_role_name(actor->role),
        .participant_id = actor->participant_id,
        .detail = code,
    };
    return event_append(tx, &event, error);
}

/* A visit that somebody else has moved meanwhile is refused. */
static bool write_move(Scheduling *scheduling, DbTx *tx, const MoveTie *tie, GError **error)
{
    DbQuery *move = db_query(tx, "move_insert");
    db_bind_text(move, 1, tie->from->id);
    db_bind_text(move, 2, tie->to->id);
    db_bind_int(move, 3, clock_wall_ms(scheduling->clock));
    db_bind_text(move, 4, tie->told_with);
    GError *refused = NULL;
    if (db_exec(move, &refused))
        return true;
    if (g_error_matches(refused, BASE_ERROR, BASE_ERROR_CONFLICT)) {
        g_error_free(refused);
        visit_row_refuse(tie->from->state, error);
    } else {
        g_propagate_error(error, refused);
    }
    return false;
}

static bool take_place(DbTx *tx, const char *statement, const MoveTie *tie, GError **error)
{
    DbQuery *query = db_query(tx, statement);
    db_bind_text(query, 1, tie->from->id);
    db_bind_text(query, 2, tie->to->id);
    return db_exec(query, error);
}

/* From now on the links of participant FROM open the visit that comes after, as TO. */
static bool take_links(Scheduling *scheduling, DbTx *tx, const MoveTie *tie, const char *from,
                       const char *to, GError **error)
{
    VisitRow next;
    if (!visit_row_load(tx, tie->to->id, &next, error))
        return false;
    DbQuery *links = db_query(tx, "move_links");
    db_bind_text(links, 1, from);
    db_bind_text(links, 2, tie->to->id);
    db_bind_text(links, 3, to);
    db_bind_int(links, 4, next.ends_at_ms + scheduling->policy.link_after_ms);
    return db_exec(links, error);
}

typedef struct {
    char id[SCHEDULING_ID_BYTES];
    char label[16];
} Guest;

static bool load_guests(DbTx *tx, const char *visit_id, GArray *guests, GError **error)
{
    DbQuery *rows = db_query(tx, "move_guests");
    db_bind_text(rows, 1, visit_id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        Guest guest;
        scheduling_copy_column(rows, 0, guest.id, sizeof guest.id);
        scheduling_copy_column(rows, 1, guest.label, sizeof guest.label);
        g_array_append_val(guests, guest);
    }
    return step == DB_DONE;
}

/* Who was invited is, to the visit that comes after; a link that was revoked stays so. */
static bool take_guests(Scheduling *scheduling, DbTx *tx, const MoveTie *tie, GError **error)
{
    g_autoptr(GArray) guests = g_array_new(FALSE, FALSE, sizeof(Guest));
    if (!load_guests(tx, tie->from->id, guests, error))
        return false;
    for (unsigned i = 0; i < guests->len; i++) {
        const Guest *guest = &g_array_index(guests, Guest, i);
        g_autofree char *to = token_ensure_guest(scheduling, tx, tie->to->id, guest->label, error);
        if (!to || !take_links(scheduling, tx, tie, guest->id, to, error))
            return false;
    }
    return true;
}

static char *load_code(DbTx *tx, const char *visit_id, GError **error)
{
    DbQuery *row = db_query(tx, "move_code");
    db_bind_text(row, 1, visit_id);
    if (!scheduling_need_row(row, "visit", error))
        return NULL;
    char *code = db_column_dup(row, 0);
    db_reset(row);
    return code;
}

bool move_tie(Scheduling *scheduling, DbTx *tx, const MoveTie *tie, GError **error)
{
    const char *from = tie->from->id;
    const char *to = tie->to->id;
    if (!write_move(scheduling, tx, tie, error) || !take_place(tx, "series_moved", tie, error) ||
        !take_place(tx, "follow_up_moved", tie, error) || !take_place(tx, "move_way", tie, error))
        return false;
    g_autofree char *code = load_code(tx, to, error);
    return code &&
           take_links(scheduling, tx, tie, tie->source->participant_id,
                      tie->to->patient_participant_id, error) &&
           take_guests(scheduling, tx, tie, error) && client_booking_carry(tx, from, to, error) &&
           visit_reason_carry(tx, from, to, error) && contact_carry(tx, from, to, error) &&
           consent_carry(tx, from, to, error) &&
           write_event(scheduling, tx, tie->actor, from, "moved_to", code, error) &&
           write_event(scheduling, tx, tie->actor, to, "moved_from", tie->source->code, error);
}

static bool end_old(MoveOp *op, DbTx *tx, VisitRow *row, GError **error)
{
    if (was_missed(row))
        return true;
    const VisitStep step = {.to = VISIT_STATE_RESCHEDULED, .actor = &op->actor.actor};
    return visit_set_state(op->scheduling, tx, row, &step, &op->before, error);
}

/* Who comes again by the link of a missed visit is asked about as who books anew; who moves what is
 * to come was. */
static bool find_block(const MoveOp *op, DbTx *tx, const VisitRow *row, const VisitSource *source,
                       NewVisit *visit, GError **error)
{
    const BlockQuery query = {row->clinic_id, source->phone_index, source->nik_index};
    RequestReason reason = REQUEST_NOT_NEEDED;
    if (op->actor.actor.role != ACTOR_PATIENT || !was_missed(row))
        return true;
    if (!request_find_reason(op->scheduling, tx, &query, &reason, error))
        return false;
    visit->is_request = reason != REQUEST_NOT_NEEDED;
    visit->request_reason = request_reason_detail(reason);
    return true;
}

static bool follow(MoveOp *op, DbTx *tx, VisitRow *row, GError **error)
{
    g_auto(VisitSource) source = {0};
    if (!visit_source_load(tx, row->id, &source, error) || !end_old(op, tx, row, error))
        return false;
    NewVisit visit = {
        .mode = "slot",
        .clinic_id = row->clinic_id,
        .lang = source.lang,
        .actor = &op->actor.actor,
        .source = &source.person,
        .own = &op->own,
    };
    CreatedVisit created;
    ServiceTerms service;
    op->own.reason = op->overlap_reason;
    /* As it is now, also when it is not offered any more. */
    if (source.service_id &&
        !service_terms_load(tx, row->clinic_id, source.service_id, false, &service, error))
        return false;
    visit.service = source.service_id ? &service : NULL;
    bool placed = op->takes_number ? place_now(op, tx, row->clinic_id, &visit, error)
                                   : place_slot(op, tx, row, &visit, error);
    const MoveTie tie = {row, &source, &created, &op->actor.actor, NULL};
    return placed && find_block(op, tx, row, &source, &visit, error) &&
           visit_create(op->scheduling, tx, &visit, &created, &op->after, error) &&
           move_tie(op->scheduling, tx, &tie, error) &&
           booking_fill(op->scheduling, tx, created.id, &op->booking, error);
}

static bool move_job(DbTx *tx, gpointer data, GError **error)
{
    MoveOp *op = data;
    VisitRow row;
    unsigned roles = 1U << ACTOR_PATIENT;
    if (!op->takes_number)
        roles |= (1U << ACTOR_DOCTOR) | (1U << ACTOR_DESK) | (1U << ACTOR_COORDINATOR);
    if (!visit_row_load(tx, op->visit_id, &row, error) ||
        !visit_row_check_actor(tx, &row, &op->actor.actor, roles, error) ||
        !booking_fill(op->scheduling, tx, row.id, &op->booking, error))
        return false;
    if (is_there(op, &row))
        return true;
    booking_clear(&op->booking);
    op->booking = (Booking){0};
    return check_coordinator(op, tx, &row, error) && check_movable(op, tx, &row, error) &&
           follow(op, tx, &row, error);
}

static void on_move_done(gpointer data, const GError *error)
{
    MoveOp *op = data;
    if (error)
        op->before.has_changed = op->after.has_changed = false;
    scheduling_notify(op->scheduling, &op->before);
    scheduling_notify(op->scheduling, &op->after);
    if (g_error_matches(error, SCHEDULING_ERROR, SCHEDULING_ERROR_OWN_BOOKING))
        own_visit_refuse(op->scheduling, &op->actor.actor, &op->own, error, op->done,
                         op->user_data);
    else
        op->done(&op->booking, error, op->user_data);
}

static void run(MoveOp *op, Scheduling *scheduling, const char *visit_id, const Actor *actor)
{
    op->scheduling = scheduling;
    op->visit_id = g_strdup(visit_id);
    actor_copy_init(&op->actor, actor);
    db_write(scheduling->db, move_job, on_move_done, op, move_op_free);
}

void booking_move(Scheduling *scheduling, const char *visit_id, const MoveWish *wish,
                  const Actor *actor, BookingDone done, gpointer user_data)
{
    MoveOp *op = g_new0(MoveOp, 1);
    op->wish = *wish;
    op->practitioner_id = g_strdup(wish->practitioner_id);
    op->wish.practitioner_id = op->practitioner_id;
    op->wish.overlap_reason = op->overlap_reason = g_strdup(wish->overlap_reason);
    op->done = done;
    op->user_data = user_data;
    run(op, scheduling, visit_id, actor);
}

void booking_take_number(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                         BookingDone done, gpointer user_data)
{
    MoveOp *op = g_new0(MoveOp, 1);
    op->takes_number = true;
    op->done = done;
    op->user_data = user_data;
    run(op, scheduling, visit_id, actor);
}
