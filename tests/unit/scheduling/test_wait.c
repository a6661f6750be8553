// SPDX-License-Identifier: Apache-2.0
/* The wait list: who is offered what becomes free, in both ways of offering (Cal 10616). */
#include "tests/unit/scheduling/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/hold.h"
#include "scheduling/clinic/hours_edit.h"
#include "scheduling/outbox/delivery.h"
#include "scheduling/wait/wait_answer.h"
#include "scheduling/wait/wait_list.h"
#include "scheduling/wait/wait_sweep.h"

/* On which hours are opened; the demo's own are taken away from all doctors. */
#define SUNDAY "2026-11-29"
enum { SUNDAY_DAYS = 5 };

typedef struct {
    Fixture *fixture;
    char *id, *token, *faults;
    /* of the last look */
    WaitState state;
    char *offer, *last;
    int64_t turn_at_ms, expires_at_ms;
    bool is_kept;
    unsigned n_ahead;
    char *visit_id; /* of the last acceptance */
} Waiter;

static void waiter_clear(Waiter *waiter)
{
    char *texts[] = {waiter->id,    waiter->token, waiter->faults,
                     waiter->offer, waiter->last,  waiter->visit_id};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Waiter, waiter_clear)

static void keep_text(char **text, const char *value)
{
    g_free(*text);
    *text = g_strdup(value);
}

static void on_listed(const WaitListed *listed, const GError *error, gpointer user_data)
{
    Waiter *waiter = user_data;
    GString *faults = g_string_new(NULL);
    for (unsigned i = 0; i < fault_list_length(listed->faults); i++) {
        const Fault *fault = fault_list_get(listed->faults, i);
        g_string_append_printf(faults, "%s:%s ", fault->field, fault->code);
    }
    g_free(waiter->faults);
    waiter->faults = g_string_free(faults, FALSE);
    if (!error) {
        keep_text(&waiter->id, listed->id);
        keep_text(&waiter->token, listed->token);
        waiter->n_ahead = listed->n_ahead;
    }
    fixture_keep_error(waiter->fixture, error);
}

static int join_with(Fixture *fixture, Waiter *waiter, BookingRequest *who, const char *from,
                     const char *until)
{
    const Actor patient = {.role = ACTOR_PATIENT, .address = "127.0.0.1"};
    const WaitRequest request = {who, from, until};
    waiter->fixture = fixture;
    fixture->n_waiting++;
    wait_list_join(fixture->scheduling, &request, &patient, on_listed, waiter);
    fixture_wait(fixture);
    return fixture->error_code;
}

static BookingRequest *person(Fixture *fixture, const char *name, const char *phone)
{
    BookingRequest *who = fixture_request(fixture, 0);
    g_free(who->name);
    g_free(who->phone);
    g_clear_pointer(&who->nik, secret_text_free);
    who->name = g_strdup(name);
    who->phone = g_strdup(phone);
    return who;
}

static void join(Fixture *fixture, Waiter *waiter, const char *name, const char *phone)
{
    assert_int_equal(join_with(fixture, waiter, person(fixture, name, phone), SUNDAY, SUNDAY), -1);
}

static void on_edited(const HoursEdited *edited, const GError *error, gpointer user_data)
{
    (void)edited;
    fixture_keep_error(user_data, error);
}

typedef struct {
    Fixture *fixture;
    unsigned doctor;
    char id[SCHEDULING_ID_BYTES];
} ClinicOf;

static bool clinic_of_job(DbTx *tx, gpointer data, GError **error)
{
    ClinicOf *op = data;
    DbQuery *rows = db_query(tx, "demo_doctors");
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        if (strcmp(db_column_text(rows, 0), op->fixture->seed.doctors[op->doctor].id) == 0)
            scheduling_copy_column(rows, 3, op->id, sizeof op->id);
    }
    return step == DB_DONE;
}

static bool no_hours_job(DbTx *tx, gpointer data, GError **error)
{
    const ClinicOf *op = data;
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    DbQuery *rows = db_query(tx, "hours_plan_rules");
    db_bind_text(rows, 1, op->id);
    db_bind_text(rows, 2, NULL);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW)
        g_ptr_array_add(ids, db_column_dup(rows, 0));
    for (unsigned i = 0; step == DB_DONE && i < ids->len; i++) {
        DbQuery *gone = db_query(tx, "hours_rule_delete");
        db_bind_text(gone, 1, ids->pdata[i]);
        if (!db_exec(gone, error))
            return false;
    }
    return step == DB_DONE;
}

