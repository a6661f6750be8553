// SPDX-License-Identifier: Apache-2.0
/* Additional places: who may give them, when there are some, that there are never more than the
 * share of their hours, whoever asks at once; where they stand in the queue; and what a smaller
 * share does to those that are booked. The first doctor has slots from 11 to 13 (eight of a quarter
 * of an hour, 25 %: two) and a session from 14 to 16 (twelve places, 20 %: two). */
#include "tests/unit/scheduling/fixture.h"

#include "server/base/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/move.h"
#include "scheduling/booking/queue.h"
#include "scheduling/clinic/hours_edit.h"
#include "scheduling/report/daily.h"

enum { TUESDAY = 1 << 2, N_SLOTS = 8, QUOTA = 12, N_RACERS = 100, N_STEPS = 600 };

static const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};

static Actor desk(const Fixture *fixture)
{
    return (Actor){
        .role = ACTOR_DESK, .user_id = "user-9", .facility_id = fixture->seed.facility_ids[0]};
}

/* What the last change of hours held. */
static char *hits;                       /* "A-1 " */
static char rule_ids[2][HOURS_ID_BYTES]; /* slots, session */

static void on_edited(const HoursEdited *edited, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;
    fixture_keep_error(fixture, error);
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < edited->hits->len; i++)
        g_string_append_printf(text, "%s ", ((HoursHit *)edited->hits->pdata[i])->number);
    g_free(hits);
    hits = g_string_free(text, FALSE);
    if (!error && edited->ids->len > 0)
        g_strlcpy(rule_ids[rule_ids[0][0] ? 1 : 0], edited->ids->pdata[0], sizeof rule_ids[0]);
}

static HoursEdit rule_of(const Fixture *fixture, bool is_session, int percent)
{
    HoursEdit wanted = {
        .kind = rule_ids[is_session][0] ? HOURS_EDIT_RULE_CHANGE : HOURS_EDIT_RULE_ADD,
        .weekdays = TUESDAY,
        .rule = {.minutes = {is_session ? 14 * 60 : 11 * 60, is_session ? 16 * 60 : 13 * 60},
                 .pattern = {.mode = HOURS_MODE_SLOTS,
                             .slot_minutes = 15,
                             .extra_percent = percent},
                 .valid_from = FIXTURE_TODAY},
    };
    if (is_session)
        wanted.rule.pattern =
            (HoursPattern){.mode = HOURS_MODE_SESSION, .quota = QUOTA, .extra_percent = percent};
    g_strlcpy(wanted.rule.clinic_id, fixture->clinic_id, sizeof wanted.rule.clinic_id);
    g_strlcpy(wanted.id, rule_ids[is_session], sizeof wanted.id);
    return wanted;
}

