// SPDX-License-Identifier: Apache-2.0
/* A slot is kept while somebody fills in the form. */
#include "server/http/api_tables.h"

#include "scheduling/booking/hold.h"

enum { TOKEN_MAX_CHARS = 64 };

static void on_held(const Hold *hold, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error)
        api_refuse_booking(call->request, hold->refusal, error);
    else
        http_reply_json(call->request, 201,
                        json_pack("{s:s, s:I}", "hold", hold->token, "expires_at_ms",
                                  (json_int_t)hold->expires_at_ms));
}

static void post_hold(HttpRequest *request, gpointer context)
{
    Api *api = context;
    const HoldRequest wish = {
        .clinic_id = http_request_string(request, "clinic"),
        .practitioner_id = http_request_string(request, "doctor"),
        .starts_at_ms = http_request_int(request, "starts_at_ms", 0),
        .address = http_request_address(request),
        .instead = http_request_string(request, "instead"),
        .service_id = http_request_string(request, "service"),
        .token = http_request_string(request, "hold"),
    };
    hold_create(api->scheduling, &wish, on_held, api_call_new(api, request));
}

static void post_release(HttpRequest *request, gpointer context)
{
    Api *api = context;
    hold_release(api->scheduling, http_request_string(request, "hold"), api_reply_nothing,
                 api_call_new(api, request));
}

static const HttpField hold_fields[] = {
    {.name = "clinic", .type = HTTP_FIELD_ID, .required = true},
    {.name = "doctor", .type = HTTP_FIELD_ID, .required = true},
    {.name = "starts_at_ms",
     .type = HTTP_FIELD_INTEGER,
     .required = true,
     .min = 1,
     .max = 4102444800000,
     .help = "of the slot or the session, as listSlots names it"},
    {.name = "instead",
     .type = HTTP_FIELD_STRING,
     .max = TOKEN_MAX_CHARS,
     .help = "an earlier hold, which is let go"},
    {.name = "service", .type = HTTP_FIELD_ID, .help = "what is to be booked"},
    {.name = "hold",
     .type = HTTP_FIELD_STRING,
     .max = TOKEN_MAX_CHARS,
     .help =
         "the caller's own name of the hold, 22 letters or digits, as random as a key; it can be "
         "said in createBooking before the answer has come; absent: the server makes one"},
    {0},
};
static const HttpField release_fields[] = {
    {.name = "hold", .type = HTTP_FIELD_STRING, .required = true, .max = TOKEN_MAX_CHARS},
    {0},
};

const HttpRoute api_hold_routes[] = {
    {
        .method = "POST",
        .path = "/api/v1/holds",
        .operation_id = "holdSlot",
        .summary = "Keeps a slot for five minutes, while the form is filled in",
        .roles = HTTP_ROLE_ANYONE,
        .flags = HTTP_ROUTE_NO_CSRF,
        .rate = HTTP_RATE_WRITE,
        .max_body = 1024,
        .body = hold_fields,
        .success_status = 201,
        .response = "The hold, for createBooking, and when it ends",
        .handler = post_hold,
    },
    {
        .method = "POST",
        .path = "/api/v1/holds/release",
        .operation_id = "releaseHold",
        .summary = "Lets a hold go",
        .roles = HTTP_ROLE_ANYONE,
        .flags = HTTP_ROUTE_NO_CSRF,
        .rate = HTTP_RATE_WRITE,
        .max_body = 1024,
        .body = release_fields,
        .success_status = 204,
        .response = "Done, also when there was none",
        .handler = post_release,
    },
};
const unsigned api_hold_n_routes = G_N_ELEMENTS(api_hold_routes);
