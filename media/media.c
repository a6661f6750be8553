// SPDX-License-Identifier: Apache-2.0
/* The main thread's side of the relay: who is where, what was negotiated, what the workers tell. */
#include "media/media.h"
#include "media/relay/negotiate.h"
#include "media/relay/worker.h"
#include "media/transport/crypt.h"

#include <string.h>

enum {
    DEFAULT_MAX_ENDPOINTS = 2000,
    EVENT_QUEUE_LENGTH = 65536,
    PRIORITY_HOST = 126,    /* RFC 8445, 5.1.2.2: type preference of host candidates */
    PRIORITY_HOST_TCP = 90, /* below all of UDP: where that works, it is taken */
    PASSIVE_PREFERENCE = 4, /* RFC 6544, 4.2: direction preference of passive host candidates */
    OTHER_PREFERENCE_MAX = 8191,
    LEVELS_FROM = 3, /* connections in a room: who is loudest is asked only there */
    START_KBPS = 60, /* sound and a first still; the browser's own 300 floods a thin link */
};

typedef struct {
    char *id;
    unsigned worker;
    unsigned n_endpoints;
} MediaRoom;

typedef struct {
    char *id;
    MediaRoom *room; /* unowned; its own count keeps it */
    bool may_publish;
    bool may_receive;
    bool dtls_passive;
    unsigned start_kbps;
    EndpointPlan *plan; /* NULL before the first answer */
} MediaEndpoint;

struct Media {
    MediaObserver observer;
    gpointer user_data;
    Clock *own_clock;
    char **candidates; /* public addresses */
    bool has_tcp;
    unsigned max_endpoints;
    DtlsIdentity *identity;
    MsgQueue *events;
    GSource *source;
    unsigned n_workers;
    Worker *workers[MEDIA_MAX_WORKERS];
    unsigned loads[MEDIA_MAX_WORKERS]; /* endpoints of each worker */
    MediaStats stats[MEDIA_MAX_WORKERS];
    GHashTable *rooms;     /* id -> MediaRoom, owned */
    GHashTable *endpoints; /* id -> MediaEndpoint, owned */
};

static void free_room(gpointer data)
{
    MediaRoom *room = data;
    g_free(room->id);
    g_free(room);
}

static void free_endpoint(gpointer data)
{
    MediaEndpoint *endpoint = data;
    if (endpoint->plan)
        memset(endpoint->plan->local_pwd, 0, sizeof endpoint->plan->local_pwd);
    g_free(endpoint->plan);
    g_free(endpoint->id);
    g_free(endpoint);
}

static bool choose_candidates(Media *media, const MediaConfig *config, GError **error)
{
    bool has_public = config->public_addresses && config->public_addresses[0];
    const char *const *addresses = has_public ? config->public_addresses : config->bind_addresses;
    g_autoptr(GStrvBuilder) candidates = g_strv_builder_new();
    for (unsigned i = 0; addresses[i]; i++) {
        NetAddress address;
        if (!net_address_parse(addresses[i], 0, &address) || i >= MEDIA_MAX_ADDRESSES ||
            strcmp(addresses[i], "0.0.0.0") == 0 || strcmp(addresses[i], "::") == 0) {
            g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_FAILED,
                        "%s cannot be told to clients: name at most %d numeric public addresses",
                        addresses[i], MEDIA_MAX_ADDRESSES);
            return false;
        }
        g_strv_builder_add(candidates, addresses[i]);
    }
    media->candidates = g_strv_builder_end(candidates);
    return true;
}

static bool make_workers(Media *media, const MediaConfig *config, GError **error)
{
    unsigned n = config->n_workers ? config->n_workers : g_get_num_processors();
    n = MIN(n, MEDIA_MAX_WORKERS);
    media->n_workers = 0;
    if (config->first_port && config->first_port + n - 1 > UINT16_MAX) {
        g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_FAILED,
                    "%u media workers from port %u on go beyond port %d", n, config->first_port,
                    UINT16_MAX);
        return false;
    }
    for (unsigned i = 0; i < n; i++) {
        WorkerOptions options = {
            .index = i,
            .addresses = config->bind_addresses,
            .port = config->first_port ? (uint16_t)(config->first_port + i) : 0,
            .tcp = config->tcp,
            .identity = media->identity,
            .clock = config->clock ? config->clock : media->own_clock,
            .events = media->events,
        };
        media->workers[i] = worker_new(&options, error);
        if (!media->workers[i])
            return false;
        media->n_workers++;
    }
    return true;
}

