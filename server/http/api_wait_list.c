// SPDX-License-Identifier: Apache-2.0
/* The wait list of a clinic as its desk keeps it. */
#include "server/http/api_tables.h"

#include "scheduling/wait/wait_list.h"

static json_t *item_json(const WaitItem *item)
{
    json_t *offer = item->offer_doctor
                        ? json_pack("{s:s, s:I, s:I}", "doctor", item->offer_doctor, "turn_at_ms",
                                    (json_int_t)item->offer_turn_at_ms, "expires_at_ms",
                                    (json_int_t)item->offer_expires_at_ms)
                        : json_null();
    return json_pack("{s:s, s:s, s:s, s:s, s:s?, s:s?, s:s, s:s, s:I, s:b, s:s?, s:i, s:o}", "id",
                     item->id, "name", item->name, "birth_date", item->birth_date, "phone_masked",
                     item->phone_masked, "doctor", item->doctor, "service", item->service, "from",
                     item->from_date, "until", item->until_date, "requested_at_ms",
                     (json_int_t)item->requested_at_ms, "urgent", item->is_urgent, "reason",
                     item->urgent_reason, "unanswered", (int)item->n_unanswered, "offer", offer);
}

static void on_items(GPtrArray *items, WaitMode mode, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    json_t *list = json_array();
    for (unsigned i = 0; i < items->len; i++)
        json_array_append_new(list, item_json(items->pdata[i]));
    http_reply_json(call->request, 200,
                    json_pack("{s:s, s:o, s:I}", "mode", wait_mode_name(mode), "entries", list,
                              "server_ms", (json_int_t)clock_wall_ms(call->api->clock)));
}

static void get_list(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    wait_list_get(api->scheduling, http_request_path_parameter(request, "clinic"), &actor, on_items,
                  api_call_new(api, request));
}

static void post_entry(HttpRequest *request, gpointer context)
{
    Actor actor;
    api_actor(request, &actor);
    api_join_wait_list(request, context, http_request_path_parameter(request, "clinic"), &actor);
}

static void post_urgent(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    g_autofree char *reason = api_reason(request);
    if (!reason)
        return;
    api_actor(request, &actor);
    wait_list_set_urgent(api->scheduling, http_request_path_parameter(request, "entry"), reason,
                         &actor, api_reply_nothing, api_call_new(api, request));
}

static void delete_urgent(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    wait_list_set_urgent(api->scheduling, http_request_path_parameter(request, "entry"), NULL,
                         &actor, api_reply_nothing, api_call_new(api, request));
}

static void delete_entry(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    wait_list_remove(api->scheduling, http_request_path_parameter(request, "entry"), &actor,
                     api_reply_nothing, api_call_new(api, request));
}

static const HttpField urgent_fields[] = {
    {.name = "reason",
     .type = HTTP_FIELD_STRING,
     .required = true,
     .min = API_REASON_MIN_CHARS,
     .max = API_REASON_MAX_CHARS},
    {0},
};

const HttpRoute api_wait_list_routes[] = {
    {
        .method = "GET",
        .path = "/api/v1/clinics/{clinic}/wait-list",
        .operation_id = "listWaiting",
        .summary = "Who waits for the clinic, in the order in which they are asked",
        .roles = HTTP_ROLE_DESK,
        .success_status = 200,
        .response = "How the clinic offers, and its entries",
        .handler = get_list,
    },
    {
        .method = "POST",
        .path = "/api/v1/clinics/{clinic}/wait-list",
        .operation_id = "enlistPatient",
        .summary = "Puts somebody on the list who called or is there; the consent was read aloud",
        .roles = HTTP_ROLE_DESK,
        .rate = HTTP_RATE_WRITE,
        .max_body = 4096,
        .body = api_wait_join_fields + 1, /* the clinic is in the path */
        .success_status = 201,
        .response = "The link, the last day, how many are ahead",
        .handler = post_entry,
    },
    {
        .method = "POST",
        .path = "/api/v1/wait-list/{entry}/urgent",
        .operation_id = "setWaitUrgent",
        .summary = "Goes before the others, for a reason that the audit trail keeps",
        .roles = HTTP_ROLE_DESK,
        .rate = HTTP_RATE_WRITE,
        .body = urgent_fields,
        .success_status = 204,
        .response = "Done",
        .handler = post_urgent,
    },
    {
        .method = "DELETE",
        .path = "/api/v1/wait-list/{entry}/urgent",
        .operation_id = "clearWaitUrgent",
        .summary = "Back to the place by the time of the request",
        .roles = HTTP_ROLE_DESK,
        .rate = HTTP_RATE_WRITE,
        .success_status = 204,
        .response = "Done",
        .handler = delete_urgent,
    },
    {
        .method = "DELETE",
        .path = "/api/v1/wait-list/{entry}",
        .operation_id = "removeWaiting",
        .summary = "Takes somebody off the list, who is told",
        .roles = HTTP_ROLE_DESK,
        .rate = HTTP_RATE_WRITE,
        .success_status = 204,
        .response = "Done",
        .handler = delete_entry,
    },
};
const unsigned api_wait_list_n_routes = G_N_ELEMENTS(api_wait_list_routes);
