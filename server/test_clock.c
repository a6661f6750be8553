// SPDX-License-Identifier: Apache-2.0
#include "server/test_clock.h"

#include "server/base/log.h"

#include <gio/gio.h>

struct TestClock {
    GFile *file;
    GFileMonitor *monitor;
    Clock *clock;
};

static void read_offset(TestClock *test_clock)
{
    g_autofree char *text = NULL;
    if (!g_file_load_contents(test_clock->file, NULL, &text, NULL, NULL, NULL))
        return;
    int64_t offset_ms = 0;
    g_strstrip(text);
    if (!g_ascii_string_to_signed(text, 10, G_MININT64 / 2, G_MAXINT64 / 2, &offset_ms, NULL))
        return;
    clock_set_offset(test_clock->clock, offset_ms);
    log_info("the clock was turned", "offset_ms", LOG_INT(offset_ms));
}

static void on_changed(GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event,
                       gpointer user_data)
{
    (void)monitor;
    (void)file;
    (void)other;
    if (event == G_FILE_MONITOR_EVENT_CHANGES_DONE_HINT || event == G_FILE_MONITOR_EVENT_CREATED ||
        event == G_FILE_MONITOR_EVENT_RENAMED || event == G_FILE_MONITOR_EVENT_MOVED_IN)
        read_offset(user_data);
}

TestClock *test_clock_new(const char *path, Clock *clock)
{
    TestClock *test_clock = g_new0(TestClock, 1);
    test_clock->clock = clock;
    test_clock->file = g_file_new_for_path(path);
    test_clock->monitor =
        g_file_monitor_file(test_clock->file, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);
    if (test_clock->monitor)
        g_signal_connect(test_clock->monitor, "changed", G_CALLBACK(on_changed), test_clock);
    read_offset(test_clock);
    return test_clock;
}

void test_clock_free(TestClock *test_clock)
{
    if (!test_clock)
        return;
    g_clear_object(&test_clock->monitor);
    g_object_unref(test_clock->file);
    g_free(test_clock);
}
