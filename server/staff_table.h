// SPDX-License-Identifier: Apache-2.0
/* Staff accounts as a table (CSV), out and in: `login`, `name`, `role`, `facility` (a name),
 * `practitioner` (of a doctor: the STR number, or the name where only one has it), `active`. An
 * account is known by its login. No password goes out or comes in: each account that is added gets
 * one of its own, which is told once. Main thread; every call ends in one callback on the main
 * context. */
#pragma once
#include "scheduling/clinic/table.h"
#include "server/staff_accounts.h"

/** Each costs a password's hashing. */
enum { STAFF_TABLE_MAX_NEW = 50 };

/** CSV lasts as long as the call. */
typedef void (*StaffTableDone)(const char *csv, const GError *error, gpointer user_data);
/** The accounts that ACTOR keeps. */
void staff_table_get(const StaffAccounts *accounts, const Actor *actor, StaffTableDone done,
                     gpointer user_data);

/** How somebody logs in for the first time; never to be logged or kept. */
typedef struct {
    char *login, *name, *password;
} StaffStart;

/** IMPORTED is always given; STARTS holds StaffStart, of the accounts that were added, when it is
 * saved. ERROR: it could not be tried. Both last as long as the call. */
typedef void (*StaffImportDone)(const TableImported *imported, const GPtrArray *starts,
                                const GError *error, gpointer user_data);
/** Takes CSV (copied) in, in one transaction: all of it or, when a row has a fault, nothing.
 * IS_TRIAL: everything is done but kept, and no password is made. */
void staff_table_import(const StaffAccounts *accounts, const Actor *actor, const char *csv,
                        bool is_trial, StaffImportDone done, gpointer user_data);
