// SPDX-License-Identifier: Apache-2.0
/* A Signaling with a turned clock, connections that remember what they were sent, a wiring that
 * answers by the token's name, and a relay without sockets (fake_media.c). */
#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "server/base/limit.h"
#include "signaling/signaling_private.h"

/** A connection. What it was sent is read one by one with fixture_expect(). */
typedef struct {
    GPtrArray *texts;
    unsigned n_read;
    unsigned close_code; /* 0: open */
    bool is_gone;        /* signaling_on_close() was called */
    json_t *last;
} FakeConn;

typedef struct {
    Clock *clock;
    GMainContext *context;
    Signaling *signaling;
    Media *media;
    GPtrArray *conns;
    GString *events;       /* one line per hook call */
    SignalingVisit visit;  /* what wiring's admissions show */
    SignalingRequest held; /* of the token "slow" */
    bool hold_intents;
    SignalingRequest held_intent;
    SignalingCode intent_code; /* answer to each intent */
    bool end_on_intent;        /* wiring ends the visit inside the hook */
    int64_t turn_ttl_ms;       /* of the TURN credentials; 0: there is no TURN server */
    unsigned n_turn_issued;
} Fixture;

int fixture_set_up(void **state);
int fixture_tear_down(void **state);

FakeConn *fixture_open(Fixture *fixture);
/** Closes as the other side would. */
void fixture_close(Fixture *fixture, FakeConn *conn);
/** Says JSON with ' for ". */
void fixture_say(Fixture *fixture, FakeConn *conn, const char *format, ...) G_GNUC_PRINTF(3, 4);
/** Says an offer whose certificate is made of BYTE; true SDP. */
void fixture_offer(Fixture *fixture, FakeConn *conn, int id, unsigned byte);
char *fixture_sdp(unsigned byte);
/** The next unread message, which must be of TYPE. Valid until the next call. */
json_t *fixture_expect(FakeConn *conn, const char *type);
/** No unread message is left. */
void fixture_expect_nothing(const FakeConn *conn);
void fixture_skip(FakeConn *conn);
const char *fixture_text(json_t *object, const char *name);
bool fixture_flag(json_t *object, const char *name);
/** Opens, says hello with TOKEN and reads `welcome`. */
FakeConn *fixture_join(Fixture *fixture, const char *token);
/** Turns the clock in steps of the timer. */
void fixture_pass(Fixture *fixture, int64_t ms);
/** Like it, while CONNS (ended by NULL) ping every 4 s. */
void fixture_pass_pinging(Fixture *fixture, int64_t ms, ...) G_GNUC_NULL_TERMINATED;
void fixture_set_phase(Fixture *fixture, SignalingPhase phase, const char *state);
/** The hook calls since the last one, compared and forgotten. */
void fixture_expect_events(Fixture *fixture, const char *expected);
/** Signaling admits by token; WHIP tests need the same admission. */
void fixture_admission(Fixture *fixture, const char *token, SignalingAdmission *ret_admission);

/* The fake relay. */
Media *fake_media_new(void);
void fake_media_fail_next(Media *media, MediaError code, bool at_open);
unsigned fake_media_n_open(const Media *media);
/** Id of the N-th endpoint ever opened. */
const char *fake_media_endpoint(const Media *media, unsigned n);
const MediaEndpointOptions *fake_media_options(const Media *media, unsigned n);
unsigned fake_media_n_negotiated(const Media *media, unsigned n);
bool fake_media_is_open(const Media *media, unsigned n);
bool fake_media_sends_screen(const Media *media, unsigned n);
/** Whose picture comes first on it; NULL: nobody's. */
const char *fake_media_pinned(const Media *media, unsigned n);
/** Nobody gets its sound; whose circle it is in. */
bool fake_media_is_muted(const Media *media, unsigned n);
unsigned fake_media_circle(const Media *media, unsigned n);
/** Not on hold (any more). */
bool fake_media_is_carried(const Media *media, unsigned n);
