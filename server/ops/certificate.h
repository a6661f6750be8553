// SPDX-License-Identifier: Apache-2.0
/* The server's certificate: a self-signed one for a demo clinic, and the checks of a configured
 * one.
 */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include "server/base/error.h"

/** Writes a P-256 key (mode 0600) and a certificate valid for a year and for NAMES (host names and
 * numeric addresses, NULL-ended, at least one). Overwrites both files. */
bool certificate_create(const char *cert_path, const char *key_path, const char *const *names,
                        GError **error);

/** True when the certificate in CERT_PATH can be read, is valid for another week and covers all of
 * NAMES. */
bool certificate_covers(const char *cert_path, const char *const *names);

/** Whether CERT_PATH holds a PEM certificate. */
bool certificate_check(const char *cert_path, GError **error);
/** Whether KEY_PATH holds the private key, not sealed by a password, of the certificate in
 * CERT_PATH. */
bool certificate_check_pair(const char *cert_path, const char *key_path, GError **error);
