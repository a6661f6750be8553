// SPDX-License-Identifier: Apache-2.0
#include "signaling/leg.h"

#include "server/base/ids.h"
#include "server/base/limit.h"
#include "server/base/secret.h"
#include "signaling/group.h"
#include "signaling/sdp_answer.h"
#include "signaling/sdp_offer.h"
#include "signaling/session.h"

#include <string.h>

static void slot_free(LegSlot *slot)
{
    g_free(slot->participant_id);
    g_free(slot);
}

static Leg *leg_new(Signaling *signaling, const LegPlan *plan)
{
    Leg *leg = g_new0(Leg, 1);
    leg->signaling = signaling;
    leg->kind = plan->kind;
    leg->endpoint_id = id_new(clock_wall_ms(signaling->clock));
    leg->visit_id = g_strdup(group_visit(plan->lobby, plan->member)->id);
    leg->participant_id = g_strdup(plan->member->id);
    leg->bound_to = g_strdup(plan->bound_to);
    leg->slots = g_ptr_array_new_with_free_func((GDestroyNotify)slot_free);
    leg->is_passive = plan->passive;
    leg->is_on_hold = plan->hold;
    if (!plan->session)
        leg->early_key = g_strdup(plan->early_key);
    leg->is_carried = !plan->hold && !leg->early_key;
    secret_random((uint8_t *)&leg->sdp_id, sizeof leg->sdp_id);
    leg->sdp_id >>= 2; /* RFC 8829, 5.2.1: a 62-bit number */
    return leg;
}

void leg_free(Leg *leg)
{
    if (!leg)
        return;
    g_free(leg->endpoint_id);
    g_free(leg->visit_id);
    g_free(leg->participant_id);
    g_free(leg->bound_to);
    secret_text_free(leg->early_key);
    g_ptr_array_unref(leg->slots);
    g_free(leg);
}

static NotifySource leg_source(const Leg *leg)
{
    return (NotifySource){
        .visit_id = leg->visit_id,
        .participant_id = leg->participant_id,
        .endpoint_id = leg->endpoint_id,
    };
}

void leg_attach(Leg *leg, Session *session, const char *key)
{
    char *own = g_strdup(key);
    secret_text_free(session->early_key);
    session->early_key = own;
    session->leg = leg;
    leg->session = session;
}

static void detach(Leg *leg)
{
    if (!leg->session)
        return;
    if (leg->is_connected) {
        leg->session->has_ended_leg = true;
        memcpy(leg->session->ended_fingerprint, leg->fingerprint, sizeof leg->fingerprint);
    }
    g_clear_pointer(&leg->session->early_key, secret_text_free);
    leg->session->leg = NULL;
    leg->session = NULL;
}

void leg_close(Leg *leg)
{
    Signaling *signaling = leg->signaling;
    NotifySource source = leg_source(leg);
    if (!leg->lobby)
        return;
    g_ptr_array_remove(leg->lobby->legs, leg);
    detach(leg);
    leg->lobby = NULL;
    leg->member = NULL;
    leg->is_connected = false;
    leg->closed_us = signaling_now_us(signaling);
    media_endpoint_close(signaling->media, leg->endpoint_id);
    notify_endpoint(signaling->notify, &source, SIGNALING_ENDPOINT_CLOSED,
                    clock_wall_ms(signaling->clock));
}

/* Nobody is in a call by a connection that carries nothing, so it is told only from then on. */
static void carry(Leg *leg)
{
    Signaling *signaling = leg->signaling;
    NotifySource source = leg_source(leg);
    bool is_waiting = leg->is_on_hold || (leg->early_key && !leg->is_accepted);
    if (leg->is_carried || is_waiting || !leg->lobby)
        return;
    leg->is_carried = true;
    media_endpoint_release(signaling->media, leg->endpoint_id);
    if (leg->is_connected && !leg->is_silent) /* else once it is heard again */
        notify_endpoint(signaling->notify, &source, SIGNALING_ENDPOINT_CONNECTED,
                        clock_wall_ms(signaling->clock));
}

void leg_end_hold(Leg *leg)
{
    leg->is_on_hold = false;
    carry(leg);
}

Leg *leg_find_early(const Lobby *lobby, const Member *member, const char *key)
{
    for (unsigned i = 0; key && i < lobby->legs->len; i++) {
        Leg *leg = lobby->legs->pdata[i];
        if (leg->member == member && leg->early_key && secret_equal_text(leg->early_key, key))
            return leg;
    }
    return NULL;
}

