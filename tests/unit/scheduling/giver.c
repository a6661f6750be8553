// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/scheduling/giver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/booking.h"
#include "scheduling/clinic/slots.h"
#include "server/base/secret.h"

enum { TUESDAY = 1 << 2 };

const Actor giver_doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};
char *giver_hits;
static char rule_ids[2][HOURS_ID_BYTES]; /* slots, session */

static void on_edited(const HoursEdited *edited, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;
    fixture_keep_error(fixture, error);
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < edited->hits->len; i++)
        g_string_append_printf(text, "%s ", ((HoursHit *)edited->hits->pdata[i])->number);
    g_free(giver_hits);
    giver_hits = g_string_free(text, FALSE);
    if (!error && edited->ids->len > 0)
        g_strlcpy(rule_ids[rule_ids[0][0] ? 1 : 0], edited->ids->pdata[0], sizeof rule_ids[0]);
}

HoursEdit giver_rule(const Fixture *fixture, bool is_session, int percent)
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

int giver_change(Fixture *fixture, const HoursEdit *wanted, bool keep)
{
    HoursEdit kept = *wanted;
    kept.keeps_bookings = keep;
    fixture->n_waiting++;
    hours_edit(fixture->scheduling, &giver_doctor, fixture->seed.doctors[0].id, &kept, on_edited,
               fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

int giver_set_up(void **state)
{
    int failed = fixture_set_up(state);
    if (failed)
        return failed;
    Fixture *fixture = *state;
    memset(rule_ids, 0, sizeof rule_ids);
    fixture_clear_rules(fixture);
    for (int is_session = 0; is_session < 2; is_session++) {
        HoursEdit rule = giver_rule(fixture, is_session, is_session ? 20 : 25);
        assert_int_equal(giver_change(fixture, &rule, false), -1);
    }
    return 0;
}

int giver_tear_down(void **state)
{
    g_clear_pointer(&giver_hits, g_free);
    return fixture_tear_down(state);
}

void given_clear(Given *given)
{
    g_clear_pointer(&given->visit_id, g_free);
}

void giver_on_given(const Booking *booking, const GError *error, gpointer user_data)
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

void giver_send(Fixture *fixture, const Actor *actor, int64_t starts_at_ms, Given *given)
{
    given->fixture = fixture;
    fixture->n_waiting++;
    booking_create_extra(fixture->scheduling, another_person(fixture, starts_at_ms), actor,
                         giver_on_given, given);
}

Given giver_give(Fixture *fixture, int64_t starts_at_ms)
{
    Given given = {0};
    const Actor actor = fixture_staff(fixture, ACTOR_DESK, 0);
    giver_send(fixture, &actor, starts_at_ms, &given);
    fixture_wait(fixture);
    return given;
}

void giver_give_one(Fixture *fixture, int64_t starts_at_ms)
{
    g_auto(Given) given = giver_give(fixture, starts_at_ms);
    assert_int_equal(given.code, -1);
    assert_true(given.is_extra);
}

int64_t giver_slot_time(int n)
{
    return fixture_time(0, 11, 0) + n * 15 * MINUTE_MS;
}

void giver_fill_slots(Fixture *fixture)
{
    for (int i = 0; i < N_SLOTS; i++)
        assert_int_equal(fixture_book(fixture, giver_slot_time(i)), -1);
}

void giver_fill_session(Fixture *fixture)
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

char *giver_offers(Fixture *fixture, const Actor *actor)
{
    Offered offered = {fixture, g_string_new(NULL)};
    const SlotsQuery query = {
        fixture->clinic_id, fixture->seed.doctors[0].id, FIXTURE_TODAY, 1, NULL, false};
    fixture->n_waiting++;
    slots_list_extra(fixture->scheduling, actor, &query, on_offered, &offered);
    fixture_wait(fixture);
    return g_string_free(offered.text, FALSE);
}

void giver_assert_offers(Fixture *fixture, const char *expected)
{
    const Actor actor = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *offers = giver_offers(fixture, &actor);
    assert_string_equal(offers, expected);
}
