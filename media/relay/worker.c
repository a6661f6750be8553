// SPDX-License-Identifier: Apache-2.0
#include "media/relay/worker.h"
#include "media/relay/packet_in.h"
#include "media/relay/room.h"
#include "media/relay/feedback.h"
#include "media/relay/sample.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum {
    COMMAND_QUEUE_LENGTH = 4096,
    COMMANDS_AT_ONCE = 64,
    LOOP_MAX_MS = 20,   /* the finest tick, see endpoint.c */
    LOOP_IDLE_MS = 500, /* no endpoint */
    STATS_INTERVAL_US = 500 * 1000,
    EPOLL_COMMANDS = UDP_MAX_SOCKETS, /* in epoll's data: below it, a socket's index */
    EPOLL_TCP,
    N_EPOLL_EVENTS,
    PORT_ATTEMPTS = 16, /* a port that UDP has free may be taken in TCP */
};

static void free_endpoint(gpointer endpoint)
{
    endpoint_free(endpoint);
}

static void free_room(gpointer room)
{
    room_free(room);
}

static bool watch(Worker *worker, int fd, uint32_t data, GError **error)
{
    struct epoll_event event = {.events = EPOLLIN, .data = {.u32 = data}};
    if (epoll_ctl(worker->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0)
        return true;
    g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_FAILED, "epoll_ctl: %s", g_strerror(errno));
    return false;
}

static bool set_up_epoll(Worker *worker, GError **error)
{
    worker->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (worker->epoll_fd < 0) {
        g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_FAILED, "epoll: %s", g_strerror(errno));
        return false;
    }
    for (unsigned i = 0; i < udp_port_n_sockets(worker->udp); i++) {
        if (!watch(worker, udp_port_fd(worker->udp, i), i, error))
            return false;
    }
    if (worker->tcp && !watch(worker, tcp_port_fd(worker->tcp), EPOLL_TCP, error))
        return false;
    return watch(worker, msgqueue_fd(worker->commands), EPOLL_COMMANDS, error);
}

static void on_connection_closed(const NetAddress *address, gpointer user_data)
{
    Worker *worker = user_data;
    Endpoint *endpoint = g_hash_table_lookup(worker->by_address, address);
    if (endpoint)
        endpoint_lose_address(endpoint, address);
}

static bool open_ports(Worker *worker, const WorkerOptions *options, GError **error)
{
    for (unsigned attempt = 1;; attempt++) {
        g_autoptr(GError) tcp_error = NULL;
        worker->udp = udp_port_new(options->addresses, options->port, error);
        if (!worker->udp || !options->tcp)
            return worker->udp != NULL;
        worker->tcp = tcp_port_new(options->addresses, udp_port_number(worker->udp), &tcp_error);
        if (worker->tcp)
            break;
        if (options->port != 0 || attempt == PORT_ATTEMPTS) {
            g_propagate_error(error, g_steal_pointer(&tcp_error));
            return false;
        }
        g_clear_pointer(&worker->udp, udp_port_free);
    }
    tcp_port_on_closed(worker->tcp, on_connection_closed, worker);
    udp_port_set_tcp(worker->udp, worker->tcp);
    return true;
}

Worker *worker_new(const WorkerOptions *options, GError **error)
{
    g_autoptr(Worker) worker = g_new0(Worker, 1);
    worker->epoll_fd = -1;
    worker->index = options->index;
    worker->clock = options->clock;
    worker->events = options->events;
    worker->commands = msgqueue_new(COMMAND_QUEUE_LENGTH, (GDestroyNotify)worker_command_free);
    worker->ice = ice_agent_new();
    worker->rooms = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_room);
    worker->endpoints = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_endpoint);
    worker->all = g_ptr_array_new();
    worker->by_ufrag = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    worker->by_address = g_hash_table_new(net_address_hash, net_address_equal);
    worker->dtls = dtls_context_new(options->identity, error);
    if (!worker->dtls)
        return NULL;
    if (!open_ports(worker, options, error) || !set_up_epoll(worker, error))
        return NULL;
    return g_steal_pointer(&worker);
}

void worker_free(Worker *worker)
{
    if (!worker)
        return;
    g_assert(!worker->has_thread);
    g_hash_table_destroy(worker->endpoints);
    g_hash_table_destroy(worker->rooms);
    g_hash_table_destroy(worker->by_ufrag);
    g_hash_table_destroy(worker->by_address);
    g_ptr_array_free(worker->all, TRUE);
    dtls_context_free(worker->dtls);
    ice_agent_free(worker->ice);
    udp_port_free(worker->udp);
    tcp_port_free(worker->tcp);
    msgqueue_free(worker->commands);
    if (worker->epoll_fd >= 0)
        close(worker->epoll_fd);
    g_free(worker);
}

uint16_t worker_port(const Worker *worker)
{
    return udp_port_number(worker->udp);
}

bool worker_push(Worker *worker, WorkerCommand *command)
{
    return msgqueue_push(worker->commands, command);
}

