// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/service_terms.h"

static const int64_t minute_ms = (int64_t)60 * 1000;

bool service_terms_load(DbTx *tx, const char *clinic_id, const char *service_id, bool offered,
                        ServiceTerms *ret_terms, GError **error)
{
    DbQuery *row = db_query(tx, "service_terms");
    db_bind_text(row, 1, service_id);
    db_bind_text(row, 2, clinic_id);
    db_bind_int(row, 3, offered);
    if (!scheduling_need_row(row, "service in this clinic", error))
        return false;
    *ret_terms = (ServiceTerms){
        .price_rupiah = db_column_int(row, 3),
        .duration_ms = db_column_int(row, 4) * minute_ms,
        .before_ms = db_column_int(row, 5) * minute_ms,
        .after_ms = db_column_int(row, 6) * minute_ms,
    };
    scheduling_copy_column(row, 0, ret_terms->id, sizeof ret_terms->id);
    scheduling_copy_column(row, 1, ret_terms->name, sizeof ret_terms->name);
    scheduling_copy_column(row, 2, ret_terms->mode, sizeof ret_terms->mode);
    db_reset(row);
    return true;
}

void service_terms_stretch(const ServiceTerms *terms, Slot *slot)
{
    if (slot->place > 0)
        return;
    slot->ends_at_ms = slot->starts_at_ms + terms->duration_ms;
    slot->before_ms = MAX(slot->before_ms, terms->before_ms);
    slot->after_ms = MAX(slot->after_ms, terms->after_ms);
}
