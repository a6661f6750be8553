// SPDX-License-Identifier: Apache-2.0
#include "tests/support/media_peer.h"
#include "media/rtp/demux.h"
#include "media/transport/address.h"
#include "media/transport/crypt.h"
#include "media/transport/dtls.h"
#include "server/base/ids.h"
#include "server/base/secret.h"
#include "tests/support/media_peer_private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* On 127.0.0.HOST. */
static int open_socket(uint8_t host)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr = {.s_addr = htonl((INADDR_LOOPBACK & ~0xffU) | host)}};
    int size = 4 * 1024 * 1024;
    g_assert(fd >= 0);
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    g_assert(bind(fd, (struct sockaddr *)&address, sizeof address) == 0);
    return fd;
}

static void make_credentials(MediaPeer *peer)
{
    g_free(peer->ufrag);
    g_free(peer->pwd);
    g_autofree char *token = id_token_new();
    peer->ufrag = g_strndup(token, 6);
    peer->pwd = id_token_new();
}

MediaPeer *media_peer_new(const MediaPeerOptions *options)
{
    MediaPeer *peer = g_new0(MediaPeer, 1);
    peer->options = *options;
    peer->fd = open_socket(1);
    peer->other_fd = -1;
    peer->connection = MEDIA_PEER_UDP;
    peer->answers_checks = true;
    peer->twcc = twcc_receiver_new();
    make_credentials(peer);
    peer->identity = dtls_identity_new(NULL);
    peer->context = dtls_context_new(peer->identity, NULL);
    g_assert(peer->context);
    g_assert(crypt_set_up(NULL));
    peer->log.packets = g_new0(MediaPeerPacket, MEDIA_PEER_MAX_RECEIVED);
    for (unsigned i = 0; i < MEDIA_MAX_SECTIONS; i++) {
        peer->ssrcs[i] = g_random_int() | 1;
        peer->rtx_ssrcs[i] = g_random_int() & ~1U;
    }
    media_peer_stun_init(peer);
    return peer;
}

void media_peer_free(MediaPeer *peer)
{
    if (!peer)
        return;
    close(peer->fd);
    if (peer->other_fd >= 0)
        close(peer->other_fd);
    media_peer_tcp_clear(peer);
    media_peer_stun_clear(peer);
    twcc_receiver_free(peer->twcc);
    dtls_free(peer->dtls);
    crypt_free(peer->crypt);
    dtls_context_free(peer->context);
    dtls_identity_free(peer->identity);
    g_free(peer->log.packets);
    g_free(peer->ufrag);
    g_free(peer->pwd);
    g_free(peer);
}

void media_peer_set_cut_off(MediaPeer *peer, bool is_cut_off)
{
    peer->is_cut_off = is_cut_off;
}

void media_peer_set_clock(MediaPeer *peer, const Clock *clock)
{
    peer->clock = clock;
}

int64_t media_peer_now_us(const MediaPeer *peer)
{
    return peer->clock ? clock_mono_us(peer->clock) : g_get_monotonic_time();
}

void media_peer_restart_ice(MediaPeer *peer)
{
    make_credentials(peer);
}

void media_peer_move(MediaPeer *peer)
{
    media_peer_move_to(peer, 1);
}

void media_peer_move_to(MediaPeer *peer, uint8_t host)
{
    if (peer->other_fd >= 0)
        close(peer->other_fd);
    peer->other_fd = peer->fd;
    peer->fd = open_socket(host);
}

void media_peer_move_back(MediaPeer *peer)
{
    int fd = peer->fd;
    peer->fd = peer->other_fd;
    peer->other_fd = fd;
}

int media_peer_fd(const MediaPeer *peer)
{
    if (peer->is_deaf)
        return -1;
    return peer->connection == MEDIA_PEER_UDP ? peer->fd : peer->connections[peer->connection].fd;
}

void media_peer_set_answers_checks(MediaPeer *peer, bool answers)
{
    peer->answers_checks = answers;
}

enum { H264_PROFILE_LEVEL = 0x42e01f }; /* constrained baseline, 3.1 */

