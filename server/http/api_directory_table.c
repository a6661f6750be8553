// SPDX-License-Identifier: Apache-2.0
/* Facilities, clinics, practitioners, services, holidays, accounts, rules and the texts of messages
 * as tables (CSV), out and in. */
#include "server/http/api_hours.h"

#include "scheduling/clinic/directory_import.h"
#include "scheduling/clinic/directory_table.h"
#include "scheduling/clinic/holiday_table.h"
#include "scheduling/outbox/message_table.h"
#include "scheduling/policy/policy_table.h"
#include "server/staff_table.h"

#include <string.h>

static DirectoryKind kind_of(const char *name)
{
    if (strcmp(name, directory_kind_name(DIRECTORY_FACILITY)) == 0)
        return DIRECTORY_FACILITY;
    if (strcmp(name, directory_kind_name(DIRECTORY_CLINIC)) == 0)
        return DIRECTORY_CLINIC;
    if (strcmp(name, directory_kind_name(DIRECTORY_SERVICE)) == 0)
        return DIRECTORY_SERVICE;
    return DIRECTORY_PRACTITIONER;
}

/* Holidays, rules and texts; NULL: another table. */
static const TableKind *table_of(const char *name)
{
    if (strcmp(name, "holiday") == 0)
        return &holiday_table;
    if (strcmp(name, "policy") == 0)
        return &policy_table;
    return strcmp(name, "template") == 0 ? &message_table : NULL;
}

/* Accounts are no rows of the directory, but a table like its own. */
static bool is_kind(const char *name, const char *wanted)
{
    return strcmp(name, wanted) == 0;
}

static StaffAccounts accounts_of(const Api *api)
{
    return (StaffAccounts){
        .db = api->db, .jobs = api->jobs, .clock = api->clock, .scheduling = api->scheduling};
}

/* TEXT is taken. */
static void reply_table(ApiCall *call, char *text)
{
    g_autoptr(GBytes) bytes = g_bytes_new_take(text, strlen(text));
    g_autofree char *file = g_strdup_printf("attachment; filename=\"huyula-%s.csv\"",
                                            http_request_query(call->request, "kind"));
    http_reply_header(call->request, "Content-Disposition", file);
    http_reply_bytes(call->request, 200, "text/csv; charset=utf-8", bytes);
}

static void on_view(const DirectoryView *view, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    DirectoryKind kind = kind_of(http_request_query(call->request, "kind"));
    reply_table(call, directory_table_write(kind, view));
}

static void on_csv(const char *csv, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error)
        http_reply_error(call->request, error);
    else
        reply_table(call, g_strdup(csv));
}

static void get_table(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    const char *kind = http_request_query(request, "kind");
    StaffAccounts accounts = accounts_of(api);
    api_actor(request, &actor);
    if (is_kind(kind, "account"))
        staff_table_get(&accounts, &actor, on_csv, api_call_new(api, request));
    else if (table_of(kind))
        table_job_get(api->scheduling, table_of(kind), &actor, on_csv, api_call_new(api, request));
    else
        directory_view_get(api->scheduling, &actor, on_view, api_call_new(api, request));
}

static json_t *fault_json(const TableFault *fault, HttpLanguage language)
{
    json_t *json = http_fault_json(&fault->fault, language);
    json_object_set_new(json, "line", json_integer(fault->line));
    return json;
}

/* STARTS: how the new accounts log in, told this once; NULL for other tables. */
static json_t *starts_json(const GPtrArray *starts)
{
    json_t *list = json_array();
    for (unsigned i = 0; starts && i < starts->len; i++) {
        const StaffStart *one = starts->pdata[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "login", one->login, "name",
                                              one->name, "password", one->password));
    }
    return list;
}

json_t *api_imported_json(const TableImported *imported, HttpLanguage language)
{
    json_t *errors = json_array();
    for (unsigned i = 0; i < imported->faults->len; i++)
        json_array_append_new(errors, fault_json(imported->faults->pdata[i], language));
    return json_pack("{s:b, s:i, s:i, s:i, s:i, s:i, s:i, s:o, s:o}", "saved", imported->is_saved,
                     "added", (int)imported->n_added, "changed", (int)imported->n_changed, "hit",
                     (int)imported->n_hit, "told", (int)imported->n_told, "not_reachable",
                     (int)imported->n_not_reachable, "no_phone", (int)imported->n_no_phone,
                     "bookings", api_hours_hits_json(imported->hits), "errors", errors);
}

