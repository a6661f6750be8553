// SPDX-License-Identifier: Apache-2.0
#include "server/wiring.h"

#include "scheduling/consult/consult.h"
#include "scheduling/outbox/late.h"
#include "scheduling/record/record.h"
#include "server/base/error.h"
#include "server/wiring_board.h"
#include "server/wiring_hours.h"
#include "server/wiring_own.h"
#include "server/wiring_view.h"
#include "server/wiring_watch.h"

#include <string.h>

enum { WARNINGS_PER_MINUTE = 6, MAX_IDLE_VISITS = 4096 };

/* One question under way. */
typedef struct {
    Wiring *wiring;
    SignalingRequest request;
} Question;

static Question *question_new(Wiring *wiring, SignalingRequest request)
{
    Question *question = g_new(Question, 1);
    *question = (Question){.wiring = wiring, .request = request};
    return question;
}

static void live_visit_free(gpointer data)
{
    LiveVisit *live = data;
    g_free(live->practitioner_id);
    g_free(live->facility_id);
    g_free(live->pool_id);
    g_free(live->group_id);
    g_free(live->doctor_id);
    g_hash_table_unref(live->roles);
    g_hash_table_unref(live->endpoints);
    g_free(live);
}

void wiring_log_failure(Wiring *wiring, const char *what, const GError *error)
{
    unsigned n_suppressed = 0;
    if (log_allowed(&wiring->log_limit, clock_mono_us(wiring->clock), WARNINGS_PER_MINUTE,
                    &n_suppressed))
        log_warn("wiring step failed", "step", what, "error", error->message, "suppressed",
                 LOG_INT(n_suppressed));
}

/* Joining. */

static bool is_idle(Wiring *wiring, const char *visit_id, const LiveVisit *live)
{
    GHashTableIter iter;
    gpointer participant_id;
    if (g_hash_table_size(live->endpoints) > 0)
        return false;
    g_hash_table_iter_init(&iter, live->roles);
    while (g_hash_table_iter_next(&iter, &participant_id, NULL)) {
        if (signaling_is_present(wiring->signaling, visit_id, participant_id))
            return false;
    }
    return true;
}

/* Links that were opened and left again without the visit's end: they are many only after months.
 */
static void forget_idle_visits(Wiring *wiring)
{
    GHashTableIter iter;
    gpointer visit_id, live;
    g_hash_table_iter_init(&iter, wiring->visits);
    while (g_hash_table_iter_next(&iter, &visit_id, &live)) {
        if (is_idle(wiring, visit_id, live))
            g_hash_table_iter_remove(&iter);
    }
}

static void remember_visit(Wiring *wiring, const VisitView *view)
{
    if (g_hash_table_contains(wiring->visits, view->id))
        return;
    if (g_hash_table_size(wiring->visits) >= MAX_IDLE_VISITS)
        forget_idle_visits(wiring);
    LiveVisit *live = g_new0(LiveVisit, 1);
    live->practitioner_id = g_strdup(view->practitioner_id);
    live->facility_id = g_strdup(view->facility_id);
    live->pool_id = g_strdup(view->any_doctor ? view->clinic_id : NULL);
    live->roles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    live->endpoints = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (unsigned i = 0; i < view->participants->len; i++) {
        const VisitParticipant *participant = view->participants->pdata[i];
        g_hash_table_insert(live->roles, g_strdup(participant->id),
                            GINT_TO_POINTER((int)participant->role + 1));
        if (participant->role == VISIT_ROLE_DOCTOR)
            live->doctor_id = g_strdup(participant->id);
    }
    live->group_id = g_strdup(view->group_id);
    g_hash_table_insert(wiring->visits, g_strdup(view->id), live);
    if (live->group_id)
        wiring_join_group(wiring, view->id, live);
}

static void admit_visit(const SignalingAdmission *admission, gpointer user_data)
{
    Question *question = user_data;
    signaling_authorize_accept(question->wiring->signaling, question->request, admission);
}

