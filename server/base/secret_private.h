// SPDX-License-Identifier: Apache-2.0
/* What the files of this unit share: sizes and hexadecimal text. Only server/base/secret*.c. */
#pragma once
#include <glib.h>
#include <stddef.h>
#include <stdint.h>

enum { SECRET_DIGEST_BYTES = 32 };

/** SIZE bytes as lower-case hexadecimal text. */
char *secret_hex(const uint8_t *bytes, size_t size);
