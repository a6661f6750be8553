// SPDX-License-Identifier: Apache-2.0
/* Facilities, clinics and practitioners as tables: what columns they have, rows out of what is
 * kept, and drafts out of rows. Pure.
 *
 * A row with an `id` is that one; without it a facility is known by its name, a clinic by its
 * facility and name, a practitioner by the STR number; else it is a new one. A column that is not
 * there leaves what is as it is. Lists: "Puskesmas Limboto > Poli Umum | Klinik Kota > Poli Gigi"
 * of clinics, "Puskesmas Limboto > NUMBER > 2030-06-30 | ..." of permits (table_list.h). */
#pragma once
#include "scheduling/clinic/directory_view.h"
#include "scheduling/clinic/table.h"

/** Names of the columns of KIND, NULL-ended. */
const char *const *directory_table_columns(DirectoryKind kind);

/** VIEW's rows of KIND as a table; the caller owns it. */
char *directory_table_write(DirectoryKind kind, const DirectoryView *view);

/** Where each column of a table stands. */
typedef struct {
    DirectoryKind kind;
    TableHeader table; /**< of directory_table_columns() */
} DirectoryHeader;
/** Reads the first row. A fault for each column that is missing, not known, or there twice. */
void directory_table_header(DirectoryKind kind, const CsvRow *row, DirectoryHeader *ret_header,
                            FaultList *faults);

/** What the row says, laid over what VIEW has of it; the caller owns it. Faults of lists and of
 * rows that cannot be found; the forms are directory_draft_check()'s. */
DirectoryDraft *directory_table_draft(const DirectoryHeader *header, const CsvRow *row,
                                      const DirectoryView *view, FaultList *faults);
/** True when VIEW has DRAFT exactly so. */
bool directory_table_has(const DirectoryView *view, const DirectoryDraft *draft);
