// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/queue_load.h"

#include <stdio.h>
#include <string.h>

#include "tests/bench/http_call.h"
#include "tests/bench/waiter.h"

enum { OPENING_AT_ONCE = 32, OPEN_TIMEOUT_MS = 10 * 60 * 1000, CALL_TIMEOUT_MS = 60 * 1000 };

typedef struct {
    const QueueLoadPlan *plan;
    uint16_t port;
    TlsLoop *loop;
    Waiter *waiters;
    unsigned *ahead_before; /* of each waiter, when the round began */
    unsigned n_waiters, n_started;
} Room;

/* The doctor's side of a round: one connection, one request after the other. */
typedef struct {
    TlsConn *conn;
    bool is_open, is_answered, is_closed;
    unsigned status;
    char *visit; /* that the last answer named */
    int64_t answered_us;
} Caller;

/* Asked for in each round of the loop, since a page that does not ping counts as away. */
static void tick_all(Room *room)
{
    int64_t now_us = tls_loop_now_us();
    for (unsigned i = 0; i < room->n_started; i++)
        waiter_tick(&room->waiters[i], now_us);
}

static bool is_anybody_cut(const Room *room)
{
    for (unsigned i = 0; i < room->n_started; i++) {
        if (!room->waiters[i].is_cut)
            continue;
        (void)fprintf(stderr, "the connection of patient %u was cut\n", i);
        return true;
    }
    return false;
}

/* Coming in. */

static bool are_all_in(gpointer user_data)
{
    Room *room = user_data;
    unsigned n_opening = 0;
    tick_all(room);
    for (unsigned i = 0; i < room->n_started; i++) {
        if (room->waiters[i].is_over)
            return true;
        n_opening += !room->waiters[i].is_waiting;
    }
    while (room->n_started < room->n_waiters && n_opening < OPENING_AT_ONCE) {
        unsigned i = room->n_started++;
        waiter_start(&room->waiters[i], room->loop, room->plan->first_address + i,
                     g_ptr_array_index(room->plan->tokens, i));
        n_opening++;
    }
    return room->n_started == room->n_waiters && n_opening == 0;
}

static bool let_in(Room *room)
{
    bool in_time = tls_loop_run(room->loop, are_all_in, room, OPEN_TIMEOUT_MS);
    for (unsigned i = 0; i < room->n_started; i++) {
        const Waiter *waiter = &room->waiters[i];
        if (waiter->is_over) {
            (void)fprintf(stderr, "patient %u was not let in: %s\n", i,
                          waiter->refusal ? waiter->refusal : "the connection ended");
            return false;
        }
    }
    if (!in_time)
        (void)fprintf(stderr, "not all patients wait after %d s\n", OPEN_TIMEOUT_MS / 1000);
    return in_time;
}

/* Calling. */

static void on_open(TlsConn *conn, gpointer user_data)
{
    (void)conn;
    ((Caller *)user_data)->is_open = true;
}

static void on_data(TlsConn *conn, gpointer user_data)
{
    Caller *caller = user_data;
    GByteArray *in = tls_conn_input(conn);
    HttpAnswer answer;
    if (!http_call_read(in, &answer))
        return;
    caller->answered_us = tls_loop_now_us();
    caller->status = answer.status;
    g_free(caller->visit);
    caller->visit = http_answer_text(&answer, "visit");
    caller->is_answered = true;
    g_byte_array_remove_range(in, 0, (guint)answer.size);
}

static void on_close(TlsConn *conn, gpointer user_data)
{
    (void)conn;
    Caller *caller = user_data;
    caller->is_closed = true;
    tls_conn_free(g_steal_pointer(&caller->conn));
}

static const TlsConnHandlers caller_handlers = {on_open, on_data, on_close};

static void send_call(const Room *room, Caller *caller, const char *line)
{
    g_autofree char *text = http_call_write(line, room->port);
    g_assert(text);
    caller->is_answered = false;
    tls_conn_send(caller->conn, text, strlen(text));
}

typedef struct {
    Room *room;
    Caller caller;
} Round;

static bool is_connected(gpointer user_data)
{
    const Round *round = user_data;
    tick_all(round->room);
    return round->caller.is_open || round->caller.is_closed;
}

static bool is_answered(gpointer user_data)
{
    const Round *round = user_data;
    tick_all(round->room);
    return round->caller.is_answered || round->caller.is_closed;
}

