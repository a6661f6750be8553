// SPDX-License-Identifier: Apache-2.0
/* What comes after a visit, by its doctor: another time for the same patient, or the telephone; and
 * the telephone's number where another one was written down. */
#include "server/http/api_tables.h"

#include "scheduling/booking/follow_up.h"
#include "scheduling/booking/visit_phone.h"

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

/* It may be open where the number was wrong: its holder goes out. */
static void dismiss(const ApiCall *call, const IssuedToken *link)
{
    signaling_dismiss(call->api->signaling, link->visit_id, link->participant_id,
                      SIGNALING_CODE_LINK_INVALID);
}

static json_t *also_json(const VisitPhoneAlso *also, unsigned n)
{
    json_t *array = json_array();
    for (unsigned i = 0; i < n; i++)
        json_array_append_new(array, json_pack("{s:I, s:b, s:b}", "starts_at_ms",
                                               (json_int_t)also[i].starts_at_ms, "over",
                                               also[i].is_over, "told", also[i].is_told));
    return array;
}

static void on_phone_changed(const VisitPhoneChanged *changed, const GError *error,
                             gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        api_reply_refusal(call->request, changed->faults, error);
        return;
    }
    g_autofree char *link = NULL;
    if (changed->link) {
        dismiss(call, changed->link);
        link = api_link(call->api, changed->link->token);
    }
    for (unsigned i = 0; i < changed->n_also; i++)
        dismiss(call, changed->also[i].link);
    http_reply_json(
        call->request, 200,
        json_pack("{s:b, s:b, s:o, s:o, s:s?, s:o, s:o}", "changed", changed->has_changed, "told",
                  changed->is_told, "also", also_json(changed->also, changed->n_also), "left",
                  also_json(changed->left, changed->n_left), "link", link, "expires_at_ms",
                  api_time(changed->link ? changed->link->expires_at_ms : 0), "warnings",
                  http_faults_json(changed->warnings, http_request_language(call->request))));
}

static void put_phone(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    const VisitPhone phone = {
        .text = http_request_string(request, "phone"),
        .no_phone = http_request_bool(request, "no_phone", false),
    };
    visit_phone_change(api->scheduling, http_request_path_parameter(request, "visit"), &phone,
                       &actor, on_phone_changed, api_call_new(api, request));
}

static const HttpField phone_fields[] = {
    {.name = "phone", .type = HTTP_FIELD_STRING, .min = 6, .max = 32},
    API_NO_PHONE_FIELD,
    {0},
};

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
    {
        .method = "PUT",
        .path = "/api/v1/visits/{visit}/phone",
        .operation_id = "changePhone",
        .summary = "Another telephone number than was written down, or none: the links before are "
                   "revoked, messages go to the new one",
        .roles = HTTP_ROLE_DOCTOR | HTTP_ROLE_DESK,
        .rate = HTTP_RATE_WRITE,
        .body = phone_fields,
        .success_status = 200,
        .response = "Whether it was changed, whether a message brings the link to the number, and "
                    "the new link",
        .handler = put_phone,
    },
};
const unsigned api_follow_up_n_routes = G_N_ELEMENTS(api_follow_up_routes);
