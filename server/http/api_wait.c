// SPDX-License-Identifier: Apache-2.0
/* The wait list for those who wait: leaving word, and by the link what it has come to. The link's
 * token comes in the body, never in a path that is logged; of its 131 bits none is guessed, so that
 * a clinic whose patients share one address may look as often as their pages do. */
#include "server/http/api_tables.h"

#include "scheduling/wait/wait_answer.h"
#include "scheduling/wait/wait_list.h"

enum { TOKEN_MAX_CHARS = 64 };

static void on_joined(const WaitListed *listed, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        api_reply_refusal(call->request, listed->faults, error);
        return;
    }
    char *link = g_strconcat(call->api->public_url, "/tunggu/", listed->token, NULL);
    http_reply_json(
        call->request, 201,
        json_pack("{s:s, s:s, s:s, s:i, s:o}", "entry", listed->id, "link", link, "until",
                  listed->until_date, "ahead", (int)listed->n_ahead, "warnings",
                  http_faults_json(listed->warnings, http_request_language(call->request))));
    secret_text_free(link);
}

void api_join_wait_list(HttpRequest *request, Api *api, const char *clinic_id, const Actor *actor)
{
    BookingRequest *who = api_booking_request(request);
    if (clinic_id) {
        g_free(who->clinic_id);
        who->clinic_id = g_strdup(clinic_id);
    }
    const WaitRequest wish = {who, http_request_string(request, "from"),
                              http_request_string(request, "until")};
    wait_list_join(api->scheduling, &wish, actor, on_joined, api_call_new(api, request));
}

static void post_join(HttpRequest *request, gpointer context)
{
    const Actor actor = {.role = ACTOR_PATIENT, .address = http_request_address(request)};
    api_join_wait_list(request, context, NULL, &actor);
}

static json_t *offer_json(const WaitView *view)
{
    if (!view->offer.id)
        return json_null();
    return json_pack("{s:s, s:s, s:I, s:I, s:b}", "id", view->offer.id, "doctor",
                     view->offer.doctor, "turn_at_ms", (json_int_t)view->offer.turn_at_ms,
                     "expires_at_ms", (json_int_t)view->offer.expires_at_ms, "kept",
                     view->offer.is_kept);
}

static void on_view(const WaitView *view, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    json_t *last = view->last_offer ? json_pack("{s:s, s:I}", "state", view->last_offer,
                                                "turn_at_ms", (json_int_t)view->last_turn_at_ms)
                                    : json_null();
    json_t *body = json_pack(
        "{s:s, s:s, s:s, s:s, s:s?, s:s?, s:s, s:s}", "state", wait_state_name(view->state),
        "clinic", view->clinic, "facility", view->facility, "phone", view->phone, "doctor",
        view->doctor, "service", view->service, "from", view->from_date, "until", view->until_date);
    json_object_set_new(body, "urgent", json_boolean(view->is_urgent));
    json_object_set_new(body, "ahead", json_integer(view->n_ahead));
    json_object_set_new(body, "offer", offer_json(view));
    json_object_set_new(body, "last_offer", last);
    json_object_set_new(body, "zone", json_string(call->api->zone));
    json_object_set_new(body, "server_ms", json_integer(view->now_ms));
    http_reply_json(call->request, 200, body);
}

static void post_look(HttpRequest *request, gpointer context)
{
    Api *api = context;
    wait_answer_view(api->scheduling, http_request_string(request, "token"), on_view,
                     api_call_new(api, request));
}

static void post_accept(HttpRequest *request, gpointer context)
{
    Api *api = context;
    wait_answer_accept(api->scheduling, http_request_string(request, "token"),
                       http_request_string(request, "offer"), http_request_address(request),
                       api_reply_booking, api_call_new(api, request));
}

static void post_decline(HttpRequest *request, gpointer context)
{
    Api *api = context;
    wait_answer_decline(api->scheduling, http_request_string(request, "token"),
                        http_request_string(request, "offer"), http_request_address(request),
                        api_reply_nothing, api_call_new(api, request));
}

static void post_leave(HttpRequest *request, gpointer context)
{
    Api *api = context;
    wait_answer_leave(api->scheduling, http_request_string(request, "token"),
                      http_request_address(request), api_reply_nothing, api_call_new(api, request));
}

