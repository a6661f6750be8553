// SPDX-License-Identifier: Apache-2.0
#include "media/rate/uplink_red.h"

#include "media/rtp/sequence.h"

#include <glib.h>

/* Where nothing else is named: chosen by test_uplink_red and tests/sim, test_sim_uplink; each was
 * tried at half and at twice its value, and with both something that they hold fails (RUN_MOST:
 * with twice). */
enum {
    SMOOTH_US = 4 * 1000 * 1000,
    CLEAN_US = 15 * 1000 * 1000,
    LESS_US = 20 * 1000 * 1000, /* over 4 s, 10 % of single losses are 5 to 16 */
    RUN_MOST = 50,              /* longer is an outage */
    REACH_US = 2 * 1000 * 1000,
    REACH_MOST_MS = 341, /* RFC 2198: 14 bits of samples; whatever a sender says of it */
    /* A copy is an eighth of the link: worth less than the delay that waiting for repairs costs. */
    WIDE_BPS = 180 * 1000,
    /* Between these a copy takes 15 to 40 kbit/s from the picture, and its packets of 40 ms keep
     * speech back by as much again; Opus's own redundancy stays within its bitrate, in packets of
     * 20 ms (tests/netlab, "3g"). From 24 kbit/s on, which a link of 130 has (audio_ladder.c):
     * libopus has none at 16, whatever the loss. The second of each: to stay with it. */
    FEC_FROM_BPS = 140 * 1000,
    FEC_TO_BPS = 300 * 1000,
    FEC_KEEP_FROM_BPS = 130 * 1000,
    FEC_KEEP_TO_BPS = 360 * 1000,
    FEC_RUN_X10 = 15, /* it reaches back by one packet */
    FEC_KEEP_RUN_X10 = 20,
    FEC_RETRY_US = 60 * 1000 * 1000,
    FEC_LONG_WAIT_US = 15 * 1000 * 1000, /* a long path keeps its copies until it is known */
};

static const double fec_loss_most = 0.03;
static const double fec_keep_loss_most = 0.04;

/* One lost packet of 60 ms spoils its second (over 5 % concealed): at 0.3 % loss every twentieth.
 */
static const double from_where_it_is_cheap = 0.003;
static const double from_with_repairs = 0.02;

/* Of single losses a copy leaves the square: 1.4 % here, 4 % at a fifth (tests/netlab, "loss20").
 */
static const double twice_from = 0.13;
static const double twice_keep_from = 0.08;

/* A mean over the last ten runs or so. */
static const double RUN_SHARE = 0.1;

void uplink_red_on_packet(UplinkRed *red, uint16_t sequence)
{
    int diff = red->has_sequence ? sequence_diff(sequence, red->sequence) : 1;
    if (diff <= 0 && diff > -RUN_MOST)
        return; /* repaired, or late */
    int run = diff - 1;
    if (run > 0 && run < RUN_MOST)
        red->run_x10 += (run * 10 - red->run_x10) * (red->run_x10 > 0 ? RUN_SHARE : 1);
    red->has_sequence = true;
    red->sequence = sequence;
}

void uplink_red_restart(UplinkRed *red)
{
    red->has_sequence = false;
}

void uplink_red_on_copy(UplinkRed *red, unsigned reach_ms, int64_t now_us)
{
    reach_ms = MIN(reach_ms, REACH_MOST_MS);
    if (reach_ms < red->reach_ms && now_us - red->reach_us < REACH_US)
        return;
    red->reach_ms = reach_ms;
    red->reach_us = now_us;
}

unsigned uplink_red_reach_ms(const UplinkRed *red, int64_t now_us)
{
    return red->reach_us != 0 && now_us - red->reach_us < REACH_US ? red->reach_ms : 0;
}

bool uplink_red_is_twice(const UplinkRed *red)
{
    return red->is_twice;
}

bool uplink_red_is_fec_enough(const UplinkRed *red)
{
    return red->is_fec;
}

unsigned uplink_red_run_x10(const UplinkRed *red)
{
    return (unsigned)red->far_run_x10;
}

static bool suits_fec(const UplinkRed *red, const UplinkRedInput *input, int64_t now_us)
{
    uint32_t from_bps = red->is_fec ? FEC_KEEP_FROM_BPS : FEC_FROM_BPS;
    uint32_t to_bps = red->is_fec ? FEC_KEEP_TO_BPS : FEC_TO_BPS;
    return input->known_bps >= from_bps && input->known_bps < to_bps &&
           red->loss < (red->is_fec ? fec_keep_loss_most : fec_loss_most) &&
           red->run_x10 < (red->is_fec ? FEC_KEEP_RUN_X10 : FEC_RUN_X10) &&
           now_us >= red->fec_not_before_us &&
           (input->is_asked_in_time || now_us - red->begun_us >= FEC_LONG_WAIT_US);
}

static void update_fec(UplinkRed *red, const UplinkRedInput *input, int64_t now_us)
{
    if (red->is_fec && input->is_fec_missing)
        red->fec_not_before_us = now_us + FEC_RETRY_US;
    red->is_fec = red->is_on && suits_fec(red, input, now_us);
}

static void update_twice(UplinkRed *red, int64_t now_us)
{
    if (red->loss > (red->is_twice ? twice_keep_from : twice_from)) {
        red->is_twice = true;
        red->less_us = 0;
    } else if (red->less_us == 0) {
        red->less_us = now_us;
    }
    bool is_less = red->less_us != 0 && now_us - red->less_us >= LESS_US;
    red->is_twice = red->is_twice && red->is_on && !is_less;
}

bool uplink_red_update(UplinkRed *red, const UplinkRedInput *input, int64_t now_us)
{
    if (input->rtt_us <= 0)
        return false;
    bool is_long = !input->is_asked_in_time;
    if (!red->has_begun) {
        red->has_begun = true;
        red->is_on = is_long;
        red->begun_us = red->updated_us = now_us;
        return red->is_on; /* on a long path until it has shown that it loses nothing */
    }
    double elapsed_us = (double)CLAMP(now_us - red->updated_us, 0, SMOOTH_US);
    red->updated_us = now_us;
    red->loss += (input->loss - red->loss) * elapsed_us / SMOOTH_US;
    bool is_cheap = is_long || input->cap_bps >= WIDE_BPS || suits_fec(red, input, now_us);
    double from = is_cheap ? from_where_it_is_cheap : from_with_repairs;
    if (red->loss > from) {
        red->is_on = true;
        red->clean_us = 0;
    } else if (red->loss > from / 2) {
        red->clean_us = 0;
    } else if (red->clean_us == 0) {
        red->clean_us = now_us;
    } else if (now_us - red->clean_us >= CLEAN_US) {
        red->is_on = false;
    }
    red->far_run_x10 += (red->run_x10 - red->far_run_x10) *
                        (red->run_x10 > red->far_run_x10 ? 1 : elapsed_us / LESS_US);
    update_twice(red, now_us);
    update_fec(red, input, now_us);
    return red->is_on;
}
