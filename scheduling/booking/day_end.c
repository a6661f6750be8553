// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/day_end.h"

#include "scheduling/booking/visit_row.h"
#include "scheduling/clinic/hours_store.h"
#include "scheduling/outbox/late_row.h"
#include "scheduling/outbox/notification.h"
#include "scheduling/policy/policy.h"

enum { LOOK_AT_MOST = 2000, LATEST_HOUR = 3 };
static const int64_t minute_ms = (int64_t)60 * 1000;
static const Actor system_actor = {.role = ACTOR_SYSTEM};

/* When the hours and the work of a doctor, or of a clinic's doctors, end on a day. */
typedef struct {
    int64_t hours_end_ms, booked_end_ms, worked_at_ms;
} Day;

/* One job's reading: the days that it has seen, by "whose date". */
typedef struct {
    Scheduling *scheduling;
    DbTx *tx;
    int64_t now_ms;
    PolicyMemo memo;
    GHashTable *days; /* char * -> Day */
} Reading;

static void reading_init(Reading *reading, Scheduling *scheduling, DbTx *tx)
{
    *reading = (Reading){
        .scheduling = scheduling,
        .tx = tx,
        .now_ms = clock_wall_ms(scheduling->clock),
        .days = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
    };
}

static void reading_clear(Reading *reading)
{
    g_hash_table_unref(reading->days);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reading, reading_clear)

static int64_t last_end(const HoursPlan *plan, const char *practitioner_id, const char *date)
{
    int64_t end_ms = 0;
    g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(TimeSpan));
    hours_open(plan, practitioner_id, date, spans);
    for (unsigned i = 0; i < spans->len; i++)
        end_ms = MAX(end_ms, g_array_index(spans, TimeSpan, i).to_ms);
    return end_ms;
}

/* Of PRACTITIONER_ID, or of all doctors of the clinic. */
static bool add_hours_of_clinic(const Reading *reading, const char *clinic_id,
                                const char *practitioner_id, const char *date, int64_t *end_ms,
                                GError **error)
{
    const HoursQuery query = {clinic_id, practitioner_id, date, date};
    g_autoptr(HoursPlan) plan = hours_plan_load(reading->scheduling, reading->tx, &query, error);
    if (!plan)
        return false;
    for (unsigned i = 0; i < plan->rules->len; i++) {
        const char *id = g_array_index(plan->rules, HoursRule, i).practitioner_id;
        *end_ms = MAX(*end_ms, last_end(plan, id, date));
    }
    for (unsigned i = 0; i < plan->overrides->len; i++) {
        const char *id = g_array_index(plan->overrides, HoursOverride, i).practitioner_id;
        *end_ms = MAX(*end_ms, last_end(plan, id, date));
    }
    return true;
}

/* In whatever clinic: a doctor's queue is that of all of them. */
static bool add_hours_of_doctor(const Reading *reading, const char *practitioner_id,
                                const char *date, int64_t *end_ms, GError **error)
{
    g_autoptr(GPtrArray) clinics = g_ptr_array_new_with_free_func(g_free);
    DbQuery *rows = db_query(reading->tx, "day_end_clinics");
    db_bind_text(rows, 1, practitioner_id);
    if (!db_collect(rows, db_row_text, clinics, error))
        return false;
    for (unsigned i = 0; i < clinics->len; i++) {
        if (!add_hours_of_clinic(reading, clinics->pdata[i], practitioner_id, date, end_ms, error))
            return false;
    }
    return true;
}

static bool load_work(const Reading *reading, const VisitRow *row, bool is_of_clinic, Day *day,
                      GError **error)
{
    DbQuery *query =
        db_query(reading->tx, is_of_clinic ? "day_end_work_of_clinic" : "day_end_work_of_doctor");
    db_bind_text(query, 1, is_of_clinic ? row->clinic_id : row->practitioner_id);
    db_bind_text(query, 2, row->local_date);
    db_bind_int(query, 3, reading->now_ms);
    if (!scheduling_need_row(query, "work", error))
        return false;
    day->worked_at_ms = scheduling_column_int0(query, 0);
    day->booked_end_ms = scheduling_column_int0(query, 1);
    db_reset(query);
    return true;
}

