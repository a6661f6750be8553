// SPDX-License-Identifier: Apache-2.0
// linkem PATIENT_NETNS SERVER_NETNS SEED: a link between two network namespaces, each of which gets
// a TUN interface "link0". Orders come by lines on standard input (link_script.h); its end ends the
// link. The first line of output is {"ready":true}. Needs root.
#include "tests/netlab/link_counts.h"
#include "tests/netlab/link_packet.h"
#include "tests/netlab/link_queue.h"
#include "tests/netlab/link_script.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_MS 1000000LL
#define NS_PER_S 1000000000LL
enum { MTU = 1500, MAX_READ = 64, LINE_SIZE = 4096, N_LATE_BINS = 1000 };

typedef enum { UP, DOWN, N_DIRECTIONS } Direction;

typedef struct {
    int tuns[N_DIRECTIONS]; /* read by the direction: the patient's for UP */
    LinkQueue *queues[N_DIRECTIONS];
    LinkCounts *counts[N_DIRECTIONS];
    LinkNat nat;
    GArray *schedule; /* LinkOrder with at_ms >= 0, not carried out */
    int64_t start_ns; /* 0: not started */
    GString *input;
    bool ended;
    bool is_realtime;
    uint32_t late_us[N_LATE_BINS]; /* deliveries by how late they were, 10 us a bin */
    uint64_t n_delivered;
    uint64_t n_write_errors;
} Link;

static int64_t now_ns(void)
{
    struct timespec now;
    g_assert(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* An interface without packet information, in the namespace that `ip netns` knows as `name`. */
static int open_tun(const char *name)
{
    g_autofree char *path = g_strdup_printf("/run/netns/%s", name);
    int space = open(path, O_RDONLY | O_CLOEXEC);
    if (space < 0 || setns(space, CLONE_NEWNET) != 0) {
        fprintf(stderr, "linkem: %s: %s\n", path, g_strerror(errno));
        return -1;
    }
    close(space);
    int tun = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
    g_strlcpy(request.ifr_name, "link0", sizeof request.ifr_name);
    if (tun < 0 || ioctl(tun, TUNSETIFF, &request) != 0) {
        fprintf(stderr, "linkem: /dev/net/tun: %s\n", g_strerror(errno));
        return -1;
    }
    return tun;
}

/* Packets in. */

static bool pass_nat(Link *link, Direction direction, uint8_t *data, size_t size)
{
    return direction == UP ? link_nat_up(&link->nat, data, size)
                           : link_nat_down(&link->nat, data, size);
}

static void take_packet(Link *link, Direction direction, const uint8_t *data, size_t size)
{
    int64_t now = now_ns();
    LinkClass class_index = link_packet_class(data, size);
    LinkCounts *counts = link->counts[direction];
    link_counts_offered(counts, class_index, size, now);
    g_autoptr(LinkPacket) packet = link_packet_new(data, size, class_index);
    packet->arrived_ns = now;
    if (direction == DOWN && !pass_nat(link, direction, packet->data, size))
        link_counts_fate(counts, packet, LINK_FATE_BLOCKED, now);
    else if (link_queue_push(link->queues[direction], packet, now))
        g_steal_pointer(&packet);
    else
        link_counts_fate(counts, packet, LINK_FATE_DROPPED, now);
}

static void read_tun(Link *link, Direction direction)
{
    uint8_t data[MTU + 100];
    for (unsigned i = 0; i < MAX_READ; i++) {
        ssize_t n = read(link->tuns[direction], data, sizeof data);
        if (n <= 0)
            return;
        take_packet(link, direction, data, (size_t)n);
    }
}

/* Packets out. */

static void deliver(Link *link, Direction direction, LinkPacket *packet)
{
    int64_t now = now_ns();
    LinkFate fate = packet->lost ? LINK_FATE_LOST : LINK_FATE_DELIVERED;
    /* The NAT is on the server's side: what it does not know has crossed the patient's line. */
    if (fate == LINK_FATE_DELIVERED && direction == UP &&
        !pass_nat(link, direction, packet->data, packet->size))
        fate = LINK_FATE_BLOCKED;
    if (fate == LINK_FATE_DELIVERED) {
        int64_t late_bin = (now - packet->due_ns) / 10000;
        link->late_us[CLAMP(late_bin, 0, N_LATE_BINS - 1)]++;
        link->n_delivered++;
        int out = link->tuns[direction == UP ? DOWN : UP];
        if (write(out, packet->data, packet->size) != (ssize_t)packet->size)
            link->n_write_errors++;
    }
    link_counts_fate(link->counts[direction], packet, fate, now);
}

static void deliver_due(Link *link)
{
    for (unsigned i = 0; i < N_DIRECTIONS; i++) {
        for (;;) {
            g_autoptr(LinkPacket) packet = link_queue_pop(link->queues[i], now_ns());
            if (!packet)
                break;
            deliver(link, (Direction)i, packet);
        }
    }
}

/* Orders. */

static unsigned late_p99_us(const Link *link)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < N_LATE_BINS; i++) {
        sum += link->late_us[i];
        if (100 * sum >= 99 * link->n_delivered)
            return 10 * (i + 1);
    }
    return 0;
}

static void report(const Link *link)
{
    g_autoptr(GString) text = g_string_new("{\"up\":");
    link_counts_append_json(link->counts[UP], text);
    g_string_append(text, ",\"down\":");
    link_counts_append_json(link->counts[DOWN], text);
    g_string_append_printf(
        text, ",\"late_p99_us\":%u,\"write_errors\":%" G_GUINT64_FORMAT ",\"realtime\":%s}",
        late_p99_us(link), link->n_write_errors, link->is_realtime ? "true" : "false");
    puts(text->str);
    fflush(stdout);
}

