// SPDX-License-Identifier: Apache-2.0
#include "scheduling/outbox/notification_kind.h"

#include "server/base/clock.h"

#define MINUTE_MS ((int64_t)60 * 1000)
#define HOUR_MS (60 * MINUTE_MS)
/* Who was asked so short a while ago to choose another time is not asked again by a reminder. */
#define ASK_AGAIN_MS (12 * HOUR_MS)

/* lead: so long before the start it is due; apart: at least so long after the booking; stale: not
 * sent from so long before the start on. Of those that are no reminders stale counts after it was
 * made. */
typedef struct {
    const char *name;
    bool is_reminder;
    int64_t lead_ms, apart_ms, stale_ms;
} Rule;

static const Rule rules[NOTIFICATION_N_KINDS] = {
    [NOTIFICATION_BOOKED] = {"booked", false, 0, 0, 24 * HOUR_MS},
    [NOTIFICATION_MOVED] = {"moved", false, 0, 0, 24 * HOUR_MS},
    [NOTIFICATION_CANCELLED] = {"cancelled", false, 0, 0, 24 * HOUR_MS},
    [NOTIFICATION_MISSED] = {"missed", false, 0, 0, 12 * HOUR_MS},
    [NOTIFICATION_DAY_BEFORE] = {"day_before", true, 24 * HOUR_MS, 30 * MINUTE_MS, 2 * HOUR_MS},
    [NOTIFICATION_HOUR_BEFORE] = {"hour_before", true, HOUR_MS, 30 * MINUTE_MS, 15 * MINUTE_MS},
    [NOTIFICATION_SOON] = {"soon", true, 10 * MINUTE_MS, 5 * MINUTE_MS, -5 * MINUTE_MS},
    [NOTIFICATION_NEXT] = {"next", false, 0, 0, 15 * MINUTE_MS},
    [NOTIFICATION_LATE] = {"late", false, 0, 0, 30 * MINUTE_MS},
    [NOTIFICATION_HOURS_CHANGED] = {"hours_changed", false, 0, 0, 24 * HOUR_MS},
    [NOTIFICATION_STANDS] = {"stands", false, 0, 0, 24 * HOUR_MS},
    [NOTIFICATION_CONVERTED_PHONE] = {"converted_phone", false, 0, 0, 24 * HOUR_MS},
    [NOTIFICATION_CONVERTED_IN_PERSON] = {"converted_in_person", false, 0, 0, 24 * HOUR_MS},
    [NOTIFICATION_CONVERTED_VIDEO] = {"converted_video", false, 0, 0, 24 * HOUR_MS},
    [NOTIFICATION_LETTER] = {"letter", false, 0, 0, 24 * HOUR_MS},
    /* A medicine is taken for days. */
    [NOTIFICATION_LETTER_REVOKED] = {"letter_revoked", false, 0, 0, 7 * 24 * HOUR_MS},
    [NOTIFICATION_WAIT_LISTED] = {"wait_listed", false, 0, 0, 24 * HOUR_MS},
    [NOTIFICATION_WAIT_OFFER] = {"wait_offer", false, 0, 0, 15 * MINUTE_MS},
    [NOTIFICATION_WAIT_OPEN] = {"wait_open", false, 0, 0, 2 * HOUR_MS},
    [NOTIFICATION_WAIT_GONE] = {"wait_gone", false, 0, 0, 12 * HOUR_MS},
    [NOTIFICATION_WAIT_ENDED] = {"wait_ended", false, 0, 0, 24 * HOUR_MS},
};

const char *notification_kind_name(NotificationKind kind)
{
    return rules[kind].name;
}

bool notification_kind_parse(const char *name, NotificationKind *ret_kind)
{
    for (int i = 0; name && i < NOTIFICATION_N_KINDS; i++) {
        if (g_str_equal(rules[i].name, name)) {
            *ret_kind = (NotificationKind)i;
            return true;
        }
    }
    return false;
}

int64_t notification_due(NotificationKind kind, int64_t starts_at_ms, int64_t now_ms)
{
    const Rule *rule = &rules[kind];
    int64_t due_at_ms = starts_at_ms - rule->lead_ms;
    return rule->is_reminder && now_ms + rule->apart_ms <= due_at_ms ? due_at_ms : 0;
}

int64_t notification_lead(NotificationKind kind)
{
    return rules[kind].lead_ms;
}

