// SPDX-License-Identifier: Apache-2.0
/* A client of the relay in C, for tests: a UDP socket, or TCP connections, with the full ICE
 * agent's checks (libnice), DTLS and SRTP (the server's own units, from the other side). Driven by
 * media_peer_pump() on the test's thread; nothing in it waits. */
#pragma once
#include "media/media.h"
#include "media/rtp/rtp.h"

enum {
    MEDIA_PEER_MAX_RECEIVED = 20000,
    MEDIA_PEER_KEPT_PAYLOAD = 160, /* RED of three */
    MEDIA_PEER_AUDIO = 0,          /**< index of the first audio and video m-line */
    MEDIA_PEER_VIDEO = 1,
    MEDIA_PEER_AUDIO_PT = 111,
    MEDIA_PEER_VIDEO_PT = 96,
    MEDIA_PEER_RTX_PT = 97,
    MEDIA_PEER_RED_PT = 63,
    MEDIA_PEER_MID_ID = 4,
    MEDIA_PEER_TWCC_ID = 3,
    MEDIA_PEER_RID_ID = 5,
    MEDIA_PEER_LEVEL_ID = 6,
    MEDIA_PEER_UDP = -1, /**< in place of a connection's index */
    MEDIA_PEER_MAX_CONNECTIONS = 16,
};

typedef struct {
    MediaSetup setup;
    MediaDirection audio;
    MediaDirection video;
    unsigned n_extra; /**< recvonly audio and video pairs behind the first two m-lines */
    bool no_rtx;
    bool hides_ssrc; /**< SSRCs are not announced: to be learned from MID */
    bool no_transport_cc;
    bool wrong_fingerprint;
    bool no_feedback;           /**< sends no transport-wide feedback by itself */
    unsigned loses_one_in;      /**< says so of its packets; 0: of none */
    bool no_nack;               /**< takes no repairs */
    MediaCodecName video_codec; /**< H264 or VP9; else VP8 */
    bool red;                   /**< offers RED for its sound */
    bool remb;                  /**< offers goog-remb */
    bool no_reduced_rtcp;       /**< does not offer RFC 5506 */
    bool levels;                /**< offers audio levels, and sends them once answered */
    unsigned n_rids;            /**< of video, at most 2: "h" and "l", SSRCs not announced */
} MediaPeerOptions;

/** One RTP packet as it arrived. */
typedef struct {
    RtpHeader header;
    int64_t at_us; /**< on the peer's clock */
    size_t size;   /**< RTP, decrypted */
    bool has_transport_sequence;
    uint16_t transport_sequence;
    size_t n_payload;
    uint8_t payload[MEDIA_PEER_KEPT_PAYLOAD];
} MediaPeerPacket;

/** What came by RTCP. */
typedef struct {
    unsigned n_nacks; /**< messages */
    unsigned n_nacked;
    uint16_t nacked[256];
    uint32_t nack_ssrc;
    unsigned n_plis;
    unsigned n_twcc;
    unsigned n_twcc_beside_reports; /**< in one datagram with a report */
    unsigned n_twcc_received;       /**< packets reported as received in all feedback */
    unsigned n_sender_reports;
    uint32_t last_sr_ssrc;
    uint64_t last_sr_ntp;
    uint32_t last_sr_timestamp;
    unsigned n_report_blocks;
    uint8_t fraction_lost[2]; /**< last told of the first audio and video m-line's SSRC */
    int32_t cumulative_lost[2];
    unsigned n_rembs;
    uint64_t last_remb_bps;
    unsigned n_byes;
    unsigned n_reduced; /**< datagrams that begin with no report (RFC 5506) */
} MediaPeerControl;

typedef struct {
    unsigned n_stun_success;
    unsigned n_stun_errors;
    int last_stun_error; /**< 420, 487 */
    unsigned n_bad_srtp;
    unsigned n_datagrams;
    unsigned n_over_tcp; /**< of these */
    MediaPeerControl control;
    unsigned n_packets;
    MediaPeerPacket *packets; /**< MEDIA_PEER_MAX_RECEIVED */
} MediaPeerLog;

