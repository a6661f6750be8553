// SPDX-License-Identifier: Apache-2.0
/* Staff and the queue: the next patient, what is done with one who was called or waits, and those
 * who come without an appointment. */
#include "server/http/api_tables.h"

#include "scheduling/booking/queue_step.h"

static json_t *text_or_null(const char *text)
{
    return *text ? json_string(text) : json_null();
}

static void on_next(const QueueCall *call, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) answer = user_data;
    if (g_error_matches(error, SCHEDULING_ERROR, SCHEDULING_ERROR_DOCTOR_BUSY))
        http_reply_problem_with(answer->request, HTTP_PROBLEM_DOCTOR_BUSY, NULL,
                                json_pack("{s:s}", "visit", call->visit_id));
    else if (error)
        http_reply_error(answer->request, error);
    else
        http_reply_json(answer->request, 200,
                        json_pack("{s:o, s:o, s:i}", "visit", text_or_null(call->visit_id),
                                  "number", text_or_null(call->number), "waiting",
                                  (int)call->n_waiting));
}

static void post_next(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    queue_call_next(api->scheduling, &actor, on_next, api_call_new(api, request));
}

/* Steps of one visit. */

static void post_skip(HttpRequest *request, gpointer context)
{
    api_run_step(request, context, queue_skip);
}

static void post_return(HttpRequest *request, gpointer context)
{
    api_run_step(request, context, queue_return);
}

static void post_absent(HttpRequest *request, gpointer context)
{
    api_run_step(request, context, queue_absent);
}

static void delete_urgent(HttpRequest *request, gpointer context)
{
    api_run_step(request, context, queue_clear_urgent);
}

static void post_urgent(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    g_autofree char *reason = api_reason(request);
    if (!reason)
        return;
    api_actor(request, &actor);
    queue_set_urgent(api->scheduling, http_request_path_parameter(request, "visit"), &actor, reason,
                     api_reply_step, api_call_new(api, request));
}

static void post_walk_in(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    booking_create_walk_in(api->scheduling, api_booking_request(request), &actor, api_reply_booking,
                           api_call_new(api, request));
}

static const HttpField urgent_fields[] = {
    {.name = "reason",
     .type = HTTP_FIELD_STRING,
     .required = true,
     .min = API_REASON_MIN_CHARS,
     .max = API_REASON_MAX_CHARS},
    {0},
};

static const HttpField walk_in_fields[] = {
    {.name = "clinic", .type = HTTP_FIELD_ID, .required = true},
    {.name = "doctor", .type = HTTP_FIELD_ID, .help = "absent: whichever doctor is free"},
    {.name = "name", .type = HTTP_FIELD_STRING, .required = true, .min = 1, .max = 80},
    {.name = "birth_date", .type = HTTP_FIELD_DATE, .required = true},
    {.name = "phone", .type = HTTP_FIELD_STRING, .required = true, .min = 6, .max = 32},
    {.name = "nik", .type = HTTP_FIELD_STRING, .min = 0, .max = 32},
    API_FAMILY_FIELDS,
    API_VISIT_REASON_FIELD,
    {.name = "lang", .type = HTTP_FIELD_ENUM, .values = "id|en"},
    {.name = "service", .type = HTTP_FIELD_ID, .help = "of the clinic"},
    {.name = "consent",
     .type = HTTP_FIELD_INTEGER,
     .min = 1,
     .max = 1000000,
     .help = "the version of getConsentText that was read aloud and agreed to"},
    API_OVERLAP_FIELD,
    {0},
};

enum { DOCTOR_AND_DESK = HTTP_ROLE_DOCTOR | HTTP_ROLE_DESK };

const HttpRoute api_queue_routes[] = {
    {
        .method = "POST",
        .path = "/api/v1/queue/next",
        .operation_id = "callNext",
        .summary = "Calls whose turn it is: of those who wait for the doctor, or for any doctor of "
                   "the doctor's clinics",
        .roles = HTTP_ROLE_DOCTOR,
        .rate = HTTP_RATE_WRITE,
        .success_status = 200,
        .response = "The visit that was called, null when nobody waits, and how many still wait",
        .handler = post_next,
    },
    {
        .method = "POST",
        .path = "/api/v1/visits/{visit}/skip",
        .operation_id = "skipPatient",
        .summary = "The patient did not answer: back into the queue, one other goes first",
        .roles = HTTP_ROLE_DOCTOR,
        .rate = HTTP_RATE_WRITE,
        .success_status = 200,
        .response = "The state that the visit has now",
        .handler = post_skip,
    },
    {
        .method = "POST",
        .path = "/api/v1/visits/{visit}/return",
        .operation_id = "returnPatient",
        .summary = "Back into the queue at the place where the patient was",
        .roles = HTTP_ROLE_DOCTOR,
        .rate = HTTP_RATE_WRITE,
        .success_status = 200,
        .response = "The state that the visit has now",
        .handler = post_return,
    },
    {
        .method = "POST",
        .path = "/api/v1/visits/{visit}/absent",
        .operation_id = "markAbsent",
        .summary = "The patient did not come; not before the visit's time",
        .roles = DOCTOR_AND_DESK,
        .rate = HTTP_RATE_WRITE,
        .success_status = 200,
        .response = "The state that the visit has now",
        .handler = post_absent,
    },
    {
        .method = "POST",
        .path = "/api/v1/visits/{visit}/urgent",
        .operation_id = "setUrgent",
        .summary = "An emergency goes before all others, for a reason that the record keeps",
        .roles = DOCTOR_AND_DESK,
        .rate = HTTP_RATE_WRITE,
        .body = urgent_fields,
        .success_status = 200,
        .response = "The state that the visit has now",
        .handler = post_urgent,
    },
    {
        .method = "DELETE",
        .path = "/api/v1/visits/{visit}/urgent",
        .operation_id = "clearUrgent",
        .summary = "No emergency after all",
        .roles = DOCTOR_AND_DESK,
        .rate = HTTP_RATE_WRITE,
        .success_status = 200,
        .response = "The state that the visit has now",
        .handler = delete_urgent,
    },
    {
        .method = "POST",
        .path = "/api/v1/walk-ins",
        .operation_id = "createWalkIn",
        .summary = "Takes down somebody who is there without an appointment; an Idempotency-Key "
                   "header makes a retry harmless",
        .roles = HTTP_ROLE_DESK,
        .rate = HTTP_RATE_WRITE,
        .max_body = 4096,
        .body = walk_in_fields,
        .success_status = 201,
        .response = "The visit: number, times, link",
        .handler = post_walk_in,
    },
};
const unsigned api_queue_n_routes = G_N_ELEMENTS(api_queue_routes);
