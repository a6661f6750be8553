// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/directory_table.h"

#include <string.h>

#include "scheduling/clinic/table_list.h"

/* Columns by name; the first of a table are in the order of these. */
static const char *const facility_columns[] = {"id",      "name",  "kind",   "area_code",
                                               "address", "phone", "active", NULL};
static const char *const clinic_columns[] = {"id",        "facility", "name", "letter",
                                             "wait_mode", "active",   NULL};
static const char *const practitioner_columns[] = {
    "id", "name", "str_number", "str_valid_until", "clinics", "permits", "active", NULL};
/* Without which a table says too little. */
static const char *const service_columns[] = {"id",
                                              "facility",
                                              "clinic",
                                              "name",
                                              "mode",
                                              "duration_minutes",
                                              "before_minutes",
                                              "after_minutes",
                                              "price_rupiah",
                                              "active",
                                              NULL};
static const char *const facility_needs[] = {"name", "kind", "area_code", "address", "phone", NULL};
static const char *const clinic_needs[] = {"facility", "name", NULL};
static const char *const practitioner_needs[] = {"name", "clinics", NULL};

static const char *const service_needs[] = {"facility", "clinic",           "name",
                                            "mode",     "duration_minutes", NULL};

enum { MAX_PARTS = 40 };
/* What lists look like, in English and in Indonesian; "|" and ">" of a name stand behind a
 * backslash. */
static const char *const clinic_list[] = {"FACILITY > CLINIC | ...; in a name: \\> \\|",
                                          "FASKES > POLI | ...; dalam nama: \\> \\|"};
static const char *const permit_list[] = {
    "FACILITY > NUMBER > 2027-08-17 | ...; in a name: \\> \\|",
    "FASKES > NOMOR > 2027-08-17 | ...; dalam nama: \\> \\|"};

const char *const *directory_table_columns(DirectoryKind kind)
{
    switch (kind) {
    case DIRECTORY_FACILITY:
        return facility_columns;
    case DIRECTORY_CLINIC:
        return clinic_columns;
    case DIRECTORY_PRACTITIONER:
        return practitioner_columns;
    case DIRECTORY_SERVICE:
        return service_columns;
    }
    g_assert_not_reached();
}

static const char *const *needs_of(DirectoryKind kind)
{
    switch (kind) {
    case DIRECTORY_FACILITY:
        return facility_needs;
    case DIRECTORY_CLINIC:
        return clinic_needs;
    case DIRECTORY_PRACTITIONER:
        return practitioner_needs;
    case DIRECTORY_SERVICE:
        return service_needs;
    }
    g_assert_not_reached();
}

static GPtrArray *rows_of(DirectoryKind kind, const DirectoryView *view)
{
    switch (kind) {
    case DIRECTORY_FACILITY:
        return view->facilities;
    case DIRECTORY_CLINIC:
        return view->clinics;
    case DIRECTORY_PRACTITIONER:
        return view->practitioners;
    case DIRECTORY_SERVICE:
        return view->services;
    }
    g_assert_not_reached();
}

static const DirectoryDraft *draft_at(const GPtrArray *rows, unsigned index)
{
    return ((const DirectoryRow *)g_ptr_array_index(rows, index))->draft;
}

static const DirectoryDraft *find_id(const GPtrArray *rows, const char *id)
{
    for (unsigned i = 0; i < rows->len; i++) {
        if (strcmp(draft_at(rows, i)->id, id) == 0)
            return draft_at(rows, i);
    }
    return NULL;
}

/* FACILITY_ID NULL: of any. */
static const DirectoryDraft *find_name(const GPtrArray *rows, const char *facility_id,
                                       const char *name)
{
    for (unsigned i = 0; i < rows->len; i++) {
        const DirectoryDraft *draft = draft_at(rows, i);
        bool is_there = !facility_id || g_strcmp0(draft->facility_id, facility_id) == 0;
        if (is_there && strcmp(draft->name, name) == 0)
            return draft;
    }
    return NULL;
}

static const DirectoryDraft *find_str(const GPtrArray *rows, const char *number)
{
    for (unsigned i = 0; i < rows->len; i++) {
        if (g_strcmp0(draft_at(rows, i)->str_number, number) == 0)
            return draft_at(rows, i);
    }
    return NULL;
}

/* Writing. */

static const char *facility_name(const DirectoryView *view, const char *id)
{
    const DirectoryDraft *facility = find_id(view->facilities, id);
    return facility ? facility->name : id;
}

/* "A > B", behind what is there already. */
static void append_part(GString *text, const char *const *names, unsigned n_names)
{
    for (unsigned i = 0; i < n_names; i++) {
        g_string_append(text, i ? " > " : text->len ? " | " : "");
        table_list_append(text, names[i]);
    }
}

