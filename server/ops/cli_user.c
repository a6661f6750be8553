// SPDX-License-Identifier: Apache-2.0
/* huyula user add|passwd|disable|enable, huyula audit verify. */
#include "scheduling/clinic/directory.h"
#include "server/auth/password.h"
#include "server/auth/user.h"
#include "server/base/audit.h"
#include "server/ops/cli.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* One line from the terminal without echo, or from a pipe. */
static char *read_password(const char *prompt)
{
    struct termios before, silent;
    bool is_terminal = tcgetattr(STDIN_FILENO, &before) == 0;
    if (is_terminal) {
        silent = before;
        silent.c_lflag &= (tcflag_t)~ECHO;
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
        (void)fprintf(stderr, "%s: ", prompt);
    }
    char line[PASSWORD_MAX_BYTES + 2];
    bool ok = fgets(line, sizeof line, stdin) != NULL;
    if (is_terminal) {
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        (void)fprintf(stderr, "\n");
    }
    if (!ok)
        return NULL;
    line[strcspn(line, "\r\n")] = 0;
    char *password = g_strdup(line);
    secret_wipe(line, sizeof line);
    return password;
}

/* The hash of a new password that was read and held against the rules; NULL after saying why. */
static char *read_new_password_hash(const char *login)
{
    char *password = read_password("New password");
    const char *fault = password ? password_fault(password, login) : "missing";
    char *hash = NULL;
    if (fault) {
        (void)fprintf(stderr,
                      "huyula: password: %s (at least %d characters, at most %d bytes, not the "
                      "login, five different characters)\n",
                      fault, PASSWORD_MIN_CHARS, PASSWORD_MAX_BYTES);
    } else {
        g_autoptr(GError) error = NULL;
        hash = password_hash(password, &error);
        if (!hash)
            (void)cli_fail(error);
    }
    secret_text_free(password);
    return hash;
}

typedef struct {
    const char *action;
    UserNew user;
    const char *practitioner_id; /* whom a doctor's account stands for; NULL for the others */
    int64_t now_ms;
} UserStep;

static bool add_user(DbTx *tx, const UserStep *step, GError **error)
{
    const UserNew *user = &step->user;
    g_autofree char *id = NULL, *facility = NULL, *area = NULL;
    if (user->facility_id) {
        facility = directory_facility_name(tx, user->facility_id, error);
        if (!facility) {
            g_prefix_error(error, "--facility %s: ", user->facility_id);
            return false;
        }
    }
    if (user->area_code) {
        area = directory_area_name(tx, user->area_code, error);
        if (!area) {
            g_prefix_error(error, "--area %s: ", user->area_code);
            return false;
        }
    }
    if (!user_add(tx, user, "cli", step->now_ms, &id, error))
        return false;
    if (step->practitioner_id && !directory_link_user(tx, step->practitioner_id, id, error)) {
        g_prefix_error(error, "--practitioner %s: ", step->practitioner_id);
        return false;
    }
    return true;
}

static bool run_step(DbTx *tx, gpointer data, GError **error)
{
    UserStep *step = data;
    const char *login = step->user.login;
    if (g_str_equal(step->action, "passwd"))
        return user_set_password(tx, login, step->user.password_hash, step->now_ms, error);
    /* At once: bookings of a doctor's are not asked about here. */
    if (g_str_equal(step->action, "disable") || g_str_equal(step->action, "enable"))
        return user_set_disabled(tx, login, g_str_equal(step->action, "disable"), step->now_ms,
                                 error);
    return add_user(tx, step, error);
}

static int run_user(UserStep *step, Config *config)
{
    CliData data;
    g_autoptr(GError) error = NULL;
    bool ok = cli_data_open(&data, config, true, &error);
    if (ok) {
        step->now_ms = clock_wall_ms(data.clock);
        ok = db_run_now(data.db, run_step, step, &error);
    }
    cli_data_clear(&data);
    if (!ok)
        return cli_fail(error);
    (void)printf("%s: done\n", step->user.login);
    return 0;
}

