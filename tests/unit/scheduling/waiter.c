// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/scheduling/waiter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/clinic/hours_edit.h"
#include "scheduling/outbox/delivery.h"
#include "scheduling/wait/wait_sweep.h"
#include "tests/unit/scheduling/words.h"

void waiter_clear(Waiter *waiter)
{
    char *texts[] = {waiter->id,    waiter->token, waiter->faults,
                     waiter->offer, waiter->last,  waiter->visit_id};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
}
void waiter_keep_text(char **text, const char *value)
{
    g_free(*text);
    *text = g_strdup(value);
}

static void on_listed(const WaitListed *listed, const GError *error, gpointer user_data)
{
    Waiter *waiter = user_data;
    g_free(waiter->faults);
    waiter->faults = words_faults(listed->faults);
    if (!error) {
        waiter_keep_text(&waiter->id, listed->id);
        waiter_keep_text(&waiter->token, listed->token);
        waiter->n_ahead = listed->n_ahead;
    }
    fixture_keep_error(waiter->fixture, error);
}

static int join(Fixture *fixture, Waiter *waiter, const WaitRequest *request, const Actor *actor)
{
    waiter->fixture = fixture;
    fixture->n_waiting++;
    wait_list_join(fixture->scheduling, request, actor, on_listed, waiter);
    fixture_wait(fixture);
    return fixture->error_code;
}

int waiter_join_with(Fixture *fixture, Waiter *waiter, BookingRequest *who, const char *from,
                     const char *until)
{
    const Actor patient = {.role = ACTOR_PATIENT, .address = "127.0.0.1"};
    const WaitRequest request = {who, from, until};
    return join(fixture, waiter, &request, &patient);
}

int waiter_join_as(Fixture *fixture, Waiter *waiter, BookingRequest *who, const Actor *actor)
{
    const WaitRequest request = {who, NULL, NULL};
    return join(fixture, waiter, &request, actor);
}

BookingRequest *waiter_person(Fixture *fixture, const char *name, const char *phone)
{
    BookingRequest *who = fixture_request(fixture, 0);
    g_free(who->name);
    g_free(who->phone);
    g_clear_pointer(&who->nik, secret_text_free);
    who->name = g_strdup(name);
    who->phone = g_strdup(phone);
    return who;
}

void waiter_join(Fixture *fixture, Waiter *waiter, const char *name, const char *phone)
{
    assert_int_equal(
        waiter_join_with(fixture, waiter, waiter_person(fixture, name, phone), SUNDAY, SUNDAY), -1);
}

static void on_edited(const HoursEdited *edited, const GError *error, gpointer user_data)
{
    (void)edited;
    fixture_keep_error(user_data, error);
}

bool waiter_clinic_job(DbTx *tx, gpointer data, GError **error)
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

int waiter_set_up(void **state)
{
    if (fixture_set_up(state) != 0)
        return -1;
    for (unsigned i = 0; i < DEMO_N_DOCTORS; i++) {
        ClinicOf op = {*state, i, ""};
        fixture_run(*state, waiter_clinic_job, &op);
        fixture_run(*state, no_hours_job, &op);
    }
    return 0;
}

/* Hours of a doctor on Sunday from 9.00 on, in slots of a quarter of an hour, or closed ones. */
void waiter_open_hours(Fixture *fixture, unsigned doctor, unsigned n_slots, bool is_extra)
{
    ClinicOf clinic = {fixture, doctor, ""};
    fixture_run(fixture, waiter_clinic_job, &clinic);
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

void waiter_open_slots(Fixture *fixture, unsigned n_slots)
{
    waiter_open_hours(fixture, 0, n_slots, true);
}

int64_t waiter_nine(void)
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
unsigned waiter_sweep(Fixture *fixture, unsigned *ret_ended)
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
        waiter_keep_text(&waiter->offer, view->offer.id);
        waiter_keep_text(&waiter->last, view->last_offer);
        waiter->turn_at_ms = view->offer.turn_at_ms;
        waiter->expires_at_ms = view->offer.expires_at_ms;
        waiter->is_kept = view->offer.is_kept;
        waiter->n_ahead = view->n_ahead;
    }
    fixture_keep_error(waiter->fixture, error);
}

int waiter_look(Waiter *waiter)
{
    waiter->fixture->n_waiting++;
    wait_answer_view(waiter->fixture->scheduling, waiter->token, on_view, waiter);
    fixture_wait(waiter->fixture);
    return waiter->fixture->error_code;
}

void waiter_assert_offered(Waiter *waiter, bool is_offered)
{
    assert_int_equal(waiter_look(waiter), -1);
    assert_int_equal(waiter->offer != NULL, is_offered);
}

void waiter_on_accepted(const Booking *booking, const GError *error, gpointer user_data)
{
    Waiter *waiter = user_data;
    if (!error) {
        assert_non_null(booking->token);
        waiter_keep_text(&waiter->visit_id, booking->visit_id);
    }
    fixture_keep_error(waiter->fixture, error);
}

int waiter_accept(Waiter *waiter, const char *offer)
{
    waiter->fixture->n_waiting++;
    wait_answer_accept(waiter->fixture->scheduling, waiter->token, offer, "127.0.0.1",
                       waiter_on_accepted, waiter);
    fixture_wait(waiter->fixture);
    return waiter->fixture->error_code;
}

int waiter_decline(Waiter *waiter)
{
    waiter->fixture->n_waiting++;
    wait_answer_decline(waiter->fixture->scheduling, waiter->token, waiter->offer, NULL,
                        fixture_on_done, waiter->fixture);
    fixture_wait(waiter->fixture);
    return waiter->fixture->error_code;
}

int waiter_leave(Waiter *waiter)
{
    waiter->fixture->n_waiting++;
    wait_answer_leave(waiter->fixture->scheduling, waiter->token, NULL, fixture_on_done,
                      waiter->fixture);
    fixture_wait(waiter->fixture);
    return waiter->fixture->error_code;
}

int waiter_set_urgent(Waiter *waiter, unsigned facility, const char *reason)
{
    Fixture *fixture = waiter->fixture;
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, facility);
    fixture->n_waiting++;
    wait_list_set_urgent(fixture->scheduling, waiter->id, reason, &desk, fixture_on_done, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

bool waiter_all_at_once_job(DbTx *tx, gpointer data, GError **error)
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
char *waiter_messages(Fixture *fixture)
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
