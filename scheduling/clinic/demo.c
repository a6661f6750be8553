// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/demo.h"

#include <string.h>

#include "scheduling/booking/token.h"
#include "scheduling/booking/visit_new.h"
#include "server/base/ids.h"

enum {
    DEMO_N_CLINICS = 3,
    DEMO_SLOT_MINUTES = 15,
    DEMO_SESSION_DOCTOR = 1, /* who has a session with a quota, too */
    DEMO_STEP_MS = 10,       /* demo visits of a doctor start so long after each other */
};

typedef struct {
    const char *name, *kind, *area_code, *address, *phone;
} FacilityText;

static const FacilityText facilities[DEMO_N_FACILITIES] = {
    {"Puskesmas Limboto", "puskesmas", "75.01.01", "Jl. Jenderal Sudirman 12, Limboto",
     "0435-881234"},
    {"Klinik Kota Selatan", "clinic", "75.71.02", "Jl. Nani Wartabone 45, Kota Gorontalo",
     "0435-821567"},
};

typedef struct {
    unsigned facility;
    const char *name, *letter;
} ClinicText;

static const ClinicText clinics[DEMO_N_CLINICS] = {
    {0, "Poli Umum", "A"},
    {0, "Poli KIA", "B"},
    {1, "Poli Umum", "A"},
};

typedef struct {
    unsigned clinic;
    const char *name, *login;
} DoctorText;

static const DoctorText doctors[DEMO_N_DOCTORS] = {
    {0, "dr. Rahmat Hasan", "rahmat"},
    {1, "dr. Nurhayati Ismail", "nurhayati"},
    {2, "dr. Yusuf Pakaya", "yusuf"},
};

typedef struct {
    char facilities[DEMO_N_FACILITIES][SCHEDULING_ID_BYTES];
    char clinics[DEMO_N_CLINICS][SCHEDULING_ID_BYTES];
    char doctors[DEMO_N_DOCTORS][SCHEDULING_ID_BYTES];
    bool found;
} DemoIds;

static void new_id(int64_t now_ms, char ret_id[SCHEDULING_ID_BYTES])
{
    g_autofree char *id = id_new(now_ms);
    g_strlcpy(ret_id, id, SCHEDULING_ID_BYTES);
}

static bool insert_facilities(DbTx *tx, int64_t now_ms, DemoIds *ids, GError **error)
{
    for (int i = 0; i < DEMO_N_FACILITIES; i++) {
        new_id(now_ms, ids->facilities[i]);
        const char *texts[] = {ids->facilities[i],      facilities[i].name,    facilities[i].kind,
                               facilities[i].area_code, facilities[i].address, facilities[i].phone};
        DbQuery *query = db_query(tx, "demo_facility_insert");
        for (int t = 0; t < (int)G_N_ELEMENTS(texts); t++)
            db_bind_text(query, t + 1, texts[t]);
        db_bind_int(query, 7, now_ms);
        if (!db_exec(query, error))
            return false;
    }
    return true;
}

static bool insert_clinics(DbTx *tx, int64_t now_ms, DemoIds *ids, GError **error)
{
    for (int i = 0; i < DEMO_N_CLINICS; i++) {
        new_id(now_ms, ids->clinics[i]);
        DbQuery *query = db_query(tx, "demo_clinic_insert");
        db_bind_text(query, 1, ids->clinics[i]);
        db_bind_text(query, 2, ids->facilities[clinics[i].facility]);
        db_bind_text(query, 3, clinics[i].name);
        db_bind_text(query, 4, clinics[i].letter);
        db_bind_int(query, 5, now_ms);
        if (!db_exec(query, error))
            return false;
    }
    return true;
}

typedef struct {
    int from_minute, to_minute, slot_minutes, quota; /* one of the last two is 0 */
} DemoHours;

/* The same hours on every day, from TODAY on. */
static bool insert_hours(DbTx *tx, int64_t now_ms, const char *const ids[2], const char *today,
                         const DemoHours *hours, GError **error)
{
    for (int weekday = 1; weekday <= 7; weekday++) {
        char id[SCHEDULING_ID_BYTES];
        new_id(now_ms, id);
        DbQuery *query = db_query(tx, "demo_rule_insert");
        db_bind_text(query, 1, id);
        db_bind_text(query, 2, ids[0]);
        db_bind_text(query, 3, ids[1]);
        db_bind_int(query, 4, weekday);
        db_bind_int(query, 5, hours->from_minute);
        db_bind_int(query, 6, hours->to_minute);
        db_bind_text(query, 7, hours->quota > 0 ? "session" : "slots");
        if (hours->quota > 0)
            db_bind_int(query, 9, hours->quota);
        else
            db_bind_int(query, 8, hours->slot_minutes);
        db_bind_text(query, 10, today);
        if (!db_exec(query, error))
            return false;
    }
    return true;
}

static const DemoHours day_hours = {8 * 60, 20 * 60, DEMO_SLOT_MINUTES, 0};
static const DemoHours evening_session = {20 * 60, 22 * 60, 0, 12};

