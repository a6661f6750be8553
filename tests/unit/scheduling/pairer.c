// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/scheduling/pairer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "scheduling/note/note.h"

void pairer_clear(Pairer *answer)
{
    char *texts[] = {answer->pair_id,  answer->certainty, answer->patients[0], answer->patients[1],
                     answer->names[0], answer->names[1],  answer->niks[0],     answer->niks[1],
                     answer->fault,    answer->last_id};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    *answer = (Pairer){.fixture = answer->fixture};
}

static void on_booked(const Booking *booking, const GError *error, gpointer user_data)
{
    Pairer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    if (error)
        return;
    g_free(answer->fixture->visit_id);
    answer->fixture->visit_id = g_strdup(booking->visit_id);
}

int pairer_book(Fixture *fixture, int hour, int minute, const PairerWho *who)
{
    Pairer answer = {.fixture = fixture};
    clock_advance(fixture->clock, 1000); /* so that it is known which row is the older one */
    BookingRequest *request = fixture_request(fixture, fixture_time(0, hour, minute));
    g_free(request->name);
    request->name = g_strdup(who->name);
    g_free(request->nik);
    request->nik = g_strdup(who->nik);
    if (who->phone) {
        g_free(request->phone);
        request->phone = g_strdup(who->phone);
    }
    if (who->birth_date) {
        g_free(request->birth_date);
        request->birth_date = g_strdup(who->birth_date);
    }
    fixture->n_waiting++;
    booking_create(fixture->scheduling, request, on_booked, &answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void on_list(GPtrArray *pairs, bool has_more, const GError *error, gpointer user_data)
{
    Pairer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    if (error)
        return;
    answer->n_pairs = pairs->len;
    answer->has_more = has_more;
    if (pairs->len == 0)
        return;
    const PairEntry *entry = pairs->pdata[0];
    const PairEntry *last = pairs->pdata[pairs->len - 1];
    answer->pair_id = g_strdup(entry->id);
    answer->last_id = g_strdup(last->id);
    answer->certainty = g_strdup(pair_certainty_name(entry->certainty));
}

unsigned pairer_list_before(Fixture *fixture, PairState state, const char *before_id,
                            unsigned facility, Pairer *answer)
{
    const Actor actor = fixture_staff(fixture, ACTOR_DESK, facility);
    pairer_clear(answer);
    answer->fixture = fixture;
    fixture->n_waiting++;
    pair_list(fixture->scheduling, state, before_id, &actor, on_list, answer);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    return answer->n_pairs;
}

unsigned pairer_list(Fixture *fixture, PairState state, unsigned facility, Pairer *answer)
{
    return pairer_list_before(fixture, state, NULL, facility, answer);
}

static void on_pair(const Pair *pair, const GError *error, gpointer user_data)
{
    Pairer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    if (error)
        return;
    answer->state = pair->state;
    answer->n_events = pair->events->len;
    for (unsigned i = 0; i < 2; i++) {
        answer->patients[i] = g_strdup(pair->sides[i].patient_id);
        answer->names[i] = g_strdup(pair->sides[i].name);
        answer->niks[i] = g_strdup(pair->sides[i].nik_masked);
    }
}

int pairer_get(Fixture *fixture, const char *pair_id, const Actor *actor, Pairer *answer)
{
    pairer_clear(answer);
    answer->fixture = fixture;
    fixture->n_waiting++;
    pair_get(fixture->scheduling, pair_id, actor, on_pair, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

void pairer_on_decided(const FaultList *faults, const GError *error, gpointer user_data)
{
    Pairer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    if (faults && fault_list_length(faults) > 0)
        answer->fault = g_strdup(fault_list_get(faults, 0)->field);
}

int pairer_decide(Fixture *fixture, const char *pair_id, PairStep step, const char *keep,
                  const Actor *actor, Pairer *answer)
{
    const PairDecision decision = {step, keep, "KTP diperiksa"};
    answer->fixture = fixture;
    fixture->n_waiting++;
    pair_decide(fixture->scheduling, pair_id, &decision, actor, pairer_on_decided, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void on_nik(const NikGiven *given, const GError *error, gpointer user_data)
{
    Pairer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    answer->n_given = given->n_pairs;
    answer->n_warnings = fault_list_length(given->warnings);
    if (fault_list_length(given->faults) > 0)
        answer->fault = g_strdup(fault_list_get(given->faults, 0)->code);
}

int pairer_give_nik(Fixture *fixture, const char *visit_id, const char *nik, const Actor *actor,
                    Pairer *answer)
{
    pairer_clear(answer);
    answer->fixture = fixture;
    fixture->n_waiting++;
    person_give_nik(fixture->scheduling, visit_id, nik, actor, on_nik, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void on_earlier(GPtrArray *visits, const GError *error, gpointer user_data)
{
    Pairer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    answer->n_earlier = visits ? visits->len : 0;
}

unsigned pairer_earlier(Fixture *fixture, const char *visit_id)
{
    Pairer answer = {.fixture = fixture};
    const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};
    fixture->n_waiting++;
    note_list_earlier(fixture->scheduling, visit_id, &doctor, on_earlier, &answer);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    return answer.n_earlier;
}