static void start(Link *link, int64_t now)
{
    link->start_ns = now;
    for (unsigned i = 0; i < N_DIRECTIONS; i++)
        link_counts_start(link->counts[i], now);
}

static void carry_out(Link *link, const LinkOrder *order, int64_t now)
{
    bool wanted[N_DIRECTIONS] = {[UP] = order->up, [DOWN] = order->down};
    switch (order->kind) {
    case LINK_ORDER_SET:
        for (unsigned i = 0; i < N_DIRECTIONS; i++)
            if (wanted[i])
                link_queue_set(link->queues[i], order->setting, order->value, now);
        break;
    case LINK_ORDER_NAT:
        link->nat.outer = order->address;
        break;
    case LINK_ORDER_START:
        start(link, now);
        break;
    case LINK_ORDER_MARK:
        for (unsigned i = 0; i < N_DIRECTIONS; i++)
            link_counts_mark(link->counts[i]);
        break;
    case LINK_ORDER_REPORT:
        report(link);
        break;
    }
}

static int64_t due_ns(const Link *link, const LinkOrder *order)
{
    return link->start_ns == 0 ? INT64_MAX : link->start_ns + order->at_ms * NS_PER_MS;
}

static int64_t next_order_ns(const Link *link)
{
    int64_t next_ns = INT64_MAX;
    for (unsigned i = 0; i < link->schedule->len; i++)
        next_ns = MIN(next_ns, due_ns(link, &g_array_index(link->schedule, LinkOrder, i)));
    return next_ns;
}

/* In the order of their lines when several are due. */
static void carry_out_due(Link *link, int64_t now)
{
    unsigned i = 0;
    while (i < link->schedule->len) {
        LinkOrder order = g_array_index(link->schedule, LinkOrder, i);
        if (due_ns(link, &order) > now) {
            i++;
            continue;
        }
        g_array_remove_index(link->schedule, i);
        carry_out(link, &order, now);
    }
}

static void take_line(Link *link, const char *line)
{
    LinkOrder order;
    if (!link_order_parse(line, &order)) {
        fprintf(stderr, "linkem: no order: %s\n", line);
        link->ended = true;
    } else if (order.at_ms >= 0) {
        g_array_append_val(link->schedule, order);
    } else {
        carry_out(link, &order, now_ns());
    }
}

static void read_input(Link *link)
{
    char text[LINE_SIZE];
    ssize_t n = read(STDIN_FILENO, text, sizeof text);
    if (n <= 0) {
        link->ended = true;
        return;
    }
    g_string_append_len(link->input, text, n);
    char *end;
    while (!link->ended && (end = strchr(link->input->str, '\n'))) {
        g_autofree char *line = g_strndup(link->input->str, (gsize)(end - link->input->str));
        g_string_erase(link->input, 0, (gssize)strlen(line) + 1);
        take_line(link, line);
    }
}

/* The loop. */

static struct timespec time_left(const Link *link)
{
    int64_t next_ns = next_order_ns(link);
    for (unsigned i = 0; i < N_DIRECTIONS; i++)
        next_ns = MIN(next_ns, link_queue_next_ns(link->queues[i]));
    int64_t left_ns = MIN(next_ns, now_ns() + NS_PER_S) - now_ns();
    left_ns = MAX(left_ns, 0);
    return (struct timespec){.tv_sec = left_ns / NS_PER_S, .tv_nsec = left_ns % NS_PER_S};
}

static void run(Link *link)
{
    struct pollfd fds[] = {
        {.fd = link->tuns[UP], .events = POLLIN},
        {.fd = link->tuns[DOWN], .events = POLLIN},
        {.fd = STDIN_FILENO, .events = POLLIN},
    };
    while (!link->ended) {
        struct timespec left = time_left(link);
        int n_ready = ppoll(fds, G_N_ELEMENTS(fds), &left, NULL);
        if (n_ready < 0 && errno != EINTR)
            return;
        carry_out_due(link, now_ns());
        for (unsigned i = 0; n_ready > 0 && i < N_DIRECTIONS; i++) {
            if (fds[i].revents & POLLIN)
                read_tun(link, (Direction)i);
            else if (fds[i].revents) /* its namespace is gone */
                link->ended = true;
        }
        if (n_ready > 0 && fds[2].revents)
            read_input(link);
        deliver_due(link);
    }
}

/* Before everything else that runs here, where that is allowed; timers are exact in any case. */
static bool become_realtime(void)
{
    struct sched_param priority = {.sched_priority = 1};
    if (prctl(PR_SET_TIMERSLACK, 1UL) != 0)
        return false;
    return sched_setscheduler(0, SCHED_RR, &priority) == 0;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: linkem PATIENT_NETNS SERVER_NETNS SEED\n");
        return 2;
    }
    g_autofree Link *link = g_new0(Link, 1);
    uint32_t seed = (uint32_t)g_ascii_strtoull(argv[3], NULL, 10);
    for (unsigned i = 0; i < N_DIRECTIONS; i++) {
        link->tuns[i] = open_tun(argv[1 + i]);
        if (link->tuns[i] < 0)
            return 1;
        link->queues[i] = link_queue_new(seed * N_DIRECTIONS + i);
        link->counts[i] = link_counts_new();
    }
    link->schedule = g_array_new(FALSE, FALSE, sizeof(LinkOrder));
    link->input = g_string_new(NULL);
    link->is_realtime = become_realtime();
    puts("{\"ready\":true}");
    fflush(stdout);
    run(link);
    for (unsigned i = 0; i < N_DIRECTIONS; i++) {
        link_queue_free(link->queues[i]);
        link_counts_free(link->counts[i]);
        close(link->tuns[i]);
    }
    g_array_free(link->schedule, TRUE);
    g_string_free(link->input, TRUE);
    return 0;
}
