// SPDX-License-Identifier: Apache-2.0
/* Numbers in SDP attributes; private to sdp_section.c and sdp_codec.c. Pure; any thread. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/** The decimal number at the start of TEXT, at most MAX, ended by a blank, '/' or the end. RET_REST
 * (may be NULL): what follows, past the blank. */
bool sdp_number_read(const char *text, uint64_t max, uint64_t *ret_number, const char **ret_rest);
