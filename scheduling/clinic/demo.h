// SPDX-License-Identifier: Apache-2.0
/* The demo clinic: two facilities in Gorontalo with three doctors and hours on every day, and
 * visits that can be joined at once. Jobs for db_write() and for db_run_now() alike. */
#pragma once
#include "scheduling/scheduling.h"

typedef struct {
    char id[27];
    const char *name;
    const char *login; /**< login account that should be made for this doctor */
    char facility_id[27];
} DemoDoctor;

enum { DEMO_N_DOCTORS = 3, DEMO_N_FACILITIES = 2 };

typedef struct {
    Scheduling *scheduling;
    char facility_ids[DEMO_N_FACILITIES][27]; /**< out; the first is Puskesmas Limboto */
    DemoDoctor doctors[DEMO_N_DOCTORS];       /**< out */
    bool created;                             /**< out: false when it was there already */
} DemoSeed;

/** A DbJobFunc; DATA is a DemoSeed. Does nothing but fill the results when the clinic is there. */
bool demo_seed_job(DbTx *tx, gpointer data, GError **error);

/** Permits (SIP) for the demo doctors, for five years from today; once, inside a job. */
bool demo_permits_add(DbTx *tx, const DemoSeed *seed, GError **error);

typedef struct {
    char *visit_id, *patient_token, *doctor_token;
} DemoVisit;

typedef struct {
    Scheduling *scheduling;
    unsigned n;        /**< how many, at most DEMO_MAX_VISITS */
    GPtrArray *visits; /**< out: DemoVisit; NULL before */
} DemoVisits;
enum { DEMO_MAX_VISITS = 5000 };

enum { DEMO_MAX_COLLEAGUES = 6 };
typedef struct {
    Scheduling *scheduling;
    unsigned n; /**< how many, at most DEMO_MAX_COLLEAGUES */
    struct {
        char id[27];
        const char *name;
    } doctors[DEMO_MAX_COLLEAGUES]; /**< out */
} DemoColleagues;

/** A DbJobFunc; DATA is a DemoColleagues. Further doctors of the first doctor's clinic, with the
 * same hours, who share its queue; without accounts. NOT_FOUND without demo clinic. */
bool demo_colleagues_job(DbTx *tx, gpointer data, GError **error);

/** A DbJobFunc; DATA is a DemoVisits. The visits start now, over the demo doctors in turn (the
 * first always with the first doctor), and take no real slot. NOT_FOUND without demo clinic. */
bool demo_visits_job(DbTx *tx, gpointer data, GError **error);
void demo_visits_clear(DemoVisits *visits);
