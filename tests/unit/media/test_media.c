// SPDX-License-Identifier: Apache-2.0
/* What the relay refuses to start with. */
#include "media/media.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const char *const LOOPBACK[] = {"127.0.0.1", NULL};
static const char *const WILDCARD[] = {"0.0.0.0", NULL};
static const char *const NONE[] = {NULL};

static void assert_refused(const MediaConfig *config, const char *naming)
{
    g_autoptr(GError) error = NULL;
    Media *media = media_new(config, NULL, NULL, &error);
    assert_null(media);
    assert_true(g_error_matches(error, MEDIA_ERROR, MEDIA_ERROR_FAILED));
    assert_non_null(strstr(error->message, naming));
}

/* The ports of the workers do not wrap round to 0 and 1. */
static void test_ports_beyond_the_last(void **state)
{
    (void)state;
    MediaConfig config = {
        .bind_addresses = LOOPBACK,
        .public_addresses = NONE,
        .first_port = 65534,
        .n_workers = 3,
    };
    assert_refused(&config, "65534");
}

static void test_address_that_nobody_reaches(void **state)
{
    (void)state;
    MediaConfig config = {.bind_addresses = WILDCARD, .public_addresses = NONE, .n_workers = 1};
    assert_refused(&config, "0.0.0.0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ports_beyond_the_last),
        cmocka_unit_test(test_address_that_nobody_reaches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
