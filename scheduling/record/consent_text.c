// SPDX-License-Identifier: Apache-2.0
#include "scheduling/record/consent_text.h"

#include <string.h>

#include "scheduling/clinic/local_time.h"
#include "scheduling/record/consent.h"
#include "scheduling/scheduling_private.h"

static bool check_actor(const Actor *actor, GError **error)
{
    if (actor->role == ACTOR_ADMIN)
        return true;
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_FORBIDDEN,
                        "the text of the consent is an administrator's");
    return false;
}

/* All of them. */

static void version_free(gpointer data)
{
    ConsentVersion *version = data;
    g_free(version->text_id);
    g_free(version->text_en);
    g_free(version->name);
    g_free(version);
}

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    GPtrArray *versions;
    ConsentVersionsDone done;
    gpointer user_data;
} ListOp;

static void list_op_free(gpointer data)
{
    ListOp *op = data;
    actor_copy_clear(&op->actor);
    g_ptr_array_unref(op->versions);
    g_free(op);
}

static gpointer read_version(DbQuery *row)
{
    ConsentVersion *version = g_new0(ConsentVersion, 1);
    version->version = db_column_int(row, 0);
    version->since_ms = db_column_int(row, 1);
    version->text_id = db_column_dup(row, 2);
    version->text_en = db_column_dup(row, 3);
    version->name = db_column_dup(row, 4);
    return version;
}

static bool list_job(DbTx *tx, gpointer data, GError **error)
{
    ListOp *op = data;
    int64_t in_effect;
    if (!check_actor(&op->actor.actor, error) ||
        !consent_newest_version(op->scheduling, tx, &in_effect, error))
        return false;
    if (!db_collect(db_query(tx, "consent_texts"), read_version, op->versions, error))
        return false;
    for (unsigned i = 0; i < op->versions->len; i++) {
        ConsentVersion *version = op->versions->pdata[i];
        version->is_in_effect = version->version == in_effect;
    }
    return true;
}

static void on_list_done(gpointer data, const GError *error)
{
    ListOp *op = data;
    op->done(error ? NULL : op->versions, error, op->user_data);
}

void consent_versions_get(Scheduling *scheduling, const Actor *actor, ConsentVersionsDone done,
                          gpointer user_data)
{
    ListOp *op = g_new0(ListOp, 1);
    op->scheduling = scheduling;
    actor_copy_init(&op->actor, actor);
    op->versions = g_ptr_array_new_with_free_func(version_free);
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, list_job, on_list_done, op, list_op_free);
}

/* A further one. */

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    char *text_id, *text_en, *from_date, *name;
    int64_t since_ms, version;
    FaultList *faults;
    ConsentVersionDone done;
    gpointer user_data;
} AddOp;

static void add_op_free(gpointer data)
{
    AddOp *op = data;
    actor_copy_clear(&op->actor);
    g_free(op->text_id);
    g_free(op->text_en);
    g_free(op->from_date);
    g_free(op->name);
    fault_list_free(op->faults);
    g_free(op);
}

/* Without blanks around its paragraphs and without empty ones. */
static char *tidy(const char *text, unsigned *ret_n_paragraphs)
{
    GString *tidied = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    *ret_n_paragraphs = 0;
    for (unsigned i = 0; lines[i]; i++) {
        const char *line = g_strstrip(lines[i]);
        if (!*line)
            continue;
        g_string_append_printf(tidied, "%s%s", *ret_n_paragraphs ? "\n" : "", line);
        (*ret_n_paragraphs)++;
    }
    return g_string_free(tidied, FALSE);
}

static void check_text(const char *field, const char *text, FaultList *faults)
{
    g_autofree char *limits =
        g_strdup_printf("%d..%d", CONSENT_TEXT_MIN_CHARS, CONSENT_TEXT_MAX_CHARS);
    glong n_chars = g_utf8_strlen(text, -1);
    if (!*text)
        fault_list_add(faults, field, "required", NULL);
    else if (n_chars < CONSENT_TEXT_MIN_CHARS)
        fault_list_add(faults, field, "too_short", limits);
    else if (n_chars > CONSENT_TEXT_MAX_CHARS)
        fault_list_add(faults, field, "too_long", limits);
}

