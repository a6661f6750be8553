// SPDX-License-Identifier: Apache-2.0
#include "media/rate/silence.h"

#include <glib.h>

enum {
    MS = 1000,
    FEEDBACK_GONE_US = 5 * 1000 * MS, /* then reports and REMB decide again */
    /* RFC 3550, 6.2 and 6.3.5: a report comes every 5 s, at most half as much later; feedback
     * within a second. */
    REPORT_LATER_US = 6500 * MS,
};

void silence_init(Silence *silence, int64_t now_us)
{
    *silence = (Silence){.heard_us = now_us};
}

void silence_on_sent(Silence *silence, int64_t now_us)
{
    if (silence->first_after_us == 0)
        silence->first_after_us = now_us;
}

void silence_on_feedback(Silence *silence, int64_t now_us)
{
    silence->heard_us = now_us;
    silence->feedback_us = now_us;
    silence->first_after_us = 0;
}

void silence_on_report(Silence *silence, int64_t now_us)
{
    silence->heard_us = now_us;
    silence->first_after_us = 0;
    silence->reported = true;
}

bool silence_has_feedback(const Silence *silence, int64_t now_us)
{
    return silence->feedback_us != 0 && now_us - silence->feedback_us < FEEDBACK_GONE_US;
}

int64_t silence_us(const Silence *silence, int64_t rtt_us, int64_t now_us)
{
    if (silence->first_after_us == 0)
        return 0;
    bool reports = silence->reported && !silence_has_feedback(silence, now_us);
    int64_t since_us = MAX(silence->heard_us, silence->first_after_us + rtt_us);
    return MAX(now_us - since_us - (reports ? REPORT_LATER_US : 0), 0);
}
