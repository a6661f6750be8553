// SPDX-License-Identifier: Apache-2.0
#include "media/transport/tcp.h"
#include "media/media.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum {
    LENGTH_BYTES = 2,
    RECEIVE_BYTES = 2 * UDP_PACKET_BYTES,
    NOT_SENT_BYTES = 8 * 1024, /* in the kernel; what is older helps nobody */
    BACKLOG = 64,
    ACCEPT_AT_ONCE = 16,
    EVENTS_AT_ONCE = 64,
    TICK_US = 1000 * 1000,
    SLOT_BITS = 10,
    EVENT_LISTENER = 1 << SLOT_BITS, /* in epoll's data, with the listener's index */
    STUN_FIRST_BYTE_MAX = 3,         /* RFC 7983 */
};
G_STATIC_ASSERT(TCP_MAX_CONNECTIONS < 1 << SLOT_BITS);

typedef struct {
    int fd;
    NetAddress address;
    bool is_confirmed;
    bool is_broken;  /* to be closed at its next event or tick */
    bool is_retired; /* to be closed at the next tick */
    bool wants_write;
    int64_t since_us;   /* accepted, or last valid check */
    int64_t used_us;    /* accepted, or last datagram that is no check */
    int64_t stalled_us; /* the queue has not moved since; 0: empty or not seen yet */
    size_t n_half_open;
    size_t n_received;
    size_t n_queued;
    uint8_t received[RECEIVE_BYTES];
    uint8_t queued[TCP_QUEUE_BYTES];
} Connection;

struct TcpPort {
    int epoll_fd;
    int listeners[UDP_MAX_SOCKETS];
    unsigned n_listeners;
    uint16_t number;
    bool is_deaf; /* out of descriptors: listens again at the next tick */
    uint32_t last_id;
    int64_t next_tick_us;
    unsigned n_connections;
    Connection *connections[TCP_MAX_CONNECTIONS];
    TcpCounters counters;
    TcpClosedFunc on_closed; /* NULL: nobody listens */
    gpointer closed_data;
    uint8_t packet[UDP_PACKET_BYTES];
};

static bool fail(const TcpPort *port, const char *address, GError **error)
{
    g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_FAILED, "cannot listen on TCP %s port %u: %s",
                address, port->number, g_strerror(errno));
    return false;
}

