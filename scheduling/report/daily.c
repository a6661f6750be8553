// SPDX-License-Identifier: Apache-2.0
#include "scheduling/report/daily.h"

#include <string.h>

#include "scheduling/scheduling_private.h"

enum {
    WAIT_MIN_COUNT = 5,             /* no percentile of fewer */
    CONSULTATION_MIN_MS = 60 * 1000 /* K1 of domain.md 7: media of both sides */
};

typedef struct {
    Scheduling *scheduling;
    char *from_date, *to_date;
    Daily daily;
    DailyDone done;
    gpointer user_data;
} DailyOp;

/* What a row is made of while its visits are read. */
typedef struct {
    GArray *waits_ms; /* int64_t */
    int64_t both_ms;
} Gather;

static void gather_init(Gather *gather)
{
    gather->waits_ms = g_array_new(FALSE, FALSE, sizeof(int64_t));
    gather->both_ms = 0;
}

static void row_free(gpointer data)
{
    DailyRow *row = data;
    g_free(row->facility_id);
    g_free(row->facility_name);
    g_free(row);
}

static void daily_op_free(gpointer data)
{
    DailyOp *op = data;
    g_free(op->from_date);
    g_free(op->to_date);
    g_ptr_array_unref(op->daily.rows);
    g_free(op);
}

static unsigned *state_counter(DailyRow *row, VisitState state)
{
    switch (state) {
    case VISIT_STATE_DONE:
        return &row->done;
    case VISIT_STATE_CANCELLED_PATIENT:
    case VISIT_STATE_CANCELLED_PROVIDER:
    case VISIT_STATE_CANCELLED_SYSTEM:
    case VISIT_STATE_RESCHEDULED:
        return &row->cancelled;
    case VISIT_STATE_NO_SHOW_PATIENT:
    case VISIT_STATE_NO_SHOW_DOCTOR:
        return &row->no_show;
    case VISIT_STATE_TECH_FAILED:
        return &row->tech_failed;
    case VISIT_STATE_LEFT_WITHOUT_BEING_SEEN:
        return &row->left;
    case VISIT_STATE_CONVERTED_PHONE:
    case VISIT_STATE_CONVERTED_IN_PERSON:
        return &row->converted;
    case VISIT_STATE_REQUESTED:
    case VISIT_STATE_BOOKED:
    case VISIT_STATE_CHECKED_IN:
    case VISIT_STATE_CALLED:
    case VISIT_STATE_IN_CALL:
        return &row->open;
    }
    g_assert_not_reached();
}

typedef struct {
    VisitState state;
    int64_t starts_at_ms, checked_in_at_ms, called_at_ms, both_ms;
    unsigned n_incidents;
    bool was_unanswered, was_escalated;
    bool is_extra;
    bool came, did_not_come;
} VisitFigures;

static void count_visit(DailyRow *row, Gather *gather, const VisitFigures *visit)
{
    row->booked++;
    (*state_counter(row, visit->state))++;
    if (visit->state == VISIT_STATE_DONE && visit->both_ms >= CONSULTATION_MIN_MS)
        row->consultations++;
    row->no_show_doctor += visit->state == VISIT_STATE_NO_SHOW_DOCTOR;
    row->incidents += visit->n_incidents;
    row->unanswered += visit->was_unanswered;
    row->escalated += visit->was_escalated;
    row->extra += visit->is_extra;
    bool was_asked = visit->state == VISIT_STATE_CONVERTED_IN_PERSON;
    row->came += was_asked && visit->came;
    row->not_come += was_asked && visit->did_not_come;
    gather->both_ms += visit->both_ms;
    if (visit->checked_in_at_ms && visit->called_at_ms) {
        /* K4: early arrivals do not inflate the wait; called before the time means none. */
        int64_t from_ms = MAX(visit->checked_in_at_ms, visit->starts_at_ms);
        int64_t wait_ms = MAX(visit->called_at_ms - from_ms, 0);
        g_array_append_val(gather->waits_ms, wait_ms);
    }
}

static gint int64_compare(gconstpointer a, gconstpointer b)
{
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;
    return left < right ? -1 : left > right;
}

/* Fills what needs all visits of the row, and empties the gathering. */
static void finish_row(DailyRow *row, Gather *gather)
{
    unsigned n = gather->waits_ms->len;
    row->n_waits = n;
    row->wait_p50_minutes = -1;
    if (n >= WAIT_MIN_COUNT) {
        g_array_sort(gather->waits_ms, int64_compare);
        /* Nearest rank: the ceil(n / 2)-th. */
        int64_t wait_ms = g_array_index(gather->waits_ms, int64_t, (n + 1) / 2 - 1);
        row->wait_p50_minutes = (int)((wait_ms + 30000) / 60000);
    }
    row->call_minutes = (unsigned)((gather->both_ms + 30000) / 60000);
    g_array_unref(gather->waits_ms);
}

