// SPDX-License-Identifier: Apache-2.0
#include "media/rate/audio_ladder.h"

#include <glib.h>

typedef struct {
    uint32_t from_bps; /* of the whole link */
    uint32_t opus_bps;
    unsigned merge_ms;
    unsigned most_percent; /* of the link, that redundancy may bring sound to */
} AudioStep;

/* To a receiver under 250 kbit/s the headers of 20 ms packets (26 kbit/s) are worth more as
 * picture; 20 ms more of delay is what that costs, under 80 kbit/s twice as much. A sender's own
 * packets: own_packet_ms(). */
static const AudioStep steps[] = {
    {0, 8000, 120, 100},     {25000, 10000, 60, 100}, {35000, 12000, 60, 100},
    {45000, 16000, 60, 75},  {80000, 16000, 40, 60},  {130000, 24000, 40, 45},
    {250000, 24000, 20, 40}, {800000, 32000, 20, 30},
};

enum {
    RED_MERGE_MS = 60,
    START_STEP = 3, /* 16 kbit/s at 60 ms: a start at 60-80 kbit/s */
    OPUS_LEAST_BPS = 8000,
    RED_HEADER_BYTES = 4, /* RFC 2198, 3 */
    RED_LAST_HEADER_BYTES = 1,
    NACK_RTT_US = 250 * 1000, /* a repair later than that comes after its time */
    /* Loss is told over so many packets of sound: two in a hundred are then seldom taken for five.
     */
    LOSS_PACKETS = 160,
    CLEAN_US = 10 * 1000 * 1000, /* before redundancy is taken back */
    QUEUE_US = 300 * 1000,
    OVERSHOOT_PERCENT = 110, /* of what is wished; encoders, and a target that moves */
    RUN_X10 = 25,            /* two and a half packets in a row: one more copy reaches over them */
    /* Of short packets, the farthest copy's distance. Each 20 ms of it are heard as delay; eight
     * packets are reached over once in fifty where the mean run is four on a link that carries a
     * picture too. With six a fifth of the seconds had a hole (tests/netlab, "lossy"). */
    LONG_RUN_X10 = 22,
    LONG_REACH_MS = 160,
    RUN_REACH_X10 = 15,
    RUN_REACH_MS = 80,
    REACH_PACKET_MS = 40, /* longer packets are far apart as they are */
    OWN_SHORT_FROM_BPS = 130 * 1000,
    OWN_SHORT_MS = 20,
};

/* Losses come in bursts of packets: the copy is the further away in time the longer these are. */
static const double LONG_PACKETS_LOSS = 0.03;
/* Long runs are believed at once and forgotten slowly: each change of the reach stretches speech.
 */
static const double RUN_FORGET_US = 20.0 * 1000 * 1000;

void audio_ladder_init(AudioLadder *ladder, int64_t now_us)
{
    *ladder = (AudioLadder){.patience = {.step = START_STEP}, .updated_us = now_us};
}

uint32_t audio_wire_bps(uint32_t opus_bps, unsigned packet_ms, unsigned copies,
                        unsigned packet_overhead)
{
    unsigned bytes = packet_overhead > 0 ? packet_overhead : AUDIO_PACKET_OVERHEAD;
    if (copies > 0)
        bytes += copies * RED_HEADER_BYTES + RED_LAST_HEADER_BYTES;
    return opus_bps * (copies + 1) + bytes * 8 * 1000 / MAX(packet_ms, 10);
}

static unsigned step_at(uint32_t bps)
{
    unsigned step = 0;
    while (step + 1 < G_N_ELEMENTS(steps) && steps[step + 1].from_bps <= bps)
        step++;
    return step;
}

unsigned audio_red_reach(unsigned loss_run_x10, unsigned packet_ms)
{
    if (packet_ms == 0 || packet_ms > REACH_PACKET_MS || loss_run_x10 < RUN_REACH_X10)
        return 0;
    return (loss_run_x10 < LONG_RUN_X10 ? RUN_REACH_MS : LONG_REACH_MS) / packet_ms;
}

static bool is_fec_worth_it(unsigned merge_ms, unsigned red_distance)
{
    return merge_ms <= 40 && red_distance == 0;
}

/* A sender's packets are what everybody waits for first, and its Opus's own redundancy reaches back
 * by one of them. */
static unsigned own_packet_ms(uint32_t bps)
{
    return bps >= OWN_SHORT_FROM_BPS ? OWN_SHORT_MS : steps[step_at(bps)].merge_ms;
}