int64_t notification_quiet_end(const NotificationQuiet *quiet, NotificationKind kind, int64_t at_ms)
{
    if (kind != NOTIFICATION_DAY_BEFORE && kind != NOTIFICATION_MISSED &&
        kind != NOTIFICATION_LETTER && kind != NOTIFICATION_WAIT_GONE &&
        kind != NOTIFICATION_WAIT_ENDED)
        return at_ms;
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at_ms / 1000);
    g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, quiet->zone);
    int hour = g_date_time_get_hour(local);
    bool is_over_midnight = quiet->from_hour > quiet->until_hour;
    bool is_evening = is_over_midnight && hour >= quiet->from_hour;
    bool is_before_end = hour < quiet->until_hour && (is_over_midnight || hour >= quiet->from_hour);
    if (!is_evening && !is_before_end)
        return at_ms;
    g_autoptr(GDateTime) day = g_date_time_add_days(local, is_evening ? 1 : 0);
    g_autoptr(GDateTime) end =
        g_date_time_new(quiet->zone, g_date_time_get_year(day), g_date_time_get_month(day),
                        g_date_time_get_day_of_month(day), quiet->until_hour, 0, 0);
    return g_date_time_to_unix(end) * 1000;
}

/* Why nothing need be said of a visit that is in STATE; NULL: it is still to come or waits. */
static const char *moot_by_state(VisitState state)
{
    switch (state) {
    case VISIT_STATE_REQUESTED:
    case VISIT_STATE_BOOKED:
    case VISIT_STATE_CHECKED_IN:
        return NULL;
    case VISIT_STATE_CALLED:
    case VISIT_STATE_IN_CALL:
        return "already_called";
    case VISIT_STATE_RESCHEDULED:
        return "visit_moved";
    case VISIT_STATE_CANCELLED_PATIENT:
    case VISIT_STATE_CANCELLED_PROVIDER:
    case VISIT_STATE_CANCELLED_SYSTEM:
        return "visit_cancelled";
    case VISIT_STATE_DONE:
    case VISIT_STATE_NO_SHOW_PATIENT:
    case VISIT_STATE_NO_SHOW_DOCTOR:
    case VISIT_STATE_LEFT_WITHOUT_BEING_SEEN:
    case VISIT_STATE_TECH_FAILED:
    case VISIT_STATE_CONVERTED_PHONE:
    case VISIT_STATE_CONVERTED_IN_PERSON:
        return "visit_over";
    }
    g_assert_not_reached();
}

/* How it goes on out of a call is so. What was said before the call may have been taken back. */
static const char *moot_by_way(const NotificationFacts *facts, VisitWay way)
{
    if (facts->state == VISIT_STATE_CONVERTED_PHONE ||
        facts->state == VISIT_STATE_CONVERTED_IN_PERSON)
        return NULL;
    return facts->way == way ? moot_by_state(facts->state) : "superseded";
}

/* Of what invites to come. That there is no place the day before says in other words. */
static const char *moot_by_arrival(const NotificationFacts *facts)
{
    if (facts->state == VISIT_STATE_CHECKED_IN)
        return "already_joined";
    const char *reason = moot_by_state(facts->state);
    bool is_invitation = facts->kind != NOTIFICATION_DAY_BEFORE;
    if (!reason && is_invitation && facts->hit_at_ms)
        return "no_place";
    /* It would say the opposite. */
    bool is_told_otherwise =
        facts->kind == NOTIFICATION_HOUR_BEFORE && facts->late_ms && facts->is_late_told;
    return !reason && is_told_otherwise ? "late_told" : reason;
}

/* The visit is no more where it was when the message was made. */
static const char *moot_by_kind(const NotificationFacts *facts)
{
    switch (facts->kind) {
    case NOTIFICATION_CANCELLED:
    case NOTIFICATION_LETTER_REVOKED:
        return NULL;
    case NOTIFICATION_CONVERTED_PHONE:
        return moot_by_way(facts, VISIT_WAY_PHONE);
    case NOTIFICATION_CONVERTED_IN_PERSON:
        return moot_by_way(facts, VISIT_WAY_IN_PERSON);
    case NOTIFICATION_CONVERTED_VIDEO:
        return moot_by_way(facts, VISIT_WAY_VIDEO);
    case NOTIFICATION_LETTER:
        return facts->has_letter ? NULL : "letter_revoked";
    case NOTIFICATION_MISSED:
        return facts->is_followed ? "already_rebooked" : NULL;
    case NOTIFICATION_LATE:
        /* Later than that is what was said anew, to another number. */
        if (!facts->late_said_at_ms || facts->occurrence < facts->late_said_at_ms)
            return "superseded";
        return facts->hit_at_ms ? "no_place" : moot_by_state(facts->state);
    case NOTIFICATION_STANDS:
        return facts->hit_at_ms ? "superseded" : moot_by_state(facts->state);
    case NOTIFICATION_HOURS_CHANGED:
        if (facts->hit_at_ms != facts->occurrence)
            return "superseded";
        /* Who waits, or was called, is not seen either. */
        return facts->state == VISIT_STATE_CALLED ? NULL : moot_by_state(facts->state);
    case NOTIFICATION_BOOKED:
    case NOTIFICATION_MOVED:
        return moot_by_state(facts->state);
    case NOTIFICATION_SOON:
        /* Too late to set out. */
        if (facts->way == VISIT_WAY_IN_PERSON)
            return "not_by_video";
        return moot_by_arrival(facts);
    case NOTIFICATION_DAY_BEFORE:
    case NOTIFICATION_HOUR_BEFORE:
        return moot_by_arrival(facts);
    case NOTIFICATION_NEXT:
        if (facts->way != VISIT_WAY_VIDEO)
            return "not_by_video"; /* sits where the number is called */
        return facts->state == VISIT_STATE_BOOKED ? "visit_moved" : moot_by_state(facts->state);
    case NOTIFICATION_WAIT_LISTED: /* of no visit: see notification_is_stale() */
    case NOTIFICATION_WAIT_OFFER:
    case NOTIFICATION_WAIT_OPEN:
    case NOTIFICATION_WAIT_GONE:
    case NOTIFICATION_WAIT_ENDED:
        return NULL;
    }
    g_assert_not_reached();
}

