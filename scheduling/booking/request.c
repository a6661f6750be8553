// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/request.h"

#include "scheduling/policy/policy.h"

static const int64_t day_ms = (int64_t)24 * 60 * 60 * 1000;

const char *request_reason_detail(RequestReason reason)
{
    return reason == REQUEST_MISSED ? "missed" : NULL;
}

static bool has_missed(Scheduling *scheduling, DbTx *tx, const BlockQuery *query, bool *ret_has,
                       GError **error)
{
    Policy policy;
    *ret_has = false;
    if (!policy_load_clinic(scheduling, tx, query->clinic_id, &policy, error))
        return false;
    int64_t n_days = policy.values[POLICY_MISSED_DAYS];
    if (n_days == 0)
        return true;
    DbQuery *count = db_query(tx, "request_missed_days");
    db_bind_text(count, 1, query->clinic_id);
    db_bind_text(count, 2, query->phone_index);
    db_bind_int(count, 3, clock_wall_ms(scheduling->clock) - REQUEST_MISSED_WITHIN_DAYS * day_ms);
    if (!scheduling_need_row(count, "count", error))
        return false;
    *ret_has = db_column_int(count, 0) >= n_days;
    db_reset(count);
    return true;
}

bool request_find_reason(Scheduling *scheduling, DbTx *tx, const BlockQuery *query,
                         RequestReason *ret_reason, GError **error)
{
    bool is_blocked = false, has = false;
    if (!incident_is_blocked(scheduling, tx, query, &is_blocked, error) ||
        !has_missed(scheduling, tx, query, &has, error))
        return false;
    *ret_reason = is_blocked ? REQUEST_BLOCKED : has ? REQUEST_MISSED : REQUEST_NOT_NEEDED;
    return true;
}
