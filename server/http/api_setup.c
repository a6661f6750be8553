// SPDX-License-Identifier: Apache-2.0
/* The first administrator of an empty installation. */
#include "server/http/api_tables.h"

#include "server/auth/setup.h"

#include <stdlib.h>

static void get_setup(HttpRequest *request, gpointer context)
{
    const Api *api = context;
    http_reply_json(request, 200, json_pack("{s:b}", "needed", setup_is_open(api->setup)));
}

static void on_claimed(const FaultList *faults, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (g_error_matches(error, AUTH_ERROR, AUTH_ERROR_INVALID))
        http_reply_problem(call->request, HTTP_PROBLEM_INVALID_FIELDS, faults);
    else if (g_error_matches(error, AUTH_ERROR, AUTH_ERROR_TOO_MANY))
        http_reply_too_many(call->request, (unsigned)strtoul(error->message, NULL, 10));
    else if (error)
        http_reply_error(call->request, error);
    else
        http_reply_empty(call->request, 204);
}

static void post_setup(HttpRequest *request, gpointer context)
{
    Api *api = context;
    const SetupClaim claim = {
        .code = http_request_string(request, "code"),
        .login = http_request_string(request, "login"),
        .name = http_request_string(request, "name"),
        .password = http_request_string(request, "password"),
        .address = http_request_address(request),
    };
    setup_claim(api->setup, &claim, on_claimed, api_call_new(api, request));
}

static const HttpField setup_fields[] = {
    {.name = "code",
     .type = HTTP_FIELD_STRING,
     .required = true,
     .min = 1,
     .max = 40,
     .help = "the one-time code that the server shows on its terminal"},
    {.name = "login", .type = HTTP_FIELD_STRING, .required = true, .min = 3, .max = 40},
    {.name = "name", .type = HTTP_FIELD_STRING, .required = true, .min = 1, .max = 80},
    {.name = "password", .type = HTTP_FIELD_STRING, .required = true, .min = 10, .max = 256},
    {0},
};

const HttpRoute api_setup_routes[] = {
    {
        .method = "GET",
        .path = "/api/v1/setup",
        .operation_id = "getSetup",
        .summary = "Whether the first administrator is still to be made",
        .roles = HTTP_ROLE_ANYONE,
        .success_status = 200,
        .response = "needed",
        .handler = get_setup,
    },
    {
        .method = "POST",
        .path = "/api/v1/setup",
        .operation_id = "setUp",
        .summary = "Makes the first administrator, by the code on the server's terminal",
        .roles = HTTP_ROLE_ANYONE,
        .flags = HTTP_ROUTE_NO_CSRF,
        .rate = HTTP_RATE_SECRET,
        .max_body = 2048,
        .body = setup_fields,
        .success_status = 204,
        .response = "The account is there; log in as usual",
        .handler = post_setup,
    },
};
const unsigned api_setup_n_routes = G_N_ELEMENTS(api_setup_routes);
