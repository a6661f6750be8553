// SPDX-License-Identifier: Apache-2.0
/* Passwords as argon2id (RFC 9106) in the PHC string form. Hashing and verifying take about 50 ms
 * and 32 MiB: on a job thread, never on the main thread. Any thread. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include "server/base/error.h"

enum { PASSWORD_MIN_CHARS = 10, PASSWORD_MAX_BYTES = 256 };

/** What is wrong with a new PASSWORD for LOGIN: a code of server/base/fault.h ("too_short",
 * "too_long", "too_simple"), NULL when nothing is. */
const char *password_fault(const char *password, const char *login);

/** The hash of PASSWORD with a fresh salt; the caller owns it. */
char *password_hash(const char *password, GError **error);
/** True when PASSWORD fits HASH. A NULL HASH takes the same time and is false, so that an unknown
 * account cannot be told from a wrong password by the clock. */
bool password_verify(const char *hash, const char *password);