void wiring_with_admission(Wiring *wiring, const TokenGrant *grant, WiringAdmissionFunc use,
                           gpointer user_data)
{
    remember_visit(wiring, grant->view);
    staff_watch_add(wiring->staff, grant->bound_to);
    wiring_view_admission(grant, use, user_data);
}

static void admit_day(Question *question, const TokenGrant *grant)
{
    g_autoptr(GPtrArray) topics = g_ptr_array_new_with_free_func(g_free);
    if (grant->topic)
        g_ptr_array_add(topics, g_strdup(grant->topic));
    else if (grant->practitioner_id)
        g_ptr_array_add(topics, g_strconcat("practitioner:", grant->practitioner_id, NULL));
    else
        g_ptr_array_add(topics, g_strconcat("facility:", grant->facility_id, NULL));
    for (unsigned i = 0; i < grant->clinic_ids->len; i++)
        g_ptr_array_add(topics, g_strconcat("pool:", grant->clinic_ids->pdata[i], NULL));
    g_ptr_array_add(topics, NULL);
    SignalingAdmission admission = {.kind = SIGNALING_KIND_DAY,
                                    .topics = (const char *const *)topics->pdata,
                                    .bound_to = grant->bound_to};
    staff_watch_add(question->wiring->staff, grant->bound_to);
    signaling_authorize_accept(question->wiring->signaling, question->request, &admission);
}

static void on_token(const TokenGrant *grant, const GError *error, gpointer user_data)
{
    g_autofree Question *question = user_data;
    Wiring *wiring = question->wiring;
    g_autoptr(GError) refused = NULL;
    if (!error && !token_check_admission(wiring->scheduling, grant, &refused))
        error = refused;
    if (error) {
        int64_t opens_at_ms = grant && grant->view ? grant->view->opens_at_ms : 0;
        SignalingCode code = wiring_view_code(error);
        if (code == SIGNALING_CODE_INTERNAL)
            wiring_log_failure(wiring, "authorize", error);
        signaling_authorize_refuse(wiring->signaling, question->request, code,
                                   code == SIGNALING_CODE_TOO_EARLY ? opens_at_ms : 0);
        return;
    }
    if (grant->kind == TOKEN_KIND_DAY)
        admit_day(question, grant);
    else
        wiring_with_admission(wiring, grant, admit_visit, question);
}

static void on_authorize(SignalingRequest request, const char *token, const char *lang,
                         gpointer user_data)
{
    (void)lang;
    Wiring *wiring = user_data;
    if (!wiring_board_authorize(wiring->scheduling, wiring->signaling, request, token) &&
        !wiring_watch_authorize(wiring->scheduling, wiring->signaling, request, token) &&
        !wiring_groups_authorize(wiring->groups, request, token))
        token_authorize(wiring->scheduling, token, on_token, question_new(wiring, request));
}

/* Intents. */

static void answer_intent(Wiring *wiring, SignalingRequest request, const GError *error)
{
    SignalingCode code = error ? wiring_view_code(error) : SIGNALING_CODE_NONE;
    if (code == SIGNALING_CODE_INTERNAL)
        wiring_log_failure(wiring, "intent", error);
    signaling_intent_done(wiring->signaling, request, code);
}

static void on_visit_step(const VisitChange *change, const GError *error, gpointer user_data)
{
    (void)change;
    g_autofree Question *question = user_data;
    answer_intent(question->wiring, question->request, error);
}

static void on_event_written(const GError *error, gpointer user_data)
{
    g_autofree Question *question = user_data;
    answer_intent(question->wiring, question->request, error);
}

static void note_not_ready(Wiring *wiring, SignalingRequest request,
                           const SignalingIntentCall *call)
{
    RecordEvent event = {
        .visit_id = call->visit_id,
        .participant_id = call->participant_id,
        .kind = RECORD_EVENT_NOT_READY,
        .at_ms = clock_wall_ms(wiring->clock),
    };
    record_event(wiring->scheduling, &event, on_event_written, question_new(wiring, request));
}

