// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/series_private.h"

#include <string.h>

#include "scheduling/booking/own_visit.h"
#include "scheduling/booking/visit_source.h"
#include "scheduling/clinic/hours_store.h"
#include "scheduling/clinic/slot_book.h"

/* Where a date does not fit, the days so far around it are looked at. */
enum { AROUND_DAYS = 3, WEEK_DAYS = 7 };
static const int64_t day_ms = (int64_t)24 * 60 * 60 * 1000;

const char *series_fit_name(SeriesFit fit)
{
    static const char *const names[] = {"fits",    "too_far",  "permit_over", "leave",
                                        "holiday", "no_hours", "full",        "own_visit"};
    return names[fit];
}

bool series_is_interval(int every_weeks)
{
    return every_weeks == 1 || every_weeks == 2 || every_weeks == 4;
}

typedef struct {
    Scheduling *scheduling;
    char *visit_id, *first_date, *until_date;
    SeriesWish wish;
    bool is_move;
    ActorCopy actor;
    SeriesPlan plan;
    SeriesPlanDone done;
    gpointer user_data;
} PlanOp;

static void plan_op_free(gpointer data)
{
    PlanOp *op = data;
    g_free(op->visit_id);
    g_free(op->first_date);
    g_free(op->until_date);
    actor_copy_clear(&op->actor);
    g_array_unref(op->plan.dates);
    fault_list_free(op->plan.faults);
    g_free(op);
}

static void check_first(PlanOp *op, const char *today)
{
    char last[SCHEDULING_DATE_BYTES];
    FaultList *faults = op->plan.faults;
    if (!scheduling_date_is_valid(op->first_date))
        fault_list_add(faults, "first", op->first_date ? "not_a_date" : "required", "YYYY-MM-DD");
    else if (strcmp(op->first_date, today) <= 0)
        fault_list_add(faults, "first", "in_past", NULL);
    else if (!clock_date_add(today, 366, last) || strcmp(op->first_date, last) > 0)
        fault_list_add(faults, "first", "too_late", NULL);
}

static void check_repetition(PlanOp *op)
{
    FaultList *faults = op->plan.faults;
    if (!series_is_interval(op->wish.every_weeks))
        fault_list_add(faults, "every", "not_allowed", SERIES_INTERVALS);
    if (op->wish.times < SERIES_MIN || op->wish.times > SERIES_MAX)
        fault_list_add(faults, "times", op->wish.times < SERIES_MIN ? "too_small" : "too_large",
                       "2..12");
    if (op->until_date && !scheduling_date_is_valid(op->until_date))
        fault_list_add(faults, "until", "not_a_date", "YYYY-MM-DD");
    else if (op->until_date && g_strcmp0(op->until_date, op->first_date) < 0)
        fault_list_add(faults, "until", "too_early", NULL);
}

static bool check_wish(PlanOp *op, GError **error)
{
    char today[SCHEDULING_DATE_BYTES];
    FaultList *faults = op->plan.faults;
    clock_local_date(clock_wall_ms(op->scheduling->clock), op->scheduling->zone, today);
    check_first(op, today);
    if (op->wish.minute < 0 || op->wish.minute >= LOCAL_TIME_MINUTES_PER_DAY)
        fault_list_add(faults, "time", "not_a_time", "HH:MM");
    if (!op->is_move)
        check_repetition(op);
    if (fault_list_length(faults) == 0)
        return true;
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                        "what is wished for is wrong");
    return false;
}

static bool is_away(const HoursPlan *plan, const char *doctor_id, const char *date)
{
    for (unsigned i = 0; i < plan->leaves->len; i++) {
        const HoursLeave *leave = &g_array_index(plan->leaves, HoursLeave, i);
        if (strcmp(leave->practitioner_id, doctor_id) == 0 && strcmp(leave->from_date, date) <= 0 &&
            strcmp(date, leave->until_date) <= 0)
            return true;
    }
    return false;
}

