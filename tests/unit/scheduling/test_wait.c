// SPDX-License-Identifier: Apache-2.0
/* The wait list: who is offered what becomes free, in both ways of offering (Cal 10616). */
#include "tests/unit/scheduling/changer.h"
#include "tests/unit/scheduling/waiter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/hold.h"
#include "scheduling/wait/wait_sweep.h"

static void test_one_by_one(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) first = {0};
    g_auto(Waiter) second = {0};
    waiter_join(fixture, &first, "Siti Aminah", "0812 3456 7890");
    clock_advance(fixture->clock, 1);
    waiter_join(fixture, &second, "Budi", "0812 3456 7891");
    assert_int_equal(second.n_ahead, 1);
    assert_int_equal(waiter_sweep(fixture, NULL), 0);
    waiter_open_slots(fixture, 1);
    assert_int_equal(waiter_sweep(fixture, NULL), 1);
    assert_int_equal(waiter_sweep(fixture, NULL), 0);
    waiter_assert_offered(&first, true);
    waiter_assert_offered(&second, false);
    assert_true(first.is_kept);
    assert_int_equal(first.turn_at_ms, waiter_nine());
    assert_int_equal(fixture_book(fixture, waiter_nine()), SCHEDULING_ERROR_SLOT_TAKEN);
    clock_advance(fixture->clock, 15 * MINUTE_MS - 1);
    assert_int_equal(waiter_sweep(fixture, NULL), 0);
    g_autofree char *late = g_strdup(first.offer);
    clock_advance(fixture->clock, 1);
    assert_int_equal(waiter_accept(&first, late), SCHEDULING_ERROR_OFFER_OVER);
    unsigned n_ended = 0;
    assert_int_equal(waiter_sweep(fixture, &n_ended), 1);
    assert_int_equal(n_ended, 1);
    waiter_assert_offered(&first, false);
    assert_string_equal(first.last, "expired");
    waiter_assert_offered(&second, true);
    assert_int_equal(waiter_accept(&second, late), SCHEDULING_ERROR_OFFER_OVER);
    assert_int_equal(waiter_accept(&second, second.offer), -1);
    g_autofree char *visit_id = g_strdup(second.visit_id);
    assert_int_equal(waiter_accept(&second, second.offer), -1);
    assert_string_equal(second.visit_id, visit_id);
    assert_int_equal(waiter_look(&second), -1);
    assert_int_equal(second.state, WAIT_STATE_BOOKED);
    assert_int_equal(fixture_state(fixture, visit_id), VISIT_STATE_BOOKED);
    assert_int_equal(fixture_book(fixture, waiter_nine()), SCHEDULING_ERROR_SLOT_TAKEN);
    assert_int_equal(waiter_sweep(fixture, NULL), 0);
}

static void test_all_at_once(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) a = {0};
    g_auto(Waiter) b = {0};
    g_auto(Waiter) c = {0};
    fixture_run(fixture, waiter_all_at_once_job, fixture);
    waiter_join(fixture, &a, "Ani", "081234567891");
    waiter_join(fixture, &b, "Budi", "081234567892");
    waiter_join(fixture, &c, "Citra", "081234567893");
    waiter_open_slots(fixture, 2);
    assert_int_equal(waiter_sweep(fixture, NULL), 3);
    waiter_assert_offered(&a, true);
    waiter_assert_offered(&b, true);
    waiter_assert_offered(&c, true);
    assert_false(a.is_kept);
    assert_int_equal(a.turn_at_ms, waiter_nine());
    assert_int_equal(b.turn_at_ms, waiter_nine());
    assert_int_equal(waiter_accept(&b, b.offer), -1);
    assert_int_equal(waiter_accept(&a, a.offer), SCHEDULING_ERROR_OFFER_OVER);
    waiter_assert_offered(&a, false);
    assert_string_equal(a.last, "lost");
    assert_int_equal(a.state, WAIT_STATE_WAITING);
    /* The other slot is next; one who is on no list may be faster. */
    assert_int_equal(waiter_sweep(fixture, NULL), 2);
    waiter_assert_offered(&a, true);
    assert_int_equal(a.turn_at_ms, waiter_nine() + 15 * MINUTE_MS);
    assert_int_equal(fixture_book(fixture, waiter_nine() + 15 * MINUTE_MS), -1);
    assert_int_equal(waiter_accept(&a, a.offer), SCHEDULING_ERROR_SLOT_TAKEN);
    unsigned n_ended = 0;
    assert_int_equal(waiter_sweep(fixture, &n_ended), 0);
    assert_int_equal(n_ended, 2);
    waiter_assert_offered(&c, false);
    assert_string_equal(c.last, "lost");
    /* What was lost may be offered again. */
    assert_int_equal(fixture_cancel(fixture, fixture->visit_id, ACTOR_PATIENT), -1);
    assert_int_equal(waiter_sweep(fixture, NULL), 2);
}

