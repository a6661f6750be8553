// SPDX-License-Identifier: Apache-2.0
/* QR codes on a terminal. */
#pragma once
#include <glib.h>

/** TEXT as a QR code of half-block characters, lines ended by newlines; NULL when it does not fit
 * (over about 2,900 bytes). The caller owns it. */
char *qr_terminal(const char *text);