static DailyRow *add_row(GPtrArray *rows, DbQuery *query)
{
    DailyRow *row = g_new0(DailyRow, 1);
    scheduling_copy_column(query, 0, row->date, sizeof row->date);
    row->facility_id = db_column_dup(query, 1);
    row->facility_name = db_column_dup(query, 2);
    g_ptr_array_add(rows, row);
    return row;
}

static bool is_same_row(const DailyRow *row, DbQuery *query)
{
    return row && g_str_equal(row->date, db_column_text(query, 0)) &&
           g_str_equal(row->facility_id, db_column_text(query, 1));
}

static bool read_rows(DailyOp *op, DbTx *tx, GError **error)
{
    Gather gather, total;
    gather_init(&gather);
    gather_init(&total);
    DailyRow *row = NULL;
    DbQuery *query = db_query(tx, "report_visits");
    db_bind_text(query, 1, op->from_date);
    db_bind_text(query, 2, op->to_date);
    DbStep step;
    while ((step = db_step(query, error)) == DB_ROW) {
        if (!is_same_row(row, query)) {
            if (row) {
                finish_row(row, &gather);
                gather_init(&gather);
            }
            row = add_row(op->daily.rows, query);
        }
        VisitFigures visit = {
            .starts_at_ms = db_column_int(query, 4),
            .checked_in_at_ms = scheduling_column_int0(query, 5),
            .called_at_ms = scheduling_column_int0(query, 6),
            .both_ms = db_column_int(query, 7),
            .n_incidents = (unsigned)db_column_int(query, 8),
            .was_unanswered = scheduling_column_int0(query, 9) > 0,
            .was_escalated = scheduling_column_int0(query, 10) > 0,
            .is_extra = db_column_int(query, 11) != 0,
            .came = !db_column_is_null(query, 12) && db_column_int(query, 12) != 0,
            .did_not_come = !db_column_is_null(query, 12) && db_column_int(query, 12) == 0,
        };
        visit_state_parse(db_column_text(query, 3), &visit.state);
        count_visit(row, &gather, &visit);
        count_visit(&op->daily.totals, &total, &visit);
    }
    DailyRow nobody = {0};
    finish_row(row ? row : &nobody, &gather);
    finish_row(&op->daily.totals, &total);
    return step == DB_DONE;
}

bool daily_check(const char *from_date, const char *to_date, FaultList *faults)
{
    const struct {
        const char *name, *date;
    } fields[] = {{"from", from_date}, {"to", to_date}};
    unsigned n_before = fault_list_length(faults);
    for (unsigned i = 0; i < G_N_ELEMENTS(fields); i++)
        if (!scheduling_date_is_valid(fields[i].date))
            fault_list_add(faults, fields[i].name, "not_a_date", "YYYY-MM-DD");
    if (fault_list_length(faults) > n_before)
        return false;
    char last[SCHEDULING_DATE_BYTES];
    if (!clock_date_add(from_date, DAILY_MAX_DAYS - 1, last))
        g_strlcpy(last, "9999-12-31", sizeof last);
    g_autofree char *allowed = g_strconcat(from_date, "..", last, NULL);
    if (strcmp(to_date, from_date) < 0)
        fault_list_add(faults, "to", "too_early", allowed);
    else if (strcmp(to_date, last) > 0)
        fault_list_add(faults, "to", "span_too_long", allowed);
    return fault_list_length(faults) == n_before;
}

static bool daily_job(DbTx *tx, gpointer data, GError **error)
{
    DailyOp *op = data;
    g_autoptr(FaultList) faults = fault_list_new();
    if (!daily_check(op->from_date, op->to_date, faults)) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                            "from and to are no span of days");
        return false;
    }
    return read_rows(op, tx, error);
}

static void on_daily_done(gpointer data, const GError *error)
{
    DailyOp *op = data;
    op->done(error ? NULL : &op->daily, error, op->user_data);
}

void daily_report(Scheduling *scheduling, const char *from_date, const char *to_date,
                  DailyDone done, gpointer user_data)
{
    DailyOp *op = g_new0(DailyOp, 1);
    op->scheduling = scheduling;
    op->from_date = g_strdup(from_date);
    op->to_date = g_strdup(to_date);
    op->daily.rows = g_ptr_array_new_with_free_func(row_free);
    op->done = done;
    op->user_data = user_data;
    db_read_report(scheduling->db, daily_job, on_daily_done, op, daily_op_free);
}
