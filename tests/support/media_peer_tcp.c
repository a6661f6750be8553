// SPDX-License-Identifier: Apache-2.0
/* ICE-TCP of the test peer: frames of RFC 4571 on connections that it opens. */
#include "tests/support/media_peer_private.h"

#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

enum { LENGTH_BYTES = 2, SMALL_BUFFER_BYTES = 4096 };

static const MediaCandidate *passive_candidate(const MediaDescription *answer)
{
    for (unsigned i = 0; i < answer->n_candidates; i++) {
        if (answer->candidates[i].tcp)
            return &answer->candidates[i];
    }
    g_assert_not_reached();
}

int media_peer_dial(MediaPeer *peer)
{
    const MediaCandidate *candidate = passive_candidate(&peer->answer);
    NetAddress address;
    int on = 1;
    int size = SMALL_BUFFER_BYTES; /* so that a deaf peer's is soon full */
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert(fd >= 0 && peer->n_connections < MEDIA_PEER_MAX_CONNECTIONS);
    g_assert(net_address_parse(candidate->address, candidate->port, &address));
    g_assert(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size) == 0);
    g_assert(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0);
    g_assert(connect(fd, &address.socket_address.any, net_address_size(&address)) == 0);
    peer->connection = (int)peer->n_connections;
    peer->connections[peer->n_connections++] = (MediaPeerConnection){.fd = fd};
    return peer->connection;
}

void media_peer_switch(MediaPeer *peer, int connection)
{
    peer->connection = connection;
}

static void close_connection(MediaPeerConnection *connection)
{
    if (connection->fd >= 0)
        close(connection->fd);
    connection->fd = -1;
}

void media_peer_hang_up(MediaPeer *peer)
{
    close_connection(&peer->connections[peer->connection]);
    peer->connection = MEDIA_PEER_UDP;
}

void media_peer_set_deaf(MediaPeer *peer, bool is_deaf)
{
    peer->is_deaf = is_deaf;
}

void media_peer_tcp_clear(MediaPeer *peer)
{
    for (unsigned i = 0; i < peer->n_connections; i++)
        close_connection(&peer->connections[i]);
}

void media_peer_tcp_send(MediaPeer *peer, const uint8_t *data, size_t size)
{
    uint8_t frame[LENGTH_BYTES + UDP_PACKET_BYTES] = {(uint8_t)(size >> 8), (uint8_t)size};
    g_assert(size <= UDP_PACKET_BYTES);
    memcpy(frame + LENGTH_BYTES, data, size);
    /* The relay may have closed it. */
    (void)!send(peer->connections[peer->connection].fd, frame, LENGTH_BYTES + size, MSG_NOSIGNAL);
}

static void take_frames(MediaPeer *peer, MediaPeerConnection *connection)
{
    size_t at = 0;
    while (connection->n_received - at >= LENGTH_BYTES) {
        uint8_t *frame = connection->received + at;
        size_t size = (size_t)(frame[0] << 8 | frame[1]);
        g_assert(size <= UDP_PACKET_BYTES);
        if (connection->n_received - at - LENGTH_BYTES < size)
            break;
        uint8_t data[UDP_PACKET_BYTES];
        memcpy(data, frame + LENGTH_BYTES, size);
        at += LENGTH_BYTES + size;
        if (peer->is_cut_off)
            continue;
        peer->log.n_over_tcp++;
        media_peer_take(peer, data, size);
    }
    connection->n_received -= at;
    memmove(connection->received, connection->received + at, connection->n_received);
}

static void drain(MediaPeer *peer, MediaPeerConnection *connection)
{
    while (connection->fd >= 0) {
        ssize_t n = recv(connection->fd, connection->received + connection->n_received,
                         sizeof connection->received - connection->n_received, MSG_DONTWAIT);
        if (n == 0)
            close_connection(connection);
        if (n <= 0)
            return;
        connection->n_received += (size_t)n;
        take_frames(peer, connection);
    }
}

void media_peer_tcp_drain(MediaPeer *peer)
{
    for (unsigned i = 0; i < peer->n_connections && !peer->is_deaf; i++)
        drain(peer, &peer->connections[i]);
}
