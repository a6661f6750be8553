// SPDX-License-Identifier: Apache-2.0
#include "signaling/link_grade.h"

bool link_grade_note(LinkGrade *grade, uint32_t rtt_ms)
{
    SignalingLink seen =
        rtt_ms > LINK_GRADE_WEAK_RTT_MS ? SIGNALING_LINK_WEAK : SIGNALING_LINK_GOOD;
    unsigned n_needed = grade->link == SIGNALING_LINK_GOOD   ? LINK_GRADE_N_DOWN
                        : grade->link == SIGNALING_LINK_WEAK ? LINK_GRADE_N_UP
                                                             : 1;
    grade->n_against = seen == grade->link ? 0 : grade->n_against + 1;
    if (grade->n_against < n_needed)
        return false;
    *grade = (LinkGrade){.link = seen};
    return true;
}
