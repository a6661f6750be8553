// SPDX-License-Identifier: Apache-2.0
/* One client: a page that said hello. Numbers what it is sent and keeps the last of it, so that a
 * dropped connection misses nothing; outlives its Wire by 60 s. Main thread. */
#pragma once
#include "signaling/link_grade.h"
#include "signaling/wire.h"

enum {
    SESSION_BUFFER_MESSAGES = 128,
    SESSION_BUFFER_BYTES = 128 * 1024,
};

struct Session {
    Signaling *signaling;
    uint64_t serial;
    char *resume;
    uint64_t seq; /* of the last message */
    GQueue sent;  /* of SentMessage */
    size_t sent_bytes;
    uint64_t forgotten_seq; /* no number up to it can be sent again; 0: all are kept */
    Wire *wire;             /* NULL: detached */
    uint64_t wire_serial;   /* of the newest */
    int64_t detached_us;
    const char *lang;
    uint32_t rtt_ms; /* as the page measured it last; 0: not known */
    LinkGrade grade;

    Lobby *lobby; /* NULL: a day's watcher */
    Member *member;
    Leg *leg; /* the page's media; NULL: none */
    bool has_left;
    int64_t turn_due_ms; /* when it needs other TURN credentials, wall clock; 0: never */
    char *early_key;     /* of the early offer: of leg, or still on its way; may be NULL */
    bool has_ended_leg;  /* one that was connected */
    uint8_t ended_fingerprint[32]; /* of the newest such */
    unsigned n_others_told;        /* by `room` */
    char **topics;                 /* of a day's watcher */
    char *bound_to;                /* of the newest admission; may be NULL */
};

/** A fresh session, known to SIGNALING, not attached. */
Session *session_new(Signaling *signaling);
/** Frees; its Wire and Leg must be gone. For the table of sessions. */
void session_free(Session *session);

void session_attach(Session *session, Wire *wire);
/** The page has measured a round trip; 0: it has not. */
void session_note_rtt(Session *session, uint32_t rtt_ms);
/** Takes the Wire away; NULL is fine. */
void session_detach(Session *session);
uint64_t session_next_seq(Session *session);
/** Takes TEXT, whose number came from session_next_seq(). Sends it, or keeps it for a resume. */
void session_send(Session *session, char *text);
/** Like it, for a message that only says how things stand: an older one of the same TOPIC is not
 * kept for a resume any more, so that many of them push out nothing else. */
void session_send_latest(Session *session, const char *topic, char *text);
/** A day's watcher that hears TOPIC. */
bool session_hears(const Session *session, const char *topic);
/** True when everything after LAST_SEQ is still kept. */
bool session_can_replay(const Session *session, int64_t last_seq);
void session_replay(Session *session, int64_t last_seq);
/** Ends it for good: closes its media and takes it from its lobby. Frees it. */
void session_end(Session *session);
