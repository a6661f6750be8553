// SPDX-License-Identifier: Apache-2.0
/* Letters of a visit: its summary, a prescription, a referral, a sick letter. Issuing gives a
 * number and settles what is printed; the printed file is made afterwards, elsewhere
 * (server/letter), and told by letter_made(). Nothing of a letter changes but that it is revoked.
 * Every call is an audit row. Threads: see scheduling.h. */
#pragma once
#include "scheduling/letter/letter_paper.h"
#include "scheduling/letter/letter_permit.h"
#include "scheduling/letter/letter_request.h"
#include "scheduling/scheduling.h"
#include "server/base/fault.h"

/** Why a letter was revoked, as its patient is told it. */
typedef enum {
    LETTER_REVOKED_OTHER,
    LETTER_REVOKED_MISTAKE,    /**< it holds a mistake */
    LETTER_REVOKED_REPLACED,   /**< another letter stands in for it */
    LETTER_REVOKED_NOT_NEEDED, /**< what it is for is over */
} LetterRevokeKind;
/** "mistake" ... */
const char *letter_revoke_kind_name(LetterRevokeKind kind);
/** OTHER of NULL and of what is none. */
LetterRevokeKind letter_revoke_kind_parse(const char *name);
typedef struct {
    LetterRevokeKind kind;
    const char *reason; /**< the doctor's own words */
} LetterRevocation;

typedef struct {
    char *id, *code, *number; /**< code: of /cek/{code} */
    LetterKind kind;
    char *visit_id, *local_date, *initials;
    char *facility;                      /**< as the paper calls it */
    int64_t issued_at_ms, revoked_at_ms; /**< 0: not revoked */
    char *revoke_reason;                 /**< NULL: not revoked */
    LetterRevokeKind revoke_kind;
    char *sha256;       /**< of the printed file; NULL: not made yet */
    bool is_sealed;     /**< the row is as it was when the file was made */
    LetterPaper *paper; /**< what is printed; NULL in lists */
} Letter;
void letter_free(Letter *letter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Letter, letter_free)

/** LETTER is the callee's; NULL with an error. FAULTS (may be NULL) counts with INVALID_FIELDS. */
typedef void (*LetterDone)(Letter *letter, const FaultList *faults, const GError *error,
                           gpointer user_data);
/** For the doctor of a visit that has begun (BAD_STATE before). REQUEST is taken over. The same key
 * once more gives the same letter; with other content IDEMPOTENCY_MISMATCH. */
void letter_issue(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                  LetterRequest *request, LetterDone done, gpointer user_data);
/** The doctor of its visit and the patient; of a revoked one the doctor alone (LETTER_REVOKED).
 * NOT_FOUND, FORBIDDEN. */
void letter_get(Scheduling *scheduling, const char *letter_id, const Actor *actor, LetterDone done,
                gpointer user_data);
/** The doctor of its visit; a letter that is revoked already stays as it is. A patient who could
 * have opened it is told. */
void letter_revoke(Scheduling *scheduling, const char *letter_id, const Actor *actor,
                   const LetterRevocation *revocation, LetterDone done, gpointer user_data);
/** By anybody who has the paper: NOT_FOUND for a code of no letter, or of one that is not made. */
void letter_check_code(Scheduling *scheduling, const char *code, const char *address,
                       LetterDone done, gpointer user_data);

/** What is possible for a visit. */
typedef struct {
    const LetterPermit *permit; /**< what its doctor would sign under; NULL for others */
    int sick_days;       /**< for how many days it may be certified; 0: the policy allows none */
    bool has_no_phone;   /**< no message says that one is revoked */
    bool has_fixed_line; /**< neither does one: the patient is to be phoned */
} LetterTerms;
/** LETTERS holds Letter, the latest first; its rows may be stolen. TERMS last as long as the call;
 * NULL with ERROR. */
typedef void (*LetterListDone)(GPtrArray *letters, const LetterTerms *terms, const GError *error,
                               gpointer user_data);
/** The doctor of the visit and its patient. */
void letter_list(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                 LetterListDone done, gpointer user_data);
/** Letters without a file, with their papers: what a killed server left. By the program. */
void letter_list_unmade(Scheduling *scheduling, LetterListDone done, gpointer user_data);

typedef struct {
    const char *id;
    const char *sha256; /**< of the printed file */
    int64_t n_bytes;
} LetterFile;
/** The file is on the disk. By the program. One that was made already stays. */
void letter_made(Scheduling *scheduling, const LetterFile *file, SchedulingDone done,
                 gpointer user_data);