/* NULL with ERROR; the reading's. */
static const Day *day_of(Reading *reading, const VisitRow *row, GError **error)
{
    bool is_of_clinic = visit_row_is_unclaimed(row);
    g_autofree char *key = g_strconcat(is_of_clinic ? row->clinic_id : row->practitioner_id, " ",
                                       row->local_date, NULL);
    const Day *known = g_hash_table_lookup(reading->days, key);
    if (known)
        return known;
    Day day = {0};
    bool ok = is_of_clinic ? add_hours_of_clinic(reading, row->clinic_id, NULL, row->local_date,
                                                 &day.hours_end_ms, error)
                           : add_hours_of_doctor(reading, row->practitioner_id, row->local_date,
                                                 &day.hours_end_ms, error);
    if (!ok || !load_work(reading, row, is_of_clinic, &day, error))
        return NULL;
    Day *kept = g_memdup2(&day, sizeof day);
    g_hash_table_insert(reading->days, g_steal_pointer(&key), kept);
    return kept;
}

/* Three in the morning after DATE. */
static bool latest_of(const Reading *reading, const char *date, int64_t *ret_ms, GError **error)
{
    char next[SCHEDULING_DATE_BYTES];
    TimeSpan span;
    const int minutes[2] = {LATEST_HOUR * 60, LOCAL_TIME_MINUTES_PER_DAY};
    if (clock_date_add(date, 1, next) &&
        local_time_span(reading->scheduling->zone, next, minutes, LOCAL_TIME_OUTER, &span)) {
        *ret_ms = span.from_ms;
        return true;
    }
    g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "a visit's day is no date: %s", date);
    return false;
}

static bool load_facts(Reading *reading, const VisitRow *row, DayEndFacts *ret_facts,
                       GError **error)
{
    DayEndFacts facts = {
        .state = row->state,
        .way = row->way,
        .has_accepted = row->accepted_at_ms > 0,
        .starts_at_ms = row->starts_at_ms,
        .ends_at_ms = row->ends_at_ms,
    };
    const Policy *policy =
        policy_of(&reading->memo, reading->scheduling, reading->tx, row->facility_id, error);
    const Day *day = policy ? day_of(reading, row, error) : NULL;
    LateRow late;
    if (!day || !latest_of(reading, row->local_date, &facts.latest_ms, error) ||
        !late_of_visit(reading->tx, row, &late, error))
        return false;
    facts.late_ms = late.minutes * minute_ms;
    facts.late_until_ms = late.until_ms;
    facts.after_ms = policy_ms(policy, POLICY_DAY_END);
    facts.hours_end_ms = day->hours_end_ms;
    facts.booked_end_ms = day->booked_end_ms;
    facts.worked_at_ms = day->worked_at_ms;
    DbQuery *query = db_query(reading->tx, "day_end_facts");
    db_bind_text(query, 1, row->id);
    if (!scheduling_need_row(query, "visit", error))
        return false;
    facts.both_ms = db_column_int(query, 0);
    facts.is_outreach = db_column_int(query, 1) != 0;
    facts.left_at_ms = scheduling_column_int0(query, 2);
    db_reset(query);
    if (row->way == VISIT_WAY_PHONE &&
        !visit_row_was_phoned(reading->tx, row, &facts.was_phoned, error))
        return false;
    *ret_facts = facts;
    return true;
}

/* *RET_IS: the day is over for the visit, which is not done with. */
static bool is_due(Reading *reading, const VisitRow *row, DayEndFacts *ret_facts, bool *ret_is,
                   GError **error)
{
    *ret_is = row->state == VISIT_STATE_CHECKED_IN || row->state == VISIT_STATE_CALLED ||
              row->state == VISIT_STATE_IN_CALL ||
              (row->state == VISIT_STATE_BOOKED && row->way == VISIT_WAY_PHONE);
    if (!*ret_is)
        return true;
    if (!load_facts(reading, row, ret_facts, error))
        return false;
    *ret_is = reading->now_ms >= day_end_due_ms(ret_facts);
    return true;
}

/* Held by each of its jobs; main thread. */
typedef struct {
    Scheduling *scheduling;
    GPtrArray *ids; /* of those that are due */
    unsigned n_waiting;
    DayEnded ended;
    GError *error; /* the first one */
    DayEndDone done;
    gpointer user_data;
} SweepOp;

static void sweep_op_clear(gpointer data)
{
    SweepOp *op = data;
    g_ptr_array_unref(op->ids);
    g_clear_error(&op->error);
}

static void sweep_op_unref(gpointer data)
{
    g_rc_box_release_full(data, sweep_op_clear);
}

