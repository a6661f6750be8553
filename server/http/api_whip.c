// SPDX-License-Identifier: Apache-2.0
/* WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep) in their plain form: POST an offer, DELETE the
 * session. The Bearer is a join token of any participant, so these routes look at it themselves. */
#include "server/http/api_tables.h"

#include "scheduling/booking/token.h"

#include "server/base/limit.h"

#include <string.h>

typedef struct {
    ApiCall *call;
    SignalingWhipKind kind;
    bool is_delete;
} WhipCall;

static const char *kind_path(SignalingWhipKind kind)
{
    return kind == SIGNALING_WHIP ? "whip" : "whep";
}

static void open_session(const SignalingAdmission *admission, gpointer user_data)
{
    WhipCall *whip = user_data;
    Api *api = whip->call->api;
    HttpRequest *request = whip->call->request;
    size_t size = 0;
    const char *offer = http_request_body(request, &size);
    g_autofree char *resource = NULL, *answer = NULL;
    g_autoptr(GError) error = NULL;
    if (!signaling_whip_open(api->signaling, admission, whip->kind, offer, size, &resource, &answer,
                             &error)) {
        http_reply_error(request, error);
        return;
    }
    g_autofree char *location =
        g_strdup_printf("/%s/%s/%s", kind_path(whip->kind), admission->visit->id, resource);
    http_reply_header(request, "Location", location);
    g_autoptr(GBytes) bytes = g_bytes_new(answer, strlen(answer));
    http_reply_bytes(request, 201, "application/sdp", bytes);
}

static void close_session(const WhipCall *whip, const TokenGrant *grant)
{
    HttpRequest *request = whip->call->request;
    g_autoptr(GError) error = NULL;
    if (signaling_whip_close(whip->call->api->signaling, grant->view->id, grant->participant_id,
                             http_request_path_parameter(request, "resource"), &error))
        http_reply_empty(request, 200);
    else
        http_reply_error(request, error);
}

static void on_token(const TokenGrant *grant, const GError *error, gpointer user_data)
{
    g_autofree WhipCall *whip = user_data;
    g_autoptr(ApiCall) call = whip->call;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    const char *visit_id = http_request_path_parameter(call->request, "visit");
    if (grant->kind != TOKEN_KIND_VISIT || strcmp(grant->view->id, visit_id) != 0) {
        http_reply_problem(call->request, HTTP_PROBLEM_NOT_FOUND, NULL);
        return;
    }
    if (whip->is_delete) {
        close_session(whip, grant);
        return;
    }
    g_autoptr(GError) refused = NULL;
    if (!token_check_admission(call->api->scheduling, grant, &refused))
        http_reply_error(call->request, refused);
    else
        wiring_with_admission(call->api->wiring, grant, open_session, whip);
}

static void start(HttpRequest *request, Api *api, SignalingWhipKind kind, bool is_delete)
{
    const char *token = http_request_bearer(request);
    if (!token) {
        http_reply_problem(request, HTTP_PROBLEM_UNAUTHENTICATED, NULL);
        return;
    }
    WhipCall *whip = g_new(WhipCall, 1);
    *whip = (WhipCall){.call = api_call_new(api, request), .kind = kind, .is_delete = is_delete};
    token_authorize(api->scheduling, token, on_token, whip);
}

static void post_whip(HttpRequest *request, gpointer context)
{
    start(request, context, SIGNALING_WHIP, false);
}

static void post_whep(HttpRequest *request, gpointer context)
{
    start(request, context, SIGNALING_WHEP, false);
}

static void delete_whip(HttpRequest *request, gpointer context)
{
    start(request, context, SIGNALING_WHIP, true);
}

static void delete_whep(HttpRequest *request, gpointer context)
{
    start(request, context, SIGNALING_WHEP, true);
}

#define WHIP_ROUTE_FLAGS (HTTP_ROUTE_ANY_ORIGIN | HTTP_ROUTE_NO_CSRF)

const HttpRoute api_whip_routes[] = {
    {
        .method = "POST",
        .path = "/whip/{visit}",
        .operation_id = "whipPublish",
        .summary = "Publishes into a visit (WHIP); Bearer is a join token",
        .roles = HTTP_ROLE_ANYONE,
        .flags = WHIP_ROUTE_FLAGS,
        .rate = HTTP_RATE_WRITE,
        .max_body = LIMIT_SDP_BYTES,
        .body_type = "application/sdp",
        .success_status = 201,
        .response = "SDP answer; Location names the session",
        .handler = post_whip,
    },
    {
        .method = "POST",
        .path = "/whep/{visit}",
        .operation_id = "whepWatch",
        .summary = "Watches the other participants of a visit (WHEP); Bearer is a join token",
        .roles = HTTP_ROLE_ANYONE,
        .flags = WHIP_ROUTE_FLAGS,
        .rate = HTTP_RATE_WRITE,
        .max_body = LIMIT_SDP_BYTES,
        .body_type = "application/sdp",
        .success_status = 201,
        .response = "SDP answer; Location names the session",
        .handler = post_whep,
    },
    {
        .method = "DELETE",
        .path = "/whip/{visit}/{resource}",
        .operation_id = "whipEnd",
        .summary = "Ends a WHIP session",
        .roles = HTTP_ROLE_ANYONE,
        .flags = WHIP_ROUTE_FLAGS,
        .success_status = 200,
        .response = "The session is over",
        .handler = delete_whip,
    },
    {
        .method = "DELETE",
        .path = "/whep/{visit}/{resource}",
        .operation_id = "whepEnd",
        .summary = "Ends a WHEP session",
        .roles = HTTP_ROLE_ANYONE,
        .flags = WHIP_ROUTE_FLAGS,
        .success_status = 200,
        .response = "The session is over",
        .handler = delete_whep,
    },
};
const unsigned api_whip_n_routes = G_N_ELEMENTS(api_whip_routes);
