// SPDX-License-Identifier: Apache-2.0
/* Staff accounts as the pages keep them. Joins what does not know each other: accounts
 * (server/auth) and the practitioners that doctors' accounts stand for (scheduling). Main thread;
 * every call ends in one callback on the main context. */
#pragma once
#include "scheduling/clinic/hours_hit.h"
#include "scheduling/scheduling.h"
#include "server/auth/account.h"
#include "server/base/jobs.h"

/** What it works with; all must outlive the calls. */
typedef struct {
    Db *db;
    JobPool *jobs;
    const Clock *clock;
    Scheduling *scheduling;
} StaffAccounts;

/** ACCOUNTS holds Account, by name. */
typedef void (*StaffAccountsDone)(GPtrArray *accounts, const GError *error, gpointer user_data);
/** Those that ACTOR (an administrator or a coordinator) keeps. */
void staff_accounts_list(const StaffAccounts *accounts, const Actor *actor, StaffAccountsDone done,
                         gpointer user_data);

/** ID of the account; FAULTS name what is wrong with AUTH_ERROR_INVALID. */
typedef void (*StaffAccountDone)(const char *id, const FaultList *faults, const GError *error,
                                 gpointer user_data);

/** Texts may be NULL. */
typedef struct {
    const char *login, *name;
    UserRole role;
    const char *facility_id;     /**< a coordinator's accounts are of its own facility */
    const char *area_code;       /**< of an officer */
    const char *practitioner_id; /**< whom a doctor's account stands for */
    const char *password;
} StaffAccountNew;
/** ACCOUNT is copied. The practitioner must be one that ACTOR keeps and that has no account. */
void staff_accounts_add(const StaffAccounts *accounts, const Actor *actor,
                        const StaffAccountNew *account, StaffAccountDone done, gpointer user_data);

/** HITS: HoursHit, with SCHEDULING_ERROR_BOOKINGS_HIT; kept ones on success. */
typedef void (*StaffChangeDone)(const char *id, const FaultList *faults, const GPtrArray *hits,
                                const GError *error, gpointer user_data);
/** CHANGE is copied; see account_change(). A doctor whose account is disabled sees nobody until it
 * is not: what that hits is asked about, and nothing is offered. */
void staff_accounts_change(const StaffAccounts *accounts, const Actor *actor,
                           const AccountChange *change, HoursKeep keep, StaffChangeDone done,
                           gpointer user_data);

/** A new password for account ID; its sessions end. */
void staff_accounts_set_password(const StaffAccounts *accounts, const Actor *actor, const char *id,
                                 const char *password, StaffAccountDone done, gpointer user_data);
