// SPDX-License-Identifier: Apache-2.0
#include "server/wiring_hours.h"

#include "scheduling/booking/unanswered.h"
#include "scheduling/clinic/hours_news.h"
#include "server/wiring_watch.h"

struct WiringHours {
    Wiring *wiring;
    VisitViewsDone done;
    GQueue *changes; /* Change; the first one is being looked at */
};

/* A HoursNews that owns its texts. */
typedef struct {
    char *practitioner_id, *user_id, *facility_id, *clinic_id;
} Change;

static void change_free(gpointer data)
{
    Change *change = data;
    g_free(change->practitioner_id);
    g_free(change->user_id);
    g_free(change->facility_id);
    g_free(change->clinic_id);
    g_free(change);
}

static void look(WiringHours *self);

static void end_change(WiringHours *self)
{
    change_free(g_queue_pop_head(self->changes));
    if (!g_queue_is_empty(self->changes))
        look(self);
}

static void on_views(GPtrArray *views, const GError *error, gpointer user_data)
{
    WiringHours *self = user_data;
    self->done(views, error, self->wiring);
    end_change(self);
}

/* What is touched, as the topics of those who watch it. */
static GHashTable *topics_of(const GPtrArray *places)
{
    GHashTable *topics = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (unsigned i = 0; i < places->len; i++) {
        const HoursPlace *place = places->pdata[i];
        g_hash_table_add(topics, g_strconcat("practitioner:", place->practitioner_id, NULL));
        g_hash_table_add(topics, g_strconcat("pool:", place->clinic_id, NULL));
        g_hash_table_add(topics, g_strconcat("facility:", place->facility_id, NULL));
        g_hash_table_add(topics, g_strconcat(WIRING_HOURS_TOPIC, place->facility_id, NULL));
        g_hash_table_add(topics, g_strconcat(UNANSWERED_TOPIC, place->facility_id, NULL));
        g_hash_table_add(topics, g_strdup(UNANSWERED_TOPIC UNANSWERED_ALL));
    }
    return topics;
}

static void tell_watchers(Signaling *signaling, GHashTable *touched)
{
    g_autoptr(GPtrArray) watched = signaling_list_topics(signaling);
    for (unsigned i = 0; i < watched->len; i++) {
        if (g_hash_table_contains(touched, watched->pdata[i]))
            signaling_day_changed(signaling, watched->pdata[i], NULL);
    }
}

/* Of those that somebody is in; NULL-ended. */
static GPtrArray *visits_of(const Wiring *wiring, GHashTable *touched)
{
    GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
    GHashTableIter iter;
    gpointer visit_id, value;
    g_hash_table_iter_init(&iter, wiring->visits);
    while (g_hash_table_iter_next(&iter, &visit_id, &value)) {
        const LiveVisit *live = value;
        g_autofree char *topic = g_strconcat("facility:", live->facility_id, NULL);
        if (g_hash_table_contains(touched, topic) &&
            signaling_knows_visit(wiring->signaling, visit_id))
            g_ptr_array_add(ids, g_strdup(visit_id));
    }
    g_ptr_array_add(ids, NULL);
    return ids;
}

static void on_places(const GPtrArray *places, const GError *error, gpointer user_data)
{
    WiringHours *self = user_data;
    Wiring *wiring = self->wiring;
    if (error || !wiring->signaling) {
        if (error)
            wiring_log_failure(wiring, "hours", error);
        end_change(self);
        return;
    }
    g_autoptr(GHashTable) touched = topics_of(places);
    g_autoptr(GPtrArray) ids = visits_of(wiring, touched);
    tell_watchers(wiring->signaling, touched);
    visit_list_views(wiring->scheduling, (const char *const *)ids->pdata, on_views, self);
}

static void look(WiringHours *self)
{
    const Change *change = g_queue_peek_head(self->changes);
    const HoursNews news = {change->practitioner_id, change->user_id, change->facility_id,
                            change->clinic_id};
    hours_news_places(self->wiring->scheduling, &news, on_places, self);
}

static void on_news(const HoursNews *news, gpointer user_data)
{
    WiringHours *self = user_data;
    Change *change = g_new(Change, 1);
    *change = (Change){g_strdup(news->practitioner_id), g_strdup(news->user_id),
                       g_strdup(news->facility_id), g_strdup(news->clinic_id)};
    g_queue_push_tail(self->changes, change);
    if (g_queue_get_length(self->changes) == 1)
        look(self);
}

WiringHours *wiring_hours_new(Wiring *wiring, VisitViewsDone done)
{
    WiringHours *self = g_new0(WiringHours, 1);
    self->wiring = wiring;
    self->done = done;
    self->changes = g_queue_new();
    hours_news_set_listener(wiring->scheduling, on_news, self);
    return self;
}

void wiring_hours_free(WiringHours *self)
{
    if (!self)
        return;
    hours_news_set_listener(self->wiring->scheduling, NULL, NULL);
    g_queue_free_full(self->changes, change_free);
    g_free(self);
}
