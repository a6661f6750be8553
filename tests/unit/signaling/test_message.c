// SPDX-License-Identifier: Apache-2.0
#include "fixture.h"

#include "signaling/message.h"

#include <string.h>

static Message *read_text(const char *text)
{
    g_autofree char *quoted = g_strdup(text);
    g_strdelimit(quoted, "'", '"');
    return message_read(quoted, strlen(quoted));
}

static bool parses(bool (*parse)(const Message *, ClientMessage *), const char *text,
                   ClientMessage *ret)
{
    g_autoptr(Message) message = read_text(text);
    assert_non_null(message);
    return parse(message, ret);
}

static void only_objects_with_a_type_are_messages(void **state G_GNUC_UNUSED)
{
    static const char *const bad[] = {
        "",
        "[]",
        "3",
        "{}",
        "{'type': 1}",
        "{'type': 'a', 'type': 'b'}",
        "{'type': 'a'} x",
        "{'type': 'a\\u0000b'}",
        "{'type'",
        "{'type': null}",
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++)
        assert_null(read_text(bad[i]));
    g_autoptr(Message) good = read_text("{'type': 'ping', 'more': {'a': [1]}}");
    assert_string_equal(message_type(good), "ping");
    assert_null(message_read("{\"type\":\"a\xff\"}", 13));
}

static void deep_and_long_texts_are_refused(void **state G_GNUC_UNUSED)
{
    for (unsigned depth = LIMIT_JSON_DEPTH - 1; depth <= LIMIT_JSON_DEPTH; depth++) {
        GString *text = g_string_new("{\"type\": \"a\", \"b\": ");
        for (unsigned i = 0; i < depth; i++)
            g_string_append_c(text, '[');
        for (unsigned i = 0; i < depth; i++)
            g_string_append_c(text, ']');
        g_string_append_c(text, '}');
        g_autoptr(Message) message = message_read(text->str, text->len);
        assert_true((message != NULL) == (depth < LIMIT_JSON_DEPTH));
        g_string_free(text, TRUE);
    }
    g_autofree char *many = g_strnfill(100000, '[');
    assert_null(message_read(many, LIMIT_WS_MESSAGE_BYTES));
    /* Brackets within a string are not levels. */
    g_autoptr(Message) brackets = read_text("{'type': 'a', 'b': '[[[[[[[[[[[[[[[[[[\\\\'}");
    assert_non_null(brackets);
    GString *large = g_string_new("{\"type\": \"a\", \"b\": \"");
    while (large->len < LIMIT_WS_MESSAGE_BYTES - 2)
        g_string_append_c(large, 'x');
    g_string_append(large, "\"}");
    g_autoptr(Message) fits = message_read(large->str, large->len);
    assert_non_null(fits);
    g_string_insert_c(large, (gssize)large->len - 3, 'x');
    assert_null(message_read(large->str, large->len));
    g_string_free(large, TRUE);
}

static void hello_fields(void **state G_GNUC_UNUSED)
{
    ClientMessage message;
    g_autoptr(Message) all =
        read_text("{'type': 'hello', 'token': 't', 'resume': 'r', 'last_seq': 12, "
                  "'take_over': true, 'lang': 'en', 'rtt_ms': 180.4}");
    assert_true(message_parse_hello(all, &message));
    assert_string_equal(message.hello.token, "t");
    assert_string_equal(message.hello.resume, "r");
    assert_true(message.hello.has_last_seq && message.hello.last_seq == 12);
    assert_true(message.hello.take_over);
    assert_string_equal(message.hello.lang, "en");
    assert_int_equal(message.hello.rtt_ms, 180);

    assert_true(
        parses(message_parse_hello, "{'type': 'hello', 'token': 't', 'lang': 'fr'}", &message));
    assert_string_equal(message.hello.lang, "id");
    assert_null(message.hello.resume);
    assert_false(message.hello.has_last_seq || message.hello.take_over);

    static const char *const bad[] = {
        "{'type': 'hello'}",
        "{'type': 'hello', 'token': 3}",
        "{'type': 'hello', 'token': 't', 'resume': 3}",
        "{'type': 'hello', 'token': 't', 'last_seq': '3'}",
        "{'type': 'hello', 'token': 't', 'last_seq': -1}",
        "{'type': 'hello', 'token': 't', 'take_over': 1}",
        "{'type': 'hello', 'token': 't', 'rtt_ms': 'fast'}",
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++)
        assert_false(parses(message_parse_hello, bad[i], &message));
    assert_true(
        parses(message_parse_hello, "{'type': 'hello', 'token': 't', 'rtt_ms': 1e300}", &message));
    assert_int_equal(message.hello.rtt_ms, 60000);
}

