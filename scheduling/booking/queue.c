// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/queue.h"

#include "scheduling/booking/queue_day.h"
#include "scheduling/booking/queue_pace.h"
#include "scheduling/outbox/late_row.h"
#include "scheduling/policy/policy.h"
#include "scheduling/record/event.h"

enum { STEP_MINUTES = 5, WITH_NAMED = 0, POOL_ONLY = 1 };

void queue_wait_range(int64_t expected_ms, int64_t until_start_ms, QueuePlace *ret_place)
{
    int64_t step_ms = STEP_MINUTES * 60 * 1000;
    int64_t latest_ms = MAX(expected_ms * 3 / 2, until_start_ms);
    ret_place->wait_min_minutes = (unsigned)(expected_ms / 2 / step_ms) * STEP_MINUTES;
    ret_place->wait_max_minutes =
        (unsigned)((MAX(latest_ms, 1) + step_ms - 1) / step_ms) * STEP_MINUTES;
}

QueueKey queue_key(const VisitRow *row)
{
    return (QueueKey){
        .practitioner_id = row->pool ? NULL : row->practitioner_id,
        .clinic_id = row->clinic_id,
        .local_date = row->local_date,
    };
}

static bool append_turns(DbQuery *rows, GArray *turns, GError **error)
{
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        Turn turn = {
            .starts_at_ms = db_column_int(rows, 1),
            .checked_in_at_ms = scheduling_column_int0(rows, 2),
            .urgent_at_ms = scheduling_column_int0(rows, 3),
            .is_walk_in = db_column_int(rows, 4) != 0,
            .is_delayed = scheduling_column_int0(rows, 5) != 0,
            .is_present = scheduling_column_int0(rows, 6) != 0,
            .is_extra = db_column_int(rows, 7) != 0,
            .ends_at_ms = db_column_int(rows, 8),
        };
        turn.due_from_ms = db_column_int(rows, 10);
        turn.is_of_day_before = db_column_int(rows, 11) != 0;
        scheduling_copy_column(rows, 9, turn.service_id, sizeof turn.service_id);
        scheduling_copy_column(rows, 0, turn.id, sizeof turn.id);
        g_array_append_val(turns, turn);
    }
    return step == DB_DONE;
}

static bool append_clinic(DbTx *tx, const char *clinic_id, const QueueDays *days, int which,
                          GArray *turns, GError **error)
{
    DbQuery *rows = db_query(tx, "queue_of_clinic");
    db_bind_text(rows, 1, clinic_id);
    db_bind_text(rows, 2, days->date);
    db_bind_int(rows, 3, which);
    db_bind_text(rows, 4, days->before);
    return append_turns(rows, turns, error);
}

static bool append_doctor(DbTx *tx, const QueueKey *key, const QueueDays *days, GArray *turns,
                          GError **error)
{
    DbQuery *own = db_query(tx, "queue_of_doctor");
    db_bind_text(own, 1, key->practitioner_id);
    db_bind_text(own, 2, days->date);
    db_bind_text(own, 3, days->before);
    if (!append_turns(own, turns, error))
        return false;
    g_autoptr(GPtrArray) clinics = g_ptr_array_new_with_free_func(g_free);
    DbQuery *rows = db_query(tx, "queue_clinics_of_doctor");
    db_bind_text(rows, 1, key->practitioner_id);
    if (!db_collect(rows, db_row_text, clinics, error))
        return false;
    for (unsigned i = 0; i < clinics->len; i++) {
        if (!append_clinic(tx, clinics->pdata[i], days, POOL_ONLY, turns, error))
            return false;
    }
    return true;
}

GArray *queue_load(Scheduling *scheduling, DbTx *tx, const QueueKey *key, GError **error)
{
    g_autoptr(GArray) turns = g_array_new(FALSE, FALSE, sizeof(Turn));
    QueueDays days;
    queue_days(scheduling, key->local_date, &days);
    bool ok = key->practitioner_id
                  ? append_doctor(tx, key, &days, turns, error)
                  : append_clinic(tx, key->clinic_id, &days, WITH_NAMED, turns, error);
    if (!ok)
        return NULL;
    turn_sort(turns, clock_wall_ms(scheduling->clock));
    return g_steal_pointer(&turns);
}

/* One queue as it stands. */
typedef struct {
    GArray *turns;         /* Turn, in order */
    GHashTable *before_of; /* visit id, of its turn -> how many come before it */
    QueueServed served;
    QueuePace pace;
    GArray *before_ms; /* int64_t: what the turns before each one, and before the end, will take */
} Page;

struct QueueBook {
    GHashTable *pages; /* text of the QueueKey -> Page */
};