const HttpField api_wait_join_fields[] = {
    {.name = "clinic", .type = HTTP_FIELD_ID, .required = true},
    {.name = "doctor", .type = HTTP_FIELD_ID, .help = "absent: any of the clinic"},
    {.name = "service", .type = HTTP_FIELD_ID, .help = "of the clinic"},
    {.name = "from", .type = HTTP_FIELD_DATE, .help = "first local day; absent: today"},
    {.name = "until",
     .type = HTTP_FIELD_DATE,
     .help = "last local day; absent: the last that can be booked"},
    {.name = "name", .type = HTTP_FIELD_STRING, .required = true, .min = 1, .max = 80},
    {.name = "birth_date", .type = HTTP_FIELD_DATE, .required = true},
    {.name = "phone",
     .type = HTTP_FIELD_STRING,
     .required = true,
     .min = 6,
     .max = 32,
     .help = "a mobile phone's: an offer comes as a message"},
    {.name = "nik", .type = HTTP_FIELD_STRING, .min = 0, .max = 32},
    API_FAMILY_FIELDS,
    API_VISIT_REASON_FIELD,
    {.name = "lang", .type = HTTP_FIELD_ENUM, .values = "id|en"},
    {.name = "consent",
     .type = HTTP_FIELD_INTEGER,
     .min = 1,
     .max = 1000000,
     .help = "the version of getConsentText that was agreed to"},
    {0},
};
static const HttpField token_fields[] = {
    {.name = "token",
     .type = HTTP_FIELD_STRING,
     .required = true,
     .max = TOKEN_MAX_CHARS,
     .help = "what follows /tunggu/ in the link"},
    {0},
};
static const HttpField answer_fields[] = {
    {.name = "token", .type = HTTP_FIELD_STRING, .required = true, .max = TOKEN_MAX_CHARS},
    {.name = "offer",
     .type = HTTP_FIELD_ID,
     .required = true,
     .help = "which was shown: of no other one it is an answer"},
    {0},
};

const HttpRoute api_wait_routes[] = {
    {
        .method = "POST",
        .path = "/api/v1/wait-list",
        .operation_id = "joinWaitList",
        .summary = "Leaves word that a place is wanted, once for a clinic; an Idempotency-Key "
                   "header makes a retry harmless",
        .roles = HTTP_ROLE_ANYONE,
        .flags = HTTP_ROUTE_NO_CSRF,
        .rate = HTTP_RATE_WRITE,
        .max_body = 4096,
        .body = api_wait_join_fields,
        .success_status = 201,
        .response = "The link, the last day, how many are ahead",
        .handler = post_join,
    },
    {
        .method = "POST",
        .path = "/api/v1/wait-list/look",
        .operation_id = "lookAtWait",
        .summary = "What a wait has come to, by its link; changes nothing",
        .roles = HTTP_ROLE_ANYONE,
        .flags = HTTP_ROUTE_NO_CSRF,
        .rate = HTTP_RATE_NORMAL,
        .max_body = 1024,
        .body = token_fields,
        .success_status = 200,
        .response = "State, place in the list, what is offered now and what was before",
        .handler = post_look,
    },
    {
        .method = "POST",
        .path = "/api/v1/wait-list/accept",
        .operation_id = "acceptOffer",
        .summary = "Books what is offered; repeated it answers with the same visit",
        .roles = HTTP_ROLE_ANYONE,
        .flags = HTTP_ROUTE_NO_CSRF,
        .rate = HTTP_RATE_WRITE,
        .max_body = 1024,
        .body = answer_fields,
        .success_status = 201,
        .response = "The visit: number, times, link",
        .handler = post_accept,
    },
    {
        .method = "POST",
        .path = "/api/v1/wait-list/decline",
        .operation_id = "declineOffer",
        .summary = "Lets an offer go to the next one, and stays on the list",
        .roles = HTTP_ROLE_ANYONE,
        .flags = HTTP_ROUTE_NO_CSRF,
        .rate = HTTP_RATE_WRITE,
        .max_body = 1024,
        .body = answer_fields,
        .success_status = 204,
        .response = "Done",
        .handler = post_decline,
    },
    {
        .method = "POST",
        .path = "/api/v1/wait-list/leave",
        .operation_id = "leaveWaitList",
        .summary = "Leaves the list",
        .roles = HTTP_ROLE_ANYONE,
        .flags = HTTP_ROUTE_NO_CSRF,
        .rate = HTTP_RATE_WRITE,
        .max_body = 1024,
        .body = token_fields,
        .success_status = 204,
        .response = "Done, also when it was left already",
        .handler = post_leave,
    },
};
const unsigned api_wait_n_routes = G_N_ELEMENTS(api_wait_routes);
