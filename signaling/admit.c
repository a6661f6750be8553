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

static bool knows_resume(const Wire *wire, const Session *old)
{
    return old && secret_equal_text(wire->hello.resume, old->resume);
}

/* A page that has not read its `welcome` has no resume token to say, but the key of its early
 * offer is nobody else's either. */
static bool has_key(const Wire *wire, const Session *old)
{
    return old && secret_equal_text(wire->hello.early, old->early_key);
}

static bool knows_key(const Wire *wire, const Session *old)
{
    return has_key(wire, old) && wire->serial > old->wire_serial;
}

/* The page has opened another socket while this hello was on its way, and does not listen here. */
static bool is_given_up(const Wire *wire, const Session *old)
{
    return has_key(wire, old) && wire->serial < old->wire_serial;
}

/* Its peer connection lives: it says the last number it saw, or has yet to hear that its early
 * endpoint is its own. */
static bool is_alive(const Wire *wire, const Session *old)
{
    return knows_key(wire, old) || (knows_resume(wire, old) && wire->hello.has_last_seq);
}

/* design.md, 4: a second tab or device is asked first, unless the old socket has been silent. */
static bool is_occupied(const Wire *wire, const Session *old)
{
    bool is_same_page = knows_resume(wire, old) || knows_key(wire, old);
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

/* Ends what another page or an earlier life of the same page had. Of a page that is alive (its
 * buffer has run over, or its `welcome` was lost) the media endpoint lives on. One that starts
 * with the resume token alone has no peer connection any more; when its old socket is still there
 * it is a copy of the tab, which has the same token, and the older of the two must not fight for
 * the place. */
static Leg *replace_session(const Wire *wire, Session *old)
{
    bool lives_on = is_alive(wire, old);
    Wire *loser = old->wire;
    Leg *leg = NULL;
    if (lives_on) {
        leg = old->leg;
        old->leg = NULL;
    }
    if (loser && !lives_on) {
        session_send(old, message_write_replaced(session_next_seq(old)));
        wire->signaling->counters.replaced++;
    }
    if (loser)
        wire_close(loser, lives_on ? CLOSE_RESUMED : CLOSE_REPLACED, "replaced");
    session_end(old);
    return leg;
}

static void start_session(Wire *wire, Lobby *lobby, Member *member)
{
    const char *key = wire->hello.early;
    Session *old = member->session;
    bool is_its_key = knows_key(wire, old);
    Leg *leg = old ? replace_session(wire, old) : NULL;
    Session *session = session_new(wire->signaling);
    session->lobby = lobby;
    session->member = member;
    member->session = session;
    session_attach(session, wire);
    if (leg)
        leg_attach(leg, session, is_its_key ? key : NULL);
    else if (!leg_take_early(session, key))
        session->early_key = g_strdup(key);
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
    if (is_given_up(wire, old) || is_occupied(wire, old)) {
        g_autofree char *text = message_write_occupied();
        wire_wait(wire, WIRE_OCCUPIED, OCCUPIED_TIMEOUT_MS);
        wire_send(wire, text);
    } else if (knows_resume(wire, old) && hello->has_last_seq &&
               session_can_replay(old, hello->last_seq)) {
        resume_session(wire, lobby, member);
    } else {
        start_session(wire, lobby, member);
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
