// SPDX-License-Identifier: Apache-2.0
/* Frames over TCP on loopback, and what strangers may try. */
#include "media/transport/tcp.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
/* cmocka wants setjmp, stdarg and stddef first */
#include <cmocka.h>

enum { PATIENCE_MS = 10000, SECOND_US = 1000 * 1000 };

typedef struct {
    TcpPort *port;
    int64_t now_us;
    bool confirms; /* what comes is taken for a valid check */
    unsigned n_packets;
    size_t sizes[8];
    uint8_t first_bytes[8];
    NetAddress from;
    unsigned n_closed;
    NetAddress closed; /* the last */
} Fixture;

static void on_closed(const NetAddress *address, gpointer user_data)
{
    Fixture *fixture = user_data;
    fixture->n_closed++;
    fixture->closed = *address;
}

static void set_up(Fixture *fixture)
{
    static const char *const addresses[] = {"127.0.0.1", NULL};
    *fixture = (Fixture){.port = tcp_port_new(addresses, 0, NULL), .now_us = SECOND_US};
    assert_non_null(fixture->port);
    tcp_port_on_closed(fixture->port, on_closed, fixture);
}

static int dial_from(const Fixture *fixture, const char *source)
{
    NetAddress address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(net_address_parse(source, 0, &address));
    assert_int_equal(bind(fd, &address.socket_address.any, sizeof address.socket_address.v4), 0);
    assert_true(net_address_parse("127.0.0.1", tcp_port_number(fixture->port), &address));
    assert_int_equal(connect(fd, &address.socket_address.any, sizeof address.socket_address.v4), 0);
    return fd;
}

static int dial(const Fixture *fixture)
{
    return dial_from(fixture, "127.0.0.1");
}

static void on_packet(UdpPacket *packet, gpointer user_data)
{
    Fixture *fixture = user_data;
    unsigned at = fixture->n_packets++ % G_N_ELEMENTS(fixture->sizes);
    fixture->sizes[at] = packet->size;
    fixture->first_bytes[at] = packet->data[0];
    fixture->from = packet->from;
    memset(packet->data, 0xee, packet->size); /* may be changed in place */
    if (fixture->confirms)
        tcp_port_confirm(fixture->port, &packet->from, fixture->now_us);
}

/* Lets the port do what it has to do next. */
static void serve(Fixture *fixture)
{
    struct pollfd event = {.fd = tcp_port_fd(fixture->port), .events = POLLIN};
    assert_int_equal(poll(&event, 1, PATIENCE_MS), 1);
    tcp_port_receive(fixture->port, fixture->now_us, on_packet, fixture);
}

#define serve_until(fixture, condition)                                                            \
    while (!(condition))                                                                           \
    serve(fixture)

static void put(int fd, const void *data, size_t size)
{
    assert_int_equal(send(fd, data, size, MSG_NOSIGNAL), (ssize_t)size);
}

static int dial_confirmed_from(Fixture *fixture, const char *source)
{
    int fd = dial_from(fixture, source);
    unsigned before = fixture->n_packets;
    put(fd, "\0\2\0\1", 4);
    fixture->confirms = true;
    serve_until(fixture, fixture->n_packets > before);
    fixture->confirms = false;
    return fd;
}

static int dial_confirmed(Fixture *fixture)
{
    return dial_confirmed_from(fixture, "127.0.0.1");
}

static void test_frames_in_pieces(void **state)
{
    (void)state;
    Fixture fixture;
    set_up(&fixture);
    int fd = dial_confirmed(&fixture);
    const uint8_t bytes[] = {0, 3, 0x80, 1, 2, 0, 0, 0, 2, 0x90, 4, 0, 1};
    for (size_t i = 0; i < sizeof bytes; i++) {
        put(fd, bytes + i, 1);
        serve(&fixture);
    }
    assert_int_equal(fixture.n_packets, 3);
    assert_int_equal(fixture.sizes[1], 3);
    assert_int_equal(fixture.sizes[2], 2); /* the null packet between is none */
    put(fd, "\x91\0\1\x92\0\1\x93", 7);
    serve_until(&fixture, fixture.n_packets == 6);
    assert_int_equal(fixture.first_bytes[5], 0x93);
    uint8_t reply[8];
    assert_true(tcp_port_send(fixture.port, (const uint8_t *)"hello", 5, &fixture.from));
    assert_int_equal(recv(fd, reply, 7, MSG_WAITALL), 7);
    assert_memory_equal(reply, "\0\5hello", 7);
    close(fd); /* in the middle of a frame or not: the address is dead, and nobody else's */
    serve_until(&fixture, tcp_port_n_connections(fixture.port) == 0);
    assert_int_equal(fixture.n_closed, 1);
    assert_true(net_address_equal(&fixture.closed, &fixture.from));
    NetAddress old = fixture.from;
    int other = dial_confirmed(&fixture);
    assert_false(net_address_equal(&old, &fixture.from));
    assert_false(tcp_port_send(fixture.port, (const uint8_t *)"hello", 5, &old));
    close(other);
    tcp_port_free(fixture.port);
}