static void other_fields(void **state G_GNUC_UNUSED)
{
    ClientMessage message;
    assert_true(parses(message_parse_ping, "{'type': 'ping', 'id': 7}", &message));
    assert_int_equal(message.ping.id, 7);
    assert_false(parses(message_parse_ping, "{'type': 'ping', 'id': 'a'}", &message));
    assert_false(parses(message_parse_offer, "{'type': 'offer', 'sdp': 'v=0'}", &message));
    assert_false(parses(message_parse_offer, "{'type': 'offer', 'id': 1}", &message));
    assert_false(parses(message_parse_offer,
                        "{'type': 'offer', 'id': 1, 'sdp': 'v', 'passive': 'yes'}", &message));
    assert_true(parses(message_parse_devices, "{'type': 'd', 'audio': 'none', 'video': 'denied'}",
                       &message));
    assert_int_equal(message.devices.audio, DEVICE_NONE);
    assert_int_equal(message.devices.video, DEVICE_DENIED);
    assert_false(parses(message_parse_devices, "{'type': 'd', 'audio': 'on'}", &message));
    assert_true(parses(message_parse_pin, "{'type': 'pin', 'participant': 'p1'}", &message));
    assert_non_null(message.pin.participant);
    assert_true(parses(message_parse_pin, "{'type': 'pin', 'participant': null}", &message));
    assert_null(message.pin.participant);
    assert_false(parses(message_parse_pin, "{'type': 'pin', 'participant': ['p1']}", &message));
    assert_true(
        parses(message_parse_end, "{'type': 'end', 'outcome': 'no_show_patient'}", &message));
    assert_int_equal(message.end.outcome, SIGNALING_OUTCOME_NO_SHOW_PATIENT);
    assert_false(parses(message_parse_end, "{'type': 'end'}", &message));
}

static void a_hint_names_everything_an_encoder_is_asked_for(void **state G_GNUC_UNUSED)
{
    const MediaHint hint = {
        .audio_bps = 12000,
        .ptime_ms = 60,
        .audio_red = true,
        .audio_reach = 8,
        .jitter_ms = 140,
        .jitter_video_ms = 200,
        .video_bps = 20000,
        .video_height = 90,
        .video_fps_tenths = 2,
        .video_stills = true,
    };
    g_autofree char *text = message_write_hint(4, &hint);
    assert_string_equal(text, "{\"type\":\"hint\",\"seq\":4,"
                              "\"audio\":{\"bitrate\":12000,\"ptime\":60,\"fec\":false,"
                              "\"red\":true,\"reach\":8},\"jitter\":140,\"jitter_video\":200,"
                              "\"video\":{\"bitrate\":20000,\"height\":90,\"fps\":0.2,"
                              "\"stills\":true,\"layers\":false,\"small_bitrate\":0}}");
    MediaHint three = hint;
    three.n_holds = 2;
    three.holds[0] = (MediaHold){"0", 60};
    three.holds[1] = (MediaHold){"a4", 0};
    g_autofree char *of_each = message_write_hint(4, &three);
    assert_non_null(
        strstr(of_each, "\"jitter\":140,\"jitter_of\":{\"0\":60,\"a4\":0},\"jitter_video\":200"));
    g_autofree char *picture = message_write_picture(5, "1", MEDIA_PICTURE_SENDER_LINK);
    assert_string_equal(picture, "{\"type\":\"picture\",\"seq\":5,\"mid\":\"1\","
                                 "\"state\":\"sender-link\"}");
}

static void names_that_are_not_utf8_still_give_json(void **state G_GNUC_UNUSED)
{
    const ParticipantView view = {.id = "p", .name = "a\xff\"\n", .role = SIGNALING_ROLE_GUEST};
    g_autofree char *text = message_write_participant(3, &view, "joined");
    json_t *object = json_loads(text, 0, NULL);
    assert_non_null(object);
    json_t *participant = json_object_get(object, "participant");
    assert_string_equal(fixture_text(participant, "name"), "a\xef\xbf\xbd\"\n");
    assert_string_equal(fixture_text(participant, "role"), "guest");
    json_decref(object);
}

static void every_code_has_a_name_and_two_sentences(void **state G_GNUC_UNUSED)
{
    for (unsigned i = SIGNALING_CODE_NONE + 1; i < SIGNALING_N_CODES; i++) {
        SignalingCode code = (SignalingCode)i;
        assert_non_null(signaling_code_name(code));
        assert_true(strlen(signaling_code_text(code, "id")) > 10);
        assert_true(strlen(signaling_code_text(code, "en")) > 10);
        assert_string_not_equal(signaling_code_text(code, "id"), signaling_code_text(code, "en"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_objects_with_a_type_are_messages),
        cmocka_unit_test(deep_and_long_texts_are_refused),
        cmocka_unit_test(hello_fields),
        cmocka_unit_test(other_fields),
        cmocka_unit_test(a_hint_names_everything_an_encoder_is_asked_for),
        cmocka_unit_test(names_that_are_not_utf8_still_give_json),
        cmocka_unit_test(every_code_has_a_name_and_two_sentences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
