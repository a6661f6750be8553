// SPDX-License-Identifier: Apache-2.0
#include "scheduling/record/record.h"
#include "scheduling/scheduling_private.h"

typedef struct {
    RecordSample sample; /* owns its strings */
    SchedulingDone done;
    gpointer user_data;
} SampleOp;

static void sample_op_free(gpointer data)
{
    SampleOp *op = data;
    g_free((char *)op->sample.visit_id);
    g_free((char *)op->sample.participant_id);
    g_free((char *)op->sample.endpoint_id);
    g_free(op);
}

static bool check_participant(DbTx *tx, const RecordSample *sample, GError **error)
{
    DbQuery *query = db_query(tx, "participant_role");
    db_bind_text(query, 1, sample->participant_id);
    db_bind_text(query, 2, sample->visit_id);
    bool found = scheduling_need_row(query, "participant of this visit", error);
    db_reset(query);
    return found;
}

/* Lost packets of one flow so far, as of the sample before. */
static bool lost_before(DbTx *tx, const RecordSample *sample, RecordFlowKind kind,
                        int64_t *ret_lost, GError **error)
{
    DbQuery *query = db_query(tx, "media_total_lost");
    db_bind_text(query, 1, sample->visit_id);
    db_bind_text(query, 2, sample->endpoint_id);
    db_bind_text(query, 3, record_flow_name(kind));
    DbStep step = db_step(query, error);
    if (step == DB_FAILED)
        return false;
    *ret_lost = step == DB_ROW ? db_column_int(query, 0) : 0;
    db_reset(query);
    return true;
}

static bool write_total(DbTx *tx, const RecordSample *sample, RecordFlowKind kind, GError **error)
{
    const RecordFlow *flow = &sample->flows[kind];
    DbQuery *query = db_query(tx, "media_total_set");
    db_bind_text(query, 1, sample->visit_id);
    db_bind_text(query, 2, sample->endpoint_id);
    db_bind_text(query, 3, record_flow_name(kind));
    db_bind_text(query, 4, sample->participant_id);
    db_bind_int(query, 5, flow->packets);
    db_bind_int(query, 6, flow->bytes);
    db_bind_int(query, 7, flow->lost);
    db_bind_int(query, 8, flow->repaired);
    db_bind_int(query, 9, flow->media_ms);
    return db_exec(query, error);
}

static bool sample_job(DbTx *tx, gpointer data, GError **error)
{
    SampleOp *op = data;
    const RecordSample *sample = &op->sample;
    int64_t lost_now[RECORD_N_FLOWS];
    if (!check_participant(tx, sample, error))
        return false;
    for (int i = 0; i < RECORD_N_FLOWS; i++) {
        int64_t before;
        if (!lost_before(tx, sample, (RecordFlowKind)i, &before, error) ||
            !write_total(tx, sample, (RecordFlowKind)i, error))
            return false;
        lost_now[i] = MAX(sample->flows[i].lost - before, 0);
    }
    DbQuery *query = db_query(tx, "media_sample_add");
    db_bind_text(query, 1, sample->visit_id);
    db_bind_text(query, 2, sample->participant_id);
    db_bind_text(query, 3, sample->endpoint_id);
    db_bind_int(query, 4, sample->at_ms);
    db_bind_int(query, 5, sample->rtt_us);
    for (int i = 0; i < RECORD_N_FLOWS; i++)
        db_bind_int(query, 6 + i, sample->flows[i].bitrate_bps);
    db_bind_int(query, 10, lost_now[RECORD_FLOW_AUDIO_IN] + lost_now[RECORD_FLOW_VIDEO_IN]);
    db_bind_int(query, 11, lost_now[RECORD_FLOW_AUDIO_OUT] + lost_now[RECORD_FLOW_VIDEO_OUT]);
    return db_exec(query, error);
}

static void on_sample_done(gpointer data, const GError *error)
{
    SampleOp *op = data;
    if (op->done)
        op->done(error, op->user_data);
}

void record_sample(Scheduling *scheduling, const RecordSample *sample, SchedulingDone done,
                   gpointer user_data)
{
    SampleOp *op = g_new0(SampleOp, 1);
    op->sample = *sample;
    op->sample.visit_id = g_strdup(sample->visit_id);
    op->sample.participant_id = g_strdup(sample->participant_id);
    op->sample.endpoint_id = g_strdup(sample->endpoint_id);
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, sample_job, on_sample_done, op, sample_op_free);
}
