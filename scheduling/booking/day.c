// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/day.h"

#include <string.h>

#include "scheduling/booking/other_doctor.h"
#include "scheduling/booking/person.h"
#include "scheduling/booking/queue.h"
#include "scheduling/booking/queue_day.h"
#include "scheduling/clinic/hours_kept.h"
#include "scheduling/outbox/late_row.h"
#include "scheduling/policy/policy.h"
#include "scheduling/record/consent.h"

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    char *date; /* NULL: today */
    bool is_doctor;
    char *owner_id; /* the practitioner's, else the facility's */
    PolicyMemo memo;
    Day day;
    DayDone done;
    gpointer user_data;
} DayOp;

static void day_visit_free(gpointer data)
{
    DayVisit *visit = data;
    g_free(visit->id);
    g_free(visit->code);
    g_free(visit->number);
    g_free(visit->patient);
    g_free(visit->doctor);
    g_free(visit->clinic);
    g_free(visit->practitioner_id);
    g_free(visit->clinic_id);
    g_free(visit->facility_id);
    g_free(visit->service_id);
    g_free(visit->service);
    g_free(visit->service_mode);
    g_free(visit->contact_name);
    g_free(visit->contact_relation);
    g_free(visit->group_id);
    g_free(visit->group_title);
    g_free(visit->participant_id);
    g_free(visit->reason);
    g_free(visit->lang);
    g_free(visit);
}

static void day_op_clear(gpointer data)
{
    DayOp *op = data;
    actor_copy_clear(&op->actor);
    g_free(op->date);
    g_free(op->owner_id);
    g_ptr_array_unref(op->day.visits);
    g_array_unref(op->day.late);
}

/* Main thread: of each of the two jobs, one. */
static void day_op_unref(gpointer data)
{
    g_rc_box_release_full(data, day_op_clear);
}

static const char *sex_text(const char *column)
{
    if (!column)
        return NULL;
    return column[0] == 'P' ? "P" : "L";
}

/* What it is in the queue. */
static void read_queue(DayVisit *visit, DbQuery *row)
{
    visit->practitioner_id = db_column_dup(row, 13);
    visit->clinic_id = db_column_dup(row, 14);
    visit->facility_id = db_column_dup(row, 24);
    const VisitRow state = {.state = visit->state, .pool = db_column_int(row, 15) != 0};
    visit->any_doctor = visit_row_is_unclaimed(&state);
    visit->is_walk_in = db_column_int(row, 16) != 0;
    visit->is_delayed = scheduling_column_int0(row, 17) != 0;
    visit->is_urgent = scheduling_column_int0(row, 18) != 0;
    visit->service = db_column_dup(row, 19);
    visit->service_mode = db_column_dup(row, 20);
    visit->service_id = db_column_dup(row, 21);
    visit->group_id = db_column_dup(row, 30);
    visit->group_title = db_column_dup(row, 31);
    visit->is_to_phone = db_column_int(row, 37) != 0;
    visit->has_no_phone = db_column_int(row, 44) == 0;
    visit->has_fixed_line = scheduling_column_int0(row, 45) != 0;
    visit_way_parse(db_column_text(row, 38), &visit->way);
    if (!db_column_is_null(row, 39))
        visit->came = db_column_int(row, 39) ? VISIT_CAME_YES : VISIT_CAME_NO;
    const char *consent = db_column_text(row, 22);
    visit->has_nik = db_column_int(row, 23) != 0;
    visit->overlaps = db_column_int(row, 26) != 0;
    visit->has_withdrawn = g_strcmp0(consent, "withdrawn") == 0;
    visit->has_consent = consent && !visit->has_withdrawn;
    if (visit->state == VISIT_STATE_CHECKED_IN || visit->is_to_phone)
        visit->unanswered_since_ms = scheduling_column_int0(row, 25);
    visit->is_extra = db_column_int(row, 27) != 0;
    visit->contact_name = db_column_dup(row, 28);
    visit->contact_relation = db_column_dup(row, 29);
}

/* What a doctor should know before the call. */
static void read_flags(DayVisit *visit, DbQuery *row)
{
    visit->participant_id = db_column_dup(row, 32);
    visit->lang = db_column_dup(row, 33);
    visit->has_interpreter = db_column_int(row, 34) != 0;
    visit->is_returning = db_column_int(row, 35) != 0;
    visit->reason = db_column_dup(row, 36);
}

