// SPDX-License-Identifier: Apache-2.0
#include "media/repair/nack.h"

#include <string.h>

#include "media/rtp/sequence.h"

enum {
    RTT_UNKNOWN_US = 100 * 1000,
    /* A packet further back than this is not late: the sender began again below. */
    BACK_MAX = 1000,
    START = 1 << 20, /* keeps extended numbers positive */
    /* So many of what was asked for twice are watched for a second answer. By chance one comes from
     * libwebrtc too: where its round trip is just shorter than we know. */
    WATCHED = 32,
    WATCHED_MIN = 4,
    /* Of those that answer each request one packet in so many is asked for twice all the same: what
     * seemed a second answer may have been the packet itself, that came late for a while. */
    TRY_EVERY = 8,
};

/* A lost request is a whole round trip more, and a second one soon after costs a packet's headers:
 * of 43 repairs on a link of 2 % seven took two round trips before, of 72 four with it ("lossy150"
 * of tests/netlab). libwebrtc answers the second only if the first did not come (RtpPacketHistory).
 * GStreamer's rtprtxsend and others answer each: of those that do the tracker asks once. */
const NackConfig NACK_VIDEO = {
    .reorder_us = INT64_C(15) * 1000,
    .again_us = INT64_C(40) * 1000,
    .min_retry_us = INT64_C(20) * 1000,
    .max_age_us = INT64_C(1500) * 1000,
    .max_requests = 10,
    .max_missing = 512,
};

/* Sound that comes after its time in the jitter buffer is of no use. */
const NackConfig NACK_AUDIO = {
    .reorder_us = INT64_C(5) * 1000,
    .again_us = INT64_C(40) * 1000,
    .min_retry_us = INT64_C(20) * 1000,
    .max_age_us = INT64_C(500) * 1000,
    .max_requests = 5,
    .max_missing = 64,
};

typedef struct {
    int64_t sequence; /* extended */
    int64_t since_us;
    int64_t next_us; /* of the next request */
    unsigned n_requests;
    bool was_soon; /* the second, before an answer to the first could be here */
} Missing;

struct NackTracker {
    NackConfig config;
    bool started;
    int64_t highest;
    bool has_restart_hint;
    uint16_t restart_hint; /* the next number, should the sender have begun again below */
    unsigned n_given_up;
    int64_t watched[WATCHED]; /* came after two requests, the latest; 0: it has come again */
    unsigned next_watched;
    unsigned n_watched; /* of late: halved each WATCHED */
    unsigned n_again;   /* of them, a second time */
    bool answers_each;
    unsigned n_asked_once; /* while it does */
    size_t n_missing;
    Missing *missing; /* ascending */
};

NackTracker *nack_tracker_new(const NackConfig *config)
{
    g_assert(config->max_missing > 0 && config->max_missing <= 1000);
    NackTracker *tracker = g_new0(NackTracker, 1);
    tracker->config = *config;
    tracker->missing = g_new0(Missing, config->max_missing);
    return tracker;
}

void nack_tracker_free(NackTracker *tracker)
{
    if (!tracker)
        return;
    g_free(tracker->missing);
    g_free(tracker);
}

/* Number of missing packets below SEQUENCE. */
static size_t lower_bound(const NackTracker *tracker, int64_t sequence)
{
    size_t low = 0;
    size_t high = tracker->n_missing;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tracker->missing[middle].sequence < sequence)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void remove_first(NackTracker *tracker, size_t n)
{
    tracker->n_missing -= n;
    memmove(tracker->missing, tracker->missing + n, tracker->n_missing * sizeof(Missing));
}

static void add_gap(NackTracker *tracker, int64_t from, int64_t to, int64_t now_us)
{
    size_t n_new = (size_t)(to - from); /* at most max_missing: a larger gap is a restart */
    size_t room = tracker->config.max_missing - tracker->n_missing;
    if (n_new > room) {
        tracker->n_given_up += (unsigned)(n_new - room);
        remove_first(tracker, n_new - room);
    }
    for (int64_t sequence = from; sequence < to; sequence++) {
        tracker->missing[tracker->n_missing++] = (Missing){
            .sequence = sequence,
            .since_us = now_us,
            .next_us = now_us + tracker->config.reorder_us,
        };
    }
}

static NackResult restart(NackTracker *tracker, uint16_t sequence)
{
    tracker->n_missing = 0;
    tracker->highest = START + sequence;
    tracker->has_restart_hint = false;
    return NACK_RESTARTED;
}

static NackResult on_newer(NackTracker *tracker, int64_t extended, int64_t now_us)
{
    int64_t gap = extended - tracker->highest - 1;
    if (gap > tracker->config.max_missing)
        return restart(tracker, (uint16_t)extended);
    add_gap(tracker, tracker->highest + 1, extended, now_us);
    tracker->highest = extended;
    tracker->has_restart_hint = false;
    return NACK_NEW;
}

/* What is missing has come. Whether what was watched before has come again is known by now, but for
 * the last. */
static void watch(NackTracker *tracker, const Missing *missing)
{
    if (missing->n_requests != 2 || !missing->was_soon)
        return;
    if (tracker->n_watched >= WATCHED) {
        tracker->n_watched /= 2;
        tracker->n_again /= 2;
    }
    if (tracker->n_watched >= WATCHED_MIN && tracker->n_again * 2 <= tracker->n_watched)
        tracker->answers_each = false;
    tracker->watched[tracker->next_watched++ % WATCHED] = missing->sequence;
    tracker->n_watched++;
}

