// SPDX-License-Identifier: Apache-2.0
#include "media/rate/uplink_sight.h"

#include "media/rtp/sequence.h"

#include <glib.h>

/* Where nothing else is named: chosen by test_uplink, test_uplink_sight and tests/sim,
 * test_sim_uplink. Each was tried there at half and at twice its value, and with both something
 * that they hold fails, but for these. Free, neither fails: JUMP_US, TRAIN_GAP_US, TRAIN_LEAST_US,
 * TRIP_KNOWN_US.
 * Bounded from below alone: MINIMUM_BUCKET_US, LATEST_BUCKETS, TRIP_KNOWN_CALM; from above alone:
 * BEHIND_PICTURE_BYTES. TRAIN_SOUND_BYTES_MAX is against a stranger. */
enum {
    BUCKET_US = 50 * 1000,
    MINIMUM_BUCKET_US = 10 * 1000 * 1000,
    NEAR_BUCKETS = 6, /* 0.3 s: five packets of 60 ms, so that jitter falls out */
    LATEST_BUCKETS = 3,
    JUMP_US = 3 * 1000 * 1000, /* no queue is so long: another stream, another clock */
    TRAIN_GAP_US = 500 * 1000, /* between two packets of one picture */
    TRAIN_LEAST_BYTES = 600,   /* behind the first packet */
    TRAIN_LEAST_US = 1000,     /* packets that are read together */
    TRAIN_SOUND_BYTES_MAX = 1 << 20,
    SECOND_US = 1000 * 1000,
    BEHIND_LATE_US = 15 * 1000, /* it stood in a queue */
    BEHIND_LEAST_US = 5 * 1000, /* what is read together says nothing */
    BEHIND_PICTURE_BYTES = 400, /* long enough in a thin link that sound finds it there */
    /* A radio's jitter makes one gap as long as a thin link's; the shortest of three is hardly. */
    BEHIND_LEAST = 3,
    BEHIND_OLD_US = 5 * 1000 * 1000,
    TRIP_WINDOW_US = 60 * 1000 * 1000, /* a path may become longer */
    TRIP_MARGIN_US = 100 * 1000,       /* a queue that empties while sound stands in it */
    TRIP_CALM_US = 20 * 1000,          /* a queue that would hide in the least round trip */
    TRIP_KNOWN_CALM = 3,
    TRIP_KNOWN_US = 10 * 1000 * 1000,
    PACE_LIGHTER_US = 12 * 1000,
    PACE_LEVEL_US = 8 * 1000,
    PACE_LIGHTER_LEAST = 3,    /* of a second, and half of all: jitter has one now and then */
    PACE_SLOW_BPS = 12 * 1000, /* a shorter packet may come sooner by what it is shorter there */
    LOSS_NOW_US = 2 * 1000 * 1000,
    LOSS_USUAL_US = 30 * 1000 * 1000,
    LOSS_BETTER_US = 10 * 1000 * 1000,
};

void uplink_rates_note(UplinkRates *rates, MediaKind kind, size_t wire_bytes, int64_t now_us)
{
    int64_t bucket = now_us / BUCKET_US;
    int64_t n_new = CLAMP(bucket - rates->newest, 0, UPLINK_BUCKETS);
    for (int64_t i = 0; i < n_new; i++) {
        for (unsigned k = 0; k < MEDIA_N_KINDS; k++)
            rates->bytes[k][(bucket - i) % UPLINK_BUCKETS] = 0;
    }
    rates->newest = MAX(rates->newest, bucket);
    rates->bytes[kind][rates->newest % UPLINK_BUCKETS] += (uint32_t)wire_bytes;
}

