// SPDX-License-Identifier: Apache-2.0
/* QR codes: on a terminal, and as modules for whoever draws. Any thread. */
#pragma once
#include <glib.h>
#include <stdint.h>

/** TEXT as a QR code of half-block characters, lines ended by newlines; NULL when it does not fit
 * (over about 2,900 bytes). The caller owns it. */
char *qr_terminal(const char *text);
/** TEXT as *RET_WIDTH rows of as many modules, 1 is dark; NULL when it does not fit. The caller
 * owns it. Whoever draws it leaves four modules free around it. */
uint8_t *qr_modules(const char *text, unsigned *ret_width);
