// SPDX-License-Identifier: Apache-2.0
/* Staff and the queue: the next patient, what is done with one who was called or waits, and those
 * who come without an appointment. */
#include "server/http/api_tables.h"

#include "scheduling/booking/queue_step.h"
#include "scheduling/clinic/duty.h"

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
    BookingRequest *booking = api_booking_request(request);
    booking->urgent_reason = api_optional_reason(request, "urgent_reason");
    booking_create_walk_in(api->scheduling, booking, &actor, api_reply_booking,
                           api_call_new(api, request));
}

/* To whom those can be given. */

static json_t *duty_clinic_json(const DutyClinic *clinic)
{
    bool works = false;
    json_t *doctors = json_array();
    for (unsigned i = 0; i < clinic->doctors->len; i++) {
        const DutyDoctor *doctor = &g_array_index(clinic->doctors, DutyDoctor, i);
        works = works || doctor->works;
        json_array_append_new(doctors,
                              json_pack("{s:s, s:b, s:o}", "id", doctor->practitioner_id, "works",
                                        doctor->works, "fault",
                                        doctor->fault == DUTY_FIT
                                            ? json_null()
                                            : json_string(duty_fault_name(doctor->fault))));
    }
    return json_pack("{s:s, s:b, s:o}", "id", clinic->clinic_id, "works", works, "doctors",
                     doctors);
}

static void on_duty(const GPtrArray *clinics, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    json_t *list = json_array();
    for (unsigned i = 0; i < clinics->len; i++)
        json_array_append_new(list, duty_clinic_json(clinics->pdata[i]));
    http_reply_json(call->request, 200, json_pack("{s:o}", "clinics", list));
}

static void get_duty(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    duty_list(api->scheduling, &actor, on_duty, api_call_new(api, request));
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
    {.name = "phone", .type = HTTP_FIELD_STRING, .min = 6, .max = 32},
    API_NO_PHONE_FIELD,
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
    {.name = "urgent_reason",
     .type = HTTP_FIELD_STRING,
     .max = API_REASON_MAX_CHARS,
     .help = "an emergency, and why: goes first, also to who is on leave or has no hours today"},
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
    {
        .method = "GET",
        .path = "/api/v1/duty",
        .operation_id = "listDuty",
        .summary = "To which doctors of the facility's clinics somebody without an appointment "
                   "can be given today",
        .roles = HTTP_ROLE_DESK,
        .success_status = 200,
        .response = "Each clinic: whether anybody works there today, and its doctors with why no "
                    "patient is given to them",
        .handler = get_duty,
    },
};
const unsigned api_queue_n_routes = G_N_ELEMENTS(api_queue_routes);