uint32_t uplink_rates_bps(const UplinkRates *rates, MediaKind kind, int64_t window_us,
                          int64_t now_us)
{
    int64_t bucket = now_us / BUCKET_US;
    int64_t n = CLAMP(window_us / BUCKET_US, 1, UPLINK_BUCKETS - 1);
    uint64_t bytes = 0;
    /* The newest bucket is not full yet: the N before it. */
    for (int64_t i = bucket - n; i < bucket; i++) {
        if (i >= 0 && i <= rates->newest && i > rates->newest - UPLINK_BUCKETS)
            bytes += rates->bytes[kind][i % UPLINK_BUCKETS];
    }
    return (uint32_t)MIN(bytes * 8 * 1000 * 1000 / (uint64_t)(n * BUCKET_US), UINT32_MAX);
}

uint32_t uplink_rates_all_bps(const UplinkRates *rates, int64_t window_us, int64_t now_us)
{
    return uplink_rates_bps(rates, MEDIA_KIND_AUDIO, window_us, now_us) +
           uplink_rates_bps(rates, MEDIA_KIND_VIDEO, window_us, now_us);
}

static void delay_start(UplinkDelay *delay, uint32_t timestamp)
{
    *delay = (UplinkDelay){.has_packet = true, .timestamp = timestamp};
    for (unsigned i = 0; i < UPLINK_RECENT_BUCKETS; i++)
        delay->recent_us[i] = INT64_MAX;
    for (unsigned i = 0; i < UPLINK_MINIMUM_BUCKETS; i++)
        delay->minimum_us[i] = INT64_MAX;
}

/* Puts VALUE into the bucket of now in a ring of the least values. */
static void note_least(int64_t *ring, unsigned size, int64_t *newest, int64_t bucket, int64_t value)
{
    int64_t n_new = CLAMP(bucket - *newest, 0, (int64_t)size);
    for (int64_t i = 0; i < n_new; i++)
        ring[(bucket - i) % size] = INT64_MAX;
    *newest = MAX(*newest, bucket);
    ring[*newest % size] = MIN(ring[*newest % size], value);
}

void uplink_delay_note(UplinkDelay *delay, uint32_t timestamp, int64_t now_us)
{
    if (!delay->has_packet) {
        delay_start(delay, timestamp);
        delay->last_us = now_us;
    }
    int64_t samples = delay->samples + timestamp_diff(timestamp, delay->timestamp);
    int64_t delay_us = now_us - samples * 125 / 6 - delay->shift_us; /* 48 kHz */
    if (ABS(delay_us - delay->last_us) > JUMP_US) {
        delay_start(delay, timestamp);
        samples = 0;
        delay_us = now_us;
    }
    delay->last_us = delay_us;
    if (samples >= delay->samples) {
        delay->samples = samples;
        delay->timestamp = timestamp;
    }
    note_least(delay->recent_us, UPLINK_RECENT_BUCKETS, &delay->recent_newest, now_us / BUCKET_US,
               delay_us);
    note_least(delay->minimum_us, UPLINK_MINIMUM_BUCKETS, &delay->minimum_newest,
               now_us / MINIMUM_BUCKET_US, delay_us);
}

/* The least delay in the buckets from FIRST to LAST before now; INT64_MAX: none. */
static int64_t least_recent(const UplinkDelay *delay, int64_t first, int64_t last, int64_t now_us)
{
    int64_t least = INT64_MAX;
    for (int64_t i = first; i <= last; i++) {
        int64_t bucket = now_us / BUCKET_US - i;
        if (bucket >= 0 && bucket <= delay->recent_newest &&
            bucket > delay->recent_newest - UPLINK_RECENT_BUCKETS)
            least = MIN(least, delay->recent_us[bucket % UPLINK_RECENT_BUCKETS]);
    }
    return least;
}

static int64_t least_known(const UplinkDelay *delay)
{
    int64_t least = INT64_MAX;
    for (unsigned i = 0; i < UPLINK_MINIMUM_BUCKETS; i++)
        least = MIN(least, delay->minimum_us[i]);
    return least;
}

static int64_t over_least(const UplinkDelay *delay, int64_t n_buckets, int64_t now_us)
{
    if (!delay->has_packet)
        return 0;
    int64_t now = least_recent(delay, 0, n_buckets - 1, now_us);
    int64_t least = least_known(delay);
    return now == INT64_MAX || least == INT64_MAX ? 0 : MAX(now - least, 0);
}