static bool listen_on(TcpPort *port, const char *text, GError **error)
{
    NetAddress address;
    int on = 1;
    errno = EINVAL;
    if (port->n_listeners == UDP_MAX_SOCKETS || !net_address_parse(text, port->number, &address))
        return fail(port, text, error);
    int family = address.socket_address.any.sa_family;
    int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return fail(port, text, error);
    unsigned index = port->n_listeners++;
    port->listeners[index] = fd;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (family == AF_INET6)
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    struct epoll_event event = {.events = EPOLLIN, .data = {.u32 = EVENT_LISTENER | index}};
    socklen_t size = sizeof address.socket_address;
    if (bind(fd, &address.socket_address.any, net_address_size(&address)) != 0 ||
        listen(fd, BACKLOG) != 0 || getsockname(fd, &address.socket_address.any, &size) != 0 ||
        epoll_ctl(port->epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0)
        return fail(port, text, error);
    port->number = net_address_port(&address);
    return true;
}

TcpPort *tcp_port_new(const char *const *addresses, uint16_t number, GError **error)
{
    g_autoptr(TcpPort) port = g_new0(TcpPort, 1);
    port->number = number;
    port->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (port->epoll_fd < 0) {
        fail(port, "", error);
        return NULL;
    }
    for (unsigned i = 0; addresses[i]; i++) {
        if (!listen_on(port, addresses[i], error))
            return NULL;
    }
    return g_steal_pointer(&port);
}

static void close_connection(TcpPort *port, unsigned slot)
{
    g_autofree Connection *connection = port->connections[slot];
    close(connection->fd);
    port->connections[slot] = NULL;
    port->n_connections--;
    if (port->on_closed)
        port->on_closed(&connection->address, port->closed_data);
}

static void cut_off(TcpPort *port, unsigned slot)
{
    port->counters.cut_off++;
    close_connection(port, slot);
}

void tcp_port_free(TcpPort *port)
{
    if (!port)
        return;
    port->on_closed = NULL;
    for (unsigned i = 0; i < TCP_MAX_CONNECTIONS; i++) {
        if (port->connections[i])
            close_connection(port, i);
    }
    for (unsigned i = 0; i < port->n_listeners; i++)
        close(port->listeners[i]);
    if (port->epoll_fd >= 0)
        close(port->epoll_fd);
    g_free(port);
}

void tcp_port_on_closed(TcpPort *port, TcpClosedFunc func, gpointer user_data)
{
    port->on_closed = func;
    port->closed_data = user_data;
}

uint16_t tcp_port_number(const TcpPort *port)
{
    return port->number;
}

int tcp_port_fd(const TcpPort *port)
{
    return port->epoll_fd;
}

unsigned tcp_port_n_connections(const TcpPort *port)
{
    return port->n_connections;
}

const TcpCounters *tcp_port_counters(const TcpPort *port)
{
    return &port->counters;
}

static bool is_same_host(const NetAddress *a, const NetAddress *b)
{
    if (a->socket_address.any.sa_family != b->socket_address.any.sa_family)
        return false;
    if (a->socket_address.any.sa_family == AF_INET6)
        return memcmp(&a->socket_address.v6.sin6_addr, &b->socket_address.v6.sin6_addr, 8) == 0;
    return a->socket_address.v4.sin_addr.s_addr == b->socket_address.v4.sin_addr.s_addr;
}

static bool is_older(const TcpPort *port, unsigned slot, int than)
{
    return than < 0 || port->connections[slot]->used_us < port->connections[than]->used_us;
}

/* A free slot for FROM. When all are taken, who has not proved anything for longest gives way, so
 * that strangers cannot keep patients out; then who keeps a path in reserve. Among those of FROM's
 * own address, the latter alone. False: nobody does. */
static bool find_slot(TcpPort *port, const NetAddress *from, int64_t now_us, unsigned *ret_slot)
{
    unsigned n_same = 0;
    int free_slot = -1;
    int unproved = -1;
    int spare = -1;
    int own_spare = -1;
    for (unsigned i = 0; i < TCP_MAX_CONNECTIONS; i++) {
        const Connection *connection = port->connections[i];
        if (!connection) {
            free_slot = (int)i;
            continue;
        }
        bool is_same = is_same_host(&connection->address, from);
        bool is_spare = connection->is_confirmed && now_us - connection->used_us > TCP_SPARE_US;
        n_same += is_same;
        if (!connection->is_confirmed && is_older(port, i, unproved))
            unproved = (int)i;
        if (is_spare && is_older(port, i, spare))
            spare = (int)i;
        if (is_spare && is_same && is_older(port, i, own_spare))
            own_spare = (int)i;
    }
    int victim = n_same >= TCP_MAX_PER_ADDRESS ? own_spare : unproved >= 0 ? unproved : spare;
    if (n_same < TCP_MAX_PER_ADDRESS && free_slot >= 0)
        victim = free_slot;
    else if (victim >= 0)
        cut_off(port, (unsigned)victim);
    *ret_slot = (unsigned)victim;
    return victim >= 0;
}

static bool take_in(TcpPort *port, int fd, NetAddress *address, int64_t now_us)
{
    unsigned slot;
    int on = 1;
    int not_sent = NOT_SENT_BYTES;
    if (!find_slot(port, address, now_us, &slot))
        return false;
    struct epoll_event event = {.events = EPOLLIN, .data = {.u32 = slot}};
    if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0 ||
        setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &not_sent, sizeof not_sent) != 0 ||
        epoll_ctl(port->epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0)
        return false;
    /* The slot, and a count so that an address is never another connection's later. */
    address->connection = (++port->last_id << SLOT_BITS) | (slot + 1);
    Connection *connection = g_new0(Connection, 1);
    connection->fd = fd;
    connection->address = *address;
    connection->since_us = now_us;
    connection->used_us = now_us;
    port->connections[slot] = connection;
    port->n_connections++;
    port->counters.accepted++;
    return true;
}

static void set_deaf(TcpPort *port, bool is_deaf)
{
    port->is_deaf = is_deaf;
    for (unsigned i = 0; i < port->n_listeners; i++) {
        struct epoll_event event = {.events = is_deaf ? 0 : EPOLLIN,
                                    .data = {.u32 = EVENT_LISTENER | i}};
        (void)epoll_ctl(port->epoll_fd, EPOLL_CTL_MOD, port->listeners[i], &event);
    }
}

