// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/visit_command.h"

#include "scheduling/booking/client_booking.h"

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