void worker_push_always(Worker *worker, WorkerCommand *command)
{
    if (!msgqueue_push_always(worker->commands, command))
        worker_command_free(command); /* closed: the thread is gone */
}

int64_t worker_wall_ms(const Worker *worker)
{
    return clock_wall_ms(worker->clock);
}

uint64_t worker_ntp(const Worker *worker)
{
    return ntp_from_wall_us(worker->now_us + worker->wall_minus_mono_us);
}

uint32_t worker_source_number(Worker *worker)
{
    if (++worker->last_source_number == 0)
        worker->last_source_number = 1;
    return worker->last_source_number;
}

void worker_emit(Worker *worker, WorkerEvent *event)
{
    if (!msgqueue_push_always(worker->events, event))
        worker_event_free(event);
}

static void open_endpoint(Worker *worker, const WorkerCommand *command)
{
    g_return_if_fail(!g_hash_table_contains(worker->endpoints, command->endpoint_id));
    Room *room = g_hash_table_lookup(worker->rooms, command->room_id);
    if (!room) {
        room = room_new(command->room_id);
        g_hash_table_insert(worker->rooms, room->id, room);
    }
    Endpoint *endpoint = endpoint_new(worker, command);
    g_hash_table_insert(worker->endpoints, endpoint->id, endpoint);
    g_ptr_array_add(worker->all, endpoint);
    room_add(room, endpoint);
    worker->next_scan_us = worker->now_us;
}

static void apply_plan(Worker *worker, const WorkerCommand *command)
{
    Endpoint *endpoint = g_hash_table_lookup(worker->endpoints, command->endpoint_id);
    if (!endpoint)
        return;
    endpoint_apply_plan(endpoint, command->plan);
    room_assign(endpoint->room);
    worker->next_scan_us = worker->now_us;
}

static void release_endpoint(Worker *worker, const char *endpoint_id)
{
    Endpoint *endpoint = g_hash_table_lookup(worker->endpoints, endpoint_id);
    if (!endpoint)
        return;
    endpoint->is_on_hold = false;
    room_assign(endpoint->room);
    worker->next_scan_us = worker->now_us;
}

static void set_audience(Worker *worker, const WorkerCommand *command)
{
    Endpoint *endpoint = g_hash_table_lookup(worker->endpoints, command->endpoint_id);
    if (!endpoint)
        return;
    endpoint->is_muted = command->is_muted;
    endpoint->circle = command->circle;
    room_assign(endpoint->room);
    worker->next_scan_us = worker->now_us;
}

static void close_endpoint(Worker *worker, Endpoint *endpoint)
{
    for (unsigned kind = 0; kind < MEDIA_N_KINDS; kind++) {
        if (endpoint->is_flowing[kind])
            sample_set_flowing(endpoint, (MediaKind)kind, false);
    }
    feedback_bye(endpoint);
    sample_emit(endpoint, true);
    Room *room = endpoint->room;
    g_ptr_array_remove_fast(worker->all, endpoint);
    g_hash_table_remove(worker->endpoints, endpoint->id);
    if (room->endpoints->len == 0)
        g_hash_table_remove(worker->rooms, room->id);
    else
        room_assign(room);
}

static void close_all(Worker *worker)
{
    while (worker->all->len > 0)
        close_endpoint(worker, g_ptr_array_index(worker->all, worker->all->len - 1));
    udp_port_flush(worker->udp);
}

static void run_command(Worker *worker, const WorkerCommand *command)
{
    switch (command->type) {
    case WORKER_COMMAND_OPEN:
        open_endpoint(worker, command);
        break;
    case WORKER_COMMAND_PLAN:
        apply_plan(worker, command);
        break;
    case WORKER_COMMAND_SCREEN: {
        Endpoint *endpoint = g_hash_table_lookup(worker->endpoints, command->endpoint_id);
        if (endpoint)
            endpoint->sends_screen = command->is_screen;
        break;
    }
    case WORKER_COMMAND_PIN: {
        Endpoint *endpoint = g_hash_table_lookup(worker->endpoints, command->endpoint_id);
        if (endpoint) {
            g_free(endpoint->pinned_id);
            endpoint->pinned_id = g_strdup(command->participant_id);
        }
        break;
    }
    case WORKER_COMMAND_AUDIENCE:
        set_audience(worker, command);
        break;
    case WORKER_COMMAND_RELEASE:
        release_endpoint(worker, command->endpoint_id);
        break;
    case WORKER_COMMAND_CLOSE: {
        Endpoint *endpoint = g_hash_table_lookup(worker->endpoints, command->endpoint_id);
        if (endpoint)
            close_endpoint(worker, endpoint);
        break;
    }
    case WORKER_COMMAND_STOP:
        close_all(worker);
        worker->is_stopping = true;
        break;
    }
}

