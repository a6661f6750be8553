// SPDX-License-Identifier: Apache-2.0
/* With a join token: what the join page shows, and the patient's leaving the queue. */
#include "server/http/api_tables.h"

#include "scheduling/booking/visit.h"

/* What the holder is there as; NULL: the patient. */
static const char *guest_name(const VisitView *view, const char *participant_id)
{
    for (unsigned i = 0; i < view->participants->len; i++) {
        const VisitParticipant *participant = view->participants->pdata[i];
        if (participant->role == VISIT_ROLE_GUEST && g_str_equal(participant->id, participant_id))
            return visit_guest_name(participant->guest);
    }
    return NULL;
}

static void on_view(const VisitView *view, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    const HttpIdentity *identity = http_request_identity(call->request);
    const char *guest = guest_name(view, identity->user_id);
    json_t *visit = json_pack(
        "{s:s, s:s, s:s, s:I, s:I, s:I, s:s, s:s, s:s, s:s?, s:s?, s:s?, s:o}", "id", view->id,
        "code", view->code, "state", visit_state_name(view->state), "starts_at_ms",
        (json_int_t)view->starts_at_ms, "ends_at_ms", (json_int_t)view->ends_at_ms, "opens_at_ms",
        (json_int_t)view->opens_at_ms, "facility", view->facility, "clinic", view->clinic, "doctor",
        view->doctor, "phone", view->phone, "number", guest ? NULL : view->number, "patient",
        guest ? NULL : view->patient_initials, "ended_at_ms", api_time(view->ended_at_ms));
    http_reply_json(call->request, 200,
                    json_pack("{s:o, s:s?, s:I}", "visit", visit, "guest", guest, "server_ms",
                              (json_int_t)clock_wall_ms(call->api->clock)));
}

static void get_join(HttpRequest *request, gpointer context)
{
    Api *api = context;
    visit_get_view(api->scheduling, http_request_identity(request)->visit_id, on_view,
                   api_call_new(api, request));
}

static void on_cancelled(const VisitChange *change, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error)
        http_reply_error(call->request, error);
    else
        http_reply_json(call->request, 200,
                        json_pack("{s:s}", "state", visit_state_name(change->state)));
}

static void post_cancel(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    visit_cancel(api->scheduling, http_request_identity(request)->visit_id, &actor, NULL,
                 on_cancelled, api_call_new(api, request));
}

const HttpRoute api_join_routes[] = {
    {
        .method = "GET",
        .path = "/api/v1/join",
        .operation_id = "getJoin",
        .summary = "The visit that a join token opens, as its patient or a guest sees it",
        .roles = HTTP_ROLE_PATIENT_TOKEN | HTTP_ROLE_GUEST_TOKEN,
        .rate = HTTP_RATE_NORMAL,
        .success_status = 200,
        .response = "The visit, its times and its state",
        .handler = get_join,
    },
    {
        .method = "POST",
        .path = "/api/v1/join/cancel",
        .operation_id = "cancelByPatient",
        .summary = "Cancels the visit, or leaves the queue",
        .roles = HTTP_ROLE_PATIENT_TOKEN,
        .rate = HTTP_RATE_WRITE,
        .success_status = 200,
        .response = "The state that the visit has now",
        .handler = post_cancel,
    },
};
const unsigned api_join_n_routes = G_N_ELEMENTS(api_join_routes);
