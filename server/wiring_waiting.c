// SPDX-License-Identifier: Apache-2.0
#include "server/wiring_waiting.h"

struct WiringWaiting {
    Scheduling *scheduling;
    VisitViewsDone done;
    gpointer user_data;
    GHashTable *questions; /* name -> Question under way */
};

typedef struct {
    WiringWaiting *owner;
    char *name;
    char *practitioner_id, *clinic_id, *local_date;
    bool again; /* something has changed since it was asked */
} Question;

static void question_free(gpointer data)
{
    Question *question = data;
    g_free(question->name);
    g_free(question->practitioner_id);
    g_free(question->clinic_id);
    g_free(question->local_date);
    g_free(question);
}

WiringWaiting *wiring_waiting_new(Scheduling *scheduling, VisitViewsDone done, gpointer user_data)
{
    WiringWaiting *self = g_new0(WiringWaiting, 1);
    self->scheduling = scheduling;
    self->done = done;
    self->user_data = user_data;
    self->questions = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, question_free);
    return self;
}

void wiring_waiting_free(WiringWaiting *self)
{
    if (!self)
        return;
    g_hash_table_unref(self->questions);
    g_free(self);
}

static void on_views(GPtrArray *views, const GError *error, gpointer user_data);

static void ask(Question *question)
{
    const VisitChange change = {
        .practitioner_id = question->practitioner_id,
        .clinic_id = question->clinic_id,
        .local_date = question->local_date,
    };
    question->again = false;
    visit_list_waiting(question->owner->scheduling, &change, on_views, question);
}

static void on_views(GPtrArray *views, const GError *error, gpointer user_data)
{
    Question *question = user_data;
    WiringWaiting *self = question->owner;
    if (question->again)
        ask(question);
    else
        g_hash_table_remove(self->questions, question->name);
    self->done(views, error, self->user_data);
}

void wiring_waiting_ask(WiringWaiting *self, const VisitChange *change)
{
    g_autofree char *name =
        g_strjoin(" ", change->practitioner_id, change->clinic_id, change->local_date, NULL);
    Question *question = g_hash_table_lookup(self->questions, name);
    if (question) {
        question->again = true;
        return;
    }
    question = g_new0(Question, 1);
    question->owner = self;
    question->name = g_steal_pointer(&name);
    question->practitioner_id = g_strdup(change->practitioner_id);
    question->clinic_id = g_strdup(change->clinic_id);
    question->local_date = g_strdup(change->local_date);
    g_hash_table_insert(self->questions, question->name, question);
    ask(question);
}
