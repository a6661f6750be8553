// SPDX-License-Identifier: Apache-2.0
#include "media/relay/sample.h"
#include "media/relay/worker.h"

static uint64_t lost_in(const Endpoint *endpoint, MediaKind kind)
{
    uint64_t lost = endpoint->in[kind].lost_before;
    for (unsigned i = 0; i < MEDIA_MAX_SECTIONS; i++) {
        const Source *source = endpoint->sources[i];
        if (source && source->kind == kind)
            lost += source_lost(source);
    }
    return lost;
}

static uint64_t lost_out(const Endpoint *endpoint, MediaKind kind)
{
    uint64_t lost = 0;
    for (unsigned i = 0; i < MEDIA_MAX_SECTIONS; i++) {
        const Slot *slot = endpoint->slots[i];
        if (slot && slot->kind == kind)
            lost += stream_loss_total(&slot->loss);
    }
    return lost;
}

static uint32_t jitter_in(const Endpoint *endpoint, MediaKind kind)
{
    int64_t jitter_us = 0;
    for (unsigned i = 0; i < MEDIA_MAX_SECTIONS; i++) {
        const Source *source = endpoint->sources[i];
        for (unsigned k = 0; source && source->kind == kind && k < source->n_layers; k++)
            jitter_us = MAX(jitter_us, rtp_stats_jitter_us(&source->layers[k].stats));
    }
    return (uint32_t)MIN(jitter_us, UINT32_MAX);
}

static MediaFlow take_flow(Flow *flow, uint64_t lost, int64_t elapsed_us)
{
    uint64_t bytes = flow->total.bytes - flow->sampled_bytes;
    flow->sampled_bytes = flow->total.bytes;
    MediaFlow result = flow->total;
    result.lost = lost;
    result.media_ms = (uint64_t)(flow->media_us / 1000);
    result.bitrate_bps =
        elapsed_us > 0
            ? (uint32_t)MIN(bytes * 8 * G_USEC_PER_SEC / (uint64_t)elapsed_us, UINT32_MAX)
            : 0;
    return result;
}

void sample_emit(Endpoint *endpoint, bool is_final)
{
    Worker *worker = endpoint->worker;
    int64_t elapsed_us = worker->now_us - endpoint->sampled_us;
    MediaSample *sample = g_new0(MediaSample, 1);
    sample->at_ms = worker_wall_ms(worker);
    sample->rtt_us = (uint32_t)MIN(endpoint->rtt_us, UINT32_MAX);
    sample->is_final = is_final;
    sample->down_bps = downlink_seen_bps(endpoint);
    sample->up_bps = uplink_seen_bps(&endpoint->up.uplink);
    for (unsigned k = 0; k < MEDIA_N_KINDS; k++) {
        MediaKind kind = (MediaKind)k;
        sample->in[k] = take_flow(&endpoint->in[k], lost_in(endpoint, kind), elapsed_us);
        sample->in[k].jitter_us = jitter_in(endpoint, kind);
        uint32_t jitter_us = endpoint->out[k].total.jitter_us;
        sample->out[k] = take_flow(&endpoint->out[k], lost_out(endpoint, kind), elapsed_us);
        sample->out[k].jitter_us = jitter_us;
    }
    endpoint->sampled_us = worker->now_us;
    endpoint->next_sample_us = worker->now_us + SAMPLE_INTERVAL_US;
    WorkerEvent *event = worker_event_new(WORKER_EVENT_SAMPLE, endpoint->id, sample->at_ms);
    event->value.sample = sample;
    worker_emit(worker, event);
}

void sample_set_flowing(Endpoint *endpoint, MediaKind kind, bool is_flowing)
{
    Worker *worker = endpoint->worker;
    int64_t ago_ms = is_flowing ? 0 : (worker->now_us - endpoint->in[kind].last_us) / 1000;
    endpoint->is_flowing[kind] = is_flowing;
    WorkerEvent *event =
        worker_event_new(WORKER_EVENT_MEDIA, endpoint->id, worker_wall_ms(worker) - ago_ms);
    event->value.media.kind = kind;
    event->value.media.flowing = is_flowing;
    worker_emit(worker, event);
}