static void test_urgent_first(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) first = {0};
    g_auto(Waiter) second = {0};
    waiter_join(fixture, &first, "Ani", "081234567891");
    clock_advance(fixture->clock, 1);
    waiter_join(fixture, &second, "Budi", "081234567892");
    assert_int_equal(waiter_set_urgent(&second, 1, "sesak napas"), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(waiter_set_urgent(&second, 0, "sesak napas"), -1);
    assert_int_equal(waiter_look(&first), -1);
    assert_int_equal(first.n_ahead, 1);
    waiter_open_slots(fixture, 1);
    assert_int_equal(waiter_sweep(fixture, NULL), 1);
    waiter_assert_offered(&second, true);
    assert_int_equal(waiter_leave(&second), -1);
    assert_int_equal(waiter_leave(&second), -1);
    assert_int_equal(waiter_set_urgent(&second, 0, NULL), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(waiter_sweep(fixture, NULL), 1);
    waiter_assert_offered(&first, true);
}

static void test_declined_is_the_next_ones(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) first = {0};
    g_auto(Waiter) second = {0};
    waiter_join(fixture, &first, "Ani", "081234567891");
    clock_advance(fixture->clock, 1);
    waiter_join(fixture, &second, "Budi", "081234567892");
    waiter_open_slots(fixture, 1);
    assert_int_equal(waiter_sweep(fixture, NULL), 1);
    waiter_assert_offered(&first, true);
    assert_int_equal(waiter_decline(&first), -1);
    assert_int_equal(waiter_decline(&first), SCHEDULING_ERROR_OFFER_OVER);
    assert_int_equal(waiter_sweep(fixture, NULL), 1);
    waiter_assert_offered(&first, false);
    assert_int_equal(first.state, WAIT_STATE_WAITING);
    assert_string_equal(first.last, "declined");
    waiter_assert_offered(&second, true);
}

static void test_not_at_night(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) one = {0};
    waiter_join(fixture, &one, "Ani", "081234567891");
    waiter_open_slots(fixture, 1);
    clock_advance(fixture->clock, 10 * HOUR_MS + 46 * MINUTE_MS); /* 20.46 */
    assert_int_equal(waiter_sweep(fixture, NULL), 0);
    clock_advance(fixture->clock, 9 * HOUR_MS + 14 * MINUTE_MS - 1); /* before 06.00 */
    assert_int_equal(waiter_sweep(fixture, NULL), 0);
    clock_advance(fixture->clock, 1);
    assert_int_equal(waiter_sweep(fixture, NULL), 1);
}

/* Nor so late that the last second of the offer would be too late to book. */
static unsigned offered_before(Fixture *fixture, Waiter *one, int64_t before_ms)
{
    waiter_join(fixture, one, "Ani", "081234567891");
    waiter_open_slots(fixture, 1);
    clock_advance(fixture->clock, waiter_nine() - fixture_time(0, 10, 0) - before_ms);
    return waiter_sweep(fixture, NULL);
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
    waiter_assert_offered(&one, true);
    clock_advance(fixture->clock, 15 * MINUTE_MS - 1);
    assert_int_equal(waiter_accept(&one, one.offer), -1);
}

