// SPDX-License-Identifier: Apache-2.0
/* The rules of province and facility: what holds, who sets it, that each is obeyed at once where it
 * is decided and touches no booking that is there. */
#include "tests/unit/scheduling/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sqlite3.h>
#include <string.h>

#include "scheduling/booking/hold.h"
#include "scheduling/booking/move.h"
#include "scheduling/booking/no_show.h"
#include "scheduling/clinic/slots.h"
#include "scheduling/policy/policy_edit.h"
#include "scheduling/policy/policy_table.h"

static const Actor admin = {.role = ACTOR_ADMIN, .user_id = "a"};

static Actor coordinator_of(const Fixture *fixture, int facility)
{
    return (Actor){.role = ACTOR_COORDINATOR,
                   .user_id = "c",
                   .facility_id = fixture->seed.facility_ids[facility]};
}

typedef struct {
    Fixture *fixture;
    char *faults; /* "field code allowed; ..." */
    PolicyItem items[POLICY_N_RULES];
    char last_date[SCHEDULING_DATE_BYTES];
} Answer;

static void keep_view(Answer *answer, const PolicyView *view)
{
    if (view)
        memcpy(answer->items, view->items, sizeof answer->items);
}

static void on_edited(const PolicyView *view, const FaultList *faults, const GError *error,
                      gpointer user_data)
{
    Answer *answer = user_data;
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < fault_list_length(faults); i++) {
        const Fault *one = fault_list_get(faults, i);
        g_string_append_printf(text, "%s%s %s %s", i ? "; " : "", one->field, one->code,
                               one->allowed ? one->allowed : "-");
    }
    g_free(answer->faults);
    answer->faults = g_string_free(text, FALSE);
    keep_view(answer, view);
    fixture_keep_error(answer->fixture, error);
}

static void on_got(const PolicyView *view, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    keep_view(answer, view);
    fixture_keep_error(answer->fixture, error);
}

static int set_all(Answer *answer, const Actor *actor, const char *facility_id,
                   const char *const *pairs)
{
    GPtrArray *changes = g_ptr_array_new_with_free_func(policy_change_free);
    for (; pairs[0]; pairs += 2) {
        PolicyChange *change = g_new0(PolicyChange, 1);
        *change = (PolicyChange){g_strdup(pairs[0]), *pairs[1] ? g_strdup(pairs[1]) : NULL};
        g_ptr_array_add(changes, change);
    }
    answer->fixture->n_waiting++;
    policy_edit(answer->fixture->scheduling, actor, facility_id, changes, on_edited, answer);
    fixture_wait(answer->fixture);
    return answer->fixture->error_code;
}

/* VALUE "": back to what is inherited. */
static int set(Answer *answer, const Actor *actor, const char *facility_id, const char *rule,
               const char *value)
{
    const char *const pairs[] = {rule, value, NULL};
    return set_all(answer, actor, facility_id, pairs);
}

static int get(Answer *answer, const Actor *actor, const char *facility_id)
{
    answer->fixture->n_waiting++;
    policy_get(answer->fixture->scheduling, actor, facility_id, on_got, answer);
    fixture_wait(answer->fixture);
    return answer->fixture->error_code;
}

static const char *own_facility(const Answer *answer)
{
    return answer->fixture->seed.facility_ids[0];
}

static int set_up(void **state)
{
    if (fixture_set_up(state) != 0)
        return -1;
    Answer *answer = g_new0(Answer, 1);
    answer->fixture = *state;
    *state = answer;
    return 0;
}

static int tear_down(void **state)
{
    Answer *answer = *state;
    *state = answer->fixture;
    g_free(answer->faults);
    g_free(answer);
    return fixture_tear_down(state);
}

