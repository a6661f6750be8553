// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/hours_news.h"

#include <string.h>

#include "scheduling/scheduling_private.h"

void hours_news_set_listener(Scheduling *scheduling, HoursListener listener, gpointer user_data)
{
    scheduling->hours_listener = listener;
    scheduling->hours_listener_data = user_data;
}

void hours_news_tell(Scheduling *scheduling, const HoursNews *news)
{
    if (scheduling->hours_listener)
        scheduling->hours_listener(news, scheduling->hours_listener_data);
    scheduling_tell_free(scheduling);
}

/* Where. */

typedef struct {
    HoursNews news;
    char *practitioner_id, *user_id, *facility_id, *clinic_id;
    GPtrArray *places;
    HoursPlacesDone done;
    gpointer user_data;
} PlacesOp;

static void place_free(gpointer data)
{
    HoursPlace *place = data;
    g_free(place->facility_id);
    g_free(place->clinic_id);
    g_free(place->practitioner_id);
    g_free(place);
}

static void places_op_free(gpointer data)
{
    PlacesOp *op = data;
    g_free(op->practitioner_id);
    g_free(op->user_id);
    g_free(op->facility_id);
    g_free(op->clinic_id);
    g_ptr_array_unref(op->places);
    g_free(op);
}

static gpointer read_place(DbQuery *row)
{
    HoursPlace *place = g_new(HoursPlace, 1);
    place->facility_id = db_column_dup(row, 0);
    place->clinic_id = db_column_dup(row, 1);
    place->practitioner_id = db_column_dup(row, 2);
    return place;
}

static bool places_job(DbTx *tx, gpointer data, GError **error)
{
    PlacesOp *op = data;
    bool is_of_one = op->practitioner_id || op->user_id;
    DbQuery *rows = db_query(tx, is_of_one ? "hours_news_of_doctor" : "hours_news_of_clinics");
    db_bind_text(rows, 1, is_of_one ? op->practitioner_id : op->facility_id);
    db_bind_text(rows, 2, is_of_one ? op->user_id : op->clinic_id);
    return db_collect(rows, read_place, op->places, error);
}

static void on_places_done(gpointer data, const GError *error)
{
    PlacesOp *op = data;
    op->done(error ? NULL : op->places, error, op->user_data);
}

void hours_news_places(Scheduling *scheduling, const HoursNews *news, HoursPlacesDone done,
                       gpointer user_data)
{
    PlacesOp *op = g_new0(PlacesOp, 1);
    op->practitioner_id = g_strdup(news->practitioner_id);
    op->user_id = g_strdup(news->user_id);
    op->facility_id = g_strdup(news->facility_id);
    op->clinic_id = g_strdup(news->clinic_id);
    op->places = g_ptr_array_new_with_free_func(place_free);
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, places_job, on_places_done, op, places_op_free);
}

/* What nobody said. */

typedef struct {
    Scheduling *scheduling;
    char *seen; /* the day, and the accounts that are disabled */
    SchedulingDone done;
    gpointer user_data;
} LookOp;

static void look_op_free(gpointer data)
{
    LookOp *op = data;
    g_free(op->seen);
    g_free(op);
}

static bool look_job(DbTx *tx, gpointer data, GError **error)
{
    LookOp *op = data;
    char today[SCHEDULING_DATE_BYTES];
    DbQuery *row = db_query(tx, "hours_news_disabled");
    if (!scheduling_need_row(row, "account", error))
        return false;
    const char *disabled = db_column_text(row, 0);
    clock_local_date(clock_wall_ms(op->scheduling->clock), op->scheduling->zone, today);
    op->seen = g_strjoin(" ", today, disabled ? disabled : "", NULL);
    db_reset(row);
    return true;
}

static void take_seen(Scheduling *scheduling, char *seen)
{
    const HoursNews everybodys = {0};
    bool is_news = scheduling->hours_seen && strcmp(seen, scheduling->hours_seen) != 0;
    g_free(scheduling->hours_seen);
    scheduling->hours_seen = seen;
    if (is_news)
        hours_news_tell(scheduling, &everybodys);
}

static void on_look_done(gpointer data, const GError *error)
{
    LookOp *op = data;
    if (!error)
        take_seen(op->scheduling, g_steal_pointer(&op->seen));
    op->done(error, op->user_data);
}

void hours_news_look(Scheduling *scheduling, SchedulingDone done, gpointer user_data)
{
    LookOp *op = g_new0(LookOp, 1);
    op->scheduling = scheduling;
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, look_job, on_look_done, op, look_op_free);
}
