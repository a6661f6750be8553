// SPDX-License-Identifier: Apache-2.0
#include "server/base/db/db_private.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "base_resource.h"
#include "server/base/msgqueue.h"

enum { DEFAULT_QUEUE_CAPACITY = 4096, MAX_GROUP_JOBS = 256, MAX_READERS = 16 };

typedef enum {
    DB_STATE_OPEN,
    DB_STATE_RUNNING,
    DB_STATE_STOPPED,
} DbState;

/* A thread with its connection. */
typedef struct {
    Db *db;
    DbConnection *connection;
    MsgQueue *queue; /* borrowed from the Db */
    pthread_t thread;
    bool started;
} DbThread;

struct Db {
    char *path;
    unsigned n_readers;
    DbState state;
    bool in_run_now;
    GPtrArray *owners; /* const DbOwner, borrowed; "base" first */
    DbRegistry *registry;
    MsgQueue *writes; /* DbJob; NULL without threads, like all queues below */
    MsgQueue *reads;
    MsgQueue *reports;
    MsgQueue *replies;
    GSource *reply_source;
    DbThread writer; /* its connection serves db_migrate() and db_run_now() as well */
    DbThread readers[MAX_READERS];
    DbThread reporter;
    /* Counted by the threads, read by /metrics: each number is whole by itself. */
    atomic_uint_fast64_t n_writes;
    atomic_uint_fast64_t n_reads;
    atomic_uint_fast64_t n_groups;
    atomic_uint_fast64_t n_failed;
    atomic_bool last_commit_failed;
};

static const char *const base_migrations[] = {"/huyula/base/sql/0001_base.sql",
                                              "/huyula/base/sql/0002_health.sql",
                                              "/huyula/base/sql/0301_audit.sql", NULL};
static const char *const base_statements[] = {"/huyula/base/sql/audit.sql",
                                              "/huyula/base/sql/health.sql",
                                              "/huyula/base/sql/outbox.sql", NULL};

static void free_job(gpointer data)
{
    db_job_free(data);
}

/* On the context of db_open(): the job belongs to us. */
static void deliver(gpointer message, gpointer user_data)
{
    (void)user_data;
    DbJob *job = message;
    if (job->done)
        job->done(job->data, job->error);
    db_job_free(job);
}

static void create_queues(Db *db, size_t capacity)
{
    db->writes = msgqueue_new(capacity, free_job);
    db->reads = msgqueue_new(capacity, free_job);
    db->reports = msgqueue_new(capacity, free_job);
    db->replies = msgqueue_new(capacity, free_job);
    GMainContext *context = g_main_context_ref_thread_default();
    db->reply_source = msgqueue_attach(db->replies, context, deliver, NULL);
    g_main_context_unref(context);
}

static bool add_owners(Db *db, const DbOwner *const *owners, GError **error)
{
    if (!base_get_resource())
        base_register_resource();
    DbOwner *base = g_new0(DbOwner, 1);
    base->owner = "base";
    base->resource = base_get_resource();
    base->migrations = base_migrations;
    base->statements = base_statements;
    g_ptr_array_add(db->owners, base);
    for (unsigned i = 0; owners && owners[i]; i++)
        g_ptr_array_add(db->owners, g_memdup2(owners[i], sizeof *owners[i]));
    for (unsigned i = 0; i < db->owners->len; i++) {
        if (!db_registry_add_owner(db->registry, g_ptr_array_index(db->owners, i), error))
            return false;
    }
    return true;
}

Db *db_open(const DbOptions *options, GError **error)
{
    g_assert(options->n_readers <= MAX_READERS);
    g_autoptr(Db) db = g_new0(Db, 1);
    /* Before its first use, later it changes nothing: no lock around each allocation to count it.
     */
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    db->path = g_strdup(options->path);
    db->n_readers = options->n_readers;
    db->owners = g_ptr_array_new_with_free_func(g_free);
    db->registry = db_registry_new();
    if (!add_owners(db, options->owners, error))
        return NULL;
    db->writer.connection = db_connection_open(db->path, DB_ROLE_WRITER, error);
    if (!db->writer.connection)
        return NULL;
    if (db->n_readers > 0)
        create_queues(db,
                      options->queue_capacity ? options->queue_capacity : DEFAULT_QUEUE_CAPACITY);
    return g_steal_pointer(&db);
}

