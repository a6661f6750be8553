// SPDX-License-Identifier: Apache-2.0
#include "media/rate/rtp_stats.h"

enum {
    SEQUENCE_MOD = 1 << 16,
    NO_BAD_SEQUENCE = SEQUENCE_MOD + 1,
    MAX_DROPOUT = 3000, /* RFC 3550, A.1 */
    MAX_MISORDER = 100,
    JITTER_STEP_MAX_S = 5,          /* a larger one is a new clock, not jitter */
    RTT_MAX_Q16 = 60 * 65536,       /* a minute */
    RTT_NEGATIVE_Q16 = 655,         /* 10 ms of rounding and clock steps count as none */
    NTP_EPOCH_TO_UNIX_DAYS = 25567, /* 1900-01-01 to 1970-01-01 */
};

void rtp_stats_init(RtpStats *stats, uint32_t clock_rate)
{
    *stats = (RtpStats){.clock_rate = clock_rate, .bad_sequence = NO_BAD_SEQUENCE};
}

static uint32_t extended_highest(const RtpStats *stats)
{
    return stats->cycles + stats->highest_sequence;
}

static int64_t lost_in_this_run(const RtpStats *stats)
{
    if (!stats->started)
        return 0;
    uint32_t expected = extended_highest(stats) - stats->base_sequence + 1;
    return (int64_t)expected - (int64_t)stats->n_received;
}

/* RFC 3550, A.1: init_seq(). Totals of the run before stay in the figures of rtp_stats_lost() and
 * rtp_stats_received(). */
static void start_run(RtpStats *stats, uint16_t sequence)
{
    int64_t lost = lost_in_this_run(stats);
    stats->n_lost_before += lost > 0 ? (uint64_t)lost : 0;
    stats->n_received_before += stats->n_received;
    stats->started = true;
    stats->base_sequence = sequence;
    stats->highest_sequence = sequence;
    stats->bad_sequence = NO_BAD_SEQUENCE;
    stats->cycles = 0;
    stats->n_received = 0;
    stats->expected_prior = 0;
    stats->received_prior = 0;
    stats->has_transit = false;
}

/* RFC 3550, A.1: update_seq() without probation, which ICE and SRTP have done. */
static bool update_sequence(RtpStats *stats, uint16_t sequence)
{
    if (!stats->started) {
        start_run(stats, sequence);
        return true;
    }
    uint16_t ahead = (uint16_t)(sequence - stats->highest_sequence);
    if (ahead < MAX_DROPOUT) {
        if (sequence < stats->highest_sequence)
            stats->cycles += SEQUENCE_MOD;
        stats->highest_sequence = sequence;
        return true;
    }
    if (ahead <=
        SEQUENCE_MOD - MAX_MISORDER) { /* a very large jump: believed at the second packet */
        if (sequence != stats->bad_sequence) {
            stats->bad_sequence = (uint16_t)(sequence + 1);
            return false;
        }
        start_run(stats, sequence);
    }
    return true; /* or a duplicate or late packet */
}

/* RFC 3550, A.8, but only between packets of different timestamps: those of one picture are sent
 * apart by the sender's pacing, which is not jitter of the network. */
static void update_jitter(RtpStats *stats, uint32_t timestamp, int64_t now_us)
{
    if (stats->has_transit && timestamp != stats->last_timestamp) {
        int64_t arrival = (now_us - stats->last_arrival_us) * stats->clock_rate / 1000000;
        int64_t sent = (int32_t)(timestamp - stats->last_timestamp);
        int64_t difference = arrival > sent ? arrival - sent : sent - arrival;
        if (difference < (int64_t)stats->clock_rate * JITTER_STEP_MAX_S)
            stats->jitter_q4 += (uint32_t)difference - ((stats->jitter_q4 + 8) >> 4);
    }
    if (!stats->has_transit || timestamp != stats->last_timestamp) {
        stats->last_timestamp = timestamp;
        stats->last_arrival_us = now_us;
        stats->has_transit = true;
    }
}

