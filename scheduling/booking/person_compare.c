// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/person_compare.h"

#include <string.h>

/* Is there a kecamatan of the NIK's first six digits? Areas have them as "75.71.02". */
static bool find_area(DbTx *tx, const PersonNik *nik, bool *ret_found, GError **error)
{
    const char *digits = nik->digits;
    g_autofree char *code = g_strdup_printf("%.2s.%.2s.%.2s", digits, digits + 2, digits + 4);
    DbQuery *area = db_query(tx, "setup_area_is_district");
    db_bind_text(area, 1, code);
    DbStep step = db_step(area, error);
    db_reset(area);
    *ret_found = step == DB_ROW;
    return step != DB_FAILED;
}

bool person_nik_compare(const Scheduling *scheduling, DbTx *tx, const PersonNik *nik,
                        const PersonStated *stated, FaultList *warnings, GError **error)
{
    bool is_local = strncmp(nik->digits, scheduling->policy.province_code, 2) == 0;
    bool is_known = true; /* the areas of other provinces are not kept */
    if (is_local && !find_area(tx, nik, &is_known, error))
        return false;
    if (!is_local)
        fault_list_add(warnings, "nik", "province_differs", NULL);
    if (!is_known)
        fault_list_add(warnings, "nik", "area_unknown", NULL);
    if (g_strcmp0(nik->birth_date, stated->birth_date) != 0)
        fault_list_add(warnings, "nik", "birth_date_differs", NULL);
    if (stated->sex && nik->sex != stated->sex)
        fault_list_add(warnings, "nik", "sex_differs", NULL);
    return true;
}