static void assert_rule(Answer *answer, PolicyRule rule, int64_t value, int64_t inherited,
                        PolicySource source)
{
    assert_int_equal(answer->items[rule].value, value);
    assert_int_equal(answer->items[rule].inherited, inherited);
    assert_int_equal(answer->items[rule].source, source);
    assert_int_equal(answer->items[rule].changed_at_ms > 0,
                     source == POLICY_FROM_FACILITY ||
                         (source == POLICY_FROM_PROVINCE && value != inherited));
}

static void test_facility_over_province_over_server(void **state)
{
    Answer *answer = *state;
    const char *facility = own_facility(answer);
    assert_int_equal(get(answer, &admin, NULL), -1);
    assert_rule(answer, POLICY_LATE, 10, 10, POLICY_FROM_SERVER);
    assert_rule(answer, POLICY_BOOKING_HORIZON, 30, 30, POLICY_FROM_SERVER);
    assert_rule(answer, POLICY_SICK_LETTERS, POLICY_SICK_OFF, POLICY_SICK_OFF, POLICY_FROM_SERVER);
    assert_int_equal(set(answer, &admin, NULL, "late_minutes", "20"), -1);
    assert_rule(answer, POLICY_LATE, 20, 10, POLICY_FROM_PROVINCE);
    assert_int_equal(get(answer, &admin, facility), -1);
    assert_rule(answer, POLICY_LATE, 20, 20, POLICY_FROM_PROVINCE);
    assert_int_equal(set(answer, &admin, facility, "late_minutes", "0"), -1);
    assert_rule(answer, POLICY_LATE, 0, 20, POLICY_FROM_FACILITY);
    Actor other = coordinator_of(answer->fixture, 1);
    assert_int_equal(get(answer, &other, NULL), -1);
    assert_rule(answer, POLICY_LATE, 20, 20, POLICY_FROM_PROVINCE);
    assert_int_equal(set(answer, &admin, NULL, "late_minutes", ""), -1);
    assert_rule(answer, POLICY_LATE, 10, 10, POLICY_FROM_SERVER);
    assert_int_equal(set(answer, &admin, facility, "late_minutes", ""), -1);
    assert_rule(answer, POLICY_LATE, 10, 10, POLICY_FROM_SERVER);
}

