// SPDX-License-Identifier: Apache-2.0
/* Credentials for the operator's TURN server (coturn with use-auth-secret; server/README.md,
 * "TURN"): a participant gets a user name that holds its own end, and as password the name's
 * HMAC-SHA1 under the secret that both servers know ("A REST API for access to TURN services",
 * draft-uberti-behave- turn-rest-00, 2.2). The two never speak with each other. Main thread. */
#pragma once
#include "server/base/clock.h"
#include "server/base/secret.h"
#include "signaling/signaling.h"

enum {
    TURN_MAX_URLS = 4,    /* browsers gather through each of them, and slow down from five on */
    TURN_MIN_SECRET = 32, /* bytes: whoever has a password may guess at the secret off-line */
    TURN_MAX_SECRET = 200,
};

typedef struct Turn Turn;

typedef struct {
    const char *urls;        /**< as turn.urls: separated by commas */
    const char *secret_path; /**< of turn.secret */
    int64_t ttl_s;           /**< for how long new credentials hold */
    const SecretBox *box;    /**< makes the opaque id; must outlive the Turn */
    const Clock *clock;      /**< must outlive the Turn */
} TurnOptions;

/** NULL with BASE_ERROR_INVALID when a URL or the secret's file is not as it must be. */
Turn *turn_new(const TurnOptions *options, GError **error);
void turn_free(Turn *turn);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Turn, turn_free)

/** Fresh credentials: `issue` of SignalingTurnSource, with the Turn as its user data. The user name
 * is the end in seconds, a colon, and 16 hexadecimal digits: a keyed hash of the participant's id,
 * so that coturn's quota per user counts one person and its log names nobody. */
void turn_issue(const char *participant_id, SignalingTurn *ret_turn, gpointer turn);

/** The password that goes with USERNAME: base64 of its HMAC-SHA1. Free with secret_text_free(). */
char *turn_password(const char *secret, const char *username);

/** Takes TEXT apart: 1 to TURN_MAX_URLS of turn:HOST, turn:HOST:PORT, with ?transport=udp or tcp,
 * and turns: likewise but without udp, which browsers do not speak (RFC 7065). HOST: a name, an
 * IPv4 address or an IPv6 address in brackets. NULL with BASE_ERROR_INVALID names the wrong one. */
char **turn_urls_parse(const char *text, GError **error);

/** The secret in PATH: one line of TURN_MIN_SECRET to TURN_MAX_SECRET visible ASCII characters.
 * Free with secret_text_free(). */
char *turn_secret_load(const char *path, GError **error);
