// SPDX-License-Identifier: Apache-2.0
#include "server/http/api_tables.h"

char *api_link(const Api *api, const char *token)
{
    return g_strconcat(api->public_url, "/v/", token, NULL);
}

json_t *api_time(int64_t at_ms)
{
    return at_ms ? json_integer(at_ms) : json_null();
}

ApiCall *api_call_new(Api *api, HttpRequest *request)
{
    ApiCall *call = g_new(ApiCall, 1);
    *call = (ApiCall){.api = api, .request = http_request_ref(request)};
    return call;
}

void api_call_free(ApiCall *call)
{
    if (!call)
        return;
    http_request_unref(call->request);
    g_free(call);
}

void api_reply_refusal(HttpRequest *request, const FaultList *faults, const GError *error)
{
    if (g_error_matches(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS))
        http_reply_problem(request, HTTP_PROBLEM_INVALID_FIELDS, faults);
    else
        http_reply_error(request, error);
}

void api_reply_checked(const FaultList *faults, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error)
        api_reply_refusal(call->request, faults, error);
    else
        http_reply_empty(call->request, 204);
}

void api_reply_nothing(const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error)
        http_reply_error(call->request, error);
    else
        http_reply_empty(call->request, 204);
}

void api_reply_step(const VisitChange *change, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error)
        http_reply_error(call->request, error);
    else
        http_reply_json(call->request, 200,
                        json_pack("{s:s}", "state", visit_state_name(change->state)));
}

void api_run_step(HttpRequest *request, Api *api, ApiStep step)
{
    Actor actor;
    api_actor(request, &actor);
    step(api->scheduling, http_request_path_parameter(request, "visit"), &actor, api_reply_step,
         api_call_new(api, request));
}

char *api_reason(HttpRequest *request)
{
    g_autofree char *reason = g_strdup(http_request_string(request, "reason"));
    g_strstrip(reason);
    if (g_utf8_strlen(reason, -1) >= API_REASON_MIN_CHARS)
        return g_steal_pointer(&reason);
    g_autoptr(FaultList) faults = fault_list_new();
    fault_list_add(faults, "reason", "too_short", "3..200");
    http_reply_problem(request, HTTP_PROBLEM_INVALID_FIELDS, faults);
    return NULL;
}
