// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/visit_new.h"

#include "scheduling/booking/own_visit.h"
#include "scheduling/booking/token.h"
#include "scheduling/outbox/notification.h"
#include "scheduling/people/pair_private.h"
#include "scheduling/record/event.h"
#include "server/base/ids.h"
#include "server/base/outbox.h"

enum { CODE_CHARS = 6, CODE_MAX_TRIES = 20 };

/* The patient row of the same NIK, birth date and name, else NULL: a booking never changes what an
 * earlier one said of a person. */
static bool find_patient(DbTx *tx, const NewVisit *visit, const char *nik_index, char **ret_id,
                         GError **error)
{
    g_autofree char *wanted = g_utf8_casefold(visit->name, -1);
    DbQuery *rows = db_query(tx, "patient_by_nik");
    db_bind_text(rows, 1, nik_index);
    db_bind_text(rows, 2, visit->birth_date);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        g_autofree char *name = g_utf8_casefold(db_column_text(rows, 1), -1);
        if (!g_str_equal(name, wanted))
            continue;
        *ret_id = db_column_dup(rows, 0);
        db_reset(rows);
        return true;
    }
    return step == DB_DONE;
}

/* The keys that the visit comes with, else *OWN, made here. */
static const VisitKeys *keys_of(const Scheduling *scheduling, const NewVisit *visit, VisitKeys *own)
{
    if (visit->keys)
        return visit->keys;
    const VisitKeysOf of = {visit->name, visit->birth_date, visit->phone, visit->nik,
                            visit->mother_nik};
    visit_keys_init(own, scheduling, &of);
    return own;
}

static char *ensure_patient(Scheduling *scheduling, DbTx *tx, const NewVisit *visit,
                            const VisitKeys *keys, GError **error)
{
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    if (visit->nik) {
        char *known = NULL;
        if (!find_patient(tx, visit, keys->nik_index, &known, error))
            return NULL;
        if (known)
            return known;
    }
    g_autofree char *id = id_new(now_ms);
    DbQuery *query = db_query(tx, "patient_insert");
    db_bind_text(query, 1, id);
    db_bind_text(query, 2, visit->name);
    db_bind_text(query, 3, visit->birth_date);
    db_bind_text(query, 4, visit->sex);
    db_bind_text(query, 5, keys->nik_sealed);
    db_bind_text(query, 6, keys->nik_index);
    db_bind_int(query, 7, now_ms);
    db_bind_text(query, 8, keys->person_index);
    db_bind_text(query, 9, keys->mother_nik_sealed);
    db_bind_text(query, 10, keys->mother_nik_index);
    return db_exec(query, error) ? g_steal_pointer(&id) : NULL;
}

char *visit_patient_ensure(Scheduling *scheduling, DbTx *tx, const NewVisit *visit, GError **error)
{
    g_auto(VisitKeys) own = {0};
    return ensure_patient(scheduling, tx, visit, keys_of(scheduling, visit, &own), error);
}

static char *new_code(DbTx *tx, GError **error)
{
    for (int i = 0; i < CODE_MAX_TRIES; i++) {
        g_autofree char *code = id_code_new(CODE_CHARS);
        DbQuery *query = db_query(tx, "visit_code_exists");
        db_bind_text(query, 1, code);
        DbStep step = db_step(query, error);
        if (step == DB_DONE)
            return g_steal_pointer(&code);
        if (step == DB_FAILED)
            return NULL;
        db_reset(query);
    }
    g_set_error_literal(error, BASE_ERROR, BASE_ERROR_FULL, "no free visit code was found");
    return NULL;
}

static bool next_number(DbTx *tx, const char *clinic_id, const char *local_date,
                        int64_t *ret_number, GError **error)
{
    DbQuery *count = db_query(tx, "visit_count_on");
    db_bind_text(count, 1, clinic_id);
    db_bind_text(count, 2, local_date);
    if (!db_exec(count, error))
        return false;
    DbQuery *last = db_query(tx, "visit_last_number");
    db_bind_text(last, 1, clinic_id);
    db_bind_text(last, 2, local_date);
    if (!scheduling_need_row(last, "counter", error))
        return false;
    *ret_number = db_column_int(last, 0);
    db_reset(last);
    return true;
}

/* The next number of the clinic's day; *ret_facility_id and *ret_text are to be freed. */
static bool take_number(DbTx *tx, const NewVisit *visit, const char *local_date,
                        char **ret_facility_id, char **ret_text, int64_t *ret_number,
                        GError **error)
{
    DbQuery *clinic = db_query(tx, "clinic_of_visit");
    db_bind_text(clinic, 1, visit->clinic_id);
    if (!scheduling_need_row(clinic, "clinic", error))
        return false;
    g_autofree char *facility_id = db_column_dup(clinic, 0);
    g_autofree char *letter = db_column_dup(clinic, 1);
    db_reset(clinic);
    if (!next_number(tx, visit->clinic_id, local_date, ret_number, error))
        return false;
    *ret_text = g_strdup_printf("%s-%" G_GINT64_FORMAT, letter, *ret_number);
    *ret_facility_id = g_steal_pointer(&facility_id);
    return true;
}

