// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/scheduling/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "server/auth/auth.h"
#include "tests/unit/base/migrated_db.h"

/* 10.00 WITA is 02.00 UTC. */
static const int64_t now_ms = INT64_C(1795485600000);

int64_t fixture_time(int days, int hour, int minute)
{
    return now_ms + days * 24 * HOUR_MS + (hour - 10) * HOUR_MS + minute * MINUTE_MS;
}

void fixture_turn_to(Fixture *fixture, int64_t at_ms)
{
    clock_advance(fixture->clock, at_ms - clock_wall_ms(fixture->clock));
}

void fixture_keep_error(Fixture *fixture, const GError *error)
{
    fixture->error_code = error ? error->code : -1;
    g_assert(fixture->n_waiting > 0);
    fixture->n_waiting--;
}

void fixture_on_done(const GError *error, gpointer user_data)
{
    fixture_keep_error(user_data, error);
}

void fixture_on_step(const VisitChange *change, const GError *error, gpointer user_data)
{
    (void)change;
    fixture_keep_error(user_data, error);
}

void fixture_wait(Fixture *fixture)
{
    while (fixture->n_waiting > 0)
        g_main_context_iteration(NULL, TRUE);
}

static void on_change(const VisitChange *change, gpointer user_data)
{
    Fixture *fixture = user_data;
    g_ptr_array_add(fixture->changes, g_strdup_printf("%s>%s", visit_state_name(change->from),
                                                      visit_state_name(change->state)));
}

typedef struct {
    Fixture *fixture;
    DbJobFunc job;
    gpointer data;
} RunOp;

static bool run_job(DbTx *tx, gpointer data, GError **error)
{
    RunOp *op = data;
    return op->job(tx, op->data, error);
}

static void on_run_done(gpointer data, const GError *error)
{
    RunOp *op = data;
    if (error)
        print_message("job failed: %s\n", error->message);
    fixture_keep_error(op->fixture, error);
}

void fixture_run(Fixture *fixture, DbJobFunc job, gpointer data)
{
    RunOp *op = g_new0(RunOp, 1);
    op->fixture = fixture;
    op->job = job;
    op->data = data;
    fixture->n_waiting++;
    db_write(fixture->db, run_job, on_run_done, op, g_free);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

static bool clinic_job(DbTx *tx, gpointer data, GError **error)
{
    Fixture *fixture = data;
    DbQuery *rows = db_query(tx, "demo_doctors");
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        if (strcmp(db_column_text(rows, 0), fixture->seed.doctors[0].id) == 0)
            scheduling_copy_column(rows, 3, fixture->clinic_id, sizeof fixture->clinic_id);
    }
    return step == DB_DONE && directory_link_user(tx, fixture->seed.doctors[0].id, "user-0", error);
}

/* In memory where the system has a place for that: what these tests try is not the disk. */
static char *make_folder(void)
{
    const char *parent = g_access("/dev/shm", W_OK) == 0 ? "/dev/shm" : g_get_tmp_dir();
    char *folder = g_build_filename(parent, "huyula-scheduling-XXXXXX", NULL);
    g_assert(g_mkdtemp(folder));
    return folder;
}

int fixture_set_up(void **state)
{
    Fixture *fixture = g_new0(Fixture, 1);
    g_autoptr(GError) error = NULL;
    fixture->dir = make_folder();
    g_autofree char *path = g_build_filename(fixture->dir, "test.db", NULL);
    static DbOwner accounts;
    auth_db_owner(&accounts);
    const DbOwner *owners[] = {scheduling_db_owner(), &accounts, NULL};
    DbOptions options = {.path = path, .owners = owners, .n_readers = 1};
    fixture->clock = clock_new_fake(now_ms);
    fixture->box = secret_box_new_random();
    fixture->changes = g_ptr_array_new_with_free_func(g_free);
    bool is_written = migrated_db_write(path, owners, &error);
    fixture->db = is_written ? db_open(&options, &error) : NULL;
    if (!fixture->db || !db_start(fixture->db, &error)) {
        print_message("%s\n", error->message);
        return -1;
    }
    SchedulingPolicy policy;
    scheduling_policy_init(&policy);
    policy.bookings_per_phone = policy.bookings_per_address = 0; /* one patient books for all */
    policy.cancel_until_ms = 0; /* many tests cancel what begins within the hour */
    fixture->scheduling =
        scheduling_new(fixture->db, fixture->clock, fixture->box, &policy, &error);
    scheduling_set_listener(fixture->scheduling, on_change, fixture);
    fixture->seed.scheduling = fixture->scheduling;
    fixture_run(fixture, demo_seed_job, &fixture->seed);
    fixture_run(fixture, clinic_job, fixture);
    *state = fixture;
    return 0;
}

