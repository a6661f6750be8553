// SPDX-License-Identifier: Apache-2.0
/* huyula user add|passwd|disable|enable, huyula audit verify. */
#include "scheduling/clinic/directory.h"
#include "scheduling/clinic/directory_login.h"
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
    HoursKeep keep;              /* what becomes of the bookings of one who is disabled */
    unsigned n_hits, n_told;
    Scheduling *scheduling;
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

/* As by the API: who is booked with a doctor is asked about. */
static bool set_disabled(DbTx *tx, UserStep *step, bool disabled, GError **error)
{
    static const Actor system = {.role = ACTOR_SYSTEM};
    const char *login = step->user.login;
    g_autofree char *id = user_find(tx, login, error);
    g_autoptr(HoursWatch) watch = NULL;
    g_autoptr(GPtrArray) hits = hours_hits_new();
    bool ok = id && directory_login_watch(step->scheduling, tx, id, disabled, &watch, error) &&
              user_set_disabled(tx, login, disabled, step->now_ms, error) &&
              directory_login_settle(watch, step->scheduling, tx, &system, step->keep, hits, error);
    step->n_hits = hits->len;
    step->n_told = hours_hits_told(hits);
    return ok;
}

static bool run_step(DbTx *tx, gpointer data, GError **error)
{
    UserStep *step = data;
    const char *login = step->user.login;
    if (g_str_equal(step->action, "passwd"))
        return user_set_password(tx, login, step->user.password_hash, step->now_ms, error);
    if (g_str_equal(step->action, "disable") || g_str_equal(step->action, "enable"))
        return set_disabled(tx, step, g_str_equal(step->action, "disable"), error);
    return add_user(tx, step, error);
}

static int ask_about_bookings(const UserStep *step)
{
    (void)fprintf(stderr,
                  "huyula: user disable: %u booked visits of %s would have no doctor, and nothing "
                  "was changed. Say what becomes of them: --bookings=message (their patients get a "
                  "message with a link to choose another time) or --bookings=keep (nobody is told "
                  "now)\n",
                  step->n_hits, step->user.login);
    return 1;
}

static int run_user(UserStep *step, Config *config)
{
    CliData data;
    g_autoptr(GError) error = NULL;
    bool ok = cli_data_open(&data, config, true, &error);
    if (ok) {
        SchedulingPolicy policy;
        scheduling_policy_init(&policy);
        policy.zone = config_string(config, "clinic", "zone");
        step->now_ms = clock_wall_ms(data.clock);
        step->scheduling = scheduling_new(data.db, data.clock, data.box, &policy, &error);
        ok = step->scheduling && db_run_now(data.db, run_step, step, &error);
    }
    scheduling_free(step->scheduling);
    cli_data_clear(&data);
    if (g_error_matches(error, SCHEDULING_ERROR, SCHEDULING_ERROR_BOOKINGS_HIT))
        return ask_about_bookings(step);
    if (!ok)
        return cli_fail(error);
    (void)printf("%s: done\n", step->user.login);
    if (step->n_hits > 0)
        (void)printf("%u booked visits have no doctor now, %u patients get a message; who keeps "
                     "the facility's clinics finds them in the list of bookings without a place\n",
                     step->n_hits, step->n_told);
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

/* What --bookings asks for. False after saying why not. */
static bool take_keep(UserStep *step, const char *bookings)
{
    bool is_message = g_strcmp0(bookings, "message") == 0;
    bool is_keep = g_strcmp0(bookings, "keep") == 0;
    if (is_message || is_keep)
        step->keep = is_message ? HOURS_KEEP_MESSAGE : HOURS_KEEP_YES;
    bool is_right = !bookings || ((is_message || is_keep) && g_str_equal(step->action, "disable"));
    if (!is_right)
        (void)fprintf(stderr, "huyula: user: --bookings is message or keep, and goes with "
                              "disable\n");
    return is_right;
}

int cli_user(int argc, char **argv)
{
    g_autofree char *file = NULL, *demo_dir = NULL, *name = NULL, *role = NULL, *facility = NULL;
    g_autofree char *practitioner = NULL, *area = NULL, *bookings = NULL;
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
        {"bookings", 0, 0, G_OPTION_ARG_STRING, &bookings,
         "With disable of a doctor's account: message or keep, for the visits that are booked",
         "WHAT"},
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
    if ((is_add && !take_role(&step, role)) || !take_keep(&step, bookings))
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
