// SPDX-License-Identifier: Apache-2.0
#include "scheduling/policy/policy_rule.h"

#include <string.h>

#define MINUTE_MS ((int64_t)60 * 1000)
#define DAY_MS (24 * 60 * MINUTE_MS)
#define SWITCH "off|on"

/* The shortest horizon is longer than the longest lead, so that no two values close the booking. */
static const PolicyRow rows[POLICY_N_RULES] = {
    [POLICY_BOOKING_LEAD] = {"booking_lead_minutes", POLICY_KIND_NUMBER, 0, 1440, MINUTE_MS, NULL},
    [POLICY_BOOKING_HORIZON] = {"booking_horizon_days", POLICY_KIND_NUMBER, 2, 90, DAY_MS, NULL},
    [POLICY_STAFF_HORIZON] = {"staff_horizon_days", POLICY_KIND_NUMBER, 2, 366, DAY_MS, NULL},
    [POLICY_MOVE_UNTIL] = {"move_until_minutes", POLICY_KIND_NUMBER, 0, 10080, MINUTE_MS, NULL},
    [POLICY_CANCEL_UNTIL] = {"cancel_until_minutes", POLICY_KIND_NUMBER, 0, 10080, MINUTE_MS, NULL},
    [POLICY_HOLD] = {"hold_minutes", POLICY_KIND_NUMBER, 2, 30, MINUTE_MS, NULL},
    [POLICY_OPEN_BEFORE] = {"open_before_minutes", POLICY_KIND_NUMBER, 5, 240, MINUTE_MS, NULL},
    [POLICY_OPEN_AFTER] = {"open_after_minutes", POLICY_KIND_NUMBER, 0, 720, MINUTE_MS, NULL},
    [POLICY_LATE] = {"late_minutes", POLICY_KIND_NUMBER, 0, 120, MINUTE_MS, NULL},
    [POLICY_NO_SHOW] = {"no_show_minutes", POLICY_KIND_NUMBER, 5, 240, MINUTE_MS, NULL},
    [POLICY_UNANSWERED] = {"unanswered_minutes", POLICY_KIND_NUMBER, 1, 240, MINUTE_MS, NULL},
    [POLICY_ALONE] = {"unanswered_alone_minutes", POLICY_KIND_NUMBER, 1, 240, MINUTE_MS, NULL},
    /* At most three hours: a day that ends at midnight is over at three. */
    [POLICY_DAY_END] = {"day_end_minutes", POLICY_KIND_NUMBER, 15, 180, MINUTE_MS, NULL},
    [POLICY_SICK_LETTERS] = {"sick_letters", POLICY_KIND_CHOICE, 0, 2, 0, "off|assisted|on"},
    [POLICY_SICK_DAYS] = {"sick_letter_days", POLICY_KIND_NUMBER, 1, 7, 0, NULL},
    [POLICY_BOOKINGS_PER_PHONE] = {"bookings_per_phone", POLICY_KIND_NUMBER, 0, 50, 0, NULL},
    [POLICY_BOOKINGS_PER_ADDRESS] = {"bookings_per_address", POLICY_KIND_NUMBER, 0, 1000, 0, NULL},
    [POLICY_MISSED_DAYS] = {"missed_confirm_days", POLICY_KIND_NUMBER, 0, 10, 0, NULL},
    [POLICY_REMIND_DAY] = {"remind_day_before", POLICY_KIND_SWITCH, 0, 1, 0, SWITCH},
    [POLICY_REMIND_HOUR] = {"remind_hour_before", POLICY_KIND_SWITCH, 0, 1, 0, SWITCH},
    [POLICY_REMIND_SOON] = {"remind_ten_minutes_before", POLICY_KIND_SWITCH, 0, 1, 0, SWITCH},
    [POLICY_QUIET_FROM] = {"quiet_from_hour", POLICY_KIND_NUMBER, 0, 23, 0, NULL},
    [POLICY_QUIET_UNTIL] = {"quiet_until_hour", POLICY_KIND_NUMBER, 0, 23, 0, NULL},
};

const PolicyRow *policy_row(PolicyRule rule)
{
    return &rows[rule];
}

const char *policy_kind_name(PolicyKind kind)
{
    switch (kind) {
    case POLICY_KIND_NUMBER:
        return "number";
    case POLICY_KIND_SWITCH:
        return "switch";
    case POLICY_KIND_CHOICE:
        return "choice";
    }
    g_assert_not_reached();
}

bool policy_rule_parse(const char *name, PolicyRule *ret_rule)
{
    for (int i = 0; name && i < POLICY_N_RULES; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            *ret_rule = (PolicyRule)i;
            return true;
        }
    }
    return false;
}

char *policy_value_text(PolicyRule rule, int64_t value)
{
    if (!rows[rule].choices)
        return g_strdup_printf("%" G_GINT64_FORMAT, value);
    g_auto(GStrv) choices = g_strsplit(rows[rule].choices, "|", -1);
    bool is_known = value >= 0 && value < (int64_t)g_strv_length(choices);
    return g_strdup(is_known ? choices[value] : choices[0]);
}

static bool parse_choice(const PolicyRow *row, const char *text, int64_t *ret_value)
{
    g_auto(GStrv) choices = g_strsplit(row->choices, "|", -1);
    for (int i = 0; choices[i]; i++) {
        if (g_ascii_strcasecmp(choices[i], text) == 0) {
            *ret_value = i;
            return true;
        }
    }
    return false;
}

bool policy_value_parse(PolicyRule rule, const char *text, const char *field, int64_t *ret_value,
                        FaultList *faults)
{
    const PolicyRow *row = &rows[rule];
    if (row->choices) {
        if (parse_choice(row, text, ret_value))
            return true;
        fault_list_add(faults, field, "not_allowed", row->choices);
        return false;
    }
    if (g_ascii_string_to_signed(text, 10, row->min, row->max, ret_value, NULL))
        return true;
    g_autofree char *allowed =
        g_strdup_printf("%" G_GINT64_FORMAT "..%" G_GINT64_FORMAT, row->min, row->max);
    fault_list_add(faults, field, "out_of_range", allowed);
    return false;
}
