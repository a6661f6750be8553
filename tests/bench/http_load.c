// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/http_load.h"

#include <string.h>

#include "tests/bench/http_call.h"

enum { TIMEOUT_MS = 5 * 60 * 1000 };

typedef struct {
    unsigned status;
    int64_t us;
    char *kept;
} Result;

typedef struct {
    const HttpLoadPlan *plan;
    uint16_t port;
    TlsLoop *loop;
    unsigned n_begun, n_done, n_connections;
    Result *results;
} Load;

typedef struct {
    Load *load;
    TlsConn *conn;
    unsigned n_left;  /* requests that this connection may still carry */
    unsigned current; /* index of the request under way */
    bool is_waiting;
    int64_t began_us;
} Client;

static const TlsConnHandlers handlers;

static void reconnect(Client *client)
{
    Load *load = client->load;
    tls_conn_free(g_steal_pointer(&client->conn));
    if (load->n_begun == load->plan->requests->len)
        return;
    client->n_left = load->plan->per_connection;
    client->conn = tls_conn_new(load->loop, load->plan->first_address + load->n_connections++,
                                &handlers, client);
}

static void send_next(Client *client)
{
    Load *load = client->load;
    if (client->n_left == 0 || load->n_begun == load->plan->requests->len) {
        reconnect(client);
        return;
    }
    client->n_left--;
    client->current = load->n_begun++;
    client->is_waiting = true;
    g_autofree char *text =
        http_call_write(g_ptr_array_index(load->plan->requests, client->current), load->port);
    g_assert(text);
    client->began_us = tls_loop_now_us();
    tls_conn_send(client->conn, text, strlen(text));
}

static void finish(Client *client, unsigned status, char *kept)
{
    client->is_waiting = false;
    client->load->results[client->current] =
        (Result){status, tls_loop_now_us() - client->began_us, kept};
    client->load->n_done++;
}

static void on_open(TlsConn *conn, gpointer user_data)
{
    (void)conn;
    send_next(user_data);
}

static void on_data(TlsConn *conn, gpointer user_data)
{
    Client *client = user_data;
    GByteArray *in = tls_conn_input(conn);
    HttpAnswer answer;
    if (!client->is_waiting || !http_call_read(in, &answer))
        return;
    const char *keep = client->load->plan->keep;
    finish(client, answer.status, keep ? http_answer_text(&answer, keep) : NULL);
    g_byte_array_remove_range(in, 0, (guint)answer.size);
    send_next(client);
}

static void on_close(TlsConn *conn, gpointer user_data)
{
    (void)conn;
    Client *client = user_data;
    if (client->is_waiting)
        finish(client, 0, NULL);
    reconnect(client);
}

static const TlsConnHandlers handlers = {on_open, on_data, on_close};

static bool is_done(gpointer user_data)
{
    const Load *load = user_data;
    return load->n_done == load->plan->requests->len;
}

bool http_load_run(uint16_t port, const HttpLoadPlan *plan, GString *results, int64_t *ret_us)
{
    g_autoptr(TlsLoop) loop = tls_loop_new(port);
    Load load = {.plan = plan, .port = port, .loop = loop};
    load.results = g_new0(Result, plan->requests->len + 1);
    g_autofree Client *clients = g_new0(Client, plan->n_clients);
    int64_t began_us = tls_loop_now_us();
    for (unsigned i = 0; i < plan->n_clients; i++) {
        clients[i].load = &load;
        reconnect(&clients[i]);
    }
    bool ok = tls_loop_run(loop, is_done, &load, TIMEOUT_MS);
    *ret_us = tls_loop_now_us() - began_us;
    for (unsigned i = 0; i < plan->n_clients; i++)
        tls_conn_free(clients[i].conn);
    for (unsigned i = 0; i < plan->requests->len; i++) {
        const Result *result = &load.results[i];
        g_string_append_printf(results, "%u\t%" G_GINT64_FORMAT "\t%s\n", result->status,
                               result->us, result->kept ? result->kept : "");
        g_free(result->kept);
    }
    g_free(load.results);
    return ok;
}