/* EXTENDED came again. */
static void note_again(NackTracker *tracker, int64_t extended)
{
    for (unsigned i = 0; i < WATCHED; i++) {
        if (tracker->watched[i] != extended)
            continue;
        tracker->watched[i] = 0;
        tracker->n_again++;
        tracker->answers_each =
            tracker->answers_each ||
            (tracker->n_watched >= WATCHED_MIN && tracker->n_again * 2 > tracker->n_watched);
        return;
    }
}

static NackResult on_older(NackTracker *tracker, int64_t extended)
{
    if (tracker->highest - extended > BACK_MAX) {
        /* RFC 3550, A.1: two packets in a row from there are a sender that began again. */
        uint16_t sequence = (uint16_t)extended;
        if (tracker->has_restart_hint && sequence == tracker->restart_hint)
            return restart(tracker, sequence);
        tracker->has_restart_hint = true;
        tracker->restart_hint = (uint16_t)(sequence + 1);
        return NACK_OLD;
    }
    size_t at = lower_bound(tracker, extended);
    if (at == tracker->n_missing || tracker->missing[at].sequence != extended) {
        note_again(tracker, extended);
        return NACK_OLD;
    }
    watch(tracker, &tracker->missing[at]);
    tracker->n_missing--;
    memmove(tracker->missing + at, tracker->missing + at + 1,
            (tracker->n_missing - at) * sizeof(Missing));
    return NACK_RECOVERED;
}

NackResult nack_tracker_on_packet(NackTracker *tracker, uint16_t sequence, int64_t now_us)
{
    if (!tracker->started) {
        tracker->started = true;
        tracker->highest = START + sequence;
        return NACK_NEW;
    }
    int64_t extended = sequence_extend(sequence, tracker->highest);
    return extended > tracker->highest ? on_newer(tracker, extended, now_us)
                                       : on_older(tracker, extended);
}

static bool is_given_up(const NackTracker *tracker, const Missing *missing, int64_t now_us)
{
    return now_us - missing->since_us > tracker->config.max_age_us ||
           (missing->n_requests >= tracker->config.max_requests && now_us >= missing->next_us);
}

static bool is_asked_twice(NackTracker *tracker)
{
    return !tracker->answers_each || ++tracker->n_asked_once % TRY_EVERY == 0;
}

size_t nack_tracker_collect(NackTracker *tracker, int64_t now_us, int64_t rtt_us,
                            uint16_t *sequences, size_t max)
{
    /* The answer comes a little after a round trip: it waits in its sender's queue. */
    int64_t answer_us = (rtt_us > 0 ? rtt_us : RTT_UNKNOWN_US) * 5 / 4;
    int64_t retry_us = MAX(answer_us, tracker->config.min_retry_us);
    size_t n = 0;
    size_t n_kept = 0;
    for (size_t i = 0; i < tracker->n_missing; i++) {
        Missing *missing = &tracker->missing[i];
        if (is_given_up(tracker, missing, now_us)) {
            tracker->n_given_up++;
            continue;
        }
        if (now_us >= missing->next_us && n < max) {
            sequences[n++] = (uint16_t)missing->sequence;
            missing->n_requests++;
            bool is_soon = missing->n_requests == 1 && tracker->config.again_us > 0 &&
                           tracker->config.again_us < retry_us && is_asked_twice(tracker);
            missing->was_soon = missing->was_soon || is_soon;
            missing->next_us = now_us + (is_soon ? tracker->config.again_us : retry_us);
        }
        tracker->missing[n_kept++] = *missing;
    }
    tracker->n_missing = n_kept;
    return n;
}

int64_t nack_tracker_next_us(const NackTracker *tracker)
{
    int64_t next_us = INT64_MAX;
    for (size_t i = 0; i < tracker->n_missing; i++)
        next_us = MIN(next_us, tracker->missing[i].next_us);
    return next_us;
}

unsigned nack_tracker_take_given_up(NackTracker *tracker)
{
    unsigned n = tracker->n_given_up;
    tracker->n_given_up = 0;
    return n;
}

void nack_tracker_forget_before(NackTracker *tracker, uint16_t sequence)
{
    if (tracker->started)
        remove_first(tracker, lower_bound(tracker, sequence_extend(sequence, tracker->highest)));
}

size_t nack_tracker_n_missing(const NackTracker *tracker)
{
    return tracker->n_missing;
}

bool nack_tracker_is_missing(const NackTracker *tracker, uint16_t sequence)
{
    int64_t extended = sequence_extend(sequence, tracker->highest);
    size_t at = lower_bound(tracker, extended);
    return at < tracker->n_missing && tracker->missing[at].sequence == extended;
}

void nack_tracker_reset(NackTracker *tracker)
{
    tracker->started = false;
    tracker->has_restart_hint = false;
    tracker->n_missing = 0;
    tracker->n_given_up = 0;
    memset(tracker->watched, 0, sizeof tracker->watched); /* who sends is the same */
}

const char *nack_result_name(NackResult result)
{
    switch (result) {
    case NACK_NEW:
        return "new";
    case NACK_RECOVERED:
        return "recovered";
    case NACK_OLD:
        return "old";
    case NACK_RESTARTED:
        return "restarted";
    }
    return "unknown";
}
