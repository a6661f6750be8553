// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/booking.h"

#include "scheduling/booking/booking_check.h"
#include "scheduling/booking/booking_limit.h"
#include "scheduling/booking/client_booking.h"
#include "scheduling/booking/counter.h"
#include "scheduling/booking/hold.h"
#include "scheduling/booking/own_visit.h"
#include "scheduling/booking/person_compare.h"
#include "scheduling/booking/queue.h"
#include "scheduling/booking/request.h"
#include "scheduling/booking/slot_wish.h"
#include "scheduling/booking/token_private.h"
#include "scheduling/booking/visit_new.h"
#include "scheduling/booking/visit_reason.h"
#include "scheduling/booking/walk_in.h"
#include "scheduling/clinic/hours_access.h"
#include "scheduling/group/group_row.h"
#include "scheduling/record/consent.h"

BookingRequest *booking_request_new(void)
{
    return g_new0(BookingRequest, 1);
}

void booking_request_free(BookingRequest *request)
{
    if (!request)
        return;
    g_free(request->clinic_id);
    g_free(request->practitioner_id);
    g_free(request->name);
    g_free(request->birth_date);
    g_free(request->phone);
    secret_text_free(request->nik);
    g_free(request->contact_name);
    g_free(request->contact_relation);
    secret_text_free(request->mother_nik);
    g_free(request->reason);
    g_free(request->lang);
    g_free(request->idempotency_key);
    g_free(request->address);
    secret_text_free(request->hold);
    g_free(request->service_id);
    g_free(request->overlap_reason);
    g_free(request->urgent_reason);
    g_free(request->group_id);
    g_free(request->shown_as);
    g_free(request);
}

typedef struct {
    Scheduling *scheduling;
    BookingRequest *request;
    ActorCopy actor;
    BookingFields fields;
    VisitKeys keys;       /* of the fields, when nothing is wrong with them */
    ServiceTerms service; /* with a service_id */
    Booking booking;
    OwnVisitCheck own;
    Group *group; /* with a group_id, once a place was found */
    ChangeBox box;
    BookingDone done;
    gpointer user_data;
} CreateOp;

static void create_op_free(gpointer data)
{
    CreateOp *op = data;
    booking_clear(&op->booking);
    group_free(op->group);
    booking_fields_clear(&op->fields);
    visit_keys_clear(&op->keys);
    booking_request_free(op->request);
    actor_copy_clear(&op->actor);
    g_free(op);
}

/* One hash over everything that the request asks for: keyed, since a phone number is easily
 * guessed. The reason ends it: where there is none nothing of it is there.
 */
static char *request_hash(const CreateOp *op)
{
    const BookingRequest *request = op->request;
    g_autofree char *text =
        g_strjoin("\n", request->clinic_id ? request->clinic_id : "",
                  request->practitioner_id ? request->practitioner_id : "", op->fields.name,
                  request->birth_date, op->fields.phone, op->fields.lang,
                  op->fields.has_nik ? op->fields.nik.digits : "", request->any_doctor ? "any" : "",
                  request->is_walk_in     ? request->urgent_reason ? "urgent" : "now"
                  : request->at_counter   ? "counter"
                  : request->may_be_extra ? "extra"
                  : request->by_staff     ? "staff"
                                          : "",
                  request->service_id ? request->service_id : "",
                  op->fields.contact_name ? op->fields.contact_name : "",
                  op->fields.contact_name ? contact_relation_name(op->fields.contact_relation) : "",
                  op->fields.has_mother_nik ? op->fields.mother_nik.digits : "",
                  request->by_client && op->actor.user_id ? op->actor.user_id : "",
                  request->group_id ? request->group_id : "",
                  request->shown_as ? request->shown_as : "", op->fields.reason, NULL);
    g_autofree char *all = g_strdup_printf("%" G_GINT64_FORMAT "\n%" G_GINT64_FORMAT "\n%s",
                                           request->starts_at_ms, request->consent, text);
    return secret_box_index(op->scheduling->box, "booking.request", all);
}

typedef struct {
    bool found;
    bool same_request;
    char *visit_id;
    char *token_sealed;
} EarlierBooking;

