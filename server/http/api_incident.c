// SPDX-License-Identifier: Apache-2.0
/* Incidents: doctor or desk removes somebody and says why; coordinator and administrator look at
 * it, close it, and answer bookings of who is blocked. */
#include "server/http/api_tables.h"

#include "scheduling/incident/incident.h"

/* Reporting. */

static void on_reported(const IncidentReported *reported, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        api_reply_refusal(call->request, reported->faults, error);
        return;
    }
    /* A patient goes with the visit, which is over; a guest alone. */
    if (*reported->participant_id)
        signaling_dismiss(call->api->signaling, http_request_path_parameter(call->request, "visit"),
                          reported->participant_id, SIGNALING_CODE_LINK_INVALID);
    http_reply_json(
        call->request, 201,
        json_pack("{s:s, s:b}", "incident", reported->id, "removed", reported->was_removed));
}

static void post_incident(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    IncidentReport report = {
        .key = http_request_string(request, "key"),
        .text = http_request_string(request, "text"),
        .block_days = (unsigned)http_request_int(request, "block_days", 0),
    };
    api_actor(request, &actor);
    /* The schema's values are names. */
    g_assert(incident_who_parse(http_request_string(request, "who"), &report.who));
    g_assert(incident_kind_parse(http_request_string(request, "kind"), &report.kind));
    incident_report(api->scheduling, http_request_path_parameter(request, "visit"), &report, &actor,
                    on_reported, api_call_new(api, request));
}

/* Looking at them. */

static json_t *lines_json(const Incident *incident)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < incident->lines->len; i++) {
        const IncidentLine *line = incident->lines->pdata[i];
        json_array_append_new(list, json_pack("{s:s, s:I, s:s, s:s?}", "step",
                                              incident_step_name(line->step), "at_ms",
                                              (json_int_t)line->at_ms, "by", line->by_role, "note",
                                              line->note));
    }
    return list;
}

static json_t *incident_json(const Incident *incident)
{
    json_t *json =
        json_pack("{s:s, s:I, s:s, s:s, s:s, s:b, s:s, s:o}", "id", incident->id, "at_ms",
                  (json_int_t)incident->at_ms, "by", incident->by_role, "who",
                  incident_who_name(incident->who), "kind", incident_kind_name(incident->kind),
                  "removed", incident->was_removed, "state", incident_state_name(incident->state),
                  "blocked_until_ms", api_time(incident->blocked_until_ms));
    json_t *visit =
        json_pack("{s:s, s:s, s:I, s:s, s:s, s:s}", "code", incident->code, "number",
                  incident->number, "starts_at_ms", (json_int_t)incident->starts_at_ms, "facility",
                  incident->facility, "clinic", incident->clinic, "doctor", incident->doctor);
    json_object_set_new(json, "visit", visit);
    if (incident->text) {
        json_object_set_new(json, "text", json_string(incident->text));
        json_object_set_new(json, "steps", lines_json(incident));
    }
    return json;
}

static json_t *request_json(const BookingToConfirm *request)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:s}", "visit", request->visit_id,
                     "code", request->code, "number", request->number, "facility",
                     request->facility, "clinic", request->clinic, "doctor", request->doctor,
                     "starts_at_ms", (json_int_t)request->starts_at_ms, "requested_at_ms",
                     (json_int_t)request->requested_at_ms, "why",
                     request->has_missed ? "missed" : "incident");
}

static void on_list(const IncidentList *list, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    json_t *incidents = json_array();
    json_t *requests = json_array();
    for (unsigned i = 0; i < list->incidents->len; i++)
        json_array_append_new(incidents, incident_json(list->incidents->pdata[i]));
    for (unsigned i = 0; i < list->requests->len; i++)
        json_array_append_new(requests, request_json(list->requests->pdata[i]));
    http_reply_json(call->request, 200,
                    json_pack("{s:o, s:b, s:o}", "incidents", incidents, "more", list->has_more,
                              "requests", requests));
}

static void get_incidents(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    incident_list(api->scheduling, http_request_query(request, "before"), &actor, on_list,
                  api_call_new(api, request));
}

static void on_incident(const Incident *incident, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error)
        http_reply_error(call->request, error);
    else
        http_reply_json(call->request, 200, incident_json(incident));
}

static void get_incident(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    incident_get(api->scheduling, http_request_path_parameter(request, "incident"), &actor,
                 on_incident, api_call_new(api, request));
}

static void post_step(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    IncidentStep step = INCIDENT_STEP_LOOKED_AT;
    g_autofree char *note = g_strdup(http_request_string(request, "note"));
    api_actor(request, &actor);
    g_assert(incident_step_parse(http_request_string(request, "step"), &step));
    bool says_nothing = !note || *g_strstrip(note) == '\0';
    if (step == INCIDENT_STEP_CLOSED && says_nothing) {
        g_autoptr(FaultList) faults = fault_list_new();
        fault_list_add(faults, "note", "required", "1..500");
        http_reply_problem(request, HTTP_PROBLEM_INVALID_FIELDS, faults);
        return;
    }
    incident_add_step(api->scheduling, http_request_path_parameter(request, "incident"), step,
                      says_nothing ? NULL : note, &actor, on_incident, api_call_new(api, request));
}

