// SPDX-License-Identifier: Apache-2.0
#include "scheduling/outbox/notification_text.h"

#include <string.h>

enum { MIN_CUT_CHARS = 12 };

/* Of a visit without video every word of when and how says how it is held instead. */
static bool says_way(NotificationKind kind)
{
    return kind == NOTIFICATION_BOOKED || kind == NOTIFICATION_MOVED ||
           kind == NOTIFICATION_DAY_BEFORE || kind == NOTIFICATION_HOUR_BEFORE ||
           kind == NOTIFICATION_SOON;
}

MessageKind notification_message(const NotificationContent *content)
{
    if (content->asks_for_other)
        return MESSAGE_HOURS_CHANGED;
    if (content->way != VISIT_WAY_VIDEO && says_way(content->kind))
        return content->way == VISIT_WAY_PHONE ? MESSAGE_CONVERTED_PHONE
                                               : MESSAGE_CONVERTED_IN_PERSON;
    switch (content->kind) {
    case NOTIFICATION_BOOKED:
        return content->is_walk_in ? MESSAGE_WALK_IN : MESSAGE_BOOKED;
    case NOTIFICATION_MOVED:
        return MESSAGE_MOVED;
    case NOTIFICATION_CANCELLED:
        return MESSAGE_CANCELLED;
    case NOTIFICATION_MISSED:
        return content->is_unseen ? MESSAGE_UNSEEN : MESSAGE_MISSED;
    case NOTIFICATION_DAY_BEFORE:
        return MESSAGE_DAY_BEFORE;
    case NOTIFICATION_HOUR_BEFORE:
        return MESSAGE_HOUR_BEFORE;
    case NOTIFICATION_SOON:
        return MESSAGE_SOON;
    case NOTIFICATION_NEXT:
        return MESSAGE_NEXT;
    case NOTIFICATION_LATE:
        return content->late_minutes == 0 ? MESSAGE_LATE_OVER : MESSAGE_LATE;
    case NOTIFICATION_HOURS_CHANGED:
        return MESSAGE_HOURS_CHANGED;
    case NOTIFICATION_STANDS:
        return MESSAGE_STANDS;
    case NOTIFICATION_CONVERTED_PHONE:
        return MESSAGE_CONVERTED_PHONE;
    case NOTIFICATION_CONVERTED_IN_PERSON:
        return MESSAGE_CONVERTED_IN_PERSON;
    case NOTIFICATION_CONVERTED_VIDEO:
        return MESSAGE_CONVERTED_VIDEO;
    case NOTIFICATION_LETTER:
        return MESSAGE_LETTER;
    case NOTIFICATION_LETTER_REVOKED:
        return MESSAGE_LETTER_REVOKED;
    case NOTIFICATION_WAIT_LISTED:
        return MESSAGE_WAIT_LISTED;
    case NOTIFICATION_WAIT_OFFER:
        return MESSAGE_WAIT_OFFER;
    case NOTIFICATION_WAIT_OPEN:
        return MESSAGE_WAIT_OPEN;
    case NOTIFICATION_WAIT_GONE:
        return MESSAGE_WAIT_GONE;
    case NOTIFICATION_WAIT_ENDED:
        return MESSAGE_WAIT_ENDED;
    }
    g_assert_not_reached();
}

bool notification_has_link(const NotificationContent *content)
{
    /* Several at once are told of in other words. */
    if (content->n_dates > 0)
        return content->kind != NOTIFICATION_CANCELLED;
    return message_allowed(notification_message(content)) & (1U << PLACEHOLDER_LINK);
}

