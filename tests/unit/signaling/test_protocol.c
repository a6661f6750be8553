// SPDX-License-Identifier: Apache-2.0
/* Holds signaling/protocol.md and the code together: message names in both directions, examples,
 * the table of error codes. */
#include "fixture.h"

#include "signaling/dispatch.h"

#include <string.h>

/* The text between the lines "## FROM" and the next "## ". */
static char *chapter(const char *from)
{
    g_autofree char *text = NULL;
    assert_true(g_file_get_contents(PROTOCOL_MD, &text, NULL, NULL));
    g_autofree char *title = g_strdup_printf("\n## %s\n", from);
    const char *start = strstr(text, title);
    assert_non_null(start);
    start += strlen(title);
    const char *end = strstr(start, "\n## ");
    return end ? g_strndup(start, (size_t)(end - start)) : g_strdup(start);
}

/* "### name" headings of a chapter. */
static GPtrArray *headings(const char *text)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (const char *at = text; (at = strstr(at, "### ")); at++)
        g_ptr_array_add(names, g_strndup(at + 4, strcspn(at + 4, "\n")));
    return names;
}

/* The JSON example under "### name". */
static char *example(const char *text, const char *name)
{
    g_autofree char *heading = g_strdup_printf("### %s\n", name);
    const char *at = strstr(text, heading);
    assert_non_null(at);
    at = strstr(at, "```json\n");
    assert_non_null(at);
    at += strlen("```json\n");
    const char *end = strstr(at, "\n```");
    assert_non_null(end);
    return g_strndup(at, (size_t)(end - at));
}

static void the_dispatch_table_is_the_document(void **state G_GNUC_UNUSED)
{
    g_autofree char *text = chapter("Client to server");
    g_autoptr(GPtrArray) names = headings(text);
    unsigned n_rows;
    const DispatchRow *rows = dispatch_rows(&n_rows);
    assert_int_equal(names->len, n_rows);
    for (unsigned i = 0; i < names->len; i++)
        assert_string_equal(names->pdata[i], rows[i].type);
}

static void every_example_of_a_client_is_accepted(void **state G_GNUC_UNUSED)
{
    g_autofree char *text = chapter("Client to server");
    unsigned n_rows;
    const DispatchRow *rows = dispatch_rows(&n_rows);
    for (unsigned i = 0; i < n_rows; i++) {
        g_autofree char *json = example(text, rows[i].type);
        g_autoptr(Message) message = message_read(json, strlen(json));
        ClientMessage fields;
        assert_non_null(message);
        assert_string_equal(message_type(message), rows[i].type);
        assert_true(rows[i].parse(message, &fields));
    }
}

static void the_servers_messages_are_the_document(void **state G_GNUC_UNUSED)
{
    g_autofree char *text = chapter("Server to client");
    g_autoptr(GPtrArray) names = headings(text);
    assert_int_equal(names->len, SERVER_N_MESSAGES);
    for (unsigned i = 0; i < names->len; i++)
        assert_string_equal(names->pdata[i], server_message_name((ServerMessage)i));
}

/* Every name in A, at every level, is in B; arrays are compared by their first element. */
static void same_names(json_t *a, json_t *b, const char *where)
{
    const char *name;
    json_t *value;
    if (json_is_array(a) && json_array_size(a) > 0)
        same_names(json_array_get(a, 0), json_array_get(b, 0), where);
    json_object_foreach(a, name, value)
    {
        json_t *other = json_object_get(b, name);
        if (!other)
            fail_msg("%s: %s is in only one of document and code", where, name);
        if (!json_is_null(value) && !json_is_null(other))
            same_names(value, other, where);
    }
}

static void check_written(const char *text, ServerMessage type, char *written)
{
    const char *name = server_message_name(type);
    g_autofree char *json = example(text, name);
    json_t *documented = json_loads(json, 0, NULL);
    json_t *real = json_loads(written, 0, NULL);
    assert_non_null(documented);
    assert_non_null(real);
    assert_string_equal(fixture_text(documented, "type"), name);
    same_names(documented, real, name);
    same_names(real, documented, name);
    json_decref(documented);
    json_decref(real);
    g_free(written);
}