bool db_migrate(Db *db, unsigned *ret_n_applied, GError **error)
{
    g_assert(db->state == DB_STATE_OPEN);
    return db_migrate_run(db->writer.connection, db->owners, ret_n_applied, error);
}

/* Answers a job that has run, or never will. The number of replies is bounded by that of the
 * requests; the queue is closed only when nobody is left to answer to. */
static void reply(Db *db, DbJob *job)
{
    if (job->error)
        atomic_fetch_add(&db->n_failed, 1);
    if (!msgqueue_push_always(db->replies, job))
        db_job_free(job);
}

/* A group of jobs that all failed by themselves has written nothing, so it proves nothing. */
static void run_group(Db *db, DbConnection *connection, DbJob **jobs, size_t n_jobs)
{
    bool is_committed = db_group_run(connection, jobs, n_jobs);
    bool has_written = false;
    for (size_t i = 0; i < n_jobs; i++)
        has_written = has_written || !jobs[i]->error;
    if (!is_committed || has_written)
        atomic_store(&db->last_commit_failed, !is_committed);
    atomic_fetch_add(&db->n_groups, 1);
    atomic_fetch_add(&db->n_writes, n_jobs);
}

/* The database thread: what waits together is one group. */
static void *write_main(void *user_data)
{
    DbThread *self = user_data;
    Db *db = self->db;
    DbJob *jobs[MAX_GROUP_JOBS];
    while ((jobs[0] = msgqueue_wait(self->queue, -1))) {
        size_t n_jobs =
            1 + msgqueue_pop_many(self->queue, (gpointer *)&jobs[1], MAX_GROUP_JOBS - 1);
        run_group(db, self->connection, jobs, n_jobs);
        for (size_t i = 0; i < n_jobs; i++)
            reply(db, jobs[i]);
    }
    return NULL;
}

static void *read_main(void *user_data)
{
    DbThread *self = user_data;
    DbJob *job;
    while ((job = msgqueue_wait(self->queue, -1))) {
        db_read_run(self->connection, job);
        atomic_fetch_add(&self->db->n_reads, 1);
        reply(self->db, job);
    }
    return NULL;
}

/* Signals belong to the main thread. */
static bool start_thread(DbThread *thread, void *(*main_func)(void *), GError **error)
{
    sigset_t all;
    sigset_t before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    int code = pthread_create(&thread->thread, NULL, main_func, thread);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    thread->started = code == 0;
    if (code != 0)
        g_set_error(error, BASE_ERROR, BASE_ERROR_FAILED, "cannot start a database thread: %s",
                    g_strerror(code));
    return thread->started;
}

static bool start_reader(Db *db, DbThread *thread, MsgQueue *queue, GError **error)
{
    thread->db = db;
    thread->queue = queue;
    thread->connection = db_connection_open(db->path, DB_ROLE_READER, error);
    return thread->connection && db_connection_prepare(thread->connection, db->registry, error) &&
           start_thread(thread, read_main, error);
}

/* Checks the schema and prepares the writer's statements; once. */
static bool prepare_writer(Db *db, GError **error)
{
    if (db->writer.connection->queries)
        return true;
    return db_migrate_check(db->writer.connection, db->owners, error) &&
           db_connection_prepare(db->writer.connection, db->registry, error);
}

static bool start_threads(Db *db, GError **error)
{
    if (!prepare_writer(db, error))
        return false;
    db->writer.db = db;
    db->writer.queue = db->writes;
    for (unsigned i = 0; i < db->n_readers; i++) {
        if (!start_reader(db, &db->readers[i], db->reads, error))
            return false;
    }
    return start_reader(db, &db->reporter, db->reports, error) &&
           start_thread(&db->writer, write_main, error);
}

bool db_start(Db *db, GError **error)
{
    g_assert(db->state == DB_STATE_OPEN);
    if (db->n_readers == 0)
        return prepare_writer(db, error);
    db->state = DB_STATE_RUNNING;
    if (start_threads(db, error))
        return true;
    db_stop(db);
    return false;
}

