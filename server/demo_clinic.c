// SPDX-License-Identifier: Apache-2.0
#include "server/demo_clinic.h"

#include "scheduling/clinic/demo.h"
#include "scheduling/clinic/directory.h"
#include "server/auth/password.h"
#include "server/auth/user.h"
#include "server/base/error.h"
#include "server/base/ids.h"
#include "server/ops/certificate.h"
#include "server/ops/cli.h"
#include "server/ops/local_addresses.h"
#include "server/ops/qr.h"
#include "server/settings.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { N_OFFICERS = 3, N_ACCOUNTS = DEMO_N_DOCTORS + N_OFFICERS };

static char *in_dir(const char *dir, const char *name)
{
    return g_build_filename(dir, name, NULL);
}

/* Settings: an ordinary configuration file, so that every command can read the clinic. */

static char *join_addresses(bool lan, char **ret_names)
{
    g_autoptr(GPtrArray) bound = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(bound, g_strdup("127.0.0.1"));
    if (local_addresses_has_ipv6_loopback())
        g_ptr_array_add(bound, g_strdup("::1"));
    if (lan)
        local_addresses_append(bound);
    g_ptr_array_add(bound, NULL);
    if (ret_names)
        *ret_names = g_strjoinv(", ", (char **)bound->pdata + 1);
    return g_strjoinv(", ", (char **)bound->pdata);
}

/* The first address that another machine can reach, else "localhost". */
static char *public_host(bool lan)
{
    g_autoptr(GPtrArray) addresses = g_ptr_array_new_with_free_func(g_free);
    if (lan)
        local_addresses_append(addresses);
    return g_strdup(addresses->len ? addresses->pdata[0] : "localhost");
}

static bool write_settings(const DemoClinicOptions *options, GError **error)
{
    g_autofree char *bound = join_addresses(options->lan, NULL);
    g_autofree char *host = public_host(options->lan);
    g_autofree char *path = in_dir(options->dir, "huyula.ini");
    g_autoptr(GKeyFile) file = g_key_file_new();
    /* What else somebody tries there stays: a [turn], say. A first start finds no file. */
    (void)g_key_file_load_from_file(file, path, G_KEY_FILE_KEEP_COMMENTS, NULL);
    g_autofree char *url = g_strdup_printf("https://%s:%u", host, options->http_port);
    g_key_file_set_string(file, "http", "bind", bound);
    g_key_file_set_integer(file, "http", "port", options->http_port);
    g_key_file_set_string(file, "http", "public_url", url);
    g_key_file_set_string(file, "http", "certificate", "certificate.pem");
    g_key_file_set_string(file, "http", "private_key", "certificate.key");
    /* ICE on IPv6 loopback helps nobody: phones and browsers get IPv4 alone in a demo. */
    g_autoptr(GPtrArray) media = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(media, g_strdup("127.0.0.1"));
    if (options->lan)
        local_addresses_append(media);
    g_ptr_array_add(media, NULL);
    g_autofree char *media_bound = g_strjoinv(", ", (char **)media->pdata);
    g_key_file_set_string(file, "media", "bind", media_bound);
    g_key_file_set_integer(file, "media", "port", options->media_port);
    g_key_file_set_string(file, "data", "database", "huyula.db");
    g_key_file_set_string(file, "data", "keys", "keys");
    return g_key_file_save_to_file(file, path, error);
}

bool demo_clinic_configure(const char *dir, Config *config, GPtrArray *faults)
{
    g_autofree char *path = in_dir(dir, "huyula.ini");
    return config_load(config, path, faults);
}

static bool make_certificate(const DemoClinicOptions *options, GError **error)
{
    g_autofree char *cert = in_dir(options->dir, "certificate.pem");
    g_autofree char *key = in_dir(options->dir, "certificate.key");
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(names, g_strdup("localhost"));
    g_ptr_array_add(names, g_strdup("127.0.0.1"));
    g_ptr_array_add(names, g_strdup("::1"));
    if (options->lan)
        local_addresses_append(names);
    g_ptr_array_add(names, NULL);
    const char *const *list = (const char *const *)names->pdata;
    if (certificate_covers(cert, list) && g_file_test(key, G_FILE_TEST_IS_REGULAR))
        return true;
    return certificate_create(cert, key, list, error);
}

