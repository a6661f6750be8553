// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/auth/fixture.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <unistd.h>

#include "server/auth/password.h"
#include "tests/unit/base/migrated_db.h"

enum { N_JOB_THREADS = 2, JOB_QUEUE = 8 };
static const int64_t now_ms = INT64_C(1795485600000);

static void forget_answer(Fixture *fixture)
{
    g_clear_error(&fixture->error);
    g_clear_pointer(&fixture->token, g_free);
    g_clear_pointer(&fixture->session_id, g_free);
    g_clear_pointer(&fixture->user_id, g_free);
    g_clear_pointer(&fixture->name, g_free);
    g_clear_pointer(&fixture->facility_id, g_free);
}

static void ask(Fixture *fixture)
{
    forget_answer(fixture);
    fixture->n_waiting++;
}

static void keep_answer(Fixture *fixture, const GError *error)
{
    assert_int_equal(fixture->n_waiting, 1);
    fixture->n_waiting--;
    fixture->error = error ? g_error_copy(error) : NULL;
}

static bool wait_for_it(Fixture *fixture)
{
    while (fixture->n_waiting > 0)
        g_main_context_iteration(NULL, TRUE);
    return !fixture->error;
}

static void keep_session(Fixture *fixture, const AuthSession *session)
{
    fixture->session_id = g_strdup(session->session_id);
    fixture->user_id = g_strdup(session->user_id);
    fixture->name = g_strdup(session->name);
    fixture->facility_id = g_strdup(session->facility_id);
    fixture->role = session->role;
    fixture->expires_at_ms = session->expires_at_ms;
    assert_int_equal(strlen(session->csrf), 22);
}

typedef struct {
    Fixture *fixture;
    DbJobFunc job;
    gpointer data;
} RunOp;

static bool run_job(DbTx *tx, gpointer data, GError **error)
{
    RunOp *op = data;
    return op->job(tx, op->data, error);
}

static void on_run_done(gpointer data, const GError *error)
{
    RunOp *op = data;
    keep_answer(op->fixture, error);
}

bool fixture_run(Fixture *fixture, DbJobFunc job, gpointer data)
{
    RunOp op = {fixture, job, data};
    ask(fixture);
    db_write(fixture->db, run_job, on_run_done, &op, NULL);
    return wait_for_it(fixture);
}

bool fixture_run_on(Fixture *fixture, DbJobFunc job, const char *login)
{
    g_autofree char *copy = g_strdup(login);
    return fixture_run(fixture, job, copy);
}

static bool add_job(DbTx *tx, gpointer data, GError **error)
{
    g_autofree char *id = NULL;
    return user_add(tx, data, "test", now_ms, &id, error);
}

void fixture_add(Fixture *fixture, const char *login, UserRole role, bool has_password)
{
    g_autofree char *hash =
        has_password ? password_hash(FIXTURE_PASSWORD, NULL) : g_strdup("nothing");
    UserNew user = {
        .login = login,
        .name = "Nama Pegawai",
        .role = role,
        .facility_id = role == USER_ROLE_DESK ? "facility-1" : NULL,
        .password_hash = hash,
    };
    assert_true(fixture_run(fixture, add_job, &user));
}

void fixture_sql(const char *path, const char *sql)
{
    sqlite3 *sqlite = NULL;
    char *message = NULL;
    assert_int_equal(sqlite3_open(path, &sqlite), SQLITE_OK);
    if (sqlite3_exec(sqlite, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s", message);
    sqlite3_close(sqlite);
}

void fixture_break(Fixture *fixture, const char *sql)
{
    g_autofree char *path = g_build_filename(fixture->dir, "test.db", NULL);
    g_autofree char *all = g_strconcat("PRAGMA ignore_check_constraints = ON;", sql, NULL);
    fixture_sql(path, all);
}

static void on_login(const AuthSession *session, const char *token, const GError *error,
                     gpointer user_data)
{
    Fixture *fixture = user_data;
    keep_answer(fixture, error);
    assert_true((session != NULL) == (error == NULL));
    if (!session)
        return;
    keep_session(fixture, session);
    fixture->token = g_strdup(token);
}

bool fixture_log_in(Fixture *fixture, const char *login, const char *password, const char *address)
{
    ask(fixture);
    auth_login(fixture->auth, login, password, address, on_login, fixture);
    return wait_for_it(fixture);
}

static void on_session(const AuthSession *session, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;
    keep_answer(fixture, error);
    assert_false(session && error);
    if (session)
        keep_session(fixture, session);
}

bool fixture_find(Fixture *fixture, const char *token)
{
    g_autofree char *copy = g_strdup(token); /* it may be the fixture's own */
    ask(fixture);
    auth_find_session(fixture->auth, copy, on_session, fixture);
    (void)wait_for_it(fixture);
    return fixture->session_id != NULL;
}

static void on_logout(const GError *error, gpointer user_data)
{
    keep_answer(user_data, error);
}

void fixture_log_out(Fixture *fixture)
{
    AuthSession session = {
        .session_id = fixture->session_id,
        .user_id = fixture->user_id,
        .role = fixture->role,
    };
    fixture->n_waiting++;
    auth_logout(fixture->auth, &session, FIXTURE_ADDRESS, on_logout, fixture);
    assert_true(wait_for_it(fixture));
}

void fixture_expect_refusal(const Fixture *fixture, AuthError code)
{
    assert_non_null(fixture->error);
    assert_true(g_error_matches(fixture->error, AUTH_ERROR, (int)code));
}

/* In memory where the system has a place for that: what these tests try is not the disk. */
static char *make_folder(void)
{
    const char *parent = g_access("/dev/shm", W_OK) == 0 ? "/dev/shm" : g_get_tmp_dir();
    char *folder = g_build_filename(parent, "huyula-auth-XXXXXX", NULL);
    assert_non_null(g_mkdtemp(folder));
    return folder;
}

int fixture_set_up(void **state)
{
    Fixture *fixture = g_new0(Fixture, 1);
    g_autoptr(GError) error = NULL;
    DbOwner owner;
    auth_db_owner(&owner);
    const DbOwner *owners[] = {&owner, NULL};
    fixture->dir = make_folder();
    g_autofree char *path = g_build_filename(fixture->dir, "test.db", NULL);
    DbOptions options = {.path = path, .owners = owners, .n_readers = 1};
    fixture->clock = clock_new_fake(now_ms);
    fixture->box = secret_box_new_random();
    fixture->jobs = job_pool_new(N_JOB_THREADS, JOB_QUEUE);
    bool is_written = migrated_db_write(path, owners, &error);
    fixture->db = is_written ? db_open(&options, &error) : NULL;
    if (!fixture->db || !db_start(fixture->db, &error)) {
        print_message("%s\n", error->message);
        return -1;
    }
    fixture->auth = auth_new(fixture->db, fixture->clock, fixture->box, fixture->jobs);
    *state = fixture;
    return 0;
}

static void remove_folder(const char *path)
{
    GDir *dir = g_dir_open(path, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        g_unlink(file);
    }
    if (dir)
        g_dir_close(dir);
    g_rmdir(path);
}

int fixture_tear_down(void **state)
{
    Fixture *fixture = *state;
    job_pool_free(fixture->jobs);
    db_free(fixture->db);
    auth_free(fixture->auth);
    secret_box_free(fixture->box);
    clock_free(fixture->clock);
    forget_answer(fixture);
    remove_folder(fixture->dir);
    g_free(fixture->dir);
    g_free(fixture);
    return 0;
}
