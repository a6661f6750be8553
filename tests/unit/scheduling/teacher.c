// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/scheduling/teacher.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

void teacher_clear(Teacher *teacher)
{
    g_free(teacher->field);
    g_free(teacher->code);
    g_free(teacher->shown);
    g_free(teacher->token);
    *teacher = (Teacher){.fixture = teacher->fixture};
}

static void note_faults(Teacher *answer, const FaultList *faults)
{
    if (!faults || fault_list_length(faults) == 0)
        return;
    g_free(answer->field);
    g_free(answer->code);
    answer->field = g_strdup(fault_list_get(faults, 0)->field);
    answer->code = g_strdup(fault_list_get(faults, 0)->code);
}

static void on_group(const Group *group, const FaultList *faults, const GError *error,
                     gpointer user_data)
{
    Teacher *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    note_faults(answer, faults);
    if (error)
        return;
    g_strlcpy(answer->group_id, group->id, sizeof answer->group_id);
    answer->starts_at_ms = group->starts_at_ms;
    answer->n_visits = group->visits->len;
    answer->state = group->state;
    answer->obstacle = group->obstacle;
    if (group->visits->len > 0) {
        const GroupVisit *first = group->visits->pdata[0];
        g_free(answer->shown);
        answer->shown = g_strdup(first->shown_name);
    }
}

int teacher_open(Teacher *answer, const GroupDraft *draft, const Actor *actor)
{
    Fixture *fixture = answer->fixture;
    GroupDraft filled = *draft;
    filled.clinic_id = fixture->clinic_id;
    fixture->n_waiting++;
    group_open(fixture->scheduling, &filled, actor, on_group, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

GroupDraft teacher_class(int places, bool is_open)
{
    return (GroupDraft){.title = "Kelas  ibu hamil ",
                        .starts_at_ms = fixture_time(0, 11, 0),
                        .minutes = 60,
                        .places = places,
                        .is_open = is_open};
}

void teacher_on_booked(const Booking *booking, const GError *error, gpointer user_data)
{
    Teacher *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    note_faults(answer, booking->faults);
    if (error)
        return;
    g_strlcpy(answer->visit_id, booking->visit_id, sizeof answer->visit_id);
    g_free(answer->token);
    answer->token = g_strdup(booking->token);
}

static BookingRequest *wish(Teacher *answer, const char *name, const char *shown_as)
{
    BookingRequest *request = fixture_request(answer->fixture, answer->starts_at_ms);
    g_free(request->name);
    request->name = g_strdup(name);
    g_clear_pointer(&request->nik, g_free);
    request->group_id = g_strdup(answer->group_id);
    request->shown_as = g_strdup(shown_as);
    return request;
}

int teacher_book(Teacher *answer, const char *name, const char *shown_as)
{
    Fixture *fixture = answer->fixture;
    fixture->n_waiting++;
    booking_create(fixture->scheduling, wish(answer, name, shown_as), teacher_on_booked, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

int teacher_book_by(Teacher *answer, const char *name, const Actor *actor)
{
    Fixture *fixture = answer->fixture;
    fixture->n_waiting++;
    booking_create_at_desk(fixture->scheduling, wish(answer, name, NULL), actor, teacher_on_booked,
                           answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

int teacher_run(Teacher *answer, TeacherCall call, const Actor *actor)
{
    Fixture *fixture = answer->fixture;
    fixture->n_waiting++;
    call(fixture->scheduling, answer->group_id, actor, on_group, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void on_open(GPtrArray *groups, const GError *error, gpointer user_data)
{
    Teacher *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    answer->n_groups = groups->len;
    for (unsigned i = 0; i < groups->len; i++)
        assert_int_equal(((const Group *)groups->pdata[i])->visits->len, 0);
}

unsigned teacher_n_open(Teacher *answer)
{
    Fixture *fixture = answer->fixture;
    fixture->n_waiting++;
    group_list_open(fixture->scheduling, fixture->clinic_id, on_open, answer);
    fixture_wait(fixture);
    return answer->n_groups;
}