/* Accounts. */

typedef struct {
    const char *login;
    const char *name;
    UserRole role;
    const char *facility_id;
    const char *practitioner_id;
    char *password;
    char *hash;
} Account;

typedef struct {
    DemoSeed seed;
    Account accounts[N_ACCOUNTS];
    int64_t now_ms;
} Seeding;

static bool add_accounts(DbTx *tx, gpointer data, GError **error)
{
    Seeding *seeding = data;
    if (!demo_permits_add(tx, &seeding->seed, error))
        return false;
    for (unsigned i = 0; i < N_ACCOUNTS; i++) {
        const Account *account = &seeding->accounts[i];
        UserNew user = {
            .login = account->login,
            .name = account->name,
            .role = account->role,
            .facility_id = account->facility_id,
            .password_hash = account->hash,
        };
        g_autofree char *id = NULL;
        if (!user_add(tx, &user, "system", seeding->now_ms, &id, error))
            return false;
        if (account->practitioner_id &&
            !directory_link_user(tx, account->practitioner_id, id, error))
            return false;
    }
    return true;
}

static void fill_accounts(Seeding *seeding)
{
    for (unsigned i = 0; i < DEMO_N_DOCTORS; i++) {
        const DemoDoctor *doctor = &seeding->seed.doctors[i];
        seeding->accounts[i] = (Account){
            .login = doctor->login,
            .name = doctor->name,
            .role = USER_ROLE_DOCTOR,
            .facility_id = doctor->facility_id,
            .practitioner_id = doctor->id,
        };
    }
    Account *officers = seeding->accounts + DEMO_N_DOCTORS;
    officers[0] = (Account){.login = "loket",
                            .name = "Nurhayati Dunggio",
                            .role = USER_ROLE_DESK,
                            .facility_id = seeding->seed.facility_ids[0]};
    officers[1] = (Account){.login = "dinkes", .name = "Ismail Pakaya", .role = USER_ROLE_OFFICE};
    officers[2] = (Account){.login = "admin", .name = "Administrator", .role = USER_ROLE_ADMIN};
}

/* Written before the accounts are: a crash in between leaves a file whose accounts are made anew.
 */
static bool write_accounts(const char *dir, const Seeding *seeding, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (unsigned i = 0; i < N_ACCOUNTS; i++) {
        const Account *account = &seeding->accounts[i];
        g_string_append_printf(text, "%s\t%s\t%s\t%s\n", account->login, account->password,
                               user_role_name(account->role), account->name);
    }
    g_autofree char *path = in_dir(dir, "accounts");
    return g_file_set_contents_full(path, text->str, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                    error);
}

static bool seed_accounts(CliData *data, const char *dir, Seeding *seeding, GError **error)
{
    fill_accounts(seeding);
    bool ok = true;
    for (unsigned i = 0; ok && i < N_ACCOUNTS; i++) {
        Account *account = &seeding->accounts[i];
        account->password = id_code_new(12);
        account->hash = password_hash(account->password, error);
        ok = account->hash != NULL;
    }
    ok = ok && write_accounts(dir, seeding, error) &&
         db_run_now(data->db, add_accounts, seeding, error);
    for (unsigned i = 0; i < N_ACCOUNTS; i++) {
        secret_text_free(seeding->accounts[i].password);
        g_free(seeding->accounts[i].hash);
    }
    return ok;
}

static bool has_accounts(DbTx *tx, gpointer data, GError **error)
{
    bool *ret_has = data;
    g_autoptr(GError) missing = NULL;
    g_autofree char *id = user_find(tx, "admin", &missing);
    *ret_has = id != NULL;
    if (!id && !g_error_matches(missing, AUTH_ERROR, AUTH_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&missing));
        return false;
    }
    return true;
}

static Scheduling *open_scheduling(const CliData *data, GError **error)
{
    SchedulingPolicy policy;
    scheduling_policy_init(&policy);
    policy.zone = config_string(data->config, "clinic", "zone");
    return scheduling_new(data->db, data->clock, data->box, &policy, error);
}