/* So that what the round before set off is not measured with this one. */
static bool is_quiet(gpointer user_data)
{
    Room *room = user_data;
    int64_t last_us = 0;
    tick_all(room);
    for (unsigned i = 0; i < room->n_waiters; i++)
        last_us = MAX(last_us, room->waiters[i].told_us);
    return tls_loop_now_us() - last_us > (int64_t)room->plan->quiet_ms * 1000;
}

static bool has_moved(const Room *room, unsigned i)
{
    const Waiter *waiter = &room->waiters[i];
    return waiter->is_over || waiter->ahead < room->ahead_before[i];
}

static bool have_all_moved(gpointer user_data)
{
    const Round *round = user_data;
    if (!is_answered(user_data))
        return false;
    for (unsigned i = 0; i < round->room->n_waiters; i++) {
        if (!has_moved(round->room, i))
            return false;
    }
    return true;
}

static void write_round(const Room *room, const Caller *caller, int64_t began_us,
                        const bool *was_waiting, GString *results)
{
    g_string_append_printf(results, "%" G_GINT64_FORMAT "\t", caller->answered_us - began_us);
    const char *comma = "";
    for (unsigned i = 0; i < room->n_waiters; i++) {
        if (!was_waiting[i] || room->waiters[i].is_over)
            continue;
        g_string_append_printf(results, "%s%" G_GINT64_FORMAT, comma,
                               room->waiters[i].moved_us - began_us);
        comma = ",";
    }
    g_string_append_c(results, '\n');
}

static bool call_one(Round *round, GString *results)
{
    Room *room = round->room;
    Caller *caller = &round->caller;
    g_autofree bool *was_waiting = g_new0(bool, room->n_waiters);
    for (unsigned i = 0; i < room->n_waiters; i++) {
        room->ahead_before[i] = room->waiters[i].ahead;
        was_waiting[i] = !room->waiters[i].is_over;
    }
    int64_t began_us = tls_loop_now_us();
    send_call(room, caller, room->plan->call);
    bool all = tls_loop_run(room->loop, have_all_moved, round, room->plan->slowest_ms);
    if (caller->is_closed || is_anybody_cut(room))
        return false;
    if (!all || caller->status != 200 || !caller->visit) {
        (void)fprintf(stderr, "the call was answered %u%s\n", caller->status,
                      all ? "" : ", and not all who wait heard of it in time");
        return false;
    }
    write_round(room, caller, began_us, was_waiting, results);
    return true;
}

static bool put_away(Round *round)
{
    Caller *caller = &round->caller;
    g_auto(GStrv) parts = g_strsplit(round->room->plan->put_away, "%s", 2);
    g_autofree char *line = g_strjoinv(caller->visit, parts);
    send_call(round->room, caller, line);
    bool ok = tls_loop_run(round->room->loop, is_answered, round, CALL_TIMEOUT_MS) &&
              caller->is_answered && caller->status == 200;
    if (!ok && !caller->is_closed)
        (void)fprintf(stderr, "putting away was answered %u\n", caller->status);
    return ok;
}

static bool run_round(Room *room, unsigned nth, GString *results)
{
    Round round = {.room = room};
    Caller *caller = &round.caller;
    if (!tls_loop_run(room->loop, is_quiet, room, CALL_TIMEOUT_MS)) {
        (void)fprintf(stderr, "the waiting room does not come to rest\n");
        return false;
    }
    caller->conn = tls_conn_new(room->loop, room->plan->first_address + room->n_waiters + nth,
                                &caller_handlers, caller);
    bool ok = tls_loop_run(room->loop, is_connected, &round, CALL_TIMEOUT_MS) && caller->is_open &&
              call_one(&round, results) && !caller->is_closed && put_away(&round);
    if (caller->is_closed)
        (void)fprintf(stderr, "the doctor's connection was cut\n");
    tls_conn_free(caller->conn);
    g_free(caller->visit);
    return ok && !caller->is_closed;
}

bool queue_load_run(uint16_t port, const QueueLoadPlan *plan, GString *results)
{
    g_autoptr(TlsLoop) loop = tls_loop_new(port);
    Room room = {.plan = plan, .port = port, .loop = loop, .n_waiters = plan->tokens->len};
    room.waiters = g_new0(Waiter, room.n_waiters);
    room.ahead_before = g_new0(unsigned, room.n_waiters);
    bool ok = let_in(&room);
    for (unsigned i = 0; ok && i < plan->n_rounds; i++)
        ok = run_round(&room, i, results) && !is_anybody_cut(&room);
    for (unsigned i = 0; i < room.n_waiters; i++)
        waiter_clear(&room.waiters[i]);
    g_free(room.waiters);
    g_free(room.ahead_before);
    return ok;
}