typedef struct {
    const char *visit_id;
    char words[64];
} ContactOf;

static bool contact_job(DbTx *tx, gpointer data, GError **error)
{
    ContactOf *op = data;
    DbQuery *row = db_query(tx, "letter_visit");
    db_bind_text(row, 1, op->visit_id);
    if (!scheduling_need_row(row, "visit", error))
        return false;
    g_snprintf(op->words, sizeof op->words, "%s %s%s", db_column_text(row, 14),
               db_column_text(row, 15), db_column_is_null(row, 16) ? "" : " mother");
    db_reset(row);
    return true;
}

static char *contact_of(Fixture *fixture, const char *visit_id)
{
    ContactOf op = {visit_id, ""};
    fixture_run(fixture, contact_job, &op);
    return g_strdup(op.words);
}

/* The other doctor, who works in another clinic. */
static void book_elsewhere(Fixture *fixture, int64_t starts_at_ms)
{
    BookingRequest *who = waiter_person(fixture, "Siti Aminah", "0812 3456 7890");
    ClinicOf clinic = {fixture, 1, ""};
    fixture_run(fixture, waiter_clinic_job, &clinic);
    g_free(who->clinic_id);
    g_free(who->practitioner_id);
    who->clinic_id = g_strdup(clinic.id);
    who->practitioner_id = g_strdup(fixture->seed.doctors[1].id);
    who->starts_at_ms = starts_at_ms;
    Waiter visit = {.fixture = fixture};
    fixture->n_waiting++;
    booking_create(fixture->scheduling, who, waiter_on_accepted, &visit);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    g_free(visit.visit_id);
}

static void test_never_beside_the_own_booking(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) one = {0};
    waiter_open_hours(fixture, 1, 2, true);
    book_elsewhere(fixture, waiter_nine());
    waiter_join(fixture, &one, "Siti Aminah", "0812 3456 7890");
    waiter_open_slots(fixture, 2);
    assert_int_equal(waiter_sweep(fixture, NULL), 1);
    waiter_assert_offered(&one, true);
    assert_int_equal(one.turn_at_ms, waiter_nine() + 15 * MINUTE_MS);
    /* And one that was booked after the offer. */
    book_elsewhere(fixture, waiter_nine() + 15 * MINUTE_MS);
    assert_int_equal(waiter_accept(&one, one.offer), SCHEDULING_ERROR_OWN_BOOKING);
    waiter_assert_offered(&one, true);
}

/* A mother's twins have her phone and one birth date: each is seen at a time of its own, and what
 * the one has booked is not in the other's way. */
static void test_a_twins_booking_is_not_the_own(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) twin = {0};
    waiter_open_hours(fixture, 1, 2, true);
    book_elsewhere(fixture, waiter_nine());
    BookingRequest *who = waiter_person(fixture, "Sita Aminah", "0812 3456 7890");
    who->contact_name = g_strdup("Rina Hasan");
    who->contact_relation = g_strdup("parent");
    who->mother_nik = g_strdup("7571025708900001");
    assert_int_equal(waiter_join_with(fixture, &twin, who, SUNDAY, SUNDAY), -1);
    waiter_open_slots(fixture, 2);
    assert_int_equal(waiter_sweep(fixture, NULL), 1);
    waiter_assert_offered(&twin, true);
    assert_int_equal(twin.turn_at_ms, waiter_nine());
    assert_int_equal(waiter_accept(&twin, twin.offer), -1);
    g_autofree char *contact = contact_of(fixture, twin.visit_id);
    assert_string_equal(contact, "Rina Hasan parent mother");
}

