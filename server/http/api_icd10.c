// SPDX-License-Identifier: Apache-2.0
/* The diagnosis list, for administrators: how long it is and since when, out and in as a table. */
#include "server/http/api_tables.h"

#include <string.h>

#include "scheduling/note/icd10_table.h"

static void on_list(const Icd10List *list, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    json_t *last = list->at_ms ? json_pack("{s:I, s:s, s:i, s:i}", "at_ms", (json_int_t)list->at_ms,
                                           "by", list->name, "added", (int)list->n_added, "changed",
                                           (int)list->n_changed)
                               : json_null();
    http_reply_json(call->request, 200,
                    json_pack("{s:i, s:o}", "codes", (int)list->n_codes, "last", last));
}

static void get_list(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    icd10_list_get(api->scheduling, &actor, on_list, api_call_new(api, request));
}

static void on_csv(const char *csv, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    g_autoptr(GBytes) bytes = g_bytes_new(csv, strlen(csv));
    http_reply_header(call->request, "Content-Disposition",
                      "attachment; filename=\"huyula-icd10.csv\"");
    http_reply_bytes(call->request, 200, "text/csv; charset=utf-8", bytes);
}

static void get_table(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    icd10_table_get(api->scheduling, &actor, on_csv, api_call_new(api, request));
}

static void on_imported(const TableImported *imported, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error)
        http_reply_error(call->request, error);
    else
        http_reply_json(call->request, 200,
                        api_imported_json(imported, http_request_language(call->request)));
}

static void post_table(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    const Icd10TableGiven given = {
        .csv = http_request_string(request, "csv"),
        .name = http_request_identity(request)->name,
        .is_trial = http_request_bool(request, "trial", false),
    };
    api_actor(request, &actor);
    icd10_table_import(api->scheduling, &actor, &given, on_imported, api_call_new(api, request));
}

static const HttpField table_fields[] = {
    {.name = "csv",
     .type = HTTP_FIELD_TEXT,
     .required = true,
     .min = 1,
     .max = ICD10_TABLE_MAX_BYTES,
     .help = "columns code, term_id, term_en by the first line; 30,000 rows at most"},
    {.name = "trial",
     .type = HTTP_FIELD_BOOLEAN,
     .required = true,
     .help = "true: says what is wrong and what would change, and keeps nothing"},
    {0},
};

const HttpRoute api_icd10_routes[] = {
    {
        .method = "GET",
        .path = "/api/v1/icd10/list",
        .operation_id = "getDiagnosisList",
        .summary = "How many diagnoses there are, and when a list was taken in last",
        .roles = HTTP_ROLE_ADMIN,
        .success_status = 200,
        .response = "codes; last: at_ms, by, added, changed, or null",
        .handler = get_list,
    },
    {
        .method = "GET",
        .path = "/api/v1/icd10/table",
        .operation_id = "exportDiagnoses",
        .summary = "The whole diagnosis list as CSV",
        .roles = HTTP_ROLE_ADMIN,
        .success_status = 200,
        .response = "text/csv; cells that a spreadsheet would take for a formula are masked",
        .handler = get_table,
    },
    {
        .method = "POST",
        .path = "/api/v1/icd10/table",
        .operation_id = "importDiagnoses",
        .summary = "Adds diagnoses and changes their names out of a CSV table: all or none",
        .roles = HTTP_ROLE_ADMIN,
        .rate = HTTP_RATE_WRITE,
        .max_body = 2 * ICD10_TABLE_MAX_BYTES, /* as JSON it is longer */
        .body = table_fields,
        .success_status = 200,
        .response = "saved, added, changed, errors by line and column",
        .handler = post_table,
    },
};
const unsigned api_icd10_n_routes = G_N_ELEMENTS(api_icd10_routes);
