// SPDX-License-Identifier: Apache-2.0
#include "server/auth/setup.h"

#include "server/auth/auth_private.h"
#include "server/auth/password.h"
#include "server/base/audit.h"
#include "server/base/ids.h"

#include <string.h>

enum { CODE_GROUPS = 3, GROUP_CHARS = 4, TRIES_PER_ADDRESS = 10, MAX_LIMIT_KEYS = 1000 };
/* After the burst: one more try so often. 12 characters of some 30 are no guess at any rate. */
static const double ADDRESS_RATE = 1.0 / 10;

struct Setup {
    Auth *auth;
    char *code; /* NULL: closed */
    LimitTable *by_address;
};

Setup *setup_new(Auth *auth)
{
    Setup *setup = g_new0(Setup, 1);
    setup->auth = auth;
    setup->by_address = limit_table_new(MAX_LIMIT_KEYS, ADDRESS_RATE, TRIES_PER_ADDRESS);
    return setup;
}

void setup_free(Setup *setup)
{
    if (!setup)
        return;
    secret_text_free(setup->code);
    limit_table_free(setup->by_address);
    g_free(setup);
}

bool setup_is_open(const Setup *setup)
{
    return setup->code != NULL;
}

static void close_it(Setup *setup)
{
    secret_text_free(g_steal_pointer(&setup->code));
}

/* Is there any account? */
static bool read_any(DbTx *tx, bool *ret_any, GError **error)
{
    DbQuery *row = db_query(tx, "account_any");
    DbStep step = db_step(row, error);
    db_reset(row);
    *ret_any = step == DB_ROW;
    return step != DB_FAILED;
}

/* Opening. */

typedef struct {
    Setup *setup;
    bool has_accounts;
    SetupOpened done;
    gpointer user_data;
} Opening;

static bool open_job(DbTx *tx, gpointer data, GError **error)
{
    Opening *opening = data;
    return read_any(tx, &opening->has_accounts, error);
}

static char *new_code(void)
{
    GString *code = g_string_new(NULL);
    for (int i = 0; i < CODE_GROUPS; i++) {
        char *group = id_code_new(GROUP_CHARS);
        g_string_append_printf(code, "%s%s", i ? "-" : "", group);
        secret_text_free(group);
    }
    return g_string_free(code, FALSE);
}

static void on_looked(gpointer data, const GError *error)
{
    Opening *opening = data;
    Setup *setup = opening->setup;
    if (!error && !opening->has_accounts && !setup->code)
        setup->code = new_code();
    opening->done(setup->code, error, opening->user_data);
}

void setup_open(Setup *setup, SetupOpened done, gpointer user_data)
{
    Opening *opening = g_new0(Opening, 1);
    opening->setup = setup;
    opening->done = done;
    opening->user_data = user_data;
    db_read(setup->auth->db, open_job, on_looked, opening, g_free);
}

/* The claim: code and fields are checked, the password is hashed on a job thread, the account is
 * written when there still is none. */

typedef struct {
    Setup *setup;
    char *login, *name, *password, *address;
    char *hash;
    GError *failed; /* of the hashing */
    FaultList *faults;
    SetupDone done;
    gpointer user_data;
} Claim;

static void claim_free(gpointer data)
{
    Claim *claim = data;
    g_free(claim->login);
    g_free(claim->name);
    secret_text_free(claim->password);
    g_free(claim->address);
    secret_text_free(claim->hash);
    g_clear_error(&claim->failed);
    fault_list_free(claim->faults);
    g_free(claim);
}

static void claim_fail(Claim *claim, AuthError code, const char *text)
{
    g_autoptr(GError) error = g_error_new_literal(AUTH_ERROR, code, text);
    claim->done(claim->faults, error, claim->user_data);
    claim_free(claim);
}

static bool write_job(DbTx *tx, gpointer data, GError **error)
{
    Claim *claim = data;
    bool has_accounts = false;
    if (!read_any(tx, &has_accounts, error))
        return false;
    if (has_accounts) {
        g_set_error_literal(error, AUTH_ERROR, AUTH_ERROR_ALREADY_SET_UP, "there are accounts");
        return false;
    }
    int64_t now_ms = clock_wall_ms(claim->setup->auth->clock);
    const UserNew user = {.login = claim->login,
                          .name = claim->name,
                          .role = USER_ROLE_ADMIN,
                          .password_hash = claim->hash};
    g_autofree char *id = NULL;
    if (!user_insert(tx, &user, now_ms, &id, error))
        return false;
    AuditEntry entry = {
        .at_ms = now_ms,
        .actor_kind = "setup",
        .action = "user.add",
        .object_kind = "user",
        .object_id = id,
        .address = claim->address,
        .result = "ok",
    };
    return audit_append(tx, &entry, error);
}

