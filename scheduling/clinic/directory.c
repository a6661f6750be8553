// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/directory.h"

#include "scheduling/scheduling_private.h"

static void doctor_free(gpointer data)
{
    DirectoryDoctor *doctor = data;
    g_free(doctor->id);
    g_free(doctor->name);
    g_free(doctor);
}

static void service_free(gpointer data)
{
    DirectoryService *service = data;
    g_free(service->id);
    g_free(service->name);
    g_free(service->mode);
    g_free(service);
}

static void clinic_free(gpointer data)
{
    DirectoryClinic *clinic = data;
    g_free(clinic->id);
    g_free(clinic->name);
    g_ptr_array_unref(clinic->doctors);
    g_ptr_array_unref(clinic->services);
    g_free(clinic);
}

static void facility_free(gpointer data)
{
    DirectoryFacility *facility = data;
    g_free(facility->id);
    g_free(facility->name);
    g_free(facility->kind);
    g_free(facility->area_code);
    g_free(facility->area);
    g_free(facility->address);
    g_free(facility->phone);
    g_ptr_array_unref(facility->clinics);
    g_free(facility);
}

typedef struct {
    GPtrArray *facilities; /* DirectoryFacility */
    DirectoryDone done;
    gpointer user_data;
} ListOp;

static void list_op_free(gpointer data)
{
    ListOp *op = data;
    g_ptr_array_unref(op->facilities);
    g_free(op);
}

/* "Limboto, Kabupaten Gorontalo"; an area right under the province stands alone. */
static char *area_text(DbQuery *row)
{
    const char *parent_kind = db_column_text(row, 8);
    if (!parent_kind || g_str_equal(parent_kind, "province"))
        return db_column_dup(row, 6);
    return g_strdup_printf("%s, %s", db_column_text(row, 6), db_column_text(row, 7));
}

static bool load_facilities(DbTx *tx, GPtrArray *facilities, GHashTable *by_id, GError **error)
{
    DbQuery *rows = db_query(tx, "directory_facilities");
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        DirectoryFacility *facility = g_new0(DirectoryFacility, 1);
        facility->id = db_column_dup(rows, 0);
        facility->name = db_column_dup(rows, 1);
        facility->kind = db_column_dup(rows, 2);
        facility->area_code = db_column_dup(rows, 3);
        facility->address = db_column_dup(rows, 4);
        facility->phone = db_column_dup(rows, 5);
        facility->area = area_text(rows);
        facility->clinics = g_ptr_array_new_with_free_func(clinic_free);
        g_ptr_array_add(facilities, facility);
        g_hash_table_insert(by_id, facility->id, facility);
    }
    return step == DB_DONE;
}

static bool load_clinics(DbTx *tx, GHashTable *facilities, GHashTable *by_id, GError **error)
{
    DbQuery *rows = db_query(tx, "directory_clinics");
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        DirectoryFacility *facility = g_hash_table_lookup(facilities, db_column_text(rows, 0));
        if (!facility)
            continue;
        DirectoryClinic *clinic = g_new0(DirectoryClinic, 1);
        clinic->id = db_column_dup(rows, 1);
        clinic->name = db_column_dup(rows, 2);
        clinic->doctors = g_ptr_array_new_with_free_func(doctor_free);
        clinic->services = g_ptr_array_new_with_free_func(service_free);
        g_ptr_array_add(facility->clinics, clinic);
        g_hash_table_insert(by_id, clinic->id, clinic);
    }
    return step == DB_DONE;
}

static bool load_doctors(DbTx *tx, GHashTable *clinics, GError **error)
{
    DbQuery *rows = db_query(tx, "directory_doctors");
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        DirectoryClinic *clinic = g_hash_table_lookup(clinics, db_column_text(rows, 0));
        if (!clinic)
            continue;
        DirectoryDoctor *doctor = g_new0(DirectoryDoctor, 1);
        doctor->id = db_column_dup(rows, 1);
        doctor->name = db_column_dup(rows, 2);
        g_ptr_array_add(clinic->doctors, doctor);
    }
    return step == DB_DONE;
}

