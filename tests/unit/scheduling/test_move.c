// SPDX-License-Identifier: Apache-2.0
/* Moving a booking, and coming again after one that was missed. */
#include "tests/unit/scheduling/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/move.h"
#include "tests/unit/scheduling/sweeper.h"

typedef struct {
    Fixture *fixture;
    char *visit_id, *number;
    int64_t starts_at_ms, earliest_at_ms;
    unsigned n_nearest;
    SlotOffer nearest[BOOKING_MAX_NEAREST];
} Moved;

static void moved_clear(Moved *moved)
{
    g_free(moved->visit_id);
    g_free(moved->number);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Moved, moved_clear)

static void on_moved(const Booking *booking, const GError *error, gpointer user_data)
{
    Moved *moved = user_data;
    moved->n_nearest = booking->n_nearest;
    memcpy(moved->nearest, booking->nearest, sizeof moved->nearest);
    moved->earliest_at_ms = booking->earliest_at_ms;
    fixture_keep_error(moved->fixture, error);
    if (error)
        return;
    assert_null(booking->token);
    moved->visit_id = g_strdup(booking->visit_id);
    moved->number = g_strdup(booking->number);
    moved->starts_at_ms = booking->starts_at_ms;
}

static int move(Fixture *fixture, const char *visit_id, int64_t starts_at_ms, const Actor *actor,
                Moved *moved)
{
    const MoveWish wish = {.practitioner_id = fixture->seed.doctors[0].id,
                           .starts_at_ms = starts_at_ms};
    moved->fixture = fixture;
    fixture->n_waiting++;
    booking_move(fixture->scheduling, visit_id, &wish, actor, on_moved, moved);
    fixture_wait(fixture);
    return fixture->error_code;
}

static int move_by_patient(Fixture *fixture, const char *visit_id, int64_t starts_at_ms,
                           Moved *moved)
{
    g_autofree char *id = fixture_participant(fixture, visit_id, VISIT_ROLE_PATIENT);
    const Actor actor = {.role = ACTOR_PATIENT, .participant_id = id};
    return move(fixture, visit_id, starts_at_ms, &actor, moved);
}

static int take_number(Fixture *fixture, const char *visit_id, Moved *moved)
{
    g_autofree char *id = fixture_participant(fixture, visit_id, VISIT_ROLE_PATIENT);
    const Actor actor = {.role = ACTOR_PATIENT, .participant_id = id};
    moved->fixture = fixture;
    fixture->n_waiting++;
    booking_take_number(fixture->scheduling, visit_id, &actor, on_moved, moved);
    fixture_wait(fixture);
    return fixture->error_code;
}

static char *booked(Fixture *fixture, int hour, int minute)
{
    assert_int_equal(fixture_book(fixture, fixture_time(0, hour, minute)), -1);
    return g_strdup(fixture->visit_id);
}

typedef struct {
    Fixture *fixture;
    const char *visit_id;
} Link;

static void on_grant(const TokenGrant *grant, const GError *error, gpointer user_data)
{
    Link *link = user_data;
    fixture_keep_error(link->fixture, error);
    assert_null(error);
    assert_string_equal(grant->view->id, link->visit_id);
    assert_string_equal(grant->view->patient, "Siti Aminah");
}

/* The link of the fixture's last booking opens VISIT_ID. */
static void assert_link_opens(Fixture *fixture, const char *visit_id)
{
    Link link = {fixture, visit_id};
    fixture->n_waiting++;
    token_authorize(fixture->scheduling, fixture->token, on_grant, &link);
    fixture_wait(fixture);
}

typedef struct {
    Fixture *fixture;
    char *token;
} Invited;

static void on_invited(const IssuedToken *issued, const GError *error, gpointer user_data)
{
    Invited *invited = user_data;
    fixture_keep_error(invited->fixture, error);
    assert_null(error);
    invited->token = g_strdup(issued->token);
}

