// SPDX-License-Identifier: Apache-2.0
/* The driver that sends nothing: messages become lines of a file that only its owner reads (mode
 * 0600), one JSON object each: key, kind, visit, lang, to, text. It stands where an SMS gateway
 * will stand, so the lines hold what that is told: the number and the link. A key that the file has
 * is not written again. At 16 MiB the file is put aside as PATH.1, in place of the one before.
 * Blocks on the disk: for one job thread at a time. */
#pragma once
#include "scheduling/outbox/delivery.h"

enum { NOTIFICATION_LOG_MAX_BYTES = 16 * 1024 * 1024 };

/** Hands DELIVERIES (of Delivery) over: each is on the disk afterwards, or has a failure, a word
 * without anything of the message. */
void notification_log_deliver(const char *path, GPtrArray *deliveries);