typedef struct {
    const char *name, *login; /* login: may be NULL */
    const char *clinic_id;
} NewDoctor;

static bool insert_doctor(DbTx *tx, int64_t now_ms, const char *today, const NewDoctor *new_doctor,
                          char ret_id[SCHEDULING_ID_BYTES], GError **error)
{
    new_id(now_ms, ret_id);
    DbQuery *doctor = db_query(tx, "demo_practitioner_insert");
    db_bind_text(doctor, 1, ret_id);
    db_bind_text(doctor, 2, new_doctor->name);
    db_bind_text(doctor, 3, new_doctor->login);
    db_bind_int(doctor, 4, now_ms);
    DbQuery *member = db_query(tx, "demo_member_insert");
    db_bind_text(member, 1, new_doctor->clinic_id);
    db_bind_text(member, 2, ret_id);
    const char *both[] = {new_doctor->clinic_id, ret_id};
    return db_exec(doctor, error) && db_exec(member, error) &&
           insert_hours(tx, now_ms, both, today, &day_hours, error);
}

static bool insert_doctors(DbTx *tx, int64_t now_ms, const char *today, DemoIds *ids,
                           GError **error)
{
    for (int i = 0; i < DEMO_N_DOCTORS; i++) {
        const char *clinic_id = ids->clinics[doctors[i].clinic];
        const NewDoctor doctor = {doctors[i].name, doctors[i].login, clinic_id};
        if (!insert_doctor(tx, now_ms, today, &doctor, ids->doctors[i], error))
            return false;
        const char *both[] = {clinic_id, ids->doctors[i]};
        if (i == DEMO_SESSION_DOCTOR &&
            !insert_hours(tx, now_ms, both, today, &evening_session, error))
            return false;
    }
    return true;
}

/* Ids of the demo clinic as it is in the database; found is false when it is not. */
static bool load_ids(DbTx *tx, DemoIds *ret_ids, GError **error)
{
    DemoIds ids = {0};
    unsigned n_found = 0;
    DbQuery *rows = db_query(tx, "demo_doctors");
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        for (int i = 0; i < DEMO_N_DOCTORS; i++) {
            if (strcmp(doctors[i].login, db_column_text(rows, 1)) != 0)
                continue;
            unsigned clinic = doctors[i].clinic;
            unsigned facility = clinics[clinic].facility;
            scheduling_copy_column(rows, 0, ids.doctors[i], sizeof ids.doctors[i]);
            scheduling_copy_column(rows, 2, ids.facilities[facility],
                                   sizeof ids.facilities[facility]);
            scheduling_copy_column(rows, 3, ids.clinics[clinic], sizeof ids.clinics[clinic]);
            n_found++;
        }
    }
    ids.found = n_found == DEMO_N_DOCTORS;
    *ret_ids = ids;
    return step == DB_DONE;
}

static bool check_found(const DemoIds *ids, GError **error)
{
    if (!ids->found)
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_FOUND,
                            "there is no demo clinic in this database");
    return ids->found;
}

bool demo_seed_job(DbTx *tx, gpointer data, GError **error)
{
    DemoSeed *seed = data;
    int64_t now_ms = clock_wall_ms(seed->scheduling->clock);
    char today[SCHEDULING_DATE_BYTES];
    clock_local_date(now_ms, seed->scheduling->zone, today);
    DemoIds ids;
    if (!load_ids(tx, &ids, error))
        return false;
    seed->created = !ids.found;
    if (seed->created &&
        (!insert_facilities(tx, now_ms, &ids, error) || !insert_clinics(tx, now_ms, &ids, error) ||
         !insert_doctors(tx, now_ms, today, &ids, error)))
        return false;
    memcpy(seed->facility_ids, ids.facilities, sizeof seed->facility_ids);
    for (int i = 0; i < DEMO_N_DOCTORS; i++) {
        DemoDoctor *doctor = &seed->doctors[i];
        unsigned facility = clinics[doctors[i].clinic].facility;
        memcpy(doctor->id, ids.doctors[i], sizeof doctor->id);
        memcpy(doctor->facility_id, ids.facilities[facility], sizeof doctor->facility_id);
        doctor->name = doctors[i].name;
        doctor->login = doctors[i].login;
    }
    return true;
}

bool demo_permits_add(DbTx *tx, const DemoSeed *seed, GError **error)
{
    enum { FIVE_YEARS_DAYS = 1826 };
    char today[SCHEDULING_DATE_BYTES], until[SCHEDULING_DATE_BYTES];
    clock_local_date(clock_wall_ms(seed->scheduling->clock), seed->scheduling->zone, today);
    if (!clock_date_add(today, FIVE_YEARS_DAYS, until)) {
        g_set_error(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                    "no date lies five years after %s", today);
        return false;
    }
    for (int i = 0; i < DEMO_N_DOCTORS; i++) {
        g_autofree char *number = g_strdup_printf("503/SIP-D/%04d/DEMO/%.4s", 101 + i, today);
        DbQuery *query = db_query(tx, "permit_insert");
        db_bind_text(query, 1, seed->doctors[i].facility_id);
        db_bind_text(query, 2, seed->doctors[i].id);
        db_bind_text(query, 3, number);
        db_bind_text(query, 4, until);
        if (!db_exec(query, error))
            return false;
    }
    return true;
}

