// SPDX-License-Identifier: Apache-2.0
/* What somebody wants a facility, a clinic or a practitioner to be, and whether it can be. Pure. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include "server/base/fault.h"

typedef enum {
    DIRECTORY_FACILITY,
    DIRECTORY_CLINIC,
    DIRECTORY_PRACTITIONER,
    DIRECTORY_SERVICE,
} DirectoryKind;
/** "facility" "clinic" "practitioner" "service" */
const char *directory_kind_name(DirectoryKind kind);

enum { DIRECTORY_MAX_CLINICS = 40, DIRECTORY_MAX_PERMITS = 20, DIRECTORY_MAX_PRICE = 100000000 };

/** A permit to practise in one facility (SIP). */
typedef struct {
    char *facility_id, *number, *valid_until;
} DirectoryPermit;

/** What a service is: where, how, how long, for how much. */
typedef struct {
    char *clinic_id; /**< of a new one; it stays there */
    char *mode;      /**< "video" "assisted" (a nurse beside the patient) "doctor_to_doctor" */
    int64_t duration_minutes, before_minutes, after_minutes, price_rupiah;
} DirectoryTerms;

/** Owned by who holds it; texts that do not belong to its kind stay NULL. */
typedef struct {
    DirectoryKind kind;
    char *id; /**< NULL: a new one */
    char *name;
    bool is_active;                                    /**< false: archived */
    char *facility_kind, *area_code, *address, *phone; /**< of a facility */
    char *facility_id;                                 /**< of a new clinic */
    char *letter;    /**< of a clinic; NULL: as it is, or a free one */
    char *wait_mode; /**< of a clinic, WaitMode's name; NULL: as it is, or one by one */
    char *str_number, *str_valid_until; /**< of a practitioner; NULL: none */
    GPtrArray *clinic_ids;              /**< char *, of a practitioner */
    GPtrArray *permits;                 /**< DirectoryPermit */
    DirectoryTerms terms;               /**< of a service */
    char *revision; /**< of the row that it was made from; NULL: whichever there is */
} DirectoryDraft;

/** Active and empty. */
DirectoryDraft *directory_draft_new(DirectoryKind kind);
void directory_draft_free(DirectoryDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DirectoryDraft, directory_draft_free)
/** Appends a permit; texts are copied. */
void directory_draft_add_permit(DirectoryDraft *draft, const char *facility_id, const char *number,
                                const char *valid_until);

/** True when both say the same of every field. */
bool directory_draft_equal(const DirectoryDraft *a, const DirectoryDraft *b);

/** What the row says, as one word (server/base/revision.h): of a practitioner the places and
 * permits that the draft has, in whatever order. To be freed. */
char *directory_draft_revision(const DirectoryDraft *draft);

/** The forms of all fields: which are missing, too long, no date. What only the database knows is
 * not looked at. */
void directory_draft_check(const DirectoryDraft *draft, FaultList *faults);
