// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/queue_day.h"

#include <string.h>

static const int64_t hour_ms = (int64_t)60 * 60 * 1000;
/* Nobody checks in earlier than that. */
enum { EVENING_HOURS = 2 };

static void read_date(const Scheduling *scheduling, int64_t shift_ms,
                      char ret_date[SCHEDULING_DATE_BYTES])
{
    clock_local_date(clock_wall_ms(scheduling->clock) + shift_ms, scheduling->zone, ret_date);
}

static void set_days(QueueDays *days, const char *date, const char *before)
{
    g_strlcpy(days->date, date, sizeof days->date);
    g_strlcpy(days->before, before, sizeof days->before);
}

void queue_days(const Scheduling *scheduling, const char *date, QueueDays *ret_days)
{
    char today[SCHEDULING_DATE_BYTES];
    char night[SCHEDULING_DATE_BYTES];   /* whose night it is */
    char evening[SCHEDULING_DATE_BYTES]; /* on whose eve it is */
    read_date(scheduling, 0, today);
    read_date(scheduling, -QUEUE_DAY_NIGHT_HOURS * hour_ms, night);
    read_date(scheduling, EVENING_HOURS * hour_ms, evening);
    bool is_night = strcmp(night, today) < 0;
    if (strcmp(date, today) == 0 || (is_night && strcmp(date, night) == 0))
        set_days(ret_days, today, is_night ? night : "");
    else
        set_days(ret_days, date, strcmp(date, today) > 0 && !strcmp(date, evening) ? today : "");
}

void queue_days_now(const Scheduling *scheduling, QueueDays *ret_days)
{
    char today[SCHEDULING_DATE_BYTES];
    read_date(scheduling, 0, today);
    queue_days(scheduling, today, ret_days);
}