static void accept_some(TcpPort *port, unsigned listener, int64_t now_us)
{
    for (unsigned i = 0; i < ACCEPT_AT_ONCE; i++) {
        NetAddress address = {.socket_index = (uint8_t)listener};
        socklen_t size = sizeof address.socket_address;
        int fd = accept4(port->listeners[listener], &address.socket_address.any, &size,
                         SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS))
            set_deaf(port, true);
        if (fd < 0)
            return;
        if (!take_in(port, fd, &address, now_us)) {
            port->counters.refused++;
            close(fd);
        }
    }
}

static void want_write(TcpPort *port, Connection *connection, bool wants_write)
{
    uint32_t slot = (connection->address.connection & ((1U << SLOT_BITS) - 1)) - 1;
    struct epoll_event event = {.events = EPOLLIN | (wants_write ? (uint32_t)EPOLLOUT : 0),
                                .data = {.u32 = slot}};
    if (connection->wants_write == wants_write)
        return;
    connection->wants_write = wants_write;
    if (epoll_ctl(port->epoll_fd, EPOLL_CTL_MOD, connection->fd, &event) != 0)
        connection->is_broken = true;
}

/* The kernel takes what it takes; 0 with the rest to wait, when that is for later. */
static size_t write_some(Connection *connection, const struct iovec *vectors, size_t n_vectors)
{
    struct msghdr message = {.msg_iov = (struct iovec *)vectors, .msg_iovlen = n_vectors};
    ssize_t n;
    do
        n = sendmsg(connection->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK)
        connection->is_broken = true;
    return n > 0 ? (size_t)n : 0;
}

static void write_queue(TcpPort *port, Connection *connection)
{
    struct iovec vector = {connection->queued, connection->n_queued};
    size_t n = write_some(connection, &vector, 1);
    connection->n_queued -= n;
    memmove(connection->queued, connection->queued + n, connection->n_queued);
    if (n > 0)
        connection->stalled_us = 0;
    want_write(port, connection, connection->n_queued > 0);
}

static Connection *find(const TcpPort *port, const NetAddress *address)
{
    unsigned slot = address->connection & ((1U << SLOT_BITS) - 1);
    if (slot == 0 || slot > TCP_MAX_CONNECTIONS)
        return NULL;
    Connection *connection = port->connections[slot - 1];
    bool is_it = connection && connection->address.connection == address->connection;
    return is_it && !connection->is_broken ? connection : NULL;
}

bool tcp_port_send(TcpPort *port, const uint8_t *data, size_t size, const NetAddress *to)
{
    Connection *connection = find(port, to);
    if (!connection || size == 0 || size > UDP_PACKET_BYTES ||
        connection->n_queued + LENGTH_BYTES + size > TCP_QUEUE_BYTES)
        return false;
    uint8_t length[LENGTH_BYTES] = {(uint8_t)(size >> 8), (uint8_t)size};
    const struct iovec vectors[] = {{length, sizeof length}, {(void *)data, size}};
    size_t done = connection->n_queued == 0 ? write_some(connection, vectors, 2) : 0;
    if (connection->is_broken)
        return false;
    if (done < LENGTH_BYTES) {
        memcpy(connection->queued + connection->n_queued, length + done, LENGTH_BYTES - done);
        connection->n_queued += LENGTH_BYTES - done;
        done = LENGTH_BYTES;
    }
    size_t left = size - (done - LENGTH_BYTES);
    memcpy(connection->queued + connection->n_queued, data + size - left, left);
    connection->n_queued += left;
    want_write(port, connection, connection->n_queued > 0);
    return true;
}

typedef struct {
    TcpPacketFunc func;
    gpointer user_data;
    int64_t now_us;
} Sink;

/* Hands over one frame; false: the connection is to be cut off. */
static bool on_frame(TcpPort *port, Connection *connection, const uint8_t *data, size_t size,
                     const Sink *sink)
{
    if (size == 0) /* RFC 4571, 2: a null packet */
        return true;
    if (!connection->is_confirmed && data[0] > STUN_FIRST_BYTE_MAX)
        return false;
    if (data[0] > STUN_FIRST_BYTE_MAX)
        connection->used_us = sink->now_us;
    port->counters.packets_received++;
    port->counters.bytes_received += size;
    memcpy(port->packet, data, size);
    UdpPacket packet = {.data = port->packet, .size = size, .from = connection->address};
    sink->func(&packet, sink->user_data);
    return !connection->is_broken;
}

