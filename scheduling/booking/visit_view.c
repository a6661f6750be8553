// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/other_doctor.h"
#include "scheduling/booking/person.h"
#include "scheduling/booking/queue.h"
#include "scheduling/booking/queue_day.h"
#include "scheduling/booking/visit.h"
#include "scheduling/booking/visit_row.h"
#include "scheduling/clinic/hours_kept.h"
#include "scheduling/outbox/late_row.h"
#include "scheduling/policy/policy.h"
#include "scheduling/record/consent.h"

const char *visit_role_name(VisitRole role)
{
    switch (role) {
    case VISIT_ROLE_PATIENT:
        return "patient";
    case VISIT_ROLE_DOCTOR:
        return "doctor";
    case VISIT_ROLE_GUEST:
        return "guest";
    }
    g_assert_not_reached();
}

bool visit_role_parse(const char *name, VisitRole *ret_role)
{
    for (int i = VISIT_ROLE_PATIENT; name && i <= VISIT_ROLE_GUEST; i++) {
        if (g_str_equal(visit_role_name((VisitRole)i), name)) {
            *ret_role = (VisitRole)i;
            return true;
        }
    }
    return false;
}

const char *visit_guest_name(VisitGuest guest)
{
    switch (guest) {
    case VISIT_GUEST_INTERPRETER:
        return "interpreter";
    case VISIT_GUEST_FAMILY:
        return "family";
    case VISIT_GUEST_EXPERT:
        return "expert";
    }
    g_assert_not_reached();
}

bool visit_guest_parse(const char *name, VisitGuest *ret_guest)
{
    for (int i = VISIT_GUEST_INTERPRETER; name && i <= VISIT_GUEST_EXPERT; i++) {
        if (g_str_equal(visit_guest_name((VisitGuest)i), name)) {
            *ret_guest = (VisitGuest)i;
            return true;
        }
    }
    return false;
}

static void participant_free(gpointer data)
{
    VisitParticipant *participant = data;
    g_free(participant->id);
    g_free(participant->name);
    g_free(participant);
}

void visit_view_free(VisitView *view)
{
    if (!view)
        return;
    char *texts[] = {view->id,          view->code,        view->number,
                     view->facility,    view->clinic,      view->doctor,
                     view->phone,       view->patient,     view->patient_initials,
                     view->lang,        view->ended_by,    view->practitioner_id,
                     view->facility_id, view->clinic_id,   view->local_date,
                     view->service_id,  view->service,     view->service_mode,
                     view->group_id,    view->group_title, view->group_name,
                     view->address};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_ptr_array_unref(view->participants);
    g_array_unref(view->following);
    g_free(view);
}

/* What the queue asks of the visit in ROW. */
static VisitRow read_row(const VisitView *view, DbQuery *row)
{
    VisitRow visit = {
        .state = view->state,
        .starts_at_ms = view->starts_at_ms,
        .ends_at_ms = view->ends_at_ms,
        .due_from_ms = view->place ? view->session_starts_at_ms : view->starts_at_ms,
        .pool = db_column_int(row, 23) != 0,
        .is_walk_in = db_column_int(row, 24) != 0,
    };
    g_strlcpy(visit.id, view->id, sizeof visit.id);
    g_strlcpy(visit.practitioner_id, view->practitioner_id, sizeof visit.practitioner_id);
    g_strlcpy(visit.clinic_id, view->clinic_id, sizeof visit.clinic_id);
    g_strlcpy(visit.local_date, view->local_date, sizeof visit.local_date);
    return visit;
}

/* A job that reads views. */
typedef struct {
    Scheduling *scheduling;
    DbTx *tx;
    QueueBook *book;
    OtherDoctor *other; /* NULL: who has a place is not asked */
    PolicyMemo memo;
    int64_t consent_version;
} Reading;

static bool reading_begin(Reading *reading, Scheduling *scheduling, DbTx *tx, GError **error)
{
    *reading = (Reading){.scheduling = scheduling, .tx = tx, .book = queue_book_new()};
    return consent_newest_version(scheduling, tx, &reading->consent_version, error);
}

static void reading_end(Reading *reading)
{
    queue_book_free(reading->book);
    other_doctor_free(reading->other);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reading, reading_end)