/* The same name and birth date with another phone is somebody else. */
static void test_a_namesakes_booking_is_not_the_own(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) namesake = {0};
    waiter_open_hours(fixture, 1, 2, true);
    book_elsewhere(fixture, waiter_nine());
    waiter_join(fixture, &namesake, "Siti Aminah", "0812 9999 0000");
    waiter_open_slots(fixture, 2);
    assert_int_equal(waiter_sweep(fixture, NULL), 1);
    waiter_assert_offered(&namesake, true);
    assert_int_equal(namesake.turn_at_ms, waiter_nine());
    assert_int_equal(waiter_accept(&namesake, namesake.offer), -1);
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
    waiter_open_slots(fixture, 1);
    assert_int_equal(fixture_book(fixture, waiter_nine()), -1);
    waiter_join(fixture, &one, "Budi", "081234567892");
    assert_int_equal(waiter_sweep(fixture, NULL), 0);
    assert_int_equal(fixture_cancel(fixture, fixture->visit_id, ACTOR_PATIENT), -1);
    /* Somebody fills in the form. */
    const HoldRequest hold = {
        fixture->clinic_id, fixture->seed.doctors[0].id, waiter_nine(), "a", NULL, NULL, NULL};
    fixture->n_waiting++;
    hold_create(fixture->scheduling, &hold, on_held, fixture);
    fixture_wait(fixture);
    assert_int_equal(waiter_sweep(fixture, NULL), 0);
    clock_advance(fixture->clock, 5 * MINUTE_MS);
    assert_int_equal(waiter_sweep(fixture, NULL), 1);
    waiter_assert_offered(&one, true);
    /* Hours that are closed take it away again. */
    waiter_open_hours(fixture, 0, 1, false);
    assert_int_equal(waiter_accept(&one, one.offer), SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    unsigned n_ended = 0;
    assert_int_equal(waiter_sweep(fixture, &n_ended), 0);
    assert_int_equal(n_ended, 1);
    waiter_assert_offered(&one, false);
    assert_string_equal(one.last, "lost");
}

/* Of what is offered to all somebody else fills in the form: it is not gone before it is booked. */
static void test_form_is_not_the_end(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) one = {0};
    fixture_run(fixture, waiter_all_at_once_job, fixture);
    waiter_join(fixture, &one, "Budi", "081234567892");
    waiter_open_slots(fixture, 1);
    assert_int_equal(waiter_sweep(fixture, NULL), 1);
    const HoldRequest hold = {
        fixture->clinic_id, fixture->seed.doctors[0].id, waiter_nine(), "a", NULL, NULL, NULL};
    fixture->n_waiting++;
    hold_create(fixture->scheduling, &hold, on_held, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    unsigned n_ended = 0;
    assert_int_equal(waiter_sweep(fixture, &n_ended), 0);
    assert_int_equal(n_ended, 0);
    waiter_assert_offered(&one, true);
    assert_int_equal(waiter_accept(&one, one.offer), SCHEDULING_ERROR_SLOT_TAKEN);
    clock_advance(fixture->clock, 5 * MINUTE_MS);
    assert_int_equal(waiter_accept(&one, one.offer), -1);
}

static void on_news(const char *const *entry_ids, gpointer user_data)
{
    for (const char *const *id = entry_ids; *id; id++)
        g_ptr_array_add(user_data, g_strdup(*id));
}

/* That since the last time those of WHO with a '1' in HEARD heard something, once each. */
static void assert_heard(GPtrArray *news, const Waiter *const *who, const char *heard)
{
    unsigned n = 0;
    for (unsigned i = 0; heard[i]; i++) {
        unsigned times = 0;
        for (unsigned j = 0; j < news->len; j++)
            times += strcmp(news->pdata[j], who[i]->id) == 0;
        assert_int_equal(times, heard[i] - '0');
        n += times;
    }
    assert_int_equal(news->len, n);
    g_ptr_array_set_size(news, 0);
}

