// SPDX-License-Identifier: Apache-2.0
/* Signaling's only door: one WebSocket per participant (protocol.md), presence in a visit, offers
 * and answers. Knows visits and participants by text ids, nothing of bookings, HTTP or sockets: the
 * transport and all decisions come from server/wiring as functions. Everything here is called on
 * the main thread and never blocks; hooks are called there too, as the last thing a function does,
 * so they may call back in.
 *
 * Order of creation: signaling_new(), media_new(config, signaling_media_observer(), signaling),
 * signaling_set_media(). Order of the end: signaling_stop(), media_stop(), signaling_free(). */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/media.h"
#include "server/base/clock.h"
#include "signaling/code.h"

typedef struct Signaling Signaling;

/** Handle of a question put to a hook. Never reused; answering one whose asker is gone does
 * nothing, so no answer can come too late. */
typedef uint64_t SignalingRequest;

typedef enum { SIGNALING_KIND_VISIT, SIGNALING_KIND_DAY } SignalingKind;
typedef enum { SIGNALING_ROLE_PATIENT, SIGNALING_ROLE_DOCTOR, SIGNALING_ROLE_GUEST } SignalingRole;
enum { SIGNALING_N_ROLES = 3 };
const char *signaling_role_name(SignalingRole role);

/** Where a visit stands, as far as signaling must know; the state's own word goes to the wire. */
typedef enum {
    SIGNALING_PHASE_BEFORE,  /**< requested, booked */
    SIGNALING_PHASE_WAITING, /**< checked_in */
    SIGNALING_PHASE_CALLED,
    SIGNALING_PHASE_IN_CALL,
    SIGNALING_PHASE_OVER, /**< done and every side exit */
} SignalingPhase;

/** What protocol.md's `visit` shows. Strings may be NULL where the wire may say null. */
typedef struct {
    const char *id;
    /** Optional: rises with each change of the visit. A view older than the one that is known is
     * ignored, whatever the order of arrival. Always 0: the newest call wins. */
    uint64_t revision;
    SignalingPhase phase;
    const char *code;
    const char *state; /**< "checked_in": scheduling's name */
    const char *way;   /**< how it is to be held, "video" "phone" "in_person": likewise */
    int64_t starts_at_ms;
    const char *facility;
    const char *clinic;
    const char *doctor;
    const char *phone;
    bool in_queue; /**< false: `queue` is null */
    const char *queue_number;
    unsigned queue_ahead;
    unsigned queue_wait_min_minutes;
    unsigned queue_wait_max_minutes;
    unsigned late_minutes; /**< so late its doctor said to be; 0: not */
    bool is_unanswered;    /**< waits too long: doctor and desk are shown it */
    bool asks_consent;     /**< its patient is asked to agree to the visit by video */
    bool is_unplaced;      /**< its doctor will not see the patient at this time */
    const char *group;     /**< title of the group visit that it is in; NULL: none */
    int64_t ended_at_ms;   /**< 0: not ended */
    const char *ended_by;  /**< role that ended it ("doctor", "patient", "system"), for `ended` */
} SignalingVisit;

typedef struct {
    const char *id;
    SignalingRole role;
    const char *name;  /**< shown to the others; a patient's not to guests */
    const char *label; /**< what a guest is there as, for the pages; NULL: nothing */
} SignalingParticipant;

/** Who comes in by a token. Nothing of it is kept by pointer. */
typedef struct {
    SignalingKind kind;
    /* Visits: */
    const char *participant_id;
    SignalingRole role;
    const char *name;
    bool may_publish;
    bool may_receive;
    const SignalingVisit *visit;
    /** All participants of the visit (oneself may be among them). */
    const SignalingParticipant *participants;
    unsigned n_participants;
    /** A group visit: visits that share one room; NULL: the visit is alone in its own. Its host
     * (role doctor) comes with a VISIT that stands for the group: its id, phase IN_CALL. */
    const char *group_id;
    const char *shown_name; /**< of a patient, for the other patients; NULL: by the place alone */
    unsigned place;         /**< of a patient, 1 and on */
    /* Days: NULL-ended topics of signaling_day_changed() that this token hears. */
    const char *const *topics;
    const char *bound_to; /**< the log-in that the token came from, or NULL */
} SignalingAdmission;

typedef enum {
    SIGNALING_INTENT_READY,
    SIGNALING_INTENT_CALL,
    SIGNALING_INTENT_ACCEPT,
    SIGNALING_INTENT_NOT_READY,
    SIGNALING_INTENT_LEAVE,
    SIGNALING_INTENT_END,
} SignalingIntent;

typedef enum {
    SIGNALING_OUTCOME_DONE,
    SIGNALING_OUTCOME_TECH_FAILED,
    SIGNALING_OUTCOME_CONVERTED_PHONE,
    SIGNALING_OUTCOME_CONVERTED_IN_PERSON,
    SIGNALING_OUTCOME_NO_SHOW_PATIENT,
} SignalingOutcome;
const char *signaling_outcome_name(SignalingOutcome outcome);

