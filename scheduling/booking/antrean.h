// SPDX-License-Identifier: Apache-2.0
/* A visit in the words of the national queue ("antrean online" of BPJS Kesehatan), so that whoever
 * reads those fields elsewhere reads ours: every figure is what the queue says, none is invented.
 * Threads: see scheduling.h. */
#pragma once
#include "scheduling/booking/visit.h"

enum { ANTREAN_NUMBER_BYTES = 16 };

typedef struct {
    char *kodebooking; /**< the visit's code */
    char nomorantrean[ANTREAN_NUMBER_BYTES];
    int angkaantrean; /**< the number alone: 12 of "A-12" */
    char *namapoli, *namadokter;
    int64_t estimasidilayani; /**< ms since 1970: when the turn is expected; 0: no more to come */
    int64_t waktutunggu;      /**< seconds until then, 0 when there is nothing to wait for */
    unsigned sisaantrean;     /**< who waits in the visit's queue; of who waits, those before */
    unsigned sisakuota;       /**< places of the doctor that can still be booked on that day */
    char antreanpanggil[ANTREAN_NUMBER_BYTES]; /**< called last in the clinic; "": nobody */
    char *keterangan;                          /**< what the patient does now, in Indonesian */
} Antrean;

/** Pure: what VIEW says at NOW_MS; not antreanpanggil, sisakuota, nor, of who does not wait,
 * sisaantrean. To be cleared with antrean_clear(). */
void antrean_fill(const VisitView *view, int64_t now_ms, Antrean *ret_antrean);
void antrean_clear(Antrean *antrean);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Antrean, antrean_clear)

/** ANTREAN is valid during the call; NULL with ERROR. */
typedef void (*AntreanDone)(const Antrean *antrean, const GError *error, gpointer user_data);
void antrean_get(Scheduling *scheduling, const char *visit_id, AntreanDone done,
                 gpointer user_data);
