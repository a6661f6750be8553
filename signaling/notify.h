// SPDX-License-Identifier: Apache-2.0
/* Calls of hooks, put off until the work that caused them is done, in their order. Main thread. */
#pragma once
#include "signaling/signaling.h"

typedef struct NotifyQueue NotifyQueue;

NotifyQueue *notify_queue_new(const SignalingHooks *hooks);
void notify_queue_free(NotifyQueue *queue);

void notify_authorize(NotifyQueue *queue, SignalingRequest request, const char *token,
                      const char *lang);
void notify_intent(NotifyQueue *queue, SignalingRequest request, const SignalingIntentCall *call);
void notify_presence(NotifyQueue *queue, const char *visit_id, const char *participant_id,
                     SignalingPresence presence, int64_t at_ms);

void notify_link(NotifyQueue *queue, const char *visit_id, const char *participant_id);

/** Whose media: the ids that every media hook gets. */
typedef struct {
    const char *visit_id;
    const char *participant_id;
    const char *endpoint_id;
} NotifySource;

void notify_media(NotifyQueue *queue, const NotifySource *source, MediaKind kind, bool flowing,
                  int64_t at_ms);
void notify_endpoint(NotifyQueue *queue, const NotifySource *source, SignalingEndpointEvent event,
                     int64_t at_ms);
void notify_sample(NotifyQueue *queue, const NotifySource *source, const MediaSample *sample);

/** Calls all that waits, and what comes meanwhile. Does nothing when it is running already. */
void notify_flush(NotifyQueue *queue);
