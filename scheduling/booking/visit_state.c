// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/visit_state.h"

#include <string.h>

#define BIT(state) (1U << VISIT_STATE_##state)

/* The exits of every visit that has not yet begun. */
#define BEFORE_CALL                                                                                \
    (BIT(CANCELLED_PROVIDER) | BIT(CANCELLED_SYSTEM) | BIT(NO_SHOW_PATIENT) |                      \
     BIT(NO_SHOW_DOCTOR) | BIT(TECH_FAILED) | BIT(RESCHEDULED))

/* FHIR R4 value sets appointmentstatus and encounter-status; task ids of the national queue: 3
 * waits for the clinic, 4 service starts, 5 service ends, 99 absent or cancelled. */
static const VisitStateRow rows[VISIT_N_STATES] = {
    {VISIT_STATE_REQUESTED, "requested", false, false, "proposed", "planned", 0,
     "Menunggu persetujuan", "Waiting for approval",
     BIT(BOOKED) | BIT(CANCELLED_PATIENT) | BIT(CANCELLED_PROVIDER) | BIT(CANCELLED_SYSTEM)},
    {VISIT_STATE_BOOKED, "booked", false, false, "booked", "planned", 0, "Terjadwal", "Booked",
     BIT(CHECKED_IN) | BIT(CANCELLED_PATIENT) | BIT(DONE) | BEFORE_CALL},
    {VISIT_STATE_CHECKED_IN, "checked_in", false, false, "checked-in", "arrived", 3,
     "Di ruang tunggu", "In the waiting room",
     BIT(BOOKED) | BIT(CALLED) | BIT(LEFT_WITHOUT_BEING_SEEN) | BIT(DONE) | BEFORE_CALL},
    {VISIT_STATE_CALLED, "called", false, false, "checked-in", "arrived", 3, "Dipanggil", "Called",
     BIT(CALLED) | BIT(IN_CALL) | BIT(DONE) | BIT(CHECKED_IN) | BIT(LEFT_WITHOUT_BEING_SEEN) |
         BIT(CONVERTED_PHONE) | BIT(CONVERTED_IN_PERSON) | BEFORE_CALL},
    {VISIT_STATE_IN_CALL, "in_call", false, false, "checked-in", "in-progress", 4,
     "Sedang konsultasi", "In consultation",
     BIT(DONE) | BIT(TECH_FAILED) | BIT(CONVERTED_PHONE) | BIT(CONVERTED_IN_PERSON) |
         BIT(CANCELLED_SYSTEM)},
    {VISIT_STATE_DONE, "done", true, false, "fulfilled", "finished", 5, "Selesai", "Done", 0},
    {VISIT_STATE_CANCELLED_PATIENT, "cancelled_patient", true, true, "cancelled", "cancelled", 99,
     "Dibatalkan pasien", "Cancelled by the patient", 0},
    {VISIT_STATE_CANCELLED_PROVIDER, "cancelled_provider", true, true, "cancelled", "cancelled", 99,
     "Dibatalkan fasilitas", "Cancelled by the clinic", 0},
    {VISIT_STATE_CANCELLED_SYSTEM, "cancelled_system", true, true, "cancelled", "cancelled", 99,
     "Dibatalkan sistem", "Cancelled by the system", 0},
    {VISIT_STATE_NO_SHOW_PATIENT, "no_show_patient", true, false, "noshow", "cancelled", 99,
     "Pasien tidak hadir", "Patient did not come", 0},
    {VISIT_STATE_NO_SHOW_DOCTOR, "no_show_doctor", true, false, "cancelled", "cancelled", 99,
     "Dokter tidak hadir", "Doctor did not come", 0},
    {VISIT_STATE_LEFT_WITHOUT_BEING_SEEN, "left_without_being_seen", true, false, "noshow",
     "cancelled", 99, "Pasien meninggalkan antrean", "Left before being seen", 0},
    {VISIT_STATE_TECH_FAILED, "tech_failed", true, false, "cancelled", "cancelled", 99,
     "Gangguan teknis", "Technical failure", 0},
    {VISIT_STATE_CONVERTED_PHONE, "converted_phone", true, false, "fulfilled", "finished", 5,
     "Dilanjutkan lewat telepon", "Continued by phone", 0},
    {VISIT_STATE_CONVERTED_IN_PERSON, "converted_in_person", true, false, "fulfilled", "finished",
     5, "Dilanjutkan tatap muka", "Continued in person", 0},
    {VISIT_STATE_RESCHEDULED, "rescheduled", true, true, "cancelled", "cancelled", 99,
     "Dijadwalkan ulang", "Rescheduled", 0},
};

const VisitStateRow *visit_state_row(VisitState state)
{
    g_assert((unsigned)state < VISIT_N_STATES && rows[state].state == state);
    return &rows[state];
}

const char *visit_state_name(VisitState state)
{
    return visit_state_row(state)->name;
}

bool visit_state_parse(const char *name, VisitState *ret_state)
{
    for (unsigned i = 0; name && i < VISIT_N_STATES; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            *ret_state = rows[i].state;
            return true;
        }
    }
    return false;
}

bool visit_state_may_follow(VisitState from, VisitState to)
{
    return (visit_state_row(from)->next & (1U << to)) != 0;
}

static const char *const ways[VISIT_N_WAYS] = {
    [VISIT_WAY_VIDEO] = "video",
    [VISIT_WAY_PHONE] = "phone",
    [VISIT_WAY_IN_PERSON] = "in_person",
};

const char *visit_way_name(VisitWay way)
{
    g_assert((unsigned)way < VISIT_N_WAYS);
    return ways[way];
}

bool visit_way_parse(const char *name, VisitWay *ret_way)
{
    for (unsigned i = 0; name && i < VISIT_N_WAYS; i++) {
        if (strcmp(ways[i], name) == 0) {
            *ret_way = (VisitWay)i;
            return true;
        }
    }
    return false;
}