static MediaCodecName video_codec(const MediaPeerOptions *options)
{
    bool is_other =
        options->video_codec == MEDIA_CODEC_H264 || options->video_codec == MEDIA_CODEC_VP9;
    return is_other ? options->video_codec : MEDIA_CODEC_VP8;
}

static void offer_section(const MediaPeer *peer, unsigned index, MediaKind kind,
                          MediaDirection direction, MediaSection *section)
{
    const MediaPeerOptions *options = &peer->options;
    bool is_video = kind == MEDIA_KIND_VIDEO;
    g_snprintf(section->mid, sizeof section->mid, "%u", index);
    g_strlcpy(section->proto_kind, media_kind_name(kind), sizeof section->proto_kind);
    section->kind = kind;
    section->direction = direction;
    section->codec = (MediaCodec){
        .name = is_video ? video_codec(options) : MEDIA_CODEC_OPUS,
        .h264_profile_level =
            is_video && options->video_codec == MEDIA_CODEC_H264 ? H264_PROFILE_LEVEL : 0,
        .payload_type = is_video ? MEDIA_PEER_VIDEO_PT : MEDIA_PEER_AUDIO_PT,
        .rtx_payload_type = is_video && !options->no_rtx ? MEDIA_PEER_RTX_PT : -1,
        .red_payload_type = !is_video && options->red ? MEDIA_PEER_RED_PT : -1,
        .nack = !options->no_nack,
        .pli = is_video,
        .fir = is_video,
        .transport_cc = !options->no_transport_cc,
        .remb = is_video && options->remb,
    };
    section->extensions.mid = MEDIA_PEER_MID_ID;
    section->reduced_rtcp = !options->no_reduced_rtcp;
    section->extensions.audio_level = options->levels ? MEDIA_PEER_LEVEL_ID : 0;
    section->extensions.transport_cc = options->no_transport_cc ? 0 : MEDIA_PEER_TWCC_ID;
    if (direction & MEDIA_DIRECTION_SENDONLY && !options->hides_ssrc) {
        section->ssrc = peer->ssrcs[index];
        section->rtx_ssrc = is_video && !options->no_rtx ? peer->rtx_ssrcs[index] : 0;
    }
    g_strlcpy(section->cname, "peer", sizeof section->cname);
    if (is_video && options->n_rids > 0) {
        section->extensions.rid = MEDIA_PEER_RID_ID;
        section->ssrc = section->rtx_ssrc = 0;
    }
    for (unsigned i = 0; is_video && i < options->n_rids; i++) {
        g_snprintf(section->rids[i].rid, sizeof section->rids[i].rid, "%s", i == 0 ? "h" : "l");
        section->rids[i].active = i == 0;
        section->n_rids = i + 1;
    }
}

void media_peer_offer(MediaPeer *peer, MediaDescription *ret_offer)
{
    const MediaPeerOptions *options = &peer->options;
    memset(ret_offer, 0, sizeof *ret_offer);
    g_strlcpy(ret_offer->ice_ufrag, peer->ufrag, sizeof ret_offer->ice_ufrag);
    g_strlcpy(ret_offer->ice_pwd, peer->pwd, sizeof ret_offer->ice_pwd);
    memcpy(ret_offer->fingerprint, dtls_identity_fingerprint(peer->identity), 32);
    if (options->wrong_fingerprint)
        ret_offer->fingerprint[7] ^= 1;
    ret_offer->setup = options->setup;
    offer_section(peer, 0, MEDIA_KIND_AUDIO, options->audio, &ret_offer->sections[0]);
    offer_section(peer, 1, MEDIA_KIND_VIDEO, options->video, &ret_offer->sections[1]);
    ret_offer->n_sections = 2;
    for (unsigned i = 0; i < 2 * options->n_extra; i++) {
        unsigned index = ret_offer->n_sections++;
        offer_section(peer, index, i % 2 == 0 ? MEDIA_KIND_AUDIO : MEDIA_KIND_VIDEO,
                      MEDIA_DIRECTION_RECVONLY, &ret_offer->sections[index]);
    }
}

static void send_dtls(const uint8_t *data, size_t size, gpointer user_data)
{
    media_peer_send_raw(user_data, data, size);
}

