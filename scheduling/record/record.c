// SPDX-License-Identifier: Apache-2.0
#include "scheduling/record/record.h"

#include <string.h>

#include "scheduling/record/event.h"
#include "scheduling/record/interval.h"

enum { DETAIL_MAX_BYTES = 200 };

const char *record_event_kind_name(RecordEventKind kind)
{
    switch (kind) {
    case RECORD_EVENT_JOINED:
        return "joined";
    case RECORD_EVENT_BACK:
        return "back";
    case RECORD_EVENT_LOST:
        return "lost";
    case RECORD_EVENT_LEFT:
        return "left";
    case RECORD_EVENT_NOT_READY:
        return "not_ready";
    case RECORD_EVENT_ENDPOINT_CONNECTED:
        return "endpoint_connected";
    case RECORD_EVENT_ENDPOINT_SILENT:
        return "endpoint_silent";
    case RECORD_EVENT_ENDPOINT_FAILED:
        return "endpoint_failed";
    case RECORD_EVENT_ENDPOINT_CLOSED:
        return "endpoint_closed";
    case RECORD_EVENT_MEDIA_STARTED:
        return "media_started";
    case RECORD_EVENT_MEDIA_STOPPED:
        return "media_stopped";
    }
    g_assert_not_reached();
}

const char *record_flow_name(RecordFlowKind kind)
{
    switch (kind) {
    case RECORD_FLOW_AUDIO_IN:
        return "audio_in";
    case RECORD_FLOW_AUDIO_OUT:
        return "audio_out";
    case RECORD_FLOW_VIDEO_IN:
        return "video_in";
    case RECORD_FLOW_VIDEO_OUT:
        return "video_out";
    }
    g_assert_not_reached();
}

bool event_append(DbTx *tx, const EventRow *row, GError **error)
{
    DbQuery *query = db_query(tx, "event_append");
    db_bind_text(query, 1, row->visit_id);
    db_bind_int(query, 2, row->at_ms);
    db_bind_text(query, 3, row->kind);
    db_bind_text(query, 4, row->actor);
    db_bind_text(query, 5, row->participant_id);
    db_bind_text(query, 6, row->endpoint_id);
    db_bind_text(query, 7, row->detail);
    return db_exec(query, error);
}

/* One event row of media into the interval; guests are no side of the conversation. */
static void feed_interval(Interval *interval, DbQuery *row)
{
    int64_t at_ms = db_column_int(row, 0);
    const char *kind = db_column_text(row, 1);
    const char *role = db_column_text(row, 2);
    const char *endpoint_id = db_column_text(row, 3);
    const char *detail = db_column_text(row, 4);
    if (strcmp(kind, "interrupted") == 0) {
        interval_close_all(interval, at_ms);
        return;
    }
    if (!endpoint_id || !role)
        return;
    bool starts = strcmp(kind, "media_started") == 0;
    bool is_patient = strcmp(role, "patient") == 0;
    if (starts || strcmp(kind, "media_stopped") == 0) {
        if (detail && (is_patient || strcmp(role, "doctor") == 0))
            interval_set(interval, is_patient ? INTERVAL_SIDE_PATIENT : INTERVAL_SIDE_DOCTOR,
                         endpoint_id, detail, starts, at_ms);
    } else {
        interval_close_endpoint(interval, endpoint_id, at_ms);
    }
}

static bool load_interval(DbTx *tx, const char *visit_id, int64_t ended_at_ms,
                          IntervalResult *ret_result, GError **error)
{
    g_autoptr(Interval) interval = interval_new();
    DbQuery *rows = db_query(tx, "event_media");
    db_bind_text(rows, 1, visit_id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        if (ended_at_ms && db_column_int(rows, 0) >= ended_at_ms) {
            db_reset(rows);
            step = DB_DONE;
            break;
        }
        feed_interval(interval, rows);
    }
    if (step == DB_FAILED)
        return false;
    if (ended_at_ms)
        interval_close_all(interval, ended_at_ms);
    interval_result(interval, ret_result);
    return true;
}

static void bind_time(DbQuery *query, int index, int64_t time_ms)
{
    if (time_ms)
        db_bind_int(query, index, time_ms);
    else
        db_bind_null(query, index);
}

