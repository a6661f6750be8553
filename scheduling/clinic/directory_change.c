// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/directory_change.h"

#include "scheduling/clinic/change_text.h"
#include "scheduling/scheduling_private.h"

/* The first row of STATEMENT for ID; NULL with NOT_FOUND or the engine's error. */
static DbQuery *need_row(DbTx *tx, const char *statement, const char *id, GError **error)
{
    DbQuery *row = db_query(tx, statement);
    db_bind_text(row, 1, id);
    return scheduling_need_row(row, "row", error) ? row : NULL;
}

static bool load_facility(DbTx *tx, DirectoryDraft *draft, GError **error)
{
    DbQuery *row = need_row(tx, "facility_get", draft->id, error);
    if (!row)
        return false;
    draft->is_active = db_column_int(row, 0) != 0;
    draft->name = db_column_dup(row, 1);
    draft->facility_kind = db_column_dup(row, 2);
    draft->area_code = db_column_dup(row, 3);
    draft->address = db_column_dup(row, 4);
    draft->phone = db_column_dup(row, 5);
    db_reset(row);
    return true;
}

static bool load_clinic(DbTx *tx, DirectoryDraft *draft, GError **error)
{
    DbQuery *row = need_row(tx, "clinic_get", draft->id, error);
    if (!row)
        return false;
    draft->facility_id = db_column_dup(row, 0);
    draft->is_active = db_column_int(row, 1) != 0;
    draft->letter = db_column_dup(row, 2);
    draft->name = db_column_dup(row, 3);
    draft->wait_mode = db_column_dup(row, 4);
    db_reset(row);
    return true;
}

static bool load_places(const DirectoryPut *put, DirectoryDraft *draft, GError **error)
{
    DbQuery *rows = db_query(put->tx, "practitioner_clinics");
    db_bind_text(rows, 1, draft->id);
    db_bind_text(rows, 2, put->facility_id);
    if (!db_collect(rows, db_row_text, draft->clinic_ids, error))
        return false;
    rows = db_query(put->tx, "practitioner_permits");
    db_bind_text(rows, 1, draft->id);
    db_bind_text(rows, 2, put->facility_id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        g_autofree char *facility_id = db_column_dup(rows, 0);
        g_autofree char *number = db_column_dup(rows, 1);
        directory_draft_add_permit(draft, facility_id, number, db_column_text(rows, 2));
    }
    return step == DB_DONE;
}

static bool load_practitioner(const DirectoryPut *put, DirectoryDraft *draft, GError **error)
{
    DbQuery *row = need_row(put->tx, "practitioner_get", draft->id, error);
    if (!row)
        return false;
    draft->name = db_column_dup(row, 0);
    draft->str_number = db_column_dup(row, 1);
    draft->str_valid_until = db_column_dup(row, 2);
    draft->is_active = db_column_int(row, 3) != 0;
    db_reset(row);
    return load_places(put, draft, error);
}

static bool load_service(DbTx *tx, DirectoryDraft *draft, GError **error)
{
    DbQuery *row = need_row(tx, "service_get", draft->id, error);
    if (!row)
        return false;
    draft->terms = (DirectoryTerms){
        .clinic_id = db_column_dup(row, 0),
        .mode = db_column_dup(row, 3),
        .duration_minutes = db_column_int(row, 4),
        .before_minutes = db_column_int(row, 5),
        .after_minutes = db_column_int(row, 6),
        .price_rupiah = db_column_int(row, 7),
    };
    draft->name = db_column_dup(row, 2);
    draft->is_active = db_column_int(row, 8) != 0;
    db_reset(row);
    return true;
}

static bool load(const DirectoryPut *put, DirectoryDraft *draft, GError **error)
{
    switch (draft->kind) {
    case DIRECTORY_FACILITY:
        return load_facility(put->tx, draft, error);
    case DIRECTORY_CLINIC:
        return load_clinic(put->tx, draft, error);
    case DIRECTORY_PRACTITIONER:
        return load_practitioner(put, draft, error);
    case DIRECTORY_SERVICE:
        return load_service(put->tx, draft, error);
    }
    g_assert_not_reached();
}

