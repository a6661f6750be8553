// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/hours.h"

#include <string.h>

#include "server/base/clock.h"
#include "server/base/revision.h"

static const int64_t minute_ms = (int64_t)60 * 1000;

const char *hours_mode_name(HoursMode mode)
{
    switch (mode) {
    case HOURS_MODE_SLOTS:
        return "slots";
    case HOURS_MODE_SESSION:
        return "session";
    }
    g_assert_not_reached();
}

bool hours_mode_parse(const char *name, HoursMode *ret_mode)
{
    for (int i = HOURS_MODE_SLOTS; name && i <= HOURS_MODE_SESSION; i++) {
        if (strcmp(hours_mode_name((HoursMode)i), name) == 0) {
            *ret_mode = (HoursMode)i;
            return true;
        }
    }
    return false;
}

HoursPlan *hours_plan_new(GTimeZone *zone)
{
    HoursPlan *plan = g_new0(HoursPlan, 1);
    plan->zone = zone;
    plan->rules = g_array_new(FALSE, FALSE, sizeof(HoursRule));
    plan->overrides = g_array_new(FALSE, FALSE, sizeof(HoursOverride));
    plan->leaves = g_array_new(FALSE, FALSE, sizeof(HoursLeave));
    plan->permits = g_array_new(FALSE, FALSE, sizeof(HoursPermit));
    plan->holidays = g_array_new(FALSE, FALSE, sizeof(HoursHoliday));
    return plan;
}

void hours_plan_free(HoursPlan *plan)
{
    if (!plan)
        return;
    g_array_unref(plan->rules);
    g_array_unref(plan->overrides);
    g_array_unref(plan->leaves);
    g_array_unref(plan->permits);
    g_array_unref(plan->holidays);
    g_free(plan);
}

/* What of MINUTES the breaks leave; at most one piece more than there are breaks. */
static unsigned cut_breaks(HoursMinutes minutes, const HoursMinutes *breaks, unsigned n_breaks,
                           HoursMinutes pieces[HOURS_MAX_BREAKS + 1])
{
    unsigned n = 0;
    int at = minutes.from;
    while (at < minutes.to && n <= HOURS_MAX_BREAKS) {
        int end = minutes.to;
        int next = minutes.to;
        for (unsigned i = 0; i < n_breaks; i++) {
            if (breaks[i].from <= at && breaks[i].to > at) {
                end = at;
                next = breaks[i].to;
                break;
            }
            if (breaks[i].from > at && breaks[i].from < end) {
                end = breaks[i].from;
                next = breaks[i].to;
            }
        }
        if (end > at)
            pieces[n++] = (HoursMinutes){at, end};
        at = next;
    }
    return n;
}

int hours_place_minutes(HoursMinutes minutes, const HoursMinutes *breaks, unsigned n_breaks,
                        int quota)
{
    HoursMinutes pieces[HOURS_MAX_BREAKS + 1];
    unsigned n = cut_breaks(minutes, breaks, n_breaks, pieces);
    int total = 0;
    for (unsigned i = 0; i < n; i++)
        total += pieces[i].to - pieces[i].from;
    for (int length = quota > 0 ? total / quota : 0; length > 0; length--) {
        int places = 0;
        for (unsigned i = 0; i < n; i++)
            places += (pieces[i].to - pieces[i].from) / length;
        if (places >= quota)
            return length;
    }
    return 0;
}

/* One stretch of hours of a day, as moments. */
typedef struct {
    HoursPattern pattern;
    int place_minutes;
    unsigned n_pieces;
    TimeSpan pieces[HOURS_MAX_BREAKS + 1];
} Stretch;

static bool make_stretch(const HoursPlan *plan, const char *date, HoursMinutes minutes,
                         const HoursMinutes *breaks, unsigned n_breaks, Stretch *ret_stretch)
{
    HoursMinutes pieces[HOURS_MAX_BREAKS + 1];
    unsigned n = cut_breaks(minutes, breaks, n_breaks, pieces);
    ret_stretch->n_pieces = 0;
    for (unsigned i = 0; i < n; i++) {
        TimeSpan span;
        const int ends[] = {pieces[i].from, pieces[i].to};
        if (local_time_span(plan->zone, date, ends, LOCAL_TIME_INNER, &span))
            ret_stretch->pieces[ret_stretch->n_pieces++] = span;
    }
    return ret_stretch->n_pieces > 0;
}