typedef struct {
    const char *visit_id;
    const char *participant_id;
    SignalingRole role;
    SignalingIntent intent;
    SignalingOutcome outcome; /**< of END */
} SignalingIntentCall;

typedef enum {
    SIGNALING_PRESENCE_JOINED,
    SIGNALING_PRESENCE_BACK,
    SIGNALING_PRESENCE_LOST,
    SIGNALING_PRESENCE_LEFT,
} SignalingPresence;
const char *signaling_presence_name(SignalingPresence presence);

typedef enum {
    SIGNALING_ENDPOINT_CONNECTED, /**< DTLS done; also after SILENT */
    SIGNALING_ENDPOINT_SILENT,
    SIGNALING_ENDPOINT_FAILED, /**< CLOSED follows */
    SIGNALING_ENDPOINT_CLOSED, /**< the final sample follows */
} SignalingEndpointEvent;
const char *signaling_endpoint_event_name(SignalingEndpointEvent event);

/** How good the link of somebody's page is, by the round trips of its socket. */
typedef enum {
    SIGNALING_LINK_UNKNOWN, /**< nobody is there, or nothing was measured yet */
    SIGNALING_LINK_GOOD,
    SIGNALING_LINK_WEAK,
} SignalingLink;
/** "good" "weak"; NULL: not known. */
const char *signaling_link_name(SignalingLink link);

/** What wiring does for signaling. authorize and on_intent are required and are answered, at once
 * or later, by signaling_authorize_*() and signaling_intent_done(); the others may be NULL. */
typedef struct {
    void (*authorize)(SignalingRequest request, const char *token, const char *lang,
                      gpointer user_data);
    void (*on_intent)(SignalingRequest request, const SignalingIntentCall *call,
                      gpointer user_data);
    void (*on_presence)(const char *visit_id, const char *participant_id,
                        SignalingPresence presence, int64_t at_ms, gpointer user_data);
    /** The participant's own media of KIND starts or stops reaching the relay. */
    void (*on_media)(const char *visit_id, const char *participant_id, const char *endpoint_id,
                     MediaKind kind, bool flowing, int64_t at_ms, gpointer user_data);
    void (*on_endpoint)(const char *visit_id, const char *participant_id, const char *endpoint_id,
                        SignalingEndpointEvent event, int64_t at_ms, gpointer user_data);
    void (*on_sample)(const char *visit_id, const char *participant_id, const char *endpoint_id,
                      const MediaSample *sample, gpointer user_data);
    /** signaling_link() of the participant is another one now; not told in a call. */
    void (*on_link)(const char *visit_id, const char *participant_id, gpointer user_data);
    gpointer user_data;
} SignalingHooks;

/** The WebSocket's side, by opaque connection pointers: valid from signaling_on_open() until
 * signaling_on_close() has returned. close() never calls signaling_on_close() before it returns. */
typedef struct {
    void (*send)(gpointer conn, const char *text, gpointer user_data);
    void (*close)(gpointer conn, unsigned code, const char *reason, gpointer user_data);
    gpointer user_data;
} SignalingTransport;

/** TURN servers of the operator's for one page, with credentials that end. */
typedef struct {
    const char *const *urls; /**< NULL-ended, the issuer's; NULL: there is no TURN server */
    char *username;          /**< owned, as is the credential */
    char *credential;
    int64_t ttl_ms; /**< for how long from now new paths may be asked for with them */
} SignalingTurn;

/** Called inside other work: must neither block nor call back in. */
typedef struct {
    void (*issue)(const char *participant_id, SignalingTurn *ret_turn, gpointer user_data);
    gpointer user_data;
} SignalingTurnSource;

typedef struct {
    const Clock *clock;
    GMainContext *context; /**< for the timer; NULL: the default one. A reference is kept */
    SignalingTransport transport;
    SignalingHooks hooks;
    SignalingTurnSource turn; /**< issue NULL: there is no TURN server */
} SignalingOptions;

Signaling *signaling_new(const SignalingOptions *options);
/** Hooks are not called any more, connections not told. NULL is fine. */
void signaling_free(Signaling *signaling);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Signaling, signaling_free)

/** For media_new(); its user_data is the Signaling. */
const MediaObserver *signaling_media_observer(void);
/** Borrowed; must stay until signaling_free(). Before it is set offers are answered `internal`. */
void signaling_set_media(Signaling *signaling, Media *media);

/* From the WebSocket. */
void signaling_on_open(Signaling *signaling, gpointer conn);
void signaling_on_text(Signaling *signaling, gpointer conn, const char *text, size_t size);
void signaling_on_close(Signaling *signaling, gpointer conn);

/* Answers to hooks. */
void signaling_authorize_accept(Signaling *signaling, SignalingRequest request,
                                const SignalingAdmission *admission);
/** OPENS_AT_MS goes with SIGNALING_CODE_TOO_EARLY, otherwise 0. */
void signaling_authorize_refuse(Signaling *signaling, SignalingRequest request, SignalingCode code,
                                int64_t opens_at_ms);
