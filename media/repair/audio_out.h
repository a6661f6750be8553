// SPDX-License-Identifier: Apache-2.0
/* The last step of one Opus stream towards one receiver, between rtp_rewriter_map() and the packet
 * cache: merges packets (opus_merge.h), adds earlier ones as RED (red.h), thins silence, says when
 * a packet is to be sent a second time. It gives out the stream's sequence numbers, each at most
 * once (RFC 7714, section 8): the relay protects what comes out and never what went in. Plain
 * value, embedded in its slot, under 10 KiB; no clock, no allocation; one thread.
 *
 *     rtp_rewriter_map() -> audio_out_push() -> 0..2 AudioPacket -> RTP, cache, protect, send
 *     timer              -> audio_out_poll() -> 0..1 AudioPacket -> the same
 *                        -> audio_out_resend_due() -> number in the packet cache -> send again
 *
 * Numbers. A packet that is passed on alone keeps the distance to the one before: numbers missing
 * on the way in are missing on the way out, so that the receiver conceals them or asks for them,
 * and a late packet finds its own number free. Merged and thinned packets close the numbers up. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/repair/red.h"
#include "media/rtp/opus_merge.h"

enum {
    AUDIO_OUT_PACKETS_MAX = 2, /**< that one push gives */
    AUDIO_OUT_REDUNDANT_MAX = 2,
    AUDIO_OUT_REACH_MAX = 8, /**< packets back that a copy is taken from */
    AUDIO_OUT_COPY_BYTES_MAX = 512,
    AUDIO_OUT_MERGED_BYTES_MAX = 960, /**< of Opus in a merged packet; fits a redundant block */
    AUDIO_OUT_BYTES_MAX = 1120,       /**< of payload with redundancy: 1,200 less headers and tag */
    AUDIO_OUT_LATE_PACKETS = 64,      /**< how far back a late packet has a number */
    AUDIO_OUT_RESENDS = 8,            /**< packets that wait for their second send */
    AUDIO_OUT_THIN_MS = 400, /**< of thinned silence, one packet in so long (RFC 6716, 2.1.9) */
    AUDIO_OUT_FLUSH_MS = 20, /**< how long after its time a half-filled packet waits */
};

typedef struct {
    unsigned merge_ms;         /**< up to 20: no merging; 40, 60, 80, 100, 120 */
    unsigned red_distance;     /**< earlier packets in each packet, 0-2 */
    unsigned red_reach;        /**< the farthest of them, in packets of merge_ms (at least 20)
                                    back; up to red_distance: those just before. A burst of
                                    losses takes near copies with it */
    uint8_t opus_payload_type; /**< the receiver's */
    int16_t red_payload_type;  /**< the receiver's; -1: none, red_distance is ignored */
    unsigned second_send_ms;   /**< 0: none; 40-80 for receivers without RED */
    bool thin_dtx;             /**< of silence, send one packet in AUDIO_OUT_THIN_MS */
} AudioOutConfig;

/** A packet on its way in, as rtp_rewriter_map() has numbered it. */
typedef struct {
    uint16_t sequence;
    uint32_t timestamp; /**< 48 kHz */
    bool marker;
    const uint8_t *payload; /**< Opus; RED has been taken apart by the caller */
    size_t size;
} AudioIn;

/** A packet to be sent. The payload is valid until the next call and as long as the input's. */
typedef struct {
    uint16_t sequence;
    uint32_t timestamp;
    bool marker;
    uint8_t payload_type; /**< the configuration's Opus or RED */
    bool silent;          /**< a DTX packet */
    const uint8_t *payload;
    size_t size;
} AudioPacket;

/* Internal parts of AudioOut. */

/** The packets that will be merged: their payloads one behind the other. */
typedef struct {
    unsigned n_parts;
    unsigned n_samples;
    bool marker;
    uint32_t timestamp; /**< of the first part */
    int64_t first_us;   /**< when the first part came */
    size_t size;
    uint16_t sizes[OPUSMERGE_PARTS_MAX];
    uint8_t data[AUDIO_OUT_MERGED_BYTES_MAX];
} AudioPending;

/** A payload that has been sent, for the redundancy of the next ones. */
typedef struct {
    uint32_t timestamp;
    uint16_t size; /**< 0: none */
    uint8_t data[AUDIO_OUT_COPY_BYTES_MAX];
} AudioHistory;

typedef struct {
    uint16_t sequence;
    int64_t due_us;
} AudioResend;

typedef struct {
    AudioOutConfig config;
    bool has_input;
    bool in_silence;
    uint32_t silent_timestamp; /**< of the last silent packet that was sent */
    int64_t highest_input;     /**< extended */
    int64_t highest_output;    /**< extended: the last number given out or kept free */
    int64_t last_sent;         /**< extended: the last number that went out */
    /** By input number modulo the size: the output number kept free for it, 0 for none. */
    int64_t kept[AUDIO_OUT_LATE_PACKETS];
    AudioPending pending;
    unsigned n_history; /**< payloads remembered since the start */
    AudioHistory history[AUDIO_OUT_REACH_MAX];
    unsigned n_resends; /**< oldest first */
    AudioResend resends[AUDIO_OUT_RESENDS];
    uint8_t merged[AUDIO_OUT_MERGED_BYTES_MAX + OPUSMERGE_OVERHEAD_MAX];
    uint8_t red[AUDIO_OUT_PACKETS_MAX][AUDIO_OUT_BYTES_MAX];
} AudioOut;

/** FIRST_SEQUENCE should be random (RFC 3550, section 5.1); the configuration is the payload type
 * alone: everything is passed on as it is. */
void audio_out_init(AudioOut *out, uint16_t first_sequence, uint8_t opus_payload_type);

/** From the next packet on; at any time. */
void audio_out_configure(AudioOut *out, const AudioOutConfig *config);

/** Takes a packet; the number of packets to be sent now, in this order. Duplicates, what comes too
 * late and thinned silence give none. */
unsigned audio_out_push(AudioOut *out, const AudioIn *in, int64_t now_us,
                        AudioPacket ret_packets[AUDIO_OUT_PACKETS_MAX]);

/** True: a half-filled packet is to be sent, as its time is over. */
bool audio_out_poll(AudioOut *out, int64_t now_us, AudioPacket *ret_packet);

/** True: the packet with this number is to be sent again as it is stored; call it until false. */
bool audio_out_resend_due(AudioOut *out, int64_t now_us, uint16_t *ret_sequence);

/** When audio_out_poll() or audio_out_resend_due() has something to do; INT64_MAX for never. */
int64_t audio_out_next_us(const AudioOut *out);
