// SPDX-License-Identifier: Apache-2.0
/* Outreach (jemput bola): a team of a facility at a post in a village, on one day. Its tablets take
 * patients down without a network and send them later; each becomes a visit in the clinic's queue,
 * with a nurse beside the patient. For desk staff of the facility; what was taken down is for the
 * team and for the visit's doctor alone. Every call about a patient is an audit row. Threads: see
 * scheduling.h. */
#pragma once
#include "scheduling/booking/token.h"
#include "scheduling/note/vital.h"
#include "scheduling/scheduling.h"
#include "server/base/fault.h"

enum {
    OUTREACH_UUID_BYTES = 37, /**< of a tablet, an entry, a picture: made by the tablet */
    OUTREACH_VILLAGE_CHARS = 80,
    OUTREACH_MAX_PER_DAY = 20,  /**< sessions of a facility on one day */
    OUTREACH_AHEAD_DAYS = 30,   /**< a session is made at most so long before its day */
    OUTREACH_LATE_DAYS = 7,     /**< tablets may send until so long after it */
    OUTREACH_MAX_ENTRIES = 300, /**< of a session */
    OUTREACH_MAX_SEQUENCE = 999,
    OUTREACH_MAX_REVISION = 1000,
    OUTREACH_BATCH_ENTRIES = 20,
    OUTREACH_REASON_CHARS = 500,
    OUTREACH_ADDRESS_CHARS = 200,
    OUTREACH_MAX_PHOTOS = 3, /**< of an entry */
    OUTREACH_PHOTO_BYTES = 160 * 1024,
};

/* Sessions. */

typedef struct {
    char *id, *clinic_id, *clinic, *area_code, *area, *village;
    char local_date[11];
    int64_t closed_at_ms; /**< 0: open */
    unsigned n_members, n_entries;
    bool is_member; /**< the caller is of the team */
} OutreachSession;

typedef struct {
    const char *clinic_id, *area_code, *village, *local_date;
} OutreachPlan;

/** SESSION is NULL with ERROR; FAULTS with INVALID_FIELDS. */
typedef void (*OutreachSessionDone)(const OutreachSession *session, const FaultList *faults,
                                    const GError *error, gpointer user_data);
/** A session of the caller's facility, with the caller in its team; one of the same clinic, village
 * and day that is there already is that one. PLAN is copied. INVALID_FIELDS (`clinic`, `area_code`,
 * `village`, `date`), TOO_MANY, FORBIDDEN. */
void outreach_open(Scheduling *scheduling, const Actor *actor, const OutreachPlan *plan,
                   OutreachSessionDone done, gpointer user_data);
/** The caller comes into the team. NOT_FOUND, FORBIDDEN. */
void outreach_join(Scheduling *scheduling, const Actor *actor, const char *session_id,
                   OutreachSessionDone done, gpointer user_data);
/** The team is done at the post; once more is fine. What tablets still hold is taken in all the
 * same: nothing is lost for that. For the team. */
void outreach_close(Scheduling *scheduling, const Actor *actor, const char *session_id,
                    OutreachSessionDone done, gpointer user_data);

/** SESSIONS holds OutreachSession, the latest day first. */
typedef void (*OutreachSessionsDone)(GPtrArray *sessions, const GError *error, gpointer user_data);
/** Those of the facility from OUTREACH_LATE_DAYS ago on. */
void outreach_list(Scheduling *scheduling, const Actor *actor, OutreachSessionsDone done,
                   gpointer user_data);

/* What tablets send. */

/** As a tablet took it down; strings are owned, NULL: not given. */
typedef struct {
    char *id;         /**< the tablet's, a UUID */
    int64_t sequence; /**< 1..: in which order the tablet took patients down */
    int64_t revision; /**< 1..: raised with each change after it may have been sent */
    char *name, *birth_date, *sex;
    char *nik;
    char *without_nik; /**< "newborn" "not_at_hand" "none": why there is no NIK */
    char *mother_nik;  /**< of a newborn */
    char *phone;       /**< optional */
    char *address;     /**< optional */
    char *reason;      /**< why the patient came */
    char *identity;    /**< what was seen: "ktp" "family_card" "other" "none" */
    char *lang;
    /** Version that was read aloud and agreed to; 0: none. One that was in effect at the
     * registration or within OUTREACH_LATE_DAYS before it, or came since: a tablet may have been
     * without network so long. Of one that is replaced by now the patient is asked again. */
    int64_t consent;
    int64_t registered_at_ms; /**< by the tablet's clock: shown; no order or time comes of it */
    int vitals[VITAL_COUNT];
} OutreachDraft;
OutreachDraft *outreach_draft_new(void);
void outreach_draft_free(OutreachDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OutreachDraft, outreach_draft_free)

