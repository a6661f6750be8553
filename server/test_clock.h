// SPDX-License-Identifier: Apache-2.0
/* Lets a test turn the wall clock of a demo server: a file that holds the distance from the
 * system's time in milliseconds, read again whenever it changes. Main thread. */
#pragma once
#include <glib.h>
#include "server/base/clock.h"

typedef struct TestClock TestClock;

/** Watches PATH, which need not exist yet. CLOCK must outlive it. */
TestClock *test_clock_new(const char *path, Clock *clock);
void test_clock_free(TestClock *test_clock);
