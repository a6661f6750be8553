// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/directory_practitioner.h"

#include "scheduling/clinic/directory_access.h"
#include "scheduling/scheduling_private.h"
#include "server/base/ids.h"

#include <string.h>

/* NULL for what is not there and for an empty text. */
static const char *or_null(const char *text)
{
    return text && *text ? text : NULL;
}

static bool same(const char *a, const char *b)
{
    return g_strcmp0(or_null(a), or_null(b)) == 0;
}

/* The clinic is there, and of the facility that the actor keeps. */
static bool check_clinic(DirectoryPut *put, const char *clinic_id, GError **error)
{
    DbQuery *row = db_query(put->tx, "clinic_get");
    db_bind_text(row, 1, clinic_id);
    DbStep step = db_step(row, error);
    bool is_kept = step == DB_ROW &&
                   (!put->facility_id || strcmp(db_column_text(row, 0), put->facility_id) == 0);
    db_reset(row);
    if (step == DB_FAILED)
        return false;
    return is_kept || directory_put_fault(put, "clinics", "not_found", error);
}

static bool check_permit(DirectoryPut *put, unsigned index, GError **error)
{
    const DirectoryPermit *permit = g_ptr_array_index(put->draft->permits, index);
    g_autofree char *field = g_strdup_printf("permits[%u].facility", index);
    DbQuery *row = db_query(put->tx, "facility_get");
    db_bind_text(row, 1, permit->facility_id);
    DbStep step = db_step(row, error);
    db_reset(row);
    if (step == DB_FAILED)
        return false;
    bool is_kept = !put->facility_id || g_strcmp0(put->facility_id, permit->facility_id) == 0;
    return (step == DB_ROW && is_kept) || directory_put_fault(put, field, "not_found", error);
}

static bool check_places(DirectoryPut *put, GError **error)
{
    for (unsigned i = 0; i < put->draft->clinic_ids->len; i++) {
        if (!check_clinic(put, g_ptr_array_index(put->draft->clinic_ids, i), error))
            return false;
    }
    for (unsigned i = 0; i < put->draft->permits->len; i++) {
        if (!check_permit(put, i, error))
            return false;
    }
    return true;
}

/* Of who works elsewhere too, a coordinator changes nothing of the person. */
static bool check_person(DirectoryPut *put, GError **error)
{
    const DirectoryDraft *draft = put->draft;
    DbQuery *row = db_query(put->tx, "practitioner_get");
    db_bind_text(row, 1, draft->id);
    if (!scheduling_need_row(row, "practitioner", error))
        return false;
    const struct {
        const char *field;
        bool is_same;
    } parts[] = {
        {"name", same(db_column_text(row, 0), draft->name)},
        {"str_number", same(db_column_text(row, 1), draft->str_number)},
        {"str_valid_until", same(db_column_text(row, 2), draft->str_valid_until)},
        {"active", (db_column_int(row, 3) != 0) == draft->is_active},
    };
    db_reset(row);
    for (unsigned i = 0; i < G_N_ELEMENTS(parts); i++) {
        if (!parts[i].is_same)
            return directory_put_fault(put, parts[i].field, "works_elsewhere", error);
    }
    return true;
}

/* One person is one row: who works in two facilities would have two days and overlapping hours. A
 * coordinator, who may not see that row, needs an administrator; who is one looks for it. */
static bool check_str(DirectoryPut *put, GError **error)
{
    const char *number = or_null(put->draft->str_number);
    if (!number)
        return true;
    DbQuery *row = db_query(put->tx, "practitioner_str_taken");
    db_bind_text(row, 1, number);
    db_bind_text(row, 2, put->draft->id);
    DbStep step = db_step(row, error);
    db_reset(row);
    if (step == DB_FAILED)
        return false;
    const char *code = put->facility_id ? "str_taken" : "str_known";
    return step == DB_DONE || directory_put_fault(put, "str_number", code, error);
}

