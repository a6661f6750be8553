// SPDX-License-Identifier: Apache-2.0
#include "server/wiring_watch.h"

#include "scheduling/booking/unanswered.h"
#include "scheduling/outreach/nurse.h"
#include "scheduling/outreach/outreach.h"
#include "scheduling/wait/wait_answer.h"
#include "scheduling/wait/wait_list.h"
#include "server/wiring_view.h"

#include <string.h>

enum { MAX_PAGES = 8 };
static const char prefix[] = "tunggu:";
static const char wait_topic[] = "wait:";

typedef struct {
    Signaling *signaling;
    SignalingRequest request;
} Question;

static void on_wait(const WaitView *view, const GError *error, gpointer user_data)
{
    g_autofree Question *question = user_data;
    Signaling *signaling = question->signaling;
    if (error) {
        signaling_authorize_refuse(signaling, question->request, wiring_view_code(error), 0);
        return;
    }
    g_autofree char *topic = g_strconcat(wait_topic, view->id, NULL);
    const char *topics[] = {topic, NULL};
    const SignalingAdmission admission = {.kind = SIGNALING_KIND_DAY, .topics = topics};
    if (signaling_count_watchers(signaling, topic) >= MAX_PAGES)
        signaling_authorize_refuse(signaling, question->request, SIGNALING_CODE_ROOM_FULL, 0);
    else
        signaling_authorize_accept(signaling, question->request, &admission);
}

bool wiring_watch_authorize(Scheduling *scheduling, Signaling *signaling, SignalingRequest request,
                            const char *token)
{
    if (!g_str_has_prefix(token, prefix))
        return false;
    Question *question = g_new(Question, 1);
    *question = (Question){signaling, request};
    wait_answer_view(scheduling, token + strlen(prefix), on_wait, question);
    return true;
}

static void tell(Signaling *signaling, const char *kind, const char *id)
{
    g_autofree char *topic = g_strconcat(kind, id, NULL);
    signaling_day_changed(signaling, topic, NULL);
}

static void on_wait_news(const char *const *entry_ids, gpointer user_data)
{
    for (const char *const *id = entry_ids; *id; id++)
        tell(user_data, wait_topic, *id);
}

static void on_post_news(const char *session_id, gpointer user_data)
{
    tell(user_data, OUTREACH_TOPIC, session_id);
}

void wiring_watch_listen(Scheduling *scheduling, Signaling *signaling)
{
    wait_list_set_listener(scheduling, signaling ? on_wait_news : NULL, signaling);
    outreach_set_listener(scheduling, signaling ? on_post_news : NULL, signaling);
}

void wiring_watch_tell(Signaling *signaling, const VisitChange *change)
{
    if (change->post_id)
        tell(signaling, OUTREACH_TOPIC, change->post_id);
    if (change->is_nurse_news)
        tell(signaling, NURSES_TOPIC, change->facility_id);
    if (!change->is_unanswered_news)
        return;
    tell(signaling, UNANSWERED_TOPIC, change->facility_id);
    tell(signaling, UNANSWERED_TOPIC, UNANSWERED_ALL);
}