static int set_up(void **state)
{
    if (fixture_set_up(state) != 0)
        return -1;
    for (unsigned i = 0; i < DEMO_N_DOCTORS; i++) {
        ClinicOf op = {*state, i, ""};
        fixture_run(*state, clinic_of_job, &op);
        fixture_run(*state, no_hours_job, &op);
    }
    return 0;
}

/* Hours of a doctor on Sunday from 9.00 on, in slots of a quarter of an hour, or closed ones. */
static void open_hours(Fixture *fixture, unsigned doctor, unsigned n_slots, bool is_extra)
{
    ClinicOf clinic = {fixture, doctor, ""};
    fixture_run(fixture, clinic_of_job, &clinic);
    const Actor admin = {.role = ACTOR_ADMIN, .user_id = "user-1"};
    HoursEdit edit = {
        .kind = HOURS_EDIT_OVERRIDE_ADD,
        .override = {.date = SUNDAY,
                     .is_extra = is_extra,
                     .minutes = {540, 540 + 15 * (int)n_slots},
                     .pattern = {.mode = HOURS_MODE_SLOTS, .slot_minutes = 15}},
    };
    g_strlcpy(edit.override.clinic_id, clinic.id, sizeof edit.override.clinic_id);
    fixture->n_waiting++;
    hours_edit(fixture->scheduling, &admin, fixture->seed.doctors[doctor].id, &edit, on_edited,
               fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

static void open_slots(Fixture *fixture, unsigned n_slots)
{
    open_hours(fixture, 0, n_slots, true);
}

static int64_t nine(void)
{
    return fixture_time(SUNDAY_DAYS, 9, 0);
}

typedef struct {
    Fixture *fixture;
    WaitSwept swept;
} Sweep;

static void on_swept(const WaitSwept *swept, const GError *error, gpointer user_data)
{
    Sweep *sweep = user_data;
    sweep->swept = *swept;
    fixture_keep_error(sweep->fixture, error);
}

/* How many offers were made; *ret_ended: how many ended. */
static unsigned sweep(Fixture *fixture, unsigned *ret_ended)
{
    Sweep one = {.fixture = fixture};
    fixture->n_waiting++;
    wait_sweep(fixture->scheduling, on_swept, &one);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    if (ret_ended)
        *ret_ended = one.swept.n_ended;
    return one.swept.n_offered;
}

static void on_view(const WaitView *view, const GError *error, gpointer user_data)
{
    Waiter *waiter = user_data;
    if (!error) {
        waiter->state = view->state;
        keep_text(&waiter->offer, view->offer.id);
        keep_text(&waiter->last, view->last_offer);
        waiter->turn_at_ms = view->offer.turn_at_ms;
        waiter->expires_at_ms = view->offer.expires_at_ms;
        waiter->is_kept = view->offer.is_kept;
        waiter->n_ahead = view->n_ahead;
    }
    fixture_keep_error(waiter->fixture, error);
}

static int look(Waiter *waiter)
{
    waiter->fixture->n_waiting++;
    wait_answer_view(waiter->fixture->scheduling, waiter->token, on_view, waiter);
    fixture_wait(waiter->fixture);
    return waiter->fixture->error_code;
}

static void assert_offered(Waiter *waiter, bool is_offered)
{
    assert_int_equal(look(waiter), -1);
    assert_int_equal(waiter->offer != NULL, is_offered);
}

static void on_accepted(const Booking *booking, const GError *error, gpointer user_data)
{
    Waiter *waiter = user_data;
    if (!error) {
        assert_non_null(booking->token);
        keep_text(&waiter->visit_id, booking->visit_id);
    }
    fixture_keep_error(waiter->fixture, error);
}

static int accept_offer(Waiter *waiter, const char *offer)
{
    waiter->fixture->n_waiting++;
    wait_answer_accept(waiter->fixture->scheduling, waiter->token, offer, "127.0.0.1", on_accepted,
                       waiter);
    fixture_wait(waiter->fixture);
    return waiter->fixture->error_code;
}

static int decline(Waiter *waiter)
{
    waiter->fixture->n_waiting++;
    wait_answer_decline(waiter->fixture->scheduling, waiter->token, waiter->offer, NULL,
                        fixture_on_done, waiter->fixture);
    fixture_wait(waiter->fixture);
    return waiter->fixture->error_code;
}

static int leave(Waiter *waiter)
{
    waiter->fixture->n_waiting++;
    wait_answer_leave(waiter->fixture->scheduling, waiter->token, NULL, fixture_on_done,
                      waiter->fixture);
    fixture_wait(waiter->fixture);
    return waiter->fixture->error_code;
}

static int set_urgent(Waiter *waiter, unsigned facility, const char *reason)
{
    Fixture *fixture = waiter->fixture;
    const Actor desk = {.role = ACTOR_DESK,
                        .user_id = "user-9",
                        .facility_id = fixture->seed.facility_ids[facility]};
    fixture->n_waiting++;
    wait_list_set_urgent(fixture->scheduling, waiter->id, reason, &desk, fixture_on_done, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

static bool mode_job(DbTx *tx, gpointer data, GError **error)
{
    Fixture *fixture = data;
    DbQuery *query = db_query(tx, "clinic_update");
    db_bind_text(query, 1, fixture->clinic_id);
    db_bind_text(query, 2, "Poli Umum");
    db_bind_text(query, 3, "A");
    db_bind_int(query, 4, 1);
    db_bind_text(query, 5, wait_mode_name(WAIT_MODE_ALL_AT_ONCE));
    return db_exec(query, error);
}

static void on_claimed(GPtrArray *deliveries, bool more, const GError *error, gpointer user_data)
{
    (void)more;
    assert_null(error);
    *(GPtrArray **)user_data = deliveries;
}

/* The texts of all that is due, "kind: text" a line, sent. */
static char *messages(Fixture *fixture)
{
    GPtrArray *deliveries = NULL;
    delivery_claim(fixture->scheduling, "https://localhost", on_claimed, &deliveries);
    while (!deliveries)
        g_main_context_iteration(NULL, TRUE);
    GString *all = g_string_new(NULL);
    for (unsigned i = 0; i < deliveries->len; i++) {
        const Delivery *delivery = deliveries->pdata[i];
        g_string_append_printf(all, "%s: %s\n", notification_kind_name(delivery->kind),
                               delivery->text);
    }
    fixture->n_waiting++;
    delivery_report(fixture->scheduling, deliveries, fixture_on_done, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    return g_string_free(all, FALSE);
}

static void test_one_by_one(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) first = {0};
    g_auto(Waiter) second = {0};
    join(fixture, &first, "Siti Aminah", "0812 3456 7890");
    clock_advance(fixture->clock, 1);
    join(fixture, &second, "Budi", "0812 3456 7891");
    assert_int_equal(second.n_ahead, 1);
    assert_int_equal(sweep(fixture, NULL), 0);
    open_slots(fixture, 1);
    assert_int_equal(sweep(fixture, NULL), 1);
    assert_int_equal(sweep(fixture, NULL), 0);
    assert_offered(&first, true);
    assert_offered(&second, false);
    assert_true(first.is_kept);
    assert_int_equal(first.turn_at_ms, nine());
    assert_int_equal(fixture_book(fixture, nine()), SCHEDULING_ERROR_SLOT_TAKEN);
    clock_advance(fixture->clock, 15 * MINUTE_MS - 1);
    assert_int_equal(sweep(fixture, NULL), 0);
    g_autofree char *late = g_strdup(first.offer);
    clock_advance(fixture->clock, 1);
    assert_int_equal(accept_offer(&first, late), SCHEDULING_ERROR_OFFER_OVER);
    unsigned n_ended = 0;
    assert_int_equal(sweep(fixture, &n_ended), 1);
    assert_int_equal(n_ended, 1);
    assert_offered(&first, false);
    assert_string_equal(first.last, "expired");
    assert_offered(&second, true);
    assert_int_equal(accept_offer(&second, late), SCHEDULING_ERROR_OFFER_OVER);
    assert_int_equal(accept_offer(&second, second.offer), -1);
    g_autofree char *visit_id = g_strdup(second.visit_id);
    assert_int_equal(accept_offer(&second, second.offer), -1);
    assert_string_equal(second.visit_id, visit_id);
    assert_int_equal(look(&second), -1);
    assert_int_equal(second.state, WAIT_STATE_BOOKED);
    assert_int_equal(fixture_state(fixture, visit_id), VISIT_STATE_BOOKED);
    assert_int_equal(fixture_book(fixture, nine()), SCHEDULING_ERROR_SLOT_TAKEN);
    assert_int_equal(sweep(fixture, NULL), 0);
}

static void test_all_at_once(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) a = {0};
    g_auto(Waiter) b = {0};
    g_auto(Waiter) c = {0};
    fixture_run(fixture, mode_job, fixture);
    join(fixture, &a, "Ani", "081234567891");
    join(fixture, &b, "Budi", "081234567892");
    join(fixture, &c, "Citra", "081234567893");
    open_slots(fixture, 2);
    assert_int_equal(sweep(fixture, NULL), 3);
    assert_offered(&a, true);
    assert_offered(&b, true);
    assert_offered(&c, true);
    assert_false(a.is_kept);
    assert_int_equal(a.turn_at_ms, nine());
    assert_int_equal(b.turn_at_ms, nine());
    assert_int_equal(accept_offer(&b, b.offer), -1);
    assert_int_equal(accept_offer(&a, a.offer), SCHEDULING_ERROR_OFFER_OVER);
    assert_offered(&a, false);
    assert_string_equal(a.last, "lost");
    assert_int_equal(a.state, WAIT_STATE_WAITING);
    /* The other slot is next; one who is on no list may be faster. */
    assert_int_equal(sweep(fixture, NULL), 2);
    assert_offered(&a, true);
    assert_int_equal(a.turn_at_ms, nine() + 15 * MINUTE_MS);
    assert_int_equal(fixture_book(fixture, nine() + 15 * MINUTE_MS), -1);
    assert_int_equal(accept_offer(&a, a.offer), SCHEDULING_ERROR_SLOT_TAKEN);
    unsigned n_ended = 0;
    assert_int_equal(sweep(fixture, &n_ended), 0);
    assert_int_equal(n_ended, 2);
    assert_offered(&c, false);
    assert_string_equal(c.last, "lost");
    /* What was lost may be offered again. */
    assert_int_equal(fixture_cancel(fixture, fixture->visit_id, ACTOR_PATIENT), -1);
    assert_int_equal(sweep(fixture, NULL), 2);
}

static void test_urgent_first(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) first = {0};
    g_auto(Waiter) second = {0};
    join(fixture, &first, "Ani", "081234567891");
    clock_advance(fixture->clock, 1);
    join(fixture, &second, "Budi", "081234567892");
    assert_int_equal(set_urgent(&second, 1, "sesak napas"), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(set_urgent(&second, 0, "sesak napas"), -1);
    assert_int_equal(look(&first), -1);
    assert_int_equal(first.n_ahead, 1);
    open_slots(fixture, 1);
    assert_int_equal(sweep(fixture, NULL), 1);
    assert_offered(&second, true);
    assert_int_equal(leave(&second), -1);
    assert_int_equal(leave(&second), -1);
    assert_int_equal(set_urgent(&second, 0, NULL), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(sweep(fixture, NULL), 1);
    assert_offered(&first, true);
}

static void test_declined_is_the_next_ones(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) first = {0};
    g_auto(Waiter) second = {0};
    join(fixture, &first, "Ani", "081234567891");
    clock_advance(fixture->clock, 1);
    join(fixture, &second, "Budi", "081234567892");
    open_slots(fixture, 1);
    assert_int_equal(sweep(fixture, NULL), 1);
    assert_offered(&first, true);
    assert_int_equal(decline(&first), -1);
    assert_int_equal(decline(&first), SCHEDULING_ERROR_OFFER_OVER);
    assert_int_equal(sweep(fixture, NULL), 1);
    assert_offered(&first, false);
    assert_int_equal(first.state, WAIT_STATE_WAITING);
    assert_string_equal(first.last, "declined");
    assert_offered(&second, true);
}

static void test_not_at_night(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) one = {0};
    join(fixture, &one, "Ani", "081234567891");
    open_slots(fixture, 1);
    clock_advance(fixture->clock, 10 * HOUR_MS + 46 * MINUTE_MS); /* 20.46 */
    assert_int_equal(sweep(fixture, NULL), 0);
    clock_advance(fixture->clock, 9 * HOUR_MS + 14 * MINUTE_MS - 1); /* before 06.00 */
    assert_int_equal(sweep(fixture, NULL), 0);
    clock_advance(fixture->clock, 1);
    assert_int_equal(sweep(fixture, NULL), 1);
}

/* Nor so late that the last second of the offer would be too late to book. */
static unsigned offered_before(Fixture *fixture, Waiter *one, int64_t before_ms)
{
    join(fixture, one, "Ani", "081234567891");
    open_slots(fixture, 1);
    clock_advance(fixture->clock, nine() - fixture_time(0, 10, 0) - before_ms);
    return sweep(fixture, NULL);
}

static void test_too_near(void **state)
{
    g_auto(Waiter) one = {0};
    assert_int_equal(offered_before(*state, &one, 30 * MINUTE_MS - 1), 0);
}

static void test_not_too_near(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) one = {0};
    assert_int_equal(offered_before(fixture, &one, 30 * MINUTE_MS), 1);
    assert_offered(&one, true);
    clock_advance(fixture->clock, 15 * MINUTE_MS - 1);
    assert_int_equal(accept_offer(&one, one.offer), -1);
}

/* The other doctor, who works in another clinic. */
static void book_elsewhere(Fixture *fixture, int64_t starts_at_ms)
{
    BookingRequest *who = person(fixture, "Siti Aminah", "0812 3456 7890");
    ClinicOf clinic = {fixture, 1, ""};
    fixture_run(fixture, clinic_of_job, &clinic);
    g_free(who->clinic_id);
    g_free(who->practitioner_id);
    who->clinic_id = g_strdup(clinic.id);
    who->practitioner_id = g_strdup(fixture->seed.doctors[1].id);
    who->starts_at_ms = starts_at_ms;
    Waiter visit = {.fixture = fixture};
    fixture->n_waiting++;
    booking_create(fixture->scheduling, who, on_accepted, &visit);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    g_free(visit.visit_id);
}

static void test_never_beside_the_own_booking(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) one = {0};
    open_hours(fixture, 1, 2, true);
    book_elsewhere(fixture, nine());
    join(fixture, &one, "Siti Aminah", "0812 3456 7890");
    open_slots(fixture, 2);
    assert_int_equal(sweep(fixture, NULL), 1);
    assert_offered(&one, true);
    assert_int_equal(one.turn_at_ms, nine() + 15 * MINUTE_MS);
    /* And one that was booked after the offer. */
    book_elsewhere(fixture, nine() + 15 * MINUTE_MS);
    assert_int_equal(accept_offer(&one, one.offer), SCHEDULING_ERROR_OWN_BOOKING);
    assert_offered(&one, true);
}

