// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/fixed_line.h"

#include "scheduling/outbox/sms.h"
#include "server/base/secret.h"

typedef struct {
    Scheduling *scheduling;
    char *after_id; /* all up to it were looked at */
    unsigned n;
    SchedulingDone done;
    gpointer user_data;
} FillOp;

typedef struct {
    char *visit_id;
    FixedLine line;
} Found;

static void op_free(gpointer data)
{
    FillOp *op = data;
    g_free(op->after_id);
    g_free(op);
}

static void found_free(gpointer data)
{
    Found *found = data;
    g_free(found->visit_id);
    g_free(found);
}

FixedLine fixed_line_column(DbQuery *row, int column)
{
    if (db_column_is_null(row, column))
        return FIXED_LINE_UNKNOWN;
    return db_column_int(row, column) ? FIXED_LINE_YES : FIXED_LINE_NO;
}

static FixedLine look(const Scheduling *scheduling, const char *phone_sealed)
{
    char *phone = secret_box_open(scheduling->box, "visit.phone", phone_sealed, NULL);
    if (!phone)
        return FIXED_LINE_UNKNOWN;
    FixedLine line = sms_is_fixed_line(phone) ? FIXED_LINE_YES : FIXED_LINE_NO;
    secret_text_free(phone);
    return line;
}

bool fixed_line_is(const Scheduling *scheduling, FixedLine known, const char *phone_sealed)
{
    FixedLine line = known == FIXED_LINE_UNKNOWN ? look(scheduling, phone_sealed) : known;
    return line == FIXED_LINE_YES;
}

static GPtrArray *find_some(FillOp *op, DbTx *tx, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(found_free);
    DbQuery *rows = db_query(tx, "fixed_line_unknown");
    db_bind_text(rows, 1, op->after_id);
    db_bind_int(rows, 2, FIXED_LINE_AT_ONCE);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        Found *found = g_new0(Found, 1);
        found->visit_id = db_column_dup(rows, 0);
        found->line = look(op->scheduling, db_column_text(rows, 1));
        g_ptr_array_add(list, found);
    }
    return step == DB_DONE ? g_steal_pointer(&list) : NULL;
}

/* One that cannot be opened stays as it is, and is passed. */
static bool fill_job(DbTx *tx, gpointer data, GError **error)
{
    FillOp *op = data;
    g_autoptr(GPtrArray) list = find_some(op, tx, error);
    if (!list)
        return false;
    for (unsigned i = 0; i < list->len; i++) {
        const Found *found = list->pdata[i];
        if (found->line == FIXED_LINE_UNKNOWN)
            continue;
        DbQuery *set = db_query(tx, "fixed_line_set");
        db_bind_text(set, 1, found->visit_id);
        db_bind_int(set, 2, found->line == FIXED_LINE_YES);
        if (!db_exec(set, error))
            return false;
    }
    op->n = list->len;
    if (list->len > 0) {
        Found *last = list->pdata[list->len - 1];
        g_free(op->after_id);
        op->after_id = g_steal_pointer(&last->visit_id);
    }
    return true;
}

static void go_on(Scheduling *scheduling, char *after_id, SchedulingDone done, gpointer user_data);

static void on_filled(gpointer data, const GError *error)
{
    FillOp *op = data;
    if (!error && op->n == FIXED_LINE_AT_ONCE)
        go_on(op->scheduling, g_steal_pointer(&op->after_id), op->done, op->user_data);
    else if (op->done)
        op->done(error, op->user_data);
}

/* Takes AFTER_ID. */
static void go_on(Scheduling *scheduling, char *after_id, SchedulingDone done, gpointer user_data)
{
    FillOp *op = g_new0(FillOp, 1);
    op->scheduling = scheduling;
    op->after_id = after_id;
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, fill_job, on_filled, op, op_free);
}

void fixed_line_fill(Scheduling *scheduling, SchedulingDone done, gpointer user_data)
{
    go_on(scheduling, g_strdup(""), done, user_data);
}