static char *clinics_text(const DirectoryDraft *draft, const DirectoryView *view)
{
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < draft->clinic_ids->len; i++) {
        const char *id = g_ptr_array_index(draft->clinic_ids, i);
        const DirectoryDraft *clinic = find_id(view->clinics, id);
        if (clinic) {
            const char *const names[] = {facility_name(view, clinic->facility_id), clinic->name};
            append_part(text, names, G_N_ELEMENTS(names));
        }
    }
    return g_string_free(text, FALSE);
}

static char *permits_text(const DirectoryDraft *draft, const DirectoryView *view)
{
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < draft->permits->len; i++) {
        const DirectoryPermit *permit = g_ptr_array_index(draft->permits, i);
        const char *const names[] = {facility_name(view, permit->facility_id), permit->number,
                                     permit->valid_until};
        append_part(text, names, G_N_ELEMENTS(names));
    }
    return g_string_free(text, FALSE);
}

static void write_facility(GString *text, const DirectoryDraft *draft)
{
    const char *cells[] = {
        draft->id,    draft->name, draft->facility_kind, draft->area_code, draft->address,
        draft->phone, NULL};
    for (unsigned i = 0; i + 1 < G_N_ELEMENTS(cells); i++)
        csv_append_cell(text, cells[i], i == 0);
}

static void write_clinic(GString *text, const DirectoryDraft *draft, const DirectoryView *view)
{
    csv_append_cell(text, draft->id, true);
    csv_append_cell(text, facility_name(view, draft->facility_id), false);
    csv_append_cell(text, draft->name, false);
    csv_append_cell(text, draft->letter, false);
    csv_append_cell(text, draft->wait_mode, false);
}

static void write_practitioner(GString *text, const DirectoryDraft *draft,
                               const DirectoryView *view)
{
    g_autofree char *clinics = clinics_text(draft, view);
    g_autofree char *permits = permits_text(draft, view);
    const char *cells[] = {draft->id, draft->name, draft->str_number, draft->str_valid_until,
                           clinics,   permits};
    for (unsigned i = 0; i < G_N_ELEMENTS(cells); i++)
        csv_append_cell(text, cells[i], i == 0);
}

static void append_number(GString *text, int64_t number)
{
    g_autofree char *cell = g_strdup_printf("%" G_GINT64_FORMAT, number);
    csv_append_cell(text, cell, false);
}

static void write_service(GString *text, const DirectoryDraft *draft, const DirectoryView *view)
{
    const DirectoryTerms *terms = &draft->terms;
    const DirectoryDraft *clinic = find_id(view->clinics, terms->clinic_id);
    csv_append_cell(text, draft->id, true);
    csv_append_cell(text, clinic ? facility_name(view, clinic->facility_id) : NULL, false);
    csv_append_cell(text, clinic ? clinic->name : NULL, false);
    csv_append_cell(text, draft->name, false);
    csv_append_cell(text, terms->mode, false);
    append_number(text, terms->duration_minutes);
    append_number(text, terms->before_minutes);
    append_number(text, terms->after_minutes);
    append_number(text, terms->price_rupiah);
}

static void write_row(GString *text, const DirectoryDraft *draft, const DirectoryView *view)
{
    switch (draft->kind) {
    case DIRECTORY_FACILITY:
        write_facility(text, draft);
        break;
    case DIRECTORY_CLINIC:
        write_clinic(text, draft, view);
        break;
    case DIRECTORY_PRACTITIONER:
        write_practitioner(text, draft, view);
        break;
    case DIRECTORY_SERVICE:
        write_service(text, draft, view);
        break;
    }
    csv_append_cell(text, draft->is_active ? "yes" : "no", false);
    csv_append_end(text);
}

char *directory_table_write(DirectoryKind kind, const DirectoryView *view)
{
    GString *text = g_string_new(NULL);
    const GPtrArray *rows = rows_of(kind, view);
    table_append_columns(text, directory_table_columns(kind));
    for (unsigned i = 0; i < rows->len; i++)
        write_row(text, draft_at(rows, i), view);
    return g_string_free(text, FALSE);
}

/* Reading. */

void directory_table_header(DirectoryKind kind, const CsvRow *row, DirectoryHeader *ret_header,
                            FaultList *faults)
{
    ret_header->kind = kind;
    table_header_read(directory_table_columns(kind), needs_of(kind), row, &ret_header->table,
                      faults);
}

typedef struct {
    const DirectoryHeader *header;
    const CsvRow *row;
    const DirectoryView *view;
    FaultList *faults;
} Source;

/* The cell of a column; NULL when the table has none. */
static const char *cell(const Source *source, const char *name)
{
    return table_cell(&source->header->table, source->row, name);
}

static void take(const Source *source, const char *name, char **field)
{
    const char *text = cell(source, name);
    if (!text)
        return;
    g_free(*field);
    *field = *text ? g_strdup(text) : NULL;
}

