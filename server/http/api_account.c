// SPDX-License-Identifier: Apache-2.0
/* Staff accounts, as administrators and coordinators keep them. */
#include "server/http/api_hours.h"

#include "server/staff_accounts.h"

static StaffAccounts accounts_of(const Api *api)
{
    return (StaffAccounts){
        .db = api->db, .jobs = api->jobs, .clock = api->clock, .scheduling = api->scheduling};
}

static json_t *account_json(const Account *account)
{
    g_autofree char *revision = account_revision(account);
    return json_pack("{s:s, s:s, s:s, s:s, s:s?, s:b, s:s?, s:s}", "id", account->id, "login",
                     account->login, "name", account->name, "role", user_role_name(account->role),
                     "facility", account->facility_id, "active", !account->is_disabled, "area",
                     account->area_code, "revision", revision);
}

static void on_listed(GPtrArray *accounts, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    json_t *list = json_array();
    for (unsigned i = 0; i < accounts->len; i++)
        json_array_append_new(list, account_json(accounts->pdata[i]));
    http_reply_json(call->request, 200, json_pack("{s:o}", "accounts", list));
}

static void get_accounts(HttpRequest *request, gpointer context)
{
    Api *api = context;
    StaffAccounts accounts = accounts_of(api);
    Actor actor;
    api_actor(request, &actor);
    staff_accounts_list(&accounts, &actor, on_listed, api_call_new(api, request));
}

static void on_changed(const char *id, const FaultList *faults, const GError *error,
                       gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (g_error_matches(error, AUTH_ERROR, AUTH_ERROR_INVALID)) {
        http_reply_problem(call->request, HTTP_PROBLEM_INVALID_FIELDS, faults);
    } else if (error) {
        http_reply_error(call->request, error);
    } else {
        /* Who was logged in by the account may be so no more. */
        wiring_session_ended(call->api->wiring);
        http_reply_json(call->request, http_request_route(call->request)->success_status,
                        json_pack("{s:s}", "id", id));
    }
}

/* Of a doctor's account also who is hit by its being disabled. */
static void on_account_changed(const char *id, const FaultList *faults, const GPtrArray *hits,
                               const GError *error, gpointer user_data)
{
    ApiCall *call = user_data;
    bool is_hit = g_error_matches(error, SCHEDULING_ERROR, SCHEDULING_ERROR_BOOKINGS_HIT);
    if (error && !is_hit) {
        on_changed(id, faults, error, call);
        return;
    }
    g_autoptr(ApiCall) owned = call;
    if (api_hours_reply_refused(owned->request, faults, hits, error))
        return;
    /* Who was logged in by the account may be so no more. */
    wiring_session_ended(owned->api->wiring);
    api_hours_reply_edited(owned->request, "id", json_string(id), hits);
}

static UserRole role_of(const HttpRequest *request)
{
    UserRole role = USER_ROLE_OFFICE;
    (void)user_role_parse(http_request_string(request, "role"), &role);
    return role;
}

static void post_account(HttpRequest *request, gpointer context)
{
    Api *api = context;
    StaffAccounts accounts = accounts_of(api);
    Actor actor;
    const StaffAccountNew account = {
        .login = http_request_string(request, "login"),
        .name = http_request_string(request, "name"),
        .role = role_of(request),
        .facility_id = http_request_string(request, "facility"),
        .area_code = http_request_string(request, "area"),
        .practitioner_id = http_request_string(request, "practitioner"),
        .password = http_request_string(request, "password"),
    };
    api_actor(request, &actor);
    staff_accounts_add(&accounts, &actor, &account, on_changed, api_call_new(api, request));
}

static void post_change(HttpRequest *request, gpointer context)
{
    Api *api = context;
    StaffAccounts accounts = accounts_of(api);
    Actor actor;
    const AccountChange change = {
        .id = http_request_path_parameter(request, "account"),
        .name = http_request_string(request, "name"),
        .role = role_of(request),
        .facility_id = http_request_string(request, "facility"),
        .area_code = http_request_string(request, "area"),
        .is_disabled = !http_request_bool(request, "active", true),
        .revision = http_request_string(request, "revision"),
    };
    api_actor(request, &actor);
    staff_accounts_change(&accounts, &actor, &change, api_hours_keeps(request), on_account_changed,
                          api_call_new(api, request));
}