static void assert_cut_off(Fixture *fixture, const void *data, size_t size)
{
    int fd = dial(fixture);
    uint64_t before = tcp_port_counters(fixture->port)->cut_off;
    char byte;
    put(fd, data, size);
    serve_until(fixture, tcp_port_counters(fixture->port)->cut_off > before);
    assert_int_equal(tcp_port_n_connections(fixture->port), 0);
    assert_true(recv(fd, &byte, 1, 0) <= 0);
    close(fd);
}

static void test_garbage_is_cut_off(void **state)
{
    (void)state;
    Fixture fixture;
    set_up(&fixture);
    assert_cut_off(&fixture, "\xff\xff", 2);                    /* a giant frame */
    assert_cut_off(&fixture, "\x08\x01", 2);                    /* one byte too long */
    assert_cut_off(&fixture, "\0\x09\x80\0\0\0\0\0\0\0\0", 11); /* RTP before any check */
    assert_cut_off(&fixture, "GET / HTTP/1.1\r\n\r\n", 18);
    assert_int_equal(fixture.n_packets, 0);
    tcp_port_free(fixture.port);
}

/* Frames of nothing, and frames that look like checks but never are any. */
static void test_half_open_says_little(void **state)
{
    (void)state;
    Fixture fixture;
    set_up(&fixture);
    for (unsigned kind = 0; kind < 2; kind++) {
        int fd = dial(&fixture);
        uint8_t bytes[TCP_HALF_OPEN_BYTES + 2] = {0};
        for (size_t i = 0; kind == 1 && i < sizeof bytes; i += 3)
            bytes[MIN(i + 1, sizeof bytes - 1)] = 1;
        put(fd, bytes, sizeof bytes);
        serve_until(&fixture, tcp_port_counters(fixture.port)->cut_off == kind + 1);
        close(fd);
    }
    assert_int_equal(tcp_port_n_connections(fixture.port), 0);
    tcp_port_free(fixture.port);
}

static void test_slow_loris(void **state)
{
    (void)state;
    Fixture fixture;
    set_up(&fixture);
    int slow = dial(&fixture);
    int good = dial_confirmed(&fixture);
    for (unsigned i = 0; i < 10; i++) {
        put(slow, "\0", 1);
        serve(&fixture);
        fixture.now_us += SECOND_US;
        tcp_port_tick(fixture.port, fixture.now_us);
        assert_int_equal(tcp_port_n_connections(fixture.port), 2);
    }
    fixture.now_us += SECOND_US + 1;
    tcp_port_tick(fixture.port, fixture.now_us);
    assert_int_equal(tcp_port_n_connections(fixture.port), 1);
    fixture.now_us += TCP_IDLE_US; /* the good one's consent ends too */
    tcp_port_tick(fixture.port, fixture.now_us);
    assert_int_equal(tcp_port_n_connections(fixture.port), 0);
    assert_int_equal(fixture.n_closed, 2);
    close(slow);
    close(good);
    tcp_port_free(fixture.port);
}

