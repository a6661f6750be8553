// SPDX-License-Identifier: Apache-2.0
/* The file that stands for an SMS gateway: each key once, whole lines only, for its owner alone. */
#include "server/portal/notification_log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

static const int64_t now_ms = INT64_C(1795570200000);

typedef struct {
    char *folder, *path, *aside;
} Place;

static int set_up(void **state)
{
    Place *place = g_new0(Place, 1);
    place->folder = g_dir_make_tmp("huyula-outbox-XXXXXX", NULL);
    place->path = g_build_filename(place->folder, "outbox.log", NULL);
    place->aside = g_build_filename(place->folder, "outbox.log.1", NULL);
    *state = place;
    return place->folder ? 0 : -1;
}

static int tear_down(void **state)
{
    Place *place = *state;
    g_unlink(place->path);
    g_unlink(place->aside);
    g_rmdir(place->path);
    g_rmdir(place->folder);
    g_free(place->folder);
    g_free(place->path);
    g_free(place->aside);
    g_free(place);
    return 0;
}

static void add(GPtrArray *deliveries, unsigned n, unsigned attempt)
{
    Delivery *delivery = g_new0(Delivery, 1);
    delivery->id = g_strdup_printf("01h%023u", n);
    delivery->kind = NOTIFICATION_SOON;
    delivery->visit_id = g_strdup("01hzzzzzzzzzzzzzzzzzzzzzzz");
    delivery->attempt = attempt;
    delivery->to = g_strdup("+6281234567890");
    delivery->text = g_strdup("Sebentar lagi \"di sini\"\n");
    g_ptr_array_add(deliveries, delivery);
}

static GPtrArray *some(unsigned n, unsigned attempt)
{
    GPtrArray *deliveries = g_ptr_array_new_with_free_func((GDestroyNotify)delivery_free);
    add(deliveries, n, attempt);
    return deliveries;
}

static void assert_delivers(const Place *place, unsigned n, unsigned attempt)
{
    g_autoptr(GPtrArray) deliveries = some(n, attempt);
    notification_log_deliver(place->path, now_ms, deliveries);
    const Delivery *delivery = deliveries->pdata[0];
    assert_null(delivery->failure);
}

static char *content(const char *path)
{
    char *text = NULL;
    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    return text;
}

static const char line_1[] =
    "{\"key\":\"01h00000000000000000000001\",\"at_ms\":1795570200000,\"kind\":\"soon\",\"visit\":"
    "\"01hzzzzzzzzzzzzzzzzzzzzzzz\",\"lang\":\"id\",\"to\":\"+6281234567890\",\"text\":"
    "\"Sebentar lagi \\\"di sini\\\"\\n\"}\n";

