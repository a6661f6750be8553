// SPDX-License-Identifier: Apache-2.0
/* Shared by media_peer.c, media_peer_stun.c and media_peer_media.c only. */
#pragma once
#include "media/rate/twcc_receiver.h"
#include "media/transport/crypt.h"
#include "media/transport/dtls.h"
#include "media/transport/udp.h"
#include "tests/support/media_peer.h"

typedef struct MediaPeerStun MediaPeerStun;

typedef struct {
    int fd; /* -1: closed */
    size_t n_received;
    uint8_t received[4 * UDP_PACKET_BYTES];
} MediaPeerConnection;

struct MediaPeer {
    MediaPeerOptions options;
    int fd;
    int other_fd; /* -1: none */
    NetAddress server;
    unsigned n_connections;
    MediaPeerConnection connections[MEDIA_PEER_MAX_CONNECTIONS];
    int connection; /* MEDIA_PEER_UDP or an index */
    bool is_deaf;
    char *ufrag;
    char *pwd;
    MediaDescription answer;
    MediaPeerStun *stun;
    bool answers_checks;
    DtlsIdentity *identity;
    DtlsContext *context;
    Dtls *dtls;
    bool dtls_started;
    CryptProfile profile;
    Crypt *crypt;
    uint16_t transport_sequence;
    bool is_cut_off;
    const Clock *clock; /* NULL: the system's */
    TwccReceiver *twcc;
    int64_t next_twcc_us;
    uint32_t ssrcs[MEDIA_MAX_SECTIONS];
    uint32_t rtx_ssrcs[MEDIA_MAX_SECTIONS];
    MediaPeerLog log;
};

int64_t media_peer_now_us(const MediaPeer *peer);
void media_peer_take(MediaPeer *peer, uint8_t *data, size_t size);
void media_peer_tcp_send(MediaPeer *peer, const uint8_t *data, size_t size);
void media_peer_tcp_drain(MediaPeer *peer);
void media_peer_tcp_clear(MediaPeer *peer);
void media_peer_report_arrivals(MediaPeer *peer);
void media_peer_stun_init(MediaPeer *peer);
void media_peer_stun_clear(MediaPeer *peer);
void media_peer_take_stun(MediaPeer *peer, const uint8_t *data, size_t size);
void media_peer_take_rtp(MediaPeer *peer, const uint8_t *data, size_t size);
void media_peer_take_rtcp(MediaPeer *peer, const uint8_t *data, size_t size);
