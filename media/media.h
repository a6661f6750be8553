// SPDX-License-Identifier: Apache-2.0
/* The media relay's only door. Knows rooms, participants and endpoints by text ids; nothing of
 * patients. All functions are called on the main thread and never block; observers are called on
 * the main context. Behind it: one worker thread per core, each with one port; a room lives on
 * one worker all its life.
 *
 * An endpoint is one peer connection. A participant may have several (a browser; a WHIP camera).
 * Each m-line of an endpoint has up to two halves: what the client sends (a source, seen by the
 * other participants of the room) and what the server sends (a slot, which carries at most one
 * source of the same kind of another participant). Slots are filled in the order in which
 * participants came; a slot keeps its SSRC whatever it carries, so people come, go and reload
 * without a new offer. */
#pragma once
#include "server/base/clock.h"
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define MEDIA_ERROR (media_error_quark())
GQuark media_error_quark(void);

typedef enum {
    MEDIA_ERROR_FAILED,    /**< socket, certificate, library */
    MEDIA_ERROR_BAD_OFFER, /**< the description cannot be answered; the message says why */
    MEDIA_ERROR_NOT_FOUND, /**< no such endpoint */
    MEDIA_ERROR_FULL,      /**< a limit of the room or of the relay */
} MediaError;

typedef enum { MEDIA_KIND_AUDIO, MEDIA_KIND_VIDEO } MediaKind;
enum { MEDIA_N_KINDS = 2 };
const char *media_kind_name(MediaKind kind);

typedef enum {
    MEDIA_DIRECTION_INACTIVE = 0,
    MEDIA_DIRECTION_SENDONLY = 1,
    MEDIA_DIRECTION_RECVONLY = 2,
    MEDIA_DIRECTION_SENDRECV = 3,
} MediaDirection;

typedef enum { MEDIA_SETUP_ACTPASS, MEDIA_SETUP_ACTIVE, MEDIA_SETUP_PASSIVE } MediaSetup;

enum {
    MEDIA_MAX_SECTIONS = 16,
    MEDIA_MAX_RIDS = 3,
    MEDIA_MAX_ADDRESSES = 16, /**< public ones */
    MEDIA_MAX_CANDIDATES = 2 * MEDIA_MAX_ADDRESSES,
    MEDIA_MAX_WORKERS = 64,
    MEDIA_TEXT_BYTES = 64,
};

typedef struct {
    char rid[17];
    bool active;
} MediaRid;

/** RTP header extensions that the relay knows; 0: not negotiated. Ids 1 to 14. */
typedef struct {
    uint8_t mid;
    uint8_t rid;
    uint8_t repaired_rid;
    uint8_t audio_level;
    uint8_t transport_cc;
    uint8_t abs_send_time;
} MediaExtensions;

typedef enum {
    MEDIA_CODEC_OPUS,
    MEDIA_CODEC_VP8,
    MEDIA_CODEC_H264, /**< (constrained) baseline, packetization-mode 1 (RFC 6184, 5.4) */
    MEDIA_CODEC_VP9,  /**< profile 0 */
} MediaCodecName;
const char *media_codec_name(MediaCodecName name); /**< as in a=rtpmap */

typedef enum {
    MEDIA_H264_OTHER, /**< not carried */
    MEDIA_H264_BASELINE,
    MEDIA_H264_CONSTRAINED_BASELINE,
} MediaH264Profile;
/** What a profile-level-id (24 bits) means: RFC 6184, table 5. */
MediaH264Profile media_h264_profile(uint32_t profile_level);

/** How the one codec of an m-line is carried: Opus, or the first of VP8, H.264 and VP9 that is
 * offered. */
typedef struct {
    MediaCodecName name;
    uint8_t payload_type;
    int16_t rtx_payload_type; /**< -1: none */
    /** RFC 2198 of Opus, which the client takes and need not send; -1: none. */
    int16_t red_payload_type;
    uint32_t h264_profile_level; /**< profile-level-id, 24 bits; 0 for other codecs */
    bool nack;
    bool pli;
    bool fir;
    bool transport_cc;
    bool remb;
} MediaCodec;