static void page_free(gpointer data)
{
    Page *page = data;
    if (!page)
        return;
    if (page->before_of)
        g_hash_table_unref(page->before_of);
    if (page->turns)
        g_array_unref(page->turns);
    g_array_unref(page->before_ms);
    queue_pace_clear(&page->pace);
    g_free(page);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Page, page_free)

QueueBook *queue_book_new(void)
{
    QueueBook *book = g_new0(QueueBook, 1);
    book->pages = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, page_free);
    return book;
}

void queue_book_free(QueueBook *book)
{
    if (!book)
        return;
    g_hash_table_unref(book->pages);
    g_free(book);
}

/* A median is not looked for anew while those who wait are there for the same. */
static int64_t turn_takes_ms(const QueuePace *pace, const Turn *turn, const Turn *last,
                             int64_t last_ms)
{
    int64_t slot_ms = turn->ends_at_ms - turn->starts_at_ms;
    if (last && last->ends_at_ms - last->starts_at_ms == slot_ms &&
        g_str_equal(last->service_id, turn->service_id))
        return last_ms;
    return queue_pace_ms(pace, turn->service_id, slot_ms);
}

static void number_turns(Page *page)
{
    int64_t before_ms = 0, took_ms = 0;
    const Turn *last = NULL;
    page->before_of = g_hash_table_new(g_str_hash, g_str_equal);
    for (unsigned i = 0; i < page->turns->len; i++) {
        Turn *turn = &g_array_index(page->turns, Turn, i);
        g_hash_table_insert(page->before_of, turn->id, GUINT_TO_POINTER(i));
        g_array_append_val(page->before_ms, before_ms);
        took_ms = turn_takes_ms(&page->pace, turn, last, took_ms);
        before_ms += took_ms;
        last = turn;
    }
    g_array_append_val(page->before_ms, before_ms);
}

static Page *load_page(Scheduling *scheduling, DbTx *tx, const QueueKey *key, GError **error)
{
    g_autoptr(Page) page = g_new0(Page, 1);
    page->before_ms = g_array_new(FALSE, FALSE, sizeof(int64_t));
    page->turns = queue_load(scheduling, tx, key, error);
    if (!page->turns || !queue_served_load(scheduling, tx, key, &page->served, error) ||
        !queue_pace_load(tx, key, &page->pace, error))
        return NULL;
    number_turns(page);
    return g_steal_pointer(&page);
}

static const Page *find_page(Scheduling *scheduling, DbTx *tx, const QueueKey *key, QueueBook *book,
                             GError **error)
{
    const char *owner = key->practitioner_id ? key->practitioner_id : key->clinic_id;
    g_autofree char *name =
        g_strjoin(" ", key->practitioner_id ? "doctor" : "clinic", owner, key->local_date, NULL);
    Page *page = g_hash_table_lookup(book->pages, name);
    if (page)
        return page;
    page = load_page(scheduling, tx, key, error);
    if (page)
        g_hash_table_insert(book->pages, g_steal_pointer(&name), page);
    return page;
}

/* Of a visit that is not among them: all. */
static unsigned count_before(const Page *page, const char *visit_id)
{
    gpointer n_before;
    if (g_hash_table_lookup_extended(page->before_of, visit_id, NULL, &n_before))
        return GPOINTER_TO_UINT(n_before);
    return page->turns->len;
}

/* What those will take who were called, and half of one while somebody is in a call. */
static int64_t called_ms(const Page *page)
{
    const QueueServed *served = &page->served;
    int64_t all_ms = 0;
    if (served->n_called > 0)
        all_ms = served->n_called *
                 queue_pace_ms(&page->pace, NULL, served->called_slot_ms / served->n_called);
    if (served->n_talking > 0)
        all_ms += queue_pace_ms(&page->pace, NULL, served->talking_slot_ms / served->n_talking) / 2;
    return all_ms;
}

bool queue_place(Scheduling *scheduling, DbTx *tx, const VisitRow *row, QueueBook *book,
                 QueuePlace *ret_place, GError **error)
{
    QueueKey key = queue_key(row);
    const Page *page = find_page(scheduling, tx, &key, book, error);
    if (!page)
        return false;
    unsigned n_before = count_before(page, row->id);
    /* Who has an appointment is not called before it, who has none as soon as it goes. */
    int64_t until_start_ms =
        row->is_walk_in ? 0 : row->due_from_ms - clock_wall_ms(scheduling->clock);
    int64_t expected_ms = g_array_index(page->before_ms, int64_t, n_before) + called_ms(page);
    queue_wait_range(expected_ms / MAX(page->served.n_doctors, 1), until_start_ms, ret_place);
    ret_place->ahead = n_before + page->served.n_called;
    /* Whom one of several doctors has called keeps the others from nobody. */
    if (row->pool)
        ret_place->ahead = n_before;
    return true;
}

