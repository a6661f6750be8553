// SPDX-License-Identifier: Apache-2.0
#include "scheduling/policy/policy.h"

#include <string.h>

int64_t policy_ms(const Policy *policy, PolicyRule rule)
{
    g_assert(policy_row(rule)->unit_ms > 0);
    return policy->values[rule] * policy_row(rule)->unit_ms;
}

/* Twelve visits, every two weeks. */
static const int64_t staff_horizon_ms = (int64_t)180 * 24 * 60 * 60 * 1000;

static const int64_t day_end_ms = (int64_t)2 * 60 * 60 * 1000;
/* Two visits missed in 90 days: see scheduling/booking/request.h. */
enum { MISSED_DAYS = 2 };

void policy_base(const Scheduling *scheduling, Policy *ret_policy)
{
    const SchedulingPolicy *base = &scheduling->policy;
    const int64_t lengths_ms[] = {
        [POLICY_BOOKING_LEAD] = base->booking_lead_ms,
        [POLICY_BOOKING_HORIZON] = base->booking_horizon_ms,
        [POLICY_STAFF_HORIZON] = staff_horizon_ms,
        [POLICY_MOVE_UNTIL] = base->move_until_ms,
        [POLICY_CANCEL_UNTIL] = base->cancel_until_ms,
        [POLICY_HOLD] = base->hold_ms,
        [POLICY_OPEN_BEFORE] = base->open_before_ms,
        [POLICY_OPEN_AFTER] = base->open_after_ms,
        [POLICY_LATE] = base->late_after_ms,
        [POLICY_NO_SHOW] = base->no_show_after_ms,
        [POLICY_UNANSWERED] = base->unanswered_after_ms,
        [POLICY_ALONE] = base->unanswered_alone_ms,
        [POLICY_DAY_END] = day_end_ms,
    };
    *ret_policy = (Policy){{0}};
    for (int i = 0; i < (int)G_N_ELEMENTS(lengths_ms); i++)
        ret_policy->values[i] = lengths_ms[i] / policy_row((PolicyRule)i)->unit_ms;
    ret_policy->values[POLICY_SICK_LETTERS] = base->sick_letters ? POLICY_SICK_ON : POLICY_SICK_OFF;
    ret_policy->values[POLICY_SICK_DAYS] = base->sick_letter_days;
    ret_policy->values[POLICY_BOOKINGS_PER_PHONE] = base->bookings_per_phone;
    ret_policy->values[POLICY_BOOKINGS_PER_ADDRESS] = base->bookings_per_address;
    ret_policy->values[POLICY_MISSED_DAYS] = MISSED_DAYS;
    ret_policy->values[POLICY_REMIND_DAY] = 1;
    ret_policy->values[POLICY_REMIND_HOUR] = 1;
    ret_policy->values[POLICY_REMIND_SOON] = 1;
    ret_policy->values[POLICY_QUIET_FROM] = base->quiet_from_hour;
    ret_policy->values[POLICY_QUIET_UNTIL] = base->quiet_until_hour;
}

static bool read_rows(const Scheduling *scheduling, DbQuery *rows, Policy *ret_policy,
                      GError **error)
{
    bool is_own[POLICY_N_RULES] = {false};
    PolicyRule rule;
    DbStep step;
    policy_base(scheduling, ret_policy);
    while ((step = db_step(rows, error)) == DB_ROW) {
        /* A rule that this program does not know is a newer one's. */
        if (!policy_rule_parse(db_column_text(rows, 0), &rule))
            continue;
        bool is_province = db_column_int(rows, 2) != 0;
        if (is_province && is_own[rule])
            continue;
        is_own[rule] = !is_province;
        ret_policy->values[rule] = db_column_int(rows, 1);
    }
    return step == DB_DONE;
}

bool policy_load(const Scheduling *scheduling, DbTx *tx, const char *facility_id,
                 Policy *ret_policy, GError **error)
{
    DbQuery *rows = db_query(tx, "policy_of_facility");
    db_bind_text(rows, 1, facility_id);
    return read_rows(scheduling, rows, ret_policy, error);
}

bool policy_load_clinic(const Scheduling *scheduling, DbTx *tx, const char *clinic_id,
                        Policy *ret_policy, GError **error)
{
    DbQuery *rows = db_query(tx, "policy_of_clinic");
    db_bind_text(rows, 1, clinic_id);
    return read_rows(scheduling, rows, ret_policy, error);
}

const Policy *policy_of(PolicyMemo *memo, const Scheduling *scheduling, DbTx *tx,
                        const char *facility_id, GError **error)
{
    if (memo->facility_id[0] && strcmp(memo->facility_id, facility_id) == 0)
        return &memo->policy;
    memo->facility_id[0] = '\0';
    if (!policy_load(scheduling, tx, facility_id, &memo->policy, error))
        return NULL;
    g_strlcpy(memo->facility_id, facility_id, sizeof memo->facility_id);
    return &memo->policy;
}