static void post_password(HttpRequest *request, gpointer context)
{
    Api *api = context;
    StaffAccounts accounts = accounts_of(api);
    Actor actor;
    api_actor(request, &actor);
    staff_accounts_set_password(&accounts, &actor, http_request_path_parameter(request, "account"),
                                http_request_string(request, "password"), on_changed,
                                api_call_new(api, request));
}

#define ROLES "doctor|desk|office|admin|coordinator|officer"

static const HttpField account_fields[] = {
    {.name = "login", .type = HTTP_FIELD_STRING, .required = true, .min = 3, .max = 40},
    {.name = "name", .type = HTTP_FIELD_STRING, .required = true, .min = 1, .max = 80},
    {.name = "role", .type = HTTP_FIELD_ENUM, .required = true, .values = ROLES},
    {.name = "facility",
     .type = HTTP_FIELD_ID,
     .help = "of desk and coordinator; a coordinator's accounts are of its own"},
    {.name = "area",
     .type = HTTP_FIELD_STRING,
     .max = 13,
     .help = "of an officer: a code of listAreas"},
    {.name = "practitioner",
     .type = HTTP_FIELD_ID,
     .help = "whom a doctor's account stands for; one account each"},
    {.name = "password", .type = HTTP_FIELD_STRING, .required = true, .min = 10, .max = 256},
    {0},
};
static const HttpField change_fields[] = {
    {.name = "name", .type = HTTP_FIELD_STRING, .required = true, .min = 1, .max = 80},
    {.name = "role",
     .type = HTTP_FIELD_ENUM,
     .required = true,
     .values = ROLES,
     .help = "a doctor's account stays one, another becomes none"},
    {.name = "facility", .type = HTTP_FIELD_ID},
    {.name = "area", .type = HTTP_FIELD_STRING, .max = 13, .help = "of an officer"},
    {.name = "active", .type = HTTP_FIELD_BOOLEAN, .required = true},
    API_REVISION_FIELD,
    {0},
};
static const HttpField password_fields[] = {
    {.name = "password", .type = HTTP_FIELD_STRING, .required = true, .min = 10, .max = 256},
    {0},
};

enum { KEEPERS = HTTP_ROLE_ADMIN | HTTP_ROLE_COORDINATOR };

const HttpRoute api_account_routes[] = {
    {
        .method = "GET",
        .path = "/api/v1/accounts",
        .operation_id = "listAccounts",
        .summary = "The staff accounts that the caller keeps",
        .roles = KEEPERS,
        .success_status = 200,
        .response = "Accounts by name",
        .handler = get_accounts,
    },
    {
        .method = "POST",
        .path = "/api/v1/accounts",
        .operation_id = "addAccount",
        .summary = "A staff account",
        .roles = KEEPERS,
        .rate = HTTP_RATE_WRITE,
        .max_body = 4096,
        .body = account_fields,
        .success_status = 201,
        .response = "Its id",
        .handler = post_account,
    },
    {
        .method = "POST",
        .path = "/api/v1/accounts/{account}",
        .operation_id = "changeAccount",
        .summary = "Changes an account; one that is not active cannot log in, and nothing of a "
                   "doctor's is "
                   "offered then: bookings that this leaves without a place are asked about",
        .roles = KEEPERS,
        .rate = HTTP_RATE_WRITE,
        .max_body = 4096,
        .query = api_hours_keep_query,
        .body = change_fields,
        .success_status = 200,
        .response = "Its id, how many bookings were kept without a place and how many of their "
                    "patients are told",
        .handler = post_change,
    },
    {
        .method = "POST",
        .path = "/api/v1/accounts/{account}/password",
        .operation_id = "setAccountPassword",
        .summary = "A new password; the account's sessions end",
        .roles = KEEPERS,
        .rate = HTTP_RATE_WRITE,
        .max_body = 2048,
        .body = password_fields,
        .success_status = 200,
        .response = "Its id",
        .handler = post_password,
    },
};
const unsigned api_account_n_routes = G_N_ELEMENTS(api_account_routes);
