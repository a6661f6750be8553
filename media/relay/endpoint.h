// SPDX-License-Identifier: Apache-2.0
/* One peer connection on its worker: addresses (ICE), handshake (DTLS), keys (SRTP), its sources
 * and slots. Inside media/relay only; the worker's thread. */
#pragma once
#include "media/rate/twcc_receiver.h"
#include "media/relay/downlink.h"
#include "media/relay/message.h"
#include "media/relay/stream.h"
#include "media/relay/uplink_guard.h"
#include "media/transport/crypt.h"
#include "media/transport/dtls.h"
#include "media/transport/ice.h"
#include "media/transport/udp.h"

typedef struct Worker Worker;
typedef struct Room Room;

enum {
    ENDPOINT_MAX_TUPLES = 8,
    ENDPOINT_MAX_STREAMS = 48, /**< SSRCs that a client may use, S11 in tests/README */
    ENDPOINT_STREAM_NONE = -1,
    CONSENT_LIMIT_US = 30 * 1000 * 1000, /* RFC 7675, 5.1 */
    SILENT_AFTER_US = 4 * 1000 * 1000,
};

/** An address from which a valid check came. The worker's address table points into it. */
typedef struct {
    bool is_used;
    NetAddress address;
    int64_t last_us;
} Tuple;

/** What is known of an SSRC that the client uses; entered only once a packet was authentic, or when
 * the client announced it. */
typedef struct {
    uint32_t ssrc;
    int8_t section; /**< ENDPOINT_STREAM_NONE: in RTCP only, or a layer that is not forwarded */
    uint8_t layer;  /**< index in the source's layers */
    bool is_rtx;
    bool is_resolved;
} Stream;

/** Totals of one kind and direction; what slots and sources that went left behind included. */
typedef struct {
    MediaFlow total;
    uint64_t lost_before; /**< of streams that are gone */
    int64_t media_us;
    int64_t last_us; /**< last packet; 0: none */
    uint64_t sampled_bytes;
} Flow;

/** A check sent to an address from which an authentic packet came unasked (a NAT gave a new one).
 */
typedef struct {
    bool is_waiting;
    int64_t sent_us;
    NetAddress address;
    unsigned generation; /* of the credentials that the check was made with */
    uint8_t transaction[ICE_TRANSACTION_BYTES];
} Rebind;

/** Where the client is. */
typedef struct {
    /* The credentials before an ICE restart: good until the next one. */
    char old_ufrag[PLAN_UFRAG_BYTES];
    char old_pwd[PLAN_PWD_BYTES];
    char old_remote_ufrag[257];
    int64_t last_check_us; /**< valid STUN check, or opening */
    Tuple tuples[ENDPOINT_MAX_TUPLES];
    Tuple *selected; /**< NULL: none yet */
    bool has_been_selected;
    unsigned generation; /**< of credentials: one more with each ICE restart */
    /* Whose link is measured: where the client was last, and the latest credentials under which it
     * was checked there. */
    NetAddress measured;
    unsigned measured_generation;
    Rebind rebind;
    RateLimit rebind_limit;
} EndpointPath;

/** The handshake and what came of it. */
typedef struct {
    Dtls *dtls; /**< NULL before the first check and when it is no longer needed */
    int64_t started_us;
    int64_t done_us;
    Crypt *crypt; /**< NULL before the keys */
} EndpointKeys;

/** What the relay reports to the client. */
typedef struct {
    uint32_t ssrc; /**< of the relay itself */
    uint16_t transport_sequence;
    bool has_ntp_offset;
    uint32_t twcc_media_ssrc;
    TwccReceiver *twcc;
    int64_t next_twcc_us;
    int64_t next_report_us;
    int64_t next_nack_us; /**< NACKs take a part of the rate, not more */
    uint64_t rate_bytes;  /**< received since rate_from_us */
    int64_t rate_from_us;
    uint64_t rate_bps;
    uint64_t ntp_offset; /**< our NTP time minus the client's, modulo 2^64 */
} EndpointRtcp;