static void every_message_of_the_server_has_the_documented_fields(void **state G_GNUC_UNUSED)
{
    const SignalingVisit visit = {.id = "v", .state = "checked_in", .in_queue = true};
    const ParticipantView view = {.id = "p", .name = "n"};
    const StreamView streams[] = {{"0", "p"}, {"1", NULL}};
    const MediaHint hint = {.audio_bps = 1, .n_holds = 1, .holds = {{.mid = "4", .ms = 60}}};
    const MessageError error = {
        .seq = 1, .of = "offer", .has_id = true, .code = SIGNALING_CODE_BAD_OFFER};
    static const char *const urls[] = {"turns:turn.example", NULL};
    char name[] = "u", password[] = "c";
    const SignalingTurn turn = {.urls = urls, .username = name, .credential = password};
    const MessageWelcome welcome = {
        .seq = 1,
        .resume = "r",
        .participant_id = "p",
        .visit = &visit,
        .others = &view,
        .n_others = 1,
        .turn = &turn,
    };
    g_autofree char *text = chapter("Server to client");
    check_written(text, SERVER_MESSAGE_WELCOME, message_write_welcome(&welcome));
    check_written(text, SERVER_MESSAGE_ICE_SERVERS, message_write_ice_servers(&turn));
    check_written(text, SERVER_MESSAGE_VISIT, message_write_visit(1, &visit));
    check_written(text, SERVER_MESSAGE_PARTICIPANT, message_write_participant(1, &view, "joined"));
    check_written(text, SERVER_MESSAGE_ANSWER, message_write_answer(1, 1, "v=0"));
    check_written(text, SERVER_MESSAGE_STREAMS, message_write_streams(1, streams, 2));
    check_written(text, SERVER_MESSAGE_ROOM, message_write_room(1, 2));
    check_written(text, SERVER_MESSAGE_HINT, message_write_hint(1, &hint));
    check_written(text, SERVER_MESSAGE_PICTURE,
                  message_write_picture(1, "1", MEDIA_PICTURE_MOVING));
    const MessageGroup group = {.is_muted = true};
    check_written(text, SERVER_MESSAGE_GROUP, message_write_group(8, &group));
    check_written(text, SERVER_MESSAGE_DAY_CHANGED, message_write_day_changed(1, "v"));
    check_written(text, SERVER_MESSAGE_OCCUPIED, message_write_occupied());
    check_written(text, SERVER_MESSAGE_REPLACED, message_write_replaced(1));
    check_written(text, SERVER_MESSAGE_ENDED, message_write_ended(1, "done", "doctor"));
    check_written(text, SERVER_MESSAGE_RESTARTING, message_write_restarting(1, 1));
    check_written(text, SERVER_MESSAGE_PONG, message_write_pong(1, 1));
    check_written(text, SERVER_MESSAGE_ERROR, message_write_error(&error));
}

static void the_table_of_codes_is_the_enum(void **state G_GNUC_UNUSED)
{
    g_autofree char *text = chapter("Server to client");
    const char *at = strstr(text, "\n| code | fatal |");
    assert_non_null(at);
    unsigned n = SIGNALING_CODE_NONE;
    while ((at = strstr(at, "\n| `"))) {
        at += strlen("\n| `");
        g_autofree char *name = g_strndup(at, strcspn(at, "`"));
        at += strlen(name);
        n++;
        assert_true(n < SIGNALING_N_CODES);
        assert_string_equal(name, signaling_code_name((SignalingCode)n));
        assert_true(g_str_has_prefix(at, "` | yes |") == signaling_code_is_fatal((SignalingCode)n));
    }
    assert_int_equal(n + 1, SIGNALING_N_CODES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_dispatch_table_is_the_document),
        cmocka_unit_test(every_example_of_a_client_is_accepted),
        cmocka_unit_test(the_servers_messages_are_the_document),
        cmocka_unit_test(every_message_of_the_server_has_the_documented_fields),
        cmocka_unit_test(the_table_of_codes_is_the_enum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
