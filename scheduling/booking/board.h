// SPDX-License-Identifier: Apache-2.0
/* What a screen in the lobby shows of a clinic's queue of today: numbers, and nothing of patients.
 * Threads: see scheduling.h. */
#pragma once
#include "scheduling/scheduling.h"

enum { BOARD_MAX_CALLED = 8, BOARD_MAX_WAITING = 12, BOARD_NUMBER_BYTES = 16 };

typedef struct {
    char number[BOARD_NUMBER_BYTES];
    char *doctor;
    bool in_call;          /**< has come in */
    bool is_of_day_before; /**< a number of yesterday's: today's has the same ones */
} BoardCalled;

typedef struct {
    char *facility, *clinic;
    char date[11];
    unsigned n_called, n_shown; /**< shown: of those who wait, in order */
    BoardCalled called[BOARD_MAX_CALLED];
    char waiting[BOARD_MAX_WAITING][BOARD_NUMBER_BYTES];
    bool waiting_of_day_before[BOARD_MAX_WAITING]; /**< likewise, of each */
    unsigned n_waiting;                            /**< all who wait */
    unsigned n_urgent; /**< who were let go first for an emergency on this day: anybody may know how
                          many */
} Board;

typedef void (*BoardDone)(const Board *board, const GError *error, gpointer user_data);
/** NOT_FOUND when there is no such clinic. */
void board_get(Scheduling *scheduling, const char *clinic_id, BoardDone done, gpointer user_data);
