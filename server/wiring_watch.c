// SPDX-License-Identifier: Apache-2.0
#include "server/wiring_watch.h"

#include "scheduling/booking/token.h"
#include "scheduling/booking/unanswered.h"
#include "scheduling/outreach/nurse.h"
#include "scheduling/outreach/outreach.h"
#include "scheduling/wait/wait_answer.h"
#include "scheduling/wait/wait_list.h"
#include "server/wiring_view.h"

#include <string.h>

enum { MAX_PAGES = 8 };
static const char wait_prefix[] = "tunggu:";
static const char visit_prefix[] = "jadwal:";
static const char wait_topic[] = "wait:";
static const char visit_topic[] = "visit:";

typedef struct {
    Signaling *signaling;
    SignalingRequest request;
} Question;

static void refuse(const Question *question, SignalingCode code)
{
    signaling_authorize_refuse(question->signaling, question->request, code, 0);
}

/* OWN is the topic of the one thing that is watched; FURTHER may be NULL. */
static void accept(const Question *question, const char *own, const char *further)
{
    const char *topics[] = {own, further, NULL};
    const SignalingAdmission admission = {.kind = SIGNALING_KIND_DAY, .topics = topics};
    if (signaling_count_watchers(question->signaling, own) >= MAX_PAGES)
        refuse(question, SIGNALING_CODE_ROOM_FULL);
    else
        signaling_authorize_accept(question->signaling, question->request, &admission);
}

static void on_wait(const WaitView *view, const GError *error, gpointer user_data)
{
    g_autofree Question *question = user_data;
    if (error) {
        refuse(question, wiring_view_code(error));
        return;
    }
    g_autofree char *topic = g_strconcat(wait_topic, view->id, NULL);
    accept(question, topic, NULL);
}

/* Of a visit in whatever state: what has become of it meanwhile the page reads once it is let in.
 * Who is staff has lists. */
static void on_visit(const TokenGrant *grant, const GError *error, gpointer user_data)
{
    g_autofree Question *question = user_data;
    if (error || !grant->view || grant->role == VISIT_ROLE_DOCTOR) {
        refuse(question, error ? wiring_view_code(error) : SIGNALING_CODE_LINK_INVALID);
        return;
    }
    g_autofree char *own = g_strconcat(visit_topic, grant->view->id, NULL);
    g_autofree char *hours = g_strconcat(WIRING_HOURS_TOPIC, grant->view->facility_id, NULL);
    accept(question, own, hours);
}

bool wiring_watch_authorize(Scheduling *scheduling, Signaling *signaling, SignalingRequest request,
                            const char *token)
{
    bool is_wait = g_str_has_prefix(token, wait_prefix);
    if (!is_wait && !g_str_has_prefix(token, visit_prefix))
        return false;
    Question *question = g_new(Question, 1);
    *question = (Question){signaling, request};
    if (is_wait)
        wait_answer_view(scheduling, token + strlen(wait_prefix), on_wait, question);
    else
        token_authorize(scheduling, token + strlen(visit_prefix), on_visit, question);
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

void wiring_watch_tell_visit(Signaling *signaling, const char *visit_id)
{
    tell(signaling, visit_topic, visit_id);
}

void wiring_watch_tell(Signaling *signaling, const VisitChange *change)
{
    wiring_watch_tell_visit(signaling, change->visit_id);
    /* The link leads to another visit, which is watched from now on. */
    if (change->state == VISIT_STATE_RESCHEDULED) {
        g_autofree char *topic = g_strconcat(visit_topic, change->visit_id, NULL);
        signaling_watch_anew(signaling, topic);
    }
    if (change->post_id)
        tell(signaling, OUTREACH_TOPIC, change->post_id);
    if (change->is_nurse_news)
        tell(signaling, NURSES_TOPIC, change->facility_id);
    if (!change->is_unanswered_news)
        return;
    tell(signaling, UNANSWERED_TOPIC, change->facility_id);
    tell(signaling, UNANSWERED_TOPIC, UNANSWERED_ALL);
}