Media *media_new(const MediaConfig *config, const MediaObserver *observer, gpointer user_data,
                 GError **error)
{
    g_autoptr(Media) media = g_new0(Media, 1);
    if (observer)
        media->observer = *observer;
    media->user_data = user_data;
    media->max_endpoints = config->max_endpoints ? config->max_endpoints : DEFAULT_MAX_ENDPOINTS;
    media->has_tcp = config->tcp;
    media->own_clock = config->clock ? NULL : clock_new();
    media->events = msgqueue_new(EVENT_QUEUE_LENGTH, (GDestroyNotify)worker_event_free);
    media->rooms = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_room);
    media->endpoints = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_endpoint);
    if (!crypt_set_up(error) || !choose_candidates(media, config, error))
        return NULL;
    media->identity = dtls_identity_new(error);
    if (!media->identity || !make_workers(media, config, error))
        return NULL;
    return g_steal_pointer(&media);
}

static void deliver(Media *media, const WorkerEvent *event)
{
    const MediaObserver *observer = &media->observer;
    switch (event->type) {
    case WORKER_EVENT_STATE:
        if (observer->on_endpoint_state)
            observer->on_endpoint_state(event->endpoint_id, event->value.state, event->at_ms,
                                        media->user_data);
        break;
    case WORKER_EVENT_MEDIA:
        if (observer->on_endpoint_media)
            observer->on_endpoint_media(event->endpoint_id, event->value.media.kind,
                                        event->value.media.flowing, event->at_ms, media->user_data);
        break;
    case WORKER_EVENT_SLOT:
        if (observer->on_endpoint_slot)
            observer->on_endpoint_slot(event->endpoint_id, event->mid, event->participant_id,
                                       media->user_data);
        break;
    case WORKER_EVENT_HINT:
        if (observer->on_endpoint_hint)
            observer->on_endpoint_hint(event->endpoint_id, &event->value.hint, media->user_data);
        break;
    case WORKER_EVENT_PICTURE:
        if (observer->on_endpoint_picture)
            observer->on_endpoint_picture(event->endpoint_id, event->mid, event->value.picture,
                                          media->user_data);
        break;
    case WORKER_EVENT_SAMPLE:
        if (observer->on_endpoint_sample)
            observer->on_endpoint_sample(event->endpoint_id, event->value.sample, media->user_data);
        break;
    case WORKER_EVENT_STATS:
        media->stats[event->worker] = *event->value.stats;
        break;
    }
}

static void on_event(gpointer message, gpointer user_data)
{
    WorkerEvent *event = message;
    deliver(user_data, event);
    worker_event_free(event);
}

bool media_start(Media *media, GError **error)
{
    g_assert(!media->source);
    for (unsigned i = 0; i < media->n_workers; i++) {
        if (!worker_start(media->workers[i], error))
            return false;
    }
    media->source =
        msgqueue_attach(media->events, g_main_context_get_thread_default(), on_event, media);
    return true;
}

void media_stop(Media *media)
{
    if (!media)
        return;
    for (unsigned i = 0; i < media->n_workers; i++)
        worker_push_always(media->workers[i], worker_command_new(WORKER_COMMAND_STOP, NULL));
    for (unsigned i = 0; i < media->n_workers; i++)
        worker_join(media->workers[i]);
    if (media->source) {
        g_source_destroy(media->source);
        media->source = NULL;
        /* What the workers said before they ended, the final samples among it. */
        WorkerEvent *event;
        while ((event = msgqueue_pop(media->events)) != NULL)
            on_event(event, media);
    }
}

void media_free(Media *media)
{
    if (!media)
        return;
    media_stop(media);
    for (unsigned i = 0; i < media->n_workers; i++)
        worker_free(media->workers[i]);
    msgqueue_free(media->events);
    g_hash_table_destroy(media->endpoints);
    g_hash_table_destroy(media->rooms);
    dtls_identity_free(media->identity);
    g_strfreev(media->candidates);
    clock_free(media->own_clock);
    g_free(media);
}

static unsigned least_loaded(const Media *media)
{
    unsigned best = 0;
    for (unsigned i = 1; i < media->n_workers; i++) {
        if (media->loads[i] < media->loads[best])
            best = i;
    }
    return best;
}

static void leave_room(Media *media, MediaRoom *room)
{
    media->loads[room->worker]--;
    if (--room->n_endpoints == 0)
        g_hash_table_remove(media->rooms, room->id);
}

static MediaRoom *enter_room(Media *media, const char *id)
{
    MediaRoom *room = g_hash_table_lookup(media->rooms, id);
    if (!room) {
        room = g_new0(MediaRoom, 1);
        room->id = g_strdup(id);
        room->worker = least_loaded(media);
        g_hash_table_insert(media->rooms, room->id, room);
    }
    room->n_endpoints++;
    media->loads[room->worker]++;
    return room;
}