static void take_date(const Source *source, const char *name, char **field)
{
    take(source, name, field);
    if (!cell(source, name) || !*field)
        return;
    char *date = table_date(*field);
    g_free(*field);
    *field = date;
}

static void take_active(const Source *source, DirectoryDraft *draft)
{
    if (!table_yes_no(cell(source, "active"), &draft->is_active))
        fault_list_add(source->faults, "active", "not_allowed",
                       table_yes_no_words(&source->header->table));
}

/* The clinic that the columns `facility` and `clinic` name; NULL: none. */
static const DirectoryDraft *clinic_of(const Source *source)
{
    const DirectoryDraft *facility =
        find_name(source->view->facilities, NULL, cell(source, "facility"));
    return facility ? find_name(source->view->clinics, facility->id, cell(source, "clinic")) : NULL;
}

static const DirectoryDraft *find_service(const Source *source, const char *name)
{
    const DirectoryDraft *clinic = clinic_of(source);
    for (unsigned i = 0; clinic && i < source->view->services->len; i++) {
        const DirectoryDraft *service = draft_at(source->view->services, i);
        if (strcmp(service->terms.clinic_id, clinic->id) == 0 && strcmp(service->name, name) == 0)
            return service;
    }
    return NULL;
}

/* What is there of the row, or NULL for a new one; a fault when its id is not. */
static const DirectoryDraft *find_known(const Source *source)
{
    DirectoryKind kind = source->header->kind;
    const GPtrArray *rows = rows_of(kind, source->view);
    const char *id = cell(source, "id");
    const char *name = cell(source, "name");
    if (id && *id) {
        const DirectoryDraft *known = find_id(rows, id);
        if (!known)
            fault_list_add(source->faults, "id", "not_found", NULL);
        return known;
    }
    if (kind == DIRECTORY_PRACTITIONER) {
        const char *number = cell(source, "str_number");
        return number && *number ? find_str(rows, number) : NULL;
    }
    if (kind == DIRECTORY_FACILITY)
        return find_name(rows, NULL, name);
    if (kind == DIRECTORY_SERVICE)
        return find_service(source, name);
    const DirectoryDraft *facility =
        find_name(source->view->facilities, NULL, cell(source, "facility"));
    return facility ? find_name(rows, facility->id, name) : NULL;
}

static void copy_lists(const DirectoryDraft *from, DirectoryDraft *to)
{
    for (unsigned i = 0; i < from->clinic_ids->len; i++)
        g_ptr_array_add(to->clinic_ids, g_strdup(g_ptr_array_index(from->clinic_ids, i)));
    for (unsigned i = 0; i < from->permits->len; i++) {
        const DirectoryPermit *permit = g_ptr_array_index(from->permits, i);
        directory_draft_add_permit(to, permit->facility_id, permit->number, permit->valid_until);
    }
}

static DirectoryDraft *copy_of(const DirectoryDraft *known)
{
    DirectoryDraft *draft = directory_draft_new(known->kind);
    draft->id = g_strdup(known->id);
    draft->name = g_strdup(known->name);
    draft->is_active = known->is_active;
    draft->facility_kind = g_strdup(known->facility_kind);
    draft->area_code = g_strdup(known->area_code);
    draft->address = g_strdup(known->address);
    draft->phone = g_strdup(known->phone);
    draft->facility_id = g_strdup(known->facility_id);
    draft->letter = g_strdup(known->letter);
    draft->wait_mode = g_strdup(known->wait_mode);
    draft->str_number = g_strdup(known->str_number);
    draft->str_valid_until = g_strdup(known->str_valid_until);
    draft->terms = known->terms;
    draft->terms.clinic_id = g_strdup(known->terms.clinic_id);
    draft->terms.mode = g_strdup(known->terms.mode);
    copy_lists(known, draft);
    return draft;
}

/* "A > B > C" in N_NAMES names; NULL when there are not as many. */
static char **split_names(const char *text, unsigned n_names)
{
    g_auto(GStrv) names = table_list_names(text);
    return g_strv_length(names) == n_names ? g_steal_pointer(&names) : NULL;
}

static bool add_clinic(const Source *source, const char *text, DirectoryDraft *draft)
{
    g_auto(GStrv) parts = split_names(text, 2);
    const DirectoryDraft *facility =
        parts ? find_name(source->view->facilities, NULL, parts[0]) : NULL;
    const DirectoryDraft *clinic =
        facility ? find_name(source->view->clinics, facility->id, parts[1]) : NULL;
    if (clinic)
        g_ptr_array_add(draft->clinic_ids, g_strdup(clinic->id));
    return clinic != NULL;
}