static void on_written(gpointer data, const GError *error)
{
    Claim *claim = data;
    if (!error || g_error_matches(error, AUTH_ERROR, AUTH_ERROR_ALREADY_SET_UP))
        close_it(claim->setup);
    claim->done(claim->faults, error, claim->user_data);
}

/* As in auth.c: the pool frees what it is handed, the claim goes on to the database. */
static void hash_step(gpointer data)
{
    Claim *claim = *(Claim **)data;
    claim->hash = password_hash(claim->password, &claim->failed);
}

static void on_hashed(gpointer data)
{
    Claim *claim = *(Claim **)data;
    if (claim->hash) {
        db_write(claim->setup->auth->db, write_job, on_written, claim, claim_free);
        return;
    }
    claim->done(claim->faults, claim->failed, claim->user_data);
    claim_free(claim);
}

/* People type small letters, and leave the dashes out or put blanks there. */
static bool code_fits(const Setup *setup, const char *typed)
{
    GString *whole = g_string_new(NULL);
    unsigned n = 0;
    for (const char *c = typed; *c && n < CODE_GROUPS * GROUP_CHARS + 1; c++) {
        if (!g_ascii_isalnum(*c))
            continue;
        if (n > 0 && n % GROUP_CHARS == 0)
            g_string_append_c(whole, '-');
        g_string_append_c(whole, g_ascii_toupper(*c));
        n++;
    }
    bool fits = secret_equal_text(setup->code, whole->str);
    secret_text_free(g_string_free(whole, FALSE));
    return fits;
}

/* A wrong code says nothing of the other fields: whoever has it not is not helped. */
static void check_claim(const Claim *claim, const char *code)
{
    if (!code_fits(claim->setup, code)) {
        fault_list_add(claim->faults, "code", "wrong_code", NULL);
        return;
    }
    if (!user_login_is_valid(claim->login))
        fault_list_add(claim->faults, "login", "not_a_login", "3..40 a-z 0-9 . _ -");
    if (!user_name_is_valid(claim->name))
        fault_list_add(claim->faults, "name", "too_long", "1..80");
    const char *fault = password_fault(claim->password, claim->login);
    if (fault)
        fault_list_add(claim->faults, "password", fault, "10..256");
}

static Claim *claim_new(Setup *setup, const SetupClaim *asked, SetupDone done, gpointer user_data)
{
    Claim *claim = g_new0(Claim, 1);
    claim->setup = setup;
    claim->login = g_ascii_strdown(asked->login, -1);
    claim->name = g_strdup(asked->name);
    claim->password = g_strdup(asked->password);
    claim->address = g_strdup(asked->address);
    claim->faults = fault_list_new();
    claim->done = done;
    claim->user_data = user_data;
    return claim;
}

void setup_claim(Setup *setup, const SetupClaim *asked, SetupDone done, gpointer user_data)
{
    Claim *claim = claim_new(setup, asked, done, user_data);
    unsigned wait_s = 0;
    if (!setup->code) {
        claim_fail(claim, AUTH_ERROR_ALREADY_SET_UP, "there are accounts");
        return;
    }
    if (!limit_table_take(setup->by_address, asked->address, clock_mono_us(setup->auth->clock),
                          &wait_s)) {
        g_autofree char *seconds = g_strdup_printf("%u", MAX(wait_s, 1));
        claim_fail(claim, AUTH_ERROR_TOO_MANY, seconds);
        return;
    }
    check_claim(claim, asked->code);
    if (fault_list_length(claim->faults) > 0) {
        claim_fail(claim, AUTH_ERROR_INVALID, "the first account is not possible");
        return;
    }
    Claim **holder = g_new(Claim *, 1);
    g_autoptr(GError) full = NULL;
    *holder = claim;
    if (!job_pool_run(setup->auth->jobs, hash_step, on_hashed, holder, g_free, &full)) {
        claim->done(claim->faults, full, claim->user_data);
        claim_free(claim);
        g_free(holder);
    }
}
