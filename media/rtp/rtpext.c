// SPDX-License-Identifier: Apache-2.0
#include "media/rtp/rtpext.h"

#include <string.h>

#include "media/rtp/bytes.h"

enum {
    PROFILE_ONE_BYTE = 0xBEDE,
    PROFILE_TWO_BYTE = 0x1000,      /* the low four bits are "appbits", free to use */
    PROFILE_TWO_BYTE_MASK = 0xFFF0, /* RFC 8285, section 4.3 */
    ONE_BYTE_ID_MAX = 14,
    ONE_BYTE_SIZE_MAX = 16,
    BLOCK_HEADER_SIZE = 4,
};

void rtpext_iter_init(RtpExtIter *iter, const uint8_t *packet, const RtpHeader *header)
{
    *iter = (RtpExtIter){0};
    if (!header->has_extension)
        return;
    iter->two_byte = (header->extension_profile & PROFILE_TWO_BYTE_MASK) == PROFILE_TWO_BYTE;
    if (!iter->two_byte && header->extension_profile != PROFILE_ONE_BYTE)
        return;
    iter->data = packet + header->extension_offset;
    iter->size = header->extension_size;
}

/*  0 1 2 3 4 5 6 7         0                   1
 * +-+-+-+-+-+-+-+-+        0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
 * |  ID   |  len  |       +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * +-+-+-+-+-+-+-+-+       |       ID      |     length    |
 *  (size is len + 1)      +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *
 * Reads the head of one element; false where the walk ends. */
static bool read_head(RtpExtIter *iter, uint8_t *ret_id, uint8_t *ret_size)
{
    const uint8_t *at = iter->data + iter->offset;
    if (iter->two_byte) {
        if (iter->size - iter->offset < 2)
            return false;
        *ret_id = at[0];
        *ret_size = at[1];
        iter->offset += 2;
        return true;
    }
    *ret_id = at[0] >> 4;
    *ret_size = (uint8_t)((at[0] & 0x0f) + 1);
    iter->offset += 1;
    /* RFC 8285, section 4.2: at ID 15 processing MUST stop; ID 0 with a length is not padding and
     * not allowed, its value is skipped by the caller as an unknown element would be. */
    return *ret_id <= ONE_BYTE_ID_MAX;
}

bool rtpext_iter_next(RtpExtIter *iter, RtpExtension *ret_extension)
{
    while (iter->offset < iter->size) {
        if (iter->data[iter->offset] == 0) { /* padding, in both forms */
            iter->offset++;
            continue;
        }
        uint8_t id = 0;
        uint8_t size = 0;
        if (!read_head(iter, &id, &size) || iter->size - iter->offset < size)
            break;
        const uint8_t *value = iter->data + iter->offset;
        iter->offset += size;
        if (id == 0)
            continue;
        *ret_extension = (RtpExtension){.id = id, .size = size, .data = value};
        return true;
    }
    iter->offset = iter->size;
    return false;
}

bool rtpext_find(const uint8_t *packet, const RtpHeader *header, uint8_t id,
                 RtpExtension *ret_extension)
{
    RtpExtIter iter;
    RtpExtension extension;
    rtpext_iter_init(&iter, packet, header);
    while (rtpext_iter_next(&iter, &extension)) {
        if (extension.id == id) {
            *ret_extension = extension;
            return true;
        }
    }
    return false;
}

uint8_t *rtpext_locate(uint8_t *packet, const RtpHeader *header, uint8_t id, uint8_t size)
{
    RtpExtension extension;
    if (!rtpext_find(packet, header, id, &extension) || extension.size != size)
        return NULL;
    return packet + (extension.data - packet);
}

static bool fits_one_byte(const RtpExtension *extensions, size_t n_extensions)
{
    for (size_t i = 0; i < n_extensions; i++) {
        if (extensions[i].id > ONE_BYTE_ID_MAX || extensions[i].size == 0 ||
            extensions[i].size > ONE_BYTE_SIZE_MAX)
            return false;
    }
    return true;
}

RtpResult rtpext_block_size(const RtpExtension *extensions, size_t n_extensions, size_t *ret_size)
{
    if (n_extensions > RTP_EXTENSIONS_MAX)
        return RTP_BAD_ARGUMENT;
    if (n_extensions == 0) {
        *ret_size = 0;
        return RTP_OK;
    }
    size_t head = fits_one_byte(extensions, n_extensions) ? 1 : 2;
    size_t size = 0;
    for (size_t i = 0; i < n_extensions; i++) {
        if (extensions[i].id == 0)
            return RTP_BAD_ARGUMENT;
        size += head + extensions[i].size;
    }
    *ret_size = BLOCK_HEADER_SIZE + ((size + 3) & ~(size_t)3);
    return RTP_OK;
}

RtpResult rtpext_write_block(const RtpExtension *extensions, size_t n_extensions, uint8_t *data,
                             size_t capacity, size_t *ret_size)
{
    size_t block_size = 0;
    RtpResult result = rtpext_block_size(extensions, n_extensions, &block_size);
    if (result != RTP_OK)
        return result;
    if (capacity < block_size)
        return RTP_NO_SPACE;
    *ret_size = block_size;
    if (block_size == 0)
        return RTP_OK;

    bool one_byte = fits_one_byte(extensions, n_extensions);
    bytes_write_u16(data, one_byte ? PROFILE_ONE_BYTE : PROFILE_TWO_BYTE);
    bytes_write_u16(data + 2, (uint16_t)((block_size - BLOCK_HEADER_SIZE) / 4));
    uint8_t *at = data + BLOCK_HEADER_SIZE;
    for (size_t i = 0; i < n_extensions; i++) {
        const RtpExtension *extension = &extensions[i];
        if (one_byte) {
            *at++ = (uint8_t)((extension->id << 4) | (extension->size - 1));
        } else {
            *at++ = extension->id;
            *at++ = extension->size;
        }
        if (extension->size > 0)
            memcpy(at, extension->data, extension->size);
        at += extension->size;
    }
    memset(at, 0, (size_t)(data + block_size - at));
    return RTP_OK;
}

bool rtpext_audio_level(const RtpExtension *extension, uint8_t *ret_level, bool *ret_voice)
{
    if (extension->size < 1)
        return false;
    *ret_voice = extension->data[0] & 0x80;
    *ret_level = extension->data[0] & 0x7f;
    return true;
}

bool rtpext_transport_sequence(const RtpExtension *extension, uint16_t *ret_sequence)
{
    if (extension->size < 2)
        return false;
    *ret_sequence = bytes_read_u16(extension->data);
    return true;
}

void rtpext_write_abs_send_time(int64_t now_us, uint8_t ret_value[3])
{
    uint64_t us = (uint64_t)now_us % UINT64_C(64000000); /* six bits of seconds */
    bytes_write_u24(ret_value, (uint32_t)((us << 18) / 1000000U));
}

static bool is_text_byte(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

bool rtpext_text(const RtpExtension *extension, char *text, size_t capacity)
{
    if (extension->size == 0 || extension->size >= capacity)
        return false;
    for (size_t i = 0; i < extension->size; i++) {
        if (!is_text_byte(extension->data[i]))
            return false;
    }
    memcpy(text, extension->data, extension->size);
    text[extension->size] = '\0';
    return true;
}
