// SPDX-License-Identifier: Apache-2.0
/* What comes after a visit, by its doctor: another time for the same patient, or the telephone. */
#include "server/http/api_tables.h"

#include "scheduling/booking/follow_up.h"

static void post_follow_up(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    const FollowUpWish wish = {
        .starts_at_ms = http_request_int(request, "starts_at_ms", 0),
        .group_id = http_request_string(request, "group"),
        .may_be_extra = http_request_bool(request, "extra", false),
    };
    follow_up_book(api->scheduling, http_request_path_parameter(request, "visit"), &wish, &actor,
                   api_reply_booking, api_call_new(api, request));
}

static void on_phone(const char *e164, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error)
        http_reply_error(call->request, error);
    else
        http_reply_json(call->request, 200, json_pack("{s:s}", "phone", e164));
}

static void post_phone(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    follow_up_show_phone(api->scheduling, http_request_path_parameter(request, "visit"), &actor,
                         on_phone, api_call_new(api, request));
}

static const HttpField follow_up_fields[] = {
    {.name = "starts_at_ms",
     .type = HTTP_FIELD_INTEGER,
     .required = true,
     .min = 1,
     .max = 4102444800000,
     .help = "of a slot or session of the same clinic and doctor, as listSlots names it"},
    {.name = "extra",
     .type = HTTP_FIELD_BOOLEAN,
     .help = "also in an additional place, as listExtraSlots names it"},
    {.name = "group", .type = HTTP_FIELD_ID, .help = "a place in this group visit of the doctor's"},
    {0},
};

const HttpRoute api_follow_up_routes[] = {
    {
        .method = "POST",
        .path = "/api/v1/visits/{visit}/follow-up",
        .operation_id = "bookFollowUp",
        .summary = "Books the same patient for another time of the doctor's; the link goes out by "
                   "a message",
        .roles = HTTP_ROLE_DOCTOR,
        .rate = HTTP_RATE_WRITE,
        .body = follow_up_fields,
        .success_status = 200,
        .response = "The visit that was booked: number, times; no link",
        .handler = post_follow_up,
    },
    {
        .method = "POST",
        .path = "/api/v1/visits/{visit}/phone",
        .operation_id = "showPhone",
        .summary = "The patient's telephone number, to call it; the record keeps who saw it",
        .roles = HTTP_ROLE_DOCTOR | HTTP_ROLE_DESK,
        .rate = HTTP_RATE_WRITE,
        .success_status = 200,
        .response = "The number",
        .handler = post_phone,
    },
};
const unsigned api_follow_up_n_routes = G_N_ELEMENTS(api_follow_up_routes);
