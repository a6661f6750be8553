// SPDX-License-Identifier: Apache-2.0
/* The program: finds the command and hands over to it. */
#include "server/ops/cli.h"
#include "server/settings.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help;
} commands[] = {
    {"serve", cli_serve, "serve the clinic until SIGTERM"},
    {"check-config", cli_check_config, "name every fault of a configuration file; --sample"},
    {"make-keys", cli_make_keys, "make the key file of a new installation, once"},
    {"migrate", cli_migrate, "bring the database to this program's version"},
    {"user", cli_user, "add, passwd, disable, enable LOGIN: staff accounts"},
    {"client", cli_client, "add, revoke NAME, list: other systems that book for people"},
    {"demo", cli_demo, "visits, doctors: make some in a demo clinic"},
    {"audit", cli_audit, "verify: walk the audit trail"},
    {"jobs", cli_jobs, "what the periodic jobs did, and which failed"},
    {"retention", cli_retention, "delete what is over, or count it: --dry-run"},
    {"icd10", cli_icd10, "import FILE: the whole list of diagnoses"},
};

static void print_help(FILE *out)
{
    (void)fprintf(out, "usage: huyula COMMAND [OPTION...]\n\n");
    for (unsigned i = 0; i < G_N_ELEMENTS(commands); i++)
        (void)fprintf(out, "  %-14s %s\n", commands[i].name, commands[i].help);
    (void)fprintf(out, "\n  --help         this text; huyula COMMAND --help for one command\n"
                       "  --help-config  every key of the configuration file\n"
                       "  --version      the version\n");
}

int main(int argc, char **argv)
{
    (void)setlocale(LC_ALL, "C.UTF-8");
    (void)signal(SIGPIPE, SIG_IGN);
    const char *word = argc > 1 ? argv[1] : "";
    if (strcmp(word, "--version") == 0) {
        (void)printf("huyula %s\n", HUYULA_VERSION);
        return 0;
    }
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        print_help(stdout);
        return 0;
    }
    if (strcmp(word, "--help-config") == 0) {
        config_write_sample(settings_keys, stdout);
        return 0;
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(commands); i++) {
        if (strcmp(commands[i].name, word) == 0)
            return commands[i].run(argc - 1, argv + 1);
    }
    if (*word)
        (void)fprintf(stderr, "huyula: '%s' is not a command\n", word);
    print_help(stderr);
    return 2;
}