static int change(Fixture *fixture, const HoursEdit *wanted, bool keep)
{
    HoursEdit kept = *wanted;
    kept.keeps_bookings = keep;
    fixture->n_waiting++;
    hours_edit(fixture->scheduling, &doctor, fixture->seed.doctors[0].id, &kept, on_edited,
               fixture);
    fixture_wait(fixture);
    return fixture->error_code;
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

static int set_up(void **state)
{
    int failed = fixture_set_up(state);
    if (failed)
        return failed;
    Fixture *fixture = *state;
    memset(rule_ids, 0, sizeof rule_ids);
    fixture_run(fixture, clear_rules_job, fixture);
    for (int is_session = 0; is_session < 2; is_session++) {
        HoursEdit rule = rule_of(fixture, is_session, is_session ? 20 : 25);
        assert_int_equal(change(fixture, &rule, false), -1);
    }
    return 0;
}

static int tear_down(void **state)
{
    g_clear_pointer(&hits, g_free);
    return fixture_tear_down(state);
}

/* A booking by staff, in an additional place if need be. */
typedef struct {
    Fixture *fixture;
    int code, place;
    bool is_extra, has_token;
    char *visit_id;
    int64_t starts_at_ms;
} Given;

static void given_clear(Given *given)
{
    g_clear_pointer(&given->visit_id, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Given, given_clear)

static void on_given(const Booking *booking, const GError *error, gpointer user_data)
{
    Given *given = user_data;
    fixture_keep_error(given->fixture, error);
    given->code = given->fixture->error_code;
    if (error)
        return;
    given->place = booking->place;
    given->is_extra = booking->is_extra;
    given->has_token = booking->token != NULL;
    given->starts_at_ms = booking->starts_at_ms;
    given->visit_id = g_strdup(booking->visit_id);
}

/* Each is somebody else: nobody is in two visits at a time. */
static BookingRequest *another_person(Fixture *fixture, int64_t starts_at_ms)
{
    static unsigned n_people;
    BookingRequest *request = fixture_request(fixture, starts_at_ms);
    g_free(request->phone);
    request->phone = g_strdup_printf("0812 0000 %04u", n_people++);
    g_clear_pointer(&request->nik, secret_text_free);
    return request;
}

static void send(Fixture *fixture, const Actor *actor, int64_t starts_at_ms, Given *given)
{
    given->fixture = fixture;
    fixture->n_waiting++;
    booking_create_extra(fixture->scheduling, another_person(fixture, starts_at_ms), actor,
                         on_given, given);
}

static Given give(Fixture *fixture, int64_t starts_at_ms)
{
    Given given = {0};
    const Actor actor = desk(fixture);
    send(fixture, &actor, starts_at_ms, &given);
    fixture_wait(fixture);
    return given;
}

/* An additional place, of which nothing else is asked. */
static void give_one(Fixture *fixture, int64_t starts_at_ms)
{
    g_auto(Given) given = give(fixture, starts_at_ms);
    assert_int_equal(given.code, -1);
    assert_true(given.is_extra);
}

static int64_t slot_time(int n)
{
    return fixture_time(0, 11, 0) + n * 15 * MINUTE_MS;
}

static void fill_slots(Fixture *fixture)
{
    for (int i = 0; i < N_SLOTS; i++)
        assert_int_equal(fixture_book(fixture, slot_time(i)), -1);
}

static void fill_session(Fixture *fixture)
{
    for (int i = 0; i < QUOTA; i++)
        assert_int_equal(fixture_book(fixture, fixture_time(0, 14, 0)), -1);
}

/* "11.15:2 14.00:1 ": start and how many additional places are left. */
typedef struct {
    Fixture *fixture;
    GString *text;
} Offered;

static void on_offered(const SlotsList *list, const GError *error, gpointer user_data)
{
    Offered *offered = user_data;
    fixture_keep_error(offered->fixture, error);
    if (!list)
        return;
    const SlotDay *day = list->days->pdata[0];
    for (unsigned i = 0; i < day->offers->len; i++) {
        const SlotOffer *offer = &g_array_index(day->offers, SlotOffer, i);
        int minute = (int)((offer->starts_at_ms - fixture_time(0, 0, 0)) / MINUTE_MS);
        g_string_append_printf(offered->text, "%02d.%02d:%d ", minute / 60, minute % 60,
                               offer->n_extra_left);
    }
}

static char *extra_offers(Fixture *fixture, const Actor *actor)
{
    Offered offered = {fixture, g_string_new(NULL)};
    const SlotsQuery query = {
        fixture->clinic_id, fixture->seed.doctors[0].id, FIXTURE_TODAY, 1, NULL, false};
    fixture->n_waiting++;
    slots_list_extra(fixture->scheduling, actor, &query, on_offered, &offered);
    fixture_wait(fixture);
    return g_string_free(offered.text, FALSE);
}

static void assert_offers(Fixture *fixture, const char *expected)
{
    const Actor actor = desk(fixture);
    g_autofree char *offers = extra_offers(fixture, &actor);
    assert_string_equal(offers, expected);
}

static void test_beside_a_slot_that_is_taken(void **state)
{
    Fixture *fixture = *state;
    assert_offers(fixture, "");
    g_auto(Given) regular = give(fixture, slot_time(1));
    assert_int_equal(regular.code, -1);
    assert_false(regular.is_extra);
    assert_offers(fixture, "11.15:2 ");
    assert_int_equal(fixture_book(fixture, slot_time(4)), -1);
    assert_offers(fixture, "11.15:2 12.00:2 ");
    assert_int_equal(fixture_book(fixture, slot_time(4)), SCHEDULING_ERROR_SLOT_TAKEN);
    g_auto(Given) extra = give(fixture, slot_time(4));
    assert_int_equal(extra.code, -1);
    assert_true(extra.is_extra);
    assert_true(extra.has_token);
    assert_int_equal(extra.starts_at_ms, slot_time(4));
    assert_offers(fixture, "11.15:1 ");
    /* One additional beside a slot, two in these hours. */
    assert_int_equal(give(fixture, slot_time(4)).code, SCHEDULING_ERROR_SLOT_TAKEN);
    g_auto(Given) second = give(fixture, slot_time(1));
    assert_true(second.is_extra);
    assert_int_equal(fixture_book(fixture, slot_time(6)), -1);
    assert_int_equal(give(fixture, slot_time(6)).code, SCHEDULING_ERROR_SLOT_TAKEN);
    assert_offers(fixture, "");
}

static void test_what_is_given_back(void **state)
{
    Fixture *fixture = *state;
    assert_int_equal(fixture_book(fixture, slot_time(2)), -1);
    g_autofree char *regular = g_strdup(fixture->visit_id);
    g_auto(Given) extra = give(fixture, slot_time(2));
    assert_true(extra.is_extra);
    /* The regular place is free again for anybody; the additional visit keeps it from nobody. */
    assert_int_equal(fixture_cancel(fixture, regular, ACTOR_PATIENT), -1);
    assert_int_equal(fixture_book(fixture, slot_time(2)), -1);
    assert_int_equal(give(fixture, slot_time(2)).code, SCHEDULING_ERROR_SLOT_TAKEN);
    assert_int_equal(fixture_cancel(fixture, extra.visit_id, ACTOR_PATIENT), -1);
    assert_offers(fixture, "11.30:2 ");
    assert_int_equal(fixture_book(fixture, slot_time(2)), SCHEDULING_ERROR_SLOT_TAKEN);
    g_auto(Given) again = give(fixture, slot_time(2));
    assert_true(again.is_extra);
}

static void test_above_a_quota(void **state)
{
    Fixture *fixture = *state;
    int64_t session = fixture_time(0, 14, 0);
    for (int i = 1; i < QUOTA; i++)
        assert_int_equal(fixture_book(fixture, session), -1);
    assert_offers(fixture, "");
    g_auto(Given) last = give(fixture, session);
    assert_false(last.is_extra);
    assert_int_equal(last.place, QUOTA);
    assert_offers(fixture, "14.00:2 ");
    assert_int_equal(fixture_book(fixture, session), SCHEDULING_ERROR_SLOT_TAKEN);
    /* Numbers go on; the last two turns, of ten minutes, are shared. */
    g_auto(Given) first = give(fixture, session);
    g_auto(Given) second = give(fixture, session);
    assert_true(first.is_extra && second.is_extra);
    assert_int_equal(first.place, QUOTA + 1);
    assert_int_equal(second.place, QUOTA + 2);
    assert_int_equal(first.starts_at_ms, fixture_time(0, 15, 40));
    assert_int_equal(second.starts_at_ms, fixture_time(0, 15, 50));
    assert_int_equal(give(fixture, session).code, SCHEDULING_ERROR_SLOT_TAKEN);
    /* A regular place that comes free is taken first, also by staff. */
    assert_int_equal(fixture_cancel(fixture, last.visit_id, ACTOR_PATIENT), -1);
    assert_int_equal(fixture_cancel(fixture, first.visit_id, ACTOR_PATIENT), -1);
    g_auto(Given) freed = give(fixture, session);
    assert_false(freed.is_extra);
    assert_int_equal(freed.place, QUOTA);
    g_auto(Given) again = give(fixture, session);
    assert_int_equal(again.place, QUOTA + 1);
}

static void test_who_may(void **state)
{
    Fixture *fixture = *state;
    const char *const own = fixture->seed.facility_ids[0];
    const char *const other = fixture->seed.facility_ids[1];
    const struct {
        Actor actor;
        int code;
    } rows[] = {
        {{.role = ACTOR_PATIENT}, SCHEDULING_ERROR_FORBIDDEN},
        {{.role = ACTOR_OFFICER, .user_id = "o"}, SCHEDULING_ERROR_FORBIDDEN},
        {{.role = ACTOR_OFFICE, .user_id = "o"}, SCHEDULING_ERROR_FORBIDDEN},
        {{.role = ACTOR_ADMIN, .user_id = "o"}, SCHEDULING_ERROR_FORBIDDEN},
        {{.role = ACTOR_SYSTEM}, SCHEDULING_ERROR_FORBIDDEN},
        {{.role = ACTOR_DESK, .user_id = "o", .facility_id = other}, SCHEDULING_ERROR_NOT_FOUND},
        {{.role = ACTOR_COORDINATOR, .user_id = "o", .facility_id = other},
         SCHEDULING_ERROR_NOT_FOUND},
        {{.role = ACTOR_DOCTOR, .user_id = "nobody"}, SCHEDULING_ERROR_FORBIDDEN},
        {{.role = ACTOR_COORDINATOR, .user_id = "o", .facility_id = own}, -1},
        {doctor, -1},
    };
    assert_int_equal(fixture_book(fixture, slot_time(0)), -1);
    assert_int_equal(fixture_book(fixture, slot_time(1)), -1);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(Given) given = {0};
        g_autofree char *offers = extra_offers(fixture, &rows[i].actor);
        assert_int_equal(fixture->error_code, rows[i].code);
        assert_true(rows[i].code == -1 || *offers == '\0');
        send(fixture, &rows[i].actor, slot_time(rows[i].actor.role == ACTOR_DOCTOR), &given);
        fixture_wait(fixture);
        assert_int_equal(given.code, rows[i].code);
        if (rows[i].code != -1)
            continue;
        assert_true(given.is_extra);
        /* Who sees no patient gets no patient's link. */
        assert_int_equal(given.has_token, rows[i].actor.role == ACTOR_DOCTOR);
    }
}

static void race(Fixture *fixture, int64_t starts_at_ms)
{
    static Given given[N_RACERS];
    const Actor actor = desk(fixture);
    unsigned n_won = 0;
    memset(given, 0, sizeof given);
    for (unsigned i = 0; i < N_RACERS; i++)
        send(fixture, &actor, starts_at_ms, &given[i]);
    fixture_wait(fixture);
    for (unsigned i = 0; i < N_RACERS; i++) {
        if (given[i].code == -1) {
            n_won++;
            assert_true(given[i].is_extra);
        } else {
            assert_int_equal(given[i].code, SCHEDULING_ERROR_SLOT_TAKEN);
        }
        given_clear(&given[i]);
    }
    assert_int_equal(n_won, 1);
}

static void test_last_additional_place_has_one_winner(void **state)
{
    Fixture *fixture = *state;
    fill_slots(fixture);
    give_one(fixture, slot_time(0));
    race(fixture, slot_time(5));
    fill_session(fixture);
    give_one(fixture, fixture_time(0, 14, 0));
    race(fixture, fixture_time(0, 14, 0));
    assert_offers(fixture, "");
}

/* What is held today, read as it stands. */
typedef struct {
    unsigned n_regular[2], n_extra[2]; /* in slots, in the session */
} Held;

static bool held_job(DbTx *tx, gpointer data, GError **error)
{
    struct {
        Fixture *fixture;
        Held held;
    } *ask = data;
    int64_t taken[2][64];
    unsigned n_taken[2] = {0};
    DbQuery *rows = db_query(tx, "slot_claims");
    db_bind_text(rows, 1, ask->fixture->seed.doctors[0].id);
    db_bind_int(rows, 2, fixture_time(0, 0, 0));
    db_bind_int(rows, 3, fixture_time(1, 0, 0));
    db_bind_int(rows, 4, clock_wall_ms(ask->fixture->clock));
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        int64_t starts_at_ms = db_column_int(rows, 0);
        bool is_session = starts_at_ms >= fixture_time(0, 14, 0);
        bool is_extra = db_column_int(rows, 4) != 0;
        (*(is_extra ? &ask->held.n_extra : &ask->held.n_regular))[is_session]++;
        /* No two of a kind overlap. */
        unsigned n = n_taken[is_extra];
        assert_true(n == 0 || starts_at_ms >= taken[is_extra][n - 1]);
        taken[is_extra][n_taken[is_extra]++] = db_column_int(rows, 1);
    }
    return step == DB_DONE;
}

