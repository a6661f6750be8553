// SPDX-License-Identifier: Apache-2.0
#include "fixture.h"

#include <string.h>

static const SignalingParticipant participants[] = {
    {"p-patient", SIGNALING_ROLE_PATIENT, "S. A.", NULL},
    {"p-doctor", SIGNALING_ROLE_DOCTOR, "dr. Rahmat H.", NULL},
};
/* What scheduling says of a visit with a guest. */
static const SignalingParticipant with_guest[] = {
    {"p-patient", SIGNALING_ROLE_PATIENT, "S. A.", NULL},
    {"p-doctor", SIGNALING_ROLE_DOCTOR, "dr. Rahmat H.", NULL},
    {"guest", SIGNALING_ROLE_GUEST, "", "interpreter"},
};
static const char *const topics[] = {"doctor:d1:2026-11-24", NULL};

static void on_send(gpointer conn, const char *text, gpointer user_data G_GNUC_UNUSED)
{
    FakeConn *fake = conn;
    assert_false(fake->is_gone);
    assert_int_equal(fake->close_code, 0);
    g_ptr_array_add(fake->texts, g_strdup(text));
}

static void on_close(gpointer conn, unsigned code, const char *reason G_GNUC_UNUSED,
                     gpointer user_data G_GNUC_UNUSED)
{
    FakeConn *fake = conn;
    assert_false(fake->is_gone);
    assert_int_equal(fake->close_code, 0);
    fake->close_code = code;
}

void fixture_admission(Fixture *fixture, const char *token, SignalingAdmission *ret_admission)
{
    unsigned n = g_str_has_prefix(token, "doctor") ? 1 : 0;
    *ret_admission = (SignalingAdmission){
        .kind = SIGNALING_KIND_VISIT,
        .participant_id = participants[n].id,
        .role = participants[n].role,
        .name = participants[n].name,
        .may_publish = true,
        .may_receive = true,
        .visit = &fixture->visit,
        .participants = participants,
        .n_participants = G_N_ELEMENTS(participants),
        .bound_to = n == 1 ? token : NULL,
    };
    if (g_str_has_prefix(token, "guest")) {
        ret_admission->participant_id = token;
        ret_admission->role = SIGNALING_ROLE_GUEST;
        ret_admission->name = "";
    }
    if (strcmp(token, "guest") == 0) {
        ret_admission->participants = with_guest;
        ret_admission->n_participants = G_N_ELEMENTS(with_guest);
    }
    if (strcmp(token, "day") == 0)
        *ret_admission = (SignalingAdmission){
            .kind = SIGNALING_KIND_DAY, .topics = topics, .bound_to = "doctor"};
}

static void on_authorize(SignalingRequest request, const char *token, const char *lang,
                         gpointer user_data)
{
    Fixture *fixture = user_data;
    SignalingAdmission admission;
    assert_true(strcmp(lang, "id") == 0 || strcmp(lang, "en") == 0);
    if (strcmp(token, "slow") == 0) {
        fixture->held = request;
    } else if (strcmp(token, "gone") == 0) {
        signaling_authorize_refuse(fixture->signaling, request, SIGNALING_CODE_LINK_INVALID, 0);
    } else if (strcmp(token, "early") == 0) {
        signaling_authorize_refuse(fixture->signaling, request, SIGNALING_CODE_TOO_EARLY, 777);
    } else if (strcmp(token, "broken") == 0) {
        signaling_authorize_refuse(fixture->signaling, request, SIGNALING_CODE_INTERNAL, 0);
    } else {
        fixture_admission(fixture, token, &admission);
        signaling_authorize_accept(fixture->signaling, request, &admission);
    }
}

static void on_intent(SignalingRequest request, const SignalingIntentCall *call, gpointer user_data)
{
    static const char *const names[] = {"ready", "call", "accept", "not-ready", "leave", "end"};
    Fixture *fixture = user_data;
    g_string_append_printf(
        fixture->events, "intent %s %s%s%s\n", call->participant_id, names[call->intent],
        call->intent == SIGNALING_INTENT_END ? " " : "",
        call->intent == SIGNALING_INTENT_END ? signaling_outcome_name(call->outcome) : "");
    if (fixture->hold_intents) {
        fixture->held_intent = request;
        return;
    }
    if (fixture->end_on_intent)
        fixture_set_phase(fixture, SIGNALING_PHASE_OVER, "done");
    signaling_intent_done(fixture->signaling, request, fixture->intent_code);
}