static VisitState first_state(const NewVisit *visit)
{
    return visit->is_request ? VISIT_STATE_REQUESTED : VISIT_STATE_BOOKED;
}

/* What is known of the new visit by then. */
static bool check_own(Scheduling *scheduling, DbTx *tx, const NewVisit *visit,
                      const OwnVisitQuery *query, GError **error)
{
    return !visit->own || own_visit_check(scheduling, tx, query, visit->actor, visit->own, error);
}

/* Whose visit it is, as its row has it. */
typedef struct {
    char *patient_id, *phone_sealed, *phone_index;
    bool has_phone, is_fixed_line;
} Whose;

static void whose_clear(Whose *whose)
{
    g_free(whose->patient_id);
    g_free(whose->phone_sealed);
    g_free(whose->phone_index);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Whose, whose_clear)

static bool find_whose(Scheduling *scheduling, DbTx *tx, const NewVisit *visit,
                       const char *visit_id, Whose *ret_whose, GError **error)
{
    const NewVisitSource *source = visit->source;
    if (source) {
        *ret_whose = (Whose){g_strdup(source->patient_id), g_strdup(source->phone_sealed),
                             g_strdup(source->phone_index), source->has_phone,
                             fixed_line_is(scheduling, source->fixed_line, source->phone_sealed)};
        return true;
    }
    g_auto(VisitKeys) own = {0};
    const VisitKeys *keys = keys_of(scheduling, visit, &own);
    ret_whose->patient_id = ensure_patient(scheduling, tx, visit, keys, error);
    ret_whose->phone_sealed = g_strdup(keys->phone_sealed);
    ret_whose->has_phone = keys->phone_index != NULL;
    ret_whose->is_fixed_line = keys->is_fixed_line;
    /* Without a telephone nobody has the same. */
    ret_whose->phone_index = keys->phone_index
                                 ? g_strdup(keys->phone_index)
                                 : secret_box_index(scheduling->box, "visit.phone", visit_id);
    return ret_whose->patient_id != NULL;
}

static bool insert_visit(Scheduling *scheduling, DbTx *tx, const NewVisit *visit,
                         const char *visit_id, GError **error)
{
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    char local_date[SCHEDULING_DATE_BYTES];
    clock_local_date(visit->starts_at_ms, scheduling->zone, local_date);
    g_auto(Whose) whose = {0};
    if (!find_whose(scheduling, tx, visit, visit_id, &whose, error))
        return false;
    g_autofree char *code = new_code(tx, error);
    g_autofree char *facility_id = NULL;
    g_autofree char *number_text = NULL;
    int64_t number;
    if (!code || !take_number(tx, visit, local_date, &facility_id, &number_text, &number, error))
        return false;
    const OwnVisitQuery own = {whose.patient_id, whose.phone_index,   whose.has_phone,
                               facility_id,      visit->starts_at_ms, visit->ends_at_ms};
    if (!check_own(scheduling, tx, visit, &own, error))
        return false;
    DbQuery *query = db_query(tx, "visit_insert");
    const char *texts[] = {
        visit_id,         code,       visit->mode, whose.patient_id, visit->practitioner_id,
        visit->clinic_id, facility_id};
    for (int i = 0; i < (int)G_N_ELEMENTS(texts); i++)
        db_bind_text(query, i + 1, texts[i]);
    db_bind_int(query, 8, visit->starts_at_ms);
    db_bind_int(query, 9, visit->ends_at_ms);
    db_bind_text(query, 10, local_date);
    db_bind_int(query, 11, number);
    db_bind_text(query, 12, number_text);
    db_bind_text(query, 13, visit->lang);
    db_bind_text(query, 14, whose.phone_sealed);
    db_bind_text(query, 15, whose.phone_index);
    db_bind_int(query, 16, now_ms);
    db_bind_int(query, 17, visit->pool);
    db_bind_text(query, 18, visit->is_walk_in ? NULL : visit->practitioner_id);
    db_bind_text(query, 19, visit_state_name(first_state(visit)));
    db_bind_int(query, 20, visit->is_extra);
    db_bind_text(query, 21, visit->group_id);
    db_bind_int(query, 22, visit->group_place);
    db_bind_text(query, 23, visit->group_name);
    db_bind_int(query, 24, whose.has_phone);
    db_bind_int(query, 25, whose.is_fixed_line);
    GError *refused = NULL;
    if (db_exec(query, &refused))
        return visit->source || pair_find(scheduling, tx, whose.patient_id, facility_id, error);
    if (g_error_matches(refused, BASE_ERROR, BASE_ERROR_CONFLICT)) {
        g_error_free(refused);
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_SLOT_TAKEN,
                            "the slot has just been taken");
    } else {
        g_propagate_error(error, refused);
    }
    return false;
}

