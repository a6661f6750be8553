// SPDX-License-Identifier: Apache-2.0
/* What the relay refuses to start with, and what its options say in an answer. */
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

static unsigned answered_start_kbps(Media *media, const char *endpoint_id, uint32_t start_up_bps)
{
    MediaEndpointOptions options = {
        .room_id = "room",
        .endpoint_id = endpoint_id,
        .participant_id = "participant",
        .start_up_bps = start_up_bps,
        .may_publish = true,
        .may_receive = true,
    };
    g_autofree MediaDescription *offer = g_new0(MediaDescription, 1);
    g_autofree MediaDescription *answer = g_new0(MediaDescription, 1);
    g_strlcpy(offer->ice_ufrag, "abcd", sizeof offer->ice_ufrag);
    g_strlcpy(offer->ice_pwd, "0123456789012345678901", sizeof offer->ice_pwd);
    offer->n_sections = 1;
    offer->sections[0] = (MediaSection){
        .mid = "0",
        .kind = MEDIA_KIND_VIDEO,
        .direction = MEDIA_DIRECTION_SENDRECV,
        .codec = {.name = MEDIA_CODEC_VP8, .payload_type = 96, .rtx_payload_type = -1},
    };
    assert_true(media_endpoint_open(media, &options, NULL));
    assert_true(media_endpoint_negotiate(media, endpoint_id, offer, answer, NULL));
    return answer->sections[0].start_kbps;
}

/* An encoder begins where the participant's link was left, or low enough for any. */
static void test_start_rate_of_the_answer(void **state)
{
    (void)state;
    MediaConfig config = {.bind_addresses = LOOPBACK, .public_addresses = NONE, .n_workers = 1};
    Media *media = media_new(&config, NULL, NULL, NULL);
    assert_non_null(media);
    assert_int_equal(answered_start_kbps(media, "new", 0), 60);
    assert_int_equal(answered_start_kbps(media, "known", 250000), 250);
    assert_int_equal(answered_start_kbps(media, "thin", 999), 1);
    media_free(media);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ports_beyond_the_last),
        cmocka_unit_test(test_address_that_nobody_reaches),
        cmocka_unit_test(test_start_rate_of_the_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