/* Whose page shows something else now hears of it, whatever has caused it, and nobody else. */
static void test_who_hears(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) first = {0};
    g_auto(Waiter) second = {0};
    g_auto(Waiter) third = {0};
    const Waiter *const who[] = {&first, &second, &third};
    g_autoptr(GPtrArray) news = g_ptr_array_new_with_free_func(g_free);
    wait_list_set_listener(fixture->scheduling, on_news, news);
    waiter_join(fixture, &first, "Ani", "081234567891");
    clock_advance(fixture->clock, 1);
    waiter_join(fixture, &second, "Budi", "081234567892");
    clock_advance(fixture->clock, 1);
    waiter_join(fixture, &third, "Citra", "081234567893");
    assert_int_equal(waiter_sweep(fixture, NULL), 0);
    assert_heard(news, who, "000");
    waiter_open_slots(fixture, 1);
    assert_int_equal(waiter_sweep(fixture, NULL), 1);
    assert_heard(news, who, "100");
    assert_int_equal(waiter_sweep(fixture, NULL), 0);
    assert_heard(news, who, "000");
    waiter_assert_offered(&first, true);
    assert_int_equal(waiter_decline(&first), -1);
    assert_heard(news, who, "100");
    assert_int_equal(waiter_decline(&first), SCHEDULING_ERROR_OFFER_OVER);
    assert_heard(news, who, "000");
    assert_int_equal(waiter_sweep(fixture, NULL), 1);
    assert_heard(news, who, "010");
    clock_advance(fixture->clock, WAIT_OFFER_MINUTES * MINUTE_MS);
    assert_int_equal(waiter_sweep(fixture, NULL), 1);
    assert_heard(news, who, "011");
    assert_int_equal(waiter_set_urgent(&second, 0, "reason"), -1);
    assert_heard(news, who, "111");
    waiter_assert_offered(&third, true);
    assert_int_equal(waiter_accept(&third, third.offer), -1);
    assert_heard(news, who, "111");
    assert_int_equal(waiter_leave(&first), -1);
    assert_heard(news, who, "110");
    clock_advance(fixture->clock, 7 * 24 * HOUR_MS);
    assert_int_equal(waiter_sweep(fixture, NULL), 0);
    assert_heard(news, who, "010");
    wait_list_set_listener(fixture->scheduling, NULL, NULL);
}

static void count_free(gpointer user_data)
{
    (*(unsigned *)user_data)++;
}

/* How often it was told since the last time that something may be free. */
static unsigned take_told(unsigned *n_told)
{
    unsigned n = *n_told;
    *n_told = 0;
    return n;
}

static void on_form_held(const Hold *hold, const GError *error, gpointer user_data)
{
    Waiter *waiter = user_data;
    waiter_keep_text(&waiter->token, error ? NULL : hold->token);
    fixture_keep_error(waiter->fixture, error);
}

/* Somebody fills in the form for the time, and leaves it. */
static void hold_and_leave(Fixture *fixture, unsigned *n_told)
{
    g_auto(Waiter) form = {.fixture = fixture};
    ClinicOf clinic = {fixture, 0, ""};
    fixture_run(fixture, waiter_clinic_job, &clinic);
    const HoldRequest request = {.clinic_id = clinic.id,
                                 .practitioner_id = fixture->seed.doctors[0].id,
                                 .starts_at_ms = waiter_nine(),
                                 .address = "10.0.0.1"};
    fixture->n_waiting++;
    hold_create(fixture->scheduling, &request, on_form_held, &form);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_int_equal(take_told(n_told), 0);
    fixture->n_waiting++;
    hold_release(fixture->scheduling, form.token, fixture_on_done, fixture);
    fixture_wait(fixture);
    assert_int_equal(take_told(n_told), 1);
}

