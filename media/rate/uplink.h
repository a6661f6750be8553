// SPDX-License-Identifier: Apache-2.0
/* One publisher's link to us, seen from what arrives: a guard rail over the congestion control of
 * the sender's browser, which starts at 300 kbit/s and fills a thin uplink before it notices. Sound
 * goes first and shows what the link does; video follows about a second later under a cap that
 * grows while neither delay nor loss do. The cap goes to the sender as REMB and as hint. Plain
 * value, embedded in its endpoint; no allocation; time is an argument; one thread. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "media/media.h"

enum {
    UPLINK_FLOOR_BPS = 10 * 1000,
    UPLINK_START_BPS = 60 * 1000, /* sound and picture together, where nothing is remembered */
    UPLINK_CAP_BPS = 10 * 1000 * 1000,
    UPLINK_BUCKETS = 40,         /* of 50 ms: rates over up to 2 s */
    UPLINK_MINIMUM_BUCKETS = 12, /* of 10 s: the least delay in two minutes */
    UPLINK_RECENT_BUCKETS = 24,  /* of 50 ms: least delays, for the queue and its trend */
    UPLINK_BEHINDS = 4,
};

/** Why the cap stands where it does; for logs and for the picture's state. */
typedef enum {
    UPLINK_WAITING,  /* no sound yet */
    UPLINK_PROVING,  /* sound flows, the picture follows in a moment */
    UPLINK_OPEN,     /* the cap grows with its use */
    UPLINK_HELD,     /* delay or loss grows: the cap stands still */
    UPLINK_CUT,      /* the link is full: the cap was lowered a moment ago */
    UPLINK_TOO_THIN, /* sound alone */
} UplinkState;
const char *uplink_state_name(UplinkState state);

/** Bytes of each kind, in buckets of 50 ms. */
typedef struct {
    int64_t newest; /* number of the newest bucket */
    uint32_t bytes[MEDIA_N_KINDS][UPLINK_BUCKETS];
} UplinkRates;

/** Arrival less media time of sound, which its sender spaces evenly. */
typedef struct {
    bool has_packet;
    uint32_t timestamp;                       /* of the newest packet, 48 kHz */
    int64_t samples;                          /* since the first */
    int64_t last_us;                          /* its delay */
    int64_t shift_us;                         /* uplink_delay_shift(), in all */
    int64_t recent_newest, minimum_newest;    /* numbers of the newest buckets */
    int64_t recent_us[UPLINK_RECENT_BUCKETS]; /* the least of each; INT64_MAX: none */
    int64_t minimum_us[UPLINK_MINIMUM_BUCKETS];
} UplinkDelay;

/** The train of packets that one picture is: how fast the link let it through. */
typedef struct {
    bool has_packet;
    uint32_t timestamp;
    int64_t from_us, to_us;
    uint32_t bytes;        /* without the first packet's; with the sound in between */
    uint32_t sound_bytes;  /* since the newest packet: in between if another one comes */
    uint32_t newest_bytes; /* of the newest packet, until sound came behind it */
    uint32_t best_bps[3];  /* of this second and the two before; 0: none */
    int64_t second;
    uint32_t last_bps; /* of the newest train, at last_us */
    int64_t last_us;
} UplinkTrain;

/** Sound that stood in the queue right behind a packet of a picture came as much later as the link
 * took for it: all that pictures of one packet, which make no train, show. */
typedef struct {
    uint32_t bps[UPLINK_BEHINDS]; /* a ring */
    unsigned n;                   /* ever */
    int64_t newest_us;
} UplinkBehind;

/** How long the link takes for sound while nothing else is sent, by the packet of a second that
 * came soonest: what comes much sooner has another link. */
typedef struct {
    int64_t second;
    unsigned n, n_lighter;       /* packets of it */
    int64_t least_us;            /* the least delay in it, */
    int64_t before_us, usual_us; /* in the one before, in the last of two alike */
    uint32_t least_bytes;        /* and whose it was; 0: none */
    uint32_t before_bytes, usual_bytes;
} UplinkPace;

typedef struct {
    bool has_totals;
    uint64_t n_expected, n_lost;
    double now, usual; /* over some 2 s and 30 s */
    int64_t since_us, updated_us;
} UplinkLoss;

/** Round trips, against which the delay of sound is held: its clock stands still while a microphone
 * is off, and runs late where a sender loses samples. */
typedef struct {
    bool has_trip;
    int64_t first_us;
    unsigned n_calm;     /* that ended while sound came without a queue */
    int64_t delay_us;    /* the least of sound when the newest ended */
    int64_t bound_us;    /* the least of (a round trip less the time when it ended) */
    int64_t window;      /* number of the newest */
    int64_t least_us[2]; /* without its queue: of this window and the one before; INT64_MAX: none */
} UplinkTrip;