static bool load_earlier(CreateOp *op, DbTx *tx, const char *key_hash, EarlierBooking *ret_earlier,
                         GError **error)
{
    DbQuery *row = db_query(tx, "booking_key_get");
    db_bind_text(row, 1, key_hash);
    DbStep step = db_step(row, error);
    if (step == DB_FAILED)
        return false;
    if (step == DB_DONE)
        return true;
    if (db_column_int(row, 3) > clock_wall_ms(op->scheduling->clock)) {
        g_autofree char *hash = request_hash(op);
        ret_earlier->found = true;
        ret_earlier->same_request = secret_equal_text(db_column_text(row, 0), hash);
        ret_earlier->visit_id = db_column_dup(row, 1);
        ret_earlier->token_sealed = db_column_dup(row, 2);
    }
    db_reset(row);
    return true;
}

/* Whose link was replaced meanwhile, or whose telephone, is answered without: it opens nothing. */
static bool open_link(CreateOp *op, DbTx *tx, const char *sealed, GError **error)
{
    char *token = secret_box_open(op->scheduling->box, "booking.token", sealed, error);
    if (!token)
        return false;
    bool holds = false;
    if (!token_holds(op->scheduling, tx, token, &holds, error)) {
        secret_text_free(token);
        return false;
    }
    if (holds)
        op->booking.token = token;
    else
        secret_text_free(token);
    return true;
}

/* True with *ret_answered when an earlier request with this key is answered again. */
static bool answer_again(CreateOp *op, DbTx *tx, const char *key_hash, bool *ret_answered,
                         GError **error)
{
    EarlierBooking earlier = {0};
    if (!load_earlier(op, tx, key_hash, &earlier, error))
        return false;
    g_autofree char *visit_id = earlier.visit_id;
    g_autofree char *sealed = earlier.token_sealed;
    *ret_answered = earlier.found;
    if (!earlier.found)
        return true;
    if (!earlier.same_request) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH,
                            "the key came with another request");
        return false;
    }
    op->booking.repeated = true;
    return open_link(op, tx, sealed, error) &&
           booking_fill(op->scheduling, tx, visit_id, &op->booking, error);
}

static bool remember(CreateOp *op, DbTx *tx, const char *key_hash, GError **error)
{
    int64_t now_ms = clock_wall_ms(op->scheduling->clock);
    g_autofree char *hash = request_hash(op);
    g_autofree char *sealed =
        secret_box_seal(op->scheduling->box, "booking.token", op->booking.token);
    DbQuery *old = db_query(tx, "booking_key_expire");
    db_bind_int(old, 1, now_ms);
    if (!db_exec(old, error))
        return false;
    DbQuery *query = db_query(tx, "booking_key_set");
    db_bind_text(query, 1, key_hash);
    db_bind_text(query, 2, hash);
    db_bind_text(query, 3, op->booking.visit_id);
    db_bind_text(query, 4, sealed);
    db_bind_int(query, 5, now_ms + op->scheduling->policy.idempotency_ms);
    return db_exec(query, error);
}

static bool find_slot(CreateOp *op, DbTx *tx, const SlotWish *wish, Slot *ret_slot, GError **error)
{
    if (op->request->may_be_extra)
        return slot_wish_find_extra(op->scheduling, tx, wish, &op->actor.actor, &op->booking,
                                    ret_slot, error);
    return slot_wish_find(op->scheduling, tx, wish, &op->booking, ret_slot, error);
}

/* Of a desk's booking: is the doctor in a clinic of its facility? */
static bool check_desk(CreateOp *op, DbTx *tx, GError **error)
{
    const Actor *actor = &op->actor.actor;
    if (!op->request->by_staff)
        return true;
    if (actor->role == ACTOR_DESK || actor->role == ACTOR_COORDINATOR)
        return hours_access_check(tx, actor, op->request->practitioner_id, op->request->clinic_id,
                                  error);
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_FORBIDDEN,
                        "a facility's desk and coordinator book for others");
    return false;
}