bool media_endpoint_open(Media *media, const MediaEndpointOptions *options, GError **error)
{
    const MediaRoom *existing = g_hash_table_lookup(media->rooms, options->room_id);
    if (g_hash_table_size(media->endpoints) >= media->max_endpoints ||
        (existing && existing->n_endpoints >= LIMIT_ROOM_ENDPOINTS)) {
        g_set_error_literal(error, MEDIA_ERROR, MEDIA_ERROR_FULL,
                            "no further connection fits into the room or the relay");
        return false;
    }
    if (g_hash_table_contains(media->endpoints, options->endpoint_id)) {
        g_set_error_literal(error, MEDIA_ERROR, MEDIA_ERROR_FAILED, "the endpoint is open already");
        return false;
    }
    WorkerCommand *command = worker_command_new(WORKER_COMMAND_OPEN, options->endpoint_id);
    command->room_id = g_strdup(options->room_id);
    command->participant_id = g_strdup(options->participant_id);
    command->rtt_hint_ms = options->rtt_hint_ms;
    command->start_down_bps = options->start_down_bps;
    command->start_up_bps = options->start_up_bps;
    command->hold = options->hold;
    command->outlives_consent = options->outlives_consent;
    MediaRoom *room = enter_room(media, options->room_id);
    if (!worker_push(media->workers[room->worker], command)) {
        worker_command_free(command);
        leave_room(media, room);
        g_set_error_literal(error, MEDIA_ERROR, MEDIA_ERROR_FULL, "the relay is busy");
        return false;
    }
    MediaEndpoint *endpoint = g_new0(MediaEndpoint, 1);
    endpoint->id = g_strdup(options->endpoint_id);
    endpoint->room = room;
    endpoint->may_publish = options->may_publish;
    endpoint->may_receive = options->may_receive;
    endpoint->dtls_passive = options->dtls_passive;
    endpoint->start_kbps =
        options->start_up_bps ? MAX(options->start_up_bps / 1000, 1) : START_KBPS;
    g_hash_table_insert(media->endpoints, endpoint->id, endpoint);
    return true;
}

/* The INDEX-th address. RFC 8445, 5.1.2.1, with RFC 6544's local preference for TCP. */
static uint32_t candidate_priority(bool tcp, unsigned index)
{
    uint32_t type = tcp ? PRIORITY_HOST_TCP : PRIORITY_HOST;
    uint32_t local =
        tcp ? PASSIVE_PREFERENCE << 13 | (OTHER_PREFERENCE_MAX - index) : UINT16_MAX - index;
    return type << 24 | local << 8 | 255;
}

static void add_candidates(const Media *media, uint16_t port, bool tcp, MediaDescription *answer)
{
    for (unsigned i = 0; media->candidates[i]; i++) {
        MediaCandidate *candidate = &answer->candidates[answer->n_candidates];
        g_strlcpy(candidate->address, media->candidates[i], sizeof candidate->address);
        candidate->port = port;
        candidate->tcp = tcp;
        candidate->priority = candidate_priority(tcp, i);
        /* RFC 8445, 5.1.1.3: another one for each address and protocol */
        g_snprintf(candidate->foundation, sizeof candidate->foundation, "%u",
                   ++answer->n_candidates);
    }
}

bool media_endpoint_negotiate(Media *media, const char *endpoint_id, const MediaDescription *offer,
                              MediaDescription *ret_answer, GError **error)
{
    MediaEndpoint *endpoint = g_hash_table_lookup(media->endpoints, endpoint_id);
    if (!endpoint) {
        g_set_error_literal(error, MEDIA_ERROR, MEDIA_ERROR_NOT_FOUND, "no such endpoint");
        return false;
    }
    NegotiateLocal local = {
        .fingerprint = dtls_identity_fingerprint(media->identity),
        .may_publish = endpoint->may_publish,
        .may_receive = endpoint->may_receive,
        .dtls_passive = endpoint->dtls_passive,
        .start_kbps = endpoint->start_kbps,
        .simulcast = true,
        .want_audio_level = endpoint->room->n_endpoints >= LEVELS_FROM,
    };
    g_autoptr(WorkerCommand) command = worker_command_new(WORKER_COMMAND_PLAN, endpoint_id);
    command->plan = g_new0(EndpointPlan, 1);
    g_autofree MediaDescription *answer = g_new0(MediaDescription, 1);
    if (!negotiate_answer(offer, endpoint->plan, &local, answer, command->plan, error))
        return false;
    g_autofree EndpointPlan *plan = g_memdup2(command->plan, sizeof *command->plan);
    if (!worker_push(media->workers[endpoint->room->worker], command)) {
        g_set_error_literal(error, MEDIA_ERROR, MEDIA_ERROR_FULL, "the relay is busy");
        return false;
    }
    (void)g_steal_pointer(&command);
    g_free(endpoint->plan);
    endpoint->plan = g_steal_pointer(&plan);
    uint16_t port = worker_port(media->workers[endpoint->room->worker]);
    add_candidates(media, port, false, answer);
    if (media->has_tcp)
        add_candidates(media, port, true, answer);
    *ret_answer = *answer;
    return true;
}