int64_t uplink_delay_queue_us(const UplinkDelay *delay, int64_t now_us)
{
    return over_least(delay, NEAR_BUCKETS, now_us);
}

int64_t uplink_delay_latest_us(const UplinkDelay *delay, int64_t now_us)
{
    return over_least(delay, LATEST_BUCKETS, now_us);
}

int64_t uplink_delay_late_us(const UplinkDelay *delay)
{
    return delay->has_packet ? delay->last_us - least_known(delay) : 0;
}

int64_t uplink_delay_least_us(const UplinkDelay *delay)
{
    return delay->has_packet ? least_known(delay) : INT64_MAX;
}

void uplink_delay_shift(UplinkDelay *delay, int64_t us)
{
    delay->shift_us += us;
    delay->last_us -= us;
    for (unsigned i = 0; i < UPLINK_RECENT_BUCKETS; i++)
        delay->recent_us[i] -= delay->recent_us[i] == INT64_MAX ? 0 : us;
}

int64_t uplink_delay_growth_us(const UplinkDelay *delay, int64_t now_us)
{
    int64_t now = least_recent(delay, 0, NEAR_BUCKETS - 1, now_us);
    int64_t then = least_recent(delay, UPLINK_RECENT_BUCKETS - NEAR_BUCKETS,
                                UPLINK_RECENT_BUCKETS - 1, now_us);
    return !delay->has_packet || now == INT64_MAX || then == INT64_MAX ? 0 : now - then;
}

static void note_second(UplinkTrain *train, int64_t now_us)
{
    int64_t second = now_us / SECOND_US;
    for (int64_t n = CLAMP(second - train->second, 0, (int64_t)G_N_ELEMENTS(train->best_bps));
         n > 0; n--) {
        for (size_t i = G_N_ELEMENTS(train->best_bps) - 1; i > 0; i--)
            train->best_bps[i] = train->best_bps[i - 1];
        train->best_bps[0] = 0;
    }
    train->second = MAX(train->second, second);
}

void uplink_train_note(UplinkTrain *train, uint32_t timestamp, size_t wire_bytes, int64_t now_us)
{
    note_second(train, now_us);
    bool is_newer = !train->has_packet || timestamp_diff(timestamp, train->timestamp) > 0 ||
                    now_us - train->to_us > TRAIN_GAP_US;
    if (is_newer) {
        *train =
            (UplinkTrain){.has_packet = true,
                          .timestamp = timestamp,
                          .from_us = now_us,
                          .to_us = now_us,
                          .newest_bytes = (uint32_t)wire_bytes,
                          .second = train->second,
                          .best_bps = {train->best_bps[0], train->best_bps[1], train->best_bps[2]}};
        return;
    }
    if (timestamp != train->timestamp)
        return; /* a repair of an older picture */
    train->bytes += (uint32_t)wire_bytes + train->sound_bytes;
    train->sound_bytes = 0;
    train->newest_bytes = (uint32_t)wire_bytes;
    train->to_us = now_us;
    if (train->bytes < TRAIN_LEAST_BYTES)
        return;
    int64_t took_us = MAX(train->to_us - train->from_us, TRAIN_LEAST_US);
    uint64_t bps = (uint64_t)train->bytes * 8 * 1000 * 1000 / (uint64_t)took_us;
    train->last_bps = (uint32_t)MIN(bps, UINT32_MAX);
    train->last_us = now_us;
    train->best_bps[0] = MAX(train->best_bps[0], train->last_bps);
}

void uplink_train_note_sound(UplinkTrain *train, size_t wire_bytes)
{
    if (train->has_packet && train->sound_bytes < TRAIN_SOUND_BYTES_MAX)
        train->sound_bytes += (uint32_t)wire_bytes;
}

