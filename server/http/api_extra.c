// SPDX-License-Identifier: Apache-2.0
/* Additional places, which staff of a clinic may give where the regular ones are taken. */
#include "server/http/api_tables.h"

#include "scheduling/booking/booking.h"
#include "scheduling/clinic/slots.h"

static json_t *extra_json(const SlotOffer *offer)
{
    json_t *json = api_offer_json(offer);
    json_object_set_new(json, "extra_left", json_integer(offer->n_extra_left));
    return json;
}

static void on_extra_slots(const SlotsList *found, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error)
        http_reply_error(call->request, error);
    else
        http_reply_json(call->request, 200, api_slots_json(found, extra_json));
}

static void get_extra_slots(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    SlotsQuery query = api_slots_query(request);
    g_autoptr(FaultList) faults = fault_list_new();
    if (!slots_check(&query, faults)) {
        http_reply_problem(request, HTTP_PROBLEM_INVALID_FIELDS, faults);
        return;
    }
    api_actor(request, &actor);
    slots_list_extra(api->scheduling, &actor, &query, on_extra_slots, api_call_new(api, request));
}

static void on_extra_booked(const Booking *booking, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        api_refuse_booking(call->request, booking, error);
        return;
    }
    json_t *body = api_booking_json(call, booking);
    json_object_set_new(body, "extra", json_boolean(booking->is_extra));
    http_reply_json(call->request, 201, body);
}

static void post_extra_booking(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    booking_create_extra(api->scheduling, api_slot_request(request), &actor, on_extra_booked,
                         api_call_new(api, request));
}

static const HttpField extra_slots_query[] = {
    {.name = "clinic", .type = HTTP_FIELD_ID, .required = true, .help = "clinic id"},
    {.name = "doctor", .type = HTTP_FIELD_ID, .required = true, .help = "doctor id"},
    {.name = "from", .type = HTTP_FIELD_DATE, .help = "first local day; absent: today"},
    {.name = "days", .type = HTTP_FIELD_INTEGER, .min = 1, .max = SLOTS_MAX_DAYS},
    {.name = "service",
     .type = HTTP_FIELD_ID,
     .help = "slots in which this service fits; absent: as the hours have them"},
    {0},
};
enum { EXTRA_ROLES = HTTP_ROLE_DOCTOR | HTTP_ROLE_DESK | HTTP_ROLE_COORDINATOR };

const HttpRoute api_extra_routes[] = {
    {
        .method = "GET",
        .path = "/api/v1/extra-slots",
        .operation_id = "listExtraSlots",
        .summary =
            "Additional places of a doctor that can be given: a doctor's own, the facility's",
        .roles = EXTRA_ROLES,
        .query = extra_slots_query,
        .success_status = 200,
        .response =
            "Each day asked for, with the slots and sessions that are full; extra_left: how "
            "many additional places their hours still have",
        .handler = get_extra_slots,
    },
    {
        .method = "POST",
        .path = "/api/v1/extra-bookings",
        .operation_id = "createExtraBooking",
        .summary = "Books for somebody, in an additional place where the regular one is taken; an "
                   "Idempotency-Key header makes a retry harmless",
        .roles = EXTRA_ROLES,
        .rate = HTTP_RATE_WRITE,
        .max_body = 4096,
        .body = api_staff_booking_fields,
        .success_status = 201,
        .response = "The visit: number, times, whether it is an additional one; the link, not to a "
                    "coordinator",
        .handler = post_extra_booking,
    },
};
const unsigned api_extra_n_routes = G_N_ELEMENTS(api_extra_routes);