/** One m-line. The same struct is read from an offer and written for an answer: direction and SSRCs
 * are those of the party whose description it is. */
typedef struct {
    char mid[17];
    MediaKind kind;
    bool rejected;       /**< port 0: no codec in common, or not audio or video */
    char proto_kind[17]; /**< the m-line's own media name for a rejected one ("application") */
    MediaDirection direction;
    MediaCodec codec;
    MediaExtensions extensions;
    bool reduced_rtcp; /**< RFC 5506: feedback without a report before it */
    uint32_t ssrc;     /**< 0: not given (rids or late) */
    uint32_t rtx_ssrc;
    char cname[MEDIA_TEXT_BYTES];
    char stream_id[MEDIA_TEXT_BYTES]; /**< msid's first part */
    char track_id[MEDIA_TEXT_BYTES];
    unsigned n_rids;
    MediaRid rids[MEDIA_MAX_RIDS]; /**< of a=simulcast, in its order: the highest layer first */
    char opus_fmtp[128]; /**< parameters to write for Opus in an answer; empty in an offer */
    unsigned ptime_ms;   /**< 0: not said */
    unsigned start_kbps; /**< for the client's video encoder, in an answer; 0: not said */
} MediaSection;

typedef struct {
    char address[46]; /**< numeric IPv4 or IPv6 */
    uint16_t port;
    bool tcp; /**< RFC 6544 passive */
    uint32_t priority;
    char foundation[33];
} MediaCandidate;

typedef struct {
    bool ice_lite;
    char ice_ufrag[257];     /**< RFC 8839: 4 to 256 characters */
    char ice_pwd[257];       /**< 22 to 256 */
    uint8_t fingerprint[32]; /**< SHA-256 of the certificate; the only hash accepted */
    MediaSetup setup;
    unsigned n_sections;
    MediaSection sections[MEDIA_MAX_SECTIONS];
    unsigned n_candidates;
    MediaCandidate candidates[MEDIA_MAX_CANDIDATES];
} MediaDescription;

typedef enum {
    MEDIA_ENDPOINT_NEW,       /**< answered, no valid check yet */
    MEDIA_ENDPOINT_CHECKED,   /**< first valid STUN check */
    MEDIA_ENDPOINT_CONNECTED, /**< DTLS done, SRTP keys in place */
    MEDIA_ENDPOINT_SILENT,    /**< no packet at all for 4 s (goes back to CONNECTED) */
    MEDIA_ENDPOINT_FAILED, /**< consent gone for 30 s (RFC 7675, see outlives_consent), DTLS failed:
                              close it */
} MediaEndpointState;
const char *media_endpoint_state_name(MediaEndpointState state);

/** Totals of one kind in one direction since the endpoint was opened. */
typedef struct {
    uint64_t packets;
    uint64_t bytes;    /**< RTP header and payload, without SRTP tag and IP */
    uint64_t lost;     /**< in: counted by the relay; out: on the last way, as the client reports */
    uint64_t repaired; /**< in: arrived by RTX; out: sent again */
    uint64_t media_ms; /**< time in which media flowed; a gap over 1 s does not count */
    uint32_t jitter_us;
    uint32_t bitrate_bps; /**< over the time since the sample before */
} MediaFlow;

typedef struct {
    int64_t at_ms;                /**< wall time */
    uint32_t rtt_us;              /**< 0: not known yet */
    bool is_final;                /**< the endpoint's last sample, at its end */
    uint32_t down_bps;            /**< estimate towards the client, for start_down_bps; 0: none */
    uint32_t up_bps;              /**< what the client's link was seen to carry; 0: none */
    MediaFlow in[MEDIA_N_KINDS];  /**< client to server */
    MediaFlow out[MEDIA_N_KINDS]; /**< server to client */
} MediaSample;

