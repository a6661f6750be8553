// SPDX-License-Identifier: Apache-2.0
/* The load generator of the benchmarks, as a program: what the server's answers cost is measured
 * here, so that the measuring costs little of the cores that both share. */
#include <gio/gio.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "tests/bench/http_load.h"
#include "tests/bench/queue_load.h"

typedef struct {
    int port, clients, per_connection, first_address, rounds, quiet_ms, slowest_ms;
    char *input, *output, *keep, *call, *put_away;
} Options;

static bool parse(Options *options, int *argc, char ***argv)
{
    const GOptionEntry entries[] = {
        {"port", 0, 0, G_OPTION_ARG_INT, &options->port, "The server's", "N"},
        {"input", 0, 0, G_OPTION_ARG_FILENAME, &options->input, "Requests or tokens", "FILE"},
        {"output", 0, 0, G_OPTION_ARG_FILENAME, &options->output, "A line for each", "FILE"},
        {"first-address", 0, 0, G_OPTION_ARG_INT, &options->first_address, "Of 127.0.0.0/8", "N"},
        {"clients", 0, 0, G_OPTION_ARG_INT, &options->clients, "http: at once", "N"},
        {"per-connection", 0, 0, G_OPTION_ARG_INT, &options->per_connection, "http: requests", "N"},
        {"keep", 0, 0, G_OPTION_ARG_STRING, &options->keep, "http: text of the answers", "NAME"},
        {"call", 0, 0, G_OPTION_ARG_STRING, &options->call, "queue: the request", "LINE"},
        {"put-away", 0, 0, G_OPTION_ARG_STRING, &options->put_away, "queue: the request", "LINE"},
        {"rounds", 0, 0, G_OPTION_ARG_INT, &options->rounds, "queue: calls", "N"},
        {"quiet-ms", 0, 0, G_OPTION_ARG_INT, &options->quiet_ms, "queue: before each", "N"},
        {"slowest-ms", 0, 0, G_OPTION_ARG_INT, &options->slowest_ms, "queue: then failed", "N"},
        {0},
    };
    g_autoptr(GOptionContext) context = g_option_context_new("http|queue");
    g_option_context_add_main_entries(context, entries, NULL);
    g_autoptr(GError) error = NULL;
    if (!g_option_context_parse(context, argc, argv, &error)) {
        (void)fprintf(stderr, "huyula_load: %s\n", error->message);
        return false;
    }
    bool is_whole = *argc == 2 && options->input && options->output && options->port > 0 &&
                    options->clients > 0 && options->per_connection > 0;
    if (!is_whole)
        (void)fprintf(stderr, "huyula_load: http or queue, --port, --input and --output\n");
    return is_whole;
}

/* Its lines without the empty ones. */
static GPtrArray *read_lines(const char *path)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    if (!g_file_get_contents(path, &text, NULL, &error)) {
        (void)fprintf(stderr, "huyula_load: %s\n", error->message);
        return NULL;
    }
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) parts = g_strsplit(text, "\n", -1);
    for (unsigned i = 0; parts[i]; i++) {
        if (parts[i][0] != '\0')
            g_ptr_array_add(lines, g_strdup(parts[i]));
    }
    return lines;
}

static double cpu_seconds(void)
{
    struct rusage usage;
    g_assert(getrusage(RUSAGE_SELF, &usage) == 0);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static bool run_http(const Options *options, GPtrArray *lines, GString *results)
{
    const HttpLoadPlan plan = {
        .requests = lines,
        .n_clients = (unsigned)options->clients,
        .per_connection = (unsigned)options->per_connection,
        .first_address = (unsigned)options->first_address,
        .keep = options->keep,
    };
    int64_t us = 0;
    bool ok = http_load_run((uint16_t)options->port, &plan, results, &us);
    (void)printf("{\"seconds\": %.6f, \"cpu_seconds\": %.6f}\n", (double)us / 1e6, cpu_seconds());
    return ok;
}

static bool run_queue(const Options *options, GPtrArray *lines, GString *results)
{
    const QueueLoadPlan plan = {
        .tokens = lines,
        .call = options->call,
        .put_away = options->put_away,
        .n_rounds = (unsigned)options->rounds,
        .first_address = (unsigned)options->first_address,
        .quiet_ms = (unsigned)options->quiet_ms,
        .slowest_ms = options->slowest_ms,
    };
    if (!plan.call || !plan.put_away || plan.n_rounds == 0 || plan.n_rounds >= lines->len) {
        (void)fprintf(stderr, "huyula_load: queue: --call, --put-away, and fewer --rounds than "
                              "patients\n");
        return false;
    }
    return queue_load_run((uint16_t)options->port, &plan, results);
}

int main(int argc, char **argv)
{
    Options options = {.clients = 1,
                       .per_connection = 1,
                       .first_address = 0,
                       .quiet_ms = 300,
                       .slowest_ms = 60000};
    if (!parse(&options, &argc, &argv))
        return 2;
    g_autoptr(GPtrArray) lines = read_lines(options.input);
    g_autoptr(GString) results = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    if (!lines)
        return 1;
    bool ok = strcmp(argv[1], "queue") == 0 ? run_queue(&options, lines, results)
                                            : run_http(&options, lines, results);
    if (!g_file_set_contents(options.output, results->str, (gssize)results->len, &error)) {
        (void)fprintf(stderr, "huyula_load: %s\n", error->message);
        return 1;
    }
    return ok ? 0 : 1;
}