/* Each change of the packets' length stretches speech. */
static unsigned held_packet_ms(uint32_t bps, unsigned packet_ms)
{
    bool is_near = own_packet_ms((uint32_t)MIN((uint64_t)bps * 8 / 7, UINT32_MAX)) == packet_ms ||
                   own_packet_ms((uint32_t)((uint64_t)bps * 7 / 8)) == packet_ms;
    return is_near ? packet_ms : own_packet_ms(bps);
}

void audio_ladder_at(uint32_t bps, unsigned packet_ms, AudioChoice *ret_choice)
{
    unsigned own_ms = held_packet_ms(bps, packet_ms);
    *ret_choice = (AudioChoice){
        .opus_bps = steps[step_at(bps)].opus_bps,
        .merge_ms = own_ms,
        .fec = is_fec_worth_it(own_ms, 0),
    };
}

static void move_step(AudioLadder *ladder, const AudioLadderInput *input, int64_t now_us)
{
    Patience *patience = &ladder->patience;
    uint64_t target_bps = input->target_bps;
    PatienceInput possible = {
        .hold = step_at((uint32_t)(target_bps * 10 / 9)),
        .up = step_at((uint32_t)(target_bps * 10 / 11)),
        .far_up = step_at((uint32_t)(target_bps * 10 / 16)),
        .must = PATIENCE_NO_LIMIT,
        .is_starting = input->is_starting,
        .is_held = input->overused,
        .up_wait_us = PATIENCE_UP_US,
        .far_wait_us = PATIENCE_FAR_UP_US,
    };
    const AudioStep *step = &steps[patience->step];
    uint64_t need_bps = (uint64_t)MAX(input->n_streams, 1) *
                        audio_wire_bps(step->opus_bps, step->merge_ms, 0, input->packet_overhead);
    if (input->queue_us > QUEUE_US || need_bps > target_bps)
        possible.must = step_at(input->target_bps);
    patience_update(patience, &possible, now_us);
}

/* The loss from which sound is sent twice. Repairs reach it in time on a short path; on a long one
 * only redundancy helps, and costs little of a wide link. */
static double redundancy_from(const AudioLadderInput *input, bool nack, const AudioStep *step)
{
    uint64_t cost_percent =
        (uint64_t)step->opus_bps * MAX(input->n_streams, 1) * 100 / MAX(input->target_bps, 1);
    if (nack)
        return cost_percent > 25 ? 0.05 : cost_percent > 10 ? 0.03 : 0.005;
    if (cost_percent > 25)
        return 0.03;
    return cost_percent > 15 ? 0.01 : 0.005;
}

static void move_redundancy(AudioLadder *ladder, const AudioLadderInput *input, bool nack,
                            int64_t now_us)
{
    int64_t time_us = (int64_t)LOSS_PACKETS * steps[ladder->patience.step].merge_ms * 1000;
    double elapsed_us = (double)CLAMP(now_us - ladder->updated_us, 0, time_us);
    ladder->updated_us = now_us;
    ladder->loss += (input->loss_q8 / 256.0 - ladder->loss) * elapsed_us / (double)time_us;

    ladder->run_x10 += ((double)input->loss_run_x10 - ladder->run_x10) *
                       (input->loss_run_x10 > ladder->run_x10 ? 1 : elapsed_us / RUN_FORGET_US);
    /* A long path begins with it, until it has shown that it loses nothing: there is no other
     * repair, and by the time that a loss of 2 % is known for one, ten seconds of speech had their
     * holes. */
    if (!ladder->knows_path && input->rtt_us > 0) {
        ladder->knows_path = true;
        ladder->redundancy = nack ? ladder->redundancy : MAX(ladder->redundancy, 1);
    }
    double once = redundancy_from(input, nack, &steps[ladder->patience.step]);
    unsigned wanted = ladder->loss > 0.12 || (ladder->loss > 0.03 && input->loss_run_x10 >= RUN_X10)
                          ? 2
                      : ladder->loss > once ? 1
                                            : 0;
    unsigned kept = ladder->loss > 0.08 || (ladder->loss > 0.02 && input->loss_run_x10 >= RUN_X10)
                        ? 2
                    : ladder->loss > once * 0.6 ? 1
                                                : 0;
    if (wanted >= ladder->redundancy || kept >= ladder->redundancy) {
        ladder->redundancy = MAX(wanted, ladder->redundancy);
        ladder->clean_us = 0;
    } else if (ladder->clean_us == 0) {
        ladder->clean_us = now_us;
    } else if (now_us - ladder->clean_us >= CLEAN_US) {
        ladder->redundancy = kept;
        ladder->clean_us = 0;
    }
}

