// SPDX-License-Identifier: Apache-2.0
/* Questions between doctors in figures: by the facility that was asked, of the local days on which
 * they were asked. Runs on the report thread. Threads: see scheduling.h. */
#pragma once
#include "scheduling/scheduling.h"

typedef struct {
    char *facility_id, *facility_name; /**< NULL in the totals */
    unsigned asked;
    unsigned answered, in_time; /**< a first answer; within the time that was wished */
    unsigned withdrawn;
    unsigned unanswered;    /**< neither answered nor withdrawn */
    int answer_p50_minutes; /**< to the first answer, nearest rank; -1 when answered < 5 */
} ConsultFigures;

typedef struct {
    GPtrArray *rows; /**< ConsultFigures, by name */
    ConsultFigures totals;
} ConsultReport;
typedef void (*ConsultReportDone)(const ConsultReport *report, const GError *error,
                                  gpointer user_data);
/** INVALID_FIELDS: what daily_check() finds. */
void consult_report(Scheduling *scheduling, const char *from_date, const char *to_date,
                    ConsultReportDone done, gpointer user_data);