static void demo_visit_free(gpointer data)
{
    DemoVisit *visit = data;
    g_free(visit->visit_id);
    secret_text_free(visit->patient_token);
    secret_text_free(visit->doctor_token);
    g_free(visit);
}

void demo_visits_clear(DemoVisits *visits)
{
    g_clear_pointer(&visits->visits, g_ptr_array_unref);
}

static const char *const colleagues[DEMO_MAX_COLLEAGUES] = {
    "dr. Fatmawati Lahay", "dr. Abdul Karim Nasaru", "dr. Sri Wahyuni Biga",
    "dr. Zulkifli Rahim",  "dr. Meylan Katili",      "dr. Ramlah Djafar",
};

bool demo_colleagues_job(DbTx *tx, gpointer data, GError **error)
{
    DemoColleagues *job = data;
    int64_t now_ms = clock_wall_ms(job->scheduling->clock);
    char today[SCHEDULING_DATE_BYTES];
    clock_local_date(now_ms, job->scheduling->zone, today);
    DemoIds ids;
    if (!load_ids(tx, &ids, error) || !check_found(&ids, error))
        return false;
    for (unsigned i = 0; i < MIN(job->n, DEMO_MAX_COLLEAGUES); i++) {
        const NewDoctor doctor = {colleagues[i], NULL, ids.clinics[doctors[0].clinic]};
        if (!insert_doctor(tx, now_ms, today, &doctor, job->doctors[i].id, error))
            return false;
        job->doctors[i].name = colleagues[i];
    }
    return true;
}

/* First moment from this minute on that no demo visit of the doctor has. */
static bool next_start(DbTx *tx, const char *doctor_id, int64_t from_ms, int64_t *ret_start_ms,
                       GError **error)
{
    int64_t room_ms = (int64_t)DEMO_MAX_VISITS * DEMO_STEP_MS * 10;
    DbQuery *query = db_query(tx, "demo_next_start");
    db_bind_text(query, 1, doctor_id);
    db_bind_int(query, 2, from_ms);
    db_bind_int(query, 3, DEMO_STEP_MS);
    db_bind_int(query, 4, from_ms + room_ms);
    if (!scheduling_need_row(query, "time", error))
        return false;
    *ret_start_ms = db_column_int(query, 0);
    db_reset(query);
    return true;
}

static bool create_visit(DemoVisits *job, DbTx *tx, const DemoIds *ids, unsigned index,
                         GError **error)
{
    Scheduling *scheduling = job->scheduling;
    unsigned doctor = index % DEMO_N_DOCTORS;
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    int64_t start_ms;
    /* Right after the minute's slot: 7 ms keep the odd moments off every real slot's start. */
    if (!next_start(tx, ids->doctors[doctor], now_ms - now_ms % 60000 + 7, &start_ms, error))
        return false;
    Actor actor = {.role = ACTOR_SYSTEM};
    g_autofree char *name = g_strdup_printf("Pasien Demo %u", index + 1);
    NewVisit visit = {
        .mode = "demo",
        .clinic_id = ids->clinics[doctors[doctor].clinic],
        .practitioner_id = ids->doctors[doctor],
        .starts_at_ms = start_ms,
        .ends_at_ms = start_ms + (int64_t)DEMO_SLOT_MINUTES * 60 * 1000,
        .name = name,
        .birth_date = "1990-08-17",
        .phone = "+6281234567890",
        .lang = "id",
        .actor = &actor,
    };
    ChangeBox box = {0};
    CreatedVisit created;
    if (!visit_create(scheduling, tx, &visit, &created, &box, error))
        return false;
    DemoVisit *result = g_new0(DemoVisit, 1);
    g_ptr_array_add(job->visits, result);
    result->visit_id = g_strdup(created.id);
    result->patient_token = created.patient_token;
    result->doctor_token = token_create(scheduling, tx, created.id, created.doctor_participant_id,
                                        now_ms + scheduling->policy.staff_token_ms, error);
    return result->doctor_token != NULL;
}

bool demo_visits_job(DbTx *tx, gpointer data, GError **error)
{
    DemoVisits *job = data;
    DemoIds ids;
    if (!load_ids(tx, &ids, error) || !check_found(&ids, error))
        return false;
    demo_visits_clear(job);
    job->visits = g_ptr_array_new_with_free_func(demo_visit_free);
    unsigned n = MIN(job->n, DEMO_MAX_VISITS);
    for (unsigned i = 0; i < n; i++) {
        if (!create_visit(job, tx, &ids, i, error))
            return false;
    }
    return true;
}