struct Endpoint {
    int64_t due_us; /**< when endpoint_tick() is wanted */
    Worker *worker; /* unowned */
    Room *room;     /* unowned */
    char *id;
    char *participant_id;
    char *pinned_id; /**< whose picture its client wants first; NULL: nobody's */
    EndpointPlan plan;
    MediaEndpointState state;
    bool is_on_hold; /**< nothing is carried from or to it */
    bool outlives_consent;
    bool is_muted;   /**< nobody gets its sound */
    unsigned circle; /**< clients of another one get nothing of it, nor it of them */
    int64_t last_packet_us;
    EndpointPath path;
    EndpointKeys keys;
    EndpointRtcp rtcp;
    Downlink down;
    UplinkGuard up;

    unsigned n_streams;
    Stream streams[ENDPOINT_MAX_STREAMS];
    Source *sources[MEDIA_MAX_SECTIONS];
    Slot *slots[MEDIA_MAX_SECTIONS];

    int64_t rtt_us; /**< smoothed; 0: not known */
    int64_t next_sample_us;
    int64_t sampled_us;
    Flow in[MEDIA_N_KINDS];
    Flow out[MEDIA_N_KINDS];
    bool is_flowing[MEDIA_N_KINDS];
    bool sends_screen; /**< its picture is one, as its page says */
    bool has_rtt;      /**< rtt_us is from reports, no longer the hint */
};

/** Takes what OPEN says. */
Endpoint *endpoint_new(Worker *worker, const WorkerCommand *command);
/** Leaves its room, the address table and the fragment table. */
void endpoint_free(Endpoint *endpoint);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Endpoint, endpoint_free)

/** Carries out a first or later plan. The room is to be assigned anew afterwards. */
void endpoint_apply_plan(Endpoint *endpoint, const EndpointPlan *plan);

/** Layer's stream ends and starts anew under SSRC. */
void endpoint_restart_layer(Layer *layer, uint32_t ssrc);

typedef struct {
    const NetAddress *from;
    bool is_nominated;
    bool is_present; /* under the present credentials, not those before the last ICE restart */
} EndpointCheck;

/** A valid check came. */
void endpoint_on_check(Endpoint *endpoint, const EndpointCheck *check);
/** The local password for a check by LOCAL:REMOTE; NULL when REMOTE is not the client's. */
const char *endpoint_password(Endpoint *endpoint, const char *local, const char *remote,
                              size_t n_remote);
/** Something authentic came from the client. */
void endpoint_touch(Endpoint *endpoint);
void endpoint_on_dtls(Endpoint *endpoint, const uint8_t *data, size_t size);
/** Timers: handshake, consent, silence, flows. */
void endpoint_tick(Endpoint *endpoint);
/** endpoint_tick() is wanted at AT_US, or earlier. */
void endpoint_wake(Endpoint *endpoint, int64_t at_us);
void endpoint_set_state(Endpoint *endpoint, MediaEndpointState state);
/** Media can be sent to it. */
bool endpoint_is_connected(const Endpoint *endpoint);

/** The entry of SSRC; NULL: not seen yet. */
Stream *endpoint_find_stream(Endpoint *endpoint, uint32_t ssrc);
/** The entry of SSRC, made when there is room for it; NULL: the client uses too many. */
Stream *endpoint_add_stream(Endpoint *endpoint, uint32_t ssrc);

void flow_on_packet(Flow *flow, size_t n_bytes, int64_t now_us);

/* endpoint_address.c */
/** Remembers FROM among the endpoint's addresses, in place of the oldest when there are many. */
Tuple *endpoint_learn_address(Endpoint *endpoint, const NetAddress *from);
/** Sends to TUPLE from now on; key frames are asked for when the client has moved there.
 * IS_PRESENT: a check under the present credentials says so. */
void endpoint_select(Endpoint *endpoint, Tuple *tuple, bool is_present);
/** The connection of ADDRESS is gone: what was sent there goes to the address that was last checked
 * among the others, or waits for a check. */
void endpoint_lose_address(Endpoint *endpoint, const NetAddress *address);
void endpoint_forget_addresses(Endpoint *endpoint);
/** Gives up a question that nobody answers; asks a client that does not check by itself. */
void endpoint_tick_probe(Endpoint *endpoint);
/** An authentic packet came from an address that no check named: asks there. */
void endpoint_probe_address(Endpoint *endpoint, const NetAddress *from);
/** True when the datagram answers that question; the endpoint has moved then. */
bool endpoint_on_probe_response(Endpoint *endpoint, const uint8_t *data, size_t size,
                                const NetAddress *from);