static void check_held(Fixture *fixture, Held *ret_held)
{
    struct {
        Fixture *fixture;
        Held held;
    } ask = {.fixture = fixture};
    fixture_run(fixture, held_job, &ask);
    assert_in_range(ask.held.n_regular[0], 0, N_SLOTS);
    assert_in_range(ask.held.n_extra[0], 0, 2);
    assert_in_range(ask.held.n_regular[1], 0, QUOTA);
    assert_in_range(ask.held.n_extra[1], 0, 2);
    *ret_held = ask.held;
}

/* Whatever is booked, given and cancelled in whatever order: regular ones never overlap, additional
 * ones never overlap each other, and there are never more of them than the share. */
static void test_never_above_the_share(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GRand) rand = g_rand_new_with_seed(20261129);
    g_autoptr(GPtrArray) visits = g_ptr_array_new_with_free_func(g_free);
    unsigned n_full = 0;
    for (int step = 0; step < N_STEPS; step++) {
        int64_t at_ms = g_rand_boolean(rand) ? slot_time(g_rand_int_range(rand, 0, N_SLOTS))
                                             : fixture_time(0, 14, 0);
        int kind = g_rand_int_range(rand, 0, 5);
        if (kind == 0 && visits->len > 0) {
            unsigned i = (unsigned)g_rand_int_range(rand, 0, (gint32)visits->len);
            assert_int_equal(fixture_cancel(fixture, visits->pdata[i], ACTOR_PATIENT), -1);
            g_ptr_array_remove_index_fast(visits, i);
        } else if (kind < 3) {
            if (fixture_book(fixture, at_ms) == -1)
                g_ptr_array_add(visits, g_strdup(fixture->visit_id));
        } else {
            Given given = give(fixture, at_ms);
            if (given.code == -1)
                g_ptr_array_add(visits, given.visit_id);
        }
        Held held;
        check_held(fixture, &held);
        n_full += held.n_extra[0] == 2 && held.n_extra[1] == 2;
    }
    assert_true(n_full > 10);
}

