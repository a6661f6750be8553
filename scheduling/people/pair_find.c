// SPDX-License-Identifier: Apache-2.0
#include "scheduling/people/pair_private.h"

#include "scheduling/booking/person.h"
#include "server/base/ids.h"

/* Each row is held against the oldest of its like only, so that somebody who was booked a hundred
 * times without a NIK makes hundreds of pairs, not thousands. */
enum { MAX_CANDIDATES = 3, FILL_AT_ONCE = 500 };

char *person_match_index(const Scheduling *scheduling, const char *name, const char *birth_date)
{
    g_autofree char *words = person_match_name(name);
    g_autofree char *text = g_strconcat(words, "\n", birth_date, NULL);
    return secret_box_index(scheduling->box, "patient.person", text);
}

typedef struct {
    char *id;
    int64_t created_at_ms;
} Candidate;

static void candidate_free(gpointer data)
{
    Candidate *candidate = data;
    g_free(candidate->id);
    g_free(candidate);
}

typedef struct {
    char *person_index, *nik_index, *mother_nik_index;
    int64_t created_at_ms;
} Row;

static void row_clear(Row *row)
{
    g_free(row->person_index);
    g_free(row->nik_index);
    g_free(row->mother_nik_index);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Row, row_clear)

static bool load_row(DbTx *tx, const char *patient_id, Row *ret_row, GError **error)
{
    DbQuery *query = db_query(tx, "person_of_patient");
    db_bind_text(query, 1, patient_id);
    if (!scheduling_need_row(query, "patient", error))
        return false;
    ret_row->person_index = db_column_dup(query, 1);
    ret_row->nik_index = db_column_dup(query, 2);
    ret_row->created_at_ms = db_column_int(query, 3);
    ret_row->mother_nik_index = db_column_dup(query, 4);
    db_reset(query);
    return true;
}

static GPtrArray *load_candidates(DbTx *tx, const char *patient_id, const Row *row,
                                  const char *facility_id, GError **error)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(candidate_free);
    DbQuery *rows = db_query(tx, "pair_candidates");
    db_bind_text(rows, 1, patient_id);
    db_bind_text(rows, 2, row->person_index);
    db_bind_text(rows, 3, row->nik_index);
    db_bind_text(rows, 4, facility_id);
    db_bind_int(rows, 5, MAX_CANDIDATES);
    db_bind_text(rows, 6, row->mother_nik_index);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        Candidate *candidate = g_new0(Candidate, 1);
        candidate->id = db_column_dup(rows, 0);
        candidate->created_at_ms = db_column_int(rows, 1);
        g_ptr_array_add(found, candidate);
    }
    return step == DB_DONE ? g_steal_pointer(&found) : NULL;
}

static bool insert_pair(DbTx *tx, const char *first_id, const char *second_id, int64_t now_ms,
                        GError **error)
{
    g_autofree char *id = id_new(now_ms);
    DbQuery *query = db_query(tx, "pair_insert");
    db_bind_text(query, 1, id);
    db_bind_text(query, 2, first_id);
    db_bind_text(query, 3, second_id);
    db_bind_int(query, 4, now_ms);
    return db_exec(query, error);
}

bool pair_find(Scheduling *scheduling, DbTx *tx, const char *patient_id, const char *facility_id,
               GError **error)
{
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    g_auto(Row) row = {0};
    if (!load_row(tx, patient_id, &row, error))
        return false;
    g_autoptr(GPtrArray) found = load_candidates(tx, patient_id, &row, facility_id, error);
    if (!found)
        return false;
    for (unsigned i = 0; i < found->len; i++) {
        const Candidate *other = found->pdata[i];
        /* One order for the two, whichever of them is looked at: the older one first. */
        bool is_older =
            other->created_at_ms < row.created_at_ms ||
            (other->created_at_ms == row.created_at_ms && g_strcmp0(other->id, patient_id) < 0);
        if (!insert_pair(tx, is_older ? other->id : patient_id, is_older ? patient_id : other->id,
                         now_ms, error))
            return false;
    }
    return true;
}

/* Rows of before. */

typedef struct {
    char *id, *index;
} Unindexed;

static void unindexed_free(gpointer data)
{
    Unindexed *row = data;
    g_free(row->id);
    g_free(row->index);
    g_free(row);
}

static GPtrArray *load_unindexed(const Scheduling *scheduling, DbTx *tx, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(unindexed_free);
    DbQuery *rows = db_query(tx, "person_unindexed");
    db_bind_int(rows, 1, FILL_AT_ONCE);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        Unindexed *row = g_new0(Unindexed, 1);
        row->id = db_column_dup(rows, 0);
        row->index =
            person_match_index(scheduling, db_column_text(rows, 1), db_column_text(rows, 2));
        g_ptr_array_add(list, row);
    }
    return step == DB_DONE ? g_steal_pointer(&list) : NULL;
}

static bool find_in_all_facilities(Scheduling *scheduling, DbTx *tx, const char *patient_id,
                                   GError **error)
{
    g_autoptr(GPtrArray) facilities = g_ptr_array_new_with_free_func(g_free);
    DbQuery *rows = db_query(tx, "person_facilities");
    db_bind_text(rows, 1, patient_id);
    if (!db_collect(rows, db_row_text, facilities, error))
        return false;
    for (unsigned i = 0; i < facilities->len; i++) {
        if (!pair_find(scheduling, tx, patient_id, facilities->pdata[i], error))
            return false;
    }
    return true;
}

static bool fill_some(Scheduling *scheduling, DbTx *tx, unsigned *ret_n, GError **error)
{
    g_autoptr(GPtrArray) list = load_unindexed(scheduling, tx, error);
    if (!list)
        return false;
    for (unsigned i = 0; i < list->len; i++) {
        const Unindexed *row = list->pdata[i];
        DbQuery *query = db_query(tx, "person_set_index");
        db_bind_text(query, 1, row->id);
        db_bind_text(query, 2, row->index);
        if (!db_exec(query, error) || !find_in_all_facilities(scheduling, tx, row->id, error))
            return false;
    }
    *ret_n = list->len;
    return true;
}

bool person_fill_indexes(Scheduling *scheduling, DbTx *tx, GError **error)
{
    unsigned n;
    do {
        if (!fill_some(scheduling, tx, &n, error))
            return false;
    } while (n > 0);
    return true;
}
