// SPDX-License-Identifier: Apache-2.0
/* The health office's first count, and what reports over days have in common. */
#include "server/http/api_tables.h"

#include "scheduling/report/daily.h"

bool api_report_days(HttpRequest *request, const char **ret_from, const char **ret_to)
{
    const char *from = http_request_query(request, "from");
    const char *to = http_request_query(request, "to");
    g_autoptr(FaultList) faults = fault_list_new();
    if (!daily_check(from, to, faults)) {
        http_reply_problem(request, HTTP_PROBLEM_INVALID_FIELDS, faults);
        return false;
    }
    *ret_from = from;
    *ret_to = to;
    return true;
}

void api_reply_report(HttpRequest *request, const GPtrArray *rows, gconstpointer totals,
                      ApiRowFunc row_json)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < rows->len; i++)
        json_array_append_new(list, row_json(rows->pdata[i]));
    http_reply_json(request, 200,
                    json_pack("{s:o, s:o}", "rows", list, "totals", row_json(totals)));
}

const HttpField api_report_query[] = {
    {.name = "from", .type = HTTP_FIELD_DATE, .required = true, .help = "first local day"},
    {.name = "to", .type = HTTP_FIELD_DATE, .required = true, .help = "last local day"},
    {0},
};

static json_t *row_json(gconstpointer data)
{
    const DailyRow *row = data;
    json_t *body = json_pack(
        "{s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i}", "booked",
        (int)row->booked, "done", (int)row->done, "cancelled", (int)row->cancelled, "no_show",
        (int)row->no_show, "tech_failed", (int)row->tech_failed, "left", (int)row->left,
        "converted", (int)row->converted, "open", (int)row->open, "consultations",
        (int)row->consultations, "unanswered", (int)row->unanswered, "escalated",
        (int)row->escalated, "waits", (int)row->n_waits, "call_minutes", (int)row->call_minutes);
    json_object_set_new(body, "incidents", json_integer(row->incidents));
    json_object_set_new(body, "extra", json_integer(row->extra));
    json_object_set_new(body, "came", json_integer(row->came));
    json_object_set_new(body, "not_come", json_integer(row->not_come));
    json_object_set_new(body, "no_show_doctor", json_integer(row->no_show_doctor));
    json_object_set_new(body, "wait_p50_minutes",
                        row->wait_p50_minutes >= 0 ? json_integer(row->wait_p50_minutes)
                                                   : json_null());
    if (row->facility_id) {
        json_object_set_new(body, "date", json_string(row->date));
        json_object_set_new(body, "facility", json_string(row->facility_id));
        json_object_set_new(body, "facility_name", json_string(row->facility_name));
    }
    return body;
}

static void on_daily(const Daily *daily, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error)
        http_reply_error(call->request, error);
    else
        api_reply_report(call->request, daily->rows, &daily->totals, row_json);
}

static void get_daily(HttpRequest *request, gpointer context)
{
    Api *api = context;
    const char *from, *to;
    if (api_report_days(request, &from, &to))
        daily_report(api->scheduling, from, to, on_daily, api_call_new(api, request));
}

const HttpRoute api_report_routes[] = {
    {
        .method = "GET",
        .path = "/api/v1/reports/daily",
        .operation_id = "getDailyReport",
        .summary = "Visits by local day and facility, counted from events",
        .roles = HTTP_ROLE_OFFICE,
        .query = api_report_query,
        .success_status = 200,
        .response = "Rows by day and facility, and their totals",
        .handler = get_daily,
    },
};
const unsigned api_report_n_routes = G_N_ELEMENTS(api_report_routes);