static bool is_permit_over(const HoursPlan *plan, const char *doctor_id, const char *date)
{
    for (unsigned i = 0; i < plan->permits->len; i++) {
        const HoursPermit *permit = &g_array_index(plan->permits, HoursPermit, i);
        if (strcmp(permit->practitioner_id, doctor_id) == 0)
            return strcmp(permit->valid_until, date) < 0;
    }
    return false;
}

static bool is_holiday(const HoursPlan *plan, const char *date)
{
    for (unsigned i = 0; i < plan->holidays->len; i++) {
        const HoursHoliday *holiday = &g_array_index(plan->holidays, HoursHoliday, i);
        if (holiday->is_certain && strcmp(holiday->date, date) == 0)
            return true;
    }
    return false;
}

/* Why nothing of DATE can be had: what lasts longest is said first. */
static SeriesFit why_not(const SlotBook *book, const char *doctor_id, const SeriesDate *date)
{
    const HoursPlan *plan = slot_book_plan(book);
    g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(TimeSpan));
    hours_open(plan, doctor_id, date->date, spans);
    if (is_permit_over(plan, doctor_id, date->date))
        return SERIES_PERMIT_OVER;
    if (date->wanted_at_ms > slot_book_until_ms(book))
        return SERIES_TOO_FAR;
    if (is_away(plan, doctor_id, date->date))
        return SERIES_LEAVE;
    if (spans->len == 0 && is_holiday(plan, date->date))
        return SERIES_HOLIDAY;
    return spans->len == 0 ? SERIES_NO_HOURS : SERIES_FULL;
}

static gint compare_distance(gconstpointer a, gconstpointer b, gpointer user_data)
{
    const int64_t *wanted_at_ms = user_data;
    int64_t left = ABS(((const SlotOffer *)a)->turn_at_ms - *wanted_at_ms);
    int64_t right = ABS(((const SlotOffer *)b)->turn_at_ms - *wanted_at_ms);
    return left < right ? -1 : left > right;
}

/* The nearest of OFFERS become the date's choices. */
static void choose(SeriesDate *date, GArray *offers)
{
    g_array_sort_with_data(offers, compare_distance, &date->wanted_at_ms);
    date->n_choices = MIN(offers->len, SERIES_MAX_CHOICES);
    for (unsigned i = 0; i < date->n_choices; i++)
        date->choices[i] = g_array_index(offers, SlotOffer, i);
}

/* What all dates are planned with. */
typedef struct {
    const VisitRow *row;
    const VisitSource *source;
    const GArray *moved; /* SeriesMovable, whose own times are free; NULL: none is moved */
    GArray *busy;        /* OwnVisit: where else the patient is, near the date */
} Whose;

static bool is_moved(const Whose *whose, const char *visit_id)
{
    for (unsigned i = 0; whose->moved && i < whose->moved->len; i++) {
        if (strcmp(g_array_index(whose->moved, SeriesMovable, i).visit_id, visit_id) == 0)
            return true;
    }
    return false;
}

/* Is the patient in another visit then? Of a session the place's own time counts. */
static bool is_busy(const Whose *whose, const SlotOffer *offer)
{
    int64_t length_ms = (offer->ends_at_ms - offer->starts_at_ms) / MAX(offer->quota, 1);
    for (unsigned i = 0; i < whose->busy->len; i++) {
        const OwnVisit *visit = &g_array_index(whose->busy, OwnVisit, i);
        if (visit->starts_at_ms < offer->turn_at_ms + length_ms &&
            visit->ends_at_ms > offer->turn_at_ms)
            return true;
    }
    return false;
}

