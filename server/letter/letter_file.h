// SPDX-License-Identifier: Apache-2.0
/* Printed letters on the disk: one sealed file each (AES-256-GCM, bound to the letter's id),
 * written whole or not at all, in a folder that only its owner reads. Blocks on the disk: for job
 * threads.
 */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include "server/base/secret.h"

/** Seals PDF and writes it; *ret_sha256 is that of the PDF in the file, which is on the disk when
 * this returns. A file that is there already stays, and *ret_sha256 is its. */
bool letter_file_write(const SecretBox *box, const char *folder, const char *letter_id, GBytes *pdf,
                       char **ret_sha256, GError **error);
/** The PDF again. NULL with BASE_ERROR_INVALID when a bit of the file is not as it was written, or
 * SHA256 is another one's; BASE_ERROR_FAILED when it cannot be read. */
GBytes *letter_file_read(const SecretBox *box, const char *folder, const char *letter_id,
                         const char *sha256, GError **error);
