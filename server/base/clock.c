// SPDX-License-Identifier: Apache-2.0
#include "server/base/clock.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

enum {
    MS_PER_DAY = 86400000,
    UNIX_EPOCH_JULIAN = 719163, /* GDate's day number of 1970-01-01 */
    LAST_JULIAN = 3652059,      /* 9999-12-31 */
};

/* The atomics are the only shared state: readers on any thread see a whole number, old or new. */
struct Clock {
    bool fake;
    atomic_int_fast64_t offset_ms;
    atomic_int_fast64_t fake_wall_ms;
    atomic_int_fast64_t fake_mono_us;
    pthread_t maker;                   /* of a fake clock */
    atomic_int_fast64_t *elsewhere_us; /* of a fake clock; own memory: readers hold it const */
};

Clock *clock_new(void)
{
    return g_new0(Clock, 1);
}

Clock *clock_new_fake(int64_t wall_ms)
{
    Clock *clock = g_new0(Clock, 1);
    clock->fake = true;
    atomic_store(&clock->fake_wall_ms, wall_ms);
    /* Not 0, which users take for "never". */
    atomic_store(&clock->fake_mono_us, G_USEC_PER_SEC);
    clock->maker = pthread_self();
    clock->elsewhere_us = g_new(atomic_int_fast64_t, 1);
    atomic_init(clock->elsewhere_us, G_USEC_PER_SEC);
    return clock;
}

void clock_free(Clock *clock)
{
    if (clock)
        g_free(clock->elsewhere_us);
    g_free(clock);
}

int64_t clock_wall_ms(const Clock *clock)
{
    int64_t base_ms =
        clock->fake ? (int64_t)atomic_load(&clock->fake_wall_ms) : g_get_real_time() / 1000;
    return base_ms + (int64_t)atomic_load(&clock->offset_ms);
}

int64_t clock_mono_us(const Clock *clock)
{
    if (!clock->fake)
        return g_get_monotonic_time();
    int64_t now_us = (int64_t)atomic_load(&clock->fake_mono_us);
    if (!pthread_equal(pthread_self(), clock->maker))
        atomic_store(clock->elsewhere_us, now_us);
    return now_us;
}

int64_t clock_read_elsewhere_us(const Clock *clock)
{
    g_assert(clock->fake);
    return (int64_t)atomic_load(clock->elsewhere_us);
}

void clock_advance(Clock *clock, int64_t ms)
{
    g_assert(clock->fake && ms >= 0);
    atomic_fetch_add(&clock->fake_wall_ms, ms);
    atomic_fetch_add(&clock->fake_mono_us, ms * 1000);
}

void clock_set_offset(Clock *clock, int64_t offset_ms)
{
    atomic_store(&clock->offset_ms, offset_ms);
}

static int64_t floor_div(int64_t n, int64_t divisor)
{
    int64_t quotient = n / divisor;
    return n % divisor < 0 ? quotient - 1 : quotient;
}

static void write_date(int64_t julian, char ret_date[11])
{
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_julian(&date, (guint32)julian);
    (void)g_snprintf(ret_date, 11, "%04u-%02u-%02u", (unsigned)g_date_get_year(&date) % 10000U,
                     (unsigned)g_date_get_month(&date) % 100U,
                     (unsigned)g_date_get_day(&date) % 100U);
}

/* Day number of "YYYY-MM-DD"; false when it is not a date of the years 1 to 9999. */
static bool parse_date(const char *text, int64_t *ret_julian)
{
    if (!text || strlen(text) != 10 || text[4] != '-' || text[7] != '-')
        return false;
    for (int i = 0; i < 10; i++) {
        if (i != 4 && i != 7 && !g_ascii_isdigit(text[i]))
            return false;
    }
    int year =
        (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 + text[3] - '0';
    int month = (text[5] - '0') * 10 + text[6] - '0';
    int day = (text[8] - '0') * 10 + text[9] - '0';
    if (!g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year))
        return false;
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_dmy(&date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
    *ret_julian = (int64_t)g_date_get_julian(&date);
    return true;
}

void clock_local_date(int64_t wall_ms, GTimeZone *zone, char ret_date[11])
{
    int64_t seconds = floor_div(wall_ms, 1000);
    int interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, seconds);
    if (interval >= 0)
        seconds += g_time_zone_get_offset(zone, interval);
    int64_t julian = floor_div(seconds, MS_PER_DAY / 1000) + UNIX_EPOCH_JULIAN;
    write_date(CLAMP(julian, 1, LAST_JULIAN), ret_date);
}

bool clock_date_start(const char *date, GTimeZone *zone, int64_t *ret_wall_ms)
{
    int64_t julian;
    if (!parse_date(date, &julian))
        return false;
    gint64 seconds = (julian - UNIX_EPOCH_JULIAN) * (MS_PER_DAY / 1000);
    /* A midnight that summer time skips becomes the first moment that exists. */
    int interval = g_time_zone_adjust_time(zone, G_TIME_TYPE_STANDARD, &seconds);
    *ret_wall_ms = (seconds - g_time_zone_get_offset(zone, interval)) * 1000;
    return true;
}

bool clock_date_add(const char *date, int days, char ret_date[11])
{
    int64_t julian;
    if (!parse_date(date, &julian))
        return false;
    julian += days;
    if (julian < 1 || julian > LAST_JULIAN)
        return false;
    write_date(julian, ret_date);
    return true;
}