static void test_who_sets_what(void **state)
{
    Answer *answer = *state;
    Actor own = coordinator_of(answer->fixture, 0);
    const char *others = answer->fixture->seed.facility_ids[1];
    assert_int_equal(set(answer, &own, NULL, "hold_minutes", "9"), -1); /* its own, not all */
    assert_rule(answer, POLICY_HOLD, 9, 5, POLICY_FROM_FACILITY);
    assert_int_equal(set(answer, &own, others, "hold_minutes", "9"), SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(get(answer, &own, others), SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(get(answer, &admin, "01hzzzzzzzzzzzzzzzzzzzzzzz"), SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(get(answer, &admin, NULL), -1);
    assert_rule(answer, POLICY_HOLD, 5, 5, POLICY_FROM_SERVER);
    const ActorRole roles[] = {ACTOR_DOCTOR, ACTOR_DESK, ACTOR_OFFICE, ACTOR_PATIENT};
    for (unsigned i = 0; i < G_N_ELEMENTS(roles); i++) {
        Actor actor = {.role = roles[i], .user_id = "x", .facility_id = own_facility(answer)};
        assert_int_equal(set(answer, &actor, NULL, "hold_minutes", "9"),
                         SCHEDULING_ERROR_FORBIDDEN);
        assert_int_equal(get(answer, &actor, NULL), SCHEDULING_ERROR_FORBIDDEN);
    }
}

static void test_what_is_allowed(void **state)
{
    Answer *answer = *state;
    static const char *const bad[] = {"booking_horizon_days",
                                      "1",
                                      "late_minutes",
                                      "121",
                                      "no_show_minutes",
                                      "lima",
                                      "sick_letters",
                                      "ya",
                                      "remind_day_before",
                                      "0",
                                      "quiet_from_hour",
                                      "24",
                                      "hold_minutes",
                                      "-1",
                                      "recording",
                                      "on",
                                      NULL};
    assert_int_equal(set_all(answer, &admin, NULL, bad), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(
        answer->faults,
        "booking_horizon_days out_of_range 2..90; late_minutes out_of_range 0..120; "
        "no_show_minutes out_of_range 5..240; sick_letters not_allowed "
        "off|assisted|on; remind_day_before not_allowed off|on; quiet_from_hour "
        "out_of_range 0..23; hold_minutes out_of_range 2..30; recording unknown -");
    /* All or none. */
    static const char *const half[] = {"late_minutes", "30", "hold_minutes", "99", NULL};
    assert_int_equal(set_all(answer, &admin, NULL, half), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_int_equal(get(answer, &admin, NULL), -1);
    assert_rule(answer, POLICY_LATE, 10, 10, POLICY_FROM_SERVER);
    /* What each rule may be keeps the others possible. */
    assert_true(policy_row(POLICY_BOOKING_LEAD)->max * policy_row(POLICY_BOOKING_LEAD)->unit_ms <
                policy_row(POLICY_BOOKING_HORIZON)->min *
                    policy_row(POLICY_BOOKING_HORIZON)->unit_ms);
}

/* What SQL answers; to be freed. */
static char *query_text(const Fixture *fixture, const char *sql)
{
    g_autofree char *path = g_build_filename(fixture->dir, "test.db", NULL);
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(db));
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    char *text = g_strdup((const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return text;
}

static void test_each_change_is_in_the_trail(void **state)
{
    Answer *answer = *state;
    Actor own = coordinator_of(answer->fixture, 0);
    static const char *const two[] = {"late_minutes", "20", "sick_letters", "assisted", NULL};
    assert_int_equal(set_all(answer, &admin, NULL, two), -1);
    assert_int_equal(set(answer, &own, NULL, "late_minutes", "5"), -1);
    assert_int_equal(set(answer, &own, NULL, "late_minutes", "5"), -1); /* is so */
    assert_int_equal(set(answer, &own, NULL, "late_minutes", ""), -1);
    assert_int_equal(set(answer, &own, NULL, "hold_minutes", ""), -1); /* is so */
    g_autofree char *expected = g_strdup_printf("a admin province late_minutes 10 > 20; "
                                                "a admin province sick_letters off > assisted; "
                                                "c coordinator %s late_minutes 20 > 5; "
                                                "c coordinator %s late_minutes 5 > 20 (inherited)",
                                                own_facility(answer), own_facility(answer));
    g_autofree char *found = query_text(
        answer->fixture, "SELECT group_concat(actor_id || ' ' || actor_role || ' ' || object_id || "
                         "' ' || reason, '; ') FROM (SELECT * FROM audit WHERE action = "
                         "'policy.change' ORDER BY id)");
    assert_string_equal(found, expected);
}

static void on_slots(const SlotsList *list, const GError *error, gpointer user_data)
{
    GPtrArray *days = list ? list->days : NULL;
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    unsigned n = 0;
    for (unsigned i = 0; days && i < days->len; i++)
        n += ((SlotDay *)g_ptr_array_index(days, i))->offers->len;
    answer->items[0].value = n;
    if (list)
        g_strlcpy(answer->last_date, list->last_date, sizeof answer->last_date);
}

static unsigned count_offers(Answer *answer, const char *from_date, unsigned n_days)
{
    const SlotsQuery query = {answer->fixture->clinic_id,
                              answer->fixture->seed.doctors[0].id,
                              from_date,
                              n_days,
                              NULL,
                              false};
    answer->fixture->n_waiting++;
    slots_list(answer->fixture->scheduling, &query, on_slots, answer);
    fixture_wait(answer->fixture);
    assert_int_equal(answer->fixture->error_code, -1);
    return (unsigned)answer->items[0].value;
}

/* It is 10.00: what begins within the lead, or after the horizon, is neither offered nor booked. */
static void test_booking_window(void **state)
{
    Answer *answer = *state;
    Fixture *fixture = answer->fixture;
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 15)), -1);
    g_autofree char *before = g_strdup(fixture->visit_id);
    assert_true(count_offers(answer, "2026-11-30", 1) > 0);
    unsigned n_today = count_offers(answer, FIXTURE_TODAY, 1);
    static const char *const pairs[] = {"booking_lead_minutes", "60", "booking_horizon_days", "2",
                                        NULL};
    assert_int_equal(set_all(answer, &admin, own_facility(answer), pairs), -1);
    assert_int_equal(count_offers(answer, "2026-11-30", 1), 0);
    assert_int_equal(count_offers(answer, FIXTURE_TODAY, 1), n_today - 2); /* 10.30 and 10.45 */
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 45)),
                     SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    assert_int_equal(fixture_book(fixture, fixture_time(6, 10, 0)),
                     SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    assert_int_equal(fixture_book(fixture, fixture_time(0, 11, 0)), -1);
    assert_int_equal(fixture_state(fixture, before), VISIT_STATE_BOOKED);
    /* Longer than the file's: as far as a rule may go. */
    assert_int_equal(set(answer, &admin, own_facility(answer), "booking_horizon_days", "60"), -1);
    assert_true(count_offers(answer, "2027-01-18", 1) > 0);
    assert_string_equal(answer->last_date, "2027-01-23");
    assert_int_equal(fixture_book(fixture, fixture_time(55, 10, 0)), -1);
}

static void test_check_in_opens_and_closes(void **state)
{
    Answer *answer = *state;
    Fixture *fixture = answer->fixture;
    assert_int_equal(fixture_book(fixture, fixture_time(0, 11, 0)), -1);
    g_autofree char *visit = g_strdup(fixture->visit_id);
    assert_int_equal(fixture_check_in(fixture, visit), SCHEDULING_ERROR_TOO_EARLY);
    static const char *const pairs[] = {"open_before_minutes", "60", "open_after_minutes", "10",
                                        NULL};
    assert_int_equal(set_all(answer, &admin, NULL, pairs), -1);
    clock_advance(fixture->clock, 86 * MINUTE_MS); /* it ended at 11.15, and closed at 11.25 */
    assert_int_equal(fixture_check_in(fixture, visit), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(set(answer, &admin, own_facility(answer), "open_after_minutes", "11"), -1);
    assert_int_equal(fixture_check_in(fixture, visit), -1);
}

static void test_check_in_opens_earlier(void **state)
{
    Answer *answer = *state;
    Fixture *fixture = answer->fixture;
    assert_int_equal(fixture_book(fixture, fixture_time(0, 11, 0)), -1);
    assert_int_equal(set(answer, &admin, own_facility(answer), "open_before_minutes", "60"), -1);
    assert_int_equal(fixture_check_in(fixture, fixture->visit_id), -1);
}

static void on_moved(const Booking *booking, const GError *error, gpointer user_data)
{
    (void)booking;
    fixture_keep_error(user_data, error);
}

static int move_as_patient(Fixture *fixture, const char *visit_id, int64_t starts_at_ms)
{
    g_autofree char *id = fixture_participant(fixture, visit_id, VISIT_ROLE_PATIENT);
    const Actor actor = {.role = ACTOR_PATIENT, .participant_id = id};
    const MoveWish wish = {.practitioner_id = fixture->seed.doctors[0].id,
                           .starts_at_ms = starts_at_ms};
    fixture->n_waiting++;
    booking_move(fixture->scheduling, visit_id, &wish, &actor, on_moved, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void on_held(const Hold *hold, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    answer->items[0].value = hold->expires_at_ms;
    fixture_keep_error(answer->fixture, error);
}

static void test_hold(void **state)
{
    Answer *answer = *state;
    Fixture *fixture = answer->fixture;
    const HoldRequest request = {.clinic_id = fixture->clinic_id,
                                 .practitioner_id = fixture->seed.doctors[0].id,
                                 .starts_at_ms = fixture_time(0, 11, 0)};
    assert_int_equal(set(answer, &admin, own_facility(answer), "hold_minutes", "12"), -1);
    fixture->n_waiting++;
    hold_create(fixture->scheduling, &request, on_held, answer);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_int_equal(answer->items[0].value, clock_wall_ms(fixture->clock) + 12 * MINUTE_MS);
}

/* Until an hour before, unless somebody sets it otherwise. */
static void test_shipped_until(void **state)
{
    (void)state;
    SchedulingPolicy policy;
    scheduling_policy_init(&policy);
    assert_int_equal(policy.move_until_ms, HOUR_MS);
    assert_int_equal(policy.cancel_until_ms, HOUR_MS);
}

static void test_move_and_cancel_until(void **state)
{
    Answer *answer = *state;
    Fixture *fixture = answer->fixture;
    static const char *const strict[] = {"move_until_minutes", "120", "cancel_until_minutes", "120",
                                         NULL};
    assert_int_equal(fixture_book(fixture, fixture_time(0, 11, 30)), -1);
    g_autofree char *visit = g_strdup(fixture->visit_id);
    assert_int_equal(set_all(answer, &admin, own_facility(answer), strict), -1);
    assert_int_equal(move_as_patient(fixture, visit, fixture_time(0, 13, 0)),
                     SCHEDULING_ERROR_TOO_LATE);
    assert_int_equal(fixture_cancel(fixture, visit, ACTOR_PATIENT), SCHEDULING_ERROR_TOO_LATE);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_BOOKED);
    static const char *const loose[] = {"move_until_minutes", "30", "cancel_until_minutes", "90",
                                        NULL};
    assert_int_equal(set_all(answer, &admin, own_facility(answer), loose), -1);
    assert_int_equal(move_as_patient(fixture, visit, fixture_time(0, 13, 0)), -1);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_RESCHEDULED);
    /* Who waits may leave whatever the rule; the desk may always cancel. */
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 30)), -1);
    g_autofree char *waits = g_strdup(fixture->visit_id);
    assert_int_equal(fixture_check_in(fixture, waits), -1);
    assert_int_equal(fixture_cancel(fixture, waits, ACTOR_PATIENT), -1);
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 45)), -1);
    g_autofree char *soon = g_strdup(fixture->visit_id);
    assert_int_equal(fixture_cancel(fixture, soon, ACTOR_PATIENT), SCHEDULING_ERROR_TOO_LATE);
    assert_int_equal(fixture_cancel(fixture, soon, ACTOR_DESK), -1);
    /* At the limit to the minute. */
    assert_int_equal(fixture_book(fixture, fixture_time(0, 11, 30)), -1);
    assert_int_equal(fixture_cancel(fixture, fixture->visit_id, ACTOR_PATIENT), -1);
}

