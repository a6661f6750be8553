// SPDX-License-Identifier: Apache-2.0
#include "signaling/session.h"

#include "server/base/ids.h"
#include "server/base/secret.h"
#include "signaling/group.h"
#include "signaling/leg.h"
#include "signaling/lobby.h"
#include "signaling/notify.h"

typedef struct {
    uint64_t seq;
    size_t n_bytes;
    char *text;
    char *topic; /* NULL: each one counts */
} SentMessage;

static void sent_free(SentMessage *sent)
{
    g_free(sent->text);
    g_free(sent->topic);
    g_free(sent);
}

Session *session_new(Signaling *signaling)
{
    Session *session = g_new0(Session, 1);
    session->signaling = signaling;
    session->serial = ++signaling->last_number;
    session->resume = id_token_new();
    session->lang = "id";
    g_queue_init(&session->sent);
    g_hash_table_insert(signaling->sessions, &session->serial, session);
    return session;
}

void session_free(Session *session)
{
    if (!session)
        return;
    secret_text_free(session->resume);
    secret_text_free(session->early_key);
    g_queue_clear_full(&session->sent, (GDestroyNotify)sent_free);
    g_strfreev(session->topics);
    g_free(session->bound_to);
    g_free(session);
}

void session_note_rtt(Session *session, uint32_t rtt_ms)
{
    if (rtt_ms == 0)
        return;
    session->rtt_ms = rtt_ms;
    if (!link_grade_note(&session->grade, rtt_ms) || !session->member)
        return;
    /* In a call the relay measures better. */
    const SignalingVisit *visit = group_visit(session->lobby, session->member);
    if (visit->phase != SIGNALING_PHASE_IN_CALL)
        notify_link(session->signaling->notify, visit->id, session->member->id);
}

void session_attach(Session *session, Wire *wire)
{
    session->wire = wire;
    session->wire_serial = wire->serial;
    session->lang = wire->lang;
    session_note_rtt(session, wire->hello.rtt_ms);
    wire->session = session;
    wire->state = WIRE_OPEN;
    wire->n_bad = 0;
}

void session_detach(Session *session)
{
    if (!session || !session->wire)
        return;
    session->wire->session = NULL;
    session->wire = NULL;
    session->detached_us = signaling_now_us(session->signaling);
}

uint64_t session_next_seq(Session *session)
{
    return ++session->seq;
}

static void forget_oldest(Session *session)
{
    SentMessage *oldest = g_queue_pop_head(&session->sent);
    session->sent_bytes -= oldest->n_bytes;
    session->forgotten_seq = oldest->seq;
    sent_free(oldest);
}

static void forget_topic(Session *session, const char *topic)
{
    for (GList *item = session->sent.head; item; item = item->next) {
        SentMessage *sent = item->data;
        if (g_strcmp0(sent->topic, topic) != 0)
            continue;
        session->sent_bytes -= sent->n_bytes;
        g_queue_delete_link(&session->sent, item);
        sent_free(sent);
        return;
    }
}

static void keep_and_send(Session *session, const char *topic, char *text)
{
    SentMessage *sent = g_new0(SentMessage, 1);
    sent->seq = session->seq;
    sent->n_bytes = strlen(text);
    sent->text = text;
    sent->topic = g_strdup(topic);
    g_queue_push_tail(&session->sent, sent);
    session->sent_bytes += sent->n_bytes;
    while (session->sent.length > SESSION_BUFFER_MESSAGES ||
           (session->sent_bytes > SESSION_BUFFER_BYTES && session->sent.length > 1))
        forget_oldest(session);
    if (session->wire)
        wire_send(session->wire, text);
}

void session_send(Session *session, char *text)
{
    keep_and_send(session, NULL, text);
}

void session_send_latest(Session *session, const char *topic, char *text)
{
    forget_topic(session, topic);
    keep_and_send(session, topic, text);
}

bool session_can_replay(const Session *session, int64_t last_seq)
{
    return last_seq >= 1 && (uint64_t)last_seq <= session->seq &&
           (uint64_t)last_seq >= session->forgotten_seq;
}

void session_replay(Session *session, int64_t last_seq)
{
    for (GList *item = session->sent.head; item; item = item->next) {
        const SentMessage *sent = item->data;
        if (sent->seq > (uint64_t)last_seq)
            wire_send(session->wire, sent->text);
    }
}

void session_end(Session *session)
{
    session_detach(session);
    if (session->leg)
        leg_close(session->leg);
    if (session->member && session->member->session == session)
        session->member->session = NULL;
    g_hash_table_remove(session->signaling->sessions, &session->serial);
}
