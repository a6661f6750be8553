// SPDX-License-Identifier: Apache-2.0
/* Log-in, who am I, log-out. */
#include "server/http/api_tables.h"

#include "scheduling/clinic/directory.h"
#include "server/auth/own_password.h"

#include <stdlib.h>

/* The session's answer needs the facility's name: one read after the session is known. A new
 * session's cookie goes out with the answer and not before. */
typedef struct {
    HttpRequest *request;
    char *token; /* of a new session */
    json_t *body;
    char *facility_id, *facility_name;
    char *area_code, *area_name; /* of an officer */
} SessionReply;

static void session_reply_free(gpointer data)
{
    SessionReply *reply = data;
    http_request_unref(reply->request);
    secret_text_free(reply->token);
    json_decref(reply->body);
    g_free(reply->facility_id);
    g_free(reply->facility_name);
    g_free(reply->area_code);
    g_free(reply->area_name);
    g_free(reply);
}

static bool read_facility(DbTx *tx, gpointer data, GError **error)
{
    SessionReply *reply = data;
    if (reply->area_code) {
        reply->area_name = directory_area_name(tx, reply->area_code, error);
        if (!reply->area_name)
            return false;
    }
    if (!reply->facility_id)
        return true;
    reply->facility_name = directory_facility_name(tx, reply->facility_id, error);
    return reply->facility_name != NULL;
}

static void on_facility_read(gpointer data, const GError *error)
{
    SessionReply *reply = data;
    if (error) {
        http_reply_error(reply->request, error);
        return;
    }
    json_t *facility = reply->facility_id ? json_pack("{s:s, s:s}", "id", reply->facility_id,
                                                      "name", reply->facility_name)
                                          : json_null();
    json_object_set_new(reply->body, "facility", facility);
    json_object_set_new(reply->body, "area",
                        reply->area_name ? json_string(reply->area_name) : json_null());
    if (reply->token)
        http_reply_cookie(reply->request, API_SESSION_COOKIE, reply->token, -1);
    http_reply_json(reply->request, 200, g_steal_pointer(&reply->body));
}

/* TOKEN: of a new session, or NULL. */
static void reply_session(Api *api, HttpRequest *request, const AuthSession *session,
                          const char *token)
{
    SessionReply *reply = g_new0(SessionReply, 1);
    reply->request = http_request_ref(request);
    reply->token = g_strdup(token);
    reply->facility_id = g_strdup(session->facility_id);
    reply->area_code = g_strdup(session->area_code);
    char *own_key = auth_own_key(api->auth, session->user_id);
    reply->body = json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:s}", "user", session->user_id, "name",
                            session->name, "role", user_role_name(session->role), "csrf",
                            session->csrf, "expires_at_ms", (json_int_t)session->expires_at_ms,
                            "server_ms", (json_int_t)clock_wall_ms(api->clock), "own_key", own_key);
    secret_text_free(own_key);
    db_read(api->db, read_facility, on_facility_read, reply, session_reply_free);
}

static void on_login(const AuthSession *session, const char *token, const GError *error,
                     gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (g_error_matches(error, AUTH_ERROR, AUTH_ERROR_TOO_MANY)) {
        http_reply_too_many(call->request, (unsigned)strtoul(error->message, NULL, 10));
        return;
    }
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    reply_session(call->api, call->request, session, token);
}

static void post_session(HttpRequest *request, gpointer context)
{
    Api *api = context;
    auth_login(api->auth, http_request_string(request, "login"),
               http_request_string(request, "password"), http_request_address(request), on_login,
               api_call_new(api, request));
}

static void on_session(const AuthSession *session, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error)
        http_reply_error(call->request, error);
    else if (!session)
        http_reply_problem(call->request, HTTP_PROBLEM_UNAUTHENTICATED, NULL);
    else
        reply_session(call->api, call->request, session, NULL);
}

static void get_session(HttpRequest *request, gpointer context)
{
    Api *api = context;
    auth_find_session(api->auth, http_request_cookie(request, API_SESSION_COOKIE), on_session,
                      api_call_new(api, request));
}