/* Numbers of those who wait for the doctor, in order. */
typedef struct {
    Fixture *fixture;
    GString *ids;
} Waiting;

static bool waiting_job(DbTx *tx, gpointer data, GError **error)
{
    Waiting *waiting = data;
    const QueueKey key = {.practitioner_id = waiting->fixture->seed.doctors[0].id,
                          .local_date = FIXTURE_TODAY};
    g_autoptr(GArray) turns = queue_load(waiting->fixture->scheduling, tx, &key, error);
    for (unsigned i = 0; turns && i < turns->len; i++)
        g_string_append_printf(waiting->ids, "%s ", g_array_index(turns, Turn, i).id);
    return turns != NULL;
}

static void on_view(const VisitView *view, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;
    fixture_keep_error(fixture, error);
    assert_non_null(view);
    assert_true(view->is_extra);
    assert_int_equal(view->ahead, 1);
    assert_true(view->wait_max_minutes >= 15);
}

static void on_day(const Day *day, const GError *error, gpointer user_data)
{
    fixture_keep_error(user_data, error);
    assert_int_equal(day->visits->len, 2);
    for (unsigned i = 0; i < 2; i++)
        assert_int_equal(((DayVisit *)day->visits->pdata[i])->is_extra, i == 1);
}

static void test_comes_after_who_has_the_time(void **state)
{
    Fixture *fixture = *state;
    assert_int_equal(fixture_book(fixture, slot_time(0)), -1);
    g_autofree char *regular = g_strdup(fixture->visit_id);
    g_auto(Given) extra = give(fixture, slot_time(0));
    clock_advance(fixture->clock, 40 * MINUTE_MS);
    assert_int_equal(fixture_check_in(fixture, extra.visit_id), -1);
    clock_advance(fixture->clock, 5 * MINUTE_MS);
    assert_int_equal(fixture_check_in(fixture, regular), -1);
    clock_advance(fixture->clock, 16 * MINUTE_MS);
    Waiting waiting = {fixture, g_string_new(NULL)};
    fixture_run(fixture, waiting_job, &waiting);
    g_autofree char *ids = g_string_free(waiting.ids, FALSE);
    g_autofree char *expected = g_strdup_printf("%s %s ", regular, extra.visit_id);
    assert_string_equal(ids, expected);
    fixture->n_waiting += 2;
    visit_get_view(fixture->scheduling, extra.visit_id, on_view, fixture);
    day_list(fixture->scheduling, &doctor, NULL, on_day, fixture);
    fixture_wait(fixture);
}

