// SPDX-License-Identifier: Apache-2.0
/* huyula client add|revoke|list: other systems that book for people. */
#include "scheduling/clinic/directory.h"
#include "server/auth/client.h"
#include "server/ops/cli.h"

#include <stdio.h>

typedef struct {
    const char *action;
    ClientNew client;
    const SecretBox *box;
    int64_t now_ms;
    char *secret;       /* of add */
    GPtrArray *clients; /* of list */
} ClientStep;

static bool run_step(DbTx *tx, gpointer data, GError **error)
{
    ClientStep *step = data;
    const ClientNew *client = &step->client;
    if (g_str_equal(step->action, "revoke"))
        return client_revoke(tx, client->name, step->now_ms, error);
    if (g_str_equal(step->action, "list")) {
        step->clients = client_list(tx, error);
        return step->clients != NULL;
    }
    if (client->facility_id) {
        g_autofree char *facility = directory_facility_name(tx, client->facility_id, error);
        if (!facility) {
            g_prefix_error(error, "--facility %s: ", client->facility_id);
            return false;
        }
    }
    return client_add(tx, step->box, client, step->now_ms, &step->secret, error);
}

static void print_result(const ClientStep *step)
{
    if (step->secret) {
        (void)fprintf(stderr, "The secret of %s, which is shown only now:\n", step->client.name);
        (void)printf("%s\n", step->secret);
    } else if (step->clients) {
        for (unsigned i = 0; i < step->clients->len; i++) {
            const Client *client = step->clients->pdata[i];
            (void)printf("%s\t%s\t%s\n", client->name,
                         client->facility_id ? client->facility_id : "province",
                         client->is_revoked ? "revoked" : "active");
        }
    } else {
        (void)printf("%s: revoked\n", step->client.name);
    }
}

static int run_client(ClientStep *step, Config *config)
{
    CliData data;
    g_autoptr(GError) error = NULL;
    bool ok = cli_data_open(&data, config, true, &error);
    if (ok) {
        step->now_ms = clock_wall_ms(data.clock);
        step->box = data.box;
        ok = db_run_now(data.db, run_step, step, &error);
    }
    cli_data_clear(&data);
    if (ok)
        print_result(step);
    secret_text_free(step->secret);
    if (step->clients)
        g_ptr_array_unref(step->clients);
    return ok ? 0 : cli_fail(error);
}

/* False after saying what is wrong with the words. */
static bool check_words(const char *action, const char *name, bool has_facility, bool is_province)
{
    static const char *const actions[] = {"add", "revoke", "list", NULL};
    const char *fault = NULL;
    bool is_add = g_str_equal(action, "add");
    if (!g_strv_contains(actions, action))
        fault = "it is add, revoke or list";
    else if (g_str_equal(action, "list") ? name != NULL : name == NULL)
        fault = "add and revoke have a NAME, list has none";
    else if (is_add && has_facility == is_province)
        fault = "add: --facility ID or --province says where it books";
    else if (!is_add && (has_facility || is_province))
        fault = "--facility and --province go with add";
    if (fault)
        (void)fprintf(stderr, "huyula: client: %s\n", fault);
    return fault == NULL;
}

int cli_client(int argc, char **argv)
{
    g_autofree char *file = NULL, *demo_dir = NULL, *facility = NULL;
    gboolean is_province = FALSE;
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &file, "Configuration file", "FILE"},
        {"demo", 0, 0, G_OPTION_ARG_FILENAME, &demo_dir, "The demo clinic in DIR", "DIR"},
        {"facility", 0, 0, G_OPTION_ARG_STRING, &facility,
         "With add: it books in this facility alone", "ID"},
        {"province", 0, 0, G_OPTION_ARG_NONE, &is_province, "With add: it books in any facility",
         NULL},
        {0},
    };
    int status;
    if (!cli_parse(&argc, &argv,
                   "client add|revoke NAME, client list: other systems that book for people; add "
                   "prints the secret, once",
                   entries, 1, 2, &status))
        return status;
    const char *name = argc > 2 ? argv[2] : NULL;
    if (!check_words(argv[1], name, facility != NULL, is_province != FALSE))
        return 2;
    ClientStep step = {.action = argv[1], .client = {name, facility}};
    Config *config = cli_load_config(file, demo_dir);
    return config ? run_client(&step, config) : 1;
}