DirectoryDraft *directory_change_load(const DirectoryPut *put, const char *id, GError **error)
{
    g_autoptr(DirectoryDraft) draft = directory_draft_new(put->draft->kind);
    draft->id = g_strdup(id);
    return load(put, draft, error) ? g_steal_pointer(&draft) : NULL;
}

static char *clinics_text(const DirectoryDraft *draft)
{
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; draft && i < draft->clinic_ids->len; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? "," : "",
                               (const char *)draft->clinic_ids->pdata[i]);
    return g_string_free(text, FALSE);
}

static char *permits_text(const DirectoryDraft *draft)
{
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; draft && i < draft->permits->len; i++) {
        const DirectoryPermit *permit = draft->permits->pdata[i];
        g_string_append_printf(text, "%s%s %s until %s", i > 0 ? ", " : "", permit->facility_id,
                               permit->number, permit->valid_until);
    }
    return g_string_free(text, FALSE);
}

static void add_lists(GString *text, const DirectoryDraft *before, const DirectoryDraft *after)
{
    g_autofree char *old_clinics = clinics_text(before), *new_clinics = clinics_text(after);
    g_autofree char *old_permits = permits_text(before), *new_permits = permits_text(after);
    change_text_add(text, "clinics", old_clinics, new_clinics);
    change_text_add(text, "permits", old_permits, new_permits);
}

/* BEFORE NULL: there was none. */
static void add_number(GString *text, const char *field, const int64_t *before, int64_t after)
{
    g_autofree char *from = before ? g_strdup_printf("%" G_GINT64_FORMAT, *before) : NULL;
    g_autofree char *to = g_strdup_printf("%" G_GINT64_FORMAT, after);
    change_text_add(text, field, from, to);
}

static void add_terms(GString *text, const DirectoryTerms *before, const DirectoryTerms *after)
{
    change_text_add(text, "clinic", before ? before->clinic_id : NULL, after->clinic_id);
    change_text_add(text, "mode", before ? before->mode : NULL, after->mode);
    add_number(text, "duration_minutes", before ? &before->duration_minutes : NULL,
               after->duration_minutes);
    add_number(text, "before_minutes", before ? &before->before_minutes : NULL,
               after->before_minutes);
    add_number(text, "after_minutes", before ? &before->after_minutes : NULL, after->after_minutes);
    add_number(text, "price_rupiah", before ? &before->price_rupiah : NULL, after->price_rupiah);
}

static const char *active_text(const DirectoryDraft *draft)
{
    return !draft ? NULL : draft->is_active ? "yes" : "no";
}

char *directory_change_text(const DirectoryDraft *before, const DirectoryDraft *after)
{
    static const DirectoryDraft nothing = {0};
    const DirectoryDraft *was = before ? before : &nothing;
    const struct {
        const char *field, *from, *to;
    } texts[] = {
        {"facility", was->facility_id, after->facility_id},
        {"name", was->name, after->name},
        {"kind", was->facility_kind, after->facility_kind},
        {"area_code", was->area_code, after->area_code},
        {"address", was->address, after->address},
        {"phone", was->phone, after->phone},
        {"letter", was->letter, after->letter},
        {"wait_mode", was->wait_mode, after->wait_mode},
        {"str_number", was->str_number, after->str_number},
        {"str_valid_until", was->str_valid_until, after->str_valid_until},
    };
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        change_text_add(text, texts[i].field, texts[i].from, texts[i].to);
    add_lists(text, before, after);
    if (after->kind == DIRECTORY_SERVICE)
        add_terms(text, before ? &before->terms : NULL, &after->terms);
    change_text_add(text, "active", active_text(before), active_text(after));
    return g_string_free(text, FALSE);
}
