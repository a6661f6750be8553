// SPDX-License-Identifier: Apache-2.0
/* Rows of the table of staff accounts: written out of what is kept, and held against it. Inside of
 * server/staff_table*.c only. Pure. */
#pragma once
#include "scheduling/clinic/directory_view.h"
#include "scheduling/clinic/table.h"
#include "server/auth/account.h"

extern const char *const staff_table_columns[];
extern const char *const staff_table_needs[];

/** What is kept: the directory for the names of places and people. */
typedef struct {
    DirectoryView view;
    GPtrArray *accounts;         /**< Account */
    const char *own_facility_id; /**< of a coordinator; NULL: all */
} StaffKept;

/** KEPT as a table; the caller owns it. */
char *staff_table_write(const StaffKept *kept);

/** What a row says. Texts are borrowed from the table and from what is kept, but for the login. */
typedef struct {
    char *login; /**< in small letters; owned */
    const char *name;
    UserRole role;
    const char *facility_id, *practitioner_id, *area_code;
    bool is_active;
    const Account *known; /**< NULL: a new one */
} StaffRow;
/** Reads CELLS. Faults of what cannot be found or cannot be; the forms are account_check()'s. */
void staff_row_read(const StaffKept *kept, const TableHeader *header, const CsvRow *cells,
                    StaffRow *ret_row, FaultList *faults);
void staff_row_clear(StaffRow *row);
/** True when the account is there exactly so. */
bool staff_row_is_same(const StaffRow *row);
