// SPDX-License-Identifier: Apache-2.0
/* Staff accounts as administrators and coordinators keep them. An administrator keeps all; a
 * coordinator those of desk and doctors of its facility, and nobody else's. These functions run
 * inside a database job. */
#pragma once
#include "server/auth/user.h"
#include "server/base/fault.h"

/** Who keeps them; strings may be NULL but for the user's id. */
typedef struct {
    const char *user_id;
    UserRole role;
    const char *facility_id; /**< of a coordinator */
    const char *address;
    int64_t now_ms;
} AccountKeeper;

typedef struct {
    char *id, *login, *name;
    UserRole role;
    char *facility_id; /**< may be NULL */
    char *area_code;   /**< of an officer, else NULL */
    bool is_disabled;
    int64_t created_at_ms;
} Account;
void account_free(gpointer account);

/** What the account says, as one word (server/base/revision.h); to be freed. */
char *account_revision(const Account *account);

/** Appends to ACCOUNTS (Account) those that the keeper keeps, by name. */
bool account_list(DbTx *tx, const AccountKeeper *keeper, GPtrArray *accounts, GError **error);

/** What is wrong with USER, field by field ("login" "name" "role" "facility" "area"); the
 * password's hash is not looked at. */
void account_check(const AccountKeeper *keeper, const UserNew *user, FaultList *faults);

/** Adds one; the caller owns *ret_id. AUTH_ERROR_INVALID with FAULTS, also for a login that is
 * taken. */
bool account_add(DbTx *tx, const AccountKeeper *keeper, const UserNew *user, FaultList *faults,
                 char **ret_id, GError **error);

typedef struct {
    const char *id;
    const char *name;
    UserRole role;
    const char *facility_id;
    bool is_disabled;
    const char *area_code; /**< of an officer, else NULL */
    const char *revision;  /**< of what it was made from; NULL: whatever there is */
} AccountChange;
/** Changes it and ends its sessions when role, facility or being disabled change.
 * AUTH_ERROR_CHANGED when it is not of the change's revision; AUTH_ERROR_NOT_FOUND also for one
 * that the keeper does not keep; AUTH_ERROR_LAST_ADMIN when no other administrator could log in
 * afterwards; AUTH_ERROR_INVALID with FAULTS. */
bool account_change(DbTx *tx, const AccountKeeper *keeper, const AccountChange *change,
                    FaultList *faults, GError **error);

/** A new password; ends the account's sessions. */
bool account_set_password(DbTx *tx, const AccountKeeper *keeper, const char *id,
                          const char *password_hash, GError **error);
