// SPDX-License-Identifier: Apache-2.0
#include "media/transport/udp.h"
#include "media/media.h"
#include "media/transport/tcp.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum {
    SOCKET_BUFFER_BYTES = 4 * 1024 * 1024,
    BIND_ATTEMPTS = 16, /* a free port on the first address may be taken on the second */
};

typedef struct {
    uint8_t bytes[UDP_PACKET_BYTES];
} Buffer;

struct UdpPort {
    int fds[UDP_MAX_SOCKETS];
    unsigned n_sockets;
    uint16_t number;
    UdpCounters counters;

    Buffer *receive_buffers; /* UDP_BATCH */
    struct mmsghdr receive_headers[UDP_BATCH];
    struct iovec receive_vectors[UDP_BATCH];
    struct sockaddr_in6 receive_names[UDP_BATCH];

    Buffer *send_buffers; /* UDP_BATCH */
    size_t send_sizes[UDP_BATCH];
    NetAddress send_addresses[UDP_BATCH];
    unsigned n_send;
    unsigned n_send_tcp; /* of these, to connections */
    TcpPort *tcp;        /* unowned; NULL: none */
};

static int bind_one(const NetAddress *address, GError **error)
{
    int family = address->socket_address.any.sa_family;
    int fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_FAILED, "socket: %s", g_strerror(errno));
        return -1;
    }
    int size = SOCKET_BUFFER_BYTES;
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0)
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size) != 0)
        (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    int on = 1;
    if (family == AF_INET6)
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (bind(fd, &address->socket_address.any, net_address_size(address)) != 0) {
        char text[NET_ADDRESS_TEXT_BYTES];
        net_address_text(address, text);
        g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_FAILED, "cannot bind UDP %s port %u: %s", text,
                    net_address_port(address), g_strerror(errno));
        close(fd);
        return -1;
    }
    return fd;
}

static void close_sockets(UdpPort *port)
{
    for (unsigned i = 0; i < port->n_sockets; i++)
        close(port->fds[i]);
    port->n_sockets = 0;
}

static bool bind_all(UdpPort *port, const char *const *addresses, uint16_t wanted, GError **error)
{
    uint16_t number = wanted;
    for (unsigned i = 0; addresses[i]; i++) {
        NetAddress address;
        if (i >= UDP_MAX_SOCKETS || !net_address_parse(addresses[i], number, &address)) {
            g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_FAILED,
                        i >= UDP_MAX_SOCKETS ? "too many media addresses (%s)"
                                             : "not a numeric address: %s",
                        addresses[i]);
            return false;
        }
        int fd = bind_one(&address, error);
        if (fd < 0)
            return false;
        port->fds[port->n_sockets++] = fd;
        if (number == 0) {
            socklen_t size = sizeof address.socket_address;
            if (getsockname(fd, &address.socket_address.any, &size) != 0) {
                g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_FAILED, "getsockname: %s",
                            g_strerror(errno));
                return false;
            }
            number = net_address_port(&address);
        }
    }
    if (port->n_sockets == 0) {
        g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_FAILED, "no media address to bind");
        return false;
    }
    port->number = number;
    return true;
}

UdpPort *udp_port_new(const char *const *addresses, uint16_t number, GError **error)
{
    g_autoptr(UdpPort) port = g_new0(UdpPort, 1);
    port->receive_buffers = g_new0(Buffer, UDP_BATCH);
    port->send_buffers = g_new0(Buffer, UDP_BATCH);
    for (unsigned i = 0; i < UDP_BATCH; i++) {
        port->receive_vectors[i].iov_base = port->receive_buffers[i].bytes;
        port->receive_vectors[i].iov_len = UDP_PACKET_BYTES;
    }
    for (unsigned attempt = 1;; attempt++) {
        g_autoptr(GError) bind_error = NULL;
        if (bind_all(port, addresses, number, &bind_error))
            return g_steal_pointer(&port);
        close_sockets(port);
        if (number != 0 || attempt >= BIND_ATTEMPTS) {
            g_propagate_error(error, g_steal_pointer(&bind_error));
            return NULL;
        }
    }
}

void udp_port_free(UdpPort *port)
{
    if (!port)
        return;
    close_sockets(port);
    g_free(port->receive_buffers);
    g_free(port->send_buffers);
    g_free(port);
}

uint16_t udp_port_number(const UdpPort *port)
{
    return port->number;
}

unsigned udp_port_n_sockets(const UdpPort *port)
{
    return port->n_sockets;
}

int udp_port_fd(const UdpPort *port, unsigned socket_index)
{
    return port->fds[socket_index];
}

