// SPDX-License-Identifier: Apache-2.0
/* The messages between the main thread and a worker. Whoever pops one owns it. */
#pragma once
#include "media/relay/plan.h"
#include <glib.h>

typedef enum {
    WORKER_COMMAND_OPEN,
    WORKER_COMMAND_PLAN,
    WORKER_COMMAND_SCREEN,
    WORKER_COMMAND_PIN,
    WORKER_COMMAND_AUDIENCE,
    WORKER_COMMAND_RELEASE,
    WORKER_COMMAND_CLOSE,
    WORKER_COMMAND_STOP,
} WorkerCommandType;

typedef struct {
    WorkerCommandType type;
    char *endpoint_id;
    char *room_id;           /**< OPEN */
    char *participant_id;    /**< OPEN; PIN: NULL is nobody */
    uint32_t rtt_hint_ms;    /**< OPEN */
    uint32_t start_down_bps; /**< OPEN */
    uint32_t start_up_bps;   /**< OPEN */
    bool hold;               /**< OPEN */
    bool outlives_consent;   /**< OPEN */
    EndpointPlan *plan;      /**< PLAN */
    bool is_screen;          /**< SCREEN */
    bool is_muted;           /**< AUDIENCE */
    unsigned circle;         /**< AUDIENCE */
} WorkerCommand;

WorkerCommand *worker_command_new(WorkerCommandType type, const char *endpoint_id);
void worker_command_free(WorkerCommand *command);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WorkerCommand, worker_command_free)

typedef enum {
    WORKER_EVENT_STATE,
    WORKER_EVENT_MEDIA,
    WORKER_EVENT_SLOT,
    WORKER_EVENT_HINT,
    WORKER_EVENT_PICTURE,
    WORKER_EVENT_SAMPLE,
    WORKER_EVENT_STATS,
} WorkerEventType;

typedef struct {
    WorkerEventType type;
    unsigned worker; /**< STATS */
    char *endpoint_id;
    char *mid;            /**< SLOT, PICTURE */
    char *participant_id; /**< SLOT; NULL: nobody */
    int64_t at_ms;
    union {
        MediaEndpointState state; /**< STATE */
        struct {
            MediaKind kind;
            bool flowing;
        } media;              /**< MEDIA */
        MediaHint hint;       /**< HINT */
        MediaPicture picture; /**< PICTURE */
        MediaSample *sample;  /**< SAMPLE */
        MediaStats *stats;    /**< STATS */
    } value;
} WorkerEvent;

WorkerEvent *worker_event_new(WorkerEventType type, const char *endpoint_id, int64_t at_ms);
void worker_event_free(WorkerEvent *event);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WorkerEvent, worker_event_free)
