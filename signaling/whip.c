// SPDX-License-Identifier: Apache-2.0
/* Offers that come by HTTP. WHIP (RFC 9725) and WHEP on the same answerer: a device joins a visit's
 * media without a page; the resource that HTTP names in Location is the endpoint's id. And a page's
 * first offer, before its socket is open. */
#include "server/base/limit.h"
#include "server/base/secret.h"
#include "signaling/group.h"
#include "signaling/leg.h"
#include "signaling/lobby.h"
#include "signaling/session.h"

#include <string.h>

static bool fail(GError **error, SignalingError code, const char *what)
{
    g_set_error_literal(error, SIGNALING_ERROR, code, what);
    return false;
}

static bool may_open(const Signaling *signaling, const SignalingAdmission *admission,
                     SignalingWhipKind kind, GError **error)
{
    bool may = kind == SIGNALING_WHIP ? admission->may_publish : admission->may_receive;
    if (admission->kind != SIGNALING_KIND_VISIT || !may)
        return fail(error, SIGNALING_ERROR_FORBIDDEN, "token");
    if (signaling->is_stopping)
        return fail(error, SIGNALING_ERROR_BAD_STATE, "stopping");
    if (g_hash_table_contains(signaling->over, admission->visit->id))
        return fail(error, SIGNALING_ERROR_BAD_STATE, "phase");
    switch (admission->visit->phase) {
    case SIGNALING_PHASE_WAITING: /* devices may be set up early, where nobody else is */
        if (admission->group_id)
            break;
        return true;
    case SIGNALING_PHASE_CALLED:
    case SIGNALING_PHASE_IN_CALL:
        return true;
    case SIGNALING_PHASE_BEFORE:
    case SIGNALING_PHASE_OVER:
        break;
    }
    return fail(error, SIGNALING_ERROR_BAD_STATE, "phase");
}

/* One token shall not fill the room. */
static bool has_device_left(const Lobby *lobby, const Member *member)
{
    unsigned n = 0;
    for (unsigned i = 0; i < lobby->legs->len; i++) {
        const Leg *leg = lobby->legs->pdata[i];
        n += leg->member == member && leg->kind != LEG_PAGE;
    }
    return n < LIMIT_PARTICIPANT_DEVICES;
}

static bool answer(Signaling *signaling, const LegPlan *plan, Leg **ret_leg, char **ret_answer,
                   GError **error)
{
    if (!plan->member)
        return fail(error, SIGNALING_ERROR_FULL, "participants");
    if (!has_device_left(plan->lobby, plan->member))
        return fail(error, SIGNALING_ERROR_FULL, "devices");
    return leg_answer(signaling, plan, ret_leg, ret_answer, error);
}

bool signaling_whip_open(Signaling *signaling, const SignalingAdmission *admission,
                         SignalingWhipKind kind, const char *sdp, size_t size, char **ret_resource,
                         char **ret_answer, GError **error)
{
    if (!may_open(signaling, admission, kind, error))
        return false;
    Lobby *lobby = group_lobby(signaling, admission);
    /* A device cannot ask again when its DTLS has no GCM (GStreamer 1.22 has none), so it is
     * offered every profile at once, which only the DTLS server's side can do in our order. */
    LegPlan plan = {
        .kind = kind == SIGNALING_WHIP ? LEG_WHIP : LEG_WHEP,
        .lobby = lobby,
        .member = lobby_admit(lobby, admission),
        .bound_to = admission->bound_to,
        .passive = true,
        .sdp = sdp,
        .size = size,
    };
    Leg *leg = NULL;
    bool done = answer(signaling, &plan, &leg, ret_answer, error);
    if (done)
        *ret_resource = g_strdup(leg->endpoint_id);
    lobby_update(lobby);
    lobby_release(lobby);
    notify_flush(signaling->notify);
    return done;
}

bool signaling_whip_close(Signaling *signaling, const char *visit_id, const char *participant_id,
                          const char *resource, GError **error)
{
    Leg *leg = g_hash_table_lookup(signaling->legs, resource);
    if (!leg || !leg->lobby || leg->kind == LEG_PAGE || strcmp(leg->visit_id, visit_id) != 0 ||
        strcmp(leg->participant_id, participant_id) != 0)
        return fail(error, SIGNALING_ERROR_NOT_FOUND, "resource");
    Lobby *lobby = leg->lobby;
    leg_close(leg);
    lobby_update(lobby);
    lobby_release(lobby);
    notify_flush(signaling->notify);
    return true;
}

static bool may_be_early(const Signaling *signaling, const SignalingAdmission *admission,
                         GError **error)
{
    if (admission->kind != SIGNALING_KIND_VISIT)
        return fail(error, SIGNALING_ERROR_FORBIDDEN, "token");
    if (signaling->is_stopping || admission->visit->phase != SIGNALING_PHASE_CALLED ||
        g_hash_table_contains(signaling->over, admission->visit->id))
        return fail(error, SIGNALING_ERROR_BAD_STATE, "phase");
    return true;
}

/* As `hello` would find it: a page that is there keeps the call until somebody decides. */
static bool has_other_page(const Member *member, const char *resume)
{
    const Session *session = member->session;
    if (!session || session->has_left || !session->wire ||
        secret_equal_text(resume, session->resume))
        return false;
    return !signaling_is_past(session->signaling, session->wire->heard_us, TAKE_OVER_SILENT_MS);
}

bool signaling_early_accept(Signaling *signaling, const SignalingAdmission *admission,
                            const char *key, const char *resume, GError **error)
{
    if (!may_be_early(signaling, admission, error))
        return false;
    Lobby *lobby = lobby_find(signaling, admission->visit->id);
    const Member *member = lobby ? lobby_member(lobby, admission->participant_id) : NULL;
    Leg *leg = member ? leg_find_early(lobby, member, key) : NULL;
    if (!leg)
        return fail(error, SIGNALING_ERROR_NOT_FOUND, "key");
    if (has_other_page(member, resume))
        return fail(error, SIGNALING_ERROR_BAD_STATE, "occupied");
    leg_accept_early(leg);
    lobby_update(lobby);
    notify_flush(signaling->notify);
    return true;
}

bool signaling_early_offer(Signaling *signaling, const SignalingAdmission *admission,
                           const SignalingEarlyOffer *offer, char **ret_answer, GError **error)
{
    if (!may_be_early(signaling, admission, error))
        return false;
    Lobby *lobby = group_lobby(signaling, admission);
    LegPlan plan = {
        .kind = LEG_PAGE,
        .lobby = lobby,
        .member = lobby_admit(lobby, admission),
        .bound_to = admission->bound_to,
        .hold = offer->hold,
        .early_key = offer->key,
        .sdp = offer->sdp,
        .size = offer->size,
    };
    Leg *leg = NULL;
    Session *session = plan.member ? plan.member->session : NULL;
    if (session && session->early_key && !session->leg &&
        secret_equal_text(session->early_key, offer->key)) {
        /* Its page's hello was faster. */
        plan.session = session;
        plan.bound_to = NULL;
    }
    if (plan.member)
        leg_drop_early(lobby, plan.member);
    bool done = plan.member ? leg_answer(signaling, &plan, &leg, ret_answer, error)
                            : fail(error, SIGNALING_ERROR_FULL, "participants");
    lobby_update(lobby);
    lobby_release(lobby);
    notify_flush(signaling->notify);
    return done;
}
