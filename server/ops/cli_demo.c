// SPDX-License-Identifier: Apache-2.0
/* huyula demo visits, demo doctors: what to try, beside a running demo server. */
#include "scheduling/clinic/demo.h"
#include "server/ops/cli.h"
#include "server/test_clock.h"

#include <stdio.h>

/* What a command works on. */
typedef struct {
    Config *config;
    const char *test_clock; /* as the server's; NULL: none */
} DemoCall;

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

/* A job on the clinic's data; SCHEDULING points into the job's data. */
static int run_job(const DemoCall *call, DbJobFunc job, gpointer job_data, Scheduling **scheduling)
{
    CliData data;
    g_autoptr(GError) error = NULL;
    TestClock *test_clock = NULL;
    bool ok = cli_data_open(&data, call->config, false, &error);
    if (ok) {
        if (call->test_clock)
            test_clock = test_clock_new(call->test_clock, data.clock);
        SchedulingPolicy policy;
        scheduling_policy_init(&policy);
        policy.zone = config_string(data.config, "clinic", "zone");
        *scheduling = scheduling_new(data.db, data.clock, data.box, &policy, &error);
        ok = *scheduling && db_run_now(data.db, job, job_data, &error);
    }
    scheduling_free(*scheduling);
    test_clock_free(test_clock);
    cli_data_clear(&data);
    return ok ? 0 : cli_fail(error);
}

static int make_visits(const DemoCall *call, unsigned n, bool json, int port)
{
    DemoVisits visits = {.n = n};
    int status = run_job(call, demo_visits_job, &visits, &visits.scheduling);
    if (status == 0 && json)
        print_json(visits.visits);
    else if (status == 0)
        print_links(visits.visits, port);
    demo_visits_clear(&visits);
    return status;
}

static int make_doctors(const DemoCall *call, unsigned n, bool json)
{
    DemoColleagues made = {.n = n};
    int status = run_job(call, demo_colleagues_job, &made, &made.scheduling);
    for (unsigned i = 0; status == 0 && i < n; i++) {
        if (json)
            (void)printf("%s{\"doctor\": \"%s\", \"name\": \"%s\"}%s\n", i ? " " : "[",
                         made.doctors[i].id, made.doctors[i].name, i + 1 < n ? "," : "]");
        else
            (void)printf("%s  %s\n", made.doctors[i].id, made.doctors[i].name);
    }
    return status;
}

static bool count_is_fine(int count, int max)
{
    if (count >= 1 && count <= max)
        return true;
    (void)fprintf(stderr, "huyula: --count is 1 to %d\n", max);
    return false;
}

int cli_demo(int argc, char **argv)
{
    g_autofree char *demo_dir = NULL, *test_clock = NULL;
    int port = 8443, count = 1;
    gboolean json = FALSE;
    const GOptionEntry entries[] = {
        {"demo", 0, 0, G_OPTION_ARG_FILENAME, &demo_dir, "The demo clinic in DIR", "DIR"},
        {"port", 0, 0, G_OPTION_ARG_INT, &port, "The server's port, for the links (8443)", "N"},
        {"count", 0, 0, G_OPTION_ARG_INT, &count, "How many (1)", "N"},
        {"test-clock", 0, 0, G_OPTION_ARG_FILENAME, &test_clock, "As of serve", "FILE"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, "Print what was made as JSON", NULL},
        {0},
    };
    int status;
    const char *summary = "demo visits: makes visits that may be joined now\n"
                          "demo doctors: makes doctors who share the first clinic's queue; "
                          "`user add --role doctor --practitioner ID` gives one an account";
    if (!cli_parse(&argc, &argv, summary, entries, 1, 1, &status))
        return status;
    bool doctors = g_str_equal(argv[1], "doctors");
    if ((!doctors && !g_str_equal(argv[1], "visits")) || !demo_dir) {
        (void)fprintf(stderr, "huyula: demo: the call is demo visits|doctors --demo DIR\n");
        return 2;
    }
    if (!count_is_fine(count, doctors ? DEMO_MAX_COLLEAGUES : DEMO_MAX_VISITS))
        return 2;
    Config *config = cli_load_config(NULL, demo_dir);
    if (!config)
        return 1;
    const DemoCall call = {config, test_clock};
    return doctors ? make_doctors(&call, (unsigned)count, json)
                   : make_visits(&call, (unsigned)count, json, port);
}