typedef struct MediaPeer MediaPeer;
MediaPeer *media_peer_new(const MediaPeerOptions *options);
void media_peer_free(MediaPeer *peer);

/** Writes the peer's present offer. */
void media_peer_offer(MediaPeer *peer, MediaDescription *ret_offer);
void media_peer_take_answer(MediaPeer *peer, const MediaDescription *answer);
const MediaDescription *media_peer_answer(const MediaPeer *peer);
/** New ICE credentials for the next offer. */
void media_peer_restart_ice(MediaPeer *peer);
/** Another socket, so another address; ICE and keys stay. The old socket stays open. */
void media_peer_move(MediaPeer *peer);
/** As media_peer_move(), on the loopback address 127.0.0.HOST: another network. */
void media_peer_move_to(MediaPeer *peer, uint8_t host);
/** The old socket again. */
void media_peer_move_back(MediaPeer *peer);
/** What to wait for; -1: nothing. */
int media_peer_fd(const MediaPeer *peer);

/** Connects to the answer's passive candidate; what is sent goes there from now on, and all that
 * comes is read everywhere. The connection's index. */
int media_peer_dial(MediaPeer *peer);
/** Sends over another connection, or UDP. */
void media_peer_switch(MediaPeer *peer, int connection);
/** Closes the present connection; what is sent goes over UDP. */
void media_peer_hang_up(MediaPeer *peer);
/** Reads nothing any more, from its sockets and connections. */
void media_peer_set_deaf(MediaPeer *peer, bool is_deaf);

/** From now on it says nothing of what comes, or does again. */
void media_peer_set_feedback(MediaPeer *peer, bool is_given);

/** Sends one check; NOMINATE adds USE-CANDIDATE. */
void media_peer_check(MediaPeer *peer, bool nominate);
typedef enum {
    MEDIA_PEER_SPOIL_PASSWORD,
    MEDIA_PEER_SPOIL_USERNAME,
    MEDIA_PEER_SPOIL_FINGERPRINT,
    MEDIA_PEER_SPOIL_ROLE,      /**< claims to be controlled: 487 */
    MEDIA_PEER_SPOIL_ATTRIBUTE, /**< an unknown one that must be understood: 420 */
} MediaPeerSpoil;
void media_peer_check_spoiled(MediaPeer *peer, MediaPeerSpoil spoil);
/** Whether the peer answers checks of the server (it does at first). */
void media_peer_set_answers_checks(MediaPeer *peer, bool answers);

/** Cut off: nothing comes in, nothing goes out. */
void media_peer_set_cut_off(MediaPeer *peer, bool is_cut_off);
/** Its own time, for arrivals; without, the system's. Outlives the peer. */
void media_peer_set_clock(MediaPeer *peer, const Clock *clock);
/** Takes what has arrived, repeats DTLS flights, reports arrivals. */
void media_peer_pump(MediaPeer *peer);
bool media_peer_is_connected(const MediaPeer *peer);
bool media_peer_has_failed(const MediaPeer *peer);

uint32_t media_peer_ssrc(const MediaPeer *peer, unsigned section);
void media_peer_set_ssrc(MediaPeer *peer, unsigned section, uint32_t ssrc);

typedef struct {
    unsigned section;
    uint16_t sequence;
    uint32_t timestamp;
    bool marker;
    unsigned layer; /**< with rids: 0 is "h" */
    bool is_rtx;    /**< SEQUENCE is that of the RTX stream; the payload starts with the OSN */
    bool is_red;    /**< of sound: the payload is RFC 2198's */
    bool no_extensions;
    uint8_t level; /**< of sound: 0 the loudest, 127 silence */
    const uint8_t *payload;
    size_t n_payload;
} MediaPeerSend;
void media_peer_send(MediaPeer *peer, const MediaPeerSend *send);
/** The protected bytes of a packet, to be sent by hand; their size. */
size_t media_peer_protect(MediaPeer *peer, const MediaPeerSend *send, uint8_t *data);
void media_peer_send_raw(MediaPeer *peer, const uint8_t *data, size_t size);
/** Protects and sends one compound. */
void media_peer_send_rtcp(MediaPeer *peer, const uint8_t *data, size_t size);

MediaPeerLog *media_peer_log(MediaPeer *peer);
