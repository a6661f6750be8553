// SPDX-License-Identifier: Apache-2.0
/* What may be attached to a question: a JPEG or WebP picture, a PDF. Told by its own bytes, never
 * by a name or a type that somebody says. Of pictures only what draws them is kept: no place, time,
 * device, comment or miniature (Exif, XMP, IPTC), and nothing behind their end. Pure; any thread.
 */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CONSULT_PICTURE_BYTES = 600 * 1024,
    CONSULT_PDF_BYTES = 1024 * 1024,
    CONSULT_FILE_BYTES = CONSULT_PDF_BYTES, /**< of any */
};

typedef enum { CONSULT_FILE_JPEG, CONSULT_FILE_WEBP, CONSULT_FILE_PDF } ConsultFileType;
/** "jpeg" "webp" "pdf" */
const char *consult_file_type_name(ConsultFileType type);
bool consult_file_type_parse(const char *name, ConsultFileType *ret_type);
/** "image/jpeg" "image/webp" "application/pdf" */
const char *consult_file_media_type(ConsultFileType type);

typedef enum {
    CONSULT_FILE_OK = 0,
    CONSULT_FILE_UNKNOWN,   /**< none of the three */
    CONSULT_FILE_TOO_LARGE, /**< for its type */
    CONSULT_FILE_DAMAGED,   /**< begins as one of them and is not whole */
} ConsultFileFault;

typedef struct {
    ConsultFileType type;
    GBytes *bytes; /**< what is kept; the caller unrefs */
} ConsultFile;

/** ITU-T T.81 annex B (JPEG); RFC 9649 (WebP, still pictures); ISO 32000-1 7.5 (PDF: head and end).
 * RET_FILE is written with CONSULT_FILE_OK alone. What was kept, checked again, is kept as it is.
 */
ConsultFileFault consult_file_check(const uint8_t *data, size_t size, ConsultFile *ret_file);