bool event_refresh_course(DbTx *tx, const char *visit_id, GError **error)
{
    DbQuery *course = db_query(tx, "visit_course_end");
    db_bind_text(course, 1, visit_id);
    if (!scheduling_need_row(course, "visit", error))
        return false;
    int64_t ended_at_ms = scheduling_column_int0(course, 0);
    db_reset(course);
    IntervalResult result;
    if (!load_interval(tx, visit_id, ended_at_ms, &result, error))
        return false;
    DbQuery *update = db_query(tx, "visit_course_media");
    db_bind_text(update, 1, visit_id);
    bind_time(update, 2, result.start_ms);
    bind_time(update, 3, result.end_ms);
    db_bind_int(update, 4, result.total_ms);
    bind_time(update, 5, result.open_since_ms);
    db_bind_int(update, 6, result.any_flowing);
    return db_exec(update, error);
}

typedef struct {
    Scheduling *scheduling;
    RecordEvent event; /* owns its strings */
    SchedulingDone done;
    gpointer user_data;
} EventOp;

static void event_op_free(gpointer data)
{
    EventOp *op = data;
    g_free((char *)op->event.visit_id);
    g_free((char *)op->event.participant_id);
    g_free((char *)op->event.endpoint_id);
    g_free((char *)op->event.detail);
    g_free(op);
}

static bool set_presence(DbTx *tx, const RecordEvent *event, bool present, GError **error)
{
    DbQuery *query = db_query(tx, present ? "participant_came" : "participant_went");
    db_bind_text(query, 1, event->participant_id);
    db_bind_int(query, 2, event->at_ms);
    return db_exec(query, error);
}

static bool apply_event(DbTx *tx, const RecordEvent *event, GError **error)
{
    switch (event->kind) {
    case RECORD_EVENT_JOINED:
    case RECORD_EVENT_BACK:
        return set_presence(tx, event, true, error);
    case RECORD_EVENT_LOST:
    case RECORD_EVENT_LEFT:
        return set_presence(tx, event, false, error);
    case RECORD_EVENT_ENDPOINT_FAILED:
    case RECORD_EVENT_ENDPOINT_CLOSED:
    case RECORD_EVENT_MEDIA_STARTED:
    case RECORD_EVENT_MEDIA_STOPPED:
        return event_refresh_course(tx, event->visit_id, error);
    case RECORD_EVENT_NOT_READY:
    case RECORD_EVENT_ENDPOINT_CONNECTED:
    case RECORD_EVENT_ENDPOINT_SILENT:
        return true;
    }
    g_assert_not_reached();
}

static bool event_job(DbTx *tx, gpointer data, GError **error)
{
    EventOp *op = data;
    DbQuery *query = db_query(tx, "participant_role");
    db_bind_text(query, 1, op->event.participant_id);
    db_bind_text(query, 2, op->event.visit_id);
    if (!scheduling_need_row(query, "participant of this visit", error))
        return false;
    g_autofree char *role = db_column_dup(query, 0);
    db_reset(query);
    EventRow row = {
        .visit_id = op->event.visit_id,
        .at_ms = op->event.at_ms,
        .kind = record_event_kind_name(op->event.kind),
        .actor = role,
        .participant_id = op->event.participant_id,
        .endpoint_id = op->event.endpoint_id,
        .detail = op->event.detail,
    };
    return event_append(tx, &row, error) && apply_event(tx, &op->event, error);
}

static void on_event_done(gpointer data, const GError *error)
{
    EventOp *op = data;
    if (op->done)
        op->done(error, op->user_data);
}

void record_event(Scheduling *scheduling, const RecordEvent *event, SchedulingDone done,
                  gpointer user_data)
{
    EventOp *op = g_new0(EventOp, 1);
    op->scheduling = scheduling;
    op->event = *event;
    op->event.visit_id = g_strdup(event->visit_id);
    op->event.participant_id = g_strdup(event->participant_id);
    op->event.endpoint_id = g_strdup(event->endpoint_id);
    op->event.detail = event->detail ? g_strndup(event->detail, DETAIL_MAX_BYTES) : NULL;
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, event_job, on_event_done, op, event_op_free);
}
