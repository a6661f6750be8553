// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/directory_view.h"

#include "scheduling/clinic/directory_access.h"
#include "scheduling/scheduling_private.h"

static void row_free(gpointer data)
{
    DirectoryRow *row = data;
    directory_draft_free(row->draft);
    g_free(row->user_id);
    g_free(row);
}

static DirectoryDraft *add_row(GPtrArray *rows, DirectoryKind kind, DbQuery *columns)
{
    DirectoryRow *row = g_new0(DirectoryRow, 1);
    row->draft = directory_draft_new(kind);
    row->draft->id = db_column_dup(columns, 0);
    g_ptr_array_add(rows, row);
    return row->draft;
}

static DbQuery *ask(DbTx *tx, const char *statement, const char *facility_id)
{
    DbQuery *rows = db_query(tx, statement);
    db_bind_text(rows, 1, facility_id);
    return rows;
}

static bool load_facilities(DbTx *tx, const char *facility_id, GPtrArray *facilities,
                            GError **error)
{
    DbQuery *rows = ask(tx, "setup_facilities", facility_id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        DirectoryDraft *draft = add_row(facilities, DIRECTORY_FACILITY, rows);
        draft->name = db_column_dup(rows, 1);
        draft->facility_kind = db_column_dup(rows, 2);
        draft->area_code = db_column_dup(rows, 3);
        draft->address = db_column_dup(rows, 4);
        draft->phone = db_column_dup(rows, 5);
        draft->is_active = db_column_int(rows, 6) != 0;
    }
    return step == DB_DONE;
}

static bool load_clinics(DbTx *tx, const char *facility_id, GPtrArray *clinics, GError **error)
{
    DbQuery *rows = ask(tx, "setup_clinics", facility_id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        DirectoryDraft *draft = add_row(clinics, DIRECTORY_CLINIC, rows);
        draft->facility_id = db_column_dup(rows, 1);
        draft->name = db_column_dup(rows, 2);
        draft->letter = db_column_dup(rows, 3);
        draft->is_active = db_column_int(rows, 4) != 0;
        draft->wait_mode = db_column_dup(rows, 5);
    }
    return step == DB_DONE;
}

static bool load_people(DbTx *tx, const char *facility_id, GPtrArray *people, GHashTable *by_id,
                        GError **error)
{
    DbQuery *rows = ask(tx, "setup_practitioners", facility_id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        DirectoryDraft *draft = add_row(people, DIRECTORY_PRACTITIONER, rows);
        DirectoryRow *row = g_ptr_array_index(people, people->len - 1);
        draft->name = db_column_dup(rows, 1);
        row->user_id = db_column_dup(rows, 2);
        draft->str_number = db_column_dup(rows, 3);
        draft->str_valid_until = db_column_dup(rows, 4);
        draft->is_active = db_column_int(rows, 5) != 0;
        row->has_hours = db_column_int(rows, 6) != 0;
        g_hash_table_insert(by_id, draft->id, draft);
    }
    return step == DB_DONE;
}

static bool load_places(DbTx *tx, const char *facility_id, GHashTable *by_id, GError **error)
{
    DbQuery *members = ask(tx, "setup_members", facility_id);
    DbStep step;
    while ((step = db_step(members, error)) == DB_ROW) {
        DirectoryDraft *draft = g_hash_table_lookup(by_id, db_column_text(members, 0));
        if (draft)
            g_ptr_array_add(draft->clinic_ids, db_column_dup(members, 1));
    }
    if (step == DB_FAILED)
        return false;
    DbQuery *permits = ask(tx, "setup_permits", facility_id);
    while ((step = db_step(permits, error)) == DB_ROW) {
        DirectoryDraft *draft = g_hash_table_lookup(by_id, db_column_text(permits, 0));
        if (!draft)
            continue;
        g_autofree char *facility = db_column_dup(permits, 1);
        g_autofree char *number = db_column_dup(permits, 2);
        directory_draft_add_permit(draft, facility, number, db_column_text(permits, 3));
    }
    return step == DB_DONE;
}