void media_endpoint_set_screen(Media *media, const char *endpoint_id, bool is_screen)
{
    const MediaEndpoint *endpoint = g_hash_table_lookup(media->endpoints, endpoint_id);
    if (!endpoint)
        return;
    WorkerCommand *command = worker_command_new(WORKER_COMMAND_SCREEN, endpoint_id);
    command->is_screen = is_screen;
    worker_push_always(media->workers[endpoint->room->worker], command);
}

void media_endpoint_set_pinned(Media *media, const char *endpoint_id, const char *participant_id)
{
    const MediaEndpoint *endpoint = g_hash_table_lookup(media->endpoints, endpoint_id);
    if (!endpoint)
        return;
    WorkerCommand *command = worker_command_new(WORKER_COMMAND_PIN, endpoint_id);
    command->participant_id = g_strdup(participant_id);
    worker_push_always(media->workers[endpoint->room->worker], command);
}

void media_endpoint_set_audience(Media *media, const char *endpoint_id, bool is_muted,
                                 unsigned circle)
{
    const MediaEndpoint *endpoint = g_hash_table_lookup(media->endpoints, endpoint_id);
    if (!endpoint)
        return;
    WorkerCommand *command = worker_command_new(WORKER_COMMAND_AUDIENCE, endpoint_id);
    command->is_muted = is_muted;
    command->circle = circle;
    worker_push_always(media->workers[endpoint->room->worker], command);
}

void media_endpoint_release(Media *media, const char *endpoint_id)
{
    const MediaEndpoint *endpoint = g_hash_table_lookup(media->endpoints, endpoint_id);
    if (endpoint)
        worker_push_always(media->workers[endpoint->room->worker],
                           worker_command_new(WORKER_COMMAND_RELEASE, endpoint_id));
}

void media_endpoint_close(Media *media, const char *endpoint_id)
{
    MediaEndpoint *endpoint = g_hash_table_lookup(media->endpoints, endpoint_id);
    if (!endpoint)
        return;
    worker_push_always(media->workers[endpoint->room->worker],
                       worker_command_new(WORKER_COMMAND_CLOSE, endpoint_id));
    leave_room(media, endpoint->room);
    g_hash_table_remove(media->endpoints, endpoint_id);
}

uint16_t media_port(const Media *media)
{
    return worker_port(media->workers[0]);
}

void media_stats(Media *media, MediaStats *ret_stats)
{
    MediaStats sum = {.n_workers = media->n_workers};
    for (unsigned i = 0; i < media->n_workers; i++) {
        const MediaStats *stats = &media->stats[i];
        sum.packets_in += stats->packets_in;
        sum.packets_out += stats->packets_out;
        sum.bytes_in += stats->bytes_in;
        sum.bytes_out += stats->bytes_out;
        sum.rtp_forwarded += stats->rtp_forwarded;
        sum.rtx_sent += stats->rtx_sent;
        sum.nacks_sent += stats->nacks_sent;
        sum.plis_sent += stats->plis_sent;
        sum.dropped_unknown_address += stats->dropped_unknown_address;
        sum.dropped_bad_stun += stats->dropped_bad_stun;
        sum.dropped_other_stun += stats->dropped_other_stun;
        sum.dropped_bad_srtp += stats->dropped_bad_srtp;
        sum.dropped_replayed += stats->dropped_replayed;
        sum.dropped_malformed += stats->dropped_malformed;
        sum.dropped_full += stats->dropped_full;
        sum.dtls_handshakes += stats->dtls_handshakes;
        sum.dtls_failed += stats->dtls_failed;
        sum.stun_checks += stats->stun_checks;
        sum.tcp_refused += stats->tcp_refused;
        sum.tcp_cut_off += stats->tcp_cut_off;
        sum.n_tcp_connections += stats->n_tcp_connections;
        sum.n_rooms += stats->n_rooms;
        sum.n_endpoints += stats->n_endpoints;
    }
    *ret_stats = sum;
}