static int weekday_of(const char *date)
{
    GDate day;
    g_date_clear(&day, 1);
    g_date_set_dmy(&day, (GDateDay)g_ascii_strtoull(date + 8, NULL, 10),
                   (GDateMonth)g_ascii_strtoull(date + 5, NULL, 10),
                   (GDateYear)g_ascii_strtoull(date, NULL, 10));
    return (int)g_date_get_weekday(&day);
}

static bool is_holiday(const HoursPlan *plan, const char *date)
{
    for (unsigned i = 0; i < plan->holidays->len; i++) {
        const HoursHoliday *holiday = &g_array_index(plan->holidays, HoursHoliday, i);
        if (holiday->is_certain && strcmp(holiday->date, date) == 0)
            return true;
    }
    return false;
}

static bool rule_covers(const HoursRule *rule, const char *practitioner_id, const char *date)
{
    return strcmp(rule->practitioner_id, practitioner_id) == 0 &&
           strcmp(rule->valid_from, date) <= 0 &&
           (rule->valid_until[0] == '\0' || strcmp(date, rule->valid_until) <= 0);
}

static gint rule_compare(gconstpointer a, gconstpointer b)
{
    const HoursRule *left = *(const HoursRule *const *)a;
    const HoursRule *right = *(const HoursRule *const *)b;
    if (left->minutes.from != right->minutes.from)
        return left->minutes.from - right->minutes.from;
    return strcmp(left->id, right->id);
}

static void add_rules(const HoursPlan *plan, const char *practitioner_id, const char *date,
                      GArray *stretches)
{
    if (is_holiday(plan, date))
        return;
    int weekday = weekday_of(date);
    g_autoptr(GPtrArray) rules = g_ptr_array_new();
    for (unsigned i = 0; i < plan->rules->len; i++) {
        HoursRule *rule = &g_array_index(plan->rules, HoursRule, i);
        if (rule->weekday == weekday && rule_covers(rule, practitioner_id, date))
            g_ptr_array_add(rules, rule);
    }
    g_ptr_array_sort(rules, rule_compare);
    for (unsigned i = 0; i < rules->len; i++) {
        const HoursRule *rule = g_ptr_array_index(rules, i);
        Stretch stretch = {.pattern = rule->pattern};
        stretch.place_minutes =
            hours_place_minutes(rule->minutes, rule->breaks, rule->n_breaks, rule->pattern.quota);
        if (make_stretch(plan, date, rule->minutes, rule->breaks, rule->n_breaks, &stretch))
            g_array_append_val(stretches, stretch);
    }
}

static bool override_fits(const HoursOverride *override, const char *practitioner_id,
                          const char *date)
{
    return strcmp(override->practitioner_id, practitioner_id) == 0 &&
           strcmp(override->date, date) == 0;
}

static void add_extras(const HoursPlan *plan, const char *practitioner_id, const char *date,
                       GArray *stretches)
{
    for (unsigned i = 0; i < plan->overrides->len; i++) {
        const HoursOverride *extra = &g_array_index(plan->overrides, HoursOverride, i);
        if (!extra->is_extra || !override_fits(extra, practitioner_id, date))
            continue;
        Stretch stretch = {.pattern = extra->pattern};
        stretch.place_minutes = hours_place_minutes(extra->minutes, NULL, 0, extra->pattern.quota);
        if (make_stretch(plan, date, extra->minutes, NULL, 0, &stretch))
            g_array_append_val(stretches, stretch);
    }
}

static bool has_leave(const HoursPlan *plan, const char *practitioner_id, const char *date)
{
    for (unsigned i = 0; i < plan->leaves->len; i++) {
        const HoursLeave *leave = &g_array_index(plan->leaves, HoursLeave, i);
        if (strcmp(leave->practitioner_id, practitioner_id) == 0 &&
            strcmp(leave->from_date, date) <= 0 && strcmp(date, leave->until_date) <= 0)
            return true;
    }
    return false;
}

static bool is_after_permit(const HoursPlan *plan, const char *practitioner_id, const char *date)
{
    for (unsigned i = 0; i < plan->permits->len; i++) {
        const HoursPermit *permit = &g_array_index(plan->permits, HoursPermit, i);
        if (strcmp(permit->practitioner_id, practitioner_id) == 0 &&
            strcmp(permit->valid_until, date) < 0)
            return true;
    }
    return false;
}

