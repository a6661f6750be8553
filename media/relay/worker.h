// SPDX-License-Identifier: Apache-2.0
/* One relay thread: its sockets, its rooms, its timers. Functions of the first block are for the
 * main thread; the rest is for media/relay on the worker's own thread. */
#pragma once
#include "media/relay/message.h"
#include "media/transport/dtls.h"
#include "media/transport/ice.h"
#include "media/rtp/rtcp_twcc.h"
#include "media/transport/tcp.h"
#include "media/transport/udp.h"
#include "server/base/clock.h"
#include "server/base/limit.h"
#include "server/base/log.h"
#include "server/base/msgqueue.h"
#include <pthread.h>

typedef struct Worker Worker;
typedef struct Endpoint Endpoint;

typedef struct {
    unsigned index;
    const char *const *addresses;
    uint16_t port;
    bool tcp; /**< also ICE-TCP, on the same port */
    const DtlsIdentity *identity;
    const Clock *clock; /**< outlives the worker */
    MsgQueue *events;   /**< outlives the worker */
} WorkerOptions;

/** Binds the port. */
Worker *worker_new(const WorkerOptions *options, GError **error);
bool worker_start(Worker *worker, GError **error);
/** Hands a command over; false (and the command stays the caller's) when the queue is full. */
bool worker_push(Worker *worker, WorkerCommand *command) G_GNUC_WARN_UNUSED_RESULT;
/** As worker_push(), for commands that must arrive. */
void worker_push_always(Worker *worker, WorkerCommand *command);
/** Waits for the end of the thread, after a STOP. */
void worker_join(Worker *worker);
void worker_free(Worker *worker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Worker, worker_free)
uint16_t worker_port(const Worker *worker);

struct Worker {
    unsigned index;
    const Clock *clock;
    int64_t now_us; /**< monotonic, read once a batch */
    int64_t wall_minus_mono_us;
    UdpPort *udp;
    TcpPort *tcp; /* NULL: no ICE-TCP */
    IceAgent *ice;
    DtlsContext *dtls;
    MsgQueue *commands;
    MsgQueue *events; /* unowned */
    MediaStats stats;
    LogLimit log_limit;
    RateLimit rebind_limit;

    GHashTable *rooms;      /* id -> Room, owned */
    GHashTable *endpoints;  /* id -> Endpoint, owned */
    GPtrArray *all;         /* the same endpoints, for the timers */
    GHashTable *by_ufrag;   /* local fragment -> Endpoint; keys owned */
    GHashTable *by_address; /* NetAddress in a Tuple -> Endpoint */
    uint32_t last_source_number;

    int epoll_fd;
    bool is_stopping;
    bool has_thread;
    pthread_t thread;
    int64_t next_scan_us;
    int64_t next_stats_us;
    UdpPacket packets[UDP_BATCH];
    RtcpTwccStatus statuses[RTCP_TWCC_STATUSES_MAX]; /* of the feedback that is being read */
};

/** Milliseconds since 1970 and NTP time for the worker's present moment. */
int64_t worker_wall_ms(const Worker *worker);
uint64_t worker_ntp(const Worker *worker);
/** A name for a source stream, never 0. */
uint32_t worker_source_number(Worker *worker);
/** Hands an event to the main thread. */
void worker_emit(Worker *worker, WorkerEvent *event);
