// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include "server/ops/metrics.h"

static void test_text(void **state)
{
    (void)state;
    g_autoptr(MetricsWriter) writer = metrics_writer_new();
    metrics_family(writer, "huyula_http_requests_total", METRICS_COUNTER, "Requests by\nstatus.");
    metrics_value(writer, 3, "status", "2xx", NULL);
    metrics_value(writer, 12345678901.0, "status", "a\"b\\c\nd", "worker", "0", NULL);
    metrics_single(writer, "huyula_up", METRICS_GAUGE, "One.", 0.25);
    metrics_single(writer, "huyula_nan", METRICS_GAUGE, "None.", NAN);
    g_autofree char *text = metrics_writer_finish(writer);
    assert_string_equal(
        text, "# HELP huyula_http_requests_total Requests by\\nstatus.\n"
              "# TYPE huyula_http_requests_total counter\n"
              "huyula_http_requests_total{status=\"2xx\"} 3\n"
              "huyula_http_requests_total{status=\"a\\\"b\\\\c\\nd\",worker=\"0\"} 12345678901\n"
              "# HELP huyula_up One.\n# TYPE huyula_up gauge\nhuyula_up 0.25\n"
              "# HELP huyula_nan None.\n# TYPE huyula_nan gauge\nhuyula_nan NaN\n");
    g_autofree char *empty = metrics_writer_finish(writer);
    assert_string_equal(empty, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_text)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