static void add_closed(const HoursPlan *plan, const char *practitioner_id, const char *date,
                       GArray *spans)
{
    TimeSpan span;
    for (unsigned i = 0; i < plan->overrides->len; i++) {
        const HoursOverride *closed = &g_array_index(plan->overrides, HoursOverride, i);
        const int minutes[] = {closed->minutes.from, closed->minutes.to};
        if (!closed->is_extra && override_fits(closed, practitioner_id, date) &&
            local_time_span(plan->zone, date, minutes, LOCAL_TIME_OUTER, &span))
            g_array_append_val(spans, span);
    }
}

/* Closed hours of the date, and the whole of it when it is a day of leave or after the permit. */
static GArray *closings(const HoursPlan *plan, const char *practitioner_id, const char *date)
{
    static const int whole_day[] = {0, LOCAL_TIME_MINUTES_PER_DAY};
    GArray *spans = g_array_new(FALSE, FALSE, sizeof(TimeSpan));
    TimeSpan span;
    bool is_off =
        has_leave(plan, practitioner_id, date) || is_after_permit(plan, practitioner_id, date);
    add_closed(plan, practitioner_id, date, spans);
    if (is_off && local_time_span(plan->zone, date, whole_day, LOCAL_TIME_OUTER, &span))
        g_array_append_val(spans, span);
    return spans;
}

static GArray *stretches_of(const HoursPlan *plan, const char *practitioner_id, const char *date)
{
    GArray *stretches = g_array_new(FALSE, FALSE, sizeof(Stretch));
    char valid[HOURS_DATE_BYTES];
    if (!clock_date_add(date, 0, valid))
        return stretches;
    add_rules(plan, practitioner_id, date, stretches);
    add_extras(plan, practitioner_id, date, stretches);
    return stretches;
}

void hours_open(const HoursPlan *plan, const char *practitioner_id, const char *date, GArray *spans)
{
    g_autoptr(GArray) stretches = stretches_of(plan, practitioner_id, date);
    g_autoptr(GArray) closed = closings(plan, practitioner_id, date);
    g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(TimeSpan));
    for (unsigned i = 0; i < stretches->len; i++) {
        const Stretch *stretch = &g_array_index(stretches, Stretch, i);
        g_array_append_vals(open, stretch->pieces, stretch->n_pieces);
    }
    time_spans_subtract(open, closed, spans);
}

const char *hours_obstacle_name(HoursObstacle obstacle)
{
    switch (obstacle) {
    case HOURS_OBSTACLE_NONE:
        return "";
    case HOURS_OBSTACLE_ARCHIVED:
        return "archived";
    case HOURS_OBSTACLE_PERMIT:
        return "permit_over";
    case HOURS_OBSTACLE_LEAVE:
        return "leave";
    case HOURS_OBSTACLE_CLOSED:
        return "closed";
    case HOURS_OBSTACLE_HOLIDAY:
        return "holiday";
    }
    g_assert_not_reached();
}

static bool meets(const GArray *spans, TimeSpan span)
{
    for (unsigned i = 0; i < spans->len; i++) {
        const TimeSpan *one = &g_array_index(spans, TimeSpan, i);
        if (one->from_ms < span.to_ms && span.from_ms < one->to_ms)
            return true;
    }
    return false;
}

HoursObstacle hours_obstacle(const HoursPlan *plan, const char *practitioner_id, const char *date,
                             TimeSpan span)
{
    g_autoptr(GArray) closed = g_array_new(FALSE, FALSE, sizeof(TimeSpan));
    g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(TimeSpan));
    if (is_after_permit(plan, practitioner_id, date))
        return HOURS_OBSTACLE_PERMIT;
    if (has_leave(plan, practitioner_id, date))
        return HOURS_OBSTACLE_LEAVE;
    add_closed(plan, practitioner_id, date, closed);
    if (meets(closed, span))
        return HOURS_OBSTACLE_CLOSED;
    if (!is_holiday(plan, date))
        return HOURS_OBSTACLE_NONE;
    hours_open(plan, practitioner_id, date, open);
    return time_spans_hold(open, span.from_ms, span.to_ms) ? HOURS_OBSTACLE_NONE
                                                           : HOURS_OBSTACLE_HOLIDAY;
}