static void test_thousand_connections(void **state)
{
    (void)state;
    Fixture fixture;
    set_up(&fixture);
    int good = dial_confirmed(&fixture);
    for (unsigned i = 0; i < 1000; i++) {
        uint64_t before =
            tcp_port_counters(fixture.port)->accepted + tcp_port_counters(fixture.port)->refused;
        int fd = dial(&fixture);
        put(fd, "\0", 1);
        serve_until(&fixture, tcp_port_counters(fixture.port)->accepted +
                                      tcp_port_counters(fixture.port)->refused >
                                  before);
        if (i >= TCP_MAX_PER_ADDRESS)
            assert_int_equal(tcp_port_n_connections(fixture.port), TCP_MAX_PER_ADDRESS);
        if (tcp_port_counters(fixture.port)->refused > 0)
            close(fd); /* the accepted ones stay open until the end of the process */
    }
    assert_int_equal(tcp_port_counters(fixture.port)->refused, 1001 - TCP_MAX_PER_ADDRESS);
    unsigned before = fixture.n_packets;
    put(good, "\0\1\x80", 3);
    serve_until(&fixture, fixture.n_packets > before);
    close(good);
    tcp_port_free(fixture.port);
}

static void test_slow_reader(void **state)
{
    (void)state;
    Fixture fixture;
    set_up(&fixture);
    int fd = dial_confirmed(&fixture);
    static uint8_t packet[1200];
    unsigned n_sent = 0;
    while (tcp_port_send(fixture.port, packet, sizeof packet, &fixture.from))
        n_sent++;
    assert_true(n_sent > 10);
    /* What was taken comes whole, frame by frame. */
    static uint8_t frame[1202];
    struct pollfd event = {.fd = tcp_port_fd(fixture.port), .events = POLLIN};
    for (unsigned i = 0; i < n_sent; i++) {
        for (size_t at = 0; at < sizeof frame;) {
            ssize_t n = recv(fd, frame + at, sizeof frame - at, MSG_DONTWAIT);
            if (n < 0)
                serve(&fixture);
            else
                at += (size_t)n;
        }
        assert_int_equal(frame[0] << 8 | frame[1], sizeof packet);
    }
    assert_int_equal(poll(&event, 1, 0), 0);
    /* And who takes nothing any more is gone after a while. */
    while (tcp_port_send(fixture.port, packet, sizeof packet, &fixture.from))
        continue;
    tcp_port_tick(fixture.port, fixture.now_us);
    fixture.now_us += TCP_STALLED_US + 1;
    tcp_port_tick(fixture.port, fixture.now_us);
    assert_int_equal(tcp_port_n_connections(fixture.port), 0);
    close(fd);
    tcp_port_free(fixture.port);
}

/* Dials and waits until the port has decided; true: it was let in. */
static bool is_let_in(Fixture *fixture, const char *source)
{
    const TcpCounters *counters = tcp_port_counters(fixture->port);
    uint64_t accepted = counters->accepted;
    uint64_t before = accepted + counters->refused;
    (void)dial_from(fixture, source); /* open until the end of the process */
    serve_until(fixture, counters->accepted + counters->refused > before);
    return counters->accepted > accepted;
}

/* Of one address that has all it may have, a path in reserve gives way, never one in use. */
static void test_reserve_of_one_address(void **state)
{
    (void)state;
    Fixture fixture;
    set_up(&fixture);
    int in_use = dial_confirmed(&fixture);
    NetAddress used = fixture.from;
    for (unsigned i = 1; i < TCP_MAX_PER_ADDRESS; i++)
        (void)dial_confirmed(&fixture);
    assert_false(is_let_in(&fixture, "127.0.0.1"));
    fixture.now_us += TCP_SPARE_US + 1;
    unsigned before = fixture.n_packets;
    put(in_use, "\0\1\x80", 3);
    serve_until(&fixture, fixture.n_packets > before);
    for (unsigned i = 1; i < TCP_MAX_PER_ADDRESS; i++) {
        assert_true(is_let_in(&fixture, "127.0.0.1"));
        assert_int_equal(fixture.n_closed, i);
        assert_false(net_address_equal(&fixture.closed, &used));
    }
    assert_false(is_let_in(&fixture, "127.0.0.1"));
    assert_int_equal(tcp_port_n_connections(fixture.port), TCP_MAX_PER_ADDRESS);
    tcp_port_free(fixture.port);
}

