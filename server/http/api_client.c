// SPDX-License-Identifier: Apache-2.0
/* Other systems: bookings for their people, by the secret of `huyula client add`. */
#include "server/http/api_tables.h"

#include "scheduling/booking/client_booking.h"
#include "scheduling/booking/visit.h"

static void post_booking(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    booking_create_by_client(api->scheduling, api_slot_request(request), &actor, api_reply_booking,
                             api_call_new(api, request));
}

static void on_booking(const Booking *booking, VisitState state, const GError *error,
                       gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    json_t *body = api_booking_json(call, booking);
    json_object_set_new(body, "state", json_string(visit_state_name(state)));
    http_reply_json(call->request, 200, body);
}

static void get_booking(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    client_booking_get(api->scheduling, http_request_path_parameter(request, "visit"), &actor,
                       on_booking, api_call_new(api, request));
}

static const HttpField cancel_fields[] = {
    {.name = "reason", .type = HTTP_FIELD_STRING, .required = true, .max = 200},
    {0},
};

/* Beside the address's, which is a page's, each system has a share of its own (auth/client.h). */
const HttpRoute api_client_routes[] = {
    {
        .method = "POST",
        .path = "/api/v1/client-bookings",
        .operation_id = "createClientBooking",
        .summary = "Books for somebody of another system; as createBooking, in the facility that "
                   "the system is bound to, or in any",
        .roles = HTTP_ROLE_CLIENT,
        .rate = HTTP_RATE_NORMAL,
        .max_body = 4096,
        .body = api_booking_fields,
        .success_status = 201,
        .response = "The visit: number, times, link",
        .handler = post_booking,
    },
    {
        .method = "GET",
        .path = "/api/v1/client-bookings/{visit}",
        .operation_id = "getClientBooking",
        .summary = "How what the system has booked stands: by the id that it was booked by, also "
                   "after it was moved, which the answer's `visit` and times say",
        .roles = HTTP_ROLE_CLIENT,
        .rate = HTTP_RATE_NORMAL,
        .success_status = 200,
        .response = "The visit as it is by now: as booked, without a link, with its `state`",
        .handler = get_booking,
    },
    {
        .method = "POST",
        .path = "/api/v1/client-bookings/{visit}/cancel",
        .operation_id = "cancelClientBooking",
        .summary = "Cancels for its patient what the system has booked, while that is to come; "
                   "also by the id from before it was moved",
        .roles = HTTP_ROLE_CLIENT,
        .rate = HTTP_RATE_NORMAL,
        .max_body = 1024,
        .body = cancel_fields,
        .success_status = 200,
        .response = "The visit's state",
        .handler = api_cancel_visit,
    },
};
const unsigned api_client_n_routes = G_N_ELEMENTS(api_client_routes);