static bool checks_in_late(Fixture *fixture, int hour, int minute, int late_minutes)
{
    assert_int_equal(fixture_book(fixture, fixture_time(0, hour, minute)), -1);
    clock_advance(fixture->clock, fixture_time(0, hour, minute) + late_minutes * MINUTE_MS -
                                      clock_wall_ms(fixture->clock));
    assert_int_equal(fixture_check_in(fixture, fixture->visit_id), -1);
    g_autofree char *sql =
        g_strdup_printf("SELECT COALESCE((SELECT is_delayed FROM visit_queue WHERE visit_id = "
                        "'%s'), 0)",
                        fixture->visit_id);
    g_autofree char *is_delayed = query_text(fixture, sql);
    return strcmp(is_delayed, "1") == 0;
}

static void test_late(void **state)
{
    Answer *answer = *state;
    assert_int_equal(set(answer, &admin, own_facility(answer), "late_minutes", "20"), -1);
    assert_false(checks_in_late(answer->fixture, 10, 30, 15));
    assert_true(checks_in_late(answer->fixture, 11, 30, 21));
    assert_int_equal(set(answer, &admin, own_facility(answer), "late_minutes", "5"), -1);
    assert_true(checks_in_late(answer->fixture, 13, 0, 6));
}

static void on_swept(unsigned n_given_up, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    answer->items[0].value = n_given_up;
    fixture_keep_error(answer->fixture, error);
}

