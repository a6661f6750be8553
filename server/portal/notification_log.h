// SPDX-License-Identifier: Apache-2.0
/* The driver that sends nothing: messages become lines of a file that only its owner reads (mode
 * 0600), one JSON object each: key, at_ms, kind, visit, lang, to, text. It stands where an SMS
 * gateway will stand, so the lines hold what that is told: the number and the link. A key that the
 * file has is not written again. At 16 MiB, and by age, the file is put aside as PATH.1, in place
 * of the one before. Blocks on the disk: for one job thread at a time. */
#pragma once
#include "scheduling/outbox/delivery.h"

enum { NOTIFICATION_LOG_MAX_BYTES = 16 * 1024 * 1024 };

/** Hands DELIVERIES (of Delivery) over at NOW_MS: each is on the disk afterwards, or has a failure,
 * a word without anything of the message. */
void notification_log_deliver(const char *path, int64_t now_ms, GPtrArray *deliveries);

/** To be repeated: no line is kept for longer than KEEP_MS, nor, once put aside, for less than half
 * of it. PATH is put aside when its first line is half as old, PATH.1 deleted when its first is as
 * old. *RET_N_FILES: of how many files that was so. */
bool notification_log_forget(const char *path, int64_t now_ms, int64_t keep_ms,
                             unsigned *ret_n_files, GError **error);
