// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <glib/gstdio.h>
#include <string.h>

#include "server/base/error.h"
#include "server/turn.h"

#define SECRET "an example secret of 36 characters.."
#define FILE_SECRET "0123456789abcdef0123456789abcdef"

static void known_password(void **state)
{
    (void)state;
    /* printf %s NAME | openssl dgst -sha1 -hmac SECRET -binary | base64 */
    g_autofree char *password = turn_password(SECRET, "1795503600:3f9a0c5d7e1b2468");
    assert_string_equal(password, "lzTy2+VwgANgv6APZNzL2vNXEPA=");
}

static void urls_that_are_taken(void **state)
{
    (void)state;
    g_auto(GStrv) urls = turn_urls_parse("turn:turn.example.go.id, turns:192.0.2.1:443,"
                                         "turn:[2001:db8::1]:3478?transport=udp ,"
                                         "turns:t:1?transport=tcp",
                                         NULL);
    assert_non_null(urls);
    assert_int_equal(g_strv_length(urls), TURN_MAX_URLS);
    assert_string_equal(urls[0], "turn:turn.example.go.id");
    assert_string_equal(urls[2], "turn:[2001:db8::1]:3478?transport=udp");
}

static void urls_that_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *word;
    } cases[] = {
        {"", "at least one"},
        {"stun:turn.example", "turn:"},
        {"https://turn.example", "turn:"},
        {"TURN:turn.example", "turn:"},
        {"turn:", "host"},
        {"turn:user@turn.example", "host"},
        {"turn://turn.example", "host"},
        {"turn:-turn.example", "host"},
        {"turn:turn..example-", "host"},
        {"turn:2001:db8::1", "port"},
        {"turn:[2001:db8::1", "host"},
        {"turn:[turn.example]", "host"},
        {"turn:turn.example:0", "port"},
        {"turn:turn.example:65536", "port"},
        {"turn:turn.example:", "port"},
        {"turn:turn.example:99999999999999999999", "port"},
        {"turn:turn.example/x", "host"},
        {"turn:turn.example:3478/x", "transport"},
        {"turn:turn.example?transport=sctp", "transport"},
        {"turn:turn.example?transport=udp&x", "transport"},
        {"turns:turn.example?transport=udp", "TLS over UDP"},
        {"turn:a,,turn:b", "turn:"},
        {"turn:a,turn:b,turn:c,turn:d,turn:e", "one too many"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_auto(GStrv) urls = turn_urls_parse(cases[i].text, &error);
        if (urls || !g_error_matches(error, BASE_ERROR, BASE_ERROR_INVALID) ||
            !strstr(error->message, cases[i].word))
            fail_msg("\"%s\": %s", cases[i].text, error ? error->message : "taken");
    }
    g_autofree char *name = g_strnfill(254, 'a');
    g_autofree char *url = g_strconcat("turn:", name, NULL);
    assert_null(turn_urls_parse(url, NULL));
}

/* A file of its own for each test. */
static int set_up(void **state)
{
    char *path = NULL;
    int fd = g_file_open_tmp("huyula-turn-XXXXXX", &path, NULL);
    *state = path;
    return fd >= 0 && g_close(fd, NULL) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)g_unlink(*state);
    g_free(*state);
    return 0;
}

static void secrets_that_are_taken_and_refused(void **state)
{
    static const struct {
        const char *text;
        bool fits;
    } cases[] = {
        {FILE_SECRET "\n", true},
        {FILE_SECRET, true},
        {"", false},
        {"\n", false},
        {"0123456789abcdef0123456789abcde\n", false},
        {FILE_SECRET "\n\n", false},
        {FILE_SECRET "\r\n", false},
        {"0123456789abcdef 0123456789abcdef\n", false},
        {"0123456789abcdef\xc3\xa9"
         "0123456789abcdef\n",
         false},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        assert_true(g_file_set_contents(*state, cases[i].text, -1, NULL));
        g_autofree char *secret = turn_secret_load(*state, &error);
        assert_int_equal(secret != NULL, cases[i].fits);
        if (secret)
            assert_string_equal(secret, FILE_SECRET);
        else
            assert_null(strstr(error->message, "0123"));
    }
    g_autofree char *most = g_strnfill(TURN_MAX_SECRET + 1, 'x');
    assert_true(g_file_set_contents(*state, most, -1, NULL));
    assert_null(turn_secret_load(*state, NULL));
    assert_null(turn_secret_load("/nonexistent/secret", NULL));
}

static char *issued_name(Turn *turn, const char *participant_id)
{
    SignalingTurn issued;
    turn_issue(participant_id, &issued, turn);
    g_autofree char *password = turn_password(FILE_SECRET, issued.username);
    assert_string_equal(issued.credential, password);
    assert_string_equal(issued.urls[0], "turns:turn.example");
    assert_null(issued.urls[1]);
    assert_int_equal(issued.ttl_ms, 600 * 1000);
    secret_text_free(issued.credential);
    return issued.username;
}

static void names_hold_their_end_and_nothing_of_the_person(void **state)
{
    g_autoptr(SecretBox) box = secret_box_new_random(), other_box = secret_box_new_random();
    Clock *clock = clock_new_fake(1795500000999);
    TurnOptions options = {.urls = "turns:turn.example",
                           .secret_path = *state,
                           .ttl_s = 600,
                           .box = box,
                           .clock = clock};
    assert_true(g_file_set_contents(*state, FILE_SECRET "\n", -1, NULL));
    g_autoptr(Turn) turn = turn_new(&options, NULL);
    options.box = other_box;
    g_autoptr(Turn) other = turn_new(&options, NULL);
    assert_non_null(turn);
    assert_non_null(other);
    g_autofree char *siti = issued_name(turn, "siti"), *yusuf = issued_name(turn, "yusuf");
    g_autofree char *elsewhere = issued_name(other, "siti");
    assert_int_equal(strlen(siti), strlen("1795500600:") + 16);
    assert_true(g_str_has_prefix(siti, "1795500600:"));
    assert_null(strstr(siti, "siti"));
    assert_string_not_equal(siti, yusuf);
    assert_string_not_equal(siti, elsewhere);

    /* The quota counts a person: the same name after the end, whatever that is. */
    clock_advance(clock, 60000);
    g_autofree char *later = issued_name(turn, "siti");
    assert_true(g_str_has_prefix(later, "1795500660:"));
    assert_string_equal(strchr(later, ':'), strchr(siti, ':'));
    clock_free(clock);
}

static void what_is_wrong_stops_the_start(void **state)
{
    g_autoptr(SecretBox) box = secret_box_new_random();
    TurnOptions options = {.urls = "turn:", .secret_path = *state, .ttl_s = 600, .box = box};
    assert_true(g_file_set_contents(*state, FILE_SECRET, -1, NULL));
    assert_null(turn_new(&options, NULL));
    options.urls = "turn:turn.example";
    assert_true(g_file_set_contents(*state, "short", -1, NULL));
    assert_null(turn_new(&options, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_password),
        cmocka_unit_test(urls_that_are_taken),
        cmocka_unit_test(urls_that_are_refused),
        cmocka_unit_test_setup_teardown(secrets_that_are_taken_and_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_hold_their_end_and_nothing_of_the_person, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_is_wrong_stops_the_start, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
