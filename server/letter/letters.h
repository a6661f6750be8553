// SPDX-License-Identifier: Apache-2.0
/* Letters as the program gives them out: issues them, makes their files on job threads, reads and
 * checks them. Main thread. */
#pragma once
#include "scheduling/letter/letter.h"
#include "server/base/jobs.h"

typedef struct Letters Letters;
typedef struct {
    Scheduling *scheduling;
    JobPool *jobs;
    const SecretBox *box;
    const char *folder; /**< of the files; copied, made when it is missing */
} LettersOptions;
/** What OPTIONS names must outlive it. */
Letters *letters_new(const LettersOptions *options);
/** Only after the JobPool and the Db have answered all. */
void letters_free(Letters *letters);
/** "https://HOST:PORT": QR codes lead there. Before the first letter. */
void letters_set_public_url(Letters *letters, const char *public_url);

/** As letter_issue(), and the file is on the disk when DONE comes. When that failed the letter
 * keeps its number, and the same key once more makes the file. */
void letters_issue(Letters *letters, const char *visit_id, const Actor *actor,
                   LetterRequest *request, LetterDone done, gpointer user_data);

/** PDF and LETTER last as long as the call. BASE_ERROR_INVALID: the file is not what was made. */
typedef void (*LettersPdfDone)(const Letter *letter, GBytes *pdf, const GError *error,
                               gpointer user_data);
/** As letter_get(), with the file; one that is missing because the server was killed is made. */
void letters_get_pdf(Letters *letters, const char *letter_id, const Actor *actor,
                     LettersPdfDone done, gpointer user_data);

typedef enum {
    LETTERS_VALID,
    LETTERS_REVOKED,
    LETTERS_BROKEN, /**< row or file are not what was issued */
} LettersVerdict;
/** "valid" ... */
const char *letters_verdict_name(LettersVerdict verdict);
typedef void (*LettersCheckDone)(LettersVerdict verdict, const Letter *letter, const GError *error,
                                 gpointer user_data);
/** For whoever holds the paper. NOT_FOUND: no letter of ours. */
void letters_check(Letters *letters, const char *code, const char *address, LettersCheckDone done,
                   gpointer user_data);

/** Once after the start: makes the files that a killed server left unmade. */
void letters_recover(Letters *letters);
