// SPDX-License-Identifier: Apache-2.0
/* The command line: one function per command, each with its own arguments (argv[0] is the command's
 * name) and the process's exit status as result: 0 done, 1 failed, 2 wrong usage. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include "server/base/config.h"
#include "server/base/db/db.h"
#include "server/base/secret.h"

#define CLI_DEFAULT_CONFIG "/etc/huyula/huyula.ini"

int cli_serve(int argc, char **argv);
int cli_check_config(int argc, char **argv);
int cli_make_keys(int argc, char **argv);
int cli_migrate(int argc, char **argv);
int cli_user(int argc, char **argv);
int cli_client(int argc, char **argv);
int cli_demo(int argc, char **argv);
int cli_audit(int argc, char **argv);
int cli_icd10(int argc, char **argv);
int cli_jobs(int argc, char **argv);
int cli_retention(int argc, char **argv);

/** Parses ENTRIES out of the arguments; what is left must be between MIN_REST and MAX_REST words.
 * False after writing the fault, or --help, to the terminal; *ret_status is the exit status then.
 */
bool cli_parse(int *argc, char ***argv, const char *summary, const GOptionEntry *entries,
               int min_rest, int max_rest, int *ret_status);

/** The configuration of FILE, or of the demo clinic in DEMO_DIR when that is not NULL; checked.
 * NULL after writing every fault to the terminal. */
Config *cli_load_config(const char *file, const char *demo_dir);

/** Writes every fault (ConfigFault) to the terminal, a line each. */
void cli_print_faults(const GPtrArray *faults);

/** The installation's data without a server: for tools that run beside one. */
typedef struct {
    Config *config;
    SecretBox *box;
    Clock *clock;
    Db *db;
    DbOwner auth_owner;
    const DbOwner *owners[3];
} CliData;
/** Opens the database of CONFIG (taken). MIGRATE applies what is missing. */
bool cli_data_open(CliData *data, Config *config, bool migrate, GError **error);
void cli_data_clear(CliData *data);

/** Writes "huyula: TEXT" to the terminal; the status for a failure. */
int cli_fail(const GError *error);
