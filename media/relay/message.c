// SPDX-License-Identifier: Apache-2.0
#include "media/relay/message.h"
#include "server/base/secret.h"

WorkerCommand *worker_command_new(WorkerCommandType type, const char *endpoint_id)
{
    WorkerCommand *command = g_new0(WorkerCommand, 1);
    command->type = type;
    command->endpoint_id = g_strdup(endpoint_id);
    return command;
}

void worker_command_free(WorkerCommand *command)
{
    if (!command)
        return;
    g_free(command->endpoint_id);
    g_free(command->room_id);
    g_free(command->participant_id);
    if (command->plan)
        secret_wipe(command->plan, sizeof *command->plan);
    g_free(command->plan);
    g_free(command);
}

WorkerEvent *worker_event_new(WorkerEventType type, const char *endpoint_id, int64_t at_ms)
{
    WorkerEvent *event = g_new0(WorkerEvent, 1);
    event->type = type;
    event->endpoint_id = g_strdup(endpoint_id);
    event->at_ms = at_ms;
    return event;
}

void worker_event_free(WorkerEvent *event)
{
    if (!event)
        return;
    if (event->type == WORKER_EVENT_SAMPLE)
        g_free(event->value.sample);
    if (event->type == WORKER_EVENT_STATS)
        g_free(event->value.stats);
    g_free(event->endpoint_id);
    g_free(event->mid);
    g_free(event->participant_id);
    g_free(event);
}
