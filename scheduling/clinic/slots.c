// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/slots.h"

#include "scheduling/clinic/hours_access.h"
#include "scheduling/clinic/slot_book.h"
#include "scheduling/scheduling_private.h"

bool slots_check(const SlotsQuery *query, FaultList *faults)
{
    char end[SCHEDULING_DATE_BYTES];
    if (query->n_days < 1 || query->n_days > SLOTS_MAX_DAYS) {
        g_autofree char *allowed = g_strdup_printf("1..%d", SLOTS_MAX_DAYS);
        fault_list_add(faults, "days", query->n_days < 1 ? "too_small" : "too_large", allowed);
        return false;
    }
    if (!query->from_date)
        return true;
    if (!scheduling_date_is_valid(query->from_date)) {
        fault_list_add(faults, "from", "not_a_date", "YYYY-MM-DD");
        return false;
    }
    if (!clock_date_add(query->from_date, (int)query->n_days, end)) {
        fault_list_add(faults, "from", "too_late", NULL);
        return false;
    }
    return true;
}

typedef struct {
    Scheduling *scheduling;
    char *clinic_id, *practitioner_id, *from_date, *service_id;
    unsigned n_days;
    bool is_extra; /* asked by ACTOR for additional places */
    ActorCopy actor;
    SlotsList list;
    SlotsDone done;
    gpointer user_data;
} ListOp;

static void slot_day_free(gpointer data)
{
    SlotDay *day = data;
    g_array_unref(day->offers);
    g_free(day);
}

static void list_op_free(gpointer data)
{
    ListOp *op = data;
    if (op->is_extra)
        actor_copy_clear(&op->actor);
    g_free(op->clinic_id);
    g_free(op->practitioner_id);
    g_free(op->from_date);
    g_free(op->service_id);
    g_ptr_array_unref(op->list.days);
    g_free(op);
}

bool slots_check_extra(DbTx *tx, const Actor *actor, const char *practitioner_id,
                       const char *clinic_id, GError **error)
{
    bool is_staff = actor->role == ACTOR_DOCTOR || actor->role == ACTOR_DESK ||
                    actor->role == ACTOR_COORDINATOR;
    if (is_staff)
        return hours_access_check(tx, actor, practitioner_id, clinic_id, error);
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_FORBIDDEN,
                        "additional places are given by staff of the clinic");
    return false;
}

static bool list_job(DbTx *tx, gpointer data, GError **error)
{
    ListOp *op = data;
    char date[SCHEDULING_DATE_BYTES];
    g_autoptr(FaultList) faults = fault_list_new();
    const SlotsQuery asked = {op->clinic_id, op->practitioner_id, op->from_date,
                              op->n_days,    op->service_id,      false};
    if (!slots_check(&asked, faults)) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                            "the days asked for are not allowed");
        return false;
    }
    if (op->from_date)
        g_strlcpy(date, op->from_date, sizeof date);
    else
        clock_local_date(clock_wall_ms(op->scheduling->clock), op->scheduling->zone, date);
    SlotsQuery query = {op->clinic_id, op->practitioner_id, date,
                        op->n_days,    op->service_id,      false};
    if (op->is_extra &&
        !slots_check_extra(tx, &op->actor.actor, op->practitioner_id, op->clinic_id, error))
        return false;
    g_autoptr(SlotBook) book = slot_book_load(op->scheduling, tx, &query, error);
    if (!book)
        return false;
    clock_local_date(slot_book_until_ms(book), op->scheduling->zone, op->list.last_date);
    for (unsigned i = 0; i < op->n_days; i++) {
        SlotDay *day = g_new0(SlotDay, 1);
        g_strlcpy(day->date, date, sizeof day->date);
        day->offers = g_array_new(FALSE, FALSE, sizeof(SlotOffer));
        g_ptr_array_add(op->list.days, day);
        if (op->is_extra)
            slot_book_extra_offers(book, op->practitioner_id, date, day->offers);
        else
            slot_book_offers(book, date, day->offers);
        if (!clock_date_add(day->date, 1, date))
            break;
    }
    return true;
}

static void on_list_done(gpointer data, const GError *error)
{
    ListOp *op = data;
    op->done(error ? NULL : &op->list, error, op->user_data);
}

static ListOp *list_op_new(Scheduling *scheduling, const SlotsQuery *query, SlotsDone done,
                           gpointer user_data)
{
    ListOp *op = g_new0(ListOp, 1);
    op->scheduling = scheduling;
    op->clinic_id = g_strdup(query->clinic_id);
    op->practitioner_id = g_strdup(query->practitioner_id);
    op->from_date = g_strdup(query->from_date);
    op->service_id = g_strdup(query->service_id);
    op->n_days = query->n_days;
    op->list.days = g_ptr_array_new_with_free_func(slot_day_free);
    op->done = done;
    op->user_data = user_data;
    return op;
}

void slots_list(Scheduling *scheduling, const SlotsQuery *query, SlotsDone done, gpointer user_data)
{
    ListOp *op = list_op_new(scheduling, query, done, user_data);
    db_read(scheduling->db, list_job, on_list_done, op, list_op_free);
}

void slots_list_extra(Scheduling *scheduling, const Actor *actor, const SlotsQuery *query,
                      SlotsDone done, gpointer user_data)
{
    g_assert(query->practitioner_id);
    ListOp *op = list_op_new(scheduling, query, done, user_data);
    op->is_extra = true;
    actor_copy_init(&op->actor, actor);
    db_read(scheduling->db, list_job, on_list_done, op, list_op_free);
}
