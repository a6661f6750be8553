// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/series_private.h"

#include <string.h>

#include "scheduling/booking/visit_source.h"
#include "scheduling/clinic/hours_store.h"
#include "scheduling/clinic/slot_book.h"

/* Where a date does not fit, the days so far around it are looked at. */
enum { AROUND_DAYS = 3, WEEK_DAYS = 7 };

const char *series_fit_name(SeriesFit fit)
{
    static const char *const names[] = {"fits",    "too_far",  "permit_over", "leave",
                                        "holiday", "no_hours", "full"};
    return names[fit];
}

bool series_is_interval(int every_weeks)
{
    return every_weeks == 1 || every_weeks == 2 || every_weeks == 4;
}

bool series_load_visit(DbTx *tx, const char *visit_id, const Actor *actor, VisitRow *ret_row,
                       GError **error)
{
    unsigned roles = (1U << ACTOR_DOCTOR) | (1U << ACTOR_DESK);
    return visit_row_load(tx, visit_id, ret_row, error) &&
           visit_row_check_actor(tx, ret_row, actor, roles, error);
}

typedef struct {
    Scheduling *scheduling;
    char *visit_id, *first_date, *until_date;
    SeriesWish wish;
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

static bool check_wish(PlanOp *op, GError **error)
{
    char today[SCHEDULING_DATE_BYTES];
    FaultList *faults = op->plan.faults;
    clock_local_date(clock_wall_ms(op->scheduling->clock), op->scheduling->zone, today);
    check_first(op, today);
    if (op->wish.minute < 0 || op->wish.minute >= LOCAL_TIME_MINUTES_PER_DAY)
        fault_list_add(faults, "time", "not_a_time", "HH:MM");
    if (!series_is_interval(op->wish.every_weeks))
        fault_list_add(faults, "every", "not_allowed", SERIES_INTERVALS);
    if (op->wish.times < SERIES_MIN || op->wish.times > SERIES_MAX)
        fault_list_add(faults, "times", op->wish.times < SERIES_MIN ? "too_small" : "too_large",
                       "2..12");
    if (op->until_date && !scheduling_date_is_valid(op->until_date))
        fault_list_add(faults, "until", "not_a_date", "YYYY-MM-DD");
    else if (op->until_date && g_strcmp0(op->until_date, op->first_date) < 0)
        fault_list_add(faults, "until", "too_early", NULL);
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

static void look_around(const SlotBook *book, SeriesDate *date)
{
    g_autoptr(GArray) offers = g_array_new(FALSE, FALSE, sizeof(SlotOffer));
    for (int days = -AROUND_DAYS; days <= AROUND_DAYS; days++) {
        char near[SCHEDULING_DATE_BYTES];
        if (days != 0 && clock_date_add(date->date, days, near))
            slot_book_offers(book, near, offers);
    }
    choose(date, offers);
}

typedef struct {
    const VisitRow *row;
    const char *service_id;
} Whose;

static bool plan_date(PlanOp *op, DbTx *tx, const Whose *whose, SeriesDate *date, GError **error)
{
    char from[SCHEDULING_DATE_BYTES];
    if (!clock_date_start(date->date, op->scheduling->zone, &date->wanted_at_ms) ||
        !clock_date_add(date->date, -AROUND_DAYS, from)) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS, "not a date");
        return false;
    }
    date->wanted_at_ms += op->wish.minute * (int64_t)60000;
    const SlotsQuery query = {
        .clinic_id = whose->row->clinic_id,
        .practitioner_id = whose->row->practitioner_id,
        .from_date = from,
        .n_days = 2 * AROUND_DAYS + 1,
        .service_id = whose->service_id,
        .for_staff = true,
    };
    g_autoptr(SlotBook) book = slot_book_load(op->scheduling, tx, &query, error);
    if (!book)
        return false;
    g_autoptr(GArray) offers = g_array_new(FALSE, FALSE, sizeof(SlotOffer));
    slot_book_offers(book, date->date, offers);
    choose(date, offers);
    if (date->n_choices > 0)
        return true;
    date->fit = why_not(book, whose->row->practitioner_id, date);
    look_around(book, date);
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
    const Whose whose = {&row, source.service_id};
    for (int i = 0; i < op->wish.times; i++) {
        SeriesDate date = {.fit = SERIES_FITS};
        if (!clock_date_add(op->first_date, i * op->wish.every_weeks * WEEK_DAYS, date.date) ||
            (op->until_date && strcmp(date.date, op->until_date) > 0))
            break;
        if (!plan_date(op, tx, &whose, &date, error))
            return false;
        g_array_append_val(op->plan.dates, date);
    }
    return true;
}

static void on_plan_done(gpointer data, const GError *error)
{
    PlanOp *op = data;
    op->done(&op->plan, error, op->user_data);
}

void series_plan(Scheduling *scheduling, const char *visit_id, const SeriesWish *wish,
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
    db_read(scheduling->db, plan_job, on_plan_done, op, plan_op_free);
}