static void reply_imported(ApiCall *call, const TableImported *imported, const GPtrArray *starts,
                           const GError *error)
{
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    json_t *json = api_imported_json(imported, http_request_language(call->request));
    json_object_set_new(json, "accounts", starts_json(starts));
    http_reply_json(call->request, 200, json);
}

static void on_imported(const TableImported *imported, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    reply_imported(call, imported, NULL, error);
}

static void on_staff_imported(const TableImported *imported, const GPtrArray *starts,
                              const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    /* Who was logged in by an account that changed may be so no more. */
    if (imported->is_saved && imported->n_changed > 0)
        wiring_session_ended(call->api->wiring);
    reply_imported(call, imported, starts, error);
}

static void post_table(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    const char *kind = http_request_string(request, "kind");
    const char *csv = http_request_string(request, "csv");
    bool is_trial = http_request_bool(request, "trial", false);
    StaffAccounts accounts = accounts_of(api);
    const TableGiven given = {.csv = csv, .is_trial = is_trial, .keep = api_hours_keeps(request)};
    ApiCall *call = api_call_new(api, request);
    api_actor(request, &actor);
    if (is_kind(kind, "account"))
        staff_table_import(&accounts, &actor, csv, is_trial, on_staff_imported, call);
    else if (table_of(kind))
        table_job_import(api->scheduling, table_of(kind), &actor, &given, on_imported, call);
    else
        directory_import(api->scheduling, &actor, kind_of(kind), &given, on_imported, call);
}

#define KINDS "facility|clinic|practitioner|service|holiday|account|policy|template"

static const HttpField table_query[] = {
    {.name = "kind", .type = HTTP_FIELD_ENUM, .required = true, .values = KINDS},
    {0},
};
static const HttpField table_fields[] = {
    {.name = "kind", .type = HTTP_FIELD_ENUM, .required = true, .values = KINDS},
    {.name = "csv",
     .type = HTTP_FIELD_TEXT,
     .required = true,
     .min = 1,
     .max = CSV_MAX_BYTES,
     .help = "the first line names the columns, as the export does or in Indonesian; dates as "
             "2027-08-17, "
             "17/08/2027 or 17-08-2027; 500 rows at most"},
    {.name = "trial",
     .type = HTTP_FIELD_BOOLEAN,
     .required = true,
     .help = "true: says what is wrong and what would change, and keeps nothing"},
    {0},
};

enum { KEEPERS = HTTP_ROLE_ADMIN | HTTP_ROLE_COORDINATOR };

const HttpRoute api_directory_table_routes[] = {
    {
        .method = "GET",
        .path = "/api/v1/directory/table",
        .operation_id = "exportDirectory",
        .summary =
            "What the caller keeps of the directory, holidays, accounts, rules or texts, as CSV",
        .roles = KEEPERS,
        .query = table_query,
        .success_status = 200,
        .response = "text/csv; cells that a spreadsheet would take for a formula are masked",
        .handler = get_table,
    },
    {
        .method = "POST",
        .path = "/api/v1/directory/table",
        .operation_id = "importDirectory",
        .summary = "Adds and changes rows out of a CSV table: all of them or none",
        .roles = KEEPERS,
        .rate = HTTP_RATE_WRITE,
        .max_body = 3 * CSV_MAX_BYTES, /* as JSON it is longer */
        .query = api_hours_keep_query,
        .body = table_fields,
        .success_status = 200,
        .response = "saved, added, changed, hit: how many bookings rows leave without hours, told: "
                    "of these, "
                    "whose patients get a message, not_reachable: of these, whose patients have no "
                    "mobile number, no_phone: no telephone at all, bookings: the first 100 of "
                    "them, errors by line "
                    "and column; accounts: of those "
                    "that were added, with the password that is told "
                    "once",
        .handler = post_table,
    },
};
const unsigned api_directory_table_n_routes = G_N_ELEMENTS(api_directory_table_routes);
