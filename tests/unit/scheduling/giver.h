// SPDX-License-Identifier: Apache-2.0
/* Gives additional places and changes the hours that they are of: for the tests of them. The first
 * doctor has slots from 11 to 13 (eight of a quarter of an hour, 25 %: two) and a session from 14
 * to 16 (twelve places, 20 %: two). */
#pragma once
#include "tests/unit/scheduling/fixture.h"

#include "scheduling/clinic/hours_edit.h"

enum { N_SLOTS = 8, QUOTA = 12 };

extern const Actor giver_doctor;
/** Numbers that the last change of hours hit: "A-1 ". */
extern char *giver_hits;

/** A booking by staff, in an additional place if need be. */
typedef struct {
    Fixture *fixture;
    int code, place;
    bool is_extra, has_token;
    char *visit_id;
    int64_t starts_at_ms;
} Given;

/** The state is a Fixture. */
int giver_set_up(void **state);
int giver_tear_down(void **state);

/** The rule of the slots or of the session with another share. */
HoursEdit giver_rule(const Fixture *fixture, bool is_session, int percent);

/** As the doctor; the error code. KEEP: bookings that it hits stay. */
int giver_change(Fixture *fixture, const HoursEdit *wanted, bool keep);

void given_clear(Given *given);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Given, given_clear)

/** A BookingDone of a Given. */
void giver_on_given(const Booking *booking, const GError *error, gpointer user_data);

/** Only asked: fixture_wait() waits for the answer. */
void giver_send(Fixture *fixture, const Actor *actor, int64_t starts_at_ms, Given *given);

/** By the desk. */
Given giver_give(Fixture *fixture, int64_t starts_at_ms);

/** An additional place, of which nothing else is asked. */
void giver_give_one(Fixture *fixture, int64_t starts_at_ms);

/** Of the nth slot. */
int64_t giver_slot_time(int n);
void giver_fill_slots(Fixture *fixture);
void giver_fill_session(Fixture *fixture);

/** "11.15:2 14.00:1 ": start and how many additional places are left; to be freed. */
char *giver_offers(Fixture *fixture, const Actor *actor);
void giver_assert_offers(Fixture *fixture, const char *expected);