/* What --role asks for. False after saying why not. */
static bool take_role(UserStep *step, const char *role)
{
    if (!role || !user_role_parse(role, &step->user.role)) {
        (void)fprintf(stderr, "huyula: user add: --role is doctor, desk, office, admin, "
                              "coordinator or officer\n");
        return false;
    }
    bool is_doctor = step->user.role == USER_ROLE_DOCTOR;
    if (is_doctor && !step->practitioner_id)
        (void)fprintf(stderr, "huyula: user add: a doctor's account stands for one of the "
                              "directory, so that it has a day and visits: --practitioner ID\n");
    if (!is_doctor && step->practitioner_id)
        (void)fprintf(stderr, "huyula: user add: --practitioner goes with --role doctor\n");
    return is_doctor == (step->practitioner_id != NULL);
}

int cli_user(int argc, char **argv)
{
    g_autofree char *file = NULL, *demo_dir = NULL, *name = NULL, *role = NULL, *facility = NULL;
    g_autofree char *practitioner = NULL, *area = NULL;
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &file, "Configuration file", "FILE"},
        {"demo", 0, 0, G_OPTION_ARG_FILENAME, &demo_dir, "The demo clinic in DIR", "DIR"},
        {"name", 0, 0, G_OPTION_ARG_STRING, &name, "With add: the name that is shown", "NAME"},
        {"role", 0, 0, G_OPTION_ARG_STRING, &role,
         "With add: doctor, desk, office, admin, coordinator or officer", "ROLE"},
        {"facility", 0, 0, G_OPTION_ARG_STRING, &facility, "With add: the facility's id", "ID"},
        {"area", 0, 0, G_OPTION_ARG_STRING, &area,
         "With add and the role officer: the kecamatan or kabupaten, as 75.01.01", "CODE"},
        {"practitioner", 0, 0, G_OPTION_ARG_STRING, &practitioner,
         "With add and the role doctor: the doctor's id in the directory", "ID"},
        {0},
    };
    int status;
    if (!cli_parse(&argc, &argv,
                   "user add|passwd|disable|enable LOGIN: accounts; a password is read from the "
                   "terminal or from standard input",
                   entries, 2, 2, &status))
        return status;
    UserStep step = {
        .action = argv[1],
        .user = {.login = argv[2],
                 .name = name ? name : argv[2],
                 .facility_id = facility,
                 .area_code = area},
        .practitioner_id = practitioner,
    };
    static const char *const actions[] = {"add", "passwd", "disable", "enable", NULL};
    if (!g_strv_contains(actions, step.action)) {
        (void)fprintf(stderr, "huyula: user: '%s' is not add, passwd, disable or enable\n",
                      step.action);
        return 2;
    }
    bool is_add = g_str_equal(step.action, "add");
    if (is_add && !take_role(&step, role))
        return 2;
    g_autofree char *hash = NULL;
    if (is_add || g_str_equal(step.action, "passwd")) {
        hash = read_new_password_hash(step.user.login);
        if (!hash)
            return 1;
        step.user.password_hash = hash;
    }
    Config *config = cli_load_config(file, demo_dir);
    return config ? run_user(&step, config) : 1;
}

static bool verify_chain(DbTx *tx, gpointer data, GError **error)
{
    return audit_verify(tx, data, error);
}

int cli_audit(int argc, char **argv)
{
    g_autofree char *file = NULL, *demo_dir = NULL;
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &file, "Configuration file", "FILE"},
        {"demo", 0, 0, G_OPTION_ARG_FILENAME, &demo_dir, "The demo clinic in DIR", "DIR"},
        {0},
    };
    int status;
    if (!cli_parse(&argc, &argv, "audit verify: walks the audit trail's chain of hashes", entries,
                   1, 1, &status))
        return status;
    if (!g_str_equal(argv[1], "verify")) {
        (void)fprintf(stderr, "huyula: audit: '%s' is not verify\n", argv[1]);
        return 2;
    }
    Config *config = cli_load_config(file, demo_dir);
    if (!config)
        return 1;
    CliData data;
    g_autoptr(GError) error = NULL;
    int64_t n_rows = 0;
    bool ok = cli_data_open(&data, config, false, &error) &&
              db_run_now(data.db, verify_chain, &n_rows, &error);
    cli_data_clear(&data);
    if (!ok)
        return cli_fail(error);
    (void)printf("%" G_GINT64_FORMAT " rows, the chain holds\n", n_rows);
    return 0;
}
