// SPDX-License-Identifier: Apache-2.0
/* The packet path neither allocates nor locks: the C library's allocator and mutexes are wrapped
 * and count what the worker's thread calls while 12,000 packets go through it. What is not per
 * packet (a statistics event twice a second, a sample) may allocate, so the count is set against
 * the packets. */
#include "tests/support/relay_fixture.h"

#include <dlfcn.h>
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

void *malloc(size_t size)
{
    if (in_worker())
        atomic_fetch_add(&n_allocations, 1);
    return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    if (in_worker())
        atomic_fetch_add(&n_allocations, 1);
    return __libc_calloc(n, size);
}

void *realloc(void *pointer, size_t size)
{
    if (in_worker())
        atomic_fetch_add(&n_allocations, 1);
    return __libc_realloc(pointer, size);
}

typedef int (*LockFunc)(pthread_mutex_t *mutex);

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
    static _Atomic(LockFunc) real;
    LockFunc lock = atomic_load(&real);
    if (!lock) {
        void *symbol = dlsym(RTLD_NEXT, "pthread_mutex_lock");
        memcpy(&lock, &symbol, sizeof lock);
        atomic_store(&real, lock);
    }
    if (in_worker())
        atomic_fetch_add(&n_locks, 1);
    return lock(mutex);
}

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
    relay_fixture_until(fixture, log->n_packets == 2 * ROUND);

    atomic_store(&counting, true);
    unsigned wanted = log->n_packets;
    while (wanted < PACKETS + 2 * ROUND) {
        send_round(ani, &sequence);
        wanted += 2 * ROUND;
        relay_fixture_until(fixture, log->n_packets == wanted);
    }
    atomic_store(&counting, false);
    print_message("%u allocations, %u locks in %u packets\n", atomic_load(&n_allocations),
                  atomic_load(&n_locks), PACKETS);
    assert_true(atomic_load(&n_allocations) < ALLOWED);
    assert_true(atomic_load(&n_locks) < ALLOWED);
    relay_fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_allocation_per_packet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