bool hours_has_any(const HoursPlan *plan, const char *practitioner_id, const char *date)
{
    g_autoptr(GArray) stretches = stretches_of(plan, practitioner_id, date);
    return stretches->len > 0;
}

/* When the last of STRETCHES ends but for what is CLOSED; 0: nothing is left. */
static int64_t end_of(const GArray *stretches, GArray *closed)
{
    g_autoptr(GArray) planned = g_array_new(FALSE, FALSE, sizeof(TimeSpan));
    g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(TimeSpan));
    for (unsigned i = 0; i < stretches->len; i++) {
        const Stretch *stretch = &g_array_index(stretches, Stretch, i);
        g_array_append_vals(planned, stretch->pieces, stretch->n_pieces);
    }
    time_spans_subtract(planned, closed, open);
    return open->len ? g_array_index(open, TimeSpan, open->len - 1).to_ms : 0;
}

bool hours_is_there(const HoursPlan *plan, const char *practitioner_id, const char *date,
                    int64_t at_ms)
{
    g_autoptr(GArray) stretches = stretches_of(plan, practitioner_id, date);
    g_autoptr(GArray) nothing = g_array_new(FALSE, FALSE, sizeof(TimeSpan));
    g_autoptr(GArray) closed = g_array_new(FALSE, FALSE, sizeof(TimeSpan));
    if (has_leave(plan, practitioner_id, date) || (is_holiday(plan, date) && stretches->len == 0))
        return false;
    add_closed(plan, practitioner_id, date, closed);
    int64_t end_ms = end_of(stretches, closed);
    return end_ms == end_of(stretches, nothing) || at_ms < end_ms;
}

bool hours_may_serve(const HoursPlan *plan, const char *practitioner_id, const char *date,
                     int64_t at_ms)
{
    return !is_after_permit(plan, practitioner_id, date) &&
           hours_is_there(plan, practitioner_id, date, at_ms);
}

/* A slot that another one, laid earlier, leaves too little room for. */
static bool is_crowded(const GArray *slots, unsigned n_slots, const Slot *slot)
{
    for (unsigned i = 0; i < n_slots; i++) {
        const Slot *other = &g_array_index(slots, Slot, i);
        if (slot->starts_at_ms < other->ends_at_ms + other->after_ms + slot->before_ms &&
            other->starts_at_ms < slot->ends_at_ms + slot->after_ms + other->before_ms)
            return true;
    }
    return false;
}

/* The stretch's slots one after the other; what closes and what is there already leaves gaps but
 * moves nothing. SLOT comes with all that its slots have in common. */
static void lay_slots(const Stretch *stretch, const GArray *closed, Slot slot, GArray *slots)
{
    bool is_session = stretch->pattern.mode == HOURS_MODE_SESSION;
    unsigned n_before = slots->len;
    int minutes = is_session ? stretch->place_minutes : stretch->pattern.slot_minutes;
    int64_t length_ms = minutes * minute_ms;
    int64_t step_ms = length_ms + slot.before_ms + slot.after_ms;
    int64_t next_ms = 0;
    int n_laid = 0;
    for (unsigned i = 0; length_ms > 0 && i < stretch->n_pieces; i++) {
        const TimeSpan *piece = &stretch->pieces[i];
        next_ms = MAX(next_ms, piece->from_ms);
        for (; next_ms + length_ms <= piece->to_ms; next_ms += step_ms) {
            if (is_session && n_laid == stretch->pattern.quota)
                return;
            n_laid++;
            slot.place = is_session ? n_laid : 0;
            slot.starts_at_ms = next_ms;
            slot.ends_at_ms = next_ms + length_ms;
            if (!meets(closed, (TimeSpan){slot.starts_at_ms, slot.ends_at_ms}) &&
                !is_crowded(slots, n_before, &slot))
                g_array_append_val(slots, slot);
        }
    }
}

int hours_extra_places(int n_regular, int extra_percent)
{
    return n_regular * (100 + extra_percent) / 100 - n_regular;
}

Slot hours_extra_place(const Slot *slot)
{
    Slot extra = *slot;
    extra.is_extra = true;
    if (slot->place > 0)
        extra.place += slot->n_extra;
    return extra;
}