static void test_one_line_each(void **state)
{
    Place *place = *state;
    struct stat info;
    assert_delivers(place, 1, 1);
    g_autofree char *first = content(place->path);
    assert_string_equal(first, line_1);
    assert_int_equal(stat(place->path, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0600);
    assert_int_equal(chmod(place->path, 0644), 0);
    assert_delivers(place, 2, 1);
    assert_int_equal(stat(place->path, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0600);
}

static void test_a_key_is_written_once(void **state)
{
    Place *place = *state;
    assert_delivers(place, 1, 1);
    assert_delivers(place, 1, 2);
    g_autofree char *text = content(place->path);
    assert_string_equal(text, line_1);
    assert_delivers(place, 2, 3);
    g_autofree char *both = content(place->path);
    assert_int_equal(strlen(both), 2 * strlen(line_1));
}

/* Of a line that was cut short its key was not handed over. */
static void test_a_torn_line_goes(void **state)
{
    Place *place = *state;
    g_autofree char *torn = g_strconcat(line_1, line_1, NULL);
    memcpy(torn + strlen(line_1) + strlen("{\"key\":\"01h0000000000000000000000"), "2", 1);
    for (size_t cut = 1; cut < strlen(line_1); cut += 7) {
        assert_true(g_file_set_contents(place->path, torn, (gssize)(strlen(torn) - cut), NULL));
        assert_delivers(place, 2, 2);
        g_autofree char *text = content(place->path);
        assert_int_equal(strlen(text), 2 * strlen(line_1));
        assert_memory_equal(text, line_1, strlen(line_1));
    }
}

static void test_a_large_file_is_put_aside(void **state)
{
    Place *place = *state;
    assert_true(g_file_set_contents(place->path, line_1, -1, NULL));
    g_autofree char *filler = g_strnfill(NOTIFICATION_LOG_MAX_BYTES - strlen(line_1) - 1, 'x');
    g_autofree char *full = g_strconcat(line_1, filler, "\n", NULL);
    assert_true(g_file_set_contents(place->path, full, -1, NULL));
    assert_delivers(place, 2, 1);
    assert_delivers(place, 1, 2); /* known from the one before */
    g_autofree char *text = content(place->path);
    assert_int_equal(strlen(text), strlen(line_1));
    assert_non_null(strstr(text, "00002\""));
}

static void test_what_cannot_be_written_says_so(void **state)
{
    Place *place = *state;
    assert_int_equal(g_mkdir(place->path, 0700), 0);
    g_autoptr(GPtrArray) deliveries = some(1, 1);
    add(deliveries, 2, 1);
    notification_log_deliver(place->path, now_ms, deliveries);
    for (unsigned i = 0; i < 2; i++) {
        const Delivery *delivery = deliveries->pdata[i];
        assert_non_null(delivery->failure);
        assert_true(g_str_has_prefix(delivery->failure, "log: cannot open: "));
    }
    g_rmdir(place->path);
    g_autofree char *elsewhere = g_build_filename(place->folder, "elsewhere", NULL);
    assert_int_equal(symlink(elsewhere, place->path), 0);
    notification_log_deliver(place->path, now_ms, deliveries);
    assert_non_null(((Delivery *)deliveries->pdata[0])->failure);
    assert_false(g_file_test(elsewhere, G_FILE_TEST_EXISTS));
}

static unsigned forget(const Place *place, int64_t at_ms)
{
    unsigned n_files = 77;
    g_autoptr(GError) error = NULL;
    assert_true(notification_log_forget(place->path, at_ms, 1000, &n_files, &error));
    return n_files;
}

/* Half a term in the file, half aside; then it is nowhere. */
static void test_what_was_said_long_ago_goes(void **state)
{
    Place *place = *state;
    assert_int_equal(forget(place, now_ms), 0); /* there is none */
    assert_delivers(place, 1, 1);
    assert_int_equal(forget(place, now_ms + 499), 0);
    assert_int_equal(forget(place, now_ms + 500), 1);
    assert_false(g_file_test(place->path, G_FILE_TEST_EXISTS));
    g_autofree char *text = content(place->aside);
    assert_string_equal(text, line_1);
    assert_int_equal(forget(place, now_ms + 999), 0);
    assert_true(g_file_test(place->aside, G_FILE_TEST_EXISTS));
    assert_int_equal(forget(place, now_ms + 1000), 1);
    assert_false(g_file_test(place->aside, G_FILE_TEST_EXISTS));
    assert_int_equal(forget(place, now_ms + 2000), 0);
}

/* Lines of before say no time: that of the file stands for it. */
static void test_a_file_of_before_goes_by_its_own_time(void **state)
{
    Place *place = *state;
    static const char old[] = "{\"key\":\"01h00000000000000000000001\",\"kind\":\"soon\"}\n";
    assert_true(g_file_set_contents(place->path, old, -1, NULL));
    const struct utimbuf then = {.actime = now_ms / 1000, .modtime = now_ms / 1000};
    assert_int_equal(g_utime(place->path, (struct utimbuf *)&then), 0);
    assert_int_equal(forget(place, now_ms + 499), 0);
    assert_int_equal(forget(place, now_ms + 500), 1);
    assert_true(g_file_test(place->aside, G_FILE_TEST_EXISTS));
    assert_int_equal(forget(place, now_ms + 1000), 1);
    assert_false(g_file_test(place->aside, G_FILE_TEST_EXISTS));
}

static void test_a_link_in_its_place_is_not_followed(void **state)
{
    Place *place = *state;
    unsigned n_files = 0;
    g_autoptr(GError) error = NULL;
    assert_int_equal(symlink("/etc/passwd", place->path), 0);
    assert_false(notification_log_forget(place->path, now_ms, 1000, &n_files, &error));
    assert_true(g_str_has_prefix(error->message, "log: cannot read: "));
}

int main(void)
{
#define LOG_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        LOG_TEST(test_one_line_each),
        LOG_TEST(test_a_key_is_written_once),
        LOG_TEST(test_a_torn_line_goes),
        LOG_TEST(test_a_large_file_is_put_aside),
        LOG_TEST(test_what_cannot_be_written_says_so),
        LOG_TEST(test_what_was_said_long_ago_goes),
        LOG_TEST(test_a_file_of_before_goes_by_its_own_time),
        LOG_TEST(test_a_link_in_its_place_is_not_followed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