static DayVisit *read_visit(DayOp *op, DbTx *tx, DbQuery *row, GError **error)
{
    const Policy *policy = policy_of(&op->memo, op->scheduling, tx, db_column_text(row, 24), error);
    if (!policy)
        return NULL;
    DayVisit *visit = g_new0(DayVisit, 1);
    visit->id = db_column_dup(row, 0);
    visit->code = db_column_dup(row, 1);
    visit->number = db_column_dup(row, 2);
    visit_state_parse(db_column_text(row, 3), &visit->state);
    visit->patient = db_column_dup(row, 4);
    visit->age = person_age(db_column_text(row, 5), op->day.date);
    visit->sex = sex_text(db_column_text(row, 6));
    visit->doctor = db_column_dup(row, 7);
    visit->clinic = db_column_dup(row, 8);
    visit->starts_at_ms = db_column_int(row, 9);
    visit->ends_at_ms = db_column_int(row, 10);
    visit->due_from_ms = db_column_int(row, 40);
    visit->is_of_day_before = db_column_int(row, 42) != 0;
    if (db_column_int(row, 41) != 0)
        visit->other_doctor_why = duty_fault_name(DUTY_PERMIT_OVER);
    visit->is_unplaced = db_column_int(row, 43) != 0 && !visit_state_row(visit->state)->is_final;
    visit->opens_at_ms = visit->starts_at_ms - policy_ms(policy, POLICY_OPEN_BEFORE);
    visit->checked_in_at_ms = scheduling_column_int0(row, 11);
    visit->present = scheduling_column_int0(row, 12) != 0;
    int64_t waited_ms = clock_wall_ms(op->scheduling->clock) - visit->checked_in_at_ms;
    if ((visit->state == VISIT_STATE_CHECKED_IN || visit->state == VISIT_STATE_CALLED) &&
        waited_ms > 0)
        visit->waiting_minutes = (unsigned)(waited_ms / 60000);
    read_queue(visit, row);
    read_flags(visit, row);
    return visit;
}

/* Of those that were hit once: which have no place by the hours as they are. */
static bool judge_hits(DayOp *op, DbTx *tx, GError **error)
{
    g_autoptr(GHashTable) days = hours_kept_days_new();
    for (unsigned i = 0; i < op->day.visits->len; i++) {
        DayVisit *visit = op->day.visits->pdata[i];
        if (visit->is_unplaced && !hours_kept_is_unplaced_in(op->scheduling, tx, days, visit->id,
                                                             &visit->is_unplaced, error))
            return false;
    }
    return true;
}

static bool has_no_turn(const DayVisit *visit)
{
    return visit->state == VISIT_STATE_CHECKED_IN && visit->place == 0;
}

/* The places in the queue of KEY go to all of the day that wait in it. */
static bool place_queue(DayOp *op, DbTx *tx, const QueueKey *key, GError **error)
{
    g_autoptr(GArray) turns = queue_load(op->scheduling, tx, key, error);
    for (unsigned i = 0; turns && i < op->day.visits->len; i++) {
        DayVisit *visit = op->day.visits->pdata[i];
        for (unsigned place = 0; has_no_turn(visit) && place < turns->len; place++) {
            if (strcmp(g_array_index(turns, Turn, place).id, visit->id) == 0)
                visit->place = place + 1;
        }
    }
    return turns != NULL;
}

/* A doctor sees the own queue; a desk that of each clinic as a whole. */
static bool place_all(DayOp *op, DbTx *tx, const char *practitioner_id, GError **error)
{
    QueueKey own = {.practitioner_id = practitioner_id, .local_date = op->day.date};
    if (practitioner_id)
        return place_queue(op, tx, &own, error);
    for (unsigned i = 0; i < op->day.visits->len; i++) {
        const DayVisit *visit = op->day.visits->pdata[i];
        QueueKey key = {.clinic_id = visit->clinic_id, .local_date = op->day.date};
        if (has_no_turn(visit) && !place_queue(op, tx, &key, error))
            return false;
    }
    return true;
}

/* On which day a doctor is to be there for who is still to be seen: not before today. */
static const char *serving_date(const DayOp *op, const char *today)
{
    return strcmp(op->day.date, today) > 0 ? op->day.date : today;
}