NotificationContent notification_sample(MessageKind message, bool is_english, GTimeZone *zone)
{
    static const NotificationKind kinds[MESSAGE_N_KINDS] = {
        [MESSAGE_BOOKED] = NOTIFICATION_BOOKED,
        [MESSAGE_WALK_IN] = NOTIFICATION_BOOKED,
        [MESSAGE_MOVED] = NOTIFICATION_MOVED,
        [MESSAGE_CANCELLED] = NOTIFICATION_CANCELLED,
        [MESSAGE_MISSED] = NOTIFICATION_MISSED,
        [MESSAGE_UNSEEN] = NOTIFICATION_MISSED,
        [MESSAGE_DAY_BEFORE] = NOTIFICATION_DAY_BEFORE,
        [MESSAGE_HOUR_BEFORE] = NOTIFICATION_HOUR_BEFORE,
        [MESSAGE_SOON] = NOTIFICATION_SOON,
        [MESSAGE_NEXT] = NOTIFICATION_NEXT,
        [MESSAGE_LATE] = NOTIFICATION_LATE,
        [MESSAGE_LATE_OVER] = NOTIFICATION_LATE,
        [MESSAGE_HOURS_CHANGED] = NOTIFICATION_HOURS_CHANGED,
        [MESSAGE_STANDS] = NOTIFICATION_STANDS,
        [MESSAGE_CONVERTED_PHONE] = NOTIFICATION_CONVERTED_PHONE,
        [MESSAGE_CONVERTED_IN_PERSON] = NOTIFICATION_CONVERTED_IN_PERSON,
        [MESSAGE_CONVERTED_VIDEO] = NOTIFICATION_CONVERTED_VIDEO,
        [MESSAGE_LETTER] = NOTIFICATION_LETTER,
        [MESSAGE_LETTER_REVOKED] = NOTIFICATION_LETTER_REVOKED,
        [MESSAGE_WAIT_LISTED] = NOTIFICATION_WAIT_LISTED,
        [MESSAGE_WAIT_OFFER] = NOTIFICATION_WAIT_OFFER,
        [MESSAGE_WAIT_OPEN] = NOTIFICATION_WAIT_OPEN,
        [MESSAGE_WAIT_GONE] = NOTIFICATION_WAIT_GONE,
        [MESSAGE_WAIT_ENDED] = NOTIFICATION_WAIT_ENDED,
    };
    return (NotificationContent){
        .kind = kinds[message],
        .is_english = is_english,
        .is_walk_in = message == MESSAGE_WALK_IN,
        .is_unseen = message == MESSAGE_UNSEEN,
        .starts_at_ms = INT64_C(1795570200000), /* a Wednesday, half past nine in Gorontalo */
        .zone = zone,
        .facility = "Puskesmas Limboto",
        .phone = "0435-881234",
        .address = "Jl. Trans Sulawesi 12, Limboto",
        .number = "A-12",
        .link = "",
        .late_minutes = message == MESSAGE_LATE ? 20 : 0,
        .early_minutes = 30,
        .until_ms = INT64_C(1795570200000) - INT64_C(75) * 60 * 1000,
    };
}

/* Characters that GSM 03.38 has at one septet; the rest of ASCII becomes a point. */
static char *plain(const char *text)
{
    char *ascii = g_str_to_ascii(text, "id");
    for (char *at = ascii; *at; at++) {
        if (!g_ascii_isprint(*at) || strchr("[]{}\\^~|`", *at))
            *at = '.';
    }
    return ascii;
}

static char *local_text(const NotificationContent *content, int64_t at_ms, bool with_date)
{
    static const char *const days[2][7] = {
        {"Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min"},
        {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
    };
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at_ms / 1000);
    g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, content->zone);
    g_autofree char *time = g_date_time_format(local, "%H.%M %Z");
    if (!with_date)
        return g_steal_pointer(&time);
    return g_strdup_printf("%s %d/%d %s",
                           days[content->is_english][g_date_time_get_day_of_week(local) - 1],
                           g_date_time_get_day_of_month(local), g_date_time_get_month(local), time);
}

typedef struct {
    char *values[PLACEHOLDER_COUNT];
} Pieces;

/* Large enough from the start: a text that grows would leave its link in memory that is freed. */
static GString *fill(const char *template, const Pieces *pieces)
{
    size_t size = strlen(template) + 1;
    for (int i = 0; i < PLACEHOLDER_COUNT; i++)
        size += strlen(pieces->values[i]);
    GString *text = g_string_sized_new(size);
    for (const char *at = template; *at;) {
        Placeholder found;
        size_t n = 1;
        if (placeholder_at(at, &found, &n))
            g_string_append(text, pieces->values[found]);
        else
            g_string_append_c(text, *at);
        at += n;
    }
    return text;
}

