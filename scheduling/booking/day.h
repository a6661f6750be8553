// SPDX-License-Identifier: Apache-2.0
/* The list of one local day: a doctor's own visits, or those of a facility for its desk. Reading it
 * is an audit row. Threads: see scheduling.h. */
#pragma once
#include "scheduling/outbox/late.h"
#include "scheduling/scheduling.h"

/* Of who was asked to come in the call: did they? */
typedef enum { VISIT_CAME_UNSAID, VISIT_CAME_YES, VISIT_CAME_NO } VisitCame;

typedef struct {
    char *id, *code, *number;
    VisitState state;
    char *patient;
    int age;         /**< full years on that day */
    const char *sex; /**< "L" or "P" as the NIK says; NULL: not known */
    char *doctor, *clinic;
    int64_t starts_at_ms, ends_at_ms, opens_at_ms;
    int64_t due_from_ms;      /**< as VisitRow has it */
    int64_t checked_in_at_ms; /**< 0: not yet */
    bool present;             /**< the patient's page is connected */
    char *participant_id;     /**< the patient's */
    unsigned waiting_minutes; /**< since check-in, while waiting or called; else 0 */
    char *practitioner_id, *clinic_id, *facility_id;
    unsigned place; /**< 1: next in the doctor's queue, for a desk the clinic's; 0: does not wait */
    bool any_doctor; /**< whichever doctor of the clinic is free will call it */
    bool is_walk_in; /**< came without an appointment */
    bool is_extra;   /**< has an additional place, beside a regular one */
    bool is_delayed; /**< lets one other go first */
    bool is_urgent;
    bool is_of_day_before; /**< waits since before midnight: the number is one of yesterday's */
    bool is_unplaced;      /**< hours were changed, and nobody sees patients then */
    VisitWay way;          /**< as it is meant to be held */
    bool has_no_phone;     /**< no message reaches anybody, and nobody can be phoned */
    bool has_fixed_line;   /**< no message reaches anybody: to be phoned */
    bool is_to_phone;      /**< by telephone, and its doctor has not seen the number */
    VisitCame came;        /**< of whom was asked to come, once it is over */
    bool has_nik;          /**< else a temporary identity */
    bool has_consent;      /**< the patient agreed to a visit by video, and still does */
    bool has_withdrawn;    /**< the patient said no, or takes it back */
    bool overlaps;         /**< the person has another visit at that time, somewhere */
    int64_t unanswered_since_ms; /**< nobody has called or phoned for too long; 0: it is not so */
    char *service_id, *service, *service_mode; /**< as booked; NULL: none was chosen */
    char *contact_name, *contact_relation;     /**< who booked for the patient; NULL: nobody */
    char *group_id, *group_title;              /**< of the group visit that it is in; NULL: none */
    char *reason; /**< as was said at the booking, or the beginning of what a post's team took down;
                     doctors' alone; NULL: not known */
    char *lang;   /**< in which the patient is written to: "id" "en" */
    bool has_interpreter;         /**< one was invited */
    bool is_returning;            /**< the person was seen in this facility before */
    const char *other_doctor_why; /**< of other_doctor.h; NULL: none is needed */
} DayVisit;

typedef struct {
    char date[11];
    GPtrArray *visits; /**< DayVisit, by start, regular before additional ones, and number */
    GArray *late;      /**< LateDoctor: who of the doctors said to be late */
} Day;

typedef void (*DayDone)(const Day *day, const GError *error, gpointer user_data);
/** DATE NULL: today. Of today also who of yesterday is not done with yet, in the night
 * (queue_day.h). FORBIDDEN for a doctor without practitioner, for a desk without facility and
 * for other roles; INVALID_FIELDS when DATE is not a date. */
void day_list(Scheduling *scheduling, const Actor *actor, const char *date, DayDone done,
              gpointer user_data);
