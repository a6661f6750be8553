// SPDX-License-Identifier: Apache-2.0
/* The coordinator sees where patients wait and nobody calls. */
#include "server/http/api_tables.h"

#include "scheduling/booking/unanswered.h"

static json_t *unanswered_json(const Unanswered *one)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s?, s:I, s:I}", "visit", one->visit_id,
                     "number", one->number, "facility", one->facility, "clinic", one->clinic,
                     "doctor", one->doctor, "way", visit_way_name(one->way), "other_doctor_why",
                     one->other_doctor_why, "since_ms", (json_int_t)one->since_ms,
                     "escalated_at_ms", (json_int_t)one->escalated_at_ms);
}

static void on_list(const GPtrArray *unanswered, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    json_t *list = json_array();
    for (unsigned i = 0; i < unanswered->len; i++)
        json_array_append_new(list, unanswered_json(unanswered->pdata[i]));
    http_reply_json(call->request, 200,
                    json_pack("{s:o, s:I}", "unanswered", list, "server_ms",
                              (json_int_t)clock_wall_ms(call->api->clock)));
}

static void get_list(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    unanswered_list(api->scheduling, &actor, on_list, api_call_new(api, request));
}

static void post_watch(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    unanswered_watch(api->scheduling, &actor, api_reply_token, api_call_new(api, request));
}

const HttpRoute api_unanswered_routes[] = {
    {
        .method = "GET",
        .path = "/api/v1/unanswered",
        .operation_id = "listUnanswered",
        .summary = "Patients of today whom nobody calls or phones though doctor and desk were "
                   "told: by number, not by name",
        .roles = HTTP_ROLE_COORDINATOR | HTTP_ROLE_ADMIN,
        .success_status = 200,
        .response =
            "Numbers, clinics, doctors and since when they wait, the longest first, at most "
            "100; a coordinator's own facility, an administrator's all",
        .handler = get_list,
    },
    {
        .method = "POST",
        .path = "/api/v1/unanswered/watch",
        .operation_id = "watchUnanswered",
        .summary = "A token with which the socket tells changes of this list, and of nothing else",
        .roles = HTTP_ROLE_COORDINATOR | HTTP_ROLE_ADMIN,
        .success_status = 200,
        .response = "The day token",
        .handler = post_watch,
    },
};
const unsigned api_unanswered_n_routes = G_N_ELEMENTS(api_unanswered_routes);
