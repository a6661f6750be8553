// SPDX-License-Identifier: Apache-2.0
#include "server/staff_watch.h"

#include "server/auth/auth.h"
#include "server/base/log.h"

enum { CHECK_MS = 5000, WARNINGS_PER_MINUTE = 6 };

struct StaffWatch {
    Db *db;
    const Clock *clock;
    Signaling *signaling;
    GHashTable *sessions; /* ids of those that let somebody in and were alive when last seen */
    guint timer;
    bool is_checking;
    bool check_again; /* asked for while a check was under way */
    LogLimit log_limit;
};

typedef struct {
    StaffWatch *watch;
    int64_t now_ms;
    GPtrArray *ids;
    GPtrArray *ended; /* borrowed from ids */
} Check;

static void check_free(gpointer data)
{
    Check *check = data;
    g_ptr_array_unref(check->ids);
    g_ptr_array_unref(check->ended);
    g_free(check);
}

static bool find_ended(DbTx *tx, gpointer data, GError **error)
{
    Check *check = data;
    for (unsigned i = 0; i < check->ids->len; i++) {
        bool is_alive = false;
        if (!auth_session_is_alive(tx, check->ids->pdata[i], check->now_ms, &is_alive, error))
            return false;
        if (!is_alive)
            g_ptr_array_add(check->ended, check->ids->pdata[i]);
    }
    return true;
}

static void log_failure(StaffWatch *watch, const GError *error)
{
    unsigned n_suppressed = 0;
    if (log_allowed(&watch->log_limit, clock_mono_us(watch->clock), WARNINGS_PER_MINUTE,
                    &n_suppressed))
        log_warn("staff sessions not checked", "error", error->message, "suppressed",
                 LOG_INT(n_suppressed));
}

static void on_checked(gpointer data, const GError *error)
{
    const Check *check = data;
    StaffWatch *watch = check->watch;
    watch->is_checking = false;
    if (error)
        log_failure(watch, error);
    for (unsigned i = 0; !error && i < check->ended->len; i++) {
        g_hash_table_remove(watch->sessions, check->ended->pdata[i]);
        signaling_dismiss_bound(watch->signaling, check->ended->pdata[i],
                                SIGNALING_CODE_LINK_INVALID);
    }
    if (watch->check_again)
        staff_watch_check(watch);
}

void staff_watch_check(StaffWatch *watch)
{
    GHashTableIter iter;
    gpointer id;
    watch->check_again = watch->is_checking;
    if (watch->is_checking || g_hash_table_size(watch->sessions) == 0)
        return;
    Check *check = g_new0(Check, 1);
    check->watch = watch;
    check->now_ms = clock_wall_ms(watch->clock);
    check->ids = g_ptr_array_new_with_free_func(g_free);
    check->ended = g_ptr_array_new();
    g_hash_table_iter_init(&iter, watch->sessions);
    while (g_hash_table_iter_next(&iter, &id, NULL))
        g_ptr_array_add(check->ids, g_strdup(id));
    watch->is_checking = true;
    db_read(watch->db, find_ended, on_checked, check, check_free);
}

static gboolean on_timer(gpointer user_data)
{
    staff_watch_check(user_data);
    return G_SOURCE_CONTINUE;
}

StaffWatch *staff_watch_new(Db *db, const Clock *clock)
{
    StaffWatch *watch = g_new0(StaffWatch, 1);
    watch->db = db;
    watch->clock = clock;
    watch->sessions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    watch->timer = g_timeout_add(CHECK_MS, on_timer, watch);
    return watch;
}

void staff_watch_free(StaffWatch *watch)
{
    if (!watch)
        return;
    g_source_remove(watch->timer);
    g_hash_table_unref(watch->sessions);
    g_free(watch);
}

void staff_watch_set_signaling(StaffWatch *watch, Signaling *signaling)
{
    watch->signaling = signaling;
}

void staff_watch_add(StaffWatch *watch, const char *session_id)
{
    if (session_id)
        g_hash_table_add(watch->sessions, g_strdup(session_id));
}