/* Appends what can be had on DATE; false when there is nothing free at all. */
static bool add_offers(const SlotBook *book, const Whose *whose, const char *date, GArray *offers)
{
    g_autoptr(GArray) free_ones = g_array_new(FALSE, FALSE, sizeof(SlotOffer));
    slot_book_offers(book, date, free_ones);
    for (unsigned i = 0; i < free_ones->len; i++) {
        SlotOffer offer = g_array_index(free_ones, SlotOffer, i);
        if (!is_busy(whose, &offer))
            g_array_append_val(offers, offer);
    }
    return free_ones->len > 0;
}

static void look_around(const SlotBook *book, const Whose *whose, SeriesDate *date)
{
    g_autoptr(GArray) offers = g_array_new(FALSE, FALSE, sizeof(SlotOffer));
    for (int days = -AROUND_DAYS; days <= AROUND_DAYS; days++) {
        char near[SCHEDULING_DATE_BYTES];
        if (days != 0 && clock_date_add(date->date, days, near))
            add_offers(book, whose, near, offers);
    }
    choose(date, offers);
}

/* Hours and claims of the days around the date that begin with FROM. */
static SlotBook *load_book(const PlanOp *op, DbTx *tx, const Whose *whose, const char *from,
                           GError **error)
{
    const VisitRow *row = whose->row;
    const SlotsQuery query = {
        .clinic_id = row->clinic_id,
        .practitioner_id = row->practitioner_id,
        .from_date = from,
        .n_days = 2 * AROUND_DAYS + 1,
        .service_id = whose->source->service_id,
        .for_staff = true,
    };
    SlotBook *book = slot_book_load(op->scheduling, tx, &query, error);
    for (unsigned i = 0; book && whose->moved && i < whose->moved->len; i++) {
        const SeriesMovable *one = &g_array_index(whose->moved, SeriesMovable, i);
        if (!one->is_extra)
            slot_book_let_go(book, row->practitioner_id, one->turn_at_ms);
    }
    return book;
}

static bool load_busy(DbTx *tx, const Whose *whose, int64_t at_ms, GError **error)
{
    const int64_t around_ms = (AROUND_DAYS + 2) * day_ms;
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(OwnVisit));
    const OwnVisitQuery query = {
        whose->source->patient_id, whose->source->phone_index, whose->source->person.has_phone,
        whose->row->facility_id,   at_ms - around_ms,          at_ms + around_ms};
    if (!own_visit_list(tx, &query, all, error))
        return false;
    g_array_set_size(whose->busy, 0);
    for (unsigned i = 0; i < all->len; i++) {
        OwnVisit visit = g_array_index(all, OwnVisit, i);
        if (!is_moved(whose, visit.visit_id))
            g_array_append_val(whose->busy, visit);
    }
    return true;
}

static bool plan_date(PlanOp *op, DbTx *tx, const Whose *whose, SeriesDate *date, GError **error)
{
    char from[SCHEDULING_DATE_BYTES];
    if (!clock_date_start(date->date, op->scheduling->zone, &date->wanted_at_ms) ||
        !clock_date_add(date->date, -AROUND_DAYS, from)) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS, "not a date");
        return false;
    }
    date->wanted_at_ms += op->wish.minute * (int64_t)60000;
    g_autoptr(SlotBook) book = load_book(op, tx, whose, from, error);
    if (!book || !load_busy(tx, whose, date->wanted_at_ms, error))
        return false;
    g_autoptr(GArray) offers = g_array_new(FALSE, FALSE, sizeof(SlotOffer));
    bool is_free = add_offers(book, whose, date->date, offers);
    choose(date, offers);
    if (date->n_choices == 0) {
        date->fit = is_free ? SERIES_OWN_VISIT : why_not(book, whose->row->practitioner_id, date);
        look_around(book, whose, date);
    }
    g_array_append_val(op->plan.dates, *date);
    return true;
}

static bool plan_new(PlanOp *op, DbTx *tx, const Whose *whose, GError **error)
{
    for (int i = 0; i < op->wish.times; i++) {
        SeriesDate date = {.fit = SERIES_FITS};
        if (!clock_date_add(op->first_date, i * op->wish.every_weeks * WEEK_DAYS, date.date) ||
            (op->until_date && strcmp(date.date, op->until_date) > 0))
            break;
        if (!plan_date(op, tx, whose, &date, error))
            return false;
    }
    return true;
}