static unsigned sweep(Answer *answer)
{
    answer->fixture->n_waiting++;
    no_show_sweep(answer->fixture->scheduling, on_swept, answer);
    fixture_wait(answer->fixture);
    assert_int_equal(answer->fixture->error_code, -1);
    return (unsigned)answer->items[0].value;
}

static void test_who_never_came(void **state)
{
    Answer *answer = *state;
    Fixture *fixture = answer->fixture;
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 15)), -1);
    assert_int_equal(set(answer, &admin, NULL, "open_after_minutes", "20"), -1);
    clock_advance(fixture->clock, 45 * MINUTE_MS); /* it ended at 10.30 */
    assert_int_equal(sweep(answer), 0);
    assert_int_equal(set(answer, &admin, own_facility(answer), "open_after_minutes", "14"), -1);
    assert_int_equal(sweep(answer), 1);
}

static void test_who_does_not_answer(void **state)
{
    Answer *answer = *state;
    Fixture *fixture = answer->fixture;
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 15)), -1);
    g_autofree char *visit = g_strdup(fixture->visit_id);
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    assert_int_equal(set(answer, &admin, NULL, "no_show_minutes", "60"), -1);
    clock_advance(fixture->clock, 20 * MINUTE_MS);
    assert_int_equal(fixture_call(fixture, visit), -1);
    assert_int_equal(fixture_call(fixture, visit), -1);
    clock_advance(fixture->clock, 20 * MINUTE_MS); /* 25 min after the start */
    assert_int_equal(sweep(answer), 0);
    assert_int_equal(set(answer, &admin, own_facility(answer), "no_show_minutes", "24"), -1);
    assert_int_equal(sweep(answer), 1);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_NO_SHOW_PATIENT);
}

