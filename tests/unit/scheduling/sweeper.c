// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/scheduling/sweeper.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "scheduling/booking/no_show.h"
#include "scheduling/booking/unanswered.h"

typedef struct {
    Fixture *fixture;
    unsigned n;
    DayEnded ended;
} Swept;

static void on_swept(unsigned n, const GError *error, gpointer user_data)
{
    Swept *swept = user_data;
    swept->n = n;
    fixture_keep_error(swept->fixture, error);
}

unsigned sweeper_no_show(Fixture *fixture)
{
    Swept swept = {.fixture = fixture};
    fixture->n_waiting++;
    no_show_sweep(fixture->scheduling, on_swept, &swept);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    return swept.n;
}

unsigned sweeper_unanswered(Fixture *fixture, const char *const *with_pages)
{
    Swept swept = {.fixture = fixture};
    fixture->n_waiting++;
    unanswered_sweep(fixture->scheduling, with_pages, on_swept, &swept);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    return swept.n;
}

static void on_ended(const DayEnded *ended, const GError *error, gpointer user_data)
{
    Swept *swept = user_data;
    fixture_keep_error(swept->fixture, error);
    swept->ended = *ended;
}

DayEnded sweeper_day_end(Fixture *fixture)
{
    Swept swept = {.fixture = fixture};
    fixture->n_waiting++;
    day_end_sweep(fixture->scheduling, on_ended, &swept);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    return swept.ended;
}