void leg_accept_early(Leg *leg)
{
    leg->is_on_hold = false;
    leg->is_accepted = true;
    carry(leg);
}

bool leg_take_early(Session *session, const char *key)
{
    Leg *leg = leg_find_early(session->lobby, session->member, key);
    if (!leg)
        return false;
    g_clear_pointer(&leg->early_key, secret_text_free);
    leg_attach(leg, session, key);
    carry(leg);
    return true;
}

void leg_drop_early(const Lobby *lobby, const Member *member)
{
    for (unsigned i = lobby->legs->len; i > 0; i--) {
        Leg *leg = lobby->legs->pdata[i - 1];
        if (leg->member == member && leg->early_key)
            leg_close(leg);
    }
}

bool leg_is_in_call(const Leg *leg)
{
    return leg->is_connected && leg->is_carried;
}

/* Somebody talks by it, though the socket still does not come. */
bool leg_is_heard_early(const Leg *leg)
{
    return leg->early_key && leg_is_in_call(leg) && !leg->is_silent;
}

void leg_tick(Leg *leg)
{
    if (!leg->lobby || (leg->is_checked && !leg->early_key) || leg_is_heard_early(leg) ||
        !signaling_is_past(leg->signaling, leg->offered_us, ENDPOINT_CHECK_MS))
        return;
    leg_close(leg);
}

void leg_tell_wishes(const Leg *leg)
{
    bool is_page = leg->kind == LEG_PAGE && leg->member;
    if (!is_page)
        return;
    Media *media = leg->signaling->media;
    media_endpoint_set_screen(media, leg->endpoint_id, leg->member->video == DEVICE_SCREEN);
    media_endpoint_set_pinned(media, leg->endpoint_id, leg->member->pinned_id);
}

static bool from_media(GError *media_error, GError **error)
{
    SignalingError code = SIGNALING_ERROR_FAILED;
    if (g_error_matches(media_error, MEDIA_ERROR, MEDIA_ERROR_BAD_OFFER))
        code = SIGNALING_ERROR_BAD_OFFER;
    else if (g_error_matches(media_error, MEDIA_ERROR, MEDIA_ERROR_FULL))
        code = SIGNALING_ERROR_FULL;
    else if (g_error_matches(media_error, MEDIA_ERROR, MEDIA_ERROR_NOT_FOUND))
        code = SIGNALING_ERROR_NOT_FOUND;
    g_set_error_literal(error, SIGNALING_ERROR, code, media_error->message);
    g_error_free(media_error);
    return false;
}

/* The answer's slots, keeping whose media each carries now. */
static void take_slots(Leg *leg, const MediaDescription *answer)
{
    g_autoptr(GPtrArray) old = g_steal_pointer(&leg->slots);
    leg->slots = g_ptr_array_new_with_free_func((GDestroyNotify)slot_free);
    leg->sends = false;
    for (unsigned i = 0; i < answer->n_sections; i++) {
        const MediaSection *section = &answer->sections[i];
        if (section->rejected)
            continue;
        leg->sends = leg->sends || (section->direction & MEDIA_DIRECTION_RECVONLY);
        if (!(section->direction & MEDIA_DIRECTION_SENDONLY))
            continue;
        LegSlot *slot = g_new0(LegSlot, 1);
        g_strlcpy(slot->mid, section->mid, sizeof slot->mid);
        for (unsigned k = 0; k < old->len; k++) {
            LegSlot *before = old->pdata[k];
            if (strcmp(before->mid, slot->mid) != 0)
                continue;
            slot->participant_id = g_steal_pointer(&before->participant_id);
            slot->picture = before->picture;
        }
        g_ptr_array_add(leg->slots, slot);
    }
}

static bool negotiate(Leg *leg, const MediaDescription *offer, char **ret_answer, GError **error)
{
    g_autofree MediaDescription *answer = g_new0(MediaDescription, 1);
    GError *media_error = NULL;
    if (!media_endpoint_negotiate(leg->signaling->media, leg->endpoint_id, offer, answer,
                                  &media_error))
        return from_media(media_error, error);
    memcpy(leg->fingerprint, offer->fingerprint, sizeof leg->fingerprint);
    leg->offered_us = signaling_now_us(leg->signaling);
    take_slots(leg, answer);
    *ret_answer = sdp_answer_write(answer, leg->sdp_id, ++leg->sdp_version);
    return true;
}