void rtp_stats_on_packet(RtpStats *stats, uint16_t sequence, uint32_t timestamp, int64_t now_us)
{
    if (!update_sequence(stats, sequence))
        return;
    stats->n_received++;
    update_jitter(stats, timestamp, now_us);
}

void rtp_stats_on_sr(RtpStats *stats, uint64_t ntp, int64_t now_us)
{
    stats->has_sr = true;
    stats->sr_ntp = ntp;
    stats->sr_us = now_us;
}

/* RFC 3550, A.3. */
static uint8_t take_fraction_lost(RtpStats *stats)
{
    uint32_t expected = extended_highest(stats) - stats->base_sequence + 1;
    uint32_t received = (uint32_t)stats->n_received;
    uint32_t expected_interval = expected - stats->expected_prior;
    uint32_t received_interval = received - stats->received_prior;
    stats->expected_prior = expected;
    stats->received_prior = received;
    if (expected_interval == 0 || received_interval >= expected_interval)
        return 0;
    uint64_t lost = expected_interval - received_interval;
    uint64_t fraction = (lost << 8) / expected_interval;
    return fraction > 255 ? 255 : (uint8_t)fraction;
}

bool rtp_stats_report(RtpStats *stats, uint32_t ssrc, int64_t now_us, RtcpReportBlock *ret_block)
{
    if (!stats->started)
        return false;
    int64_t lost = lost_in_this_run(stats);
    *ret_block = (RtcpReportBlock){
        .ssrc = ssrc,
        .fraction_lost = take_fraction_lost(stats),
        .cumulative_lost = (int32_t)CLAMP(lost, -0x800000, 0x7fffff),
        .highest_sequence = extended_highest(stats),
        .jitter = stats->jitter_q4 >> 4,
    };
    if (stats->has_sr) {
        int64_t delay_us = now_us > stats->sr_us ? now_us - stats->sr_us : 0;
        uint64_t delay_q16 = (uint64_t)delay_us * 65536U / 1000000U;
        ret_block->last_sr = ntp_middle(stats->sr_ntp);
        ret_block->delay_since_last_sr = (uint32_t)MIN(delay_q16, (uint64_t)UINT32_MAX);
    }
    return true;
}

uint64_t rtp_stats_lost(const RtpStats *stats)
{
    int64_t lost = lost_in_this_run(stats);
    return stats->n_lost_before + (lost > 0 ? (uint64_t)lost : 0);
}

uint64_t rtp_stats_received(const RtpStats *stats)
{
    return stats->n_received_before + stats->n_received;
}

int64_t rtp_stats_jitter_us(const RtpStats *stats)
{
    return (int64_t)(stats->jitter_q4 >> 4) * 1000000 / stats->clock_rate;
}

uint64_t ntp_from_wall_us(int64_t wall_us)
{
    int64_t us = wall_us + (int64_t)NTP_EPOCH_TO_UNIX_DAYS * 86400 * 1000000;
    uint64_t seconds = (uint64_t)us / 1000000U;
    uint64_t rest_us = (uint64_t)us % 1000000U;
    return (seconds << 32) | ((rest_us << 32) / 1000000U);
}

uint32_t ntp_middle(uint64_t ntp)
{
    return (uint32_t)(ntp >> 16);
}

bool rtp_rtt_us(const RtcpReportBlock *block, uint64_t now_ntp, int64_t *ret_rtt_us)
{
    if (block->last_sr == 0)
        return false;
    int32_t rtt_q16 = (int32_t)(ntp_middle(now_ntp) - block->last_sr - block->delay_since_last_sr);
    if (rtt_q16 < -RTT_NEGATIVE_Q16 || rtt_q16 > RTT_MAX_Q16)
        return false;
    *ret_rtt_us = rtt_q16 > 0 ? (int64_t)rtt_q16 * 1000000 / 65536 : 0;
    return true;
}
