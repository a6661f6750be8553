// SPDX-License-Identifier: Apache-2.0
#include "server/wiring_board.h"

#include "scheduling/booking/board.h"
#include "server/base/ids.h"

#include <string.h>

enum { MAX_BOARDS = 32 };
static const char prefix[] = "papan:";

typedef struct {
    Signaling *signaling;
    SignalingRequest request;
    char *topic;
} Question;

static char *topic_of(const char *clinic_id)
{
    return g_strconcat("board:", clinic_id, NULL);
}

static void on_board(const Board *board, const GError *error, gpointer user_data)
{
    (void)board;
    Question *question = user_data;
    Signaling *signaling = question->signaling;
    const char *topics[] = {question->topic, NULL};
    SignalingAdmission admission = {.kind = SIGNALING_KIND_DAY, .topics = topics};
    if (error)
        signaling_authorize_refuse(signaling, question->request, SIGNALING_CODE_LINK_INVALID, 0);
    else if (signaling_count_watchers(signaling, question->topic) >= MAX_BOARDS)
        signaling_authorize_refuse(signaling, question->request, SIGNALING_CODE_ROOM_FULL, 0);
    else
        signaling_authorize_accept(signaling, question->request, &admission);
    g_free(question->topic);
    g_free(question);
}

bool wiring_board_authorize(Scheduling *scheduling, Signaling *signaling, SignalingRequest request,
                            const char *token)
{
    if (!g_str_has_prefix(token, prefix))
        return false;
    const char *clinic_id = token + strlen(prefix);
    if (!id_is_valid(clinic_id)) {
        signaling_authorize_refuse(signaling, request, SIGNALING_CODE_LINK_INVALID, 0);
        return true;
    }
    Question *question = g_new0(Question, 1);
    question->signaling = signaling;
    question->request = request;
    question->topic = topic_of(clinic_id);
    board_get(scheduling, clinic_id, on_board, question);
    return true;
}

void wiring_board_tell(Signaling *signaling, const char *clinic_id)
{
    g_autofree char *topic = topic_of(clinic_id);
    signaling_day_changed(signaling, topic, NULL);
}
