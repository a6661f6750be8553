// SPDX-License-Identifier: Apache-2.0
/* Moving a booking, by its link and by staff; coming again after one that was missed. */
#include "server/http/api_tables.h"

#include "scheduling/booking/move.h"

/* Only the body of moveVisit has `extra`: no patient's. */
static void move(HttpRequest *request, Api *api, const char *visit_id)
{
    Actor actor;
    g_autofree char *reason = api_optional_reason(request, "overlap_reason");
    api_actor(request, &actor);
    const MoveWish wish = {
        .practitioner_id = http_request_string(request, "doctor"),
        .starts_at_ms = http_request_int(request, "starts_at_ms", 0),
        .any_doctor = http_request_bool(request, "any_doctor", false),
        .overlap_reason = reason,
        .may_be_extra = http_request_bool(request, "extra", false),
    };
    booking_move(api->scheduling, visit_id, &wish, &actor, api_reply_booking,
                 api_call_new(api, request));
}

static void post_own_move(HttpRequest *request, gpointer context)
{
    move(request, context, http_request_identity(request)->visit_id);
}

static void post_move(HttpRequest *request, gpointer context)
{
    move(request, context, http_request_path_parameter(request, "visit"));
}

static void post_number(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    booking_take_number(api->scheduling, http_request_identity(request)->visit_id, &actor,
                        api_reply_booking, api_call_new(api, request));
}

#define MOVE_FIELDS                                                                                \
    {.name = "doctor", .type = HTTP_FIELD_ID, .required = true},                                   \
        {.name = "starts_at_ms",                                                                   \
         .type = HTTP_FIELD_INTEGER,                                                               \
         .required = true,                                                                         \
         .min = 1,                                                                                 \
         .max = 4102444800000,                                                                     \
         .help = "of a slot or session of the same clinic, as listSlots names it"},                \
    {                                                                                              \
        .name = "any_doctor", .type = HTTP_FIELD_BOOLEAN, .help = "as with createBooking"          \
    }

static const HttpField own_move_fields[] = {MOVE_FIELDS, {0}};

static const HttpField staff_move_fields[] = {
    MOVE_FIELDS,
    API_OVERLAP_FIELD,
    {.name = "extra",
     .type = HTTP_FIELD_BOOLEAN,
     .help = "also to an additional place, as listExtraSlots names it"},
    {0},
};

const HttpRoute api_move_routes[] = {
    {
        .method = "POST",
        .path = "/api/v1/join/move",
        .operation_id = "moveByPatient",
        .summary = "Moves the visit to another time, five times a day, or books again after it was "
                   "missed; the link stays",
        .roles = HTTP_ROLE_PATIENT_TOKEN,
        .rate = HTTP_RATE_WRITE,
        .body = own_move_fields,
        .success_status = 200,
        .response = "The visit that comes after it: number, times; no link",
        .handler = post_own_move,
    },
    {
        .method = "POST",
        .path = "/api/v1/join/number",
        .operation_id = "takeNumber",
        .summary = "After a missed visit: a number in the clinic's queue of now",
        .roles = HTTP_ROLE_PATIENT_TOKEN,
        .rate = HTTP_RATE_WRITE,
        .success_status = 200,
        .response = "The visit that comes after it: number, times; no link",
        .handler = post_number,
    },
    {
        .method = "POST",
        .path = "/api/v1/visits/{visit}/move",
        .operation_id = "moveVisit",
        .summary = "Moves the visit to another time in its clinic; the patient's link stays; a "
                   "coordinator "
                   "what a change of hours left without a place",
        .roles = HTTP_ROLE_DOCTOR | HTTP_ROLE_DESK | HTTP_ROLE_COORDINATOR,
        .rate = HTTP_RATE_WRITE,
        .body = staff_move_fields,
        .success_status = 200,
        .response = "The visit that comes after it: number, times; no link",
        .handler = post_move,
    },
};
const unsigned api_move_n_routes = G_N_ELEMENTS(api_move_routes);
