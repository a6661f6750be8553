// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: what a visit for a service takes of its doctor's time. Inside a job.
 */
#pragma once
#include "scheduling/clinic/hours.h"
#include "scheduling/scheduling_private.h"

enum { SERVICE_NAME_BYTES = 81 * 4, SERVICE_MODE_BYTES = 17 };

typedef struct {
    char id[SCHEDULING_ID_BYTES];
    char name[SERVICE_NAME_BYTES];
    char mode[SERVICE_MODE_BYTES]; /**< "video" "assisted" "doctor_to_doctor" */
    int64_t price_rupiah;
    int64_t duration_ms, before_ms, after_ms;
} ServiceTerms;

/** A service of this clinic. OFFERED: only one that can be booked now: not archived, and not what
 * doctors have among each other. NOT_FOUND. */
bool service_terms_load(DbTx *tx, const char *clinic_id, const char *service_id, bool offered,
                        ServiceTerms *ret_terms, GError **error);

/** The slot as long as the service takes, with as much free around it as service or hours want. A
 * place in a session stays as it is: its length is the session's. Pure. */
void service_terms_stretch(const ServiceTerms *terms, Slot *slot);
