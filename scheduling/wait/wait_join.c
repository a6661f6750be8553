// SPDX-License-Identifier: Apache-2.0
/* Putting somebody on the list. */
#include "scheduling/wait/wait_list.h"

#include <string.h>

#include "scheduling/booking/booking_check.h"
#include "scheduling/booking/person_compare.h"
#include "scheduling/booking/slot_wish.h"
#include "scheduling/record/consent.h"
#include "scheduling/wait/wait_row.h"
#include "server/base/ids.h"

typedef struct {
    Scheduling *scheduling;
    BookingRequest *who;
    ActorCopy actor;
    BookingFields fields;
    char from_date[SCHEDULING_DATE_BYTES], until_date[SCHEDULING_DATE_BYTES];
    bool says_from, says_until; /* else they are those of the day on which it is asked */
    WaitListed listed;
    WaitListedDone done;
    gpointer user_data;
} JoinOp;

static void join_op_free(gpointer data)
{
    JoinOp *op = data;
    booking_request_free(op->who);
    booking_fields_clear(&op->fields);
    actor_copy_clear(&op->actor);
    g_free(op->listed.id);
    secret_text_free(op->listed.token);
    fault_list_free(op->listed.faults);
    fault_list_free(op->listed.warnings);
    g_free(op);
}

/* The same person, by whatever link or desk. */
static char *person_index(const JoinOp *op)
{
    g_autofree char *name = g_utf8_casefold(op->fields.name, -1);
    g_autofree char *all =
        g_strdup_printf("%s\n%s\n%s", op->fields.phone, op->who->birth_date, name);
    return secret_box_index(op->scheduling->box, "wait.person", all);
}

static bool count(DbQuery *query, int64_t *ret_n, GError **error)
{
    if (!scheduling_need_row(query, "count", error))
        return false;
    *ret_n = db_column_int(query, 0);
    db_reset(query);
    return true;
}

/* Names and numbers can be invented, and each is a message to somebody; an address cannot. */
static bool check_address(const JoinOp *op, DbTx *tx, const char *address_index, GError **error)
{
    static const int64_t day_ms = (int64_t)24 * 60 * 60 * 1000;
    int64_t n = 0;
    if (!address_index)
        return true;
    DbQuery *query = db_query(tx, "wait_count_address");
    db_bind_text(query, 1, address_index);
    db_bind_int(query, 2, clock_wall_ms(op->scheduling->clock) - day_ms);
    if (!count(query, &n, error))
        return false;
    if (n < WAIT_MAX_PER_ADDRESS)
        return true;
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_LIST_FULL,
                        "too many entries came from the address");
    return false;
}

static bool check_number(const JoinOp *op, DbTx *tx, const char *phone_index, GError **error)
{
    int64_t n_all = 0, n_phone = 0;
    DbQuery *all = db_query(tx, "wait_count");
    db_bind_text(all, 1, op->who->clinic_id);
    DbQuery *phone = db_query(tx, "wait_count_phone");
    db_bind_text(phone, 1, op->who->clinic_id);
    db_bind_text(phone, 2, phone_index);
    if (!count(all, &n_all, error) || !count(phone, &n_phone, error))
        return false;
    if (n_all < WAIT_MAX_PER_CLINIC && n_phone < WAIT_MAX_PER_PHONE)
        return true;
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_LIST_FULL,
                        "the wait list is full, or the phone number waits too often");
    return false;
}

static bool need_member(JoinOp *op, DbTx *tx, GError **error)
{
    if (!op->who->practitioner_id)
        return true;
    DbQuery *member = db_query(tx, "clinic_member_exists");
    db_bind_text(member, 1, op->who->clinic_id);
    db_bind_text(member, 2, op->who->practitioner_id);
    DbStep step = db_step(member, error);
    db_reset(member);
    if (step == DB_DONE) {
        fault_list_add(op->listed.faults, "doctor", "not_found", NULL);
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                            "the doctor is not of the clinic");
    }
    return step == DB_ROW;
}