const UdpCounters *udp_port_counters(const UdpPort *port)
{
    return &port->counters;
}

unsigned udp_port_receive(UdpPort *port, unsigned socket_index, UdpPacket packets[UDP_BATCH])
{
    for (unsigned i = 0; i < UDP_BATCH; i++) {
        port->receive_headers[i].msg_hdr = (struct msghdr){
            .msg_name = &port->receive_names[i],
            .msg_namelen = sizeof port->receive_names[i],
            .msg_iov = &port->receive_vectors[i],
            .msg_iovlen = 1,
        };
    }
    int n = recvmmsg(port->fds[socket_index], port->receive_headers, UDP_BATCH, MSG_DONTWAIT, NULL);
    unsigned n_packets = 0;
    for (int i = 0; i < n; i++) {
        const struct mmsghdr *header = &port->receive_headers[i];
        if (header->msg_hdr.msg_flags & MSG_TRUNC)
            continue;
        UdpPacket *packet = &packets[n_packets++];
        packet->data = port->receive_buffers[i].bytes;
        packet->size = header->msg_len;
        memset(&packet->from, 0, sizeof packet->from);
        memcpy(&packet->from.socket_address, &port->receive_names[i],
               MIN(header->msg_hdr.msg_namelen, sizeof packet->from.socket_address));
        packet->from.socket_index = (uint8_t)socket_index;
        port->counters.packets_received++;
        port->counters.bytes_received += header->msg_len;
    }
    return n_packets;
}

uint8_t *udp_port_reserve(UdpPort *port)
{
    return port->send_buffers[port->n_send].bytes;
}

void udp_port_commit(UdpPort *port, size_t size, const NetAddress *to)
{
    port->send_sizes[port->n_send] = size;
    port->send_addresses[port->n_send] = *to;
    port->n_send_tcp += to->connection != 0;
    if (++port->n_send == UDP_BATCH)
        udp_port_flush(port);
}

void udp_port_send(UdpPort *port, const uint8_t *data, size_t size, const NetAddress *to)
{
    if (size > UDP_PACKET_BYTES) {
        port->counters.send_dropped++;
        return;
    }
    memcpy(udp_port_reserve(port), data, size);
    udp_port_commit(port, size, to);
}

static void flush_socket(UdpPort *port, unsigned socket_index)
{
    struct mmsghdr headers[UDP_BATCH];
    struct iovec vectors[UDP_BATCH];
    unsigned n = 0;
    for (unsigned i = 0; i < port->n_send; i++) {
        NetAddress *to = &port->send_addresses[i];
        if (to->socket_index != socket_index || to->connection != 0)
            continue;
        vectors[n] = (struct iovec){port->send_buffers[i].bytes, port->send_sizes[i]};
        headers[n] = (struct mmsghdr){.msg_hdr = {.msg_name = &to->socket_address,
                                                  .msg_namelen = net_address_size(to),
                                                  .msg_iov = &vectors[n],
                                                  .msg_iovlen = 1}};
        n++;
    }
    for (unsigned done = 0; done < n;) {
        int sent = sendmmsg(port->fds[socket_index], headers + done, n - done, MSG_DONTWAIT);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            port->counters.send_dropped += n - done;
            return;
        }
        if (sent <= 0) { /* this one cannot be sent (no route, refused): the others may */
            port->counters.send_dropped++;
            done++;
            continue;
        }
        for (int i = 0; i < sent; i++)
            port->counters.bytes_sent += headers[done + (unsigned)i].msg_len;
        port->counters.packets_sent += (unsigned)sent;
        done += (unsigned)sent;
    }
}

void udp_port_set_tcp(UdpPort *port, TcpPort *tcp)
{
    port->tcp = tcp;
}

static void flush_tcp(UdpPort *port)
{
    for (unsigned i = 0; i < port->n_send; i++) {
        const NetAddress *to = &port->send_addresses[i];
        if (to->connection == 0)
            continue;
        if (port->tcp &&
            tcp_port_send(port->tcp, port->send_buffers[i].bytes, port->send_sizes[i], to)) {
            port->counters.packets_sent++;
            port->counters.bytes_sent += port->send_sizes[i];
        } else {
            port->counters.send_dropped++;
        }
    }
}

void udp_port_flush(UdpPort *port)
{
    if (port->n_send == 0)
        return;
    if (port->n_send_tcp > 0)
        flush_tcp(port);
    for (unsigned i = 0; i < port->n_sockets && port->n_send_tcp < port->n_send; i++)
        flush_socket(port, i);
    port->n_send = 0;
    port->n_send_tcp = 0;
}