/* False: the connection is to be cut off. */
static bool take_frames(TcpPort *port, Connection *connection, const Sink *sink)
{
    size_t at = 0;
    while (connection->n_received - at >= LENGTH_BYTES) {
        const uint8_t *frame = connection->received + at;
        size_t size = (size_t)(frame[0] << 8 | frame[1]);
        if (size > UDP_PACKET_BYTES)
            return false;
        if (connection->n_received - at - LENGTH_BYTES < size)
            break;
        if (!on_frame(port, connection, frame + LENGTH_BYTES, size, sink))
            return false;
        at += LENGTH_BYTES + size;
    }
    connection->n_received -= at;
    memmove(connection->received, connection->received + at, connection->n_received);
    return true;
}

/* One read a turn, so that a fast sender does not delay the others. */
static void read_some(TcpPort *port, unsigned slot, const Sink *sink)
{
    Connection *connection = port->connections[slot];
    ssize_t n = recv(connection->fd, connection->received + connection->n_received,
                     RECEIVE_BYTES - connection->n_received, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        return;
    if (n <= 0) {
        close_connection(port, slot);
        return;
    }
    connection->n_received += (size_t)n;
    if (!connection->is_confirmed)
        connection->n_half_open += (size_t)n;
    if (connection->n_half_open > TCP_HALF_OPEN_BYTES || !take_frames(port, connection, sink))
        cut_off(port, slot);
}

void tcp_port_receive(TcpPort *port, int64_t now_us, TcpPacketFunc func, gpointer user_data)
{
    struct epoll_event events[EVENTS_AT_ONCE];
    const Sink sink = {func, user_data, now_us};
    int n = epoll_wait(port->epoll_fd, events, EVENTS_AT_ONCE, 0);
    for (int i = 0; i < n; i++) {
        uint32_t slot = events[i].data.u32;
        if (slot & EVENT_LISTENER)
            continue;
        if (events[i].events & EPOLLOUT)
            write_queue(port, port->connections[slot]);
        if (port->connections[slot]->is_broken)
            cut_off(port, slot);
        else if (events[i].events & ~(uint32_t)EPOLLOUT)
            read_some(port, slot, &sink);
    }
    /* Last: an event above never means a connection that has come into its slot since. */
    for (int i = 0; i < n; i++) {
        if (events[i].data.u32 & EVENT_LISTENER)
            accept_some(port, events[i].data.u32 & ~(uint32_t)EVENT_LISTENER, now_us);
    }
}

void tcp_port_confirm(TcpPort *port, const NetAddress *from, int64_t now_us)
{
    Connection *connection = find(port, from);
    if (!connection)
        return;
    connection->is_confirmed = true;
    connection->is_retired = false;
    connection->n_half_open = 0;
    connection->since_us = now_us;
}

void tcp_port_retire(TcpPort *port, const NetAddress *from)
{
    Connection *connection = find(port, from);
    if (connection)
        connection->is_retired = true;
}

static bool took_too_long(Connection *connection, int64_t now_us)
{
    if (connection->n_queued == 0)
        connection->stalled_us = 0;
    else if (connection->stalled_us == 0)
        connection->stalled_us = now_us;
    else if (now_us - connection->stalled_us > TCP_STALLED_US)
        return true;
    return now_us - connection->since_us >
           (connection->is_confirmed ? TCP_IDLE_US : TCP_HALF_OPEN_US);
}

void tcp_port_tick(TcpPort *port, int64_t now_us)
{
    if (now_us < port->next_tick_us)
        return;
    port->next_tick_us = now_us + TICK_US;
    if (port->is_deaf)
        set_deaf(port, false);
    for (unsigned i = 0; i < TCP_MAX_CONNECTIONS; i++) {
        Connection *connection = port->connections[i];
        if (connection && (connection->is_broken || took_too_long(connection, now_us)))
            cut_off(port, i);
        else if (connection && connection->is_retired)
            close_connection(port, i);
    }
}
