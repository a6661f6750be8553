// SPDX-License-Identifier: Apache-2.0
#include "server/staff_table_row.h"

#include <string.h>

const char *const staff_table_columns[] = {"login",        "name",   "role", "facility",
                                           "practitioner", "active", "area", NULL};
const char *const staff_table_needs[] = {"login", "name", "role", NULL};

static const DirectoryRow *row_at(const GPtrArray *rows, unsigned index)
{
    return g_ptr_array_index(rows, index);
}

/* Writing. */

static const char *facility_name(const StaffKept *kept, const char *id)
{
    for (unsigned i = 0; id && i < kept->view.facilities->len; i++) {
        const DirectoryDraft *draft = row_at(kept->view.facilities, i)->draft;
        if (strcmp(draft->id, id) == 0)
            return draft->name;
    }
    return NULL;
}

static unsigned count_name(const StaffKept *kept, const char *name)
{
    unsigned n = 0;
    for (unsigned i = 0; i < kept->view.practitioners->len; i++)
        n += strcmp(row_at(kept->view.practitioners, i)->draft->name, name) == 0;
    return n;
}

/* By what the person is found again: the name, unless others have it, too. */
static const char *practitioner_words(const StaffKept *kept, const char *user_id)
{
    for (unsigned i = 0; i < kept->view.practitioners->len; i++) {
        const DirectoryRow *row = row_at(kept->view.practitioners, i);
        if (g_strcmp0(row->user_id, user_id) == 0)
            return count_name(kept, row->draft->name) == 1 ? row->draft->name
                                                           : row->draft->str_number;
    }
    return NULL;
}

char *staff_table_write(const StaffKept *kept)
{
    GString *text = g_string_new(NULL);
    table_append_columns(text, staff_table_columns);
    for (unsigned i = 0; i < kept->accounts->len; i++) {
        const Account *account = g_ptr_array_index(kept->accounts, i);
        const char *cells[] = {account->login,
                               account->name,
                               user_role_name(account->role),
                               facility_name(kept, account->facility_id),
                               practitioner_words(kept, account->id),
                               account->is_disabled ? "no" : "yes",
                               account->area_code};
        for (unsigned cell = 0; cell < G_N_ELEMENTS(cells); cell++)
            csv_append_cell(text, cells[cell], cell == 0);
        csv_append_end(text);
    }
    return g_string_free(text, FALSE);
}

/* Reading. */

typedef struct {
    const StaffKept *kept;
    const TableHeader *header;
    const CsvRow *cells;
    FaultList *faults;
} Source;

static const char *cell(const Source *source, const char *column)
{
    return table_cell(source->header, source->cells, column);
}

static const Account *find_account(const StaffKept *kept, const char *login)
{
    for (unsigned i = 0; i < kept->accounts->len; i++) {
        const Account *account = g_ptr_array_index(kept->accounts, i);
        if (strcmp(account->login, login) == 0)
            return account;
    }
    return NULL;
}

static bool read_role(const Source *source, StaffRow *row)
{
    g_autofree char *text = g_ascii_strdown(cell(source, "role"), -1);
    if (user_role_parse(text, &row->role))
        return true;
    fault_list_add(source->faults, "role", "not_allowed",
                   source->kept->own_facility_id
                       ? "doctor, desk"
                       : "doctor, desk, office, admin, coordinator, officer");
    return false;
}

/* A column that is not there leaves what is; a coordinator's accounts are of its own facility. */
static void read_facility(const Source *source, StaffRow *row)
{
    const char *name = cell(source, "facility");
    const DirectoryView *view = &source->kept->view;
    row->facility_id = name || !row->known ? NULL : row->known->facility_id;
    if ((!name || !*name) && !row->facility_id)
        row->facility_id = source->kept->own_facility_id;
    if (!name || !*name)
        return;
    for (unsigned i = 0; i < view->facilities->len; i++) {
        const DirectoryDraft *draft = row_at(view->facilities, i)->draft;
        if (strcmp(draft->name, name) == 0)
            row->facility_id = draft->id;
    }
    if (!row->facility_id)
        fault_list_add(source->faults, "facility", "not_found", NULL);
}