static void start_dtls(MediaPeer *peer)
{
    DtlsOptions options = {
        .active = peer->answer.setup == MEDIA_SETUP_PASSIVE,
        .rtt_ms = 50,
        .send = send_dtls,
        .user_data = peer,
    };
    memcpy(options.peer_fingerprint, peer->answer.fingerprint, sizeof options.peer_fingerprint);
    peer->dtls = dtls_new(peer->context, &options, NULL);
    g_assert(peer->dtls);
}

void media_peer_take_answer(MediaPeer *peer, const MediaDescription *answer)
{
    peer->answer = *answer;
    NetAddress address;
    g_assert(answer->n_candidates > 0);
    g_assert(
        net_address_parse(answer->candidates[0].address, answer->candidates[0].port, &address));
    peer->server = address;
    if (!peer->dtls)
        start_dtls(peer);
}

const MediaDescription *media_peer_answer(const MediaPeer *peer)
{
    return &peer->answer;
}

void media_peer_send_raw(MediaPeer *peer, const uint8_t *data, size_t size)
{
    if (peer->is_cut_off)
        return;
    if (peer->connection != MEDIA_PEER_UDP) {
        media_peer_tcp_send(peer, data, size);
        return;
    }
    (void)!sendto(peer->fd, data, size, 0, &peer->server.socket_address.any,
                  net_address_size(&peer->server));
}

static void after_dtls(MediaPeer *peer)
{
    CryptKeys keys;
    if (peer->crypt || dtls_state(peer->dtls) != DTLS_STATE_CONNECTED)
        return;
    g_assert(dtls_srtp_keys(peer->dtls, &keys));
    peer->profile = keys.profile;
    peer->crypt = crypt_new(&keys, NULL);
    g_assert(peer->crypt);
}

void media_peer_take(MediaPeer *peer, uint8_t *data, size_t size)
{
    peer->log.n_datagrams++;
    switch (demux_classify(data, size)) {
    case DEMUX_STUN:
        media_peer_take_stun(peer, data, size);
        break;
    case DEMUX_DTLS:
        (void)dtls_receive(peer->dtls, data, size);
        after_dtls(peer);
        break;
    case DEMUX_RTP:
        if (peer->crypt && crypt_unprotect_rtp(peer->crypt, data, &size) == CRYPT_OK)
            media_peer_take_rtp(peer, data, size);
        else
            peer->log.n_bad_srtp++;
        break;
    case DEMUX_RTCP:
        if (peer->crypt && crypt_unprotect_rtcp(peer->crypt, data, &size) == CRYPT_OK)
            media_peer_take_rtcp(peer, data, size);
        else
            peer->log.n_bad_srtp++;
        break;
    case DEMUX_IGNORED:
        break;
    }
}

static void drain(MediaPeer *peer, int fd)
{
    uint8_t data[2048];
    ssize_t n;
    while (fd >= 0 && (n = recv(fd, data, sizeof data, 0)) >= 0)
        if (!peer->is_cut_off)
            media_peer_take(peer, data, (size_t)n);
}

void media_peer_pump(MediaPeer *peer)
{
    if (!peer->is_deaf) {
        drain(peer, peer->other_fd);
        drain(peer, peer->fd);
    }
    media_peer_tcp_drain(peer);
    /* The DTLS client speaks once the server has answered a check. */
    if (peer->dtls && peer->log.n_stun_success > 0 && !peer->dtls_started) {
        peer->dtls_started = true;
        (void)dtls_start(peer->dtls);
    }
    if (peer->dtls && peer->dtls_started)
        (void)dtls_tick(peer->dtls);
    if (peer->crypt && !peer->options.no_feedback)
        media_peer_report_arrivals(peer);
}

bool media_peer_is_connected(const MediaPeer *peer)
{
    return peer->crypt != NULL;
}

bool media_peer_has_failed(const MediaPeer *peer)
{
    return peer->dtls && dtls_state(peer->dtls) == DTLS_STATE_FAILED;
}

void media_peer_set_feedback(MediaPeer *peer, bool is_given)
{
    peer->options.no_feedback = !is_given;
}

MediaPeerLog *media_peer_log(MediaPeer *peer)
{
    return &peer->log;
}
