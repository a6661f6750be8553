// SPDX-License-Identifier: Apache-2.0
/* What the relay refuses to start with, and what its options say in an answer. */
#include "media/media.h"

#include <glib.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

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

static void join(Media *media, const char *endpoint_id, uint32_t start_up_bps,
                 MediaDescription *ret_answer)
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
    assert_true(media_endpoint_negotiate(media, endpoint_id, offer, ret_answer, NULL));
}

static unsigned answered_start_kbps(Media *media, const char *endpoint_id, uint32_t start_up_bps)
{
    g_autofree MediaDescription *answer = g_new0(MediaDescription, 1);
    join(media, endpoint_id, start_up_bps, answer);
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

static MediaDescription *answer_of(const char *const *public_addresses, bool tcp)
{
    MediaConfig config = {
        .bind_addresses = LOOPBACK,
        .public_addresses = public_addresses,
        .tcp = tcp,
        .n_workers = 1,
    };
    Media *media = media_new(&config, NULL, NULL, NULL);
    MediaDescription *answer = g_new0(MediaDescription, 1);
    assert_non_null(media);
    join(media, "one", 0, answer);
    for (unsigned i = 0; i < answer->n_candidates; i++)
        assert_int_equal(answer->candidates[i].port, media_port(media));
    media_free(media);
    return answer;
}

/* RFC 8445, 5.1.2.1 and RFC 6544, 4.2: all of UDP before all of TCP. */
static void test_candidates(void **state)
{
    (void)state;
    static const char *const both[] = {"192.0.2.1", "2001:db8::1", NULL};
    static const MediaCandidate wanted[] = {
        {.address = "192.0.2.1", .priority = 2130706431, .foundation = "1"},
        {.address = "2001:db8::1", .priority = 2130706175, .foundation = "2"},
        {.address = "192.0.2.1", .tcp = true, .priority = 1520435199, .foundation = "3"},
        {.address = "2001:db8::1", .tcp = true, .priority = 1520434943, .foundation = "4"},
    };
    for (unsigned tcp = 0; tcp < 2; tcp++) {
        g_autofree MediaDescription *answer = answer_of(both, tcp != 0);
        assert_int_equal(answer->n_candidates, tcp ? 4 : 2);
        for (unsigned i = 0; i < answer->n_candidates; i++) {
            const MediaCandidate *candidate = &answer->candidates[i];
            assert_string_equal(candidate->address, wanted[i].address);
            assert_int_equal(candidate->tcp, wanted[i].tcp);
            assert_int_equal(candidate->priority, wanted[i].priority);
            assert_string_equal(candidate->foundation, wanted[i].foundation);
        }
    }
}

static void test_as_many_addresses_as_fit(void **state)
{
    (void)state;
    const char *many[MEDIA_MAX_ADDRESSES + 2] = {0};
    for (unsigned i = 0; i < MEDIA_MAX_ADDRESSES; i++)
        many[i] = "192.0.2.1";
    g_autofree MediaDescription *answer = answer_of(many, true);
    assert_int_equal(answer->n_candidates, MEDIA_MAX_CANDIDATES);
    many[MEDIA_MAX_ADDRESSES] = "192.0.2.77";
    MediaConfig config = {.bind_addresses = LOOPBACK, .public_addresses = many, .n_workers = 1};
    assert_refused(&config, "192.0.2.77");
}

/* The TCP port is somebody else's: said with its number. */
static void test_tcp_port_in_use(void **state)
{
    (void)state;
    MediaConfig config = {
        .bind_addresses = LOOPBACK,
        .public_addresses = NONE,
        .tcp = true,
        .n_workers = 1,
    };
    Media *media = media_new(&config, NULL, NULL, NULL);
    assert_non_null(media);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    config.first_port = ntohs(address.sin_port);
    g_autofree char *number = g_strdup_printf("TCP 127.0.0.1 port %u", config.first_port);
    assert_refused(&config, number);
    config.tcp = false;
    media_free(media);
    media = media_new(&config, NULL, NULL, NULL);
    assert_non_null(media);
    media_free(media);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ports_beyond_the_last),
        cmocka_unit_test(test_address_that_nobody_reaches),
        cmocka_unit_test(test_start_rate_of_the_answer),
        cmocka_unit_test(test_candidates),
        cmocka_unit_test(test_as_many_addresses_as_fit),
        cmocka_unit_test(test_tcp_port_in_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
