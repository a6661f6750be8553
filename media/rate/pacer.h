// SPDX-License-Identifier: Apache-2.0
/* Who of the packets towards one client may leave now. Holds references, no bytes: (slot, key into
 * the slot's packet cache, size). Sound and RTCP never enter: they leave at once and are charged
 * with pacer_charge(). Plain value of some 16 KiB, embedded in its endpoint; no allocation; time is
 * an argument; one thread.
 *
 * Pictures take turns, byte by byte: a small one does not wait behind another one's key frame; key
 * frames stand in line.
 *
 * What is dropped never got to the network. A caller that gives out RTP sequence numbers when a
 * packet leaves, not when it is queued, therefore shows its receiver no gap. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PACER_MAX_SLOTS = 32,      /* slot indexes 0-31: a bit each */
    PACER_VIDEO_PACKETS = 512, /* half a second of 10 Mbit/s */
    PACER_RTX_PACKETS = 128,
    PACER_AGAIN_PACKETS = 8,
    PACER_QUEUE_LIMIT_US = 500 * 1000,    /* a frame that would wait longer is left out */
    PACER_LAYER_LIMIT_US = 250 * 1000,    /* the same for temporal layers above 0 */
    PACER_STARTED_LIMIT_US = 1000 * 1000, /* the same for a frame of which a part has left */
    PACER_KEY_LIMIT_US = 2500 * 1000,     /* for a key frame: 3 kB at 10 kbit/s */
};

typedef enum {
    PACER_VIDEO,
    PACER_RTX,
    PACER_PADDING, /* comes out of pacer_next() only */
} PacerKind;

/** Packets of one slot with one RTP timestamp are a frame. */
typedef struct {
    int64_t queued_us; /* set by the pacer */
    uint32_t timestamp;
    uint16_t sequence;   /* the caller's key into the slot's cache; a slot's leave in its order */
    uint16_t wire_bytes; /* as it will leave, IP and UDP headers included; not 0 */
    uint8_t slot;
    uint8_t temporal_id;
    bool layer_sync;       /* temporal_id > 0: needs nothing but layer 0 (VP8's Y bit) */
    bool starts_key_frame; /* the first packet of a key frame */
    PacerKind kind;
} PacerEntry;

typedef struct {
    bool has_key;    /* key_timestamp is that of the last key frame taken */
    bool has_newest; /* newest_timestamp is that of the newest frame taken */
    bool has_sent;   /* sent_timestamp is that of the packet sent last */
    bool has_left_out;
    uint8_t max_temporal_id; /* layers above wait for a layer_sync frame */
    uint32_t key_timestamp;
    uint32_t newest_timestamp;
    uint32_t sent_timestamp;
    uint32_t left_out_timestamp; /* the frame that is being refused */
    size_t video_bytes;          /* of this slot that are queued */
    int64_t turn;                /* bytes that it has had, by which turns are taken */
} PacerSlot;

typedef struct {
    uint32_t target_bps;
    uint32_t rate_bps; /* of the bucket: target times the factor for the present backlog */
    int64_t debt;      /* sent ahead of time, in millionths of a bit; negative: saved */
    int64_t updated_us;
    size_t video_bytes; /* queued, of all slots */
    size_t rtx_bytes;
    size_t
        peak_bytes; /* most that was queued since the queue was empty, and a key frame among it */
    bool peak_has_key;
    uint64_t n_dropped_frames;
    uint32_t awaiting;  /* a bit per slot: cut off, nothing but a key frame makes sense */
    uint32_t probe_bps; /* 0: none under way */
    uint16_t probe_chunk;
    int64_t probe_bytes; /* still to be sent */
    size_t probe_spent;
    int64_t probe_from_us;
    int64_t probe_end_us;
    unsigned video_head, n_video; /* ring; entries of 0 bytes were dropped */
    unsigned rtx_head, n_rtx;
    unsigned n_again;
    PacerSlot slots[PACER_MAX_SLOTS];
    PacerEntry video[PACER_VIDEO_PACKETS];
    PacerEntry rtx[PACER_RTX_PACKETS];
    PacerEntry again[PACER_AGAIN_PACKETS]; /* repairs, for a second copy; oldest first */
} Pacer;

void pacer_init(Pacer *pacer, uint32_t target_bps, int64_t now_us);

/** What the link carries (SendRateView.target_bps). */
void pacer_set_target(Pacer *pacer, uint32_t target_bps, int64_t now_us);

/** Queues a packet of kind PACER_VIDEO or PACER_RTX. False: it is left out (its frame would wait
 * too long or was dropped already, or the queue is full): forget it, give it no number. */
bool pacer_push(Pacer *pacer, const PacerEntry *entry, int64_t now_us);

/** Takes the next packet that may leave now; RTX first. PACER_PADDING: a probe is under way and
 * nothing is queued: send up to wire_bytes of padding (or of cached packets) and tell
 * pacer_on_padding(). Drops what has waited too long. Call until false. */
bool pacer_next(Pacer *pacer, int64_t now_us, PacerEntry *ret_entry);

/** WIRE_BYTES of padding were sent; 0: none can be sent, which ends the probe. */
void pacer_on_padding(Pacer *pacer, size_t wire_bytes, int64_t now_us);

/** Something that never waits was sent: sound, RTCP, STUN. */
void pacer_charge(Pacer *pacer, size_t wire_bytes, int64_t now_us);

/** When pacer_next() has something; NOW_US or earlier: at once; INT64_MAX: nothing is queued. */
int64_t pacer_due_us(const Pacer *pacer, int64_t now_us);

/** Sends N_BYTES at RATE_BPS from now on, whatever there is, sound included. */
void pacer_start_probe(Pacer *pacer, uint32_t rate_bps, size_t n_bytes, int64_t now_us);
bool pacer_is_probing(const Pacer *pacer);

/** A bit for each slot whose picture was cut off and that is ready for a key frame: what it would
 * stand behind has left. Stays set until one is queued; limiting the requests is the caller's. */
uint32_t pacer_key_frames_wanted(Pacer *pacer);

/** Drops all of SLOT's packets and what is remembered of it: it shows something else now. */
void pacer_flush_slot(Pacer *pacer, unsigned slot);

/** How long what is queued will take, in microseconds. */
int64_t pacer_queue_us(const Pacer *pacer);