/* Where the additional places of SLOTS from FIRST on, all of one stretch, can be: beside any slot,
 * and beside the last places of a session. */
static void share_extra(const HoursPattern *pattern, unsigned first, GArray *slots)
{
    bool is_session = pattern->mode == HOURS_MODE_SESSION;
    int n_regular = is_session ? pattern->quota : (int)(slots->len - first);
    int n_extra = hours_extra_places(n_regular, pattern->extra_percent);
    for (unsigned i = first; i < slots->len; i++) {
        Slot *slot = &g_array_index(slots, Slot, i);
        slot->n_extra = n_extra;
        slot->takes_extra = n_extra > 0 && (!is_session || slot->place > n_regular - n_extra);
    }
}

static gint slot_compare(gconstpointer a, gconstpointer b)
{
    const Slot *left = a;
    const Slot *right = b;
    if (left->starts_at_ms != right->starts_at_ms)
        return left->starts_at_ms < right->starts_at_ms ? -1 : 1;
    return strcmp(left->practitioner_id, right->practitioner_id);
}

void hours_slots(const HoursPlan *plan, const char *practitioner_id, const char *date,
                 GArray *slots)
{
    g_autoptr(GArray) stretches = stretches_of(plan, practitioner_id, date);
    g_autoptr(GArray) closed = closings(plan, practitioner_id, date);
    g_autoptr(GArray) own = g_array_new(FALSE, FALSE, sizeof(Slot));
    for (unsigned i = 0; i < stretches->len; i++) {
        const Stretch *stretch = &g_array_index(stretches, Stretch, i);
        Slot common = {0};
        g_strlcpy(common.practitioner_id, practitioner_id, sizeof common.practitioner_id);
        unsigned n_before = own->len;
        common.session =
            (TimeSpan){stretch->pieces[0].from_ms, stretch->pieces[stretch->n_pieces - 1].to_ms};
        if (stretch->pattern.mode == HOURS_MODE_SESSION) {
            common.quota = stretch->pattern.quota;
        } else {
            common.before_ms = stretch->pattern.before_minutes * minute_ms;
            common.after_ms = stretch->pattern.after_minutes * minute_ms;
        }
        lay_slots(stretch, closed, common, own);
        share_extra(&stretch->pattern, n_before, own);
    }
    g_array_sort(own, slot_compare);
    g_array_append_vals(slots, own->data, own->len);
}

static void add_id(GPtrArray *ids, const char *id)
{
    for (unsigned i = 0; i < ids->len; i++) {
        if (strcmp(g_ptr_array_index(ids, i), id) == 0)
            return;
    }
    g_ptr_array_add(ids, (gpointer)id);
}

void hours_all_slots(const HoursPlan *plan, const char *date, GArray *slots)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new();
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Slot));
    for (unsigned i = 0; i < plan->rules->len; i++)
        add_id(ids, g_array_index(plan->rules, HoursRule, i).practitioner_id);
    for (unsigned i = 0; i < plan->overrides->len; i++)
        add_id(ids, g_array_index(plan->overrides, HoursOverride, i).practitioner_id);
    for (unsigned i = 0; i < ids->len; i++)
        hours_slots(plan, g_ptr_array_index(ids, i), date, all);
    g_array_sort(all, slot_compare);
    g_array_append_vals(slots, all->data, all->len);
}

char *hours_rule_revision(const HoursRule *rule)
{
    const HoursPattern *pattern = &rule->pattern;
    const char *const texts[] = {rule->id, rule->clinic_id, hours_mode_name(pattern->mode),
                                 rule->valid_from, rule->valid_until};
    const int numbers[] = {rule->weekday,         rule->minutes.from,      rule->minutes.to,
                           pattern->slot_minutes, pattern->before_minutes, pattern->after_minutes,
                           pattern->quota,        pattern->extra_percent};
    Revision *revision = revision_new();
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        revision_add(revision, texts[i]);
    for (unsigned i = 0; i < G_N_ELEMENTS(numbers); i++)
        revision_add_int(revision, numbers[i]);
    for (unsigned i = 0; i < rule->n_breaks; i++) {
        revision_add_int(revision, rule->breaks[i].from);
        revision_add_int(revision, rule->breaks[i].to);
    }
    return revision_end(revision);
}
