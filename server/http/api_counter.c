// SPDX-License-Identifier: Apache-2.0
/* The counter of a kecamatan or kabupaten: an officer books for somebody and prints the ticket. */
#include "server/http/api_tables.h"

#include "scheduling/booking/counter.h"
#include "server/ops/qr.h"

static json_t *row_json(const CounterBooking *row)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s?, s:I, s:b}", "visit", row->visit_id,
                     "number", row->number, "code", row->code, "patient", row->patient, "facility",
                     row->facility, "clinic", row->clinic, "doctor", row->doctor, "starts_at_ms",
                     (json_int_t)row->starts_at_ms, "booked", row->is_booked);
}

static void on_list(GPtrArray *bookings, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    json_t *list = json_array();
    for (unsigned i = 0; i < bookings->len; i++)
        json_array_append_new(list, row_json(bookings->pdata[i]));
    http_reply_json(call->request, 200, json_pack("{s:o}", "bookings", list));
}

static void get_bookings(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    counter_list(api->scheduling, &actor, on_list, api_call_new(api, request));
}

static void post_counter_booking(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    booking_create_at_counter(api->scheduling, api_slot_request(request), &actor, api_reply_booking,
                              api_call_new(api, request));
}

json_t *api_qr_json(const char *link)
{
    unsigned width = 0;
    g_autofree uint8_t *modules = link ? qr_modules(link, &width) : NULL;
    if (!modules)
        return json_null();
    json_t *rows = json_array();
    for (unsigned y = 0; y < width; y++) {
        g_autoptr(GString) row = g_string_sized_new(width);
        for (unsigned x = 0; x < width; x++)
            g_string_append_c(row, modules[y * width + x] ? '1' : '0');
        json_array_append_new(rows, json_string(row->str));
    }
    return rows;
}

static void on_ticket(const CounterTicket *ticket, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    json_t *body = api_booking_json(call, &ticket->booking);
    const char *link = json_string_value(json_object_get(body, "link"));
    json_object_set_new(body, "qr", api_qr_json(link));
    json_object_set_new(body, "patient", json_string(ticket->patient));
    http_reply_json(call->request, 200, body);
}

static void get_ticket(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    counter_ticket(api->scheduling, http_request_path_parameter(request, "visit"), &actor,
                   on_ticket, api_call_new(api, request));
}

const HttpRoute api_counter_routes[] = {
    {
        .method = "GET",
        .path = "/api/v1/counter/bookings",
        .operation_id = "listCounterBookings",
        .summary = "What the officer has booked today",
        .roles = HTTP_ROLE_OFFICER,
        .success_status = 200,
        .response = "Bookings, the newest first",
        .handler = get_bookings,
    },
    {
        .method = "POST",
        .path = "/api/v1/counter/bookings",
        .operation_id = "createCounterBooking",
        .summary = "Books for somebody at the counter, in any facility; as createBooking, but the "
                   "consent was read aloud",
        .roles = HTTP_ROLE_OFFICER,
        .rate = HTTP_RATE_WRITE,
        .max_body = 4096,
        .body = api_counter_booking_fields,
        .success_status = 201,
        .response = "The visit: number, times, link",
        .handler = post_counter_booking,
    },
    {
        .method = "GET",
        .path = "/api/v1/counter/bookings/{visit}",
        .operation_id = "getCounterTicket",
        .summary = "The ticket of what the officer has booked today",
        .roles = HTTP_ROLE_OFFICER,
        .success_status = 200,
        .response = "The visit as createBooking answers it, whose it is, and the link as a QR code",
        .handler = get_ticket,
    },
};
const unsigned api_counter_n_routes = G_N_ELEMENTS(api_counter_routes);