static int move_to(Fixture *fixture, const char *visit_id, const Actor *actor, int64_t starts_at_ms,
                   Given *given)
{
    const MoveWish wish = {.practitioner_id = fixture->seed.doctors[0].id,
                           .starts_at_ms = starts_at_ms,
                           .may_be_extra = true,
                           .overlap_reason =
                               actor->role == ACTOR_PATIENT ? NULL : "the same person"};
    given->fixture = fixture;
    fixture->n_waiting++;
    booking_move(fixture->scheduling, visit_id, &wish, actor, on_given, given);
    fixture_wait(fixture);
    return given->code;
}

static void test_moved_by_staff_alone(void **state)
{
    Fixture *fixture = *state;
    assert_int_equal(fixture_book(fixture, slot_time(3)), -1);
    assert_int_equal(fixture_book(fixture, slot_time(6)), -1);
    g_autofree char *visit = g_strdup(fixture->visit_id);
    g_autofree char *participant = fixture_participant(fixture, visit, VISIT_ROLE_PATIENT);
    g_auto(Given) by_patient = {0};
    const Actor patient = {.role = ACTOR_PATIENT, .participant_id = participant};
    assert_int_equal(move_to(fixture, visit, &patient, slot_time(3), &by_patient),
                     SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_BOOKED);
    g_auto(Given) by_desk = {0};
    const Actor staff = desk(fixture);
    assert_int_equal(move_to(fixture, visit, &staff, slot_time(3), &by_desk), -1);
    assert_true(by_desk.is_extra);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_RESCHEDULED);
}