static void remove_folder(const char *path)
{
    GDir *dir = g_dir_open(path, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        g_unlink(file);
    }
    if (dir)
        g_dir_close(dir);
    g_rmdir(path);
}

static void forget_answers(Fixture *fixture)
{
    g_clear_pointer(&fixture->token, g_free);
    g_clear_pointer(&fixture->visit_id, g_free);
    g_clear_pointer(&fixture->participant_id, g_free);
    g_clear_pointer(&fixture->number, g_free);
    g_clear_pointer(&fixture->code, g_free);
}

int fixture_tear_down(void **state)
{
    Fixture *fixture = *state;
    db_stop(fixture->db);
    db_free(fixture->db);
    scheduling_free(fixture->scheduling);
    secret_box_free(fixture->box);
    clock_free(fixture->clock);
    g_ptr_array_unref(fixture->changes);
    forget_answers(fixture);
    remove_folder(fixture->dir);
    g_free(fixture->dir);
    g_free(fixture);
    return 0;
}

BookingRequest *fixture_request(Fixture *fixture, int64_t starts_at_ms)
{
    BookingRequest *request = booking_request_new();
    request->clinic_id = g_strdup(fixture->clinic_id);
    request->practitioner_id = g_strdup(fixture->seed.doctors[0].id);
    request->starts_at_ms = starts_at_ms;
    request->name = g_strdup("Siti Aminah");
    request->birth_date = g_strdup("1990-08-17");
    request->phone = g_strdup("0812 3456 7890");
    request->nik = g_strdup("7571025708900001");
    return request;
}

static void on_booked(const Booking *booking, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;
    fixture_keep_error(fixture, error);
    if (error)
        return;
    forget_answers(fixture);
    fixture->token = g_strdup(booking->token);
    fixture->visit_id = g_strdup(booking->visit_id);
    fixture->number = g_strdup(booking->number);
    fixture->code = g_strdup(booking->code);
}

int fixture_book(Fixture *fixture, int64_t starts_at_ms)
{
    return fixture_book_request(fixture, fixture_request(fixture, starts_at_ms));
}

