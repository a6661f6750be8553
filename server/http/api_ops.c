// SPDX-License-Identifier: Apache-2.0
/* For operators and machines: health, metrics, the API's own description. */
#include "server/http/api_tables.h"

#include "server/http/api_openapi.h"
#include "server/ops/health.h"
#include "server/ops/metrics.h"

#include <string.h>

/* Health: the process answers, and the database can be read and written. */

static void reply_health(bool database_ok, gpointer data)
{
    const ApiCall *call = data;
    bool is_stopping = *call->api->is_stopping;
    bool is_ready = database_ok && !is_stopping;
    const char *status = is_stopping ? "stopping" : database_ok ? "ok" : "failing";
    http_reply_json(call->request, is_ready ? 200 : 503,
                    json_pack("{s:s, s:b, s:s, s:s}", "status", status, "ready", is_ready,
                              "database", database_ok ? "ok" : "failing", "version",
                              HUYULA_VERSION));
}

static void free_call(gpointer data)
{
    api_call_free(data);
}

static void get_health(HttpRequest *request, gpointer context)
{
    Api *api = context;
    health_check(api->health, reply_health, api_call_new(api, request), free_call);
}

/* Metrics. */

static void write_http(MetricsWriter *writer, const HttpServer *server)
{
    HttpServerStats stats;
    http_server_stats(server, &stats);
    metrics_family(writer, "huyula_http_requests_total", METRICS_COUNTER,
                   "Answered requests by status class");
    for (unsigned i = 1; i < G_N_ELEMENTS(stats.n_requests); i++) {
        char class[] = {(char)('0' + i), 'x', 'x', 0};
        metrics_value(writer, (double)stats.n_requests[i], "class", class, NULL);
    }
    metrics_single(writer, "huyula_http_limited_total", METRICS_COUNTER, "Requests answered 429",
                   (double)stats.n_limited);
    metrics_single(writer, "huyula_http_connections", METRICS_GAUGE, "Open connections",
                   stats.n_open);
    metrics_single(writer, "huyula_http_refused_total", METRICS_COUNTER,
                   "Connections refused by a limit", (double)stats.n_refused);
    metrics_single(writer, "huyula_http_timed_out_total", METRICS_COUNTER,
                   "Connections closed for slowness", (double)stats.n_timed_out);
    metrics_single(writer, "huyula_ws_connections", METRICS_GAUGE, "Open WebSockets",
                   stats.n_ws_open);
}

static void write_signaling(MetricsWriter *writer, const Signaling *signaling)
{
    SignalingStats stats;
    signaling_stats(signaling, &stats);
    metrics_single(writer, "huyula_signaling_sessions", METRICS_GAUGE, "Participants known",
                   stats.n_sessions);
    metrics_single(writer, "huyula_signaling_messages_in_total", METRICS_COUNTER,
                   "Messages from clients", (double)stats.messages_in);
    metrics_single(writer, "huyula_signaling_messages_out_total", METRICS_COUNTER,
                   "Messages to clients", (double)stats.messages_out);
    metrics_single(writer, "huyula_signaling_errors_total", METRICS_COUNTER,
                   "Error messages to clients", (double)stats.errors_out);
    metrics_single(writer, "huyula_signaling_resumes_total", METRICS_COUNTER, "Resumed sessions",
                   (double)stats.resumes);
}

