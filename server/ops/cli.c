// SPDX-License-Identifier: Apache-2.0
#include "server/ops/cli.h"

#include "scheduling/scheduling.h"
#include "server/auth/auth.h"
#include "server/demo_clinic.h"
#include "server/settings.h"

#include <stdio.h>

bool cli_parse(int *argc, char ***argv, const char *summary, const GOptionEntry *entries,
               int min_rest, int max_rest, int *ret_status)
{
    g_autoptr(GOptionContext) context = g_option_context_new(summary);
    g_option_context_add_main_entries(context, entries, NULL);
    g_autoptr(GError) error = NULL;
    *ret_status = 2;
    if (!g_option_context_parse(context, argc, argv, &error)) {
        (void)fprintf(stderr, "huyula: %s\n", error->message);
        return false;
    }
    int n_rest = *argc - 1;
    if (n_rest < min_rest || n_rest > max_rest) {
        g_autofree char *help = g_option_context_get_help(context, TRUE, NULL);
        (void)fprintf(stderr, "huyula: wrong number of words\n%s", help);
        return false;
    }
    return true;
}

void cli_print_faults(const GPtrArray *faults)
{
    for (unsigned i = 0; i < faults->len; i++) {
        const ConfigFault *fault = faults->pdata[i];
        (void)fprintf(stderr, "%s\n", fault->text);
    }
}

Config *cli_load_config(const char *file, const char *demo_dir)
{
    g_autoptr(Config) config = config_new(settings_keys);
    g_autoptr(GPtrArray) faults = config_faults_new();
    /* All three, so that one run names every fault. */
    bool read = demo_dir ? demo_clinic_configure(demo_dir, config, faults)
                         : config_load(config, file ? file : CLI_DEFAULT_CONFIG, faults);
    bool is_complete = config_check_complete(config, faults);
    bool fits = settings_check(config, faults);
    if (read && is_complete && fits)
        return g_steal_pointer(&config);
    cli_print_faults(faults);
    return NULL;
}

bool cli_data_open(CliData *data, Config *config, bool migrate, GError **error)
{
    *data = (CliData){.config = config, .clock = clock_new()};
    data->box = secret_box_load(config_string(config, "data", "keys"), error);
    if (!data->box)
        return false;
    auth_db_owner(&data->auth_owner);
    data->owners[0] = scheduling_db_owner();
    data->owners[1] = &data->auth_owner;
    DbOptions options = {
        .path = config_string(config, "data", "database"),
        .owners = data->owners,
    };
    data->db = db_open(&options, error);
    return data->db && (!migrate || db_migrate(data->db, NULL, error));
}

void cli_data_clear(CliData *data)
{
    db_free(data->db);
    secret_box_free(data->box);
    clock_free(data->clock);
    config_free(data->config);
}

int cli_fail(const GError *error)
{
    (void)fprintf(stderr, "huyula: %s\n", error->message);
    return 1;
}
