// SPDX-License-Identifier: Apache-2.0
/* H.264 payloads of packetization-mode 1: single NAL units, STAP-A and FU-A (RFC 6184,
 * sections 5.6, 5.7.1, 5.8). Pure; any thread. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    H264_OK = 0,
    H264_TOO_SHORT,
    H264_BAD_TYPE, /**< of interleaved mode (STAP-B, MTAP, FU-B), or undefined */
    H264_BAD_BITS, /**< F is set, or a fragment is first and last at once */
} H264Result;

typedef enum {
    H264_NAL_SLICE = 1,
    H264_NAL_IDR = 5,
    H264_NAL_SEI = 6,
    H264_NAL_SPS = 7,
    H264_NAL_PPS = 8,
    H264_NAL_DELIMITER = 9,
    H264_NAL_STAP_A = 24,
    H264_NAL_FU_A = 28,
} H264NalType;

/*  NAL unit header      FU header
 *  |F|NRI|  Type   |    |S|E|R|  Type   |
 *
 * What the payload holds. A frame (access unit) has no mark of its own: packets with the same RTP
 * timestamp belong to one, and its parameter sets may come in a packet before its first slice. */
typedef struct {
    uint8_t packet_type;    /**< 1 to 23 (one unit), H264_NAL_STAP_A or H264_NAL_FU_A */
    uint8_t nal_type;       /**< of the first unit, or of the one that is in fragments */
    bool is_later_fragment; /**< the unit began in a packet before */
    bool is_referred_to;    /**< NRI of any unit is not 0: others need it */
    bool has_sps;
    bool has_pps;
    bool has_idr;            /**< the beginning of an IDR slice, whichever of its frame */
    bool starts_first_slice; /**< a slice with first_mb_in_slice = 0 begins here */
} H264Packet;

/** Parses a whole RTP payload. */
H264Result h264_packet_parse(const uint8_t *payload, size_t size,
                             H264Packet *ret_packet) G_GNUC_WARN_UNUSED_RESULT;

/** This packet may be the first of a frame (ITU-T H.264, 7.4.1.2.3): it begins with a delimiter,
 * SEI or parameter set, or with a frame's first slice. It is, when the packet before had another
 * timestamp. */
bool h264_starts_frame(const H264Packet *packet);

/** Decoding can begin here: a sequence parameter set, or an IDR frame's first slice for encoders
 * that sent the set before. With the same timestamp as the packet before it is the same key frame.
 */
bool h264_starts_key_frame(const H264Packet *packet);

const char *h264_result_name(H264Result result);
