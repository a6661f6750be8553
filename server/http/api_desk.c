// SPDX-License-Identifier: Apache-2.0
/* Bookings by the desk of a facility, by its team at a post, and by its coordinator. */
#include "server/http/api_tables.h"

static void on_booked(const Booking *booking, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        api_refuse_booking(call->request, booking, error);
        return;
    }
    json_t *body = api_booking_json(call, booking);
    const char *link = json_string_value(json_object_get(body, "link"));
    json_object_set_new(body, "qr", api_qr_json(link));
    http_reply_json(call->request, 201, body);
}

static void post_desk_booking(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    booking_create_at_desk(api->scheduling, api_slot_request(request), &actor, on_booked,
                           api_call_new(api, request));
}

const HttpRoute api_desk_routes[] = {
    {
        .method = "POST",
        .path = "/api/v1/desk-bookings",
        .operation_id = "createDeskBooking",
        .summary = "Books for somebody in a clinic of the own facility; as createBooking, but the "
                   "consent was read aloud and who is blocked is not asked about",
        .roles = HTTP_ROLE_DESK | HTTP_ROLE_COORDINATOR,
        .rate = HTTP_RATE_WRITE,
        .max_body = 4096,
        .body = api_staff_booking_fields,
        .success_status = 201,
        .response = "The visit: number, times; the link, also as a QR code, not to a coordinator",
        .handler = post_desk_booking,
    },
};
const unsigned api_desk_n_routes = G_N_ELEMENTS(api_desk_routes);
