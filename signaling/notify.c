// SPDX-License-Identifier: Apache-2.0
#include "signaling/notify.h"

#include "server/base/secret.h"

typedef enum {
    NOTIFY_AUTHORIZE,
    NOTIFY_INTENT,
    NOTIFY_PRESENCE,
    NOTIFY_MEDIA,
    NOTIFY_ENDPOINT,
    NOTIFY_SAMPLE,
    NOTIFY_LINK,
} NotifyKind;

typedef struct {
    NotifyKind kind;
    SignalingRequest request;
    char *token;
    char *lang;
    char *visit_id;
    char *participant_id;
    char *endpoint_id;
    int64_t at_ms;
    union {
        SignalingIntentCall intent;
        SignalingPresence presence;
        SignalingEndpointEvent endpoint;
        struct {
            MediaKind kind;
            bool flowing;
        } media;
        MediaSample sample;
    };
} Notice;

struct NotifyQueue {
    SignalingHooks hooks;
    GQueue notices;
    bool is_flushing;
};

static void notice_free(Notice *notice)
{
    secret_text_free(notice->token);
    g_free(notice->lang);
    g_free(notice->visit_id);
    g_free(notice->participant_id);
    g_free(notice->endpoint_id);
    g_free(notice);
}

NotifyQueue *notify_queue_new(const SignalingHooks *hooks)
{
    NotifyQueue *queue = g_new0(NotifyQueue, 1);
    queue->hooks = *hooks;
    g_queue_init(&queue->notices);
    return queue;
}

void notify_queue_free(NotifyQueue *queue)
{
    if (!queue)
        return;
    g_assert(!queue->is_flushing);
    g_queue_clear_full(&queue->notices, (GDestroyNotify)notice_free);
    g_free(queue);
}

static Notice *append(NotifyQueue *queue, NotifyKind kind)
{
    Notice *notice = g_new0(Notice, 1);
    notice->kind = kind;
    g_queue_push_tail(&queue->notices, notice);
    return notice;
}

static Notice *append_media(NotifyQueue *queue, NotifyKind kind, const NotifySource *source)
{
    Notice *notice = append(queue, kind);
    notice->visit_id = g_strdup(source->visit_id);
    notice->participant_id = g_strdup(source->participant_id);
    notice->endpoint_id = g_strdup(source->endpoint_id);
    return notice;
}

void notify_authorize(NotifyQueue *queue, SignalingRequest request, const char *token,
                      const char *lang)
{
    Notice *notice = append(queue, NOTIFY_AUTHORIZE);
    notice->request = request;
    notice->token = g_strdup(token);
    notice->lang = g_strdup(lang);
}

void notify_intent(NotifyQueue *queue, SignalingRequest request, const SignalingIntentCall *call)
{
    Notice *notice = append(queue, NOTIFY_INTENT);
    notice->request = request;
    notice->visit_id = g_strdup(call->visit_id);
    notice->participant_id = g_strdup(call->participant_id);
    notice->intent = *call;
    notice->intent.visit_id = notice->visit_id;
    notice->intent.participant_id = notice->participant_id;
}

void notify_presence(NotifyQueue *queue, const char *visit_id, const char *participant_id,
                     SignalingPresence presence, int64_t at_ms)
{
    Notice *notice = append(queue, NOTIFY_PRESENCE);
    notice->visit_id = g_strdup(visit_id);
    notice->participant_id = g_strdup(participant_id);
    notice->presence = presence;
    notice->at_ms = at_ms;
}

void notify_media(NotifyQueue *queue, const NotifySource *source, MediaKind kind, bool flowing,
                  int64_t at_ms)
{
    Notice *notice = append_media(queue, NOTIFY_MEDIA, source);
    notice->media.kind = kind;
    notice->media.flowing = flowing;
    notice->at_ms = at_ms;
}

void notify_endpoint(NotifyQueue *queue, const NotifySource *source, SignalingEndpointEvent event,
                     int64_t at_ms)
{
    Notice *notice = append_media(queue, NOTIFY_ENDPOINT, source);
    notice->endpoint = event;
    notice->at_ms = at_ms;
}

void notify_sample(NotifyQueue *queue, const NotifySource *source, const MediaSample *sample)
{
    append_media(queue, NOTIFY_SAMPLE, source)->sample = *sample;
}

void notify_link(NotifyQueue *queue, const char *visit_id, const char *participant_id)
{
    Notice *notice = append(queue, NOTIFY_LINK);
    notice->visit_id = g_strdup(visit_id);
    notice->participant_id = g_strdup(participant_id);
}

static void call_hook(const SignalingHooks *hooks, const Notice *notice)
{
    switch (notice->kind) {
    case NOTIFY_AUTHORIZE:
        hooks->authorize(notice->request, notice->token, notice->lang, hooks->user_data);
        break;
    case NOTIFY_INTENT:
        hooks->on_intent(notice->request, &notice->intent, hooks->user_data);
        break;
    case NOTIFY_PRESENCE:
        if (hooks->on_presence)
            hooks->on_presence(notice->visit_id, notice->participant_id, notice->presence,
                               notice->at_ms, hooks->user_data);
        break;
    case NOTIFY_MEDIA:
        if (hooks->on_media)
            hooks->on_media(notice->visit_id, notice->participant_id, notice->endpoint_id,
                            notice->media.kind, notice->media.flowing, notice->at_ms,
                            hooks->user_data);
        break;
    case NOTIFY_ENDPOINT:
        if (hooks->on_endpoint)
            hooks->on_endpoint(notice->visit_id, notice->participant_id, notice->endpoint_id,
                               notice->endpoint, notice->at_ms, hooks->user_data);
        break;
    case NOTIFY_SAMPLE:
        if (hooks->on_sample)
            hooks->on_sample(notice->visit_id, notice->participant_id, notice->endpoint_id,
                             &notice->sample, hooks->user_data);
        break;
    case NOTIFY_LINK:
        if (hooks->on_link)
            hooks->on_link(notice->visit_id, notice->participant_id, hooks->user_data);
        break;
    }
}

void notify_flush(NotifyQueue *queue)
{
    if (queue->is_flushing)
        return;
    queue->is_flushing = true;
    Notice *notice;
    while ((notice = g_queue_pop_head(&queue->notices))) {
        call_hook(&queue->hooks, notice);
        notice_free(notice);
    }
    queue->is_flushing = false;
}