/** The m-line MID of received sound is held back for so long, other than MediaHint.jitter_ms. */
typedef struct {
    char mid[17];
    unsigned ms;
} MediaHold;

/** What a client's encoders are asked for, so that no bit crosses a thin uplink to be thrown away
 * behind it. Said again whenever it changes. */
typedef struct {
    uint32_t audio_bps;   /**< of Opus itself, without headers */
    unsigned ptime_ms;    /**< 20, 40, 60 or 120 */
    bool audio_fec;       /**< in-band; off where packets are merged or RED carries the weight */
    bool audio_red;       /**< RFC 2198: each packet once more in a later one */
    unsigned audio_reach; /**< how many packets later at most, and once between; 0: in the next */
    unsigned jitter_ms;   /**< to hold received sound back, at least; 0: nothing asked */
    unsigned n_holds;
    MediaHold holds[MEDIA_MAX_SECTIONS]; /**< senders whose link is better than the worst */
    unsigned jitter_video_ms;            /**< as jitter_ms, of received pictures */
    uint32_t video_bps;                  /**< at most, all layers together; 0: no picture for now */
    unsigned video_height;               /**< at most, in pixels */
    unsigned video_fps_tenths;           /**< at most; 2 is a picture in five seconds */
    bool video_stills;                   /**< each picture a key frame: only those are forwarded */
    bool video_layers;                   /**< the small layer too: receivers differ */
    uint32_t video_small_bps;            /**< of video_bps, for that layer; 0: there is none */
} MediaHint;

/** What a slot for video shows, and why not. */
typedef enum {
    MEDIA_PICTURE_NONE, /**< nobody's, or its sender has no camera on */
    MEDIA_PICTURE_MOVING,
    MEDIA_PICTURE_STILLS,        /**< single pictures, as the link allows */
    MEDIA_PICTURE_RECEIVER_LINK, /**< paused: this client's link is too thin */
    MEDIA_PICTURE_SENDER_LINK,   /**< paused: the sender's link is too thin */
} MediaPicture;
const char *media_picture_name(MediaPicture picture);

/** Called on the main context, in the order in which things happened; members may be NULL. */
typedef struct {
    void (*on_endpoint_state)(const char *endpoint_id, MediaEndpointState state, int64_t at_ms,
                              gpointer user_data);
    /** The client's media of KIND starts (first packet) or stops (2 s without any). */
    void (*on_endpoint_media)(const char *endpoint_id, MediaKind kind, bool flowing, int64_t at_ms,
                              gpointer user_data);
    /** The slot MID of the endpoint now carries PARTICIPANT_ID's media; NULL: nobody's. */
    void (*on_endpoint_slot)(const char *endpoint_id, const char *mid, const char *participant_id,
                             gpointer user_data);
    /** What the client's encoders are asked for, first as soon as it is connected. */
    void (*on_endpoint_hint)(const char *endpoint_id, const MediaHint *hint, gpointer user_data);
    /** The slot MID of kind video shows something else. */
    void (*on_endpoint_picture)(const char *endpoint_id, const char *mid, MediaPicture picture,
                                gpointer user_data);
    /** Every 10 s and at the end. */
    void (*on_endpoint_sample)(const char *endpoint_id, const MediaSample *sample,
                               gpointer user_data);
} MediaObserver;

typedef struct {
    const char *const *bind_addresses;   /**< NULL-ended, at least one */
    const char *const *public_addresses; /**< written into candidates; empty: the bound ones */
    uint16_t first_port;                 /**< of n_workers consecutive ones, the last 65535
                                              at most; 0: any free ports */
    bool tcp;                            /**< also passive ICE-TCP, on the same ports */
    unsigned n_workers;                  /**< 0: one per core */
    unsigned max_endpoints;              /**< 0: 2000 */
    /** Time of all timers but those of DTLS; outlives the relay. NULL: the system's. */
    const Clock *clock;
} MediaConfig;

