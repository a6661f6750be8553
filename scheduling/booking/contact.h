// SPDX-License-Identifier: Apache-2.0
/* Who books for somebody else: a parent for a child, a child for a parent. The visit's phone is the
 * contact's, who gets messages and link; the patient is a person of their own, so that one contact
 * may have several patients on one day. Threads: see scheduling.h. */
#pragma once
#include "scheduling/scheduling_private.h"
#include "server/base/fault.h"

/** What the contact is to the patient. */
typedef enum { CONTACT_PARENT, CONTACT_CHILD, CONTACT_SPOUSE, CONTACT_OTHER } ContactRelation;
#define CONTACT_RELATIONS "parent|child|spouse|other"
/** "parent" ... */
const char *contact_relation_name(ContactRelation relation);
bool contact_relation_parse(const char *name, ContactRelation *ret_relation);
/** "orang tua" ...: as letters say it. */
const char *contact_relation_words(const char *name);

/** Under this age a parent or guardian agrees (UU 35/2014 on the protection of children, art. 1).
 */
enum { CONTACT_ADULT_YEARS = 18 };
/** And under this one nobody comes alone or agrees alone: whoever books says who is with the child.
 */
enum { CONTACT_CHILD_YEARS = 14 };

/** Both are needed: faults at `contact_name` and `contact_relation`; else the normal form,
 * *RET_NAME to be freed. Pure. */
void contact_check(const char *name, const char *relation, char **ret_name,
                   ContactRelation *ret_relation, FaultList *faults);
/** Inside a job. NAME is normalised. */
bool contact_write(DbTx *tx, const char *visit_id, const char *name, ContactRelation relation,
                   GError **error);
/** Inside a job: of an earlier visit, for the one that comes after it; nothing when there is none.
 */
bool contact_carry(DbTx *tx, const char *from_visit_id, const char *to_visit_id, GError **error);

typedef struct {
    bool has_contact;
    bool is_minor; /**< the patient, on the day of the visit */
    bool is_child; /**< likewise, younger than CONTACT_CHILD_YEARS */
} ContactState;
/** Inside a job: NOT_FOUND when there is no such visit. */
bool contact_load_state(DbTx *tx, const char *visit_id, ContactState *ret_state, GError **error);