static bool seed(CliData *data, const char *dir, GError **error)
{
    g_autoptr(Scheduling) scheduling = open_scheduling(data, error);
    if (!scheduling)
        return false;
    Seeding seeding = {.seed = {.scheduling = scheduling}, .now_ms = clock_wall_ms(data->clock)};
    bool has = false;
    return db_run_now(data->db, demo_seed_job, &seeding.seed, error) &&
           db_run_now(data->db, has_accounts, &has, error) &&
           (has || seed_accounts(data, dir, &seeding, error));
}

bool demo_clinic_prepare(const DemoClinicOptions *options, GError **error)
{
    if (g_mkdir_with_parents(options->dir, 0700) != 0) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_FAILED, "%s: %s", options->dir,
                    g_strerror(errno));
        return false;
    }
    g_autofree char *keys = in_dir(options->dir, "keys");
    if (!g_file_test(keys, G_FILE_TEST_EXISTS) && !secret_box_create_file(keys, error))
        return false;
    if (!make_certificate(options, error) || !write_settings(options, error))
        return false;
    Config *config = cli_load_config(NULL, options->dir);
    if (!config) {
        g_set_error_literal(error, BASE_ERROR, BASE_ERROR_INVALID,
                            "the demo clinic's settings are not valid");
        return false;
    }
    CliData data;
    bool ok = cli_data_open(&data, config, true, error) &&
              (options->is_empty || seed(&data, options->dir, error));
    cli_data_clear(&data);
    return ok;
}

/* What a person needs to try it. */

static char *make_link(CliData *data, unsigned http_port, GError **error)
{
    g_autoptr(Scheduling) scheduling = open_scheduling(data, error);
    if (!scheduling)
        return NULL;
    DemoVisits visits = {.scheduling = scheduling, .n = 1};
    char *link = NULL;
    if (db_run_now(data->db, demo_visits_job, &visits, error)) {
        const DemoVisit *visit = visits.visits->pdata[0];
        const char *url = config_string(data->config, "http", "public_url");
        const char *port = strrchr(url, ':');
        link = g_strdup_printf("%.*s:%u/v/%s", (int)(port - url), url, http_port,
                               visit->patient_token);
    }
    demo_visits_clear(&visits);
    return link;
}

static bool print_accounts(const char *dir, GError **error)
{
    g_autofree char *path = in_dir(dir, "accounts");
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, error))
        return false;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    (void)printf("\n  Accounts (role, login, password):\n");
    for (char **line = lines; *line; line++) {
        g_auto(GStrv) parts = g_strsplit(*line, "\t", 4);
        if (g_strv_length(parts) == 4)
            (void)printf("    %-8s %-12s %-14s %s\n", parts[2], parts[0], parts[1], parts[3]);
    }
    return true;
}

bool demo_clinic_print(const char *dir, unsigned http_port, GError **error)
{
    Config *config = cli_load_config(NULL, dir);
    if (!config) {
        g_set_error_literal(error, BASE_ERROR, BASE_ERROR_INVALID,
                            "the demo clinic's settings are not valid");
        return false;
    }
    CliData data;
    g_autofree char *link = NULL;
    if (cli_data_open(&data, config, false, error))
        link = make_link(&data, http_port, error);
    bool ok = link != NULL;
    if (ok) {
        g_autofree char *base = g_strndup(link, (gsize)(strstr(link, "/v/") - link));
        (void)printf("\nHuyula %s is serving a demo clinic.\n\n"
                     "  Booking      %s/\n  Staff log-in %s/masuk\n",
                     HUYULA_VERSION, base, base);
        ok = print_accounts(dir, error);
        (void)printf("\n  A patient's link, ready now:\n    %s\n", link);
        if (!g_str_has_prefix(base, "https://localhost")) {
            g_autofree char *code = qr_terminal(link);
            (void)printf("\n%s", code ? code : "");
        }
        (void)printf("\n  The certificate is self-made: the browser asks once. Ctrl-C stops.\n\n");
        (void)fflush(stdout);
    }
    cli_data_clear(&data);
    return ok;
}