bool queue_set_delayed(DbTx *tx, const char *visit_id, bool is_delayed, GError **error)
{
    DbQuery *query = db_query(tx, "queue_delay");
    db_bind_text(query, 1, visit_id);
    db_bind_int(query, 2, is_delayed);
    return db_exec(query, error);
}

bool queue_note_arrival(Scheduling *scheduling, DbTx *tx, const VisitRow *row, int64_t now_ms,
                        GError **error)
{
    Policy policy;
    unsigned late_minutes;
    if (row->is_walk_in)
        return true;
    if (!policy_load(scheduling, tx, row->facility_id, &policy, error) ||
        !late_minutes_of_visit(tx, row, &late_minutes, error))
        return false;
    /* Nobody is late for a doctor who is not there yet. */
    int64_t expected_ms = row->starts_at_ms + late_minutes * (int64_t)60 * 1000;
    if (!turn_is_late(expected_ms, now_ms, policy_ms(&policy, POLICY_LATE)))
        return true;
    return queue_set_delayed(tx, row->id, true, error);
}

/* The tokens of a doctor who had it before open it no more. */
bool queue_claim(Scheduling *scheduling, DbTx *tx, VisitRow *row, const char *practitioner_id,
                 GError **error)
{
    DbQuery *query = db_query(tx, "queue_claim");
    db_bind_text(query, 1, row->id);
    db_bind_text(query, 2, practitioner_id);
    DbQuery *revoke = db_query(tx, "queue_revoke_doctor");
    db_bind_text(revoke, 1, row->id);
    db_bind_int(revoke, 2, clock_wall_ms(scheduling->clock));
    g_strlcpy(row->practitioner_id, practitioner_id, sizeof row->practitioner_id);
    return db_exec(query, error) && db_exec(revoke, error);
}

bool queue_write_urgent(Scheduling *scheduling, DbTx *tx, const char *visit_id, const Actor *actor,
                        const char *reason, GError **error)
{
    const EventRow event = {
        .visit_id = visit_id,
        .at_ms = clock_wall_ms(scheduling->clock),
        .kind = reason ? "urgent" : "urgent_ended",
        .actor = actor_role_name(actor->role),
        .detail = reason,
    };
    DbQuery *query = db_query(tx, "queue_urgent");
    db_bind_text(query, 1, visit_id);
    if (reason)
        db_bind_int(query, 2, event.at_ms);
    else
        db_bind_null(query, 2);
    const AuditedChange change = {reason ? "queue.urgent" : "queue.urgent_ended", "visit", visit_id,
                                  reason};
    return db_exec(query, error) && event_append(tx, &event, error) &&
           scheduling_audit_change(scheduling, tx, actor, &change, error);
}

/* Who was to let somebody go first has done so now. */
static bool end_delays(DbTx *tx, const GArray *turns, GError **error)
{
    for (unsigned i = 0; i < turns->len; i++) {
        const Turn *turn = &g_array_index(turns, Turn, i);
        if (turn->is_delayed && !queue_set_delayed(tx, turn->id, false, error))
            return false;
    }
    return true;
}

bool queue_check_free(const Scheduling *scheduling, DbTx *tx, const QueueKey *key,
                      const char *except_id, char ret_visit_id[SCHEDULING_ID_BYTES], GError **error)
{
    QueueDays days;
    queue_days(scheduling, key->local_date, &days);
    DbQuery *query = db_query(tx, "queue_doctor_busy");
    db_bind_text(query, 1, key->practitioner_id);
    db_bind_text(query, 2, days.date);
    db_bind_text(query, 4, days.before);
    db_bind_text(query, 3, except_id);
    DbStep step = db_step(query, error);
    if (step != DB_ROW)
        return step == DB_DONE;
    scheduling_copy_column(query, 0, ret_visit_id, SCHEDULING_ID_BYTES);
    db_reset(query);
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_DOCTOR_BUSY,
                        "the doctor has somebody called or in a call");
    return false;
}

bool queue_note_call(Scheduling *scheduling, DbTx *tx, VisitRow *row, const char *practitioner_id,
                     const GArray *turns, GError **error)
{
    QueueKey key = {.practitioner_id = practitioner_id, .local_date = row->local_date};
    if (row->is_in_group)
        return true; /* was in no queue */
    if (row->state == VISIT_STATE_CALLED)
        return true; /* once more: nobody else has gone first */
    g_autoptr(GArray) own = turns ? NULL : queue_load(scheduling, tx, &key, error);
    if (!turns && !own)
        return false;
    if (!end_delays(tx, turns ? turns : own, error))
        return false;
    return !visit_row_is_unclaimed(row) || queue_claim(scheduling, tx, row, practitioner_id, error);
}