int fixture_book_request(Fixture *fixture, BookingRequest *request)
{
    fixture->n_waiting++;
    booking_create(fixture->scheduling, request, on_booked, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

typedef struct {
    const char *visit_id;
    VisitRole role;
    char *id;
} ParticipantOp;

static bool participant_job(DbTx *tx, gpointer data, GError **error)
{
    ParticipantOp *op = data;
    DbQuery *query = db_query(tx, "token_participant");
    db_bind_text(query, 1, op->visit_id);
    db_bind_text(query, 2, visit_role_name(op->role));
    if (!scheduling_need_row(query, "participant", error))
        return false;
    op->id = db_column_dup(query, 0);
    db_reset(query);
    return true;
}

char *fixture_participant(Fixture *fixture, const char *visit_id, VisitRole role)
{
    ParticipantOp op = {visit_id, role, NULL};
    fixture_run(fixture, participant_job, &op);
    return op.id;
}

Actor fixture_staff(const Fixture *fixture, ActorRole role, unsigned facility)
{
    return (Actor){
        .role = role, .user_id = "user-9", .facility_id = fixture->seed.facility_ids[facility]};
}

static Actor doctor_actor(void)
{
    return (Actor){.role = ACTOR_DOCTOR, .user_id = "user-0"};
}

int fixture_step(Fixture *fixture, FixtureStep step, const char *visit_id, const Actor *actor)
{
    fixture->n_waiting++;
    step(fixture->scheduling, visit_id, actor, fixture_on_step, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

static int step_by_patient(Fixture *fixture, FixtureStep step, const char *visit_id)
{
    g_autofree char *id = fixture_participant(fixture, visit_id, VISIT_ROLE_PATIENT);
    const Actor actor = {.role = ACTOR_PATIENT, .participant_id = id};
    return fixture_step(fixture, step, visit_id, &actor);
}

int fixture_check_in(Fixture *fixture, const char *visit_id)
{
    return step_by_patient(fixture, visit_check_in, visit_id);
}

int fixture_call(Fixture *fixture, const char *visit_id)
{
    const Actor actor = doctor_actor();
    return fixture_step(fixture, visit_call, visit_id, &actor);
}

int fixture_accept(Fixture *fixture, const char *visit_id)
{
    return step_by_patient(fixture, visit_accept, visit_id);
}

int fixture_connect(Fixture *fixture, const char *visit_id)
{
    fixture->n_waiting++;
    visit_connect(fixture->scheduling, visit_id, fixture_on_step, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

int fixture_end(Fixture *fixture, const char *visit_id, VisitState outcome)
{
    Actor actor = doctor_actor();
    fixture->n_waiting++;
    visit_end(fixture->scheduling, visit_id, &actor, outcome, fixture_on_step, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

int fixture_cancel(Fixture *fixture, const char *visit_id, ActorRole role)
{
    g_autofree char *id = fixture_participant(fixture, visit_id, VISIT_ROLE_PATIENT);
    Actor actor = {.role = role};
    if (role == ACTOR_PATIENT)
        actor.participant_id = id;
    else if (role == ACTOR_DOCTOR)
        actor.user_id = "user-0";
    else if (role == ACTOR_DESK)
        actor = fixture_staff(fixture, role, 0);
    fixture->n_waiting++;
    visit_cancel(fixture->scheduling, visit_id, &actor, "sakit", fixture_on_step, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

void fixture_presence(Fixture *fixture, const char *visit_id, VisitRole role, RecordEventKind kind)
{
    g_autofree char *id = fixture_participant(fixture, visit_id, role);
    const RecordEvent event = {.visit_id = visit_id,
                               .participant_id = id,
                               .kind = kind,
                               .at_ms = clock_wall_ms(fixture->clock)};
    fixture->n_waiting++;
    record_event(fixture->scheduling, &event, fixture_on_done, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

typedef struct {
    Fixture *fixture;
    VisitState state;
} StateOp;

static void on_state(const VisitView *view, const GError *error, gpointer user_data)
{
    StateOp *op = user_data;
    op->state = view ? view->state : VISIT_STATE_REQUESTED;
    fixture_keep_error(op->fixture, error);
}

VisitState fixture_state(Fixture *fixture, const char *visit_id)
{
    StateOp op = {fixture, VISIT_STATE_REQUESTED};
    fixture->n_waiting++;
    visit_get_view(fixture->scheduling, visit_id, on_state, &op);
    fixture_wait(fixture);
    return op.state;
}

typedef struct {
    Fixture *fixture;
    const char *visit_id;
    DayVisit visit;
} ListedOp;

static void on_day(const Day *day, const GError *error, gpointer user_data)
{
    ListedOp *op = user_data;
    for (unsigned i = 0; day && i < day->visits->len; i++) {
        const DayVisit *visit = day->visits->pdata[i];
        if (strcmp(visit->id, op->visit_id) == 0)
            op->visit = *visit;
    }
    fixture_keep_error(op->fixture, error);
}

DayVisit fixture_listed(Fixture *fixture, const Actor *actor, const char *visit_id)
{
    ListedOp op = {.fixture = fixture, .visit_id = visit_id};
    fixture->n_waiting++;
    day_list(fixture->scheduling, actor, NULL, on_day, &op);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    return op.visit;
}

typedef struct {
    const char *prefix;
    GString *text;
} ReasonsOp;

static bool reasons_job(DbTx *tx, gpointer data, GError **error)
{
    ReasonsOp *op = data;
    DbQuery *rows = db_query(tx, "base_audit_all");
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        const char *action = db_column_text(rows, 5), *reason = db_column_text(rows, 10);
        if (reason && g_str_has_prefix(action, op->prefix))
            g_string_append_printf(op->text, "%s: %s; ", action, reason);
    }
    return step == DB_DONE;
}

char *fixture_audit_reasons(Fixture *fixture, const char *prefix)
{
    ReasonsOp op = {prefix, g_string_new(NULL)};
    fixture_run(fixture, reasons_job, &op);
    return g_string_free(op.text, FALSE);
}

static bool clear_rules_job(DbTx *tx, gpointer data, GError **error)
{
    Fixture *fixture = data;
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    DbQuery *rows = db_query(tx, "hours_plan_rules");
    db_bind_text(rows, 1, fixture->clinic_id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW)
        g_ptr_array_add(ids, db_column_dup(rows, 0));
    for (unsigned i = 0; i < ids->len; i++) {
        DbQuery *query = db_query(tx, "hours_rule_delete");
        db_bind_text(query, 1, ids->pdata[i]);
        if (!db_exec(query, error))
            return false;
    }
    return step == DB_DONE;
}

void fixture_clear_rules(Fixture *fixture)
{
    fixture_run(fixture, clear_rules_job, fixture);
}
