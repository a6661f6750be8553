// SPDX-License-Identifier: Apache-2.0
/* The packet path neither allocates nor locks: the allocator and the locks of the C library and of
 * GLib are wrapped and count what the worker's thread calls while 12,000 packets go through it.
 * What is not per packet (a statistics event twice a second, a sample) may allocate, so the count
 * is set against the packets. */
#include "tests/support/relay_fixture.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/prctl.h>

enum { PACKETS = 12000, ROUND = 40, ALLOWED = 400 };

static atomic_bool counting;
static atomic_uint n_allocations;
static atomic_uint n_locks;
static _Thread_local int worker_thread; /* 0: not looked yet; 1: a worker; -1: another */

static bool in_worker(void)
{
    if (!atomic_load_explicit(&counting, memory_order_relaxed))
        return false;
    if (worker_thread == 0) {
        char name[16] = "";
        (void)prctl(PR_GET_NAME, name, 0, 0, 0);
        worker_thread = strncmp(name, "media-", 6) == 0 ? 1 : -1;
    }
    return worker_thread == 1;
}

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *pointer, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static void count_allocation(void)
{
    if (in_worker())
        atomic_fetch_add(&n_allocations, 1);
}

void *malloc(size_t size)
{
    count_allocation();
    return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    count_allocation();
    return __libc_calloc(n, size);
}

void *realloc(void *pointer, size_t size)
{
    count_allocation();
    return __libc_realloc(pointer, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    count_allocation();
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **ret_pointer, size_t alignment, size_t size)
{
    count_allocation();
    void *pointer = __libc_memalign(alignment, size);
    if (!pointer)
        return ENOMEM;
    *ret_pointer = pointer;
    return 0;
}

/* LOCK(RESULT, NAME, TYPE, RETURN): NAME as the library has it, counted. */
#define LOCK(result, name, type, give_back)                                                        \
    result name(type *lock)                                                                        \
    {                                                                                              \
        typedef result (*Func)(type * lock);                                                       \
        static _Atomic(Func) real;                                                                 \
        Func func = atomic_load(&real);                                                            \
        if (!func) {                                                                               \
            void *symbol = dlsym(RTLD_NEXT, #name);                                                \
            memcpy(&func, &symbol, sizeof func);                                                   \
            atomic_store(&real, func);                                                             \
        }                                                                                          \
        if (in_worker())                                                                           \
            atomic_fetch_add(&n_locks, 1);                                                         \
        give_back func(lock);                                                                      \
    }

LOCK(int, pthread_mutex_lock, pthread_mutex_t, return )
LOCK(int, pthread_mutex_trylock, pthread_mutex_t, return )
LOCK(int, pthread_rwlock_rdlock, pthread_rwlock_t, return )
LOCK(int, pthread_rwlock_tryrdlock, pthread_rwlock_t, return )
LOCK(int, pthread_rwlock_wrlock, pthread_rwlock_t, return )
LOCK(int, pthread_rwlock_trywrlock, pthread_rwlock_t, return )
LOCK(int, pthread_spin_lock, pthread_spinlock_t volatile, return )
LOCK(void, g_mutex_lock, GMutex, )
LOCK(gboolean, g_mutex_trylock, GMutex, return )
LOCK(void, g_rec_mutex_lock, GRecMutex, )
LOCK(void, g_rw_lock_reader_lock, GRWLock, )
LOCK(void, g_rw_lock_writer_lock, GRWLock, )

static void send_round(MediaPeer *peer, uint16_t *sequence)
{
    for (unsigned i = 0; i < ROUND; i++, (*sequence)++) {
        relay_fixture_send_audio(peer, *sequence);
        relay_fixture_send_video(peer, *sequence, *sequence % 100 == 0);
    }
}

static void test_no_allocation_per_packet(void **state)
{
    (void)state;
    RelayFixture *fixture = relay_fixture_new(false, 1);
    MediaPeer *ani = relay_fixture_join(fixture, "ani", &RELAY_FIXTURE_BOTH);
    MediaPeer *budi = relay_fixture_join(fixture, "budi", &RELAY_FIXTURE_BOTH);
    relay_fixture_connect(fixture, ani);
    relay_fixture_connect(fixture, budi);
    uint16_t sequence = 0;
    send_round(ani, &sequence); /* first packets of an SSRC make its contexts */
    const MediaPeerLog *log = media_peer_log(budi);
    relay_fixture_until(fixture, log->n_packets >= 2 * ROUND); /* here, too, on a slow machine */

    atomic_store(&counting, true);
    unsigned wanted = log->n_packets;
    while (wanted < PACKETS + 2 * ROUND) {
        send_round(ani, &sequence);
        wanted += 2 * ROUND;
        relay_fixture_until(fixture, log->n_packets >= wanted); /* probes come too, in time */
    }
    atomic_store(&counting, false);
    print_message("%u allocations, %u locks in %u packets\n", atomic_load(&n_allocations),
                  atomic_load(&n_locks), PACKETS);
    /* Sound and not probes were counted. */
    uint32_t audio = media_peer_answer(budi)->sections[MEDIA_PEER_AUDIO].ssrc;
    assert_true(relay_fixture_count(budi, audio) >= PACKETS / 2);
    assert_true(atomic_load(&n_allocations) < ALLOWED);
    assert_true(atomic_load(&n_locks) < ALLOWED);
    relay_fixture_free(fixture);
}

/* The counters count: each kind of call once from a thread with a worker's name. */
static void *call_each(void *unused)
{
    (void)unused;
    (void)prctl(PR_SET_NAME, "media-test", 0, 0, 0);
    void *volatile pointer = malloc(1);
    pointer = realloc(pointer, 100);
    free(pointer);
    pointer = calloc(1, 1);
    free(pointer);
    pointer = aligned_alloc(64, 64);
    free(pointer);
    void *aligned = NULL;
    assert_int_equal(posix_memalign(&aligned, 64, 64), 0);
    free(aligned);

    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    (void)pthread_mutex_lock(&mutex);
    (void)pthread_mutex_unlock(&mutex);
    pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
    (void)pthread_rwlock_rdlock(&rwlock);
    (void)pthread_rwlock_unlock(&rwlock);
    (void)pthread_rwlock_wrlock(&rwlock);
    (void)pthread_rwlock_unlock(&rwlock);
    GMutex g_mutex = {0};
    g_mutex_lock(&g_mutex);
    g_mutex_unlock(&g_mutex);
    return NULL;
}

static void test_counters_count(void **state)
{
    (void)state;
    pthread_t thread;
    atomic_store(&counting, true);
    assert_int_equal(pthread_create(&thread, NULL, call_each, NULL), 0);
    (void)pthread_join(thread, NULL);
    atomic_store(&counting, false);
    assert_int_equal(atomic_exchange(&n_allocations, 0), 5);
    assert_int_equal(atomic_exchange(&n_locks, 0), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counters_count),
        cmocka_unit_test(test_no_allocation_per_packet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
