// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/board.h"

#include "scheduling/booking/queue.h"
#include "scheduling/booking/queue_day.h"

typedef struct {
    Scheduling *scheduling;
    char *clinic_id;
    QueueDays days;
    Board board;
    BoardDone done;
    gpointer user_data;
} BoardOp;

static void board_op_free(gpointer data)
{
    BoardOp *op = data;
    Board *board = &op->board;
    for (unsigned i = 0; i < board->n_called; i++)
        g_free(board->called[i].doctor);
    g_free(board->facility);
    g_free(board->clinic);
    g_free(op->clinic_id);
    g_free(op);
}

static bool load_names(BoardOp *op, DbTx *tx, GError **error)
{
    DbQuery *row = db_query(tx, "board_clinic");
    db_bind_text(row, 1, op->clinic_id);
    if (!scheduling_need_row(row, "clinic", error))
        return false;
    op->board.clinic = db_column_dup(row, 0);
    op->board.facility = db_column_dup(row, 1);
    db_reset(row);
    return true;
}

static bool load_called(BoardOp *op, DbTx *tx, GError **error)
{
    Board *board = &op->board;
    DbQuery *rows = db_query(tx, "board_called");
    db_bind_text(rows, 1, op->clinic_id);
    db_bind_text(rows, 2, op->days.date);
    db_bind_int(rows, 3, BOARD_MAX_CALLED);
    db_bind_text(rows, 4, op->days.before);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        BoardCalled *called = &board->called[board->n_called++];
        scheduling_copy_column(rows, 0, called->number, sizeof called->number);
        called->doctor = db_column_dup(rows, 1);
        called->in_call = g_str_equal(db_column_text(rows, 2), "in_call");
        called->is_of_day_before = db_column_int(rows, 3) != 0;
    }
    return step == DB_DONE;
}

static bool load_waiting(BoardOp *op, DbTx *tx, GError **error)
{
    Board *board = &op->board;
    QueueKey key = {.clinic_id = op->clinic_id, .local_date = board->date};
    g_autoptr(GArray) turns = queue_load(op->scheduling, tx, &key, error);
    if (!turns)
        return false;
    board->n_waiting = turns->len;
    board->n_shown = MIN(turns->len, BOARD_MAX_WAITING);
    for (unsigned i = 0; i < board->n_shown; i++) {
        DbQuery *number = db_query(tx, "queue_number");
        const Turn *turn = &g_array_index(turns, Turn, i);
        board->waiting_of_day_before[i] = turn->is_of_day_before;
        db_bind_text(number, 1, turn->id);
        if (!scheduling_need_row(number, "visit", error))
            return false;
        scheduling_copy_column(number, 0, board->waiting[i], sizeof board->waiting[i]);
        db_reset(number);
    }
    return true;
}

static bool count_urgent(BoardOp *op, DbTx *tx, GError **error)
{
    DbQuery *row = db_query(tx, "board_urgent");
    db_bind_text(row, 1, op->clinic_id);
    db_bind_text(row, 2, op->board.date);
    if (!scheduling_need_row(row, "count", error))
        return false;
    op->board.n_urgent = (unsigned)db_column_int(row, 0);
    db_reset(row);
    return true;
}

static bool board_job(DbTx *tx, gpointer data, GError **error)
{
    BoardOp *op = data;
    queue_days_now(op->scheduling, &op->days);
    g_strlcpy(op->board.date, op->days.date, sizeof op->board.date);
    return load_names(op, tx, error) && load_called(op, tx, error) && load_waiting(op, tx, error) &&
           count_urgent(op, tx, error);
}

static void on_board_done(gpointer data, const GError *error)
{
    BoardOp *op = data;
    op->done(error ? NULL : &op->board, error, op->user_data);
}

void board_get(Scheduling *scheduling, const char *clinic_id, BoardDone done, gpointer user_data)
{
    BoardOp *op = g_new0(BoardOp, 1);
    op->scheduling = scheduling;
    op->clinic_id = g_strdup(clinic_id);
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, board_job, on_board_done, op, board_op_free);
}
