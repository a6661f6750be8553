// SPDX-License-Identifier: Apache-2.0
/* huyula icd10 import FILE: the whole diagnosis list, beside a running server. */
#include "scheduling/note/icd10_import.h"
#include "server/ops/cli.h"

#include <stdio.h>
#include <sys/stat.h>

enum { MAX_FILE_BYTES = 16 * 1024 * 1024 };

static char *read_list(const char *path, GError **error)
{
    struct stat info;
    char *text = NULL;
    gsize size = 0;
    if (stat(path, &info) == 0 && info.st_size > MAX_FILE_BYTES) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "%s: over 16 MiB", path);
        return NULL;
    }
    if (!g_file_get_contents(path, &text, &size, error))
        return NULL;
    if (g_utf8_validate(text, (gssize)size, NULL))
        return text;
    g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "%s: not UTF-8", path);
    g_free(text);
    return NULL;
}

static int import(Config *config, const char *path)
{
    CliData data;
    g_autoptr(GError) error = NULL;
    g_autofree char *text = read_list(path, &error);
    Icd10Import list = {.text = text, .now_ms = g_get_real_time() / 1000};
    bool ok = cli_data_open(&data, config, false, error ? NULL : &error);
    ok = ok && text && db_run_now(data.db, icd10_import_job, &list, &error);
    cli_data_clear(&data);
    if (!ok)
        return cli_fail(error);
    (void)printf("%u diagnoses read\n", list.n_lines);
    return 0;
}

int cli_icd10(int argc, char **argv)
{
    g_autofree char *demo_dir = NULL, *config_path = NULL;
    const GOptionEntry entries[] = {
        {"config", 0, 0, G_OPTION_ARG_FILENAME, &config_path,
         "The configuration (" CLI_DEFAULT_CONFIG ")", "FILE"},
        {"demo", 0, 0, G_OPTION_ARG_FILENAME, &demo_dir, "The demo clinic in DIR", "DIR"},
        {0},
    };
    int status;
    if (!cli_parse(&argc, &argv,
                   "import FILE: reads diagnoses, a line each: code;English name;Indonesian name",
                   entries, 2, 2, &status))
        return status;
    if (!g_str_equal(argv[1], "import")) {
        (void)fprintf(stderr, "huyula: icd10: the call is icd10 import FILE\n");
        return 2;
    }
    Config *config = cli_load_config(config_path, demo_dir);
    return config ? import(config, argv[2]) : 1;
}