/* What the policy says of the view. */
static bool read_policy(Reading *reading, VisitView *view, GError **error)
{
    const Policy *policy =
        policy_of(&reading->memo, reading->scheduling, reading->tx, view->facility_id, error);
    if (!policy)
        return false;
    view->opens_at_ms = view->starts_at_ms - policy_ms(policy, POLICY_OPEN_BEFORE);
    view->moves_until_ms = view->starts_at_ms - policy_ms(policy, POLICY_MOVE_UNTIL);
    int64_t cancel_until_ms = policy_ms(policy, POLICY_CANCEL_UNTIL);
    view->cancels_until_ms = cancel_until_ms ? view->starts_at_ms - cancel_until_ms : 0;
    return true;
}

/* The columns of visit_view and visit_waiting. */
static VisitView *read_view(DbQuery *row)
{
    VisitView *view = g_new0(VisitView, 1);
    view->participants = g_ptr_array_new_with_free_func(participant_free);
    view->following = g_array_new(FALSE, FALSE, sizeof(int64_t));
    view->id = db_column_dup(row, 0);
    view->code = db_column_dup(row, 1);
    view->number = db_column_dup(row, 2);
    view->starts_at_ms = db_column_int(row, 4);
    view->ends_at_ms = db_column_int(row, 5);
    view->facility = db_column_dup(row, 6);
    view->clinic = db_column_dup(row, 7);
    view->doctor = db_column_dup(row, 8);
    view->phone = db_column_dup(row, 9);
    view->patient = db_column_dup(row, 10);
    view->patient_initials = person_initials(view->patient);
    view->lang = db_column_dup(row, 11);
    view->ended_at_ms = scheduling_column_int0(row, 12);
    view->ended_by = db_column_dup(row, 13);
    view->practitioner_id = db_column_dup(row, 14);
    view->facility_id = db_column_dup(row, 15);
    view->local_date = db_column_dup(row, 16);
    view->revision = (uint64_t)db_column_int(row, 18);
    view->place = (int)scheduling_column_int0(row, 19);
    view->session_starts_at_ms = scheduling_column_int0(row, 20);
    view->session_ends_at_ms = scheduling_column_int0(row, 21);
    view->clinic_id = db_column_dup(row, 22);
    view->service_id = db_column_dup(row, 25);
    view->service = db_column_dup(row, 26);
    view->service_mode = db_column_dup(row, 27);
    view->is_extra = db_column_int(row, 29) != 0;
    view->group_id = db_column_dup(row, 30);
    view->group_place = (int)db_column_int(row, 31);
    if (g_strcmp0(db_column_text(row, 32), "first_name") == 0)
        view->group_name = person_first_name(view->patient);
    view->group_title = db_column_dup(row, 33);
    view->address = db_column_dup(row, 36);
    return view;
}

static bool load_participants(DbTx *tx, VisitView *view, GError **error)
{
    DbQuery *rows = db_query(tx, "visit_participants");
    db_bind_text(rows, 1, view->id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        VisitParticipant *participant = g_new0(VisitParticipant, 1);
        g_ptr_array_add(view->participants, participant);
        participant->id = db_column_dup(rows, 0);
        participant->role = VISIT_ROLE_GUEST;
        visit_role_parse(db_column_text(rows, 1), &participant->role);
        visit_guest_parse(db_column_text(rows, 2), &participant->guest);
        if (participant->role == VISIT_ROLE_GUEST)
            participant->name = g_strdup("");
        else
            participant->name =
                g_strdup(participant->role == VISIT_ROLE_PATIENT ? view->patient : view->doctor);
    }
    return step == DB_DONE;
}

static bool load_following(DbTx *tx, VisitView *view, GError **error)
{
    DbQuery *rows = db_query(tx, "series_following");
    db_bind_text(rows, 1, view->id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        int64_t starts_at_ms = db_column_int(rows, 0);
        g_array_append_val(view->following, starts_at_ms);
    }
    return step == DB_DONE;
}

