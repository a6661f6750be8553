// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/visit_command.h"

#include "scheduling/booking/client_booking.h"
#include "scheduling/clinic/hours_kept.h"

enum { REASON_MAX_CHARS = 200 };

static void command_free(gpointer data)
{
    VisitCommand *command = data;
    g_free(command->visit_id);
    g_free(command->reason);
    actor_copy_clear(&command->actor);
    g_free(command);
}

VisitCommand *visit_command_new(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                                VisitDone done, gpointer user_data)
{
    VisitCommand *command = g_new0(VisitCommand, 1);
    command->scheduling = scheduling;
    command->visit_id = g_strdup(visit_id);
    actor_copy_init(&command->actor, actor);
    command->done = done;
    command->user_data = user_data;
    return command;
}

static bool command_job(DbTx *tx, gpointer data, GError **error)
{
    VisitCommand *command = data;
    VisitRow row;
    if (command->actor.actor.role == ACTOR_CLIENT &&
        !client_booking_follow(tx, &command->visit_id, error))
        return false;
    if (!visit_row_load(tx, command->visit_id, &row, error) ||
        !visit_row_check_actor(tx, &row, &command->actor.actor, command->roles, error) ||
        !visit_row_describe(command->scheduling, tx, &row, command->actor.actor.role, &command->box,
                            error))
        return false;
    return command->apply(command, tx, &row, error);
}

static void on_command_done(gpointer data, const GError *error)
{
    VisitCommand *command = data;
    if (error)
        command->box.has_changed = false;
    scheduling_notify(command->scheduling, &command->box);
    if (command->frees && !error)
        scheduling_tell_free(command->scheduling);
    if (command->done)
        command->done(command->box.is_known ? &command->box.change : NULL, error,
                      command->user_data);
}

void visit_command_run(VisitCommand *command)
{
    db_write(command->scheduling->db, command_job, on_command_done, command, command_free);
}

void visit_command_set_reason(VisitCommand *command, const char *reason)
{
    if (!reason || reason[0] == '\0')
        return;
    g_autofree char *valid = g_utf8_make_valid(reason, -1);
    command->reason = g_utf8_substring(valid, 0, MIN(g_utf8_strlen(valid, -1), REASON_MAX_CHARS));
}

bool visit_command_go(VisitCommand *command, DbTx *tx, VisitRow *row, VisitState to, GError **error)
{
    VisitStep step = {.to = to, .actor = &command->actor.actor, .detail = command->reason};
    return visit_set_state(command->scheduling, tx, row, &step, &command->box, error);
}

/* Who waits with the page open is there, and has not been called yet; by telephone or at the
 * facility a page says nothing of it. */
static bool is_there(DbTx *tx, const VisitRow *row, bool *ret_is, GError **error)
{
    *ret_is = false;
    if (row->way != VISIT_WAY_VIDEO)
        return true;
    DbQuery *query = db_query(tx, "queue_patient_present");
    db_bind_text(query, 1, row->id);
    DbStep step = db_step(query, error);
    *ret_is = step == DB_ROW && row->state == VISIT_STATE_CHECKED_IN;
    db_reset(query);
    return step != DB_FAILED;
}

bool visit_command_check_absent(const VisitCommand *command, DbTx *tx, const VisitRow *row,
                                GError **error)
{
    bool is_present = false;
    if (!is_there(tx, row, &is_present, error))
        return false;
    bool answered = row->state == VISIT_STATE_CALLED && row->accepted_at_ms != 0;
    bool is_early = clock_wall_ms(command->scheduling->clock) < row->due_from_ms;
    if (is_present || answered || is_early)
        visit_row_refuse(row->state, error);
    return !is_present && !answered && !is_early;
}

bool visit_command_go_absent(VisitCommand *command, DbTx *tx, VisitRow *row, GError **error)
{
    int64_t hit_at_ms = 0;
    if (row->state == VISIT_STATE_BOOKED &&
        !hours_kept_at_start(command->scheduling, tx, row->id, &hit_at_ms, error))
        return false;
    return visit_command_go(command, tx, row,
                            hit_at_ms ? VISIT_STATE_NO_SHOW_DOCTOR : VISIT_STATE_NO_SHOW_PATIENT,
                            error);
}