/* Each stays as many intervals after the first as it is, whatever day it was put off to by itself;
 * no two of them come together. */
static bool plan_moves(PlanOp *op, DbTx *tx, const Whose *whose, GError **error)
{
    int64_t n_after = -1;
    for (unsigned i = 0; i < whose->moved->len; i++) {
        const SeriesMovable *first = &g_array_index(whose->moved, SeriesMovable, 0);
        const SeriesMovable *one = &g_array_index(whose->moved, SeriesMovable, i);
        int64_t every_ms = one->every_weeks * WEEK_DAYS * day_ms;
        int64_t off_ms = one->turn_at_ms - first->turn_at_ms;
        n_after = MAX(n_after + 1, (off_ms + every_ms / 2) / every_ms);
        SeriesDate date = {.fit = SERIES_FITS, .from_ms = one->turn_at_ms};
        g_strlcpy(date.visit_id, one->visit_id, sizeof date.visit_id);
        if (!clock_date_add(op->first_date, (int)(n_after * one->every_weeks * WEEK_DAYS),
                            date.date)) {
            fault_list_add(op->plan.faults, "first", "too_late", NULL);
            g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                                "a date that there is not");
            return false;
        }
        if (!plan_date(op, tx, whose, &date, error))
            return false;
    }
    return true;
}

static bool plan_job(DbTx *tx, gpointer data, GError **error)
{
    PlanOp *op = data;
    VisitRow row;
    g_auto(VisitSource) source = {0};
    if (!series_load_visit(tx, op->visit_id, &op->actor.actor, &row, error) ||
        !check_wish(op, error) || !visit_source_load(tx, row.id, &source, error))
        return false;
    g_autoptr(GArray) moved = op->is_move ? series_load_movable(tx, &row, error) : NULL;
    g_autoptr(GArray) busy = g_array_new(FALSE, FALSE, sizeof(OwnVisit));
    const Whose whose = {&row, &source, moved, busy};
    if (op->is_move)
        return moved && plan_moves(op, tx, &whose, error);
    return plan_new(op, tx, &whose, error);
}

static void on_plan_done(gpointer data, const GError *error)
{
    PlanOp *op = data;
    op->done(&op->plan, error, op->user_data);
}

static PlanOp *plan_op_new(Scheduling *scheduling, const char *visit_id, const SeriesWish *wish,
                           const Actor *actor, SeriesPlanDone done, gpointer user_data)
{
    PlanOp *op = g_new0(PlanOp, 1);
    op->scheduling = scheduling;
    op->visit_id = g_strdup(visit_id);
    op->wish = *wish;
    op->first_date = g_strdup(wish->first_date);
    op->until_date = g_strdup(wish->until_date);
    actor_copy_init(&op->actor, actor);
    op->plan.dates = g_array_new(FALSE, FALSE, sizeof(SeriesDate));
    op->plan.faults = fault_list_new();
    op->done = done;
    op->user_data = user_data;
    return op;
}

void series_plan(Scheduling *scheduling, const char *visit_id, const SeriesWish *wish,
                 const Actor *actor, SeriesPlanDone done, gpointer user_data)
{
    db_read(scheduling->db, plan_job, on_plan_done,
            plan_op_new(scheduling, visit_id, wish, actor, done, user_data), plan_op_free);
}

void series_plan_move(Scheduling *scheduling, const char *visit_id, const SeriesWish *wish,
                      const Actor *actor, SeriesPlanDone done, gpointer user_data)
{
    PlanOp *op = plan_op_new(scheduling, visit_id, wish, actor, done, user_data);
    op->is_move = true;
    db_read(scheduling->db, plan_job, on_plan_done, op, plan_op_free);
}
