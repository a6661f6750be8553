// SPDX-License-Identifier: Apache-2.0
/* One media endpoint of a participant: a page's (one per session) or a device's (WHIP, WHEP). Known
 * by its endpoint id until the relay's final sample. Main thread. */
#pragma once
#include "signaling/signaling_private.h"

typedef enum { LEG_PAGE, LEG_WHIP, LEG_WHEP } LegKind;

struct Leg {
    Signaling *signaling;
    LegKind kind;
    char *endpoint_id;
    char *visit_id;
    char *participant_id;
    Lobby *lobby;            /* NULL: closed */
    Member *member;          /* with lobby */
    Session *session;        /* of a page */
    char *bound_to;          /* of a device; may be NULL */
    uint8_t fingerprint[32]; /* of the client's certificate: one per peer connection */
    uint64_t sdp_id;
    unsigned sdp_version;
    bool is_checked;   /* somebody reached it */
    bool is_connected; /* DTLS is done */
    bool is_silent;
    bool sends; /* the client may send by the present answer */
    bool is_passive;
    bool is_on_hold;  /* the page's wish: nothing is carried before it accepts */
    bool is_carried;  /* the relay was told to: neither on hold nor early */
    char *early_key;  /* an offer that came before its page's socket; NULL: none, or taken */
    bool is_accepted; /* early, and its person has taken the call: carried before the socket */
    GPtrArray *slots; /* owned LegSlot: what the server sends, by m-line */
    bool has_hint;
    MediaHint hint; /* the newest */
    int64_t offered_us;
    int64_t closed_us;
};

typedef struct {
    char mid[17];
    char *participant_id; /* NULL: nobody's */
    MediaPicture picture; /* of a video's */
} LegSlot;

/** What to open. */
typedef struct {
    LegKind kind;
    Lobby *lobby;
    Member *member;
    Session *session;     /* of a page, or NULL */
    const char *bound_to; /* of a device's admission */
    bool passive;
    bool hold;
    const char *early_key; /* of an offer by HTTP; without SESSION it waits for its hello */
    const char *sdp;       /* the offer, SIZE bytes */
    size_t size;
} LegPlan;

/** Answers PLAN's offer: on the page's present endpoint when the offer
 * comes from the same peer connection, otherwise on a new one in its place. On success *ret_answer
 * is the answer's text and *ret_leg the leg. Errors are SIGNALING_ERROR. */
bool leg_answer(Signaling *signaling, const LegPlan *plan, Leg **ret_leg, char **ret_answer,
                GError **error);
/** Tells the page that the leg belongs to how its media stands: streams, hint, pictures. */
void leg_tell_state(const Leg *leg);
/** Tells the relay what the page said last: whether it sends a screen (`devices`), whose picture it
 * wants first (`pin`). */
void leg_tell_wishes(const Leg *leg);
/** The page wants its media carried. */
void leg_end_hold(Leg *leg);
/** Makes the endpoint the page's of SESSION, which has none. KEY is that of the early offer which
 * opened it, or NULL. */
void leg_attach(Leg *leg, Session *session, const char *key);
/** Gives SESSION the endpoint that its page opened with KEY before it had a socket; false when
 * there is none. */
bool leg_take_early(Session *session, const char *key);
/** The early endpoint of MEMBER that KEY names; NULL: there is none, or it is taken. */
Leg *leg_find_early(const Lobby *lobby, const Member *member, const char *key);
/** Carries an early endpoint whose person takes the call before the page has a socket. */
void leg_accept_early(Leg *leg);
/** Closes what MEMBER's pages opened so and nobody took. */
void leg_drop_early(const Lobby *lobby, const Member *member);
/** True when it carries the participant's media though no page has taken it yet. */
bool leg_is_heard_early(const Leg *leg);
/** True when the participant is in the call by it. */
bool leg_is_in_call(const Leg *leg);
/** Ends the endpoint; the leg stays known until its final sample. */
void leg_close(Leg *leg);
/** For the table of legs. */
void leg_free(Leg *leg);
/** Closes what nobody reached. */
void leg_tick(Leg *leg);