/* Those that were booked last are above a smaller share. */
static void test_smaller_share_lists_bookings(void **state)
{
    Fixture *fixture = *state;
    fill_slots(fixture); /* */
    g_auto(Given) first = give(fixture, slot_time(7));
    g_auto(Given) second = give(fixture, slot_time(2));
    assert_true(first.is_extra && second.is_extra);
    HoursEdit rule = rule_of(fixture, false, 13); /* one */
    assert_int_equal(change(fixture, &rule, false), SCHEDULING_ERROR_BOOKINGS_HIT);
    assert_string_equal(hits, "A-10 ");
    rule = rule_of(fixture, false, 0);
    assert_int_equal(change(fixture, &rule, false), SCHEDULING_ERROR_BOOKINGS_HIT);
    assert_string_equal(hits, "A-10 A-9 ");
    assert_int_equal(change(fixture, &rule, true), -1);
    assert_int_equal(fixture_state(fixture, second.visit_id), VISIT_STATE_BOOKED);
    assert_offers(fixture, "");
    /* They were above the share before: a change that leaves it so hits nobody. */
    rule.rule.minutes.to = 13 * 60 + 30;
    assert_int_equal(change(fixture, &rule, false), -1);
    rule.rule.pattern.extra_percent = HOURS_MAX_EXTRA_PERCENT;
    assert_int_equal(change(fixture, &rule, false), -1);
    assert_int_equal(fixture_cancel(fixture, first.visit_id, ACTOR_PATIENT), -1);
    rule.rule.pattern.extra_percent++;
    assert_int_equal(change(fixture, &rule, false), SCHEDULING_ERROR_INVALID_FIELDS);
}