typedef struct {
    UplinkState state;
    uint32_t cap_bps;
    uint32_t seen_bps;
    int64_t opened_us;      /* the endpoint was connected */
    int64_t first_audio_us; /* 0: none yet */
    int64_t video_us;       /* video was let in; 0: not now */
    int64_t last_arrival_us;
    int64_t stalled_us;   /* when nothing had come for a while, last */
    int64_t hiccup_us;    /* packets came again after a moment of none */
    int64_t gap_us;       /* the same of a shorter moment */
    int64_t regained_us;  /* a step back towards what was seen; 0: never */
    int64_t unquiet_us;   /* delay or loss were too high, last */
    int64_t standing_us;  /* since when there is a queue; 0: none */
    int64_t long_us;      /* since when it is long */
    int64_t next_step_us; /* up */
    int64_t stepped_us;   /* last */
    int64_t cut_us;       /* last; 0: never */
    uint32_t uncut_bps;   /* the cap before it */
    bool is_draining;     /* the cap is below what the link carries until the queue is gone */
    int64_t collapsed_us; /* the link fell to less than a third, last; 0: never */
    unsigned n_weighed;   /* looks at what it carries since */
    int64_t eased_us;     /* a small cut; 0: never */
    uint32_t full_bps;    /* what the link was seen to carry at most */
    int64_t full_us;      /* when; 0: not */
    unsigned n_past_full; /* steps up beyond it, one after the other */
    bool has_room;        /* uplink_set_room() */
    bool is_screen;       /* the same */
    int64_t closed_us;    /* video was shut out for want of room; 0: not now */
    int64_t retry_wait_us;
    UplinkPace pace;
    int64_t tried_us;   /* the link was tried again, last; 0: never */
    int64_t lighter_us; /* sound alone came sooner than it ever did, last; 0: not */
    UplinkTrip trip;
    UplinkRates rates;
    UplinkDelay delay;
    UplinkTrain train;
    UplinkBehind behind;
    UplinkLoss loss;
} Uplink;

/** START_BPS: what the link carried before (MediaEndpointOptions.start_up_bps); 0: not known. */
void uplink_init(Uplink *uplink, uint32_t start_bps, int64_t now_us);

/** A packet of sound. TIMESTAMP is that of its end: RTP timestamp plus duration (48 kHz), so that
 * another packet time does not look like delay. WIRE_BYTES with IP and UDP headers. */
void uplink_on_audio(Uplink *uplink, uint32_t timestamp, size_t wire_bytes, int64_t now_us);
/** A packet of a picture (TIMESTAMP is the RTP packet's). */
void uplink_on_video(Uplink *uplink, uint32_t timestamp, size_t wire_bytes, int64_t now_us);
/** RTX: a repair or padding. It is no part of its picture's train: it comes a round trip later. */
void uplink_on_rtx(Uplink *uplink, size_t wire_bytes, int64_t now_us);
/** A round trip of RTT_US ended just now with a report of the client's, which came through the same
 * queue as its sound. That queue is no longer than the round trip, and after it grows by no more
 * than time passes: sound that is later was late before it left, at a sender whose processor is
 * busy. */
void uplink_on_round_trip(Uplink *uplink, int64_t rtt_us, int64_t now_us);
/** The client's sound comes from another stream: its timestamps start anew. */
void uplink_restart_audio(Uplink *uplink);

/** Every 50-100 ms. N_EXPECTED and N_LOST: totals over all streams of the client, retransmissions
 * not counted (rtp_stats). RTT_US 0: not known. */
void uplink_tick(Uplink *uplink, uint64_t n_expected, uint64_t n_lost, int64_t rtt_us,
                 int64_t now_us);

/** Whether the cap leaves room for a picture beside the sound that is asked for (hint_combine()).
 * Where it does not there is none until the link is tried again: a cap that nothing fills would
 * never grow. IS_SCREEN: the picture is one, which takes more to be of use. */
void uplink_set_room(Uplink *uplink, bool has_room, bool is_screen);
bool uplink_may_send_video(const Uplink *uplink);
/** There is no room for a picture, or it was let in a moment ago to see whether there is. */
bool uplink_is_too_thin(const Uplink *uplink, int64_t now_us);
/** All that the client may send, sound and headers included. */
uint32_t uplink_cap_bps(const Uplink *uplink);
/** What the link was seen to carry, to be remembered; 0: nothing yet. */
uint32_t uplink_seen_bps(const Uplink *uplink);
/** What the choice between copies and Opus's own redundancy may count on: the cap of a link that
 * was never full may be twice what it carries (455 kbit/s on one of 200: nothing but single packets
 * came, and the sender's own control held the rate). */
uint32_t uplink_known_bps(const Uplink *uplink);
/** When the link was last seen to fall to less than a third of what it had carried; 0: never. What
 * falls on the way here has often fallen on the way back. */
int64_t uplink_collapsed_us(const Uplink *uplink);
/** How long packets wait in the link's queue: the delay over its minimum of two minutes, or what
 * the round trips leave of it. */
int64_t uplink_queue_us(const Uplink *uplink, int64_t now_us);