static bool load_services(DbTx *tx, GHashTable *clinics, GError **error)
{
    DbQuery *rows = db_query(tx, "directory_services");
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        DirectoryClinic *clinic = g_hash_table_lookup(clinics, db_column_text(rows, 0));
        if (!clinic)
            continue;
        DirectoryService *service = g_new0(DirectoryService, 1);
        service->name = db_column_dup(rows, 1);
        service->mode = db_column_dup(rows, 2);
        service->duration_minutes = db_column_int(rows, 3);
        service->price_rupiah = db_column_int(rows, 4);
        service->id = db_column_dup(rows, 5);
        g_ptr_array_add(clinic->services, service);
    }
    return step == DB_DONE;
}

static bool list_job(DbTx *tx, gpointer data, GError **error)
{
    ListOp *op = data;
    g_autoptr(GHashTable) facilities = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) clinics = g_hash_table_new(g_str_hash, g_str_equal);
    return load_facilities(tx, op->facilities, facilities, error) &&
           load_clinics(tx, facilities, clinics, error) && load_doctors(tx, clinics, error) &&
           load_services(tx, clinics, error);
}

static void on_list_done(gpointer data, const GError *error)
{
    ListOp *op = data;
    op->done(error ? NULL : op->facilities, error, op->user_data);
}

void directory_list(Scheduling *scheduling, DirectoryDone done, gpointer user_data)
{
    ListOp *op = g_new0(ListOp, 1);
    op->facilities = g_ptr_array_new_with_free_func(facility_free);
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, list_job, on_list_done, op, list_op_free);
}

typedef struct {
    char *user_id;
    DirectoryUser user;
    DirectoryUserDone done;
    gpointer user_data;
} UserOp;

static void user_op_free(gpointer data)
{
    UserOp *op = data;
    g_free(op->user_id);
    g_free(op->user.practitioner_id);
    g_free(op->user.practitioner_name);
    g_free(op);
}

static bool user_job(DbTx *tx, gpointer data, GError **error)
{
    UserOp *op = data;
    DbQuery *query = db_query(tx, "practitioner_by_user");
    db_bind_text(query, 1, op->user_id);
    DbStep step = db_step(query, error);
    if (step == DB_ROW) {
        op->user.practitioner_id = db_column_dup(query, 0);
        op->user.practitioner_name = db_column_dup(query, 1);
        db_reset(query);
    }
    return step != DB_FAILED;
}

static void on_user_done(gpointer data, const GError *error)
{
    UserOp *op = data;
    op->done(error ? NULL : &op->user, error, op->user_data);
}

void directory_get_user(Scheduling *scheduling, const char *user_id, DirectoryUserDone done,
                        gpointer user_data)
{
    UserOp *op = g_new0(UserOp, 1);
    op->user_id = g_strdup(user_id);
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, user_job, on_user_done, op, user_op_free);
}

char *directory_facility_name(DbTx *tx, const char *facility_id, GError **error)
{
    DbQuery *query = db_query(tx, "facility_name");
    db_bind_text(query, 1, facility_id);
    if (!scheduling_need_row(query, "facility", error))
        return NULL;
    char *name = db_column_dup(query, 0);
    db_reset(query);
    return name;
}

char *directory_area_name(DbTx *tx, const char *area_code, GError **error)
{
    DbQuery *query = db_query(tx, "setup_area_name");
    db_bind_text(query, 1, area_code);
    if (!scheduling_need_row(query, "area", error))
        return NULL;
    char *name = db_column_dup(query, 0);
    db_reset(query);
    return name;
}

bool directory_link_user(DbTx *tx, const char *practitioner_id, const char *user_id, GError **error)
{
    DbQuery *query = db_query(tx, "practitioner_link_user");
    db_bind_text(query, 1, practitioner_id);
    db_bind_text(query, 2, user_id);
    if (!db_exec(query, error))
        return false;
    if (db_changes(tx) == 0) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_FOUND,
                            "no such practitioner");
        return false;
    }
    return true;
}
