// SPDX-License-Identifier: Apache-2.0
#include "signaling/admit.h"

#include "server/base/secret.h"
#include "signaling/group.h"
#include "signaling/leg.h"
#include "signaling/lobby.h"
#include "signaling/session.h"

void admit_hello(Wire *wire, const ClientMessage *message)
{
    Signaling *signaling = wire->signaling;
    const MessageHello *hello = &message->hello;
    const Request request = {.conn = wire->conn, .serial = wire->serial};
    wire->lang = hello->lang;
    secret_text_free(wire->hello.resume);
    secret_text_free(wire->hello.early);
    wire->hello = (WireHello){
        .resume = g_strdup(hello->resume),
        .has_last_seq = hello->has_last_seq,
        .last_seq = hello->last_seq,
        .take_over = hello->take_over,
        .early = g_strdup(hello->early),
        .rtt_ms = hello->rtt_ms,
    };
    wire_wait(wire, WIRE_AUTHORIZING, AUTHORIZE_TIMEOUT_MS);
    wire->request = request_add(signaling, &request);
    notify_authorize(signaling->notify, wire->request, hello->token, hello->lang);
}

/* The token of a page that comes back may be of another log-in than its first one. */
static void bind_session(Session *session, const SignalingAdmission *admission)
{
    g_free(session->bound_to);
    session->bound_to = g_strdup(admission->bound_to);
}

/* A watcher of a day reads the whole list again after each connection, so nothing is kept for it.
 */
static void admit_day(Wire *wire, const SignalingAdmission *admission)
{
    Signaling *signaling = wire->signaling;
    Session *session = session_new(signaling);
    session->topics = g_strdupv((char **)admission->topics);
    bind_session(session, admission);
    session_attach(session, wire);
    const MessageWelcome welcome = {
        .seq = session_next_seq(session),
        .resume = session->resume,
        .server_ms = clock_wall_ms(signaling->clock),
    };
    session_send(session, message_write_welcome(&welcome));
}

/* design.md, 4: a second tab or device is asked first, unless the old socket has been silent. */
static bool is_occupied(const Wire *wire, const Session *old, bool is_same_page)
{
    return old && !is_same_page && !wire->hello.take_over && !old->has_left && old->wire &&
           !signaling_is_past(wire->signaling, old->wire->heard_us, TAKE_OVER_SILENT_MS);
}

static void resume_session(Wire *wire, Lobby *lobby, Member *member)
{
    Session *session = member->session;
    Wire *old = session->wire;
    session_detach(session);
    if (old)
        wire_close(old, CLOSE_RESUMED, "resumed");
    session_attach(session, wire);
    wire->signaling->counters.resumes++;
    lobby_welcome(lobby, member, wire->hello.last_seq);
    lobby_update(lobby);
}

/* Ends what another page or an earlier life of the same page had. A page that says the last number
 * it saw is alive, only its buffer has run over: its media endpoint lives on. One that starts
 * without has no peer connection any more; when its old socket is still there it is a copy of the
 * tab, which has the same resume token, and the older of the two must not fight for the place. */
static Leg *replace_session(const Wire *wire, Session *old, bool is_same_page)
{
    bool is_alive = is_same_page && wire->hello.has_last_seq;
    Wire *loser = old->wire;
    Leg *leg = NULL;
    if (is_alive) {
        leg = old->leg;
        old->leg = NULL;
    }
    if (loser && !is_alive) {
        session_send(old, message_write_replaced(session_next_seq(old)));
        wire->signaling->counters.replaced++;
    }
    if (loser)
        wire_close(loser, is_alive ? CLOSE_RESUMED : CLOSE_REPLACED, "replaced");
    session_end(old);
    return leg;
}

static void start_session(Wire *wire, Lobby *lobby, Member *member, bool is_same_page)
{
    Leg *leg = member->session ? replace_session(wire, member->session, is_same_page) : NULL;
    Session *session = session_new(wire->signaling);
    session->lobby = lobby;
    session->member = member;
    session->leg = leg;
    if (leg)
        leg->session = session;
    member->session = session;
    session_attach(session, wire);
    if (!leg)
        session->has_taken_early = leg_take_early(session, wire->hello.early);
    if (!session->leg)
        session->early_key = g_strdup(wire->hello.early);
    leg_drop_early(lobby, member);
    lobby_welcome(lobby, member, 0);
    if (session->leg)
        leg_tell_state(session->leg);
    lobby_update(lobby);
}

static void admit_visit(Wire *wire, const SignalingAdmission *admission)
{
    Signaling *signaling = wire->signaling;
    const SignalingVisit *visit = admission->visit;
    /* The visit may have ended while wiring was still reading it. */
    if (visit->phase == SIGNALING_PHASE_OVER || g_hash_table_contains(signaling->over, visit->id)) {
        wire_refuse(wire, "hello", SIGNALING_CODE_VISIT_ENDED);
        return;
    }
    Lobby *lobby = group_lobby(signaling, admission);
    Member *member = lobby_admit(lobby, admission);
    if (!member) {
        wire_wait(wire, WIRE_OCCUPIED, OCCUPIED_TIMEOUT_MS);
        wire_refuse(wire, "hello", SIGNALING_CODE_ROOM_FULL);
        return;
    }
    const WireHello *hello = &wire->hello;
    Session *old = member->session;
    bool is_same_page = old && secret_equal_text(hello->resume, old->resume);
    if (is_occupied(wire, old, is_same_page)) {
        g_autofree char *text = message_write_occupied();
        wire_wait(wire, WIRE_OCCUPIED, OCCUPIED_TIMEOUT_MS);
        wire_send(wire, text);
    } else if (is_same_page && hello->has_last_seq && session_can_replay(old, hello->last_seq)) {
        resume_session(wire, lobby, member);
    } else {
        start_session(wire, lobby, member, is_same_page);
    }
    if (wire->session)
        bind_session(wire->session, admission);
}

void admit_accept(Wire *wire, const SignalingAdmission *admission)
{
    switch (admission->kind) {
    case SIGNALING_KIND_DAY:
        admit_day(wire, admission);
        break;
    case SIGNALING_KIND_VISIT:
        admit_visit(wire, admission);
        break;
    }
}
