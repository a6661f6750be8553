// SPDX-License-Identifier: Apache-2.0
#include "signaling/visit_copy.h"

/* The members that are text; everything else is copied by value. */
static const size_t texts[] = {
    offsetof(SignalingVisit, id),       offsetof(SignalingVisit, code),
    offsetof(SignalingVisit, state),    offsetof(SignalingVisit, facility),
    offsetof(SignalingVisit, clinic),   offsetof(SignalingVisit, doctor),
    offsetof(SignalingVisit, phone),    offsetof(SignalingVisit, queue_number),
    offsetof(SignalingVisit, ended_by), offsetof(SignalingVisit, group),
    offsetof(SignalingVisit, way),
};

static const char **text_at(const SignalingVisit *visit, unsigned i)
{
    return G_STRUCT_MEMBER_P(visit, texts[i]);
}

SignalingVisit *visit_copy(const SignalingVisit *visit)
{
    SignalingVisit *copy = g_new(SignalingVisit, 1);
    *copy = *visit;
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        *text_at(copy, i) = g_strdup(*text_at(visit, i));
    return copy;
}

void visit_free(SignalingVisit *visit)
{
    if (!visit)
        return;
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free((char *)*text_at(visit, i));
    g_free(visit);
}

bool visit_equal(const SignalingVisit *a, const SignalingVisit *b)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        if (g_strcmp0(*text_at(a, i), *text_at(b, i)) != 0)
            return false;
    return a->phase == b->phase && a->starts_at_ms == b->starts_at_ms &&
           a->in_queue == b->in_queue && a->queue_ahead == b->queue_ahead &&
           a->queue_wait_min_minutes == b->queue_wait_min_minutes &&
           a->queue_wait_max_minutes == b->queue_wait_max_minutes &&
           a->late_minutes == b->late_minutes && a->is_unanswered == b->is_unanswered &&
           a->asks_consent == b->asks_consent && a->is_unplaced == b->is_unplaced &&
           a->ended_at_ms == b->ended_at_ms;
}