/* The beginning of the day; of today: now. */
static void check_date(AddOp *op)
{
    static const int whole[] = {0, LOCAL_TIME_MINUTES_PER_DAY};
    const Scheduling *scheduling = op->scheduling;
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    char today[SCHEDULING_DATE_BYTES];
    TimeSpan day;
    clock_local_date(now_ms, scheduling->zone, today);
    op->since_ms = now_ms;
    if (!op->from_date || strcmp(op->from_date, today) == 0)
        return;
    if (!scheduling_date_is_valid(op->from_date) ||
        !local_time_span(scheduling->zone, op->from_date, whole, LOCAL_TIME_OUTER, &day)) {
        fault_list_add(op->faults, "from", "not_a_date", "YYYY-MM-DD");
        return;
    }
    op->since_ms = day.from_ms;
    if (day.from_ms < now_ms)
        fault_list_add(op->faults, "from", "in_past", NULL);
    else if (day.from_ms > now_ms + (int64_t)CONSENT_AHEAD_DAYS * 24 * 3600 * 1000)
        fault_list_add(op->faults, "from", "too_late", NULL);
}

/* What was written last, whether in effect or still to come. */
static bool check_other(AddOp *op, DbTx *tx, GError **error)
{
    DbQuery *last = db_query(tx, "consent_texts");
    DbStep step = db_step(last, error);
    if (step == DB_ROW) {
        if (strcmp(db_column_text(last, 2), op->text_id) == 0 &&
            strcmp(db_column_text(last, 3), op->text_en) == 0)
            fault_list_add(op->faults, "text_id", "same_text", NULL);
        db_reset(last);
    }
    return step != DB_FAILED;
}

static bool insert(AddOp *op, DbTx *tx, GError **error)
{
    DbQuery *query = db_query(tx, "consent_text_insert");
    db_bind_text(query, 1, op->text_id);
    db_bind_text(query, 2, op->text_en);
    db_bind_int(query, 3, op->since_ms);
    db_bind_text(query, 4, op->actor.actor.user_id);
    db_bind_text(query, 5, op->name);
    if (!scheduling_need_row(query, "version of the consent", error))
        return false;
    op->version = db_column_int(query, 0);
    db_reset(query);
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, op->version);
    g_autofree char *what = g_strdup_printf("from %s", op->from_date ? op->from_date : "now");
    const AuditedChange change = {"consent_text.add", "consent_text", number, what};
    return scheduling_audit_change(op->scheduling, tx, &op->actor.actor, &change, error);
}

static bool add_job(DbTx *tx, gpointer data, GError **error)
{
    AddOp *op = data;
    unsigned n_id = 0, n_en = 0;
    if (!check_actor(&op->actor.actor, error))
        return false;
    g_autofree char *text_id = tidy(op->text_id, &n_id);
    g_autofree char *text_en = tidy(op->text_en, &n_en);
    g_free(op->text_id);
    g_free(op->text_en);
    op->text_id = g_steal_pointer(&text_id);
    op->text_en = g_steal_pointer(&text_en);
    check_text("text_id", op->text_id, op->faults);
    check_text("text_en", op->text_en, op->faults);
    check_date(op);
    if (fault_list_length(op->faults) == 0 && n_id != n_en) {
        g_autofree char *wanted = g_strdup_printf("%u", n_id);
        fault_list_add(op->faults, "text_en", "paragraphs_differ", wanted);
    }
    if (fault_list_length(op->faults) == 0 && !check_other(op, tx, error))
        return false;
    if (fault_list_length(op->faults) == 0)
        return insert(op, tx, error);
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                        "this cannot be a text to agree to");
    return false;
}

static void on_add_done(gpointer data, const GError *error)
{
    AddOp *op = data;
    op->done(error ? 0 : op->version, op->faults, error, op->user_data);
}

void consent_version_add(Scheduling *scheduling, const Actor *actor,
                         const ConsentVersionNew *wanted, ConsentVersionDone done,
                         gpointer user_data)
{
    AddOp *op = g_new0(AddOp, 1);
    op->scheduling = scheduling;
    actor_copy_init(&op->actor, actor);
    op->text_id = g_strdup(wanted->text_id);
    op->text_en = g_strdup(wanted->text_en);
    op->from_date = g_strdup(wanted->from_date);
    op->name = g_strdup(wanted->name ? wanted->name : "");
    op->faults = fault_list_new();
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, add_job, on_add_done, op, add_op_free);
}
