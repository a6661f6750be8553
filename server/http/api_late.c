// SPDX-License-Identifier: Apache-2.0
/* A doctor is late, or not any more: the doctor or the desk says so. */
#include "server/http/api_tables.h"

#include "scheduling/outbox/late.h"

static void on_said(const LateSaid *said, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error)
        http_reply_error(call->request, error);
    else
        http_reply_json(call->request, 200,
                        json_pack("{s:s, s:i, s:i}", "doctor", said->practitioner_id, "minutes",
                                  (int)said->minutes, "messages", (int)said->n_told));
}

static void post_late(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    const char *doctor = http_request_string(request, "doctor");
    if (actor.role == ACTOR_DESK && !doctor) {
        g_autoptr(FaultList) faults = fault_list_new();
        fault_list_add(faults, "doctor", "required", "a doctor of the facility");
        http_reply_problem(request, HTTP_PROBLEM_INVALID_FIELDS, faults);
        return;
    }
    late_say(api->scheduling, doctor, (unsigned)http_request_int(request, "minutes", 0), &actor,
             on_said, api_call_new(api, request));
}

static const HttpField late_fields[] = {
    {.name = "minutes",
     .type = HTTP_FIELD_INTEGER,
     .required = true,
     .min = 0,
     .max = LATE_MAX_MINUTES,
     .help = "0: not late any more"},
    {.name = "doctor",
     .type = HTTP_FIELD_ID,
     .help = "whom the desk speaks of; a doctor only of the own queue"},
    {0},
};

const HttpRoute api_late_routes[] = {
    {
        .method = "POST",
        .path = "/api/v1/queue/late",
        .operation_id = "sayLate",
        .summary = "The doctor is about so many minutes late today: those who wait are told at "
                   "once, and they and who is soon to come get a message",
        .roles = HTTP_ROLE_DOCTOR | HTTP_ROLE_DESK,
        .rate = HTTP_RATE_WRITE,
        .body = late_fields,
        .success_status = 200,
        .response = "The doctor, the minutes, and how many messages go out",
        .handler = post_late,
    },
};
const unsigned api_late_n_routes = G_N_ELEMENTS(api_late_routes);