static void on_held(const Hold *hold, const GError *error, gpointer user_data)
{
    (void)hold;
    fixture_keep_error(user_data, error);
}

static void test_whatever_made_it_free(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) one = {0};
    open_slots(fixture, 1);
    assert_int_equal(fixture_book(fixture, nine()), -1);
    join(fixture, &one, "Budi", "081234567892");
    assert_int_equal(sweep(fixture, NULL), 0);
    assert_int_equal(fixture_cancel(fixture, fixture->visit_id, ACTOR_PATIENT), -1);
    /* Somebody fills in the form. */
    const HoldRequest hold = {
        fixture->clinic_id, fixture->seed.doctors[0].id, nine(), "a", NULL, NULL};
    fixture->n_waiting++;
    hold_create(fixture->scheduling, &hold, on_held, fixture);
    fixture_wait(fixture);
    assert_int_equal(sweep(fixture, NULL), 0);
    clock_advance(fixture->clock, 5 * MINUTE_MS);
    assert_int_equal(sweep(fixture, NULL), 1);
    assert_offered(&one, true);
    /* Hours that are closed take it away again. */
    open_hours(fixture, 0, 1, false);
    assert_int_equal(accept_offer(&one, one.offer), SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    unsigned n_ended = 0;
    assert_int_equal(sweep(fixture, &n_ended), 0);
    assert_int_equal(n_ended, 1);
    assert_offered(&one, false);
    assert_string_equal(one.last, "lost");
}