static void run_commands(Worker *worker)
{
    gpointer commands[COMMANDS_AT_ONCE];
    size_t n = msgqueue_pop_many(worker->commands, commands, COMMANDS_AT_ONCE);
    for (size_t i = 0; i < n; i++) {
        run_command(worker, commands[i]);
        worker_command_free(commands[i]);
    }
}

static void receive(Worker *worker, unsigned socket_index)
{
    unsigned n = udp_port_receive(worker->udp, socket_index, worker->packets);
    worker->now_us = clock_mono_us(worker->clock);
    for (unsigned i = 0; i < n; i++)
        packet_in(worker, &worker->packets[i]);
}

static void on_tcp_packet(UdpPacket *packet, gpointer user_data)
{
    packet_in(user_data, packet);
}

static void count_tcp(const TcpPort *port, MediaStats *stats)
{
    const TcpCounters *counters = tcp_port_counters(port);
    stats->packets_in += counters->packets_received;
    stats->bytes_in += counters->bytes_received;
    stats->tcp_refused = counters->refused;
    stats->tcp_cut_off = counters->cut_off;
    stats->n_tcp_connections = tcp_port_n_connections(port);
}

static void emit_stats(Worker *worker)
{
    const UdpCounters *counters = udp_port_counters(worker->udp);
    MediaStats *stats = g_new0(MediaStats, 1);
    *stats = worker->stats;
    stats->packets_in = counters->packets_received;
    stats->bytes_in = counters->bytes_received;
    stats->packets_out = counters->packets_sent;
    stats->bytes_out = counters->bytes_sent;
    stats->dropped_full = counters->send_dropped;
    if (worker->tcp)
        count_tcp(worker->tcp, stats);
    stats->n_rooms = g_hash_table_size(worker->rooms);
    stats->n_endpoints = g_hash_table_size(worker->endpoints);
    WorkerEvent *event = worker_event_new(WORKER_EVENT_STATS, NULL, worker_wall_ms(worker));
    event->worker = worker->index;
    event->value.stats = stats;
    worker_emit(worker, event);
}

static void run_timers(Worker *worker)
{
    if (worker->now_us >= worker->next_stats_us) {
        worker->next_stats_us = worker->now_us + STATS_INTERVAL_US;
        emit_stats(worker);
    }
    if (worker->tcp)
        tcp_port_tick(worker->tcp, worker->now_us);
    if (worker->now_us < worker->next_scan_us)
        return;
    int64_t due_us = INT64_MAX;
    for (unsigned i = 0; i < worker->all->len; i++) {
        Endpoint *endpoint = g_ptr_array_index(worker->all, i);
        if (worker->now_us >= endpoint->due_us)
            endpoint_tick(endpoint);
        else if (worker->now_us >= endpoint->down.due_us)
            downlink_run(endpoint);
        due_us = MIN(due_us, MIN(endpoint->due_us, endpoint->down.due_us));
    }
    worker->next_scan_us = due_us;
}

static int wait_ms(const Worker *worker)
{
    if (worker->all->len == 0)
        return LOOP_IDLE_MS;
    int64_t left_us = worker->next_scan_us - clock_mono_us(worker->clock);
    return (int)CLAMP((left_us + 999) / 1000, 0, LOOP_MAX_MS);
}

static void run_once(Worker *worker)
{
    struct epoll_event events[N_EPOLL_EVENTS];
    int n = epoll_wait(worker->epoll_fd, events, G_N_ELEMENTS(events), wait_ms(worker));
    worker->now_us = clock_mono_us(worker->clock);
    /* Commands first: an answer is known to the client only after its plan is in the queue, so a
     * check never comes before the plan. */
    for (int i = 0; i < n; i++) {
        if (events[i].data.u32 == EPOLL_COMMANDS)
            run_commands(worker);
    }
    for (int i = 0; i < n; i++) {
        if (events[i].data.u32 == EPOLL_TCP)
            tcp_port_receive(worker->tcp, worker->now_us, on_tcp_packet, worker);
        else if (events[i].data.u32 != EPOLL_COMMANDS)
            receive(worker, events[i].data.u32);
    }
    run_timers(worker);
    udp_port_flush(worker->udp);
}

static void *run(void *data)
{
    Worker *worker = data;
    worker->now_us = clock_mono_us(worker->clock);
    worker->wall_minus_mono_us = clock_wall_ms(worker->clock) * 1000 - worker->now_us;
    while (!worker->is_stopping)
        run_once(worker);
    emit_stats(worker);
    return NULL;
}

bool worker_start(Worker *worker, GError **error)
{
    int result = pthread_create(&worker->thread, NULL, run, worker);
    if (result != 0) {
        g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_FAILED, "thread: %s", g_strerror(result));
        return false;
    }
    worker->has_thread = true;
    char name[16];
    g_snprintf(name, sizeof name, "media-%u", worker->index);
    pthread_setname_np(worker->thread, name);
    return true;
}

void worker_join(Worker *worker)
{
    if (!worker->has_thread)
        return;
    pthread_join(worker->thread, NULL);
    worker->has_thread = false;
    msgqueue_close(worker->commands);
}
