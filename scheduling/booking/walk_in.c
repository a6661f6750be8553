// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/walk_in.h"

enum { WALK_IN_MINUTES = 15 };

/* The doctor that was asked for, or the one in whose name a visit waits for any of them. */
static bool find_doctor(DbTx *tx, const WalkInWish *wish, char ret_id[SCHEDULING_ID_BYTES],
                        GError **error)
{
    const char *wanted = wish->practitioner_id;
    DbQuery *query = db_query(tx, wanted ? "walk_in_doctor" : "walk_in_any_doctor");
    db_bind_text(query, 1, wish->clinic_id);
    db_bind_text(query, 2, wish->facility_id);
    if (wanted)
        db_bind_text(query, 3, wanted);
    if (!scheduling_need_row(query, "doctor in this facility's clinic", error))
        return false;
    scheduling_copy_column(query, 0, ret_id, SCHEDULING_ID_BYTES);
    db_reset(query);
    return true;
}

bool walk_in_place(Scheduling *scheduling, DbTx *tx, const WalkInWish *wish,
                   char doctor_id[SCHEDULING_ID_BYTES], NewVisit *visit, GError **error)
{
    if (!find_doctor(tx, wish, doctor_id, error))
        return false;
    visit->practitioner_id = doctor_id;
    visit->pool = !wish->practitioner_id;
    visit->is_walk_in = true;
    visit->starts_at_ms = clock_wall_ms(scheduling->clock);
    visit->ends_at_ms =
        visit->starts_at_ms +
        (visit->service ? visit->service->duration_ms : (int64_t)WALK_IN_MINUTES * 60 * 1000);
    return true;
}