static void on_presence(const char *visit_id G_GNUC_UNUSED, const char *participant_id,
                        SignalingPresence presence, int64_t at_ms, gpointer user_data)
{
    Fixture *fixture = user_data;
    assert_int_equal(at_ms, clock_wall_ms(fixture->clock));
    g_string_append_printf(fixture->events, "presence %s %s\n", participant_id,
                           signaling_presence_name(presence));
}

static void on_media(const char *visit_id G_GNUC_UNUSED, const char *participant_id,
                     const char *endpoint_id, MediaKind kind, bool flowing,
                     int64_t at_ms G_GNUC_UNUSED, gpointer user_data)
{
    Fixture *fixture = user_data;
    assert_non_null(endpoint_id);
    assert_true(strlen(endpoint_id) > 0);
    g_string_append_printf(fixture->events, "media %s %s %s\n", participant_id,
                           media_kind_name(kind), flowing ? "on" : "off");
}

static void on_endpoint(const char *visit_id G_GNUC_UNUSED, const char *participant_id,
                        const char *endpoint_id G_GNUC_UNUSED, SignalingEndpointEvent event,
                        int64_t at_ms G_GNUC_UNUSED, gpointer user_data)
{
    Fixture *fixture = user_data;
    g_string_append_printf(fixture->events, "endpoint %s %s\n", participant_id,
                           signaling_endpoint_event_name(event));
}

static void on_sample(const char *visit_id G_GNUC_UNUSED, const char *participant_id,
                      const char *endpoint_id G_GNUC_UNUSED, const MediaSample *sample,
                      gpointer user_data)
{
    Fixture *fixture = user_data;
    g_string_append_printf(fixture->events, "sample %s%s\n", participant_id,
                           sample->is_final ? " final" : "");
}

static void on_link(const char *visit_id, const char *participant_id, gpointer user_data)
{
    Fixture *fixture = user_data;
    g_string_append_printf(
        fixture->events, "link %s %s\n", participant_id,
        signaling_link_name(signaling_link(fixture->signaling, visit_id, participant_id)));
}

static void on_issue(const char *participant_id, SignalingTurn *ret_turn, gpointer user_data)
{
    static const char *const urls[] = {"turn:turn.example", "turns:turn.example:443", NULL};
    Fixture *fixture = user_data;
    if (fixture->turn_ttl_ms == 0)
        return;
    *ret_turn = (SignalingTurn){
        .urls = urls,
        .username = g_strdup_printf("%s-%u", participant_id, ++fixture->n_turn_issued),
        .credential = g_strdup("secret"),
        .ttl_ms = fixture->turn_ttl_ms,
    };
}

int fixture_set_up(void **state)
{
    Fixture *fixture = g_new0(Fixture, 1);
    fixture->clock = clock_new_fake(1795500000000);
    fixture->context = g_main_context_new();
    fixture->conns = g_ptr_array_new();
    fixture->events = g_string_new(NULL);
    fixture->media = fake_media_new();
    fixture->visit = (SignalingVisit){
        .id = "v1",
        .code = "7KQM2",
        .starts_at_ms = 1795500000000,
        .facility = "Puskesmas Limboto",
        .clinic = "Poli Umum",
        .doctor = "dr. Rahmat H.",
        .phone = "0435-881234",
        .state = "checked_in",
        .phase = SIGNALING_PHASE_WAITING,
    };
    const SignalingOptions options = {
        .clock = fixture->clock,
        .context = fixture->context,
        .transport = {.send = on_send, .close = on_close},
        .hooks = {on_authorize, on_intent, on_presence, on_media, on_endpoint, on_sample, on_link,
                  fixture},
        .turn = {.issue = on_issue, .user_data = fixture},
    };
    fixture->signaling = signaling_new(&options);
    signaling_set_media(fixture->signaling, fixture->media);
    *state = fixture;
    return 0;
}

int fixture_tear_down(void **state)
{
    Fixture *fixture = *state;
    signaling_free(fixture->signaling);
    media_free(fixture->media);
    for (unsigned i = 0; i < fixture->conns->len; i++) {
        FakeConn *conn = fixture->conns->pdata[i];
        g_ptr_array_unref(conn->texts);
        json_decref(conn->last);
        g_free(conn);
    }
    g_ptr_array_unref(fixture->conns);
    g_string_free(fixture->events, TRUE);
    g_main_context_unref(fixture->context);
    clock_free(fixture->clock);
    g_free(fixture);
    return 0;
}

FakeConn *fixture_open(Fixture *fixture)
{
    FakeConn *conn = g_new0(FakeConn, 1);
    conn->texts = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(fixture->conns, conn);
    signaling_on_open(fixture->signaling, conn);
    return conn;
}