static bool insert_participant(DbTx *tx, const char *visit_id, const char *role, int64_t now_ms,
                               char ret_id[SCHEDULING_ID_BYTES], GError **error)
{
    g_autofree char *id = id_new(now_ms);
    g_strlcpy(ret_id, id, SCHEDULING_ID_BYTES);
    DbQuery *query = db_query(tx, "participant_insert");
    db_bind_text(query, 1, id);
    db_bind_text(query, 2, visit_id);
    db_bind_text(query, 3, role);
    db_bind_int(query, 4, now_ms);
    return db_exec(query, error);
}

static bool write_course(DbTx *tx, const char *visit_id, GError **error)
{
    DbQuery *query = db_query(tx, "visit_course_insert");
    db_bind_text(query, 1, visit_id);
    return db_exec(query, error);
}

static bool write_place(DbTx *tx, const NewVisit *visit, const char *visit_id, GError **error)
{
    if (visit->place == 0)
        return true;
    DbQuery *query = db_query(tx, "visit_session_insert");
    db_bind_text(query, 1, visit_id);
    db_bind_int(query, 2, visit->place);
    db_bind_int(query, 3, visit->session.from_ms);
    db_bind_int(query, 4, visit->session.to_ms);
    return db_exec(query, error);
}

/* The service as it is now. */
static bool write_service(DbTx *tx, const NewVisit *visit, const char *visit_id, GError **error)
{
    const ServiceTerms *service = visit->service;
    if (!service)
        return true;
    DbQuery *query = db_query(tx, "visit_service_insert");
    db_bind_text(query, 1, visit_id);
    db_bind_text(query, 2, service->id);
    db_bind_text(query, 3, service->name);
    db_bind_text(query, 4, service->mode);
    db_bind_int(query, 5, service->price_rupiah);
    db_bind_int(query, 6, visit->before_ms);
    db_bind_int(query, 7, visit->after_ms);
    return db_exec(query, error);
}

static bool write_contact(DbTx *tx, const NewVisit *visit, const char *visit_id, GError **error)
{
    return !visit->contact_name ||
           contact_write(tx, visit_id, visit->contact_name, visit->contact_relation, error);
}

/* Event, audit and outbox of the booking. What is only asked for is not told outside: its
 * confirmation is. */
static bool write_trail(Scheduling *scheduling, DbTx *tx, const NewVisit *visit,
                        const char *visit_id, GError **error)
{
    const Actor *actor = visit->actor;
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    EventRow event = {
        .visit_id = visit_id,
        .at_ms = now_ms,
        .kind = visit_state_name(first_state(visit)),
        .actor = actor_role_name(actor->role),
        .detail = visit->request_reason,
    };
    g_autofree char *payload = g_strdup_printf("{\"visit\":\"%s\",\"state\":\"booked\"}", visit_id);
    g_autofree char *key = g_strdup_printf("appointment.booked:%s", visit_id);
    OutboxEntry entry = {
        .kind = "appointment.booked",
        .subject_id = visit_id,
        .payload = payload,
        .due_at_ms = now_ms,
        .dedup_key = key,
    };
    return event_append(tx, &event, error) &&
           scheduling_audit(scheduling, tx, actor, "booking.create", "visit", visit_id, error) &&
           (visit->is_request || outbox_append(tx, &entry, now_ms, error));
}

bool visit_create(Scheduling *scheduling, DbTx *tx, const NewVisit *visit,
                  CreatedVisit *ret_created, ChangeBox *box, GError **error)
{
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    CreatedVisit created = {0};
    g_autofree char *id = id_new(now_ms);
    g_strlcpy(created.id, id, sizeof created.id);
    if (!insert_visit(scheduling, tx, visit, id, error) || !write_course(tx, id, error) ||
        !write_place(tx, visit, id, error) || !write_service(tx, visit, id, error) ||
        !write_contact(tx, visit, id, error) ||
        !insert_participant(tx, id, "patient", now_ms, created.patient_participant_id, error) ||
        !insert_participant(tx, id, "doctor", now_ms, created.doctor_participant_id, error) ||
        !write_trail(scheduling, tx, visit, id, error) ||
        (visit->own && !own_visit_note(scheduling, tx, id, visit->actor, visit->own, error)))
        return false;
    VisitRow row;
    if (!visit_row_load(tx, id, &row, error))
        return false;
    bool is_moved = visit->source && !visit->is_follow_up;
    if (!visit->is_request && !visit->is_quiet &&
        !(visit->is_of_series ? notification_remind(scheduling, tx, &row, error)
                              : notification_on_booked(scheduling, tx, &row, is_moved, error)))
        return false;
    if (!visit->source) {
        created.patient_token =
            token_create(scheduling, tx, id, created.patient_participant_id,
                         visit->ends_at_ms + scheduling->policy.link_after_ms, error);
        if (!created.patient_token)
            return false;
    }
    if (!visit_row_describe(scheduling, tx, &row, visit->actor->role, box, error))
        return false;
    box->change.is_new = !is_moved;
    box->has_changed = true;
    *ret_created = created;
    return true;
}