/* What the visit holds of the doctors' time. */
static bool place_booking(CreateOp *op, DbTx *tx, NewVisit *visit, GError **error)
{
    Slot slot;
    SlotWish wish = {op->request->clinic_id,
                     op->request->practitioner_id,
                     op->request->starts_at_ms,
                     op->request->service_id,
                     false,
                     SLOT_BOOK_NO_HOLD};
    if (!check_desk(op, tx, error) ||
        !hold_take(op->scheduling, tx, op->request->hold, wish.practitioner_id, &wish.held_at_ms,
                   error) ||
        !find_slot(op, tx, &wish, &slot, error))
        return false;
    visit->is_extra = slot.is_extra;
    visit->practitioner_id = op->request->practitioner_id;
    visit->pool = op->request->any_doctor;
    visit->starts_at_ms = slot.starts_at_ms;
    visit->ends_at_ms = slot.ends_at_ms;
    visit->place = slot.place;
    visit->session = slot.session;
    visit->before_ms = slot.before_ms;
    visit->after_ms = slot.after_ms;
    return true;
}

/* Staff, counters and other systems know whom they book for. */
static bool check_limit(CreateOp *op, DbTx *tx, GError **error)
{
    const Actor *actor = &op->actor.actor;
    const BookingLimitQuery query = {op->request->clinic_id, op->keys.phone_index, actor->address};
    return actor->role != ACTOR_PATIENT || booking_limit_take(op->scheduling, tx, &query, error);
}

/* Some bookings are asked for, not made. What staff of the clinic give is never asked about. */
static bool find_block(CreateOp *op, DbTx *tx, NewVisit *visit, GError **error)
{
    const BlockQuery query = {visit->clinic_id, visit->keys->phone_index, visit->keys->nik_index};
    RequestReason reason = REQUEST_NOT_NEEDED;
    if (op->request->is_walk_in || op->request->by_staff || op->request->may_be_extra)
        return true;
    if (!request_find_reason(op->scheduling, tx, &query, &reason, error))
        return false;
    visit->is_request = reason != REQUEST_NOT_NEEDED;
    visit->request_reason = request_reason_detail(reason);
    return true;
}

static bool place_walk_in(CreateOp *op, DbTx *tx, NewVisit *visit,
                          char doctor_id[SCHEDULING_ID_BYTES], GError **error)
{
    if (op->actor.actor.role != ACTOR_DESK || !op->actor.facility_id) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_FORBIDDEN,
                            "only a desk takes down who has no appointment");
        return false;
    }
    const WalkInWish wish = {.clinic_id = op->request->clinic_id,
                             .facility_id = op->actor.facility_id,
                             .practitioner_id = op->request->practitioner_id,
                             .is_urgent = op->request->urgent_reason != NULL};
    return walk_in_place(op->scheduling, tx, &wish, doctor_id, visit, op->booking.faults, error);
}

/* The service that was chosen, when one was. */
static bool find_service(CreateOp *op, DbTx *tx, NewVisit *visit, GError **error)
{
    const BookingRequest *request = op->request;
    if (!request->service_id)
        return true;
    visit->service = &op->service;
    return slot_wish_service(tx, request->clinic_id, request->service_id, &op->service,
                             op->booking.faults, error);
}

/* Staff book into a group of theirs. */
static bool place_in_group(CreateOp *op, DbTx *tx, NewVisit *visit, GError **error)
{
    const GroupWish wish = {op->request->group_id, op->request->shown_as, op->request->starts_at_ms,
                            op->request->by_staff ? &op->actor.actor : NULL};
    return group_place_find(op->scheduling, tx, &wish, visit, op->booking.faults, &op->group,
                            error);
}

