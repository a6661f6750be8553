// SPDX-License-Identifier: Apache-2.0
/* What is asked for when a letter is issued, and what is wrong with it. Pure; any thread. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include "server/base/fault.h"

typedef enum {
    LETTER_SUMMARY,
    LETTER_PRESCRIPTION,
    LETTER_REFERRAL,
    LETTER_SICK,
} LetterKind;
enum { LETTER_N_KINDS = LETTER_SICK + 1 };
/** "summary" ... */
const char *letter_kind_name(LetterKind kind);
bool letter_kind_parse(const char *name, LetterKind *ret_kind);

enum {
    LETTER_MAX_ITEMS = 10,
    LETTER_MAX_QUANTITY = 999,
    LETTER_SICK_MAX_DAYS = 7, /**< of any policy */
    /** What rests on what the doctor saw is issued so many days after the visit at the latest:
     * later the patient is seen again. */
    LETTER_SICK_UNTIL_DAYS = 3,
    LETTER_PRESCRIPTION_UNTIL_DAYS = 7,
};

typedef struct {
    char *name, *strength, *form, *signa; /**< strength and form may be empty */
    int quantity;
} LetterItem;

/** Texts are never NULL; only those of the kind count. */
typedef struct {
    LetterKind kind;
    char *key;
    GPtrArray *items; /**< LetterItem, of a prescription */
    char *to_facility, *to_clinic, *urgency, *reason, *therapy; /**< of a referral */
    char *from_date;                                            /**< of a sick letter */
    int days;
    bool is_identity_checked;
} LetterRequest;
LetterRequest *letter_request_new(LetterKind kind, const char *key);
void letter_request_free(LetterRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LetterRequest, letter_request_free)
/** Its texts are to be set; never NULL. */
LetterItem *letter_request_add_item(LetterRequest *request);

/** Adds what is wrong with REQUEST by itself; VISITED is the visit's local date,
 * TODAY that of now, SICK_DAYS what a sick letter may be for. */
void letter_request_check(const LetterRequest *request, const char *visited, const char *today,
                          int sick_days, FaultList *faults);
/** One text that says all of it, for telling repeats. */
char *letter_request_text(const LetterRequest *request);
/** True for a medicine that must not be prescribed without seeing the patient: narcotic or
 * psychotropic. */
bool letter_is_controlled(const char *medicine);
