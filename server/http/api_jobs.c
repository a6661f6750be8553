// SPDX-License-Identifier: Apache-2.0
/* The administrator sees what the periodic jobs did. */
#include "server/http/api_tables.h"

#include "scheduling/job/job_run.h"

static json_t *row_json(const JobLogRow *row)
{
    json_t *counts = json_object();
    for (unsigned i = 0; i < row->counts->len; i++)
        json_object_set_new(counts, row->kinds->pdata[i],
                            json_integer(g_array_index(row->counts, int64_t, i)));
    return json_pack("{s:I, s:s, s:I, s:I, s:I, s:o, s:s?}", "id", (json_int_t)row->id, "job",
                     row->name, "started_at_ms", (json_int_t)row->started_at_ms, "ended_at_ms",
                     (json_int_t)row->ended_at_ms, "runs", (json_int_t)row->n_runs, "counts",
                     counts, "error", row->failure);
}

static void on_list(const JobLog *log, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    json_t *list = json_array();
    for (unsigned i = 0; i < log->rows->len; i++)
        json_array_append_new(list, row_json(log->rows->pdata[i]));
    http_reply_json(call->request, 200,
                    json_pack("{s:o, s:b, s:I}", "runs", list, "more", log->has_more, "server_ms",
                              (json_int_t)clock_wall_ms(call->api->clock)));
}

static void get_list(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    const char *before = http_request_query(request, "before");
    job_log_list(api->scheduling, http_request_query(request, "job"),
                 before ? g_ascii_strtoll(before, NULL, 10) : 0, &actor, on_list,
                 api_call_new(api, request));
}

static const HttpField list_query[] = {
    {.name = "job",
     .type = HTTP_FIELD_ENUM,
     .values = "no_show|day_end|wait_list|consults|unanswered|messages|next|holds|retention|"
               "message_log",
     .help = "only this one"},
    {.name = "before",
     .type = HTTP_FIELD_INTEGER,
     .min = 1,
     .max = INT32_MAX,
     .help = "only rows with a smaller id"},
    {0},
};

const HttpRoute api_jobs_routes[] = {
    {
        .method = "GET",
        .path = "/api/v1/jobs",
        .operation_id = "listJobs",
        .summary = "What the periodic jobs did, and which failed and why",
        .roles = HTTP_ROLE_ADMIN,
        .query = list_query,
        .success_status = 200,
        .response = "The newest first, at most 100: when, how often, counts by kind, the error; "
                    "runs that found nothing to do are not there",
        .handler = get_list,
    },
};
const unsigned api_jobs_n_routes = G_N_ELEMENTS(api_jobs_routes);
