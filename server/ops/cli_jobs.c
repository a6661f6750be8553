// SPDX-License-Identifier: Apache-2.0
/* huyula jobs, retention: beside a running server. */
#include "scheduling/job/job_run.h"
#include "scheduling/retention/retention.h"
#include "server/ops/cli.h"
#include "server/settings.h"

#include <stdio.h>

typedef struct {
    const char *name;
    JobLog log;
} JobsQuery;

static bool read_jobs(DbTx *tx, gpointer data, GError **error)
{
    JobsQuery *query = data;
    return job_log_read(tx, query->name, 0, &query->log, error);
}

static void print_row(const JobLogRow *row, GTimeZone *zone)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(row->ended_at_ms / 1000);
    g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, zone);
    g_autofree char *when = g_date_time_format(local, "%Y-%m-%d %H:%M:%S %Z");
    (void)printf("%s  %-11s %5u runs ", when, row->name, row->n_runs);
    for (unsigned i = 0; i < row->counts->len; i++)
        (void)printf(" %s=%" G_GINT64_FORMAT, (const char *)row->kinds->pdata[i],
                     g_array_index(row->counts, int64_t, i));
    if (row->failure)
        (void)printf(" failed: %s", row->failure);
    (void)printf("\n");
}

static int print_jobs(Config *config, const char *name)
{
    CliData data;
    g_autoptr(GError) error = NULL;
    JobsQuery query = {.name = name};
    bool ok = cli_data_open(&data, config, false, &error) &&
              db_run_now(data.db, read_jobs, &query, &error);
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(config_string(config, "clinic", "zone"));
    for (unsigned i = 0; ok && i < query.log.rows->len; i++)
        print_row(query.log.rows->pdata[i], zone);
    if (ok && query.log.rows->len == 0)
        (void)printf("nothing was done\n");
    job_log_clear(&query.log);
    cli_data_clear(&data);
    return ok ? 0 : cli_fail(error);
}

int cli_jobs(int argc, char **argv)
{
    g_autofree char *demo_dir = NULL, *config_path = NULL, *name = NULL;
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &config_path, "Configuration file", "FILE"},
        {"demo", 0, 0, G_OPTION_ARG_FILENAME, &demo_dir, "The demo clinic in DIR", "DIR"},
        {"job", 0, 0, G_OPTION_ARG_STRING, &name, "Only this one", "NAME"},
        {0},
    };
    int status;
    if (!cli_parse(&argc, &argv, "jobs: what the periodic jobs did, the last hundred, newest first",
                   entries, 0, 0, &status))
        return status;
    if (name && !g_strv_contains(job_names, name)) {
        g_autofree char *known = g_strjoinv(", ", (char **)job_names);
        (void)fprintf(stderr, "huyula: jobs: --job is one of %s\n", known);
        return 2;
    }
    Config *config = cli_load_config(config_path, demo_dir);
    return config ? print_jobs(config, name) : 1;
}

/* Batch by batch: a server beside it writes in between. */
static bool delete_or_count(Db *db, RetentionRun *run, RetentionFound *ret_all, GError **error)
{
    *ret_all = (RetentionFound){0};
    do {
        if (!db_run_now(db, retention_job, run, error))
            return false;
        for (int i = 0; i < RETENTION_N_KINDS; i++)
            ret_all->n[i] += run->found.n[i];
    } while (!run->is_dry && run->found.more);
    ret_all->more = run->found.more;
    return true;
}

/* From when on the days of a kind count. */
static const char *kept_after(RetentionKind kind)
{
    switch (kind) {
    case RETENTION_SAMPLES:
        return "the visit's end";
    case RETENTION_LINKS:
    case RETENTION_KEYS:
    case RETENTION_SESSIONS:
        return "they expire";
    case RETENTION_RUNS:
        return "they ended";
    case RETENTION_EVENTS:
        return "they were written";
    }
    g_assert_not_reached();
}

static void print_found(const RetentionRun *run, const RetentionFound *all)
{
    for (int i = 0; i < RETENTION_N_KINDS; i++) {
        const char *after = kept_after((RetentionKind)i);
        int n_days = run->terms.days[i];
        g_autofree char *kept = n_days > 0
                                    ? g_strdup_printf("kept for %d days after %s", n_days, after)
                                    : g_strdup_printf("kept until %s", after);
        (void)printf("%-14s %8" G_GINT64_FORMAT " rows %s (%s)\n",
                     retention_kind_name((RetentionKind)i), all->n[i],
                     run->is_dry ? "would go" : "deleted", kept);
    }
    if (all->more)
        (void)printf("or more: %d of a kind are counted\n", RETENTION_DRY_ROWS);
}

static int run_retention(Config *config, bool is_dry)
{
    CliData data;
    g_autoptr(GError) error = NULL;
    SchedulingPolicy policy;
    RetentionRun run = {.is_dry = is_dry};
    RetentionFound all;
    scheduling_policy_init(&policy);
    policy.zone = config_string(config, "clinic", "zone");
    settings_retention(config, &run.terms);
    bool ok = cli_data_open(&data, config, false, &error);
    if (ok)
        run.scheduling = scheduling_new(data.db, data.clock, data.box, &policy, &error);
    ok = run.scheduling && delete_or_count(data.db, &run, &all, &error);
    if (ok)
        print_found(&run, &all);
    scheduling_free(run.scheduling);
    cli_data_clear(&data);
    return ok ? 0 : cli_fail(error);
}

int cli_retention(int argc, char **argv)
{
    g_autofree char *demo_dir = NULL, *config_path = NULL;
    gboolean dry = FALSE;
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &config_path, "Configuration file", "FILE"},
        {"demo", 0, 0, G_OPTION_ARG_FILENAME, &demo_dir, "The demo clinic in DIR", "DIR"},
        {"dry-run", 0, 0, G_OPTION_ARG_NONE, &dry, "Count what would go, and delete nothing", NULL},
        {0},
    };
    int status;
    if (!cli_parse(&argc, &argv,
                   "retention: deletes what is kept no longer, as the server does every hour",
                   entries, 0, 0, &status))
        return status;
    Config *config = cli_load_config(config_path, demo_dir);
    return config ? run_retention(config, dry) : 1;
}