bool directory_practitioner_check(DirectoryPut *put, GError **error)
{
    const DirectoryDraft *draft = put->draft;
    if (draft->id) {
        bool elsewhere = false;
        if (!directory_access_practitioner(put->tx, put->actor, draft->id, NULL, error))
            return false;
        if (put->facility_id &&
            !directory_works(put->tx, draft->id, put->facility_id, true, &elsewhere, error))
            return false;
        if (elsewhere && !check_person(put, error))
            return false;
    }
    return check_str(put, error) && check_places(put, error);
}

static bool write_person(DirectoryPut *put, GError **error)
{
    const DirectoryDraft *draft = put->draft;
    DbQuery *query = db_query(put->tx, draft->id ? "practitioner_update" : "practitioner_insert");
    db_bind_text(query, 1, put->edited->id);
    db_bind_text(query, 2, draft->name);
    db_bind_text(query, 3, or_null(draft->str_number));
    db_bind_text(query, 4, or_null(draft->str_valid_until));
    db_bind_int(query, 5, draft->is_active);
    if (!draft->id)
        db_bind_int(query, 6, clock_wall_ms(put->scheduling->clock));
    return db_exec(query, error);
}

/* Where there was a permit it takes one: removing it is no way round its last day. */
static bool remember_permits(DirectoryPut *put, GError **error)
{
    char today[SCHEDULING_DATE_BYTES], yesterday[SCHEDULING_DATE_BYTES];
    clock_local_date(clock_wall_ms(put->scheduling->clock), put->scheduling->zone, today);
    if (!clock_date_add(today, -1, yesterday))
        g_assert_not_reached();
    DbQuery *query = db_query(put->tx, "permit_remember");
    db_bind_text(query, 1, put->edited->id);
    db_bind_text(query, 2, put->facility_id);
    db_bind_text(query, 3, yesterday);
    return db_exec(query, error);
}

static bool write_permit(DirectoryPut *put, const DirectoryPermit *permit, GError **error)
{
    DbQuery *query = db_query(put->tx, "permit_insert");
    db_bind_text(query, 1, permit->facility_id);
    db_bind_text(query, 2, put->edited->id);
    db_bind_text(query, 3, permit->number);
    db_bind_text(query, 4, permit->valid_until);
    DbQuery *past = db_query(put->tx, "permit_forget");
    db_bind_text(past, 1, put->edited->id);
    db_bind_text(past, 2, permit->facility_id);
    return db_exec(query, error) && db_exec(past, error);
}

/* All places of the facilities that the actor keeps, anew. */
static bool write_places(DirectoryPut *put, GError **error)
{
    const DirectoryDraft *draft = put->draft;
    static const char *const leaves[] = {"practitioner_leave", "permit_delete"};
    if (!remember_permits(put, error))
        return false;
    for (unsigned i = 0; i < G_N_ELEMENTS(leaves); i++) {
        DbQuery *query = db_query(put->tx, leaves[i]);
        db_bind_text(query, 1, put->edited->id);
        db_bind_text(query, 2, put->facility_id);
        if (!db_exec(query, error))
            return false;
    }
    for (unsigned i = 0; i < draft->clinic_ids->len; i++) {
        DbQuery *query = db_query(put->tx, "practitioner_enter");
        db_bind_text(query, 1, g_ptr_array_index(draft->clinic_ids, i));
        db_bind_text(query, 2, put->edited->id);
        if (!db_exec(query, error))
            return false;
    }
    for (unsigned i = 0; i < draft->permits->len; i++) {
        if (!write_permit(put, g_ptr_array_index(draft->permits, i), error))
            return false;
    }
    return true;
}

bool directory_practitioner_write(DirectoryPut *put, GError **error)
{
    put->edited->id =
        put->draft->id ? g_strdup(put->draft->id) : id_new(clock_wall_ms(put->scheduling->clock));
    return write_person(put, error) && write_places(put, error);
}