/* Characters of the text without what stands for CUT. */
static size_t count_rest(const char *template, const Pieces *pieces, Placeholder cut)
{
    size_t n_chars = 0;
    for (const char *at = template; *at;) {
        Placeholder found;
        size_t n = 0;
        if (placeholder_at(at, &found, &n)) {
            n_chars += found == cut ? 0 : strlen(pieces->values[found]);
            at += n;
        } else {
            n_chars++;
            at = g_utf8_next_char(at);
        }
    }
    return n_chars;
}

static void cut(const char *template, const Pieces *pieces, Placeholder placeholder)
{
    char *value = pieces->values[placeholder];
    size_t n_chars = count_rest(template, pieces, placeholder);
    size_t room = n_chars < NOTIFICATION_TEXT_CHARS ? NOTIFICATION_TEXT_CHARS - n_chars : 0;
    room = MAX(room, MIN_CUT_CHARS);
    if (strlen(value) > room)
        value[room] = '\0';
    g_strchomp(value);
}

/* "Sel 1/12 09.30, Sel 8/12 09.30 WITA" */
static char *dates_text(const NotificationContent *content)
{
    GString *all = g_string_new(NULL);
    for (unsigned i = 0; i < content->n_dates; i++) {
        g_autofree char *one = local_text(content, content->dates_ms[i], true);
        bool is_last = i + 1 == content->n_dates;
        char *zone = strrchr(one, ' ');
        if (!is_last && zone)
            *zone = '\0';
        g_string_append_printf(all, "%s%s", i ? ", " : "", one);
    }
    return g_string_free(all, FALSE);
}

/* What became of them; the facility's name and their number stand before it, the times after it. */
static const char *series_words(const NotificationContent *content)
{
    bool is_english = content->is_english;
    if (content->kind == NOTIFICATION_CANCELLED)
        return is_english ? "of your visits are cancelled" : "kunjungan Anda dibatalkan";
    if (content->kind == NOTIFICATION_MOVED)
        return is_english ? "of your visits are moved to" : "kunjungan Anda dipindah ke";
    return is_english ? "visits are booked for you" : "kunjungan Anda terdaftar";
}

/* Of several visits at once: as long as they are many, and the same words everywhere. */
static char *series_text(const NotificationContent *content)
{
    g_autofree char *facility = plain(content->facility);
    g_autofree char *phone = plain(content->phone);
    g_autofree char *dates = dates_text(content);
    bool is_cancelled = content->kind == NOTIFICATION_CANCELLED;
    const char *end = is_cancelled ? phone : content->link;
    const char *before = is_cancelled ? (content->is_english ? "Ask" : "Tanya")
                                      : (content->is_english ? "The first" : "Yang pertama");
    return g_strdup_printf("%s: %u %s: %s. %s: %s", facility, content->n_dates,
                           series_words(content), dates, before, end);
}

char *notification_text(const NotificationContent *content)
{
    if (content->n_dates > 0)
        return series_text(content);
    g_autofree char *facility = plain(content->facility);
    g_autofree char *phone = plain(content->phone);
    g_autofree char *address = plain(content->address ? content->address : "");
    g_autofree char *when = local_text(content, content->starts_at_ms, true);
    g_autofree char *time = local_text(content, content->starts_at_ms, false);
    g_autofree char *until = local_text(content, content->until_ms, false);
    g_autofree char *minutes = g_strdup_printf("%u", content->late_minutes);
    g_autofree char *early = g_strdup_printf("%u", content->early_minutes);
    const char *template =
        content->template ? content->template
                          : message_shipped(notification_message(content), content->is_english);
    const Pieces pieces = {{
        [PLACEHOLDER_FACILITY] = facility,
        [PLACEHOLDER_PHONE] = phone,
        [PLACEHOLDER_ADDRESS] = address,
        [PLACEHOLDER_WHEN] = when,
        [PLACEHOLDER_TIME] = time,
        [PLACEHOLDER_UNTIL] = until,
        [PLACEHOLDER_MINUTES] = minutes,
        [PLACEHOLDER_EARLY] = early,
        [PLACEHOLDER_NUMBER] = (char *)content->number,
        [PLACEHOLDER_LINK] = (char *)content->link,
    }};
    cut(template, &pieces, PLACEHOLDER_ADDRESS);
    cut(template, &pieces, PLACEHOLDER_FACILITY);
    return g_string_free(fill(template, &pieces), FALSE);
}
