// SPDX-License-Identifier: Apache-2.0
/* One m-line of an offer; private to sdp_offer.c, the only header with GstSDP types. Pure. */
#pragma once
#include <gst/sdp/gstsdpmessage.h>

#include "media/media.h"

/** Fills SECTION (zeroed). Returns NULL, or the name of the line or attribute that is at fault (a
 * constant). An m-line that is fine but cannot be carried gets `rejected`. */
const char *sdp_section_read(const GstSDPMessage *message, const GstSDPMedia *media,
                             MediaSection *section);