static bool write_consent(CreateOp *op, DbTx *tx, const char *visit_id, GError **error)
{
    const BookingRequest *request = op->request;
    bool is_read_aloud =
        request->is_walk_in || request->at_counter || request->may_be_extra || request->by_staff;
    const ConsentGiven given = {
        .version = request->consent,
        .how = is_read_aloud ? CONSENT_READ_ALOUD : CONSENT_ACCEPTED,
        .giver = op->fields.contact_name ? CONSENT_GIVER_CONTACT : CONSENT_GIVER_PATIENT,
    };
    /* A child agrees to nothing alone: what is not there is seen to be missing. */
    char today[SCHEDULING_DATE_BYTES];
    clock_local_date(clock_wall_ms(op->scheduling->clock), op->scheduling->zone, today);
    return request->consent == 0 || booking_is_lone_child(request, today) ||
           consent_write(op->scheduling, tx, visit_id, &given, &op->actor.actor, "consent",
                         op->booking.faults, error);
}

/* Is the clinic one in which the other system books? */
static bool check_client(CreateOp *op, DbTx *tx, GError **error)
{
    const Actor *actor = &op->actor.actor;
    if (!op->request->by_client)
        return true;
    bool is_allowed = actor->role == ACTOR_CLIENT && actor->user_id;
    if (is_allowed && actor->facility_id) {
        DbQuery *query = db_query(tx, "client_booking_clinic");
        db_bind_text(query, 1, op->request->clinic_id);
        db_bind_text(query, 2, actor->facility_id);
        DbStep step = db_step(query, error);
        if (step == DB_FAILED)
            return false;
        is_allowed = step == DB_ROW;
        db_reset(query);
    }
    if (!is_allowed)
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_FORBIDDEN,
                            "the clinic is not this system's to book in");
    return is_allowed;
}

/* Whose booking it is, where that says more than the visit. */
static bool write_booker(CreateOp *op, DbTx *tx, const CreatedVisit *created, GError **error)
{
    const Actor *actor = &op->actor.actor;
    if (op->request->at_counter)
        return counter_write(op->scheduling, tx, created->id, created->patient_token, actor, error);
    if (!op->request->by_client)
        return true;
    return client_booking_write(op->scheduling, tx, created->id, actor, error);
}

/* An emergency that walks in goes first, for the reason that the record keeps. */
static bool write_urgent(CreateOp *op, DbTx *tx, const char *visit_id, GError **error)
{
    const char *reason = op->request->urgent_reason;
    return !op->request->is_walk_in || !reason ||
           queue_write_urgent(op->scheduling, tx, visit_id, &op->actor.actor, reason, error);
}

static bool book(CreateOp *op, DbTx *tx, GError **error)
{
    const char sex[] = {op->fields.nik.sex, '\0'};
    char doctor_id[SCHEDULING_ID_BYTES];
    NewVisit visit = {
        .mode = "slot",
        .clinic_id = op->request->clinic_id,
        .name = op->fields.name,
        .birth_date = op->request->birth_date,
        .phone = op->fields.phone,
        .lang = op->fields.lang,
        .nik = op->fields.has_nik ? op->fields.nik.digits : NULL,
        .keys = &op->keys,
        .sex = op->fields.has_nik ? sex : NULL,
        .mother_nik = op->fields.has_mother_nik ? op->fields.mother_nik.digits : NULL,
        .contact_name = op->fields.contact_name,
        .contact_relation = op->fields.contact_relation,
        .actor = &op->actor.actor,
        .own = &op->own,
    };
    CreatedVisit created;
    op->own.reason = op->request->overlap_reason;
    if (!check_client(op, tx, error) || !check_limit(op, tx, error) ||
        !find_service(op, tx, &visit, error) || !find_block(op, tx, &visit, error))
        return false;
    bool placed = op->request->is_walk_in ? place_walk_in(op, tx, &visit, doctor_id, error)
                  : op->request->group_id ? place_in_group(op, tx, &visit, error)
                                          : place_booking(op, tx, &visit, error);
    if (!placed || !visit_create(op->scheduling, tx, &visit, &created, &op->box, error))
        return false;
    op->booking.token = created.patient_token;
    return write_booker(op, tx, &created, error) &&
           visit_reason_write(tx, created.id, op->fields.reason, error) &&
           write_urgent(op, tx, created.id, error) && write_consent(op, tx, created.id, error) &&
           booking_fill(op->scheduling, tx, created.id, &op->booking, error);
}

