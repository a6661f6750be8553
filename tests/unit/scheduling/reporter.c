// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/scheduling/reporter.h"
#include "tests/unit/scheduling/fixture_sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

void reporter_clear(Reporter *reporter)
{
    char *texts[] = {reporter->field, reporter->code, reporter->text, reporter->note};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    *reporter = (Reporter){.fixture = reporter->fixture};
}

const Actor reporter_doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};
const Actor reporter_admin = {.role = ACTOR_ADMIN, .user_id = "admin"};

Actor reporter_coordinator(const Fixture *fixture, unsigned facility)
{
    return (Actor){.role = ACTOR_COORDINATOR,
                   .user_id = "user-8",
                   .facility_id = fixture->seed.facility_ids[facility]};
}

static void on_reported(const IncidentReported *reported, const GError *error, gpointer user_data)
{
    Reporter *reporter = user_data;
    fixture_keep_error(reporter->fixture, error);
    if (fault_list_length(reported->faults) > 0) {
        const Fault *fault = fault_list_get(reported->faults, 0);
        reporter->field = g_strdup(fault->field);
        reporter->code = g_strdup(fault->code);
    }
    if (error)
        return;
    g_strlcpy(reporter->id, reported->id, sizeof reporter->id);
    reporter->was_removed = reported->was_removed;
    reporter->names_guest = *reported->participant_id != '\0';
}

IncidentReport reporter_insult(const char *key)
{
    return (IncidentReport){.key = key, .kind = INCIDENT_KIND_ABUSE, .text = REPORTER_WORDS};
}

int reporter_report(Fixture *fixture, const char *visit_id, const IncidentReport *what,
                    const Actor *actor, Reporter *reporter)
{
    reporter_clear(reporter);
    reporter->fixture = fixture;
    fixture->n_waiting++;
    incident_report(fixture->scheduling, visit_id, what, actor, on_reported, reporter);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void on_incident(const Incident *incident, const GError *error, gpointer user_data)
{
    Reporter *reporter = user_data;
    fixture_keep_error(reporter->fixture, error);
    if (error)
        return;
    reporter->state = incident->state;
    reporter->text = g_strdup(incident->text);
    reporter->blocked_until_ms = incident->blocked_until_ms;
    reporter->n_lines = incident->lines->len;
    for (unsigned i = 0; i < incident->lines->len; i++) {
        const IncidentLine *line = incident->lines->pdata[i];
        if (line->note)
            reporter->note = g_strdup(line->note);
    }
}

int reporter_look(Fixture *fixture, const char *incident_id, const Actor *actor, Reporter *reporter)
{
    reporter_clear(reporter);
    reporter->fixture = fixture;
    fixture->n_waiting++;
    incident_get(fixture->scheduling, incident_id, actor, on_incident, reporter);
    fixture_wait(fixture);
    return fixture->error_code;
}

int reporter_step(Fixture *fixture, const char *incident_id, IncidentStep what, const char *note,
                  const Actor *actor, Reporter *reporter)
{
    reporter_clear(reporter);
    reporter->fixture = fixture;
    fixture->n_waiting++;
    incident_add_step(fixture->scheduling, incident_id, what, note, actor, on_incident, reporter);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void on_list(const IncidentList *list, const GError *error, gpointer user_data)
{
    Reporter *reporter = user_data;
    fixture_keep_error(reporter->fixture, error);
    if (error)
        return;
    reporter->n_incidents = list->incidents->len;
    reporter->n_requests = list->requests->len;
    for (unsigned i = 0; i < list->incidents->len; i++) {
        const Incident *incident = list->incidents->pdata[i];
        assert_null(incident->text); /* words are read one by one, each an audit row */
        reporter->state = incident->state;
    }
    if (list->requests->len > 0) {
        const BookingToConfirm *request = list->requests->pdata[0];
        g_strlcpy(reporter->visit_id, request->visit_id, sizeof reporter->visit_id);
    }
}

int reporter_list(Fixture *fixture, const Actor *actor, Reporter *reporter)
{
    reporter_clear(reporter);
    reporter->fixture = fixture;
    fixture->n_waiting++;
    incident_list(fixture->scheduling, NULL, actor, on_list, reporter);
    fixture_wait(fixture);
    return fixture->error_code;
}

char *reporter_booked(Fixture *fixture, int hour, int minute)
{
    assert_int_equal(fixture_book(fixture, fixture_time(0, hour, minute)), -1);
    return g_strdup(fixture->visit_id);
}

/* 10.15, and in the call at once. */
char *reporter_talking(Fixture *fixture)
{
    char *visit = reporter_booked(fixture, 10, 15);
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    assert_int_equal(fixture_call(fixture, visit), -1);
    assert_int_equal(fixture_accept(fixture, visit), -1);
    assert_int_equal(fixture_connect(fixture, visit), -1);
    return visit;
}

unsigned reporter_count(Fixture *fixture, const char *sql)
{
    return (unsigned)fixture_sql_int(fixture, sql);
}