static bool add_permit(const Source *source, const char *text, DirectoryDraft *draft)
{
    g_auto(GStrv) parts = split_names(text, 3);
    const DirectoryDraft *facility =
        parts ? find_name(source->view->facilities, NULL, parts[0]) : NULL;
    g_autofree char *until = facility ? table_date(parts[2]) : NULL;
    if (facility)
        directory_draft_add_permit(draft, facility->id, parts[1], until);
    return facility != NULL;
}

/* The parts of a list that "|" divides, each by ADD. */
static void take_list(const Source *source, const char *name, const char *const *allowed,
                      DirectoryDraft *draft,
                      bool (*add)(const Source *source, const char *text, DirectoryDraft *draft))
{
    const char *text = cell(source, name);
    if (!text)
        return;
    g_ptr_array_set_size(add == add_clinic ? draft->clinic_ids : draft->permits, 0);
    if (!*text)
        return;
    g_auto(GStrv) parts = table_list_parts(text);
    if (g_strv_length(parts) > MAX_PARTS) {
        fault_list_add(source->faults, name, "too_many", "0..40");
        return;
    }
    for (char **part = parts; *part; part++) {
        if (!add(source, *part, draft)) {
            fault_list_add(source->faults, name, "not_found",
                           allowed[source->header->table.is_indonesian]);
            return;
        }
    }
}

static void take_facility_of_clinic(const Source *source, DirectoryDraft *draft)
{
    const DirectoryDraft *facility =
        find_name(source->view->facilities, NULL, cell(source, "facility"));
    bool moves = facility && draft->id && g_strcmp0(draft->facility_id, facility->id) != 0;
    if (!facility || moves) {
        fault_list_add(source->faults, "facility", moves ? "not_allowed" : "not_found", NULL);
        return;
    }
    g_free(draft->facility_id);
    draft->facility_id = g_strdup(facility->id);
}

/* An empty cell leaves the number as it is. */
static void take_number(const Source *source, const char *name, int64_t *number)
{
    const char *text = cell(source, name);
    if (!text || !*text)
        return;
    if (!g_ascii_string_to_signed(text, 10, 0, DIRECTORY_MAX_PRICE, number, NULL))
        fault_list_add(source->faults, name, "not_a_number", NULL);
}

static void take_service(const Source *source, DirectoryDraft *draft)
{
    DirectoryTerms *terms = &draft->terms;
    const DirectoryDraft *clinic = clinic_of(source);
    bool moves = clinic && draft->id && g_strcmp0(terms->clinic_id, clinic->id) != 0;
    if (!clinic || moves) {
        fault_list_add(source->faults, "clinic", moves ? "not_allowed" : "not_found", NULL);
    } else {
        g_free(terms->clinic_id);
        terms->clinic_id = g_strdup(clinic->id);
    }
    take(source, "mode", &terms->mode);
    take_number(source, "duration_minutes", &terms->duration_minutes);
    take_number(source, "before_minutes", &terms->before_minutes);
    take_number(source, "after_minutes", &terms->after_minutes);
    take_number(source, "price_rupiah", &terms->price_rupiah);
}

DirectoryDraft *directory_table_draft(const DirectoryHeader *header, const CsvRow *row,
                                      const DirectoryView *view, FaultList *faults)
{
    const Source source = {header, row, view, faults};
    const DirectoryDraft *known = find_known(&source);
    DirectoryDraft *draft = known ? copy_of(known) : directory_draft_new(header->kind);
    table_check_width(&header->table, row, faults);
    take(&source, "name", &draft->name);
    take_active(&source, draft);
    switch (header->kind) {
    case DIRECTORY_FACILITY:
        take(&source, "kind", &draft->facility_kind);
        take(&source, "area_code", &draft->area_code);
        take(&source, "address", &draft->address);
        take(&source, "phone", &draft->phone);
        break;
    case DIRECTORY_CLINIC:
        take_facility_of_clinic(&source, draft);
        if (g_strcmp0(cell(&source, "letter"), "") != 0) /* empty: as it is, or a free one */
            take(&source, "letter", &draft->letter);
        if (g_strcmp0(cell(&source, "wait_mode"), "") != 0) /* empty: as it is, or one by one */
            take(&source, "wait_mode", &draft->wait_mode);
        break;
    case DIRECTORY_PRACTITIONER:
        take(&source, "str_number", &draft->str_number);
        take_date(&source, "str_valid_until", &draft->str_valid_until);
        take_list(&source, "clinics", clinic_list, draft, add_clinic);
        take_list(&source, "permits", permit_list, draft, add_permit);
        break;
    case DIRECTORY_SERVICE:
        take_service(&source, draft);
        break;
    }
    return draft;
}

bool directory_table_has(const DirectoryView *view, const DirectoryDraft *draft)
{
    const DirectoryDraft *known = draft->id ? find_id(rows_of(draft->kind, view), draft->id) : NULL;
    return known && directory_draft_equal(known, draft);
}
