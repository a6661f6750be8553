// SPDX-License-Identifier: Apache-2.0
#include "scheduling/consult/consult_report.h"

#include "scheduling/consult/consult_row.h"
#include "scheduling/report/daily.h"

enum { ANSWER_MIN_COUNT = 5 }; /* no percentile of fewer */

typedef struct {
    Scheduling *scheduling;
    char *from_date, *to_date;
    ConsultReport report;
    GArray *row_ms, *all_ms; /* int64_t: to the first answer, of the present row and of all */
    ConsultReportDone done;
    gpointer user_data;
} ReportOp;

static void figures_free(gpointer data)
{
    ConsultFigures *figures = data;
    g_free(figures->facility_id);
    g_free(figures->facility_name);
    g_free(figures);
}

static void report_op_free(gpointer data)
{
    ReportOp *op = data;
    g_free(op->from_date);
    g_free(op->to_date);
    g_ptr_array_unref(op->report.rows);
    g_array_unref(op->row_ms);
    g_array_unref(op->all_ms);
    g_free(op);
}

static gint int64_compare(gconstpointer a, gconstpointer b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return left < right ? -1 : left > right;
}

static void finish(ConsultFigures *figures, GArray *times_ms)
{
    unsigned n = times_ms->len;
    figures->answer_p50_minutes = -1;
    if (n >= ANSWER_MIN_COUNT) {
        g_array_sort(times_ms, int64_compare);
        /* Nearest rank: the ceil(n / 2)-th. */
        int64_t middle_ms = g_array_index(times_ms, int64_t, (n + 1) / 2 - 1);
        figures->answer_p50_minutes = (int)((middle_ms + 30000) / 60000);
    }
    g_array_set_size(times_ms, 0);
}

typedef struct {
    ConsultState state;
    int64_t answer_ms; /* -1: none */
    bool in_time;
} Question;

static void count(ConsultFigures *figures, GArray *times_ms, const Question *question)
{
    figures->asked++;
    if (question->answer_ms >= 0) {
        figures->answered++;
        figures->in_time += question->in_time;
        g_array_append_val(times_ms, question->answer_ms);
    } else if (question->state == CONSULT_WITHDRAWN) {
        figures->withdrawn++;
    } else {
        figures->unanswered++;
    }
}

static Question read_question(DbQuery *row)
{
    ConsultUrgency urgency = CONSULT_ROUTINE;
    Question question = {.answer_ms = -1};
    consult_state_parse(db_column_text(row, 2), &question.state);
    consult_urgency_parse(db_column_text(row, 5), &urgency);
    if (!db_column_is_null(row, 4)) {
        question.answer_ms = db_column_int(row, 4) - db_column_int(row, 3);
        question.in_time = question.answer_ms <= consult_wished_ms(urgency);
    }
    return question;
}

static bool read_rows(ReportOp *op, DbTx *tx, int64_t from_ms, int64_t until_ms, GError **error)
{
    ConsultFigures *figures = NULL;
    DbQuery *rows = db_query(tx, "consult_report");
    db_bind_int(rows, 1, from_ms);
    db_bind_int(rows, 2, until_ms);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        if (!figures || !g_str_equal(figures->facility_id, db_column_text(rows, 0))) {
            if (figures)
                finish(figures, op->row_ms);
            figures = g_new0(ConsultFigures, 1);
            figures->facility_id = db_column_dup(rows, 0);
            figures->facility_name = db_column_dup(rows, 1);
            g_ptr_array_add(op->report.rows, figures);
        }
        Question question = read_question(rows);
        count(figures, op->row_ms, &question);
        count(&op->report.totals, op->all_ms, &question);
    }
    if (figures)
        finish(figures, op->row_ms);
    finish(&op->report.totals, op->all_ms);
    return step == DB_DONE;
}

static bool report_job(DbTx *tx, gpointer data, GError **error)
{
    ReportOp *op = data;
    char after[SCHEDULING_DATE_BYTES];
    int64_t from_ms = 0, until_ms = 0;
    g_autoptr(FaultList) faults = fault_list_new();
    if (!daily_check(op->from_date, op->to_date, faults) ||
        !clock_date_add(op->to_date, 1, after) ||
        !clock_date_start(op->from_date, op->scheduling->zone, &from_ms) ||
        !clock_date_start(after, op->scheduling->zone, &until_ms))
        return consult_refuse(SCHEDULING_ERROR_INVALID_FIELDS, "from and to are no span of days",
                              error);
    return read_rows(op, tx, from_ms, until_ms, error);
}

static void on_report_done(gpointer data, const GError *error)
{
    ReportOp *op = data;
    op->done(error ? NULL : &op->report, error, op->user_data);
}

void consult_report(Scheduling *scheduling, const char *from_date, const char *to_date,
                    ConsultReportDone done, gpointer user_data)
{
    ReportOp *op = g_new0(ReportOp, 1);
    op->scheduling = scheduling;
    op->from_date = g_strdup(from_date);
    op->to_date = g_strdup(to_date);
    op->report.rows = g_ptr_array_new_with_free_func(figures_free);
    op->row_ms = g_array_new(FALSE, FALSE, sizeof(int64_t));
    op->all_ms = g_array_new(FALSE, FALSE, sizeof(int64_t));
    op->done = done;
    op->user_data = user_data;
    db_read_report(scheduling->db, report_job, on_report_done, op, report_op_free);
}