/* Clinic, doctor and service are there; the desk's are of its facility. */
static bool check_place(JoinOp *op, DbTx *tx, char **ret_facility_id, GError **error)
{
    ServiceTerms terms;
    DbQuery *exists = db_query(tx, "clinic_exists");
    db_bind_text(exists, 1, op->who->clinic_id);
    if (!scheduling_need_row(exists, "clinic", error))
        return false;
    db_reset(exists);
    DbQuery *clinic = db_query(tx, "wait_clinic");
    db_bind_text(clinic, 1, op->who->clinic_id);
    if (!scheduling_need_row(clinic, "clinic", error))
        return false;
    *ret_facility_id = db_column_dup(clinic, 0);
    db_reset(clinic);
    const Actor *actor = &op->actor.actor;
    if (actor->role != ACTOR_PATIENT && g_strcmp0(actor->facility_id, *ret_facility_id) != 0) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_FORBIDDEN,
                            "the clinic is of another facility");
        return false;
    }
    return need_member(op, tx, error) &&
           (!op->who->service_id || slot_wish_service(tx, op->who->clinic_id, op->who->service_id,
                                                      &terms, op->listed.faults, error));
}

static void bind_person(const JoinOp *op, DbQuery *query)
{
    const BookingFields *fields = &op->fields;
    SecretBox *box = op->scheduling->box;
    const char sex[] = {fields->nik.sex, '\0'};
    db_bind_text(query, 8, fields->name);
    db_bind_text(query, 9, op->who->birth_date);
    db_bind_text(query, 10, fields->has_nik ? sex : NULL);
    g_autofree char *nik_sealed =
        fields->has_nik ? secret_box_seal(box, "patient.nik", fields->nik.digits) : NULL;
    g_autofree char *nik_index =
        fields->has_nik ? secret_box_index(box, "patient.nik", fields->nik.digits) : NULL;
    g_autofree char *phone_sealed = secret_box_seal(box, "visit.phone", fields->phone);
    db_bind_text(query, 11, nik_sealed);
    db_bind_text(query, 12, nik_index);
    db_bind_text(query, 13, phone_sealed);
}

typedef struct {
    char *phone, *key, *address; /* keyed hashes; key and address may be NULL */
} Indexes;

static void indexes_clear(Indexes *indexes)
{
    g_free(indexes->phone);
    g_free(indexes->key);
    g_free(indexes->address);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Indexes, indexes_clear)

static void bind_contact(const JoinOp *op, DbQuery *query)
{
    const BookingFields *fields = &op->fields;
    db_bind_text(query, 22, fields->contact_name);
    db_bind_text(query, 23,
                 fields->contact_name ? contact_relation_name(fields->contact_relation) : NULL);
    g_autofree char *mother =
        fields->has_mother_nik
            ? secret_box_seal(op->scheduling->box, "patient.nik", fields->mother_nik.digits)
            : NULL;
    db_bind_text(query, 24, mother);
}

static bool insert(JoinOp *op, DbTx *tx, const char *facility_id, const Indexes *indexes,
                   GError **error)
{
    const BookingRequest *who = op->who;
    g_autofree char *index = person_index(op);
    DbQuery *query = db_query(tx, "wait_insert");
    const char *const texts[] = {op->listed.id,        who->clinic_id,  facility_id,
                                 who->practitioner_id, who->service_id, op->from_date,
                                 op->until_date};
    for (int i = 0; i < (int)G_N_ELEMENTS(texts); i++)
        db_bind_text(query, 1 + i, texts[i]);
    bind_person(op, query);
    db_bind_text(query, 14, indexes->phone);
    db_bind_text(query, 15, index);
    db_bind_text(query, 16, op->fields.lang);
    if (who->consent) {
        db_bind_int(query, 17, who->consent);
        db_bind_text(query, 18, op->actor.actor.role == ACTOR_PATIENT ? "accepted" : "read_aloud");
    } else {
        db_bind_null(query, 17);
        db_bind_null(query, 18);
    }
    db_bind_text(query, 19, indexes->key);
    db_bind_int(query, 20, clock_wall_ms(op->scheduling->clock));
    db_bind_text(query, 21, indexes->address);
    bind_contact(op, query);
    db_bind_text(query, 25, op->fields.reason);
    g_autoptr(GError) refused = NULL;
    if (db_exec(query, &refused))
        return true;
    if (g_error_matches(refused, BASE_ERROR, BASE_ERROR_CONFLICT))
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_ALREADY_WAITING,
                            "the person is on the list already");
    else
        g_propagate_error(error, g_steal_pointer(&refused));
    return false;
}