/* What CHOICE takes at OPUS_BPS a stream. */
static uint64_t wire_bps(const AudioChoice *choice, const AudioLadderInput *input,
                         uint32_t opus_bps)
{
    uint64_t once =
        audio_wire_bps(opus_bps, choice->merge_ms, choice->red_distance, input->packet_overhead);
    return once * MAX(input->n_streams, 1) * (choice->second_send ? 2 : 1);
}

/* What CHOICE takes if senders follow it, or what comes in if they do not. */
static uint64_t choice_bps(const AudioChoice *choice, const AudioLadderInput *input)
{
    return wire_bps(choice, input,
                    MAX(choice->opus_bps, input->opus_bps / MAX(input->n_streams, 1)));
}

static void set_copies(AudioChoice *choice, const AudioLadderInput *input, unsigned copies)
{
    choice->red_distance = input->has_red ? copies : 0;
    choice->second_send = !input->has_red && copies > 0 && (!choice->nack || copies > 1);
}

/* As much redundancy as is called for and would fit at what is wished of senders, at a lower Opus
 * bitrate if need be. The wish comes first: what comes in at the old bitrate may leave no room. */
static unsigned wish_redundancy(AudioChoice *choice, const AudioStep *step,
                                const AudioLadderInput *input, unsigned redundancy,
                                uint64_t most_bps)
{
    for (unsigned copies = redundancy; copies > 0; copies--) {
        for (unsigned quarters = 4; quarters >= 2; quarters--) {
            choice->opus_bps = MAX(step->opus_bps * quarters / 4, (uint32_t)OPUS_LEAST_BPS);
            set_copies(choice, input, copies);
            if (wire_bps(choice, input, choice->opus_bps) <= most_bps)
                return copies;
        }
    }
    choice->opus_bps = step->opus_bps;
    return 0;
}

static void fit_redundancy(AudioChoice *choice, const AudioStep *step,
                           const AudioLadderInput *input, unsigned redundancy)
{
    uint64_t most_bps = (uint64_t)input->target_bps * 9 / 10 * step->most_percent / 100;
    unsigned copies = wish_redundancy(choice, step, input, redundancy, most_bps);
    set_copies(choice, input, copies);
    most_bps = most_bps * OVERSHOOT_PERCENT / 100;
    while (copies > 0 && choice_bps(choice, input) > most_bps)
        set_copies(choice, input, --copies);
}

/* Longer packets where a sender's Opus does not fit otherwise. */
static void fit_packets(AudioChoice *choice, const AudioLadderInput *input)
{
    static const unsigned longer_ms[] = {60, 120};
    for (unsigned i = 0; i < G_N_ELEMENTS(longer_ms); i++) {
        if (choice_bps(choice, input) <= (uint64_t)input->target_bps * 9 / 10)
            return;
        choice->merge_ms = MAX(choice->merge_ms, longer_ms[i]);
    }
}

void audio_ladder_update(AudioLadder *ladder, const AudioLadderInput *input, int64_t now_us,
                         AudioChoice *ret_choice, uint32_t *ret_bps)
{
    bool nack = input->has_nack && input->rtt_us > 0 && input->rtt_us < NACK_RTT_US;
    if (!input->is_frozen) {
        move_step(ladder, input, now_us);
        move_redundancy(ladder, input, nack, now_us);
    }
    const AudioStep *step = &steps[ladder->patience.step];
    AudioChoice choice = {.merge_ms = step->merge_ms, .nack = nack};
    fit_redundancy(&choice, step, input, ladder->redundancy);
    fit_packets(&choice, input);
    if (choice.red_distance > 0 && !nack && ladder->loss > LONG_PACKETS_LOSS)
        choice.merge_ms = MAX(choice.merge_ms, RED_MERGE_MS);
    choice.fec = is_fec_worth_it(choice.merge_ms, choice.red_distance);
    if (choice.red_distance > 0)
        choice.red_reach = audio_red_reach((unsigned)ladder->run_x10, choice.merge_ms);
    *ret_choice = choice;
    *ret_bps = (uint32_t)MIN(choice_bps(&choice, input), UINT32_MAX);
}