static void test_smaller_quota_lists_bookings(void **state)
{
    Fixture *fixture = *state;
    fill_session(fixture);
    g_auto(Given) first = give(fixture, fixture_time(0, 14, 0));
    g_auto(Given) second = give(fixture, fixture_time(0, 14, 0));
    assert_true(first.is_extra && second.is_extra);
    HoursEdit rule = rule_of(fixture, true, 20);
    rule.rule.pattern.quota = 8; /* one more */
    assert_int_equal(change(fixture, &rule, false), SCHEDULING_ERROR_BOOKINGS_HIT);
    assert_string_equal(hits, "A-9 A-10 A-11 A-12 A-14 ");
    assert_int_equal(change(fixture, &rule, true), -1);
    /* Twelve are booked for eight: no more, not even additionally. */
    assert_int_equal(fixture_cancel(fixture, second.visit_id, ACTOR_PATIENT), -1);
    assert_int_equal(fixture_cancel(fixture, first.visit_id, ACTOR_PATIENT), -1);
    assert_offers(fixture, "");
}

static void on_daily(const Daily *daily, const GError *error, gpointer user_data)
{
    fixture_keep_error(user_data, error);
    assert_int_equal(daily->totals.booked, 3);
    assert_int_equal(daily->totals.extra, 1);
    assert_int_equal(((DailyRow *)daily->rows->pdata[0])->extra, 1);
}

static void test_counted_in_the_report(void **state)
{
    Fixture *fixture = *state;
    assert_int_equal(fixture_book(fixture, slot_time(0)), -1);
    assert_int_equal(fixture_book(fixture, slot_time(1)), -1);
    give_one(fixture, slot_time(0));
    fixture->n_waiting++;
    daily_report(fixture->scheduling, FIXTURE_TODAY, FIXTURE_TODAY, on_daily, fixture);
    fixture_wait(fixture);
}

int main(void)
{
#define EXTRA_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        EXTRA_TEST(test_beside_a_slot_that_is_taken),
        EXTRA_TEST(test_what_is_given_back),
        EXTRA_TEST(test_above_a_quota),
        EXTRA_TEST(test_who_may),
        EXTRA_TEST(test_last_additional_place_has_one_winner),
        EXTRA_TEST(test_never_above_the_share),
        EXTRA_TEST(test_comes_after_who_has_the_time),
        EXTRA_TEST(test_moved_by_staff_alone),
        EXTRA_TEST(test_smaller_share_lists_bookings),
        EXTRA_TEST(test_smaller_quota_lists_bookings),
        EXTRA_TEST(test_counted_in_the_report),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