void fixture_close(Fixture *fixture, FakeConn *conn)
{
    signaling_on_close(fixture->signaling, conn);
    conn->is_gone = true;
}

void fixture_say(Fixture *fixture, FakeConn *conn, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    g_strdelimit(text, "'", '"');
    signaling_on_text(fixture->signaling, conn, text, strlen(text));
}

char *fixture_sdp(unsigned byte)
{
    GString *sdp = g_string_new("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"
                                "a=group:BUNDLE 0 1\r\na=ice-ufrag:abcd\r\n"
                                "a=ice-pwd:0123456789abcdefghijkl\r\na=setup:actpass\r\n"
                                "a=fingerprint:sha-256 ");
    for (unsigned i = 0; i < 32; i++)
        g_string_append_printf(sdp, "%s%02X", i == 0 ? "" : ":", byte & 0xff);
    g_string_append(sdp, "\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=sendrecv\r\n"
                         "a=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n"
                         "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=sendrecv\r\n"
                         "a=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\n");
    return g_string_free(sdp, FALSE);
}

void fixture_offer(Fixture *fixture, FakeConn *conn, int id, unsigned byte)
{
    g_autofree char *sdp = fixture_sdp(byte);
    json_t *object = json_pack("{s:s, s:i, s:s}", "type", "offer", "id", id, "sdp", sdp);
    char *text = json_dumps(object, 0);
    signaling_on_text(fixture->signaling, conn, text, strlen(text));
    free(text);
    json_decref(object);
}

json_t *fixture_expect(FakeConn *conn, const char *type)
{
    assert_true(conn->n_read < conn->texts->len);
    json_decref(conn->last);
    conn->last = json_loads(conn->texts->pdata[conn->n_read++], 0, NULL);
    assert_non_null(conn->last);
    assert_string_equal(fixture_text(conn->last, "type"), type);
    return conn->last;
}

void fixture_expect_nothing(const FakeConn *conn)
{
    if (conn->n_read < conn->texts->len)
        fail_msg("unexpected: %s", (const char *)conn->texts->pdata[conn->n_read]);
}

void fixture_skip(FakeConn *conn)
{
    conn->n_read = conn->texts->len;
}

const char *fixture_text(json_t *object, const char *name)
{
    json_t *value = json_object_get(object, name);
    assert_true(json_is_string(value));
    return json_string_value(value);
}

bool fixture_flag(json_t *object, const char *name)
{
    json_t *value = json_object_get(object, name);
    assert_true(json_is_boolean(value));
    return json_boolean_value(value);
}

FakeConn *fixture_join(Fixture *fixture, const char *token)
{
    FakeConn *conn = fixture_open(fixture);
    fixture_say(fixture, conn, "{'type': 'hello', 'token': '%s'}", token);
    fixture_expect(conn, "welcome");
    return conn;
}

void fixture_pass(Fixture *fixture, int64_t ms)
{
    for (; ms > 0; ms -= TICK_MS) {
        clock_advance(fixture->clock, MIN(ms, TICK_MS));
        signaling_tick(fixture->signaling);
    }
}

static void ping(Fixture *fixture, FakeConn *conn)
{
    fixture_say(fixture, conn, "{'type': 'ping', 'id': 1}");
    if (conn->n_read + 1 == conn->texts->len)
        fixture_expect(conn, "pong");
}

void fixture_pass_pinging(Fixture *fixture, int64_t ms, ...)
{
    g_autoptr(GPtrArray) conns = g_ptr_array_new();
    va_list args;
    va_start(args, ms);
    for (FakeConn *conn; (conn = va_arg(args, FakeConn *));)
        g_ptr_array_add(conns, conn);
    va_end(args);
    for (; ms > 0; ms -= 4000) {
        for (unsigned i = 0; i < conns->len; i++)
            ping(fixture, conns->pdata[i]);
        fixture_pass(fixture, MIN(ms, 4000));
    }
}

void fixture_set_phase(Fixture *fixture, SignalingPhase phase, const char *state)
{
    fixture->visit.phase = phase;
    fixture->visit.state = state;
    if (phase == SIGNALING_PHASE_OVER) {
        fixture->visit.ended_at_ms = clock_wall_ms(fixture->clock);
        fixture->visit.ended_by = "doctor";
    }
    signaling_visit_changed(fixture->signaling, &fixture->visit);
}

void fixture_expect_events(Fixture *fixture, const char *expected)
{
    assert_string_equal(fixture->events->str, expected);
    g_string_truncate(fixture->events, 0);
}