static bool load_place(Reading *reading, VisitView *view, const VisitRow *row, GError **error)
{
    QueuePlace place = {0};
    if (!late_minutes_of_visit(reading->tx, row, &view->late_minutes, error))
        return false;
    /* Its turn comes so much later than its time says. */
    VisitRow expected = *row;
    expected.due_from_ms += view->late_minutes * (int64_t)60000;
    expected.starts_at_ms += view->late_minutes * (int64_t)60000;
    expected.ends_at_ms += view->late_minutes * (int64_t)60000;
    if (view->waits &&
        !queue_place(reading->scheduling, reading->tx, &expected, reading->book, &place, error))
        return false;
    view->ahead = place.ahead;
    view->wait_min_minutes = place.wait_min_minutes;
    view->wait_max_minutes = place.wait_max_minutes;
    return true;
}

/* The doctor of a visit that any may call is known only when one has. */
static void hide_doctor(VisitView *view, const VisitRow *row)
{
    view->any_doctor = visit_row_is_unclaimed(row);
    if (!view->any_doctor)
        return;
    g_free(view->doctor);
    view->doctor = g_strdup("");
}

/* The view that ROW stands on, without its participants. */
static VisitView *take_view(Reading *reading, DbQuery *row, GError **error)
{
    g_autoptr(VisitView) view = read_view(row);
    if (!visit_state_parse(db_column_text(row, 3), &view->state) ||
        !visit_way_parse(db_column_text(row, 35), &view->way)) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "visit %s has an unknown state",
                    view->id);
        return NULL;
    }
    const VisitRow visit = read_row(view, row);
    hide_doctor(view, &visit);
    view->is_walk_in = visit.is_walk_in;
    /* Who waits for a group's begin stands in no queue. */
    view->waits = view->state == VISIT_STATE_CHECKED_IN && !view->group_id;
    view->asks_consent = !visit_state_row(view->state)->is_final && db_column_int(row, 34) != 0;
    bool is_phoned = view->state == VISIT_STATE_BOOKED && view->way == VISIT_WAY_PHONE;
    view->is_unanswered = (view->waits || is_phoned) && scheduling_column_int0(row, 28) != 0;
    bool asks_place = reading->other && hours_kept_may_choose(view->state);
    bool ok = read_policy(reading, view, error) && load_place(reading, view, &visit, error) &&
              (!asks_place ||
               other_doctor_is_unplaced(reading->other, view->id, &view->is_unplaced, error));
    return ok ? g_steal_pointer(&view) : NULL;
}

static VisitView *view_of(Reading *reading, const char *visit_id, GError **error)
{
    DbQuery *row = db_query(reading->tx, "visit_view");
    db_bind_text(row, 1, visit_id);
    db_bind_int(row, 2, reading->consent_version);
    if (!scheduling_need_row(row, "visit", error))
        return NULL;
    VisitView *view = take_view(reading, row, error);
    db_reset(row);
    return view;
}

VisitView *visit_view_load_ticket(Scheduling *scheduling, DbTx *tx, const char *visit_id,
                                  GError **error)
{
    g_auto(Reading) reading = {0};
    return reading_begin(&reading, scheduling, tx, error) ? view_of(&reading, visit_id, error)
                                                          : NULL;
}

VisitView *visit_view_load(Scheduling *scheduling, DbTx *tx, const char *visit_id, GError **error)
{
    g_auto(Reading) reading = {0};
    if (!reading_begin(&reading, scheduling, tx, error))
        return NULL;
    reading.other = other_doctor_new(scheduling, tx);
    g_autoptr(VisitView) view = view_of(&reading, visit_id, error);
    bool ok = view && load_participants(tx, view, error) && load_following(tx, view, error);
    return ok ? g_steal_pointer(&view) : NULL;
}

typedef struct {
    Scheduling *scheduling;
    char *visit_id;
    VisitView *view;
    VisitViewDone done;
    gpointer user_data;
} ViewOp;

static void view_op_free(gpointer data)
{
    ViewOp *op = data;
    g_free(op->visit_id);
    visit_view_free(op->view);
    g_free(op);
}

static bool view_job(DbTx *tx, gpointer data, GError **error)
{
    ViewOp *op = data;
    op->view = visit_view_load(op->scheduling, tx, op->visit_id, error);
    return op->view != NULL;
}

static void on_view_done(gpointer data, const GError *error)
{
    ViewOp *op = data;
    op->done(error ? NULL : op->view, error, op->user_data);
}