/* Their occurrence is when it was said, not the visit's start: it may be said again. */
static bool is_of_its_moment(NotificationKind kind)
{
    return kind == NOTIFICATION_LATE || kind == NOTIFICATION_HOURS_CHANGED ||
           kind == NOTIFICATION_STANDS || kind == NOTIFICATION_LETTER ||
           kind == NOTIFICATION_LETTER_REVOKED || kind == NOTIFICATION_CONVERTED_PHONE ||
           kind == NOTIFICATION_CONVERTED_IN_PERSON || kind == NOTIFICATION_CONVERTED_VIDEO;
}

/* To another number than before, which knows nothing of the visit yet. */
static bool is_said_anew(const NotificationFacts *facts)
{
    bool may_be = facts->kind == NOTIFICATION_BOOKED || facts->kind == NOTIFICATION_MISSED;
    return may_be && facts->occurrence == facts->created_at_ms;
}

int64_t notification_stale_ms(NotificationKind kind)
{
    return rules[kind].stale_ms;
}

bool notification_is_stale(NotificationKind kind, int64_t created_at_ms, int64_t now_ms)
{
    return now_ms >= created_at_ms + rules[kind].stale_ms;
}

bool notification_asks_for_other(const NotificationFacts *facts)
{
    return facts->hit_at_ms != 0 &&
           (facts->kind == NOTIFICATION_BOOKED || facts->kind == NOTIFICATION_MOVED ||
            facts->kind == NOTIFICATION_DAY_BEFORE);
}

/* Does the patient of a visit without a place know, or is the message of it on its way? A reminder
 * asks again. */
static bool is_asked(const NotificationFacts *facts, int64_t now_ms)
{
    if (facts->hit_waits || !facts->hit_told_at_ms)
        return facts->hit_waits;
    return facts->kind != NOTIFICATION_DAY_BEFORE || now_ms < facts->hit_told_at_ms + ASK_AGAIN_MS;
}

int64_t notification_expected(const NotificationFacts *facts)
{
    int64_t lead_ms = rules[facts->kind].lead_ms;
    if (facts->kind != NOTIFICATION_SOON)
        return facts->starts_at_ms;
    if (facts->late_ms)
        return facts->starts_at_ms + facts->late_ms;
    /* What was said has lapsed, and nobody has said otherwise. */
    return facts->held_until_ms ? facts->held_until_ms + lead_ms : facts->starts_at_ms;
}

int64_t notification_late_due(const NotificationFacts *facts)
{
    bool is_held = facts->kind == NOTIFICATION_SOON && facts->late_ms;
    return is_held ? notification_expected(facts) - rules[facts->kind].lead_ms : 0;
}

const char *notification_moot(const NotificationFacts *facts, int64_t now_ms)
{
    const Rule *rule = &rules[facts->kind];
    const char *reason = moot_by_kind(facts);
    if (reason)
        return reason;
    bool is_of_start = !is_of_its_moment(facts->kind) && !is_said_anew(facts);
    if (is_of_start && facts->occurrence != facts->starts_at_ms)
        return "visit_moved";
    if (notification_asks_for_other(facts) && !is_said_anew(facts) && is_asked(facts, now_ms))
        return "no_place";
    int64_t last_ms = rule->is_reminder ? notification_expected(facts) - rule->stale_ms
                                        : facts->created_at_ms + rule->stale_ms;
    bool is_of_what_comes = facts->kind == NOTIFICATION_BOOKED ||
                            facts->kind == NOTIFICATION_MOVED || facts->kind == NOTIFICATION_STANDS;
    if (is_of_what_comes)
        last_ms = MIN(last_ms, facts->ends_at_ms);
    return now_ms >= last_ms ? "too_late" : NULL;
}
