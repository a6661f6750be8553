// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/booking.h"

#include "scheduling/booking/booking_check.h"
#include "scheduling/booking/visit_new.h"
#include "scheduling/clinic/slot_book.h"

enum { NEAREST_DAYS = 4, WALK_IN_MINUTES = 15 };
static const int64_t longest_session_ms = (int64_t)24 * 60 * 60 * 1000;

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
    g_free(request->lang);
    g_free(request->idempotency_key);
    g_free(request->address);
    g_free(request);
}

typedef struct {
    Scheduling *scheduling;
    BookingRequest *request;
    ActorCopy actor;
    BookingFields fields;
    Booking booking;
    ChangeBox box;
    BookingDone done;
    gpointer user_data;
} CreateOp;

static void create_op_free(gpointer data)
{
    CreateOp *op = data;
    Booking *booking = &op->booking;
    char *texts[] = {booking->visit_id, booking->code,   booking->number, booking->facility,
                     booking->clinic,   booking->doctor, booking->phone};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    secret_text_free(booking->token);
    fault_list_free(booking->warnings);
    fault_list_free(booking->faults);
    booking_fields_clear(&op->fields);
    booking_request_free(op->request);
    actor_copy_clear(&op->actor);
    g_free(op);
}

/* One hash over everything that the request asks for: keyed, since a phone number is easily
 * guessed.
 */
static char *request_hash(const CreateOp *op)
{
    const BookingRequest *request = op->request;
    g_autofree char *text = g_strjoin(
        "\n", request->clinic_id, request->practitioner_id ? request->practitioner_id : "",
        op->fields.name, request->birth_date, op->fields.phone, op->fields.lang,
        op->fields.has_nik ? op->fields.nik.digits : "", request->any_doctor ? "any" : "",
        request->is_walk_in ? "now" : "", NULL);
    g_autofree char *all = g_strdup_printf("%" G_GINT64_FORMAT "\n%s", request->starts_at_ms, text);
    return secret_box_index(op->scheduling->box, "booking.request", all);
}

static bool fill_answer(CreateOp *op, DbTx *tx, const char *visit_id, GError **error)
{
    g_autoptr(VisitView) view = visit_view_load(op->scheduling, tx, visit_id, error);
    if (!view)
        return false;
    Booking *booking = &op->booking;
    booking->visit_id = g_steal_pointer(&view->id);
    booking->code = g_steal_pointer(&view->code);
    booking->number = g_steal_pointer(&view->number);
    booking->facility = g_steal_pointer(&view->facility);
    booking->clinic = g_steal_pointer(&view->clinic);
    booking->doctor = g_steal_pointer(&view->doctor);
    booking->phone = g_steal_pointer(&view->phone);
    booking->starts_at_ms = view->starts_at_ms;
    booking->ends_at_ms = view->ends_at_ms;
    booking->opens_at_ms = view->opens_at_ms;
    booking->place = view->place;
    booking->session_starts_at_ms = view->session_starts_at_ms;
    booking->session_ends_at_ms = view->session_ends_at_ms;
    return true;
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
    g_autofree char *hash = request_hash(op);
    DbQuery *row = db_query(tx, "booking_key_get");
    db_bind_text(row, 1, key_hash);
    DbStep step = db_step(row, error);
    if (step == DB_FAILED)
        return false;
    if (step == DB_DONE)
        return true;
    if (db_column_int(row, 3) > clock_wall_ms(op->scheduling->clock)) {
        ret_earlier->found = true;
        ret_earlier->same_request = secret_equal_text(db_column_text(row, 0), hash);
        ret_earlier->visit_id = db_column_dup(row, 1);
        ret_earlier->token_sealed = db_column_dup(row, 2);
    }
    db_reset(row);
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
    op->booking.token = secret_box_open(op->scheduling->box, "booking.token", sealed, error);
    op->booking.repeated = true;
    return op->booking.token && fill_answer(op, tx, visit_id, error);
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

/* Distance from the wish; another doctor counts as an hour. */
static int64_t offer_distance(const BookingRequest *request, const SlotOffer *offer)
{
    int64_t distance = ABS(offer->starts_at_ms - request->starts_at_ms);
    bool same = g_str_equal(offer->practitioner_id, request->practitioner_id);
    return distance + (same ? 0 : (int64_t)60 * 60 * 1000);
}

static gint compare_distance(gconstpointer a, gconstpointer b, gpointer user_data)
{
    int64_t left = offer_distance(user_data, a);
    int64_t right = offer_distance(user_data, b);
    return left < right ? -1 : left > right;
}

static bool find_nearest(CreateOp *op, DbTx *tx, const char *local_date, GError **error)
{
    SlotsQuery query = {op->request->clinic_id, NULL, local_date, NEAREST_DAYS};
    g_autoptr(SlotBook) book = slot_book_load(op->scheduling, tx, &query, error);
    if (!book)
        return false;
    g_autoptr(GArray) offers = g_array_new(FALSE, FALSE, sizeof(SlotOffer));
    for (int i = 0; i < NEAREST_DAYS; i++) {
        char date[SCHEDULING_DATE_BYTES];
        if (clock_date_add(local_date, i, date))
            slot_book_offers(book, date, offers);
    }
    g_array_sort_with_data(offers, compare_distance, op->request);
    op->booking.n_nearest = MIN(offers->len, BOOKING_MAX_NEAREST);
    for (unsigned i = 0; i < op->booking.n_nearest; i++)
        op->booking.nearest[i] = g_array_index(offers, SlotOffer, i);
    return true;
}

static void refuse_slot(GError **error)
{
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_SLOT_NOT_OFFERED,
                        "no such slot can be booked");
}

