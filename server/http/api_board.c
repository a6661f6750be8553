// SPDX-License-Identifier: Apache-2.0
/* The screen in a clinic's lobby: numbers for anybody. */
#include "server/http/api_tables.h"

#include "scheduling/booking/board.h"

/* The national queue's words for what the board says; of one visit antrean.h has all of them. */
static json_t *antrean_json(const Board *board)
{
    const char *called = board->n_called > 0 ? board->called[0].number : NULL;
    return json_pack("{s:s, s:s?, s:i}", "namapoli", board->clinic, "antreanpanggil", called,
                     "sisaantrean", (int)board->n_waiting);
}

static void on_board(const Board *board, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    json_t *called = json_array();
    for (unsigned i = 0; i < board->n_called; i++)
        json_array_append_new(
            called, json_pack("{s:s, s:s, s:b, s:b}", "number", board->called[i].number, "doctor",
                              board->called[i].doctor, "in_call", board->called[i].in_call,
                              "day_before", board->called[i].is_of_day_before));
    json_t *next = json_array(), *day_before = json_array();
    for (unsigned i = 0; i < board->n_shown; i++) {
        json_array_append_new(next, json_string(board->waiting[i]));
        json_array_append_new(day_before, json_boolean(board->waiting_of_day_before[i]));
    }
    http_reply_json(call->request, 200,
                    json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:i, s:i, s:o, s:I}", "facility",
                              board->facility, "clinic", board->clinic, "date", board->date,
                              "called", called, "next", next, "next_day_before", day_before,
                              "waiting", (int)board->n_waiting, "urgent_today",
                              (int)board->n_urgent, "antrean", antrean_json(board), "server_ms",
                              (json_int_t)clock_wall_ms(call->api->clock)));
}

static void get_board(HttpRequest *request, gpointer context)
{
    Api *api = context;
    board_get(api->scheduling, http_request_path_parameter(request, "clinic"), on_board,
              api_call_new(api, request));
}

const HttpRoute api_board_routes[] = {
    {
        .method = "GET",
        .path = "/api/v1/board/{clinic}",
        .operation_id = "getBoard",
        .summary =
            "A clinic's queue of today: the numbers that are called and those that come next",
        .roles = HTTP_ROLE_ANYONE,
        .success_status = 200,
        .response = "Numbers; nothing of patients",
        .handler = get_board,
    },
};
const unsigned api_board_n_routes = G_N_ELEMENTS(api_board_routes);