void visit_get_view(Scheduling *scheduling, const char *visit_id, VisitViewDone done,
                    gpointer user_data)
{
    ViewOp *op = g_new0(ViewOp, 1);
    op->scheduling = scheduling;
    op->visit_id = g_strdup(visit_id);
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, view_job, on_view_done, op, view_op_free);
}

typedef struct {
    Scheduling *scheduling;
    char *practitioner_id, *clinic_id, *local_date; /* whose and of which day; or: */
    GStrv visit_ids;
    GPtrArray *views; /* VisitView */
    VisitViewsDone done;
    gpointer user_data;
} ViewsOp;

static void views_op_free(gpointer data)
{
    ViewsOp *op = data;
    g_free(op->practitioner_id);
    g_free(op->clinic_id);
    g_free(op->local_date);
    g_strfreev(op->visit_ids);
    g_ptr_array_unref(op->views);
    g_free(op);
}

/* The days of the queue, and the next one when who waits for it comes after those. */
static void bind_days(const ViewsOp *op, DbQuery *rows)
{
    QueueDays days, next = {0};
    char after[SCHEDULING_DATE_BYTES];
    queue_days(op->scheduling, op->local_date, &days);
    if (clock_date_add(days.date, 1, after))
        queue_days(op->scheduling, after, &next);
    db_bind_text(rows, 2, days.date);
    db_bind_text(rows, 5, days.before);
    db_bind_text(rows, 6, *next.before ? next.date : "");
}

static bool waiting_job(DbTx *tx, gpointer data, GError **error)
{
    ViewsOp *op = data;
    g_auto(Reading) reading = {0};
    if (!reading_begin(&reading, op->scheduling, tx, error))
        return false;
    reading.other = other_doctor_new(op->scheduling, tx);
    DbQuery *rows = db_query(tx, "visit_waiting");
    db_bind_text(rows, 1, op->practitioner_id);
    db_bind_text(rows, 3, op->clinic_id);
    db_bind_int(rows, 4, reading.consent_version);
    bind_days(op, rows);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        VisitView *view = take_view(&reading, rows, error);
        if (!view)
            return false;
        g_ptr_array_add(op->views, view);
    }
    return step == DB_DONE;
}

static void on_views_done(gpointer data, const GError *error)
{
    ViewsOp *op = data;
    op->done(error ? NULL : op->views, error, op->user_data);
}

static ViewsOp *views_op_new(Scheduling *scheduling, VisitViewsDone done, gpointer user_data)
{
    ViewsOp *op = g_new0(ViewsOp, 1);
    op->scheduling = scheduling;
    op->views = g_ptr_array_new_with_free_func((GDestroyNotify)visit_view_free);
    op->done = done;
    op->user_data = user_data;
    return op;
}

void visit_list_waiting(Scheduling *scheduling, const VisitChange *change, VisitViewsDone done,
                        gpointer user_data)
{
    ViewsOp *op = views_op_new(scheduling, done, user_data);
    op->practitioner_id = g_strdup(change->practitioner_id);
    op->clinic_id = g_strdup(change->clinic_id);
    op->local_date = g_strdup(change->local_date);
    db_read(scheduling->db, waiting_job, on_views_done, op, views_op_free);
}

static bool views_job(DbTx *tx, gpointer data, GError **error)
{
    ViewsOp *op = data;
    g_auto(Reading) reading = {0};
    if (!reading_begin(&reading, op->scheduling, tx, error))
        return false;
    reading.other = other_doctor_new(op->scheduling, tx);
    for (char **id = op->visit_ids; *id; id++) {
        g_autoptr(GError) failed = NULL;
        VisitView *view = view_of(&reading, *id, &failed);
        if (view) {
            g_ptr_array_add(op->views, view);
        } else if (!g_error_matches(failed, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_FOUND)) {
            g_propagate_error(error, g_steal_pointer(&failed));
            return false;
        }
    }
    return true;
}

void visit_list_views(Scheduling *scheduling, const char *const *visit_ids, VisitViewsDone done,
                      gpointer user_data)
{
    ViewsOp *op = views_op_new(scheduling, done, user_data);
    op->visit_ids = g_strdupv((char **)visit_ids);
    db_read(scheduling->db, views_job, on_views_done, op, views_op_free);
}