/* Of what is offered to all somebody else fills in the form: it is not gone before it is booked. */
static void test_form_is_not_the_end(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) one = {0};
    fixture_run(fixture, mode_job, fixture);
    join(fixture, &one, "Budi", "081234567892");
    open_slots(fixture, 1);
    assert_int_equal(sweep(fixture, NULL), 1);
    const HoldRequest hold = {
        fixture->clinic_id, fixture->seed.doctors[0].id, nine(), "a", NULL, NULL};
    fixture->n_waiting++;
    hold_create(fixture->scheduling, &hold, on_held, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    unsigned n_ended = 0;
    assert_int_equal(sweep(fixture, &n_ended), 0);
    assert_int_equal(n_ended, 0);
    assert_offered(&one, true);
    assert_int_equal(accept_offer(&one, one.offer), SCHEDULING_ERROR_SLOT_TAKEN);
    clock_advance(fixture->clock, 5 * MINUTE_MS);
    assert_int_equal(accept_offer(&one, one.offer), -1);
}

static void test_unanswered_and_old(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) one = {0};
    join(fixture, &one, "Ani", "081234567891");
    open_slots(fixture, 4);
    for (int i = 0; i < WAIT_MAX_UNANSWERED; i++) {
        assert_int_equal(sweep(fixture, NULL), 1);
        assert_int_equal(look(&one), -1);
        assert_int_equal(one.state, WAIT_STATE_WAITING);
        clock_advance(fixture->clock, 15 * MINUTE_MS);
    }
    assert_int_equal(sweep(fixture, NULL), 0);
    assert_int_equal(look(&one), -1);
    assert_int_equal(one.state, WAIT_STATE_LAPSED);
    g_autofree char *told = messages(fixture);
    assert_non_null(strstr(told, "wait_ended: Daftar tunggu "));
    clock_advance(fixture->clock, 30 * 24 * HOUR_MS);
    assert_int_equal(sweep(fixture, NULL), 0);
    assert_int_equal(look(&one), -1);
    clock_advance(fixture->clock, 1);
    unsigned n_ended = 0;
    (void)sweep(fixture, &n_ended);
    assert_true(n_ended > 0);
    assert_int_equal(look(&one), SCHEDULING_ERROR_LINK_INVALID);
}

