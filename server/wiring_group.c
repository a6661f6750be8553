// SPDX-License-Identifier: Apache-2.0
#include "server/wiring_group.h"

#include "scheduling/booking/token.h"
#include "scheduling/group/group.h"
#include "server/base/ids.h"
#include "server/wiring_view.h"

#include <string.h>

enum { ID_CHARS = 26, MAX_HOSTS = 1024 };
static const char prefix[] = "grup:";

typedef struct {
    bool is_present;
    GHashTable *endpoints; /* connected endpoint id -> bits of the kinds that flow */
} Host;

struct WiringGroups {
    Scheduling *scheduling;
    const Clock *clock;
    StaffWatch *staff; /* borrowed */
    Signaling *signaling;
    GHashTable *hosts; /* group id -> Host */
};

typedef struct {
    WiringGroups *groups;
    SignalingRequest request;
    char *group_id, *practitioner_id, *bound_to;
} Question;

static void question_free(Question *question)
{
    g_free(question->group_id);
    g_free(question->practitioner_id);
    g_free(question->bound_to);
    g_free(question);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Question, question_free)

static void host_free(gpointer data)
{
    Host *host = data;
    g_hash_table_unref(host->endpoints);
    g_free(host);
}

static gboolean is_gone(gpointer group_id, gpointer value, gpointer user_data)
{
    (void)group_id;
    (void)user_data;
    const Host *host = value;
    return !host->is_present && g_hash_table_size(host->endpoints) == 0;
}

WiringGroups *wiring_groups_new(Scheduling *scheduling, const Clock *clock, StaffWatch *staff)
{
    WiringGroups *groups = g_new0(WiringGroups, 1);
    groups->scheduling = scheduling;
    groups->clock = clock;
    groups->staff = staff;
    groups->hosts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, host_free);
    return groups;
}

void wiring_groups_free(WiringGroups *groups)
{
    if (!groups)
        return;
    g_hash_table_unref(groups->hosts);
    g_free(groups);
}

void wiring_groups_set_signaling(WiringGroups *groups, Signaling *signaling)
{
    groups->signaling = signaling;
}

static void refuse(Question *question, SignalingCode code)
{
    signaling_authorize_refuse(question->groups->signaling, question->request, code, 0);
}

/* What stands for the group where a visit is shown. */
static void fill_visit(const Group *group, SignalingPhase phase, SignalingVisit *ret_visit)
{
    *ret_visit = (SignalingVisit){
        .id = group->id,
        .phase = phase,
        .code = "",
        .state = visit_state_name(VISIT_STATE_IN_CALL),
        .starts_at_ms = group->starts_at_ms,
        .facility = group->facility,
        .clinic = group->clinic,
        .way = visit_way_name(VISIT_WAY_VIDEO),
        .doctor = group->doctor,
        .phone = group->phone,
        .group = group->title,
    };
}

static void on_group(const Group *group, const FaultList *faults, const GError *error,
                     gpointer user_data)
{
    (void)faults;
    g_autoptr(Question) question = user_data;
    WiringGroups *groups = question->groups;
    if (error) {
        bool is_unknown = g_error_matches(error, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_FOUND);
        refuse(question, is_unknown ? SIGNALING_CODE_LINK_INVALID : wiring_view_code(error));
        return;
    }
    if (strcmp(group->practitioner_id, question->practitioner_id) != 0) {
        refuse(question, SIGNALING_CODE_LINK_INVALID);
        return;
    }
    if (group->state != GROUP_STATE_PLANNED) {
        refuse(question, group->state == GROUP_STATE_ENDED ? SIGNALING_CODE_VISIT_ENDED
                                                           : SIGNALING_CODE_VISIT_CANCELLED);
        return;
    }
    if (!g_hash_table_contains(groups->hosts, group->id)) {
        if (g_hash_table_size(groups->hosts) >= MAX_HOSTS)
            g_hash_table_foreach_remove(groups->hosts, is_gone, NULL);
        Host *host = g_new0(Host, 1);
        host->endpoints = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_hash_table_insert(groups->hosts, g_strdup(group->id), host);
    }
    SignalingVisit visit;
    fill_visit(group, SIGNALING_PHASE_IN_CALL, &visit);
    const SignalingParticipant self = {group->id, SIGNALING_ROLE_DOCTOR, group->doctor, NULL};
    const SignalingAdmission admission = {
        .kind = SIGNALING_KIND_VISIT,
        .participant_id = group->id,
        .role = SIGNALING_ROLE_DOCTOR,
        .name = group->doctor,
        .may_publish = true,
        .may_receive = true,
        .visit = &visit,
        .participants = &self,
        .n_participants = 1,
        .group_id = group->id,
        .bound_to = question->bound_to,
    };
    staff_watch_add(groups->staff, question->bound_to);
    signaling_authorize_accept(groups->signaling, question->request, &admission);
}