/** CODE is SIGNALING_CODE_NONE when it was done. What it changed comes by
 * signaling_visit_changed(). */
void signaling_intent_done(Signaling *signaling, SignalingRequest request, SignalingCode code);

/* News from scheduling, after their commit. */

/** Tells the visit's clients; with a group's id, its host. With SIGNALING_PHASE_OVER they get
 * `ended` and are closed, and the visit's media ends. A visit in which nobody is is ignored. */
void signaling_visit_changed(Signaling *signaling, const SignalingVisit *visit);
/** Is, or was just now, somebody in the visit? */
bool signaling_knows_visit(const Signaling *signaling, const char *visit_id);
/** Tells the watchers of TOPIC. */
void signaling_day_changed(Signaling *signaling, const char *topic, const char *visit_id);
/** Closes the sockets of the watchers of TOPIC. They come again by themselves and are authorized
 * anew, as their token may lead elsewhere now. */
void signaling_watch_anew(Signaling *signaling, const char *topic);
/** Throws a participant out (a link was revoked): a fatal `error` with CODE, media closed. */
void signaling_dismiss(Signaling *signaling, const char *visit_id, const char *participant_id,
                       SignalingCode code);
/** Throws out whoever came in by an admission with this BOUND_TO, pages and devices alike. */
void signaling_dismiss_bound(Signaling *signaling, const char *bound_to, SignalingCode code);
/** How many sockets hear of TOPIC. */
unsigned signaling_count_watchers(const Signaling *signaling, const char *topic);
/** All topics that somebody hears, each once: char *, to be freed with g_ptr_array_unref(). */
GPtrArray *signaling_list_topics(const Signaling *signaling);
/** True while a client of the participant is connected and heard (the day list's `present`). */
bool signaling_is_present(const Signaling *signaling, const char *visit_id,
                          const char *participant_id);
/** Of the participant's page, while it is present. */
SignalingLink signaling_link(const Signaling *signaling, const char *visit_id,
                             const char *participant_id);
/** Tells all `restarting` and closes them; later connections are refused with `stopping`. */
void signaling_stop(Signaling *signaling, unsigned in_ms);

/* WHIP and WHEP, called by HTTP after it has authorized the token. */

#define SIGNALING_ERROR (signaling_error_quark())
GQuark signaling_error_quark(void);
typedef enum {
    SIGNALING_ERROR_FAILED,
    SIGNALING_ERROR_BAD_OFFER, /**< the message names the line or attribute */
    SIGNALING_ERROR_FULL,
    SIGNALING_ERROR_NOT_FOUND,
    SIGNALING_ERROR_BAD_STATE, /**< not in this phase of the visit */
    SIGNALING_ERROR_FORBIDDEN, /**< this token may not publish or receive */
} SignalingError;

typedef enum { SIGNALING_WHIP, SIGNALING_WHEP } SignalingWhipKind;

/** Opens an endpoint for a device. On success *ret_resource (for Location) and *ret_answer (SDP)
 * are given; free both with g_free(). */
bool signaling_whip_open(Signaling *signaling, const SignalingAdmission *admission,
                         SignalingWhipKind kind, const char *sdp, size_t size, char **ret_resource,
                         char **ret_answer, GError **error);
/** Ends it; SIGNALING_ERROR_NOT_FOUND unless it is this participant's in this visit. */
bool signaling_whip_close(Signaling *signaling, const char *visit_id, const char *participant_id,
                          const char *resource, GError **error);

/** A page's first offer, which HTTP brings while its socket is still being opened. */
typedef struct {
    const char *key; /**< of the page's own making; its `hello` names it */
    const char *sdp;
    size_t size;
    bool hold; /**< as in the message `offer` */
} SignalingEarlyOffer;

/** Opens a page's endpoint before its socket. It carries nothing before the page's `hello` has
 * taken it, or its person the call; unless `hello` comes within 30 s it is closed, and so is an
 * earlier one of the same participant. Only in the phase CALLED. *RET_ANSWER (SDP) is freed with
 * g_free(). */
bool signaling_early_offer(Signaling *signaling, const SignalingAdmission *admission,
                           const SignalingEarlyOffer *offer, char **ret_answer, GError **error);

/** The person behind such an offer takes the call before the page has a socket: what KEY names is
 * carried from now on, as after the message `accept`; the visit's step is the caller's. It stays
 * early: unless the page's `hello` takes it, it is closed when after the 30 s nothing comes by it.
 * RESUME as in `hello`, or NULL. Errors: NOT_FOUND: no such offer, or taken; BAD_STATE: nobody
 * calls, or another page of the participant has the place. */
bool signaling_early_accept(Signaling *signaling, const SignalingAdmission *admission,
                            const char *key, const char *resume, GError **error);

/** Gauges and counters for /metrics. */
typedef struct {
    unsigned n_connections, n_sessions, n_lobbies, n_endpoints;
    uint64_t messages_in, messages_out, errors_out, offers, resumes, replaced;
} SignalingStats;
void signaling_stats(const Signaling *signaling, SignalingStats *ret_stats);