static void test_its_last_day(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) one = {0};
    join(fixture, &one, "Ani", "081234567891");
    clock_advance(fixture->clock, fixture_time(SUNDAY_DAYS + 1, 0, 0) - fixture_time(0, 10, 0) - 1);
    assert_int_equal(sweep(fixture, NULL), 0);
    assert_int_equal(look(&one), -1);
    assert_int_equal(one.state, WAIT_STATE_WAITING);
    clock_advance(fixture->clock, 1);
    assert_int_equal(sweep(fixture, NULL), 0);
    assert_int_equal(look(&one), -1);
    assert_int_equal(one.state, WAIT_STATE_LAPSED);
    g_autofree char *at_night = messages(fixture);
    assert_string_equal(at_night, "");
    clock_advance(fixture->clock, 6 * HOUR_MS);
    g_autofree char *told = messages(fixture);
    assert_non_null(strstr(told, "wait_ended: "));
}

static void test_once_and_limits(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) one = {0};
    const char *phone = "081234567891";
    BookingRequest *who = person(fixture, "Ani", phone);
    who->idempotency_key = g_strdup("key-1");
    assert_int_equal(join_with(fixture, &one, who, NULL, NULL), -1);
    g_autofree char *id = g_strdup(one.id);
    who = person(fixture, "Ani", phone);
    who->idempotency_key = g_strdup("key-1");
    assert_int_equal(join_with(fixture, &one, who, NULL, NULL), -1);
    assert_string_equal(one.id, id);
    assert_int_equal(look(&one), -1);
    who = person(fixture, "Budi", phone);
    who->idempotency_key = g_strdup("key-1");
    assert_int_equal(join_with(fixture, &one, who, NULL, NULL),
                     SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH);
    assert_int_equal(
        join_with(fixture, &one, person(fixture, "ANI", "+62 812-3456-7891"), NULL, NULL),
        SCHEDULING_ERROR_ALREADY_WAITING);
    for (char i = 'B'; i < 'B' + WAIT_MAX_PER_PHONE - 1; i++) {
        const char name[] = {i, '\0'};
        g_auto(Waiter) more = {0};
        assert_int_equal(join_with(fixture, &more, person(fixture, name, phone), NULL, NULL), -1);
    }
    assert_int_equal(join_with(fixture, &one, person(fixture, "Zul", phone), NULL, NULL),
                     SCHEDULING_ERROR_LIST_FULL);
}

