// SPDX-License-Identifier: Apache-2.0
#include "scheduling/consult/consult_file.h"

#include <string.h>

static const struct {
    const char *name, *media_type;
    size_t max_bytes;
} types[] = {
    [CONSULT_FILE_JPEG] = {"jpeg", "image/jpeg", CONSULT_PICTURE_BYTES},
    [CONSULT_FILE_WEBP] = {"webp", "image/webp", CONSULT_PICTURE_BYTES},
    [CONSULT_FILE_PDF] = {"pdf", "application/pdf", CONSULT_PDF_BYTES},
};

const char *consult_file_type_name(ConsultFileType type)
{
    return types[type].name;
}

bool consult_file_type_parse(const char *name, ConsultFileType *ret_type)
{
    for (unsigned i = 0; name && i < G_N_ELEMENTS(types); i++) {
        if (!g_str_equal(types[i].name, name))
            continue;
        *ret_type = (ConsultFileType)i;
        return true;
    }
    return false;
}

const char *consult_file_media_type(ConsultFileType type)
{
    return types[type].media_type;
}

/* JPEG: segments, FF MARKER and, but for a few, LENGTH (2 bytes, itself included) and content;
 * after a scan's header (SOS) the scan itself up to the next marker. */

enum {
    JPEG_SOI = 0xd8,
    JPEG_EOI = 0xd9,
    JPEG_SOS = 0xda,
    JPEG_APP0 = 0xe0,
    JPEG_APP2 = 0xe2,
    JPEG_APP14 = 0xee,
    JPEG_APP15 = 0xef,
    JPEG_COM = 0xfe,
};

static bool is_restart(uint8_t marker)
{
    return marker >= 0xd0 && marker <= 0xd7;
}

/* T.81 table B.1: a frame header of a picture that browsers draw: baseline, extended, progressive.
 */
static bool is_frame(uint8_t marker)
{
    return marker >= 0xc0 && marker <= 0xc2;
}

static bool begins(const uint8_t *content, size_t size, const char *text, size_t n)
{
    return size >= n && memcmp(content, text, n) == 0;
}

/* Of what only says something about the picture: its density, colour profile and colour transform
 * are needed to draw it, all else is not. */
static bool jpeg_keeps(uint8_t marker, const uint8_t *content, size_t size)
{
    if (marker == JPEG_COM)
        return false;
    if (marker < JPEG_APP0 || marker > JPEG_APP15)
        return true;
    if (marker == JPEG_APP0)
        return begins(content, size, "JFIF", 5);
    if (marker == JPEG_APP2)
        return begins(content, size, "ICC_PROFILE", 12);
    return marker == JPEG_APP14 && begins(content, size, "Adobe", 5);
}

/* T.81 B.1.1.5: in a scan FF is followed by 00, or by a restart marker. */
static size_t scan_end(const uint8_t *data, size_t size, size_t at)
{
    while (at + 1 < size) {
        if (data[at] == 0xff && data[at + 1] != 0 && !is_restart(data[at + 1]))
            return at;
        at += data[at] == 0xff ? 2 : 1;
    }
    return size;
}

static bool jpeg_clean(const uint8_t *data, size_t size, GByteArray *out)
{
    size_t at = 2;
    bool has_frame = false, has_scan = false;
    g_byte_array_append(out, data, 2);
    for (;;) {
        /* Any number of fill bytes FF may stand before a marker. */
        while (at + 1 < size && data[at] == 0xff && data[at + 1] == 0xff)
            at++;
        if (size - at < 2 || data[at] != 0xff)
            return false;
        uint8_t marker = data[at + 1];
        if (marker == JPEG_EOI) {
            g_byte_array_append(out, data + at, 2);
            return has_scan;
        }
        bool has_length = marker >= 0xc0 && marker != JPEG_SOI && !is_restart(marker);
        if (!has_length || size - at < 4)
            return false;
        size_t length = (size_t)data[at + 2] << 8 | data[at + 3];
        if (length < 2 || length > size - at - 2)
            return false;
        if (jpeg_keeps(marker, data + at + 4, length - 2))
            g_byte_array_append(out, data + at, (guint)(2 + length));
        at += 2 + length;
        has_frame = has_frame || is_frame(marker);
        if (marker == JPEG_SOS) {
            size_t end = scan_end(data, size, at);
            has_scan = has_frame && end > at;
            if (!has_scan)
                return false;
            g_byte_array_append(out, data + at, (guint)(end - at));
            at = end;
        }
    }
}

/* WebP: "RIFF" SIZE "WEBP", then chunks: FOURCC SIZE (little-endian, without the padding to an even
 * number) content. */

enum { WEBP_HEAD = 12, WEBP_CHUNK_HEAD = 8, VP8X_BYTES = 10, VP8X_ICC = 0x20, VP8X_ALPHA = 0x10 };