static char *invite(Fixture *fixture, const char *visit_id, VisitGuest guest)
{
    Invited invited = {.fixture = fixture};
    const Actor actor = fixture_staff(fixture, ACTOR_DESK, 0);
    fixture->n_waiting++;
    token_invite_guest(fixture->scheduling, visit_id, guest, &actor, on_invited, &invited);
    fixture_wait(fixture);
    return invited.token;
}

typedef struct {
    Fixture *fixture;
    GString *text; /* role, kind and visit that the link opens, and may it come in */
} Opened;

static void on_opened(const TokenGrant *grant, const GError *error, gpointer user_data)
{
    Opened *opened = user_data;
    if (grant)
        g_string_printf(opened->text, "%s %s %s", visit_guest_name(grant->guest), grant->view->id,
                        visit_state_name(grant->view->state));
    fixture_keep_error(opened->fixture, error);
}

/* STATE NULL: the link opens nothing. */
static void assert_guest(Fixture *fixture, const char *token, const char *label,
                         const char *visit_id, const char *state)
{
    Opened opened = {fixture, g_string_new(NULL)};
    g_autofree char *text = g_strdup_printf("%s %s %s", label, visit_id, state);
    fixture->n_waiting++;
    token_authorize(fixture->scheduling, token, on_opened, &opened);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, state ? -1 : SCHEDULING_ERROR_LINK_INVALID);
    assert_string_equal(opened.text->str, state ? text : "");
    g_string_free(opened.text, TRUE);
}

/* An invitation is to the visit, whenever it is. */
static void test_guests_come_along(void **state)
{
    Fixture *fixture = *state;
    g_auto(Moved) moved = {0};
    g_auto(Moved) again = {0};
    g_autofree char *old = booked(fixture, 12, 0);
    g_autofree char *revoked = invite(fixture, old, VISIT_GUEST_INTERPRETER);
    g_autofree char *interpreter = invite(fixture, old, VISIT_GUEST_INTERPRETER);
    g_autofree char *family = invite(fixture, old, VISIT_GUEST_FAMILY);
    assert_guest(fixture, interpreter, "interpreter", old, "booked");
    assert_int_equal(move_by_patient(fixture, old, fixture_time(1, 9, 0), &moved), -1);
    assert_guest(fixture, interpreter, "interpreter", moved.visit_id, "booked");
    assert_guest(fixture, family, "family", moved.visit_id, "booked");
    assert_guest(fixture, revoked, NULL, NULL, NULL);
    /* A new link for it puts the first out, as before. */
    g_autofree char *other = invite(fixture, moved.visit_id, VISIT_GUEST_FAMILY);
    assert_guest(fixture, family, NULL, NULL, NULL);
    assert_int_equal(move_by_patient(fixture, moved.visit_id, fixture_time(2, 9, 0), &again), -1);
    assert_guest(fixture, interpreter, "interpreter", again.visit_id, "booked");
    assert_guest(fixture, other, "family", again.visit_id, "booked");
    assert_guest(fixture, family, NULL, NULL, NULL);
    fixture_cancel(fixture, again.visit_id, ACTOR_DESK);
    assert_guest(fixture, interpreter, "interpreter", again.visit_id, "cancelled_provider");
}

/* The booking of HOUR.MINUTE is missed; the clock stands 75 min and a moment after it. */
static char *missed(Fixture *fixture, int hour, int minute)
{
    char *visit = booked(fixture, hour, minute);
    int64_t over_ms = fixture_time(0, hour, minute) + 75 * MINUTE_MS + 1;
    fixture_turn_to(fixture, over_ms);
    assert_int_equal(sweeper_no_show(fixture), 1);
    return visit;
}

