// SPDX-License-Identifier: Apache-2.0
/* huyula demo visits: visits that may be joined now, beside a running demo server. */
#include "scheduling/clinic/demo.h"
#include "server/ops/cli.h"

#include <stdio.h>

/* Ids and tokens are letters and digits, so they stand in JSON as they are. */
static void print_json(const GPtrArray *visits)
{
    (void)printf("[");
    for (unsigned i = 0; i < visits->len; i++) {
        const DemoVisit *visit = visits->pdata[i];
        (void)printf("%s\n {\"visit\": \"%s\", \"patient\": \"%s\", \"doctor\": \"%s\"}",
                     i ? "," : "", visit->visit_id, visit->patient_token, visit->doctor_token);
    }
    (void)printf("\n]\n");
}

static void print_links(const GPtrArray *visits, int port)
{
    for (unsigned i = 0; i < visits->len; i++) {
        const DemoVisit *visit = visits->pdata[i];
        (void)printf("https://localhost:%d/v/%s\n", port, visit->patient_token);
    }
}

static int make_visits(Config *config, unsigned n, bool json, int port)
{
    CliData data;
    g_autoptr(GError) error = NULL;
    DemoVisits visits = {.n = n};
    bool ok = cli_data_open(&data, config, false, &error);
    if (ok) {
        SchedulingPolicy policy;
        scheduling_policy_init(&policy);
        policy.zone = config_string(data.config, "clinic", "zone");
        visits.scheduling = scheduling_new(data.db, data.clock, data.box, &policy, &error);
        ok = visits.scheduling && db_run_now(data.db, demo_visits_job, &visits, &error);
    }
    if (ok && json)
        print_json(visits.visits);
    else if (ok)
        print_links(visits.visits, port);
    demo_visits_clear(&visits);
    scheduling_free(visits.scheduling);
    cli_data_clear(&data);
    return ok ? 0 : cli_fail(error);
}

int cli_demo(int argc, char **argv)
{
    g_autofree char *demo_dir = NULL;
    int port = 8443, count = 1;
    gboolean json = FALSE;
    const GOptionEntry entries[] = {
        {"demo", 0, 0, G_OPTION_ARG_FILENAME, &demo_dir, "The demo clinic in DIR", "DIR"},
        {"port", 0, 0, G_OPTION_ARG_INT, &port, "The server's port, for the links (8443)", "N"},
        {"count", 0, 0, G_OPTION_ARG_INT, &count, "How many (1)", "N"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, "Print visits and tokens as JSON", NULL},
        {0},
    };
    int status;
    if (!cli_parse(&argc, &argv, "demo visits: makes visits that may be joined now", entries, 1, 1,
                   &status))
        return status;
    if (!g_str_equal(argv[1], "visits") || !demo_dir) {
        (void)fprintf(stderr, "huyula: demo: the call is demo visits --demo DIR\n");
        return 2;
    }
    if (count < 1 || count > DEMO_MAX_VISITS) {
        (void)fprintf(stderr, "huyula: --count is 1 to %d\n", DEMO_MAX_VISITS);
        return 2;
    }
    Config *config = cli_load_config(NULL, demo_dir);
    return config ? make_visits(config, (unsigned)count, json, port) : 1;
}