typedef struct {
    char id[OUTREACH_UUID_BYTES];
    bool is_taken;    /**< it is there, now or since an earlier sending */
    int64_t revision; /**< that is there; may be newer than the one that was sent */
    char visit_id[27];
    char number[16];
    FaultList *faults;   /**< why it was not taken; it stays with the tablet to be mended */
    FaultList *warnings; /**< of a taken one */
} OutreachTaken;

/** TAKEN holds an OutreachTaken for each draft, in the order of DRAFTS; NULL with ERROR. FAULTS
 * with INVALID_FIELDS: the session's day (`outreach`) or the tablet's id (`device`). */
typedef void (*OutreachTakenDone)(GPtrArray *taken, const FaultList *faults, const GError *error,
                                  gpointer user_data);
/** Takes DRAFTS (OutreachDraft, at most OUTREACH_BATCH_ENTRIES; taken over) in one transaction:
 * those that cannot be right are given back with their faults, all others are there afterwards.
 * The same draft again is answered as before; a higher revision changes what is there as long as
 * the patient was not called; the same revision with other content is a fault. Visits stand in the
 * order of SEQUENCE, whenever they came. For the team. */
void outreach_take(Scheduling *scheduling, const Actor *actor, const char *session_id,
                   const char *device_id, GPtrArray *drafts, OutreachTakenDone done,
                   gpointer user_data);

/* What the team and the doctor see. */

typedef struct {
    char *id, *visit_id, *number, *patient, *sex, *identity;
    VisitState state;
    int age;
    int64_t sequence, revision;
    unsigned n_photos;
    bool is_countersigned, has_nurse; /**< nurse.h */
} OutreachEntry;

typedef struct {
    OutreachSession session;
    GPtrArray *entries;      /**< OutreachEntry, in the order in which they are called */
    int64_t consent_version; /**< of the text in effect: a tablet that holds another fetches it */
} OutreachList;
typedef void (*OutreachListDone)(const OutreachList *list, const GError *error, gpointer user_data);
/** For the team. */
void outreach_get(Scheduling *scheduling, const Actor *actor, const char *session_id,
                  OutreachListDone done, gpointer user_data);

typedef struct {
    char *village, *area, *reason, *without_nik, *mother_nik_masked, *address, *identity;
    int64_t registered_at_ms, received_at_ms;
    int vitals[VITAL_COUNT]; /**< 0: not measured */
    GPtrArray *photos;       /**< ids */
} OutreachVisit;
/** VISIT is NULL with ERROR. */
typedef void (*OutreachVisitDone)(const OutreachVisit *visit, const GError *error,
                                  gpointer user_data);
/** What was taken down at the post of this visit's patient. NOT_FOUND when it came otherwise. For
 * the visit's doctor and the team. */
void outreach_visit_get(Scheduling *scheduling, const Actor *actor, const char *visit_id,
                        OutreachVisitDone done, gpointer user_data);

/* Pictures. */

/** "image/jpeg" or "image/webp" by the first bytes of DATA; NULL: neither. */
const char *outreach_photo_type(const void *data, size_t size);

typedef struct {
    const char *entry_id, *photo_id;
    GBytes *picture; /**< JPEG or WebP, at most OUTREACH_PHOTO_BYTES */
} OutreachPhoto;
typedef void (*OutreachPhotoDone)(const FaultList *faults, const GError *error, gpointer user_data);
/** Keeps PHOTO (copied; the bytes by reference) with its entry; the same one again is fine. For the
 * team. INVALID_FIELDS (`photo`, `data`), NOT_FOUND, IDEMPOTENCY_MISMATCH, TOO_MANY. */
void outreach_photo_put(Scheduling *scheduling, const Actor *actor, const char *session_id,
                        const OutreachPhoto *photo, OutreachPhotoDone done, gpointer user_data);
/** PICTURE is NULL with ERROR. */
typedef void (*OutreachPictureDone)(GBytes *picture, const GError *error, gpointer user_data);
/** For the visit's doctor and the team. */
void outreach_photo_get(Scheduling *scheduling, const Actor *actor, const char *visit_id,
                        const char *photo_id, OutreachPictureDone done, gpointer user_data);

/* News. */

/** What a token of outreach_watch() hears of: "outreach:" and the session's id. */
#define OUTREACH_TOPIC "outreach:"
/** A token that hears that something of the session has changed. For the team. */
void outreach_watch(Scheduling *scheduling, const Actor *actor, const char *session_id,
                    TokenIssuedDone done, gpointer user_data);
/** On the main context after a commit, before the done callback: entries or pictures came to the
 * session, its team grew, or it was closed. What becomes of its visits the SchedulingListener hears
 * (`post_id`). */
typedef void (*OutreachListener)(const char *session_id, gpointer user_data);
void outreach_set_listener(Scheduling *scheduling, OutreachListener listener, gpointer user_data);