static void test_faults(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) one = {0};
    BookingRequest *who = person(fixture, "", "0435 881234");
    assert_int_equal(join_with(fixture, &one, who, "2026-11-23", "2026-12-25"),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(one.faults, "name:required phone:not_mobile from:in_past until:too_late ");
    who = person(fixture, "Ani", "081234567891");
    assert_int_equal(join_with(fixture, &one, who, SUNDAY, "2026-11-28"),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(one.faults, "until:too_early ");
    who = person(fixture, "Ani", "081234567891");
    g_free(who->practitioner_id);
    who->practitioner_id = g_strdup(fixture->seed.doctors[1].id);
    assert_int_equal(join_with(fixture, &one, who, NULL, NULL), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(one.faults, "doctor:not_found ");
}

static void test_messages(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) one = {0};
    join(fixture, &one, "Ani", "081234567891");
    g_autofree char *listed = messages(fixture);
    assert_true(g_str_has_prefix(listed, "wait_listed: Daftar tunggu "));
    open_slots(fixture, 1);
    assert_int_equal(sweep(fixture, NULL), 1);
    g_autofree char *offered = messages(fixture);
    static const char offer[] = "wait_offer: Ada tempat Min 29/11 09.00 WITA, disimpan untuk Anda "
                                "sampai 10.15 WITA. Jawab: https://localhost/tunggu/";
    assert_true(g_str_has_prefix(offered, offer));
    keep_text(&one.token, g_strchomp(offered + strlen(offer)));
    assert_offered(&one, true);
    g_autofree char *again = messages(fixture);
    assert_string_equal(again, "");
}

/* Too late to be of use: the driver was away for as long as the offer held. */
static void test_no_message_of_what_is_over(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) one = {0};
    join(fixture, &one, "Ani", "081234567891");
    open_slots(fixture, 1);
    assert_int_equal(sweep(fixture, NULL), 1);
    clock_advance(fixture->clock, 15 * MINUTE_MS);
    g_autofree char *told = messages(fixture);
    assert_non_null(strstr(told, "wait_listed: "));
    assert_null(strstr(told, "wait_offer: "));
}

static void test_no_message_to_who_has_left(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) one = {0};
    join(fixture, &one, "Ani", "081234567891");
    assert_int_equal(leave(&one), -1);
    g_autofree char *told = messages(fixture);
    assert_string_equal(told, "");
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(test_one_by_one),
        WITH_FIXTURE(test_all_at_once),
        WITH_FIXTURE(test_urgent_first),
        WITH_FIXTURE(test_declined_is_the_next_ones),
        WITH_FIXTURE(test_not_at_night),
        WITH_FIXTURE(test_too_near),
        WITH_FIXTURE(test_not_too_near),
        WITH_FIXTURE(test_never_beside_the_own_booking),
        WITH_FIXTURE(test_whatever_made_it_free),
        WITH_FIXTURE(test_form_is_not_the_end),
        WITH_FIXTURE(test_unanswered_and_old),
        WITH_FIXTURE(test_its_last_day),
        WITH_FIXTURE(test_once_and_limits),
        WITH_FIXTURE(test_faults),
        WITH_FIXTURE(test_messages),
        WITH_FIXTURE(test_no_message_of_what_is_over),
        WITH_FIXTURE(test_no_message_to_who_has_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