static void post_answer(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    incident_answer_request(api->scheduling, http_request_path_parameter(request, "visit"),
                            http_request_bool(request, "confirmed", false), &actor, api_reply_step,
                            api_call_new(api, request));
}

static const HttpField incident_fields[] = {
    {.name = "key",
     .type = HTTP_FIELD_STRING,
     .required = true,
     .min = INCIDENT_KEY_MIN_CHARS,
     .max = INCIDENT_KEY_MAX_CHARS,
     .help = "made by the client: sent again it is the same incident"},
    {.name = "who",
     .type = HTTP_FIELD_ENUM,
     .required = true,
     .values = "patient|interpreter|family|expert"},
    {.name = "kind",
     .type = HTTP_FIELD_ENUM,
     .required = true,
     .values = "abuse|threat|indecency|recording|impersonation|other"},
    {.name = "text",
     .type = HTTP_FIELD_TEXT,
     .required = true,
     .min = INCIDENT_TEXT_MIN_CHARS,
     .max = INCIDENT_TEXT_CHARS,
     .help = "what happened"},
    {.name = "block_days",
     .type = HTTP_FIELD_INTEGER,
     .min = 0,
     .max = INCIDENT_BLOCK_MAX_DAYS,
     .help = "of a patient: so long the facility confirms bookings itself; 0: not"},
    {0},
};
static const HttpField list_query[] = {
    {.name = "before", .type = HTTP_FIELD_ID, .help = "only incidents older than this one"},
    {0},
};
static const HttpField step_fields[] = {
    {.name = "step",
     .type = HTTP_FIELD_ENUM,
     .required = true,
     .values = "looked_at|closed|lifted",
     .help = "lifted: the block is taken back"},
    {.name = "note",
     .type = HTTP_FIELD_TEXT,
     .max = INCIDENT_TEXT_CHARS,
     .help = "required to close it"},
    {0},
};
static const HttpField answer_fields[] = {
    {.name = "confirmed",
     .type = HTTP_FIELD_BOOLEAN,
     .required = true,
     .help = "false: it is cancelled"},
    {0},
};

enum { KEEPERS = HTTP_ROLE_COORDINATOR | HTTP_ROLE_ADMIN };

const HttpRoute api_incident_routes[] = {
    {
        .method = "POST",
        .path = "/api/v1/visits/{visit}/incidents",
        .operation_id = "reportIncident",
        .summary = "Reports what somebody in the visit did; a patient who is there, or a guest, is "
                   "out at once",
        .roles = HTTP_ROLE_DOCTOR | HTTP_ROLE_DESK,
        .rate = HTTP_RATE_WRITE,
        .max_body = 4096,
        .body = incident_fields,
        .success_status = 201,
        .response = "The incident, and whether somebody was removed",
        .handler = post_incident,
    },
    {
        .method = "GET",
        .path = "/api/v1/incidents",
        .operation_id = "listIncidents",
        .summary = "Incidents of the facility (administrator: of all), and bookings that are to be "
                   "confirmed; no names, no words",
        .roles = KEEPERS,
        .query = list_query,
        .success_status = 200,
        .response = "Incidents, the newest first, 50 at most; bookings, the oldest first",
        .handler = get_incidents,
    },
    {
        .method = "GET",
        .path = "/api/v1/incidents/{incident}",
        .operation_id = "getIncident",
        .summary = "An incident in the words of who reported it, and what was done",
        .roles = KEEPERS,
        .success_status = 200,
        .response = "The incident",
        .handler = get_incident,
    },
    {
        .method = "POST",
        .path = "/api/v1/incidents/{incident}/steps",
        .operation_id = "addIncidentStep",
        .summary = "It was looked at, is closed, or its block is lifted",
        .roles = KEEPERS,
        .rate = HTTP_RATE_WRITE,
        .max_body = 4096,
        .body = step_fields,
        .success_status = 200,
        .response = "The incident",
        .handler = post_step,
    },
    {
        .method = "POST",
        .path = "/api/v1/visits/{visit}/confirm",
        .operation_id = "confirmBooking",
        .summary = "Answers a booking of a patient who is blocked: booked, or cancelled",
        .roles = KEEPERS,
        .rate = HTTP_RATE_WRITE,
        .max_body = 1024,
        .body = answer_fields,
        .success_status = 200,
        .response = "The state that the visit has now",
        .handler = post_answer,
    },
};
const unsigned api_incident_n_routes = G_N_ELEMENTS(api_incident_routes);