static void join(DbThread *thread)
{
    if (thread->started)
        (void)pthread_join(thread->thread, NULL);
    thread->started = false;
}

void db_stop(Db *db)
{
    if (db->state != DB_STATE_RUNNING)
        return;
    db->state = DB_STATE_STOPPED;
    msgqueue_close(db->writes);
    msgqueue_close(db->reads);
    msgqueue_close(db->reports);
    join(&db->writer);
    for (unsigned i = 0; i < db->n_readers; i++)
        join(&db->readers[i]);
    join(&db->reporter);
    /* What a DONE function asks for now is refused, and that answer comes from the main context. */
    for (size_t n = msgqueue_length(db->replies); n > 0; n--)
        deliver(msgqueue_pop(db->replies), NULL);
}

void db_free(Db *db)
{
    if (!db)
        return;
    db_stop(db);
    if (db->reply_source)
        g_source_destroy(db->reply_source);
    msgqueue_free(db->writes);
    msgqueue_free(db->reads);
    msgqueue_free(db->reports);
    msgqueue_free(db->replies);
    for (unsigned i = 0; i < db->n_readers; i++)
        db_connection_free(db->readers[i].connection);
    db_connection_free(db->reporter.connection);
    /* Last: the connection that closes last folds the WAL into the database. */
    db_connection_free(db->writer.connection);
    db_registry_free(db->registry);
    g_ptr_array_unref(db->owners);
    g_free(db->path);
    g_free(db);
}

static void enqueue(Db *db, MsgQueue *queue, DbJob *job)
{
    if (msgqueue_push(queue, job))
        return;
    if (msgqueue_is_closed(queue))
        g_set_error(&job->error, BASE_ERROR, BASE_ERROR_CLOSED, "the database is stopping");
    else
        g_set_error(&job->error, BASE_ERROR, BASE_ERROR_FULL, "too many jobs wait");
    reply(db, job);
}

static DbJob *job_new(DbJobFunc func, DbDoneFunc done, gpointer data, GDestroyNotify free_func)
{
    DbJob *job = g_new0(DbJob, 1);
    job->job = func;
    job->done = done;
    job->data = data;
    job->free_func = free_func;
    return job;
}

void db_write(Db *db, DbJobFunc job, DbDoneFunc done, gpointer data, GDestroyNotify free_func)
{
    g_assert(db->n_readers > 0);
    enqueue(db, db->writes, job_new(job, done, data, free_func));
}

void db_read(Db *db, DbJobFunc job, DbDoneFunc done, gpointer data, GDestroyNotify free_func)
{
    g_assert(db->n_readers > 0);
    enqueue(db, db->reads, job_new(job, done, data, free_func));
}

void db_read_report(Db *db, DbJobFunc job, DbDoneFunc done, gpointer data, GDestroyNotify free_func)
{
    g_assert(db->n_readers > 0);
    enqueue(db, db->reports, job_new(job, done, data, free_func));
}

bool db_run_now(Db *db, DbJobFunc job, gpointer data, GError **error)
{
    g_assert(db->n_readers == 0 && !db->in_run_now);
    if (!prepare_writer(db, error))
        return false;
    db->in_run_now = true;
    DbJob one = {.job = job, .data = data};
    DbJob *jobs[] = {&one};
    run_group(db, db->writer.connection, jobs, 1);
    db->in_run_now = false;
    if (!one.error)
        return true;
    atomic_fetch_add(&db->n_failed, 1);
    g_propagate_error(error, one.error);
    return false;
}

void db_stats(Db *db, DbStats *ret_stats)
{
    ret_stats->n_writes = atomic_load(&db->n_writes);
    ret_stats->n_reads = atomic_load(&db->n_reads);
    ret_stats->n_groups = atomic_load(&db->n_groups);
    ret_stats->n_failed = atomic_load(&db->n_failed);
    ret_stats->last_commit_failed = atomic_load(&db->last_commit_failed);
    ret_stats->queue_length = db->writes ? msgqueue_length(db->writes) : 0;
}