/* The doctor, by the token that hears of the own day. */
static void on_token(const TokenGrant *grant, const GError *error, gpointer user_data)
{
    Question *question = user_data;
    bool is_doctor = !error && grant->kind == TOKEN_KIND_DAY && grant->practitioner_id;
    if (!is_doctor) {
        refuse(question, error ? wiring_view_code(error) : SIGNALING_CODE_LINK_INVALID);
        question_free(question);
        return;
    }
    question->practitioner_id = g_strdup(grant->practitioner_id);
    question->bound_to = g_strdup(grant->bound_to);
    group_find(question->groups->scheduling, question->group_id, on_group, question);
}

bool wiring_groups_authorize(WiringGroups *groups, SignalingRequest request, const char *token)
{
    if (!g_str_has_prefix(token, prefix))
        return false;
    const char *rest = token + strlen(prefix);
    g_autofree char *group_id = g_strndup(rest, ID_CHARS);
    if (!id_is_valid(group_id) || rest[ID_CHARS] != ':') {
        signaling_authorize_refuse(groups->signaling, request, SIGNALING_CODE_LINK_INVALID, 0);
        return true;
    }
    Question *question = g_new0(Question, 1);
    question->groups = groups;
    question->request = request;
    question->group_id = g_steal_pointer(&group_id);
    token_authorize(groups->scheduling, rest + ID_CHARS + 1, on_token, question);
    return true;
}

bool wiring_groups_has(const WiringGroups *groups, const char *group_id)
{
    return g_hash_table_contains(groups->hosts, group_id);
}

/* Of an endpoint, beside the kinds that flow. */
static const unsigned silent_bit = 1U << MEDIA_N_KINDS;

static void note_endpoint(Host *host, const WiringHostEvent *event)
{
    gpointer bits = g_hash_table_lookup(host->endpoints, event->endpoint_id);
    unsigned kinds = GPOINTER_TO_UINT(bits);
    if (event->is_media) {
        unsigned bit = 1U << event->kind;
        kinds = event->flowing ? kinds | bit : kinds & ~bit;
        g_hash_table_replace(host->endpoints, g_strdup(event->endpoint_id),
                             GUINT_TO_POINTER(kinds));
        return;
    }
    switch (event->endpoint) {
    case SIGNALING_ENDPOINT_CONNECTED:
        g_hash_table_replace(host->endpoints, g_strdup(event->endpoint_id),
                             GUINT_TO_POINTER(kinds & ~silent_bit));
        break;
    case SIGNALING_ENDPOINT_SILENT:
        g_hash_table_replace(host->endpoints, g_strdup(event->endpoint_id),
                             GUINT_TO_POINTER(kinds | silent_bit));
        break;
    case SIGNALING_ENDPOINT_FAILED:
    case SIGNALING_ENDPOINT_CLOSED:
        g_hash_table_remove(host->endpoints, event->endpoint_id);
        break;
    }
}

void wiring_groups_note(WiringGroups *groups, const char *group_id, const WiringHostEvent *event)
{
    Host *host = g_hash_table_lookup(groups->hosts, group_id);
    if (!host)
        return;
    if (event->endpoint_id)
        note_endpoint(host, event);
    else
        host->is_present = event->presence == SIGNALING_PRESENCE_JOINED ||
                           event->presence == SIGNALING_PRESENCE_BACK;
}

void wiring_groups_replay(const WiringGroups *groups, const char *group_id, WiringHostFunc tell,
                          gpointer user_data)
{
    const Host *host = g_hash_table_lookup(groups->hosts, group_id);
    GHashTableIter iter;
    gpointer endpoint_id, bits;
    if (!host)
        return;
    int64_t now_ms = clock_wall_ms(groups->clock);
    WiringHostEvent event = {.presence = SIGNALING_PRESENCE_JOINED, .at_ms = now_ms};
    if (host->is_present)
        tell(&event, user_data);
    g_hash_table_iter_init(&iter, host->endpoints);
    while (g_hash_table_iter_next(&iter, &endpoint_id, &bits)) {
        if (GPOINTER_TO_UINT(bits) & silent_bit)
            continue; /* with nobody there no call begins; it is told when they are back */
        event = (WiringHostEvent){
            .endpoint_id = endpoint_id, .endpoint = SIGNALING_ENDPOINT_CONNECTED, .at_ms = now_ms};
        tell(&event, user_data);
        for (unsigned kind = 0; kind < MEDIA_N_KINDS; kind++) {
            if (!(GPOINTER_TO_UINT(bits) & 1U << kind))
                continue;
            event = (WiringHostEvent){.endpoint_id = endpoint_id,
                                      .is_media = true,
                                      .kind = (MediaKind)kind,
                                      .flowing = true,
                                      .at_ms = now_ms};
            tell(&event, user_data);
        }
    }
}

void wiring_groups_over(WiringGroups *groups, const char *group_id)
{
    const SignalingVisit visit = {
        .id = group_id,
        .phase = SIGNALING_PHASE_OVER,
        .code = "",
        .state = visit_state_name(VISIT_STATE_DONE),
        .ended_by = actor_role_name(ACTOR_DOCTOR),
    };
    /* The host's last sample is still to come: what is gone is forgotten later. */
    signaling_visit_changed(groups->signaling, &visit);
}