/* The days that are asked for, as they were when it was asked at ASKED_AT_MS: who sends the same
 * again after midnight means the same. */
static bool is_same_days(const JoinOp *op, DbQuery *row, int64_t asked_at_ms)
{
    const Scheduling *scheduling = op->scheduling;
    char from[SCHEDULING_DATE_BYTES], until[SCHEDULING_DATE_BYTES];
    clock_local_date(asked_at_ms, scheduling->zone, from);
    clock_local_date(asked_at_ms + scheduling->policy.booking_horizon_ms, scheduling->zone, until);
    return strcmp(db_column_text(row, 4), op->says_from ? op->from_date : from) == 0 &&
           strcmp(db_column_text(row, 5), op->says_until ? op->until_date : until) == 0;
}

static bool is_same_request(const JoinOp *op, DbQuery *row, const char *person_index)
{
    const BookingRequest *who = op->who;
    return g_strcmp0(db_column_text(row, 1), who->clinic_id) == 0 &&
           secret_equal_text(db_column_text(row, 2), person_index) &&
           is_same_days(op, row, db_column_int(row, 3)) &&
           g_strcmp0(db_column_text(row, 6), who->practitioner_id) == 0 &&
           g_strcmp0(db_column_text(row, 7), who->service_id) == 0 &&
           g_strcmp0(db_column_text(row, 8), op->fields.reason) == 0;
}

/* *RET_ANSWERED: an earlier request with this key has made the entry. */
static bool answer_again(JoinOp *op, DbTx *tx, const char *key_hash, bool *ret_answered,
                         GError **error)
{
    *ret_answered = false;
    if (!key_hash)
        return true;
    g_autofree char *index = person_index(op);
    DbQuery *row = db_query(tx, "wait_by_key");
    db_bind_text(row, 1, key_hash);
    DbStep step = db_step(row, error);
    if (step != DB_ROW)
        return step == DB_DONE;
    bool same = is_same_request(op, row, index);
    op->listed.id = db_column_dup(row, 0);
    db_reset(row);
    *ret_answered = same;
    if (!same)
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH,
                            "the key came with another request");
    return same;
}

static bool check_consent(JoinOp *op, DbTx *tx, GError **error)
{
    return op->who->consent == 0 || consent_check(op->scheduling, tx, op->who->consent, 0,
                                                  "consent", op->listed.faults, error);
}

static bool write_entry(JoinOp *op, DbTx *tx, const Indexes *indexes, GError **error)
{
    Scheduling *scheduling = op->scheduling;
    g_autofree char *facility_id = NULL;
    op->listed.id = id_new(clock_wall_ms(scheduling->clock));
    return check_place(op, tx, &facility_id, error) &&
           check_address(op, tx, indexes->address, error) &&
           check_number(op, tx, indexes->phone, error) && check_consent(op, tx, error) &&
           insert(op, tx, facility_id, indexes, error) &&
           wait_row_audit(scheduling, tx, &op->actor.actor, "wait.join", op->listed.id, NULL,
                          error) &&
           wait_row_tell(scheduling, tx, op->listed.id, NULL, NOTIFICATION_WAIT_LISTED, error);
}

static bool fill(JoinOp *op, DbTx *tx, GError **error)
{
    g_auto(WaitRow) row = {0};
    int64_t n_ahead = 0;
    if (!wait_row_load(tx, op->listed.id, &row, error))
        return false;
    DbQuery *ahead = db_query(tx, "wait_ahead");
    db_bind_text(ahead, 1, row.clinic_id);
    db_bind_int(ahead, 2, row.is_urgent);
    db_bind_int(ahead, 3, row.requested_at_ms);
    db_bind_text(ahead, 4, row.id);
    if (!count(ahead, &n_ahead, error))
        return false;
    op->listed.n_ahead = (unsigned)n_ahead;
    memcpy(op->listed.until_date, row.until_date, sizeof op->listed.until_date);
    op->listed.token = wait_row_token(op->scheduling, tx, row.id, error);
    return op->listed.token != NULL;
}

static bool compare_nik(JoinOp *op, DbTx *tx, GError **error)
{
    const PersonStated stated = {.birth_date = op->who->birth_date};
    return !op->fields.has_nik || person_nik_compare(op->scheduling, tx, &op->fields.nik, &stated,
                                                     op->listed.warnings, error);
}