static bool find_job(DbTx *tx, gpointer data, GError **error)
{
    SweepOp *op = data;
    Policy base;
    g_auto(Reading) reading;
    reading_init(&reading, op->scheduling, tx);
    policy_base(op->scheduling, &base);
    g_autoptr(GPtrArray) waiting = g_ptr_array_new_with_free_func(g_free);
    DbQuery *rows = db_query(tx, "day_end_waiting");
    db_bind_int(rows, 1, reading.now_ms);
    db_bind_int(rows, 2, base.values[POLICY_DAY_END]);
    db_bind_int(rows, 3, LOOK_AT_MOST);
    if (!db_collect(rows, db_row_text, waiting, error))
        return false;
    for (unsigned i = 0; i < waiting->len && op->ids->len < DAY_END_MAX_AT_ONCE; i++) {
        VisitRow row;
        DayEndFacts facts;
        bool is = false;
        if (!visit_row_load(tx, waiting->pdata[i], &row, error) ||
            !is_due(&reading, &row, &facts, &is, error))
            return false;
        if (is)
            g_ptr_array_add(op->ids, g_strdup(row.id));
    }
    op->ended.more = op->ids->len == DAY_END_MAX_AT_ONCE;
    return true;
}

/* One visit. */
typedef struct {
    SweepOp *sweep;
    char id[SCHEDULING_ID_BYTES];
    ChangeBox box;
    VisitState became;
} EndOp;

static void end_op_free(gpointer data)
{
    EndOp *op = data;
    sweep_op_unref(op->sweep);
    g_free(op);
}

/* Who was not seen is told so; who talked to the doctor was seen. */
static bool tell(const EndOp *op, DbTx *tx, const VisitRow *row, GError **error)
{
    if (row->state == VISIT_STATE_DONE || row->state == VISIT_STATE_CANCELLED_SYSTEM)
        return true;
    int64_t now_ms = clock_wall_ms(op->sweep->scheduling->clock);
    const NewNotification entry = {row->id, NOTIFICATION_MISSED, row->starts_at_ms, now_ms};
    return notification_add(tx, &entry, now_ms, error);
}

static bool end_job(DbTx *tx, gpointer data, GError **error)
{
    EndOp *op = data;
    Scheduling *scheduling = op->sweep->scheduling;
    VisitRow row;
    DayEndFacts facts;
    bool is = false;
    g_auto(Reading) reading;
    reading_init(&reading, scheduling, tx);
    if (!visit_row_load(tx, op->id, &row, error) || !is_due(&reading, &row, &facts, &is, error))
        return false;
    if (!is)
        return true;
    const VisitStep step = {
        .to = day_end_outcome(&facts),
        .actor = &system_actor,
        .detail = "day_end",
        .is_quiet = true,
    };
    if (!visit_set_state(scheduling, tx, &row, &step, &op->box, error))
        return false;
    op->became = row.state;
    return facts.is_outreach || tell(op, tx, &row, error);
}

static void count(DayEnded *ended, VisitState became)
{
    if (became == VISIT_STATE_NO_SHOW_DOCTOR)
        ended->n_no_doctor++;
    else if (became == VISIT_STATE_LEFT_WITHOUT_BEING_SEEN)
        ended->n_left++;
    else if (became == VISIT_STATE_TECH_FAILED)
        ended->n_failed++;
    else if (became == VISIT_STATE_DONE)
        ended->n_done++;
    else if (became == VISIT_STATE_CANCELLED_SYSTEM)
        ended->n_cancelled++;
}

static void on_ended(gpointer data, const GError *error)
{
    EndOp *op = data;
    SweepOp *sweep = op->sweep;
    if (!error) {
        count(&sweep->ended, op->became);
        scheduling_notify(sweep->scheduling, &op->box);
    } else if (!sweep->error) {
        sweep->error = g_error_copy(error);
    }
    if (--sweep->n_waiting == 0)
        sweep->done(&sweep->ended, sweep->error, sweep->user_data);
}

static void on_found(gpointer data, const GError *error)
{
    SweepOp *op = data;
    if (error)
        op->error = g_error_copy(error);
    op->n_waiting = error ? 0 : op->ids->len;
    if (op->n_waiting == 0)
        op->done(&op->ended, op->error, op->user_data);
    for (unsigned i = 0; i < op->n_waiting; i++) {
        EndOp *end = g_new0(EndOp, 1);
        end->sweep = g_rc_box_acquire(op);
        end->became = VISIT_STATE_REQUESTED; /* nothing yet */
        g_strlcpy(end->id, op->ids->pdata[i], sizeof end->id);
        db_write(op->scheduling->db, end_job, on_ended, end, end_op_free);
    }
}

void day_end_sweep(Scheduling *scheduling, DayEndDone done, gpointer user_data)
{
    SweepOp *op = g_rc_box_new0(SweepOp);
    op->scheduling = scheduling;
    op->ids = g_ptr_array_new_with_free_func(g_free);
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, find_job, on_found, op, sweep_op_unref);
}