typedef struct {
    const char *room_id; /**< rooms come with their first endpoint and go with their last */
    const char *endpoint_id;
    const char *participant_id;
    uint32_t rtt_hint_ms;    /**< measured on the WebSocket; 0: not known */
    uint32_t start_down_bps; /**< MediaSample's of this participant before; 0: not known */
    uint32_t start_up_bps;
    bool may_publish;
    bool may_receive;
    /** Answer a=setup:passive: the client asks for it when no SRTP profile came about before. */
    bool dtls_passive;
    /** ICE and DTLS are done, media is carried neither from nor to it before
     * media_endpoint_release(). */
    bool hold;
    /** Its owner closes it: connected, and without consent for 30 s, it does not fail but waits,
     * SILENT and sent nothing, for a check. A browser that is asked for an offer again keeps its
     * DTLS association, so only the keys that it has go on. */
    bool outlives_consent;
} MediaEndpointOptions;

/** Counters for /metrics. */
typedef struct {
    uint64_t packets_in, packets_out, bytes_in, bytes_out;
    uint64_t rtp_forwarded, rtx_sent, nacks_sent, plis_sent;
    uint64_t dropped_unknown_address, dropped_bad_stun, dropped_other_stun, dropped_bad_srtp,
        dropped_replayed, dropped_malformed, dropped_full;
    uint64_t dtls_handshakes, dtls_failed, stun_checks;
    uint64_t tcp_refused, tcp_cut_off; /**< connections: over a limit; misused, stalled, idle */
    unsigned n_rooms, n_endpoints, n_workers, n_tcp_connections;
} MediaStats;

typedef struct Media Media;

/** Binds the ports and makes the DTLS certificate (ECDSA P-256). Events come on the thread-default
 * main context of the caller. */
Media *media_new(const MediaConfig *config, const MediaObserver *observer, gpointer user_data,
                 GError **error);
bool media_start(Media *media, GError **error);
/** Tells the peers (RTCP BYE), ends the workers. No observer call afterwards. */
void media_stop(Media *media);
void media_free(Media *media);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Media, media_free)

/** Opens an endpoint; MEDIA_ERROR_FULL when a limit is reached. */
bool media_endpoint_open(Media *media, const MediaEndpointOptions *options, GError **error);
/** Answers OFFER, the first or a later one (new sections at the end, changed directions, ICE
 * restart). Pure on the main thread; the worker gets the result as a message. On failure nothing
 * has changed. */
bool media_endpoint_negotiate(Media *media, const char *endpoint_id, const MediaDescription *offer,
                              MediaDescription *ret_answer, GError **error);
/** The picture that the client sends is a screen, or is one no longer: text before movement.
 * Unknown ids are ignored. */
void media_endpoint_set_screen(Media *media, const char *endpoint_id, bool is_screen);
/** Of the pictures that the client receives, PARTICIPANT_ID's comes first, before screens and who
 * speaks; NULL: nobody's. Unknown ids are ignored. */
void media_endpoint_set_pinned(Media *media, const char *endpoint_id, const char *participant_id);
/** Who gets what the client sends: with IS_MUTED nobody its sound; clients of different CIRCLEs
 * nothing of each other. At first not muted, in circle 0. Unknown ids are ignored. */
void media_endpoint_set_audience(Media *media, const char *endpoint_id, bool is_muted,
                                 unsigned circle);
/** Ends MediaEndpointOptions' hold. Unknown ids are ignored. */
void media_endpoint_release(Media *media, const char *endpoint_id);
/** Closes; a final sample and the room's slot changes follow as events. Unknown ids are ignored. */
void media_endpoint_close(Media *media, const char *endpoint_id);

/** First bound port. */
uint16_t media_port(const Media *media);
void media_stats(Media *media, MediaStats *ret_stats);