/* Whatever may have made something free says so at once; what takes a place does not. */
static void test_told_what_may_be_free(void **state)
{
    Fixture *fixture = *state;
    unsigned n_told = 0, n_ended = 0;
    g_auto(Waiter) first = {0};
    g_auto(Waiter) second = {0};
    wait_sweep_set_listener(fixture->scheduling, count_free, &n_told);
    waiter_open_slots(fixture, 1);
    assert_int_equal(take_told(&n_told), 1);
    hold_and_leave(fixture, &n_told);
    assert_int_equal(fixture_book(fixture, waiter_nine()), -1);
    assert_int_equal(take_told(&n_told), 0);
    waiter_join(fixture, &first, "Ani", "081234567891");
    assert_int_equal(take_told(&n_told), 1);
    clock_advance(fixture->clock, 1);
    waiter_join(fixture, &second, "Budi", "081234567892");
    assert_int_equal(take_told(&n_told), 1);
    assert_int_equal(fixture_cancel(fixture, fixture->visit_id, ACTOR_PATIENT), -1);
    assert_int_equal(take_told(&n_told), 1);
    assert_int_equal(fixture_cancel(fixture, fixture->visit_id, ACTOR_PATIENT),
                     SCHEDULING_ERROR_VISIT_CANCELLED);
    assert_int_equal(take_told(&n_told), 0);
    /* An offer is no reason to look again. */
    assert_int_equal(waiter_sweep(fixture, NULL), 1);
    assert_int_equal(take_told(&n_told), 0);
    waiter_assert_offered(&first, true);
    assert_int_equal(waiter_decline(&first), -1);
    assert_int_equal(take_told(&n_told), 1);
    assert_int_equal(waiter_sweep(fixture, &n_ended), 1);
    waiter_assert_offered(&second, true);
    assert_int_equal(waiter_accept(&second, second.offer), -1);
    assert_int_equal(take_told(&n_told), 1);
    assert_int_equal(waiter_leave(&first), -1);
    assert_int_equal(take_told(&n_told), 1);
    wait_sweep_set_listener(fixture->scheduling, NULL, NULL);
}

/* Whoever has the link of the list had a link to the visit by it, also once the visit's were
 * revoked because the number is somebody else's. */
static void test_no_further_link_once_they_were_revoked(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) one = {0};
    g_auto(Changer) changer = {.fixture = fixture};
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    waiter_join(fixture, &one, "Ani", "081234567891");
    waiter_open_slots(fixture, 1);
    assert_int_equal(waiter_sweep(fixture, NULL), 1);
    assert_int_equal(waiter_look(&one), -1);
    g_autofree char *offer = g_strdup(one.offer);
    assert_int_equal(waiter_accept(&one, offer), -1);
    assert_int_equal(waiter_accept(&one, offer), -1);
    g_autofree char *visit = g_strdup(one.visit_id);
    assert_int_equal(changer_change(&changer, visit, CHANGER_RIGHT, &desk), -1);
    assert_int_equal(waiter_accept(&one, offer), SCHEDULING_ERROR_OFFER_OVER);
    assert_int_equal(changer_opens(fixture, changer.token), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WAITERS(test_one_by_one),
        WITH_WAITERS(test_all_at_once),
        WITH_WAITERS(test_urgent_first),
        WITH_WAITERS(test_declined_is_the_next_ones),
        WITH_WAITERS(test_not_at_night),
        WITH_WAITERS(test_too_near),
        WITH_WAITERS(test_not_too_near),
        WITH_WAITERS(test_never_beside_the_own_booking),
        WITH_WAITERS(test_a_twins_booking_is_not_the_own),
        WITH_WAITERS(test_a_namesakes_booking_is_not_the_own),
        WITH_WAITERS(test_whatever_made_it_free),
        WITH_WAITERS(test_form_is_not_the_end),
        WITH_WAITERS(test_who_hears),
        WITH_WAITERS(test_told_what_may_be_free),
        WITH_WAITERS(test_no_further_link_once_they_were_revoked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
