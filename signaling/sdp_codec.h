// SPDX-License-Identifier: Apache-2.0
/* The formats of one m-line of an offer, and which of them the relay carries; private to
 * sdp_section.c. Pure; any thread. */
#pragma once
#include <gst/sdp/gstsdpmessage.h>

#include "media/media.h"

/** Chooses the m-line's codec by section->kind and fills section->codec with its payload types and
 * feedback: Opus with its RED, or the first of VP8, H.264 (constrained baseline before baseline)
 * and VP9 with its RTX. None of them: section->rejected. Returns NULL, or the name of the line or
 * attribute that is at fault (a constant). */
const char *sdp_codec_read(const GstSDPMedia *media, MediaSection *section);
