// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/base/cmocka_all.h"

#include <string.h>
#include <unistd.h>

#include "server/base/log.h"

/* Standard error goes into a pipe between the two calls. */
typedef struct {
    int saved_fd;
    int read_fd;
} Capture;

static Capture capture_start(void)
{
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    Capture capture = {.saved_fd = dup(STDERR_FILENO), .read_fd = fds[0]};
    assert_true(dup2(fds[1], STDERR_FILENO) >= 0);
    (void)close(fds[1]);
    return capture;
}

static char *capture_end(Capture *capture)
{
    assert_true(dup2(capture->saved_fd, STDERR_FILENO) >= 0);
    (void)close(capture->saved_fd);
    char buffer[4096];
    ssize_t n = read(capture->read_fd, buffer, sizeof buffer);
    (void)close(capture->read_fd);
    return g_strndup(buffer, n > 0 ? (gsize)n : 0);
}

static void assert_time(const char *text)
{
    assert_true(
        g_regex_match_simple("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z", text, 0, 0));
}

static void text_line(void **state)
{
    (void)state;
    log_set_up(LOG_LEVEL_INFO, LOG_FORMAT_TEXT);
    Capture capture = capture_start();
    log_debug("not written");
    log_info("visit admitted", "visit", "01abc", "port", LOG_INT(-8443), "none", NULL, "odd",
             "a b\n\"c\"", "empty", "", "control", "x\x01");
    g_autofree char *line = capture_end(&capture);
    assert_time(line);
    assert_string_equal(line + 24, " info  visit admitted visit=01abc port=-8443 none=- "
                                   "odd=\"a b\\n\\\"c\\\"\" empty=\"\" control=\"x\\u0001\"\n");
}

static void json_line(void **state)
{
    (void)state;
    log_set_up(LOG_LEVEL_DEBUG, LOG_FORMAT_JSON);
    Capture capture = capture_start();
    log_debug("a \"quoted\" message", "key", "back\\slash\ttab", "none", NULL, "bytes", "\xff!");
    g_autofree char *line = capture_end(&capture);
    assert_memory_equal(line, "{\"time\":\"", 9);
    assert_time(line + 9);
    assert_string_equal(
        line + 9 + 24, "\",\"level\":\"debug\",\"message\":\"a \\\"quoted\\\" message\",\"key\":"
                       "\"back\\\\slash\\u0009tab\",\"none\":\"-\",\"bytes\":\"\xef\xbf\xbd!\"}\n");
    log_set_up(LOG_LEVEL_INFO, LOG_FORMAT_TEXT);
}

static void level_names(void **state)
{
    (void)state;
    LogLevel level = LOG_LEVEL_DEBUG;
    assert_true(log_level_parse("error", &level));
    assert_int_equal(level, LOG_LEVEL_ERROR);
    assert_true(log_level_parse("warn", &level));
    assert_int_equal(level, LOG_LEVEL_WARN);
    assert_false(log_level_parse("loud", &level));
    assert_false(log_level_parse(NULL, &level));
    assert_int_equal(level, LOG_LEVEL_WARN);
}

static void strangers_lines_are_limited(void **state)
{
    (void)state;
    LogLimit limit = {0};
    unsigned n_suppressed = 99;
    int64_t now_us = 0;
    assert_true(log_allowed(&limit, now_us, 2, &n_suppressed));
    assert_int_equal(n_suppressed, 0);
    assert_true(log_allowed(&limit, now_us, 2, &n_suppressed));
    for (int i = 0; i < 5; i++)
        assert_false(log_allowed(&limit, now_us + i, 2, &n_suppressed));
    now_us += (int64_t)60 * G_USEC_PER_SEC;
    assert_true(log_allowed(&limit, now_us, 2, &n_suppressed));
    assert_int_equal(n_suppressed, 5);
    assert_true(log_allowed(&limit, now_us, 2, &n_suppressed));
    assert_int_equal(n_suppressed, 0);
    assert_false(log_allowed(&limit, now_us, 2, &n_suppressed));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_line),
        cmocka_unit_test(json_line),
        cmocka_unit_test(level_names),
        cmocka_unit_test(strangers_lines_are_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