static size_t little_endian(const uint8_t *bytes)
{
    return (size_t)bytes[0] | (size_t)bytes[1] << 8 | (size_t)bytes[2] << 16 |
           (size_t)bytes[3] << 24;
}

static bool is_chunk(const uint8_t *chunk, const char *name)
{
    return memcmp(chunk, name, 4) == 0;
}

static bool webp_clean(const uint8_t *data, size_t size, GByteArray *out)
{
    size_t n = little_endian(data + 4);
    if (n < 4 || n > size - 8)
        return false;
    const size_t end = 8 + n;
    size_t at = WEBP_HEAD;
    bool has_picture = false;
    g_byte_array_append(out, data, WEBP_HEAD);
    while (end - at >= WEBP_CHUNK_HEAD) {
        const uint8_t *chunk = data + at;
        size_t content = little_endian(chunk + 4);
        size_t whole = WEBP_CHUNK_HEAD + content + (content & 1);
        if (whole > end - at)
            return false;
        bool is_picture = is_chunk(chunk, "VP8 ") || is_chunk(chunk, "VP8L");
        bool is_head = is_chunk(chunk, "VP8X");
        if ((is_head && (content != VP8X_BYTES || at != WEBP_HEAD)) || (is_picture && content < 5))
            return false;
        if (is_picture || is_head || is_chunk(chunk, "ICCP") || is_chunk(chunk, "ALPH"))
            g_byte_array_append(out, chunk, (guint)whole);
        /* No animation, Exif or XMP: their chunks are not kept either. */
        if (is_head) {
            uint8_t *flags = out->data + out->len - VP8X_BYTES;
            *flags = (uint8_t)(*flags & (VP8X_ICC | VP8X_ALPHA));
        }
        has_picture = has_picture || is_picture;
        at += whole;
    }
    uint32_t riff_size = GUINT32_TO_LE(out->len - 8);
    memcpy(out->data + 4, &riff_size, sizeof riff_size);
    return has_picture && at == end;
}

/* PDF: the head at once, not within the first 1,024 bytes as lenient readers have it, so that
 * nothing is two kinds of file; the end within the last 1,024. */

enum { PDF_END_WITHIN = 1024 };

static bool pdf_is_whole(const uint8_t *data, size_t size)
{
    static const char mark[] = "%%EOF";
    size_t n_mark = sizeof mark - 1;
    if (size < 16 || !g_ascii_isdigit((char)data[5]) || data[6] != '.')
        return false;
    size_t from = size > PDF_END_WITHIN ? size - PDF_END_WITHIN : 0;
    for (size_t at = from; at + n_mark <= size; at++) {
        if (memcmp(data + at, mark, n_mark) == 0)
            return true;
    }
    return false;
}

static bool sniff(const uint8_t *data, size_t size, ConsultFileType *ret_type)
{
    static const uint8_t jpeg[] = {0xff, JPEG_SOI, 0xff};
    if (size > sizeof jpeg && memcmp(data, jpeg, sizeof jpeg) == 0)
        *ret_type = CONSULT_FILE_JPEG;
    else if (size >= WEBP_HEAD && memcmp(data, "RIFF", 4) == 0 && memcmp(data + 8, "WEBP", 4) == 0)
        *ret_type = CONSULT_FILE_WEBP;
    else if (size > 5 && memcmp(data, "%PDF-", 5) == 0)
        *ret_type = CONSULT_FILE_PDF;
    else
        return false;
    return true;
}

ConsultFileFault consult_file_check(const uint8_t *data, size_t size, ConsultFile *ret_file)
{
    ConsultFileType type;
    if (size > CONSULT_FILE_BYTES)
        return CONSULT_FILE_TOO_LARGE;
    if (!sniff(data, size, &type))
        return CONSULT_FILE_UNKNOWN;
    if (size > types[type].max_bytes)
        return CONSULT_FILE_TOO_LARGE;
    g_autoptr(GByteArray) out = g_byte_array_sized_new((guint)size);
    bool is_whole = false;
    switch (type) {
    case CONSULT_FILE_JPEG:
        is_whole = jpeg_clean(data, size, out);
        break;
    case CONSULT_FILE_WEBP:
        is_whole = webp_clean(data, size, out);
        break;
    case CONSULT_FILE_PDF:
        is_whole = pdf_is_whole(data, size);
        if (is_whole)
            g_byte_array_append(out, data, (guint)size);
        break;
    }
    if (!is_whole)
        return CONSULT_FILE_DAMAGED;
    *ret_file = (ConsultFile){type, g_byte_array_free_to_bytes(g_steal_pointer(&out))};
    return CONSULT_FILE_OK;
}