static void test_link_stays(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *old = booked(fixture, 11, 15);
    g_auto(Moved) moved = {0};
    assert_int_equal(move_by_patient(fixture, old, fixture_time(1, 9, 0), &moved), -1);
    assert_string_not_equal(moved.visit_id, old);
    assert_string_equal(moved.number, "A-1"); /* of another day */
    assert_int_equal(moved.starts_at_ms, fixture_time(1, 9, 0));
    assert_int_equal(fixture_state(fixture, old), VISIT_STATE_RESCHEDULED);
    assert_int_equal(fixture_state(fixture, moved.visit_id), VISIT_STATE_BOOKED);
    unsigned n = fixture->changes->len;
    assert_string_equal(fixture->changes->pdata[n - 2], "booked>rescheduled");
    assert_string_equal(fixture->changes->pdata[n - 1], "booked>booked");
    assert_link_opens(fixture, moved.visit_id);
    /* The old slot is free, the new one is not. */
    assert_int_equal(fixture_book(fixture, fixture_time(0, 11, 15)), -1);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 0)), SCHEDULING_ERROR_SLOT_TAKEN);
}

static void on_change(const VisitChange *change, gpointer user_data)
{
    g_string_append(user_data, visit_state_name(change->state));
    g_string_append(user_data, change->is_new ? " new; " : "; ");
}

/* Whoever had the old visit's link may be there when the new one is made; of a booking nobody is.
 */
static void test_only_a_booking_is_new(void **state)
{
    Fixture *fixture = *state;
    g_auto(Moved) moved = {0};
    GString *seen = g_string_new(NULL);
    scheduling_set_listener(fixture->scheduling, on_change, seen);
    g_autofree char *old = booked(fixture, 11, 15);
    assert_int_equal(move_by_patient(fixture, old, fixture_time(1, 9, 0), &moved), -1);
    assert_string_equal(seen->str, "booked new; rescheduled; booked; ");
    g_string_free(seen, TRUE);
}

static void test_asked_again_nothing_changes(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *old = booked(fixture, 11, 15);
    g_auto(Moved) moved = {0};
    g_auto(Moved) again = {0};
    assert_int_equal(move_by_patient(fixture, old, fixture_time(1, 9, 0), &moved), -1);
    unsigned n = fixture->changes->len;
    /* The link opens the new visit by now. */
    assert_int_equal(move_by_patient(fixture, moved.visit_id, fixture_time(1, 9, 0), &again), -1);
    assert_string_equal(again.visit_id, moved.visit_id);
    assert_int_equal(fixture->changes->len, n);
    g_auto(Moved) old_again = {0};
    assert_int_equal(move_by_patient(fixture, old, fixture_time(1, 10, 0), &old_again),
                     SCHEDULING_ERROR_VISIT_CANCELLED);
}

static void test_patient_until_an_hour_before(void **state)
{
    Fixture *fixture = *state;
    Actor loket = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *old = booked(fixture, 11, 15);
    g_auto(Moved) first = {0};
    g_auto(Moved) second = {0};
    clock_advance(fixture->clock, 15 * MINUTE_MS);
    assert_int_equal(move_by_patient(fixture, old, fixture_time(0, 12, 0), &first), -1);
    clock_advance(fixture->clock, 45 * MINUTE_MS + 1);
    assert_int_equal(move_by_patient(fixture, first.visit_id, fixture_time(0, 14, 0), &second),
                     SCHEDULING_ERROR_TOO_LATE);
    assert_int_equal(move(fixture, first.visit_id, fixture_time(0, 14, 0), &loket, &second), -1);
}