/* Near the booking window: the time is a stranger's number and need not have a date at all. A
 * session may have begun and have places left. */
static bool is_near(const Scheduling *scheduling, int64_t starts_at_ms)
{
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    return starts_at_ms >= now_ms - longest_session_ms &&
           starts_at_ms <= now_ms + scheduling->policy.booking_horizon_ms;
}

/* The slot or place that is asked for, checked against hours, window and claims. */
static bool find_slot(CreateOp *op, DbTx *tx, Slot *ret_slot, GError **error)
{
    const BookingRequest *request = op->request;
    char local_date[SCHEDULING_DATE_BYTES];
    if (!is_near(op->scheduling, request->starts_at_ms)) {
        refuse_slot(error);
        return false;
    }
    clock_local_date(request->starts_at_ms, op->scheduling->zone, local_date);
    SlotsQuery query = {request->clinic_id, request->practitioner_id, local_date, 1};
    g_autoptr(SlotBook) book = slot_book_load(op->scheduling, tx, &query, error);
    if (!book)
        return false;
    switch (slot_book_find(book, request->practitioner_id, local_date, request->starts_at_ms,
                           ret_slot)) {
    case SLOT_BOOK_FREE:
        return true;
    case SLOT_BOOK_NOT_OFFERED:
        refuse_slot(error);
        return false;
    case SLOT_BOOK_TAKEN:
        break;
    }
    if (find_nearest(op, tx, local_date, error))
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_SLOT_TAKEN,
                            "the slot is taken");
    return false;
}

/* What the visit holds of the doctors' time. */
static bool place_booking(CreateOp *op, DbTx *tx, NewVisit *visit, GError **error)
{
    Slot slot;
    if (!find_slot(op, tx, &slot, error))
        return false;
    visit->practitioner_id = op->request->practitioner_id;
    visit->pool = op->request->any_doctor;
    visit->starts_at_ms = slot.starts_at_ms;
    visit->ends_at_ms = slot.ends_at_ms;
    visit->place = slot.place;
    visit->session = slot.session;
    return true;
}

/* The doctor that was asked for, or the one in whose name a visit waits for any of them. */
static bool find_doctor(const CreateOp *op, DbTx *tx, char ret_id[SCHEDULING_ID_BYTES],
                        GError **error)
{
    const char *wanted = op->request->practitioner_id;
    DbQuery *query = db_query(tx, wanted ? "walk_in_doctor" : "walk_in_any_doctor");
    db_bind_text(query, 1, op->request->clinic_id);
    db_bind_text(query, 2, op->actor.facility_id);
    if (wanted)
        db_bind_text(query, 3, wanted);
    if (!scheduling_need_row(query, "doctor in this facility's clinic", error))
        return false;
    scheduling_copy_column(query, 0, ret_id, SCHEDULING_ID_BYTES);
    db_reset(query);
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
    if (!find_doctor(op, tx, doctor_id, error))
        return false;
    visit->practitioner_id = doctor_id;
    visit->pool = !op->request->practitioner_id;
    visit->is_walk_in = true;
    visit->starts_at_ms = clock_wall_ms(op->scheduling->clock);
    visit->ends_at_ms = visit->starts_at_ms + (int64_t)WALK_IN_MINUTES * 60 * 1000;
    return true;
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
        .sex = op->fields.has_nik ? sex : NULL,
        .actor = &op->actor.actor,
    };
    CreatedVisit created;
    bool placed = op->request->is_walk_in ? place_walk_in(op, tx, &visit, doctor_id, error)
                                          : place_booking(op, tx, &visit, error);
    if (!placed || !visit_create(op->scheduling, tx, &visit, &created, &op->box, error))
        return false;
    op->booking.token = created.patient_token;
    return fill_answer(op, tx, created.id, error);
}

static bool create_job(DbTx *tx, gpointer data, GError **error)
{
    CreateOp *op = data;
    if (fault_list_length(op->booking.faults) > 0) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                            "fields of the booking are wrong");
        return false;
    }
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
    booking_check(request, today, scheduling->policy.province_code, &op->fields, op->booking.faults,
                  op->booking.warnings);
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