static void on_intent(SignalingRequest request, const SignalingIntentCall *call, gpointer user_data)
{
    Wiring *wiring = user_data;
    Scheduling *scheduling = wiring->scheduling;
    Actor actor = {
        .role = wiring_view_actor_role(call->role),
        .participant_id = call->participant_id,
    };
    const char *visit_id = call->visit_id;
    const LiveVisit *live = g_hash_table_lookup(wiring->visits, visit_id);
    /* The host is the doctor of each of the group's visits. */
    if (live && live->group_id && strcmp(live->group_id, call->participant_id) == 0)
        actor.participant_id = live->doctor_id;
    switch (call->intent) {
    case SIGNALING_INTENT_READY:
        visit_check_in(scheduling, visit_id, &actor, on_visit_step, question_new(wiring, request));
        return;
    case SIGNALING_INTENT_CALL:
        visit_call(scheduling, visit_id, &actor, on_visit_step, question_new(wiring, request));
        return;
    case SIGNALING_INTENT_ACCEPT:
        visit_accept(scheduling, visit_id, &actor, on_visit_step, question_new(wiring, request));
        return;
    case SIGNALING_INTENT_NOT_READY:
        note_not_ready(wiring, request, call);
        return;
    case SIGNALING_INTENT_LEAVE:
        /* Presence says so too, and its row is written there. */
        signaling_intent_done(wiring->signaling, request, SIGNALING_CODE_NONE);
        return;
    case SIGNALING_INTENT_END:
        visit_end(scheduling, visit_id, &actor, wiring_view_outcome(call->outcome), on_visit_step,
                  question_new(wiring, request));
        return;
    }
}

/* Who watches a day is told of it. */

static void tell_topic(Wiring *wiring, const char *kind, const char *id, const char *visit_id)
{
    g_autofree char *topic = g_strconcat(kind, ":", id, NULL);
    signaling_day_changed(wiring->signaling, topic, visit_id);
}

void wiring_tell_day(Wiring *wiring, const char *practitioner_id, const char *facility_id,
                     const char *pool_id, const char *visit_id)
{
    tell_topic(wiring, "practitioner", practitioner_id, visit_id);
    tell_topic(wiring, "facility", facility_id, visit_id);
    if (pool_id)
        tell_topic(wiring, "pool", pool_id, visit_id);
}

void wiring_hooks(Wiring *wiring, SignalingHooks *ret_hooks)
{
    *ret_hooks = (SignalingHooks){
        .authorize = on_authorize,
        .on_intent = on_intent,
        .on_presence = wiring_seen_presence,
        .on_media = wiring_seen_media,
        .on_endpoint = wiring_seen_endpoint,
        .on_sample = wiring_seen_sample,
        .on_link = wiring_seen_link,
        .user_data = wiring,
    };
}

/* Changes of visits become messages. */

static void on_view(const VisitView *view, const GError *error, gpointer user_data)
{
    Wiring *wiring = user_data;
    if (error) {
        wiring_log_failure(wiring, "view", error);
        return;
    }
    SignalingVisit visit;
    wiring_view_visit(view, &visit);
    signaling_visit_changed(wiring->signaling, &visit);
    if (visit.phase == SIGNALING_PHASE_OVER)
        g_hash_table_remove(wiring->visits, view->id);
}

static void on_views(GPtrArray *views, const GError *error, gpointer user_data)
{
    for (unsigned i = 0; !error && i < views->len; i++)
        on_view(views->pdata[i], NULL, user_data);
    if (error)
        wiring_log_failure(user_data, "views", error);
}

/* A visit of a pool has another doctor when another one called it: whoever had it before goes out.
 */
static void follow_doctor(Wiring *wiring, LiveVisit *live, const VisitChange *change)
{
    GHashTableIter iter;
    gpointer participant_id, role;
    if (g_str_equal(live->practitioner_id, change->practitioner_id))
        return;
    g_free(live->practitioner_id);
    live->practitioner_id = g_strdup(change->practitioner_id);
    g_hash_table_iter_init(&iter, live->roles);
    while (g_hash_table_iter_next(&iter, &participant_id, &role)) {
        if (GPOINTER_TO_INT(role) == VISIT_ROLE_DOCTOR + 1)
            signaling_dismiss(wiring->signaling, change->visit_id, participant_id,
                              SIGNALING_CODE_LINK_INVALID);
    }
}