/* Taking in: "saved ~changed; line column code; ...". */

typedef struct {
    Fixture *fixture;
    char *csv, *result;
} Keeper;

static void on_csv(const char *csv, const GError *error, gpointer user_data)
{
    Keeper *keeper = user_data;
    g_free(keeper->csv);
    keeper->csv = g_strdup(csv);
    fixture_keep_error(keeper->fixture, error);
}

static const char *take_out(Keeper *keeper, const Actor *actor)
{
    keeper->fixture->n_waiting++;
    table_job_get(keeper->fixture->scheduling, &policy_table, actor, on_csv, keeper);
    fixture_wait(keeper->fixture);
    return keeper->csv;
}

static void on_imported(const TableImported *imported, const GError *error, gpointer user_data)
{
    Keeper *keeper = user_data;
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "%s ~%u", imported->is_saved ? "saved" : "kept out",
                           imported->n_changed);
    for (unsigned i = 0; i < imported->faults->len; i++) {
        const TableFault *one = g_ptr_array_index(imported->faults, i);
        g_string_append_printf(text, "; %u %s %s", one->line, one->fault.field, one->fault.code);
    }
    g_free(keeper->result);
    keeper->result = g_string_free(text, FALSE);
    fixture_keep_error(keeper->fixture, error);
}

static void assert_taken_in(Keeper *keeper, const Actor *actor, const char *csv, bool is_trial,
                            const char *expected)
{
    const TableGiven given = {.csv = csv, .is_trial = is_trial};
    keeper->fixture->n_waiting++;
    table_job_import(keeper->fixture->scheduling, &policy_table, actor, &given, on_imported,
                     keeper);
    fixture_wait(keeper->fixture);
    assert_int_equal(keeper->fixture->error_code, -1);
    assert_string_equal(keeper->result, expected);
}

