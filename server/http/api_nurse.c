// SPDX-License-Identifier: Apache-2.0
/* A nurse beside the patient: who it is that she saw, that she is there, that she has left. */
#include "server/http/api_tables.h"

#include "scheduling/outreach/nurse.h"

static void say(HttpRequest *request, Api *api, NurseStep step, const char *seen)
{
    Actor actor;
    const NurseWord word = {
        .step = step,
        .seen = seen,
        .name = http_request_identity(request)->name,
    };
    api_actor(request, &actor);
    nurse_say(api->scheduling, http_request_path_parameter(request, "visit"), &word, &actor,
              api_reply_nothing, api_call_new(api, request));
}

static void post_countersign(HttpRequest *request, gpointer context)
{
    say(request, context, NURSE_STEP_COUNTERSIGNED, http_request_string(request, "seen"));
}

static void post_nurse(HttpRequest *request, gpointer context)
{
    NurseStep step;
    /* The schema's values are names. */
    g_assert(nurse_step_parse(http_request_string(request, "step"), &step));
    say(request, context, step, NULL);
}

static void on_state(const NurseState *state, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    json_t *signature =
        state->countersigned_by
            ? json_pack("{s:s, s:s, s:I}", "by", state->countersigned_by, "seen", state->seen,
                        "at_ms", (json_int_t)state->countersigned_at_ms)
            : json_null();
    json_t *nurse =
        state->nurse ? json_pack("{s:s, s:I, s:o, s:s?}", "name", state->nurse, "joined_at_ms",
                                 (json_int_t)state->joined_at_ms, "left_at_ms",
                                 api_time(state->left_at_ms), "left_said_by", state->left_said_by)
                     : json_null();
    http_reply_json(call->request, 200,
                    json_pack("{s:o, s:o}", "countersigned", signature, "nurse", nurse));
}

static void get_nurse(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    nurse_get_state(api->scheduling, http_request_path_parameter(request, "visit"), &actor,
                    on_state, api_call_new(api, request));
}

static void on_there(const GPtrArray *there, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    json_t *nurses = json_array();
    for (unsigned i = 0; i < there->len; i++) {
        const NurseThere *one = there->pdata[i];
        json_array_append_new(
            nurses, json_pack("{s:s, s:s, s:s, s:s, s:s, s:I}", "visit", one->visit_id, "number",
                              one->number, "clinic", one->clinic, "doctor", one->doctor, "nurse",
                              one->nurse, "joined_at_ms", (json_int_t)one->joined_at_ms));
    }
    http_reply_json(call->request, 200, json_pack("{s:o}", "nurses", nurses));
}

static void get_there(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    nurse_list_there(api->scheduling, &actor, on_there, api_call_new(api, request));
}

static void post_watch(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    nurses_watch(api->scheduling, &actor, api_reply_token, api_call_new(api, request));
}

static const HttpField countersign_fields[] = {
    {.name = "seen",
     .type = HTTP_FIELD_ENUM,
     .required = true,
     .values = "ktp|family_card|other|known",
     .help = "by what the nurse knows who it is; known: in person"},
    {0},
};

static const HttpField nurse_fields[] = {
    {.name = "step", .type = HTTP_FIELD_ENUM, .required = true, .values = "joined|left"},
    {0},
};

const HttpRoute api_nurse_routes[] = {
    {
        .method = "GET",
        .path = "/api/v1/nurses",
        .operation_id = "listNurses",
        .summary = "Nurses who are with a patient today: the patient by number, not by name",
        .roles = HTTP_ROLE_COORDINATOR,
        .rate = HTTP_RATE_NORMAL,
        .success_status = 200,
        .response = "Names, since when, the visits' numbers, clinics and doctors (empty: whichever "
                    "is free); who came first first, at most 100, of the own facility",
        .handler = get_there,
    },
    {
        .method = "POST",
        .path = "/api/v1/nurses/watch",
        .operation_id = "watchNurses",
        .summary = "A token with which the socket tells changes of this list, and of nothing else",
        .roles = HTTP_ROLE_COORDINATOR,
        .success_status = 200,
        .response = "The day token",
        .handler = post_watch,
    },
    {
        .method = "GET",
        .path = "/api/v1/visits/{visit}/nurse",
        .operation_id = "getNurse",
        .summary = "Who has countersigned the patient's identity, and who is beside the patient",
        .roles = HTTP_ROLE_DOCTOR | HTTP_ROLE_DESK,
        .rate = HTTP_RATE_NORMAL,
        .success_status = 200,
        .response = "Both, null where nobody has",
        .handler = get_nurse,
    },
    {
        .method = "POST",
        .path = "/api/v1/visits/{visit}/countersign",
        .operation_id = "countersignIdentity",
        .summary = "The nurse has seen who the patient is, and says so with her own account",
        .roles = HTTP_ROLE_DESK,
        .rate = HTTP_RATE_WRITE,
        .max_body = 256,
        .body = countersign_fields,
        .success_status = 204,
        .response = "It is written down with the account's name",
        .handler = post_countersign,
    },
    {
        .method = "POST",
        .path = "/api/v1/visits/{visit}/nurse",
        .operation_id = "sayNurse",
        .summary = "The nurse comes to sit with the patient, or leaves; that she left doctor, desk "
                   "and coordinator say for her, too",
        .roles = HTTP_ROLE_DOCTOR | HTTP_ROLE_DESK | HTTP_ROLE_COORDINATOR,
        .rate = HTTP_RATE_WRITE,
        .max_body = 256,
        .body = nurse_fields,
        .success_status = 204,
        .response = "It is written down, and the doctor sees it",
        .handler = post_nurse,
    },
};
const unsigned api_nurse_n_routes = G_N_ELEMENTS(api_nurse_routes);
