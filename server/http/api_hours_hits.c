// SPDX-License-Identifier: Apache-2.0
/* Bookings that were kept though a change of hours left them without a place: the list of them, and
 * the message to one's patient. */
#include "server/http/api_hours.h"

#include "scheduling/clinic/hours_kept.h"

static json_t *kept_json(gconstpointer data)
{
    const HoursKept *kept = data;
    json_t *body =
        json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:I}", "visit", kept->visit_id, "code",
                  kept->code, "number", kept->number, "state", visit_state_name(kept->state),
                  "starts_at_ms", (json_int_t)kept->starts_at_ms, "ends_at_ms",
                  (json_int_t)kept->ends_at_ms, "since_ms", (json_int_t)kept->since_ms);
    json_t *place =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s?, s:b, s:b}", "clinic_id", kept->clinic_id,
                  "clinic", kept->clinic, "doctor_id", kept->practitioner_id, "doctor",
                  kept->doctor, "facility", kept->facility, "service_id", kept->service_id,
                  "any_doctor", kept->any_doctor, "extra", kept->is_extra);
    json_object_update_new(body, place);
    json_object_set_new(body, "message", kept->message ? json_string(kept->message) : json_null());
    json_object_set_new(body, "no_phone", json_boolean(kept->has_no_phone));
    json_object_set_new(body, "no_messages", json_boolean(kept->has_fixed_line));
    json_object_set_new(body, "message_reason",
                        kept->reason ? json_string(kept->reason) : json_null());
    return body;
}

static void on_list(const GPtrArray *kept, bool has_more, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    http_reply_json(call->request, 200,
                    json_pack("{s:o, s:b, s:I}", "hits", api_hours_list(kept, kept_json), "more",
                              has_more, "server_ms", (json_int_t)clock_wall_ms(call->api->clock)));
}

static void get_hits(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    hours_kept_list(api->scheduling, &actor, on_list, api_call_new(api, request));
}

static void post_message(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    hours_kept_message(api->scheduling, &actor, http_request_path_parameter(request, "visit"),
                       api_reply_nothing, api_call_new(api, request));
}

enum { HOURS_ROLES = HTTP_ROLE_DOCTOR | HTTP_ROLE_DESK | HTTP_ROLE_ADMIN | HTTP_ROLE_COORDINATOR };

const HttpRoute api_hours_hits_routes[] = {
    {
        .method = "GET",
        .path = "/api/v1/hours-hits",
        .operation_id = "listHoursHits",
        .summary = "Bookings to come that a change of hours left without a place and that were "
                   "kept: by number, not by name",
        .roles = HOURS_ROLES,
        .success_status = 200,
        .response = "A doctor's own, the facility's of desk and coordinator, an administrator's "
                    "all; by time, at most 200, and whether there are more",
        .handler = get_hits,
    },
    {
        .method = "POST",
        .path = "/api/v1/hours-hits/{visit}/message",
        .operation_id = "sendHoursMessage",
        .summary = "Tells the patient of such a booking, once, to choose another time by the link",
        .roles = HOURS_ROLES,
        .rate = HTTP_RATE_WRITE,
        .success_status = 204,
        .response = "The message is on its way, or was before",
        .handler = post_message,
    },
};
const unsigned api_hours_hits_n_routes = G_N_ELEMENTS(api_hours_hits_routes);