static void on_visit_change(const VisitChange *change, gpointer user_data)
{
    Wiring *wiring = user_data;
    if (!wiring->signaling)
        return;
    /* Of a visit that was just made nobody is there who could be told. */
    if (!change->is_new)
        visit_get_view(wiring->scheduling, change->visit_id, on_view, wiring);
    wiring_tell_day(wiring, change->practitioner_id, change->facility_id,
                    change->pool ? change->clinic_id : NULL, change->visit_id);
    wiring_board_tell(wiring->signaling, change->clinic_id);
    wiring_watch_tell(wiring->signaling, change);
    LiveVisit *live = g_hash_table_lookup(wiring->visits, change->visit_id);
    if (live)
        follow_doctor(wiring, live, change);
    /* Devices of both may have been connected before the doctor called. */
    if (live && change->state == VISIT_STATE_CALLED)
        wiring_connect_if_both(wiring, live, change->visit_id);
    /* In the queue an emergency changes places, too, and no state. */
    if (change->state != change->from || change->state == VISIT_STATE_CHECKED_IN)
        wiring_waiting_ask(wiring->waiting, change);
}

static void on_late(const LateChange *change, gpointer user_data)
{
    Wiring *wiring = user_data;
    if (!wiring->signaling)
        return;
    for (const char *const *id = change->visit_ids; *id; id++) {
        visit_get_view(wiring->scheduling, *id, on_view, wiring);
        wiring_watch_tell_visit(wiring->signaling, *id);
    }
    tell_topic(wiring, "practitioner", change->practitioner_id, NULL);
    for (const char *const *id = change->facility_ids; *id; id++)
        tell_topic(wiring, "facility", *id, NULL);
}

static void on_consult(const char *const *practitioner_ids, gpointer user_data)
{
    Wiring *wiring = user_data;
    if (!wiring->signaling)
        return;
    for (const char *const *id = practitioner_ids; *id; id++)
        tell_topic(wiring, "practitioner", *id, NULL);
}

Wiring *wiring_new(Scheduling *scheduling, Db *db, const Clock *clock)
{
    Wiring *wiring = g_new0(Wiring, 1);
    wiring->scheduling = scheduling;
    wiring->clock = clock;
    wiring->staff = staff_watch_new(db, clock);
    wiring->waiting = wiring_waiting_new(scheduling, on_views, wiring);
    wiring->hours = wiring_hours_new(wiring, on_views);
    wiring->groups = wiring_groups_new(scheduling, clock, wiring->staff);
    wiring->visits = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, live_visit_free);
    scheduling_set_listener(scheduling, on_visit_change, wiring);
    late_set_listener(scheduling, on_late, wiring);
    consult_set_listener(scheduling, on_consult, wiring);
    return wiring;
}

void wiring_free(Wiring *wiring)
{
    if (!wiring)
        return;
    scheduling_set_listener(wiring->scheduling, NULL, NULL);
    late_set_listener(wiring->scheduling, NULL, NULL);
    consult_set_listener(wiring->scheduling, NULL, NULL);
    wiring_watch_listen(wiring->scheduling, NULL);
    staff_watch_free(wiring->staff);
    wiring_waiting_free(wiring->waiting);
    wiring_hours_free(wiring->hours);
    wiring_groups_free(wiring->groups);
    g_hash_table_unref(wiring->visits);
    g_free(wiring);
}

void wiring_set_signaling(Wiring *wiring, Signaling *signaling)
{
    wiring->signaling = signaling;
    wiring_watch_listen(wiring->scheduling, signaling);
    staff_watch_set_signaling(wiring->staff, signaling);
    wiring_groups_set_signaling(wiring->groups, signaling);
}

void wiring_group_over(Wiring *wiring, const char *group_id)
{
    wiring_groups_over(wiring->groups, group_id);
}

void wiring_session_ended(Wiring *wiring)
{
    staff_watch_check(wiring->staff);
}
