// SPDX-License-Identifier: Apache-2.0
/* Other systems: bookings for their people, by the secret of `huyula client add`. */
#include "server/http/api_tables.h"

#include "scheduling/booking/visit.h"

static void post_booking(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    booking_create_by_client(api->scheduling, api_slot_request(request), &actor, api_reply_booking,
                             api_call_new(api, request));
}

static void post_cancel(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    visit_cancel(api->scheduling, http_request_path_parameter(request, "visit"), &actor,
                 http_request_string(request, "reason"), api_reply_step,
                 api_call_new(api, request));
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
        .method = "POST",
        .path = "/api/v1/client-bookings/{visit}/cancel",
        .operation_id = "cancelClientBooking",
        .summary = "Cancels for its patient what the system has booked, while that is to come",
        .roles = HTTP_ROLE_CLIENT,
        .rate = HTTP_RATE_NORMAL,
        .max_body = 1024,
        .body = cancel_fields,
        .success_status = 200,
        .response = "The visit's state",
        .handler = post_cancel,
    },
};
const unsigned api_client_n_routes = G_N_ELEMENTS(api_client_routes);