/* Which of them the doctor will not see, nor another one of the clinic's where any would do. */
static bool find_other_doctors(DayOp *op, DbTx *tx, const QueueDays *now, GError **error)
{
    g_autoptr(OtherDoctor) other = other_doctor_new(op->scheduling, tx);
    for (unsigned i = 0; i < op->day.visits->len; i++) {
        DayVisit *visit = op->day.visits->pdata[i];
        bool is_open = visit->state == VISIT_STATE_REQUESTED ||
                       visit->state == VISIT_STATE_BOOKED || visit->state == VISIT_STATE_CHECKED_IN;
        bool is_anybodys = visit->any_doctor && !visit->group_id;
        const OtherDoctorVisit of = {
            .clinic_id = visit->clinic_id,
            .facility_id = visit->facility_id,
            .practitioner_id = is_anybodys ? NULL : visit->practitioner_id,
            .date = visit->is_of_day_before ? now->before : serving_date(op, now->date),
            .is_urgent = visit->is_urgent,
            .is_at_post = g_strcmp0(visit->service_mode, "assisted") == 0,
        };
        if (is_open && !visit->other_doctor_why &&
            !other_doctor_find(other, &of, &visit->other_doctor_why, error))
            return false;
    }
    return true;
}

/* Whose day. */
static bool find_owner(DayOp *op, DbTx *tx, GError **error)
{
    const Actor *actor = &op->actor.actor;
    op->is_doctor = actor->role != ACTOR_DESK || !actor->facility_id;
    op->owner_id = op->is_doctor ? scheduling_actor_practitioner(tx, actor, error)
                                 : g_strdup(actor->facility_id);
    return op->owner_id != NULL;
}

static bool choose_date(DayOp *op, GError **error)
{
    if (!op->date) {
        clock_local_date(clock_wall_ms(op->scheduling->clock), op->scheduling->zone, op->day.date);
        return true;
    }
    if (!scheduling_date_is_valid(op->date)) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                            "date is not a date");
        return false;
    }
    g_strlcpy(op->day.date, op->date, sizeof op->day.date);
    return true;
}

static bool read_job(DbTx *tx, gpointer data, GError **error)
{
    DayOp *op = data;
    int64_t consent_version;
    QueueDays now;
    queue_days_now(op->scheduling, &now);
    if (!choose_date(op, error) || !find_owner(op, tx, error) ||
        !consent_newest_version(op->scheduling, tx, &consent_version, error))
        return false;
    DbQuery *rows = db_query(tx, op->is_doctor ? "day_of_practitioner" : "day_of_facility");
    db_bind_text(rows, 1, op->owner_id);
    db_bind_text(rows, 2, op->day.date);
    db_bind_int(rows, 3, consent_version);
    db_bind_text(rows, 4, serving_date(op, now.date));
    db_bind_text(rows, 5, strcmp(op->day.date, now.date) == 0 ? now.before : "");
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        DayVisit *visit = read_visit(op, tx, rows, error);
        if (!visit)
            return false;
        g_ptr_array_add(op->day.visits, visit);
    }
    return step == DB_DONE && judge_hits(op, tx, error) &&
           place_all(op, tx, op->is_doctor ? op->owner_id : NULL, error) &&
           find_other_doctors(op, tx, &now, error) &&
           late_list(tx, op->is_doctor, op->owner_id, op->day.date, op->day.late, error);
}

static bool audit_job(DbTx *tx, gpointer data, GError **error)
{
    DayOp *op = data;
    return scheduling_audit(op->scheduling, tx, &op->actor.actor, "day.read",
                            op->is_doctor ? "practitioner" : "facility", op->owner_id, error);
}

static void on_audited(gpointer data, const GError *error)
{
    DayOp *op = data;
    op->done(error ? NULL : &op->day, error, op->user_data);
}

static void on_read(gpointer data, const GError *error)
{
    DayOp *op = data;
    if (error)
        op->done(NULL, error, op->user_data);
    else
        db_write(op->scheduling->db, audit_job, on_audited, g_rc_box_acquire(op), day_op_unref);
}

void day_list(Scheduling *scheduling, const Actor *actor, const char *date, DayDone done,
              gpointer user_data)
{
    DayOp *op = g_rc_box_new0(DayOp);
    op->scheduling = scheduling;
    actor_copy_init(&op->actor, actor);
    op->date = g_strdup(date);
    op->day.visits = g_ptr_array_new_with_free_func(day_visit_free);
    op->day.late = g_array_new(FALSE, FALSE, sizeof(LateDoctor));
    op->done = done;
    op->user_data = user_data;
    /* Reading patients' names is an audit row: it is on the disk before anything is answered. Only
     * that row is a write, so that lists are read side by side and keep no booking waiting. */
    db_read(scheduling->db, read_job, on_read, op, day_op_unref);
}
