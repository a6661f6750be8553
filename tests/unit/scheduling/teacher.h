// SPDX-License-Identifier: Apache-2.0
/* Opens groups and books places in them, and keeps what was answered: for the tests of groups. */
#pragma once
#include "tests/unit/scheduling/fixture.h"

#include "scheduling/group/group.h"

/** What the last answers held. */
typedef struct {
    Fixture *fixture;
    char group_id[SCHEDULING_ID_BYTES], visit_id[SCHEDULING_ID_BYTES];
    char *field, *code, *shown, *token;
    int64_t starts_at_ms; /* of the group; teacher_book() asks for it */
    unsigned n_visits, n_groups;
    GroupState state;
    HoursObstacle obstacle;
    bool has_offer;
} Teacher;

void teacher_clear(Teacher *teacher);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Teacher, teacher_clear)

/** At 11.00 today, an hour, so many places. */
GroupDraft teacher_class(int places, bool is_open);

/** Each returns the error code. */
int teacher_open(Teacher *answer, const GroupDraft *draft, const Actor *actor);
/** A place for somebody of this NAME. */
int teacher_book(Teacher *answer, const char *name, const char *shown_as);
int teacher_book_by(Teacher *answer, const char *name, const Actor *actor);
typedef void (*TeacherCall)(Scheduling *scheduling, const char *group_id, const Actor *actor,
                            GroupDone done, gpointer user_data);
int teacher_run(Teacher *answer, TeacherCall call, const Actor *actor);

/** How many anybody may book. */
unsigned teacher_n_open(Teacher *answer);

/** A BookingDone of a Teacher. */
void teacher_on_booked(const Booking *booking, const GError *error, gpointer user_data);
