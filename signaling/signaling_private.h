// SPDX-License-Identifier: Apache-2.0
/* The objects behind signaling.h and who owns them. Main thread only.
 *
 *   Signaling --owns--> Wire     one WebSocket, from open to close
 *             --owns--> Session  one client (page) of a participant; outlives its Wire by 60 s
 *             --owns--> Lobby    one visit while anybody is in it --owns--> Member
 *             --owns--> Leg      one media endpoint, until its final sample
 *             --owns--> Request  a question put to a hook, by number
 *
 * Hooks run from a queue (notify.h) after a public function has done its work, so that no object
 * changes under somebody's feet. */
#pragma once
#include "server/base/log.h"
#include "signaling/notify.h"
#include "signaling/signaling.h"

typedef struct Wire Wire;
typedef struct Session Session;
typedef struct Lobby Lobby;
typedef struct Member Member;
typedef struct Leg Leg;

enum {
    TICK_MS = 250,
    HELLO_TIMEOUT_MS = 10 * 1000,
    AUTHORIZE_TIMEOUT_MS = 30 * 1000,
    OCCUPIED_TIMEOUT_MS = 5 * 60 * 1000, /* somebody reads the question */
    TAKE_OVER_SILENT_MS = 5 * 1000,
    /* Browsers let the timers of a page in the background run once a minute, so a waiting patient
     * whose phone is locked pings no oftener. In a call the media's silence tells, after 4 s. */
    SOCKET_SILENT_MS = 75 * 1000, /* shown as lost */
    SOCKET_DEAD_MS = 150 * 1000,  /* given up */
    /* A page that neither sends nor gets media may be silent between two consent checks, which are
     * 5 s apart; so silent media counts only when a ping is overdue too. */
    PING_OVERDUE_MS = 4500,
    DETACHED_GRACE_MS = 3 * 1000, /* a reconnect within it is not shown to the others */
    SESSION_KEEP_MS = 60 * 1000,
    ENDPOINT_CHECK_MS = 30 * 1000, /* an endpoint that nobody ever reached */
    CLOSED_LEG_KEEP_MS = 60 * 1000,
    OVER_KEEP_MS = 60 * 1000,
    BAD_MESSAGES_IN_A_ROW = 3,
};

/** Close codes of protocol.md. */
enum {
    CLOSE_TOO_MANY = 1008,
    CLOSE_RESTART = 1012,
    CLOSE_SILENT = 1001,
    CLOSE_ENDED = 4000,
    CLOSE_REPLACED = 4001,
    CLOSE_RESUMED = 4002,
    CLOSE_FATAL = 4003,
};

struct Signaling {
    const Clock *clock;
    GMainContext *context;
    GSource *timer;
    SignalingTransport transport;
    SignalingTurnSource turn;
    Media *media; /* borrowed */
    NotifyQueue *notify;

    GHashTable *wires;    /* conn -> Wire */
    GHashTable *sessions; /* serial -> Session */
    GHashTable *lobbies;  /* visit id, or group id -> Lobby */
    GHashTable *rooms;    /* visit id of somebody in a group's lobby -> group id */
    GHashTable *legs;     /* endpoint id -> Leg */
    GHashTable *requests; /* number -> Request */
    GHashTable *over;     /* visit id -> when it ended (monotonic us) */
    uint64_t last_number; /* of wires, sessions and requests */
    bool is_stopping;
    LogLimit log_limit;
    SignalingStats counters;
};

static inline int64_t signaling_now_us(const Signaling *signaling)
{
    return clock_mono_us(signaling->clock);
}

static inline bool signaling_is_past(const Signaling *signaling, int64_t since_us, int64_t ms)
{
    return signaling_now_us(signaling) - since_us >= ms * 1000;
}

/** Runs everything that depends on time; called by the timer, and by tests that turn the clock. */
void signaling_tick(Signaling *signaling);

/** A question under way: to whose connection or session the answer goes. */
typedef struct {
    gpointer conn; /* authorize: valid only together with the serial */
    uint64_t serial;
    SignalingIntent intent;
} Request;

/** Remembers a copy of REQUEST and gives its number. */
SignalingRequest request_add(Signaling *signaling, const Request *request);
/** Takes it out; false when it is unknown. */
bool request_take(Signaling *signaling, SignalingRequest number, Request *ret_request);

/** Maps SIGNALING_ERROR to a wire code. */
SignalingCode signaling_error_code(const GError *error);
