// SPDX-License-Identifier: Apache-2.0
#include "scheduling/wait/wait_rule.h"

static const int64_t minute_ms = (int64_t)60 * 1000;

static const char *const mode_names[] = {
    [WAIT_MODE_ONE_BY_ONE] = "one_by_one",
    [WAIT_MODE_ALL_AT_ONCE] = "all_at_once",
};

static const char *const state_names[] = {
    [WAIT_STATE_WAITING] = "waiting", [WAIT_STATE_BOOKED] = "booked", [WAIT_STATE_LEFT] = "left",
    [WAIT_STATE_REMOVED] = "removed", [WAIT_STATE_LAPSED] = "lapsed",
};

const char *wait_mode_name(WaitMode mode)
{
    return mode_names[mode];
}

bool wait_mode_parse(const char *name, WaitMode *ret_mode)
{
    for (unsigned i = 0; name && i < G_N_ELEMENTS(mode_names); i++) {
        if (g_str_equal(mode_names[i], name)) {
            *ret_mode = (WaitMode)i;
            return true;
        }
    }
    return false;
}

const char *wait_state_name(WaitState state)
{
    return state_names[state];
}

bool wait_state_parse(const char *name, WaitState *ret_state)
{
    for (unsigned i = 0; name && i < G_N_ELEMENTS(state_names); i++) {
        if (g_str_equal(state_names[i], name)) {
            *ret_state = (WaitState)i;
            return true;
        }
    }
    return false;
}

static bool is_quiet(const NotificationQuiet *quiet, int64_t at_ms)
{
    return notification_quiet_end(quiet, NOTIFICATION_WAIT_GONE, at_ms) > at_ms;
}

/* The last moment before the quiet hours of this day, seen from a time outside of them. */
static int64_t quiet_begin(const NotificationQuiet *quiet, int64_t now_ms)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(now_ms / 1000);
    g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, quiet->zone);
    g_autoptr(GDateTime) begin =
        g_date_time_new(quiet->zone, g_date_time_get_year(local), g_date_time_get_month(local),
                        g_date_time_get_day_of_month(local), quiet->from_hour, 0, 0);
    return g_date_time_to_unix(begin) * 1000;
}

int64_t wait_offer_end(WaitMode mode, const NotificationQuiet *quiet, int64_t now_ms)
{
    int64_t least_ms = now_ms + WAIT_OFFER_MINUTES * minute_ms;
    if (is_quiet(quiet, now_ms) || is_quiet(quiet, least_ms - 1))
        return 0;
    switch (mode) {
    case WAIT_MODE_ONE_BY_ONE:
        return least_ms;
    case WAIT_MODE_ALL_AT_ONCE:
        break;
    }
    int64_t end_ms = now_ms + WAIT_OPEN_MINUTES * minute_ms;
    return is_quiet(quiet, end_ms - 1) ? MAX(quiet_begin(quiet, now_ms), least_ms) : end_ms;
}

int64_t wait_first_start(int64_t expires_at_ms, int64_t booking_lead_ms)
{
    return expires_at_ms + booking_lead_ms;
}
