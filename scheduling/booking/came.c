// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/came.h"

#include "scheduling/booking/visit_command.h"
#include "scheduling/record/event.h"

static bool write_event(const VisitCommand *command, DbTx *tx, const VisitRow *row, GError **error)
{
    const Actor *actor = &command->actor.actor;
    const EventRow event = {
        .visit_id = row->id,
        .at_ms = clock_wall_ms(command->scheduling->clock),
        .kind = command->came ? "came" : "did_not_come",
        .actor = actor_role_name(actor->role),
    };
    g_autofree char *action = g_strconcat("visit.", event.kind, NULL);
    return event_append(tx, &event, error) &&
           scheduling_audit(command->scheduling, tx, actor, action, "visit", row->id, error);
}

/* Asked to come in the call, or held at the facility by a doctor who noted no arrival before. */
static bool is_asked(const VisitRow *row)
{
    return row->state == VISIT_STATE_CONVERTED_IN_PERSON ||
           (row->state == VISIT_STATE_DONE && row->way == VISIT_WAY_IN_PERSON);
}

static bool apply_came(VisitCommand *command, DbTx *tx, VisitRow *row, GError **error)
{
    if (!is_asked(row)) {
        visit_row_refuse(row->state, error);
        return false;
    }
    DbQuery *query = db_query(tx, "visit_came_set");
    db_bind_text(query, 1, row->id);
    db_bind_int(query, 2, command->came);
    if (!db_exec(query, error))
        return false;
    if (db_changes(tx) == 0)
        return true;
    if (!write_event(command, tx, row, error) ||
        !visit_row_describe(command->scheduling, tx, row, command->actor.actor.role, &command->box,
                            error))
        return false;
    command->box.has_changed = true;
    return true;
}

void visit_say_came(Scheduling *scheduling, const char *visit_id, const Actor *actor, bool came,
                    VisitDone done, gpointer user_data)
{
    VisitCommand *command = visit_command_new(scheduling, visit_id, actor, done, user_data);
    command->roles = (1U << ACTOR_DOCTOR) | (1U << ACTOR_DESK) | (1U << ACTOR_COORDINATOR);
    command->came = came;
    command->apply = apply_came;
    visit_command_run(command);
}