static bool load_services(DbTx *tx, const char *facility_id, GPtrArray *services, GError **error)
{
    DbQuery *rows = ask(tx, "setup_services", facility_id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        DirectoryDraft *draft = add_row(services, DIRECTORY_SERVICE, rows);
        draft->name = db_column_dup(rows, 2);
        draft->is_active = db_column_int(rows, 8) != 0;
        draft->terms = (DirectoryTerms){
            .clinic_id = db_column_dup(rows, 1),
            .mode = db_column_dup(rows, 3),
            .duration_minutes = db_column_int(rows, 4),
            .before_minutes = db_column_int(rows, 5),
            .after_minutes = db_column_int(rows, 6),
            .price_rupiah = db_column_int(rows, 7),
        };
    }
    return step == DB_DONE;
}

static void view_init(DirectoryView *view)
{
    *view = (DirectoryView){
        .facilities = g_ptr_array_new_with_free_func(row_free),
        .clinics = g_ptr_array_new_with_free_func(row_free),
        .practitioners = g_ptr_array_new_with_free_func(row_free),
        .services = g_ptr_array_new_with_free_func(row_free),
    };
}

void directory_view_clear(DirectoryView *view)
{
    g_clear_pointer(&view->facilities, g_ptr_array_unref);
    g_clear_pointer(&view->clinics, g_ptr_array_unref);
    g_clear_pointer(&view->practitioners, g_ptr_array_unref);
    g_clear_pointer(&view->services, g_ptr_array_unref);
}

bool directory_view_load(DbTx *tx, const Actor *actor, DirectoryView *view, GError **error)
{
    const char *facility_id = NULL;
    g_autoptr(GHashTable) by_id = g_hash_table_new(g_str_hash, g_str_equal);
    view_init(view);
    return directory_access(actor, &facility_id, error) &&
           load_facilities(tx, facility_id, view->facilities, error) &&
           load_clinics(tx, facility_id, view->clinics, error) &&
           load_people(tx, facility_id, view->practitioners, by_id, error) &&
           load_places(tx, facility_id, by_id, error) &&
           load_services(tx, facility_id, view->services, error);
}

typedef struct {
    ActorCopy actor;
    DirectoryView view;
    DirectoryViewDone done;
    gpointer user_data;
} ViewOp;

static void view_op_free(gpointer data)
{
    ViewOp *op = data;
    actor_copy_clear(&op->actor);
    directory_view_clear(&op->view);
    g_free(op);
}

static bool view_job(DbTx *tx, gpointer data, GError **error)
{
    ViewOp *op = data;
    return directory_view_load(tx, &op->actor.actor, &op->view, error);
}

static void on_view_done(gpointer data, const GError *error)
{
    ViewOp *op = data;
    op->done(error ? NULL : &op->view, error, op->user_data);
}

void directory_view_get(Scheduling *scheduling, const Actor *actor, DirectoryViewDone done,
                        gpointer user_data)
{
    ViewOp *op = g_new0(ViewOp, 1);
    actor_copy_init(&op->actor, actor);
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, view_job, on_view_done, op, view_op_free);
}

typedef struct {
    GPtrArray *areas;
    DirectoryAreasDone done;
    gpointer user_data;
} AreasOp;

static void area_free(gpointer data)
{
    DirectoryArea *area = data;
    g_free(area->code);
    g_free(area->parent_code);
    g_free(area->name);
    g_free(area->kind);
    g_free(area);
}

static void areas_op_free(gpointer data)
{
    AreasOp *op = data;
    g_ptr_array_unref(op->areas);
    g_free(op);
}

static bool areas_job(DbTx *tx, gpointer data, GError **error)
{
    AreasOp *op = data;
    DbQuery *rows = db_query(tx, "setup_areas");
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        DirectoryArea *area = g_new0(DirectoryArea, 1);
        area->code = db_column_dup(rows, 0);
        area->parent_code = db_column_dup(rows, 1);
        area->name = db_column_dup(rows, 2);
        area->kind = db_column_dup(rows, 3);
        g_ptr_array_add(op->areas, area);
    }
    return step == DB_DONE;
}

static void on_areas_done(gpointer data, const GError *error)
{
    AreasOp *op = data;
    op->done(error ? NULL : op->areas, error, op->user_data);
}

void directory_areas(Scheduling *scheduling, DirectoryAreasDone done, gpointer user_data)
{
    AreasOp *op = g_new0(AreasOp, 1);
    op->areas = g_ptr_array_new_with_free_func(area_free);
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, areas_job, on_areas_done, op, areas_op_free);
}