/* All are taken: strangers give way first, then paths in reserve. */
static void test_all_taken(void **state)
{
    (void)state;
    Fixture fixture;
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = limit.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    set_up(&fixture);
    assert_true(is_let_in(&fixture, "127.0.0.200"));
    for (unsigned i = 1; i < TCP_MAX_CONNECTIONS; i++) {
        char source[16];
        g_snprintf(source, sizeof source, "127.0.0.%u", 10 + i / TCP_MAX_PER_ADDRESS);
        (void)dial_confirmed_from(&fixture, source);
    }
    assert_int_equal(tcp_port_n_connections(fixture.port), TCP_MAX_CONNECTIONS);
    (void)dial_confirmed_from(&fixture, "127.0.0.201"); /* in the stranger's place */
    assert_int_equal(fixture.n_closed, 1);
    assert_false(is_let_in(&fixture, "127.0.0.202"));
    fixture.now_us += TCP_SPARE_US + 1;
    assert_true(is_let_in(&fixture, "127.0.0.202"));
    assert_int_equal(fixture.n_closed, 2);
    assert_true(is_let_in(&fixture, "127.0.0.203"));
    char closed[NET_ADDRESS_TEXT_BYTES];
    net_address_text(&fixture.closed, closed);
    assert_string_equal(closed, "127.0.0.202");
    assert_int_equal(tcp_port_n_connections(fixture.port), TCP_MAX_CONNECTIONS);
    tcp_port_free(fixture.port);
}

/* Nobody knows it any more: what was said last still leaves; a check in time keeps it. */
static void test_retired(void **state)
{
    (void)state;
    Fixture fixture;
    uint8_t reply[8];
    set_up(&fixture);
    int fd = dial_confirmed(&fixture);
    tcp_port_retire(fixture.port, &fixture.from);
    tcp_port_confirm(fixture.port, &fixture.from, fixture.now_us);
    tcp_port_tick(fixture.port, fixture.now_us);
    assert_int_equal(tcp_port_n_connections(fixture.port), 1);
    tcp_port_retire(fixture.port, &fixture.from);
    assert_true(tcp_port_send(fixture.port, (const uint8_t *)"bye", 3, &fixture.from));
    fixture.now_us += SECOND_US;
    tcp_port_tick(fixture.port, fixture.now_us);
    assert_int_equal(fixture.n_closed, 1);
    assert_int_equal(recv(fd, reply, sizeof reply, MSG_WAITALL), 5);
    assert_int_equal(tcp_port_counters(fixture.port)->cut_off, 0);
    close(fd);
    tcp_port_free(fixture.port);
}

/* Somebody has the port: the error says which. */
static void test_port_in_use(void **state)
{
    (void)state;
    static const char *const addresses[] = {"127.0.0.1", NULL};
    Fixture fixture;
    g_autoptr(GError) error = NULL;
    set_up(&fixture);
    g_autofree char *number = g_strdup_printf("port %u", tcp_port_number(fixture.port));
    assert_null(tcp_port_new(addresses, tcp_port_number(fixture.port), &error));
    assert_non_null(strstr(error->message, number));
    tcp_port_free(fixture.port);
}

/* A client's temporary IPv6 addresses are one network's; IPv4 addresses are each its own. */
static void test_what_one_network_is(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool is_same;
    } cases[] = {
        {"2001:db8:1:2:a::1", "2001:db8:1:2:b::9", true},
        {"2001:db8:1:2::1", "2001:db8:1:3::1", false},
        {"192.0.2.1", "192.0.2.1", true},
        {"192.0.2.1", "192.0.2.2", false},
        {"192.0.2.1", "2001:db8:1:2::1", false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        NetAddress a, b;
        assert_true(net_address_parse(cases[i].a, 5000, &a));
        assert_true(net_address_parse(cases[i].b, 6000, &b));
        assert_int_equal(net_address_same_network(&a, &b), cases[i].is_same);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frames_in_pieces),
        cmocka_unit_test(test_garbage_is_cut_off),
        cmocka_unit_test(test_half_open_says_little),
        cmocka_unit_test(test_slow_loris),
        cmocka_unit_test(test_thousand_connections),
        cmocka_unit_test(test_slow_reader),
        cmocka_unit_test(test_retired),
        cmocka_unit_test(test_reserve_of_one_address),
        cmocka_unit_test(test_all_taken),
        cmocka_unit_test(test_port_in_use),
        cmocka_unit_test(test_what_one_network_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