uint32_t uplink_train_bps(const UplinkTrain *train, int64_t now_us)
{
    uint32_t best = 0;
    int64_t n_passed = now_us / SECOND_US - train->second;
    for (size_t i = 0; i < G_N_ELEMENTS(train->best_bps); i++) {
        if ((int64_t)i + n_passed < (int64_t)G_N_ELEMENTS(train->best_bps))
            best = MAX(best, train->best_bps[i]);
    }
    return best;
}

uint32_t uplink_train_last_bps(const UplinkTrain *train, int64_t now_us)
{
    return now_us - train->last_us <= SECOND_US ? train->last_bps : 0;
}

void uplink_train_forget(UplinkTrain *train)
{
    for (size_t i = 0; i < G_N_ELEMENTS(train->best_bps); i++)
        train->best_bps[i] = 0;
}

void uplink_behind_note(UplinkBehind *behind, UplinkTrain *train, size_t wire_bytes,
                        int64_t late_us, int64_t now_us)
{
    int64_t gap_us = now_us - train->to_us;
    bool is_behind = train->newest_bytes >= BEHIND_PICTURE_BYTES && late_us >= BEHIND_LATE_US &&
                     gap_us >= BEHIND_LEAST_US && gap_us <= TRAIN_GAP_US;
    train->newest_bytes = 0;
    if (!is_behind)
        return;
    uint64_t bps = (uint64_t)wire_bytes * 8 * 1000 * 1000 / (uint64_t)gap_us;
    behind->bps[behind->n++ % UPLINK_BEHINDS] = (uint32_t)MIN(bps, UINT32_MAX);
    behind->newest_us = now_us;
}

uint32_t uplink_behind_bps(const UplinkBehind *behind, int64_t now_us)
{
    uint32_t best = 0;
    for (unsigned i = 0; i < UPLINK_BEHINDS; i++)
        best = MAX(best, behind->bps[i]);
    return behind->n >= BEHIND_LEAST && now_us - behind->newest_us <= BEHIND_OLD_US ? best : 0;
}

/* The least of the last one to two minutes with a calm moment in them, without its queue. */
static int64_t least_trip(const UplinkTrip *trip)
{
    return MIN(trip->least_us[0], trip->least_us[1]);
}

static void begin_window(UplinkTrip *trip, int64_t now_us)
{
    int64_t window = now_us / TRIP_WINDOW_US;
    if (!trip->has_trip)
        trip->least_us[0] = trip->least_us[1] = INT64_MAX;
    /* One in which sound was never without a queue tells nothing. */
    if (window == trip->window || trip->least_us[0] == INT64_MAX)
        return;
    trip->least_us[1] = trip->least_us[0];
    trip->least_us[0] = INT64_MAX;
    trip->window = window;
}

/* Sound came sooner than ever: what was seen as no queue was one, and in the round trips of then.
 */
static void take_off_queue(UplinkTrip *trip, int64_t delay_us)
{
    int64_t sooner_us = trip->has_trip ? trip->delay_us - delay_us : 0;
    for (unsigned i = 0; sooner_us > 0 && i < 2; i++) {
        if (trip->least_us[i] != INT64_MAX)
            trip->least_us[i] = MAX(trip->least_us[i] - sooner_us, 0);
    }
    if (sooner_us > TRIP_CALM_US)
        trip->n_calm = 0;
    trip->delay_us = delay_us;
}

/* Many a call begins behind what its page loads, up and down: its first round trips say nothing of
 * how long one takes, and a full link of 30 kbit/s was taken for an empty one by them. */
static bool is_known(const UplinkTrip *trip, int64_t now_us)
{
    return trip->n_calm >= TRIP_KNOWN_CALM && now_us - trip->first_us >= TRIP_KNOWN_US;
}

