// SPDX-License-Identifier: Apache-2.0
/* RTP header extensions in the one-byte and two-byte forms (RFC 8285): walk, find, write, and the
 * values that this server reads or writes. Pure; any thread. */
#pragma once
#include "media/rtp/rtp.h"

/** Walks the elements of one packet. Plain value. */
typedef struct {
    const uint8_t *data;
    size_t size;
    size_t offset;
    bool two_byte;
} RtpExtIter;

/** Starts at the first element of a packet that rtp_parse() has accepted; a profile that is neither
 * form has no elements. */
void rtpext_iter_init(RtpExtIter *iter, const uint8_t *packet, const RtpHeader *header);

/** The next element; false at the end, at ID 15 of the one-byte form (RFC 8285, section 4.2), and
 * at an element that runs out of its block: what came before stays good. */
bool rtpext_iter_next(RtpExtIter *iter, RtpExtension *ret_extension);

/** The first element with ID. */
bool rtpext_find(const uint8_t *packet, const RtpHeader *header, uint8_t id,
                 RtpExtension *ret_extension);

/** Where the value of the first element with ID lies in PACKET, to be changed in place (the
 * transport sequence number at send time); NULL when there is none of just SIZE bytes. */
uint8_t *rtpext_locate(uint8_t *packet, const RtpHeader *header, uint8_t id, uint8_t size);

/** Bytes of the block that rtpext_write_block() would write: 0 without elements, else the four of
 * its header and a whole number of words. RTP_BAD_EXTENSION for ID 0, ID above 255, no form. */
RtpResult rtpext_block_size(const RtpExtension *extensions, size_t n_extensions,
                            size_t *ret_size) G_GNUC_WARN_UNUSED_RESULT;

/** Writes an extension block with its four-byte header. */
RtpResult rtpext_write_block(const RtpExtension *extensions, size_t n_extensions, uint8_t *data,
                             size_t capacity, size_t *ret_size) G_GNUC_WARN_UNUSED_RESULT;

/** Audio level (RFC 6464): 0 is the loudest, 127 silence (-dBov). */
bool rtpext_audio_level(const RtpExtension *extension, uint8_t *ret_level, bool *ret_voice);

/** Transport-wide sequence number (draft-holmer-rmcat-transport-wide-cc-extensions-01, section 2).
 */
bool rtpext_transport_sequence(const RtpExtension *extension, uint16_t *ret_sequence);

/** Absolute send time of NOW_US: 24 bits, 6.18 fixed point seconds. */
void rtpext_write_abs_send_time(int64_t now_us, uint8_t ret_value[3]);

/** MID, RID or repaired RID (RFC 9143, section 15; RFC 8852): copies the value as text if it is 1
 * to CAPACITY - 1 bytes of ASCII letters, digits, '-' or '_' (RFC 8852, section 3, and what
 * browsers use as mid). */
bool rtpext_text(const RtpExtension *extension, char *text, size_t capacity);