static void test_table(void **state)
{
    Answer *answer = *state;
    Keeper keeper = {.fixture = answer->fixture};
    Actor own = coordinator_of(answer->fixture, 0);
    const char *csv = "facility,rule,value\n,late_minutes,25\nPuskesmas Limboto,hold_minutes,7\n";
    assert_taken_in(&keeper, &admin, csv, true, "kept out ~2");
    assert_int_equal(get(answer, &admin, NULL), -1);
    assert_rule(answer, POLICY_LATE, 10, 10, POLICY_FROM_SERVER);
    assert_taken_in(&keeper, &admin, csv, false, "saved ~2");
    assert_int_equal(get(answer, &own, NULL), -1);
    assert_rule(answer, POLICY_LATE, 25, 25, POLICY_FROM_PROVINCE);
    assert_rule(answer, POLICY_HOLD, 7, 5, POLICY_FROM_FACILITY);
    /* What goes out comes in again and changes nothing. */
    assert_taken_in(&keeper, &admin, take_out(&keeper, &admin), false, "saved ~0");
    assert_non_null(strstr(keeper.csv, "\"Puskesmas Limboto\",\"hold_minutes\",\"7\"\r\n"));
    assert_taken_in(&keeper, &own, take_out(&keeper, &own), false, "saved ~0");
    assert_null(strstr(keeper.csv, ",\"late_minutes\",\"10\""));
    assert_taken_in(&keeper, &own, "rule,value\nhold_minutes,default\n", false, "saved ~1");
    assert_int_equal(get(answer, &own, NULL), -1);
    assert_rule(answer, POLICY_HOLD, 5, 5, POLICY_FROM_SERVER);
    g_free(keeper.csv);
    g_free(keeper.result);
}

static void test_table_with_faults(void **state)
{
    Answer *answer = *state;
    Keeper keeper = {.fixture = answer->fixture};
    Actor own = coordinator_of(answer->fixture, 0);
    assert_taken_in(&keeper, &admin,
                    "facility,rule,value\n,late_minutes,999\nNowhere,late_minutes,5\n"
                    ",recording,on\n,,5\n,hold_minutes,\n,hold_minutes,6\n,hold_minutes,7\n",
                    false,
                    "kept out ~1; 2 value out_of_range; 3 facility not_found; 4 rule unknown; "
                    "5 rule required; 6 value required; 8 rule taken");
    assert_taken_in(&keeper, &own, "facility,rule,value\nKlinik Kota Selatan,hold_minutes,6\n",
                    false, "kept out ~0; 2 facility not_found");
    assert_taken_in(&keeper, &admin, "rule,wert\nhold_minutes,6\n", false,
                    "kept out ~0; 1 wert unknown; 1 value required");
    assert_int_equal(get(answer, &admin, NULL), -1);
    assert_rule(answer, POLICY_HOLD, 5, 5, POLICY_FROM_SERVER);
    g_free(keeper.csv);
    g_free(keeper.result);
}

#define POLICY_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        POLICY_TEST(test_facility_over_province_over_server),
        POLICY_TEST(test_who_sets_what),
        POLICY_TEST(test_what_is_allowed),
        POLICY_TEST(test_each_change_is_in_the_trail),
        POLICY_TEST(test_booking_window),
        POLICY_TEST(test_check_in_opens_and_closes),
        POLICY_TEST(test_check_in_opens_earlier),
        POLICY_TEST(test_hold),
        cmocka_unit_test(test_shipped_until),
        POLICY_TEST(test_move_and_cancel_until),
        POLICY_TEST(test_late),
        POLICY_TEST(test_who_never_came),
        POLICY_TEST(test_who_does_not_answer),
        POLICY_TEST(test_table),
        POLICY_TEST(test_table_with_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