int64_t uplink_trip_note(UplinkTrip *trip, int64_t rtt_us, int64_t queue_us, int64_t delay_us,
                         int64_t now_us)
{
    begin_window(trip, now_us);
    take_off_queue(trip, delay_us);
    int64_t least_us = least_trip(trip);
    if (least_us == INT64_MAX)
        least_us = trip->least_us[0] = MAX(rtt_us - queue_us, 0);
    int64_t left_us = MAX(rtt_us - least_us, 0);
    int64_t bound_us = rtt_us - now_us;
    if (!trip->has_trip)
        trip->first_us = now_us;
    trip->bound_us = trip->has_trip ? MIN(trip->bound_us, bound_us) : bound_us;
    trip->has_trip = true;
    if (queue_us > left_us + TRIP_MARGIN_US)
        return is_known(trip, now_us) ? queue_us - left_us : 0;
    if (queue_us <= TRIP_CALM_US) {
        trip->least_us[0] = MIN(trip->least_us[0], MAX(rtt_us - queue_us, 0));
        trip->n_calm = MIN(trip->n_calm + 1, (unsigned)TRIP_KNOWN_CALM);
    }
    return 0;
}

int64_t uplink_trip_bound_us(const UplinkTrip *trip, int64_t now_us)
{
    return trip->has_trip ? trip->bound_us + now_us : INT64_MAX;
}

/* The second is over. Its soonest packet is what the link takes when the one before says so, too:
 * no queue has grown or shrunk. */
static void end_second(UplinkPace *pace)
{
    bool is_level =
        pace->before_bytes > 0 && ABS(pace->least_us - pace->before_us) <= PACE_LEVEL_US;
    if (pace->n > 0 && is_level) {
        pace->usual_us = pace->least_us;
        pace->usual_bytes = pace->least_bytes;
    }
    pace->before_us = pace->least_us;
    pace->before_bytes = pace->n > 0 ? pace->least_bytes : 0;
    pace->n = pace->n_lighter = 0;
}

bool uplink_pace_note(UplinkPace *pace, size_t wire_bytes, int64_t delay_us, int64_t now_us)
{
    int64_t second = now_us / SECOND_US;
    if (second != pace->second)
        end_second(pace);
    pace->second = second;
    uint64_t fewer_bytes = pace->usual_bytes - MIN(wire_bytes, pace->usual_bytes);
    int64_t shorter_us = (int64_t)(fewer_bytes * 8 * SECOND_US / PACE_SLOW_BPS);
    bool is_lighter =
        pace->usual_bytes > 0 && delay_us + shorter_us < pace->usual_us - PACE_LIGHTER_US;
    if (pace->n == 0 || delay_us < pace->least_us) {
        pace->least_us = delay_us;
        pace->least_bytes = (uint32_t)wire_bytes;
    }
    pace->n++;
    pace->n_lighter += is_lighter;
    return pace->n_lighter >= PACE_LIGHTER_LEAST && pace->n_lighter * 2 >= pace->n;
}

void uplink_loss_note(UplinkLoss *loss, uint64_t n_expected, uint64_t n_lost, bool counts,
                      int64_t now_us)
{
    uint64_t expected = n_expected - loss->n_expected;
    uint64_t lost = n_lost - loss->n_lost;
    if (!loss->has_totals)
        loss->since_us = now_us;
    else if (n_expected < loss->n_expected || n_lost < loss->n_lost)
        counts = false; /* a stream started anew */
    else if (expected == 0)
        return;
    if (loss->has_totals && counts) {
        double ratio = MIN((double)lost / (double)expected, 1.0);
        int64_t elapsed_us = CLAMP(now_us - loss->updated_us, 0, LOSS_NOW_US);
        /* Learnt fast at the start, and back down. */
        int64_t usual_us = loss->now < loss->usual
                               ? LOSS_BETTER_US
                               : CLAMP(now_us - loss->since_us, LOSS_NOW_US, LOSS_USUAL_US);
        loss->now += (ratio - loss->now) * (double)elapsed_us / LOSS_NOW_US;
        loss->usual += (loss->now - loss->usual) * (double)elapsed_us / (double)usual_us;
    }
    loss->has_totals = true;
    loss->n_expected = n_expected;
    loss->n_lost = n_lost;
    loss->updated_us = now_us;
}
