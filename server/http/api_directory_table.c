// SPDX-License-Identifier: Apache-2.0
/* Facilities, clinics and practitioners as tables (CSV), out and in. */
#include "server/http/api_tables.h"

#include "scheduling/clinic/directory_import.h"
#include "scheduling/clinic/directory_table.h"

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

static void on_view(const DirectoryView *view, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    const char *name = http_request_query(call->request, "kind");
    char *text = directory_table_write(kind_of(name), view);
    g_autoptr(GBytes) bytes = g_bytes_new_take(text, strlen(text));
    g_autofree char *file = g_strdup_printf("attachment; filename=\"huyula-%s.csv\"", name);
    http_reply_header(call->request, "Content-Disposition", file);
    http_reply_bytes(call->request, 200, "text/csv; charset=utf-8", bytes);
}

static void get_table(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    directory_view_get(api->scheduling, &actor, on_view, api_call_new(api, request));
}

static json_t *fault_json(const DirectoryFault *fault, HttpLanguage language)
{
    g_autofree char *message = http_fault_message(&fault->fault, language);
    return json_pack("{s:i, s:s, s:s, s:s?, s:s}", "line", (int)fault->line, "field",
                     fault->fault.field, "code", fault->fault.code, "allowed", fault->fault.allowed,
                     "message", message);
}

static void on_imported(const DirectoryImported *imported, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    HttpLanguage language = http_request_language(call->request);
    json_t *errors = json_array();
    for (unsigned i = 0; i < imported->faults->len; i++)
        json_array_append_new(errors, fault_json(imported->faults->pdata[i], language));
    http_reply_json(call->request, 200,
                    json_pack("{s:b, s:i, s:i, s:o}", "saved", imported->is_saved, "added",
                              (int)imported->n_added, "changed", (int)imported->n_changed, "errors",
                              errors));
}

static void post_table(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    directory_import(api->scheduling, &actor, kind_of(http_request_string(request, "kind")),
                     http_request_string(request, "csv"),
                     http_request_bool(request, "trial", false), on_imported,
                     api_call_new(api, request));
}

#define KINDS "facility|clinic|practitioner|service"

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
     .help = "the first line names the columns, as the export does; 500 rows at most"},
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
        .summary = "Facilities, clinics or practitioners that the caller keeps, as CSV",
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
        .body = table_fields,
        .success_status = 200,
        .response = "saved, added, changed, and errors by line and column",
        .handler = post_table,
    },
};
const unsigned api_directory_table_n_routes = G_N_ELEMENTS(api_directory_table_routes);