/* By STR number, or by a name that one has alone. */
static const DirectoryRow *find_practitioner(const StaffKept *kept, const char *words)
{
    const DirectoryRow *by_name = NULL;
    for (unsigned i = 0; i < kept->view.practitioners->len; i++) {
        const DirectoryRow *row = row_at(kept->view.practitioners, i);
        if (g_strcmp0(row->draft->str_number, words) == 0)
            return row;
        if (strcmp(row->draft->name, words) == 0)
            by_name = row;
    }
    return by_name && count_name(kept, words) == 1 ? by_name : NULL;
}

/* Whom a doctor's account stands for; that does not change. */
static void read_practitioner(const Source *source, StaffRow *row)
{
    const char *words = cell(source, "practitioner");
    bool is_doctor = row->role == USER_ROLE_DOCTOR;
    if (!words || !*words) {
        if (is_doctor && !row->known)
            fault_list_add(source->faults, "practitioner", "required", NULL);
        return;
    }
    const DirectoryRow *found = is_doctor ? find_practitioner(source->kept, words) : NULL;
    if (!is_doctor)
        fault_list_add(source->faults, "practitioner", "not_allowed", NULL);
    else if (!found)
        fault_list_add(source->faults, "practitioner", "not_found", "STR");
    else if (row->known && g_strcmp0(found->user_id, row->known->id) != 0)
        fault_list_add(source->faults, "practitioner", "not_allowed", NULL);
    else if (!row->known && found->user_id)
        fault_list_add(source->faults, "practitioner", "taken", NULL);
    else
        row->practitioner_id = found->draft->id;
}

static void read_active(const Source *source, StaffRow *row)
{
    row->is_active = row->known ? !row->known->is_disabled : true;
    if (!table_yes_no(cell(source, "active"), &row->is_active))
        fault_list_add(source->faults, "active", "not_allowed", table_yes_no_words(source->header));
    else if (!row->known && !row->is_active)
        fault_list_add(source->faults, "active", "not_allowed",
                       source->header->is_indonesian ? "ya" : "yes");
}

/* By its code; a column that is not there leaves what is. */
static void read_area(const Source *source, StaffRow *row)
{
    const char *code = cell(source, "area");
    bool keeps = !code && row->known && row->role == USER_ROLE_OFFICER;
    row->area_code = keeps ? row->known->area_code : code && *code ? code : NULL;
}

void staff_row_read(const StaffKept *kept, const TableHeader *header, const CsvRow *cells,
                    StaffRow *ret_row, FaultList *faults)
{
    const Source source = {kept, header, cells, faults};
    *ret_row = (StaffRow){.login = g_ascii_strdown(cell(&source, "login"), -1),
                          .name = cell(&source, "name")};
    ret_row->known = find_account(kept, ret_row->login);
    table_check_width(header, cells, faults);
    if (!*ret_row->login)
        fault_list_add(faults, "login", "required", NULL);
    if (!*ret_row->name)
        fault_list_add(faults, "name", "required", NULL);
    else if (!table_is_one_line(ret_row->name))
        fault_list_add(faults, "name", "bad_characters", NULL);
    read_facility(&source, ret_row);
    if (read_role(&source, ret_row))
        read_practitioner(&source, ret_row);
    read_area(&source, ret_row);
    read_active(&source, ret_row);
}

void staff_row_clear(StaffRow *row)
{
    g_free(row->login);
}

bool staff_row_is_same(const StaffRow *row)
{
    const Account *known = row->known;
    return known && strcmp(known->name, row->name) == 0 && known->role == row->role &&
           known->is_disabled == !row->is_active &&
           g_strcmp0(known->facility_id, row->facility_id) == 0 &&
           g_strcmp0(known->area_code, row->area_code) == 0;
}
