// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/visit_source.h"

void visit_source_clear(VisitSource *source)
{
    char *texts[] = {source->patient_id, source->phone_sealed, source->phone_index,
                     source->lang,       source->code,         source->participant_id,
                     source->service_id, source->nik_index};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
}

bool visit_source_load(DbTx *tx, const char *visit_id, VisitSource *ret_source, GError **error)
{
    DbQuery *row = db_query(tx, "move_source");
    db_bind_text(row, 1, visit_id);
    if (!scheduling_need_row(row, "visit", error))
        return false;
    *ret_source = (VisitSource){
        .patient_id = db_column_dup(row, 0),
        .phone_sealed = db_column_dup(row, 1),
        .phone_index = db_column_dup(row, 2),
        .lang = db_column_dup(row, 3),
        .code = db_column_dup(row, 4),
        .pool = db_column_int(row, 5) != 0,
        .participant_id = db_column_dup(row, 6),
        .service_id = db_column_dup(row, 7),
        .nik_index = db_column_dup(row, 8),
    };
    ret_source->person =
        (NewVisitSource){ret_source->patient_id, ret_source->phone_sealed, ret_source->phone_index,
                         db_column_int(row, 9) != 0, fixed_line_column(row, 10)};
    db_reset(row);
    return true;
}