static bool compare_nik(CreateOp *op, DbTx *tx, GError **error)
{
    const PersonStated stated = {.birth_date = op->request->birth_date};
    return !op->fields.has_nik || person_nik_compare(op->scheduling, tx, &op->fields.nik, &stated,
                                                     op->booking.warnings, error);
}

static bool create_job(DbTx *tx, gpointer data, GError **error)
{
    CreateOp *op = data;
    if (fault_list_length(op->booking.faults) > 0) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                            "fields of the booking are wrong");
        return false;
    }
    if (!compare_nik(op, tx, error))
        return false;
    if (!op->request->idempotency_key || op->request->idempotency_key[0] == '\0')
        return book(op, tx, error);
    g_autofree char *key_hash =
        secret_box_index(op->scheduling->box, "booking.key", op->request->idempotency_key);
    bool answered;
    if (!answer_again(op, tx, key_hash, &answered, error))
        return false;
    return answered || (book(op, tx, error) && remember(op, tx, key_hash, error));
}

static void on_create_done(gpointer data, const GError *error)
{
    CreateOp *op = data;
    if (error)
        op->box.has_changed = false;
    scheduling_notify(op->scheduling, &op->box);
    if (op->actor.actor.role == ACTOR_COORDINATOR)
        g_clear_pointer(&op->booking.token, secret_text_free);
    if (g_error_matches(error, SCHEDULING_ERROR, SCHEDULING_ERROR_OWN_BOOKING))
        own_visit_refuse(op->scheduling, &op->actor.actor, &op->own, error, op->done,
                         op->user_data);
    else
        op->done(&op->booking, error, op->user_data);
}

static void create(Scheduling *scheduling, BookingRequest *request, const Actor *actor,
                   BookingDone done, gpointer user_data)
{
    CreateOp *op = g_new0(CreateOp, 1);
    char today[SCHEDULING_DATE_BYTES];
    clock_local_date(clock_wall_ms(scheduling->clock), scheduling->zone, today);
    op->scheduling = scheduling;
    op->request = request;
    actor_copy_init(&op->actor, actor);
    op->booking.faults = fault_list_new();
    op->booking.warnings = fault_list_new();
    op->done = done;
    op->user_data = user_data;
    if (booking_check(request, today, &op->fields, op->booking.faults, op->booking.warnings)) {
        const VisitKeysOf of = {op->fields.name, request->birth_date, op->fields.phone,
                                op->fields.has_nik ? op->fields.nik.digits : NULL,
                                op->fields.has_mother_nik ? op->fields.mother_nik.digits : NULL};
        visit_keys_init(&op->keys, scheduling, &of);
    }
    db_write(scheduling->db, create_job, on_create_done, op, create_op_free);
}

void booking_create(Scheduling *scheduling, BookingRequest *request, BookingDone done,
                    gpointer user_data)
{
    Actor actor = {.role = ACTOR_PATIENT, .address = request->address};
    create(scheduling, request, &actor, done, user_data);
}

void booking_create_walk_in(Scheduling *scheduling, BookingRequest *request, const Actor *actor,
                            BookingDone done, gpointer user_data)
{
    request->is_walk_in = true;
    create(scheduling, request, actor, done, user_data);
}

void booking_create_at_counter(Scheduling *scheduling, BookingRequest *request, const Actor *actor,
                               BookingDone done, gpointer user_data)
{
    request->at_counter = true;
    create(scheduling, request, actor, done, user_data);
}

void booking_create_extra(Scheduling *scheduling, BookingRequest *request, const Actor *actor,
                          BookingDone done, gpointer user_data)
{
    request->may_be_extra = true;
    create(scheduling, request, actor, done, user_data);
}

void booking_create_at_desk(Scheduling *scheduling, BookingRequest *request, const Actor *actor,
                            BookingDone done, gpointer user_data)
{
    request->by_staff = true;
    create(scheduling, request, actor, done, user_data);
}

void booking_create_by_client(Scheduling *scheduling, BookingRequest *request, const Actor *actor,
                              BookingDone done, gpointer user_data)
{
    request->by_client = true;
    create(scheduling, request, actor, done, user_data);
}
