// SPDX-License-Identifier: Apache-2.0
/* The two kinds of media stream that an endpoint has: a Source comes in from its client, a Slot
 * goes out to it. A slot carries at most one source, of another participant. Both are owned by
 * their endpoint; the links between them are cut by whoever is freed first. Inside media/relay
 * only; the worker's thread. */
#pragma once
#include "media/rate/rtp_stats.h"
#include "media/rate/send_lag.h"
#include "media/rate/sound_guard.h"
#include "media/rate/stream_loss.h"
#include "media/relay/lateness.h"
#include "media/relay/meter.h"
#include "media/relay/plan.h"
#include "media/repair/audio_out.h"
#include "media/repair/early.h"
#include "media/repair/keyframe.h"
#include "media/repair/nack.h"
#include "media/repair/packet_cache.h"
#include "media/repair/rewrite.h"
#include "server/base/limit.h"

typedef struct Endpoint Endpoint;
typedef struct Slot Slot;
typedef struct Source Source;

/** The sender's clock, from its last sender report (RFC 3550, 6.4.1). */
typedef struct {
    bool known;
    uint64_t ntp;
    uint32_t timestamp;
} SenderClock;

/** Whether a picture moves: frames that are no key frames come soon after others. */
typedef struct {
    uint32_t timestamp; /**< of the last frame */
    int64_t frame_us;   /**< when it came; 0: none did */
    unsigned n_soon;    /**< frames on end, each soon after the one before */
    int64_t moved_us;   /**< when it moved last; 0: not yet */
} Movement;

enum { LAYER_MAX_TEMPORAL = 4 };

/** One RTP stream of a source: with simulcast one encoding, else the only one. */
typedef struct {
    Source *source;
    unsigned index;         /**< in the plan's layers: 0 is the highest */
    uint32_t number;        /**< unique on the worker; a new one each time the stream starts anew */
    uint32_t ssrc;          /**< 0: not known yet */
    int64_t last_us;        /**< last packet, repairs included; 0: none */
    uint16_t last_sequence; /**< its number */
    RtpStats stats;
    NackTracker *nack; /**< NULL: not negotiated */
    Early *early;      /**< with nack, of a picture; else NULL */
    KeyframeGate keyframe;
    Movement movement;
    uint32_t key_frame_timestamp;
    size_t key_frame_bytes; /**< payloads of the last whole one; 0: none */
    size_t key_frame_so_far;
    uint8_t fir_sequence; /**< RFC 5104, 4.3.1.1: one more with each request */
    SenderClock clock;
    SendClock send_clock;               /**< of a picture */
    uint32_t speech_bps;                /**< of Opus while it is not silent; 0: not known */
    Meter meter;                        /**< of a picture, on the wire */
    Meter temporal[LAYER_MAX_TEMPORAL]; /**< the same by VP8 temporal layer */
} Layer;

struct Source {
    Endpoint *endpoint;
    unsigned section;
    MediaKind kind;
    uint32_t number; /**< unique on the worker */
    uint32_t clock_rate;
    MediaCodec codec;
    unsigned n_layers; /**< at least 1 */
    Layer layers[MEDIA_MAX_RIDS];
    unsigned n_receivers;
    Slot *receivers[LIMIT_ROOM_ENDPOINTS];
};

/** What a slot for video lets through. */
typedef enum {
    PICTURE_MODE_OFF,
    PICTURE_MODE_STILLS, /**< whole key frames */
    PICTURE_MODE_MOVING,
} PictureMode;

/** What only a slot for video has. Packets are numbered twice: as they are built (keys into the
 * cache, pauses and left-out layers closed up), and as they leave, where what the pacer dropped is
 * closed up too. */
typedef struct {
    PictureMode mode;
    unsigned layer;         /**< wanted, index in the source's layers */
    uint8_t temporal_limit; /**< layers above are left out */
    uint8_t temporal_id;    /**< the highest that is let through at present */
    bool is_paused;         /**< until the next key frame */
    bool has_still;
    bool is_key_wanted; /**< a key frame was asked for on behalf of this slot, none came yet */
    uint32_t still_timestamp; /**< incoming, of the key frame that is let through */
    int64_t still_interval_us;
    int64_t still_asked_us;
    uint32_t frame_timestamp; /**< incoming, of the last packet that was looked at */
    Vp8Rewriter vp8;
    PacketCache *built; /**< packets without extensions: they wait for the pacer, or for a NACK */
    bool has_left;      /**< the outgoing numbers have started */
    RtpRewriter leaving;
    Vp8Rewriter leaving_vp8;
    uint16_t rtx_sequence;
    uint16_t first_sequence;
    MediaPicture reported; /**< as last told to the main thread */
} SlotVideo;

struct Slot {
    Endpoint *endpoint;
    unsigned section;
    MediaKind kind;
    uint32_t ssrc;
    uint32_t rtx_ssrc;
    MediaCodec codec;
    /** The client receives at present. A slot is never freed before its endpoint: a new one under
     * the same SSRC could use a sequence number, under GCM a nonce, a second time. */
    bool is_enabled;
    Source *source;             /**< NULL: empty */
    char *reported_participant; /**< as last told to the main thread */
    uint32_t current; /**< the layer number that is being forwarded; 0: waits for a start */
    RtpRewriter rewriter;
    SlotVideo video;
    AudioOut *audio;   /**< NULL for video */
    SoundGuard guard;  /**< of audio */
    Lateness lateness; /**< of audio, from the source numbered so: */
    uint32_t lateness_of;
    bool was_left_out; /**< others were louder, or it was too much; the next packet begins anew */
    PacketCache *sent; /**< ciphertext of audio, and of video without RTX; NULL: no nack */
    bool is_known;     /**< the client reported on the SSRC: MID is not needed any more */
    uint32_t n_packets;
    uint32_t n_octets;
    uint32_t last_timestamp;
    int64_t last_sent_us;
    int64_t begun_us; /**< since when it has been flowing */
    StreamLoss loss;  /**< on the way to the client */
};

Source *source_new(Endpoint *endpoint, unsigned section, const SectionPlan *plan);
void source_free(Source *source);
/** Payload types, layers and feedback of a later negotiation. */
void source_apply_plan(Source *source, const SectionPlan *plan);
/** The layer's stream starts anew under SSRC: another track, another encoder. */
void layer_restart(Layer *layer, uint32_t ssrc);
/** Packets of it came within the last second. */
bool layer_flows(const Layer *layer, int64_t now_us);
/** A packet of a picture came, of a key frame or not. */
void layer_note_frame(Layer *layer, uint32_t timestamp, bool is_key, int64_t now_us);
/** It has moved within the last second. */
bool layer_moves(const Layer *layer, int64_t now_us);
/** Packets lost on the way in, of all layers. */
uint64_t source_lost(const Source *source);

Slot *slot_new(Endpoint *endpoint, unsigned section, const SectionPlan *plan);
void slot_free(Slot *slot);
void slot_apply_plan(Slot *slot, const SectionPlan *plan);
/** False when the source has no room for another receiver. */
bool slot_attach(Slot *slot, Source *source) G_GNUC_WARN_UNUSED_RESULT;
void slot_detach(Slot *slot);
/** The layer that is being forwarded; NULL: none yet. */
const Layer *slot_current_layer(const Slot *slot);