static bool join_job(DbTx *tx, gpointer data, GError **error)
{
    JoinOp *op = data;
    bool answered = false;
    if (fault_list_length(op->listed.faults) > 0) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                            "fields of the entry are wrong");
        return false;
    }
    SecretBox *box = op->scheduling->box;
    const char *key = op->who->idempotency_key;
    const Actor *actor = &op->actor.actor;
    g_auto(Indexes) indexes = {
        .phone = secret_box_index(box, "visit.phone", op->fields.phone),
        .key = key && *key ? secret_box_index(box, "wait.key", key) : NULL,
        /* A desk's entries are many, and it has said who it is. */
        .address = actor->role == ACTOR_PATIENT && actor->address
                       ? secret_box_index(box, "wait.address", actor->address)
                       : NULL,
    };
    return compare_nik(op, tx, error) && answer_again(op, tx, indexes.key, &answered, error) &&
           (answered || write_entry(op, tx, &indexes, error)) && fill(op, tx, error);
}

static void on_join_done(gpointer data, const GError *error)
{
    JoinOp *op = data;
    if (!error)
        scheduling_tell_free(op->scheduling);
    op->done(&op->listed, error, op->user_data);
}

static void check_dates(JoinOp *op, const char *today, const WaitRequest *request)
{
    /* A facility may open more days than the server; what is offered keeps to its rule anyway. */
    enum { MOST_DAYS = 90 };
    char last[SCHEDULING_DATE_BYTES], usual[SCHEDULING_DATE_BYTES];
    const Scheduling *scheduling = op->scheduling;
    FaultList *faults = op->listed.faults;
    clock_local_date(clock_wall_ms(scheduling->clock) + scheduling->policy.booking_horizon_ms,
                     scheduling->zone, usual);
    if (!clock_date_add(today, MOST_DAYS, last))
        g_strlcpy(last, usual, sizeof last);
    const char *from = request->from_date ? request->from_date : today;
    const char *until = request->until_date ? request->until_date : usual;
    g_autofree char *allowed = g_strdup_printf("%s..%s", today, last);
    if (!scheduling_date_is_valid(from))
        fault_list_add(faults, "from", "not_a_date", "YYYY-MM-DD");
    else if (strcmp(from, today) < 0)
        fault_list_add(faults, "from", "in_past", allowed);
    else if (strcmp(from, last) > 0)
        fault_list_add(faults, "from", "too_late", allowed);
    if (!scheduling_date_is_valid(until))
        fault_list_add(faults, "until", "not_a_date", "YYYY-MM-DD");
    else if (strcmp(until, from) < 0)
        fault_list_add(faults, "until", "too_early", allowed);
    else if (strcmp(until, last) > 0)
        fault_list_add(faults, "until", "too_late", allowed);
    op->says_from = request->from_date != NULL;
    op->says_until = request->until_date != NULL;
    g_strlcpy(op->from_date, from, sizeof op->from_date);
    g_strlcpy(op->until_date, until, sizeof op->until_date);
}

void wait_list_join(Scheduling *scheduling, const WaitRequest *request, const Actor *actor,
                    WaitListedDone done, gpointer user_data)
{
    JoinOp *op = g_new0(JoinOp, 1);
    char today[SCHEDULING_DATE_BYTES];
    clock_local_date(clock_wall_ms(scheduling->clock), scheduling->zone, today);
    op->scheduling = scheduling;
    op->who = request->who;
    op->who->is_walk_in = true; /* has no time yet, and need not name a doctor */
    actor_copy_init(&op->actor, actor);
    op->listed.faults = fault_list_new();
    op->listed.warnings = fault_list_new();
    op->done = done;
    op->user_data = user_data;
    booking_check(op->who, today, &op->fields, op->listed.faults, op->listed.warnings);
    if (actor->role == ACTOR_PATIENT && booking_is_lone_child(op->who, today))
        fault_list_add(op->listed.faults, "contact_name", "guardian_required", NULL);
    if (op->fields.phone && !g_str_has_prefix(op->fields.phone, "+628"))
        fault_list_add(op->listed.faults, "phone", "not_mobile", "08xx or +628xx");
    check_dates(op, today, request);
    db_write(scheduling->db, join_job, on_join_done, op, join_op_free);
}