static void test_who_waits_is_moved_by_staff(void **state)
{
    Fixture *fixture = *state;
    const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};
    const Actor elsewhere = {
        .role = ACTOR_DESK, .user_id = "user-8", .facility_id = fixture->seed.facility_ids[1]};
    g_autofree char *old = booked(fixture, 10, 15);
    g_auto(Moved) moved = {0};
    assert_int_equal(fixture_check_in(fixture, old), -1);
    assert_int_equal(move_by_patient(fixture, old, fixture_time(0, 12, 0), &moved),
                     SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(move(fixture, old, fixture_time(0, 12, 0), &elsewhere, &moved),
                     SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(move(fixture, old, fixture_time(0, 12, 0), &doctor, &moved), -1);
    assert_string_equal(moved.number, "A-2");
}

static void test_refused_move_leaves_all(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *taken = booked(fixture, 14, 0);
    g_autofree char *old = booked(fixture, 13, 0);
    g_auto(Moved) moved = {0};
    assert_int_equal(move_by_patient(fixture, old, fixture_time(0, 14, 0), &moved),
                     SCHEDULING_ERROR_SLOT_TAKEN);
    assert_int_equal(moved.n_nearest, 3);
    assert_int_equal(move_by_patient(fixture, old, fixture_time(0, 14, 1), &moved),
                     SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    assert_int_equal(move_by_patient(fixture, old, INT64_MAX, &moved),
                     SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    /* Hours are then: it is too near, and from when on it is not is said. */
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    clock_advance(fixture->clock, 5 * MINUTE_MS + 1);
    assert_int_equal(move(fixture, old, fixture_time(0, 10, 15), &desk, &moved),
                     SCHEDULING_ERROR_TOO_SOON);
    assert_int_equal(moved.earliest_at_ms, fixture_time(0, 10, 21));
    assert_int_equal(fixture_state(fixture, old), VISIT_STATE_BOOKED);
    assert_link_opens(fixture, old);
    g_autofree char *other = fixture_participant(fixture, taken, VISIT_ROLE_PATIENT);
    const Actor stranger = {.role = ACTOR_PATIENT, .participant_id = other};
    assert_int_equal(move(fixture, old, fixture_time(0, 15, 0), &stranger, &moved),
                     SCHEDULING_ERROR_FORBIDDEN);
}

/* For somebody else than the fixture's patient. */
static void book_other(Fixture *fixture, const char *phone, int64_t starts_at_ms, bool any)
{
    BookingRequest *request = fixture_request(fixture, starts_at_ms);
    g_free(request->phone);
    request->phone = g_strdup(phone);
    g_free(request->name);
    request->name = g_strdup("Fatma Lihawa");
    g_clear_pointer(&request->nik, secret_text_free);
    request->any_doctor = any;
    assert_int_equal(fixture_book_request(fixture, request), -1);
}

/* The colleague has each of the times; the own doctor those from an hour on. */
static void test_near_a_taken_time_the_own_doctor_s_come_first(void **state)
{
    Fixture *fixture = *state;
    g_auto(Moved) moved = {0};
    g_auto(Moved) pool = {0};
    DemoColleagues made = {.scheduling = fixture->scheduling, .n = 1};
    fixture_run(fixture, demo_colleagues_job, &made);
    const char *own = fixture->seed.doctors[0].id;
    book_other(fixture, "0852 1000 0001", fixture_time(2, 9, 0), false);
    g_autofree char *named = g_strdup(fixture->visit_id);
    book_other(fixture, "0852 1000 0002", fixture_time(2, 9, 15), true);
    g_autofree char *any = g_strdup(fixture->visit_id);
    for (int i = 0; i < 9; i++) {
        g_autofree char *phone = g_strdup_printf("0852 2000 000%d", i);
        book_other(fixture, phone, fixture_time(1, 12, 0) + i * 15 * MINUTE_MS, false);
    }
    assert_int_equal(move_by_patient(fixture, named, fixture_time(1, 13, 0), &moved),
                     SCHEDULING_ERROR_SLOT_TAKEN);
    assert_int_equal(moved.n_nearest, 3);
    for (unsigned i = 0; i < moved.n_nearest; i++)
        assert_string_equal(moved.nearest[i].practitioner_id, own);
    /* Whose visit any doctor has is offered what is nearest, whoever's it is. */
    assert_int_equal(move_by_patient(fixture, any, fixture_time(1, 13, 0), &pool),
                     SCHEDULING_ERROR_SLOT_TAKEN);
    assert_string_equal(pool.nearest[0].practitioner_id, made.doctors[0].id);
    assert_int_equal(pool.nearest[0].starts_at_ms, fixture_time(1, 13, 0));
}

/* Cal 15640: one that was missed can be booked again, and the two are linked. */
static void test_missed_is_followed_once(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *old = missed(fixture, 10, 15);
    g_auto(Moved) moved = {0};
    g_auto(Moved) again = {0};
    assert_int_equal(move_by_patient(fixture, old, fixture_time(1, 9, 0), &moved), -1);
    assert_int_equal(fixture_state(fixture, old), VISIT_STATE_NO_SHOW_PATIENT);
    assert_link_opens(fixture, moved.visit_id);
    assert_int_equal(move_by_patient(fixture, old, fixture_time(1, 10, 0), &again),
                     SCHEDULING_ERROR_VISIT_ENDED);
}

static void test_number_after_a_missed_one(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *old = missed(fixture, 10, 15);
    g_auto(Moved) moved = {0};
    assert_int_equal(take_number(fixture, old, &moved), -1);
    assert_string_equal(moved.number, "A-2");
    assert_int_equal(moved.starts_at_ms, clock_wall_ms(fixture->clock));
    assert_int_equal(fixture_check_in(fixture, moved.visit_id), -1);
    assert_int_equal(take_number(fixture, moved.visit_id, &moved), SCHEDULING_ERROR_BAD_STATE);
}

static void test_no_number_while_closed(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *old = missed(fixture, 19, 30);
    g_auto(Moved) moved = {0};
    assert_int_equal(take_number(fixture, old, &moved), SCHEDULING_ERROR_SLOT_NOT_OFFERED);
}

/* Moves *AT from day 2's hour 9 on by half hours. */
static int next_half_hour(Fixture *fixture, char **visit_id, unsigned *at, const Actor *actor)
{
    g_auto(Moved) moved = {0};
    int64_t to_ms = fixture_time(2, 9, 0) + (*at)++ * 30 * MINUTE_MS;
    int code = actor ? move(fixture, *visit_id, to_ms, actor, &moved)
                     : move_by_patient(fixture, *visit_id, to_ms, &moved);
    if (code == -1) {
        g_free(*visit_id);
        *visit_id = g_steal_pointer(&moved.visit_id);
    }
    return code;
}

/* Each is a message and a number of the day. Staff's are neither refused nor counted; the same time
 * asked for again is no move. */
static void test_a_patient_moves_five_times_a_day(void **state)
{
    Fixture *fixture = *state;
    const Actor loket = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *visit = booked(fixture, 11, 15);
    unsigned at = 0;
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(next_half_hour(fixture, &visit, &at, NULL), -1);
        assert_int_equal(next_half_hour(fixture, &visit, &at, &loket), -1);
    }
    assert_int_equal(next_half_hour(fixture, &visit, &at, NULL), -1);
    assert_int_equal(next_half_hour(fixture, &visit, &at, NULL), -1);
    assert_int_equal(next_half_hour(fixture, &visit, &at, NULL), SCHEDULING_ERROR_MOVED_OFTEN);
    g_auto(Moved) same = {0};
    assert_int_equal(
        move_by_patient(fixture, visit, fixture_time(2, 9, 0) + (at - 2) * 30 * MINUTE_MS, &same),
        -1);
    assert_int_equal(next_half_hour(fixture, &visit, &at, &loket), -1);
    fixture_turn_to(fixture, fixture_time(1, 0, 0) - 1);
    assert_int_equal(next_half_hour(fixture, &visit, &at, NULL), SCHEDULING_ERROR_MOVED_OFTEN);
    clock_advance(fixture->clock, 1);
    assert_int_equal(next_half_hour(fixture, &visit, &at, NULL), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_guests_come_along, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_link_stays, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_only_a_booking_is_new, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_asked_again_nothing_changes, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_patient_until_an_hour_before, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_who_waits_is_moved_by_staff, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_refused_move_leaves_all, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_near_a_taken_time_the_own_doctor_s_come_first,
                                        fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_missed_is_followed_once, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_number_after_a_missed_one, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_a_patient_moves_five_times_a_day, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_no_number_while_closed, fixture_set_up,
                                        fixture_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
