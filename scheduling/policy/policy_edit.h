// SPDX-License-Identifier: Apache-2.0
/* The rules as they are kept: an administrator sets the province's and those of any facility, a
 * coordinator those of its own. A change holds at once for whatever is decided from then on, and
 * touches no booking. Each is an audit row that says from what to what. Threads: see scheduling.h.
 */
#pragma once
#include "scheduling/policy/policy_rule.h"
#include "scheduling/scheduling.h"

typedef enum {
    POLICY_FROM_SERVER,   /**< the configuration file, or what is shipped */
    POLICY_FROM_PROVINCE, /**< set for the province */
    POLICY_FROM_FACILITY, /**< set for this facility */
} PolicySource;
/** "server" "province" "facility" */
const char *policy_source_name(PolicySource source);

typedef struct {
    int64_t value;     /**< that holds */
    int64_t inherited; /**< that would hold if nothing were set here */
    PolicySource source;
    int64_t changed_at_ms; /**< 0: nothing is set here */
} PolicyItem;

/** What holds of RULE, as one word (server/base/revision.h); to be freed. */
char *policy_item_revision(PolicyRule rule, const PolicyItem *item);

typedef struct {
    char *facility_id, *facility; /**< NULL: the province */
    PolicyItem items[POLICY_N_RULES];
} PolicyView;

/** VIEW is valid during the call; NULL with ERROR. */
typedef void (*PolicyViewDone)(const PolicyView *view, const GError *error, gpointer user_data);
/** FACILITY_ID NULL: the province's, or a coordinator's own. NOT_FOUND, also for another's. */
void policy_get(Scheduling *scheduling, const Actor *actor, const char *facility_id,
                PolicyViewDone done, gpointer user_data);

typedef struct {
    char *rule;     /**< its name */
    char *value;    /**< as policy_value_text() writes it; NULL: as it is inherited */
    char *revision; /**< of the item that it was made from; NULL: whatever holds */
} PolicyChange;
void policy_change_free(gpointer change);

/** VIEW is how it is now; FAULTS, by the names of the rules, count with INVALID_FIELDS. */
typedef void (*PolicyEditDone)(const PolicyView *view, const FaultList *faults, const GError *error,
                               gpointer user_data);
/** All of CHANGES (PolicyChange; taken over) or none; CHANGED when one is not of its revision. */
void policy_edit(Scheduling *scheduling, const Actor *actor, const char *facility_id,
                 GPtrArray *changes, PolicyEditDone done, gpointer user_data);

/* Inside a job, for tables. */

typedef struct {
    const char *facility_id; /**< NULL: the province */
    PolicyRule rule;
    const int64_t *value; /**< NULL: as it is inherited */
} PolicyPut;
/** *RET_CHANGED: it was not so already. */
bool policy_put(Scheduling *scheduling, DbTx *tx, const Actor *actor, const PolicyPut *put,
                bool *ret_changed, GError **error);
bool policy_view_load(const Scheduling *scheduling, DbTx *tx, const char *facility_id,
                      PolicyView *ret_view, GError **error);
void policy_view_clear(PolicyView *view);
/** The facility that ACTOR asks for: *RET_FACILITY_ID is borrowed from ACTOR or ASKED; NULL: the
 * province. */
bool policy_scope(const Actor *actor, const char *asked, const char **ret_facility_id,
                  GError **error);