static bool open_endpoint(Leg *leg, const LegPlan *plan, GError **error)
{
    const Member *member = plan->member;
    bool is_page = plan->kind == LEG_PAGE;
    MediaEndpointOptions options = {
        .room_id = plan->lobby->visit->id,
        .endpoint_id = leg->endpoint_id,
        .participant_id = leg->participant_id,
        .rtt_hint_ms = plan->session ? plan->session->rtt_ms : 0,
        .start_down_bps = is_page ? member->link_down_bps : 0,
        .start_up_bps = is_page ? member->link_up_bps : 0,
        .may_publish = member->may_publish && plan->kind != LEG_WHEP,
        .may_receive = member->may_receive && plan->kind != LEG_WHIP,
        .dtls_passive = plan->passive,
        .hold = !leg->is_carried,
        .outlives_consent = is_page,
    };
    GError *media_error = NULL;
    if (plan->lobby->legs->len >= LIMIT_ROOM_ENDPOINTS) {
        g_set_error_literal(error, SIGNALING_ERROR, SIGNALING_ERROR_FULL, "endpoints");
        return false;
    }
    if (!media_endpoint_open(leg->signaling->media, &options, &media_error))
        return from_media(media_error, error);
    return true;
}

/* A new endpoint takes the place of the page's old one only once it is answered. */
static bool open_leg(Signaling *signaling, const LegPlan *plan, const MediaDescription *offer,
                     Leg **ret_leg, char **ret_answer, GError **error)
{
    Leg *leg = leg_new(signaling, plan);
    if (!open_endpoint(leg, plan, error)) {
        leg_free(leg);
        return false;
    }
    if (!negotiate(leg, offer, ret_answer, error)) {
        media_endpoint_close(signaling->media, leg->endpoint_id);
        leg_free(leg);
        return false;
    }
    if (plan->session && plan->session->leg)
        leg_close(plan->session->leg);
    leg->lobby = plan->lobby;
    leg->member = plan->member;
    if (plan->session)
        leg_attach(leg, plan->session, plan->early_key);
    g_ptr_array_add(plan->lobby->legs, leg);
    g_hash_table_insert(signaling->legs, leg->endpoint_id, leg);
    leg_tell_wishes(leg);
    group_tell_audience(leg);
    *ret_leg = leg;
    return true;
}

/* Each peer connection of a browser has its own certificate, so an offer with another one comes
 * from a page that started again. So does one that asks for `passive` for the first time. */
static bool is_same_connection(const Leg *leg, const LegPlan *plan, const MediaDescription *offer)
{
    return (leg->is_passive || !plan->passive) &&
           memcmp(leg->fingerprint, offer->fingerprint, sizeof leg->fingerprint) == 0;
}

/* A connection whose keys are gone with its endpoint: browsers keep their DTLS association while
 * the certificates stay the same (RFC 8842, 3.3), so with another endpoint nothing would ever be
 * heard. */
static bool has_ended(const Session *session, const MediaDescription *offer)
{
    return session && session->has_ended_leg &&
           memcmp(session->ended_fingerprint, offer->fingerprint,
                  sizeof session->ended_fingerprint) == 0;
}

bool leg_answer(Signaling *signaling, const LegPlan *plan, Leg **ret_leg, char **ret_answer,
                GError **error)
{
    g_autofree MediaDescription *offer = g_new0(MediaDescription, 1);
    if (!signaling->media) {
        g_set_error_literal(error, SIGNALING_ERROR, SIGNALING_ERROR_FAILED, "no relay");
        return false;
    }
    if (!sdp_offer_parse(plan->sdp, plan->size, offer, error))
        return false;
    signaling->counters.offers++;

    Leg *leg = plan->session ? plan->session->leg : NULL;
    if (leg && is_same_connection(leg, plan, offer)) {
        GError *local = NULL;
        if (negotiate(leg, offer, ret_answer, &local)) {
            if (!plan->hold)
                leg_end_hold(leg);
            *ret_leg = leg;
            return true;
        }
        if (!g_error_matches(local, SIGNALING_ERROR, SIGNALING_ERROR_NOT_FOUND)) {
            g_propagate_error(error, local);
            return false;
        }
        g_error_free(local); /* the relay has dropped it: open another */
        leg_close(leg);
    }
    if (has_ended(plan->session, offer)) {
        g_set_error_literal(error, SIGNALING_ERROR, SIGNALING_ERROR_BAD_OFFER,
                            "a=fingerprint is of a connection that has ended");
        return false;
    }
    return open_leg(signaling, plan, offer, ret_leg, ret_answer, error);
}