static void write_media(MetricsWriter *writer, Media *media)
{
    MediaStats stats;
    media_stats(media, &stats);
    const struct {
        const char *name;
        const char *help;
        uint64_t value;
    } counters[] = {
        {"huyula_media_packets_in_total", "Media packets received", stats.packets_in},
        {"huyula_media_packets_out_total", "Media packets sent", stats.packets_out},
        {"huyula_media_bytes_in_total", "Media bytes received", stats.bytes_in},
        {"huyula_media_bytes_out_total", "Media bytes sent", stats.bytes_out},
        {"huyula_media_rtp_forwarded_total", "RTP packets forwarded", stats.rtp_forwarded},
        {"huyula_media_rtx_sent_total", "Packets sent again", stats.rtx_sent},
        {"huyula_media_nacks_sent_total", "NACKs to publishers", stats.nacks_sent},
        {"huyula_media_plis_sent_total", "Key frame requests to publishers", stats.plis_sent},
        {"huyula_media_dtls_handshakes_total", "DTLS handshakes done", stats.dtls_handshakes},
        {"huyula_media_dtls_failed_total", "DTLS handshakes failed", stats.dtls_failed},
        {"huyula_media_stun_checks_total", "Valid STUN checks", stats.stun_checks},
        {"huyula_media_tcp_refused_total", "TCP connections over a limit", stats.tcp_refused},
        {"huyula_media_tcp_cut_off_total", "TCP connections misused, stalled or idle",
         stats.tcp_cut_off},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(counters); i++)
        metrics_single(writer, counters[i].name, METRICS_COUNTER, counters[i].help,
                       (double)counters[i].value);
    const struct {
        const char *reason;
        uint64_t value;
    } drops[] = {
        {"unknown_address", stats.dropped_unknown_address},
        {"bad_stun", stats.dropped_bad_stun},
        {"other_stun", stats.dropped_other_stun},
        {"bad_srtp", stats.dropped_bad_srtp},
        {"replayed", stats.dropped_replayed},
        {"malformed", stats.dropped_malformed},
        {"full", stats.dropped_full},
    };
    metrics_family(writer, "huyula_media_dropped_total", METRICS_COUNTER,
                   "Packets dropped, by reason");
    for (unsigned i = 0; i < G_N_ELEMENTS(drops); i++)
        metrics_value(writer, (double)drops[i].value, "reason", drops[i].reason, NULL);
    metrics_single(writer, "huyula_media_rooms", METRICS_GAUGE, "Rooms", stats.n_rooms);
    metrics_single(writer, "huyula_media_endpoints", METRICS_GAUGE, "Endpoints", stats.n_endpoints);
    metrics_single(writer, "huyula_media_workers", METRICS_GAUGE, "Media threads", stats.n_workers);
    metrics_single(writer, "huyula_media_tcp_connections", METRICS_GAUGE, "TCP connections",
                   stats.n_tcp_connections);
}

static void write_data(MetricsWriter *writer, Db *db)
{
    DbStats stats;
    db_stats(db, &stats);
    metrics_single(writer, "huyula_db_writes_total", METRICS_COUNTER, "Write jobs done",
                   (double)stats.n_writes);
    metrics_single(writer, "huyula_db_reads_total", METRICS_COUNTER, "Read jobs done",
                   (double)stats.n_reads);
    metrics_single(writer, "huyula_db_commits_total", METRICS_COUNTER, "Group commits",
                   (double)stats.n_groups);
    metrics_single(writer, "huyula_db_failed_total", METRICS_COUNTER, "Jobs rolled back",
                   (double)stats.n_failed);
    metrics_single(writer, "huyula_db_write_failing", METRICS_GAUGE, "1: the last commit failed",
                   stats.last_commit_failed);
    metrics_single(writer, "huyula_db_queue", METRICS_GAUGE, "Waiting jobs",
                   (double)stats.queue_length);
}

static void get_metrics(HttpRequest *request, gpointer context)
{
    Api *api = context;
    g_autoptr(MetricsWriter) writer = metrics_writer_new();
    write_http(writer, api->server);
    write_signaling(writer, api->signaling);
    write_media(writer, api->media);
    write_data(writer, api->db);
    g_autofree char *text = metrics_writer_finish(writer);
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    http_reply_bytes(request, 200, METRICS_CONTENT_TYPE, bytes);
}

static void get_openapi(HttpRequest *request, gpointer context)
{
    Api *api = context;
    unsigned n_tables = 0;
    g_autofree HttpRouteTable *tables = api_tables(api, &n_tables);
    http_reply_json(request, 200, api_openapi(tables, n_tables));
}

const HttpRoute api_ops_routes[] = {
    {
        .method = "GET",
        .path = "/healthz",
        .operation_id = "getHealth",
        .summary = "Liveness and readiness: 503 while the database fails or the server stops",
        .roles = HTTP_ROLE_ANYONE,
        .flags = HTTP_ROUTE_WHILE_STOPPING,
        .rate = HTTP_RATE_NONE,
        .success_status = 200,
        .response = "Ready",
        .handler = get_health,
    },
    {
        .method = "GET",
        .path = "/metrics",
        .operation_id = "getMetrics",
        .summary = "Prometheus metrics, to loopback unless http.metrics_open is set",
        .roles = HTTP_ROLE_ANYONE,
        .flags = HTTP_ROUTE_LOOPBACK | HTTP_ROUTE_WHILE_STOPPING,
        .rate = HTTP_RATE_NONE,
        .success_status = 200,
        .response = "Prometheus text format",
        .handler = get_metrics,
    },
    {
        .method = "GET",
        .path = "/api/v1/openapi.json",
        .operation_id = "getOpenApi",
        .summary = "This document",
        .roles = HTTP_ROLE_ANYONE,
        .success_status = 200,
        .response = "OpenAPI 3.0 document, made from the route tables",
        .handler = get_openapi,
    },
};
const unsigned api_ops_n_routes = G_N_ELEMENTS(api_ops_routes);
