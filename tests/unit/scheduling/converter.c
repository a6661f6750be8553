// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/scheduling/converter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "scheduling/booking/follow_up.h"
#include "tests/unit/scheduling/fixture_sql.h"

int converter_convert(Fixture *fixture, const char *visit_id, const Actor *actor, VisitWay to)
{
    fixture->n_waiting++;
    visit_convert(fixture->scheduling, visit_id, actor, to, CONVERTER_REASON, fixture_on_step,
                  fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void on_phone(const char *phone, const GError *error, gpointer user_data)
{
    (void)phone;
    fixture_keep_error(user_data, error);
}

int converter_show_phone(Fixture *fixture, const char *visit_id, const Actor *actor)
{
    fixture->n_waiting++;
    follow_up_show_phone(fixture->scheduling, visit_id, actor, on_phone, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

void converter_assert_told(Fixture *fixture, const char *visit_id, const char *kind, int times)
{
    g_autofree char *sql = g_strdup_printf(
        "SELECT COUNT(*) FROM outbox WHERE kind = '%s' AND subject_id = '%s'", kind, visit_id);
    assert_int_equal(fixture_sql_int(fixture, sql), times);
}