static void on_logout(const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    wiring_session_ended(call->api->wiring);
    http_reply_cookie(call->request, API_SESSION_COOKIE, "", 0);
    http_reply_empty(call->request, 204);
}

static void on_session_to_end(const AuthSession *session, const GError *error, gpointer user_data)
{
    ApiCall *call = user_data;
    if (session) {
        auth_logout(call->api->auth, session, http_request_address(call->request), on_logout, call);
        return;
    }
    /* It ended while this request was under way: what was asked for holds. */
    on_logout(error, call);
}

static void delete_session(HttpRequest *request, gpointer context)
{
    Api *api = context;
    auth_find_session(api->auth, http_request_cookie(request, API_SESSION_COOKIE),
                      on_session_to_end, api_call_new(api, request));
}

static void on_password(const FaultList *faults, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (g_error_matches(error, AUTH_ERROR, AUTH_ERROR_TOO_MANY)) {
        http_reply_too_many(call->request, (unsigned)strtoul(error->message, NULL, 10));
    } else if (g_error_matches(error, AUTH_ERROR, AUTH_ERROR_INVALID)) {
        http_reply_problem(call->request, HTTP_PROBLEM_INVALID_FIELDS, faults);
    } else if (error) {
        http_reply_error(call->request, error);
    } else {
        /* The account's other sessions are over. */
        wiring_session_ended(call->api->wiring);
        http_reply_empty(call->request, 204);
    }
}

static void post_password(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    const OwnPassword change = {.user_id = actor.user_id,
                                .session_id = actor.bound_to,
                                .present = http_request_string(request, "current"),
                                .password = http_request_string(request, "password"),
                                .address = actor.address};
    own_password_change(api->auth, &change, on_password, api_call_new(api, request));
}

static const HttpField login_fields[] = {
    {.name = "login", .type = HTTP_FIELD_STRING, .required = true, .min = 1, .max = 40},
    {.name = "password", .type = HTTP_FIELD_STRING, .required = true, .min = 1, .max = 256},
    {0},
};

static const HttpField password_fields[] = {
    {.name = "current", .type = HTTP_FIELD_STRING, .required = true, .min = 1, .max = 256},
    {.name = "password", .type = HTTP_FIELD_STRING, .required = true, .min = 10, .max = 256},
    {0},
};

const HttpRoute api_session_routes[] = {
    {
        .method = "POST",
        .path = "/api/v1/session",
        .operation_id = "logIn",
        .summary = "Logs a member of staff in and sets the session cookie",
        .roles = HTTP_ROLE_ANYONE,
        .flags = HTTP_ROUTE_NO_CSRF,
        .rate = HTTP_RATE_SECRET,
        .max_body = 2048,
        .body = login_fields,
        .success_status = 200,
        .response = "The session: user, name, role, facility, csrf, server_ms, own_key",
        .handler = post_session,
    },
    {
        .method = "GET",
        .path = "/api/v1/session",
        .operation_id = "getSession",
        .summary = "Who the session's cookie stands for",
        .roles = HTTP_ROLES_STAFF,
        .success_status = 200,
        .response = "The session: user, name, role, facility, csrf, server_ms, own_key",
        .handler = get_session,
    },
    {
        .method = "DELETE",
        .path = "/api/v1/session",
        .operation_id = "logOut",
        .summary = "Ends the session",
        .roles = HTTP_ROLES_STAFF,
        .rate = HTTP_RATE_WRITE,
        .success_status = 204,
        .response = "The session is over",
        .handler = delete_session,
    },
    {
        .method = "POST",
        .path = "/api/v1/session/password",
        .operation_id = "changeOwnPassword",
        .summary = "A new password of one's own; the account's other sessions end",
        .roles = HTTP_ROLES_STAFF,
        .rate = HTTP_RATE_SECRET,
        .max_body = 2048,
        .body = password_fields,
        .success_status = 204,
        .response = "It is changed; a wrong present one counts as a failed log-in",
        .handler = post_password,
    },
};
const unsigned api_session_n_routes = G_N_ELEMENTS(api_session_routes);
