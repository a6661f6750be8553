// SPDX-License-Identifier: Apache-2.0
/* huyula make-keys: the key file of a new installation, once. */
#include "server/base/error.h"
#include "server/ops/cli.h"
#include "server/settings.h"

#include <stdio.h>

/* The table without the demand that secret files are there: one of them is what is being made, and
 * the certificate may come later. */
static ConfigKey *keys_before_files(void)
{
    unsigned n_keys = 0;
    while (settings_keys[n_keys].section)
        n_keys++;
    ConfigKey *keys = g_memdup2(settings_keys, (n_keys + 1) * sizeof *keys);
    for (unsigned i = 0; i < n_keys; i++) {
        if (keys[i].type == CONFIG_TYPE_SECRET_PATH)
            keys[i].type = CONFIG_TYPE_PATH;
    }
    return keys;
}

/* New keys open nothing of a database that was written with others. */
static bool check_no_database(const Config *config, GError **error)
{
    const char *database = config_string(config, "data", "database");
    if (!g_file_test(database, G_FILE_TEST_EXISTS))
        return true;
    g_set_error(error, BASE_ERROR, BASE_ERROR_CONFLICT,
                "the database %s is there already and needs the keys that it was written with: "
                "bring back their copy",
                database);
    return false;
}

static bool make_keys(const Config *config, GError **error)
{
    const char *keys = config_string(config, "data", "keys");
    if (g_file_test(keys, G_FILE_TEST_EXISTS)) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_CONFLICT,
                    "key file %s is there already; it is never written over", keys);
        return false;
    }
    return check_no_database(config, error) && secret_box_create_file(keys, error);
}

int cli_make_keys(int argc, char **argv)
{
    g_autofree char *file = NULL;
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &file, "Configuration file", "FILE"},
        {0},
    };
    int status;
    if (!cli_parse(&argc, &argv, "make-keys: writes the key file that data.keys names, once",
                   entries, 0, 0, &status))
        return status;
    g_autofree ConfigKey *keys = keys_before_files();
    g_autoptr(Config) config = config_new(keys);
    g_autoptr(GPtrArray) faults = config_faults_new();
    if (!config_load(config, file ? file : CLI_DEFAULT_CONFIG, faults)) {
        cli_print_faults(faults);
        return 1;
    }
    g_autoptr(GError) error = NULL;
    if (!make_keys(config, &error))
        return cli_fail(error);
    (void)printf("%s: made; only its owner may read it. Keep a copy apart from the database's.\n",
                 config_string(config, "data", "keys"));
    return 0;
}
