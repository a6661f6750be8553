// SPDX-License-Identifier: Apache-2.0
// Prints what the rate control does on each virtual link, and what it asks of a sender on each
// uplink: the median of five calls.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim_scenario.h"
#include "tests/sim/sim_uplinks.h"

enum { RUNS = 5 };

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The median of the double at OFFSET. */
static double median(double values[RUNS])
{
    qsort(values, RUNS, sizeof values[0], by_value);
    return values[RUNS / 2];
}

#define MEDIAN(figures, expression)                                                                \
    __extension__({                                                                                \
        double values[RUNS];                                                                       \
        for (unsigned i_ = 0; i_ < RUNS; i_++) {                                                   \
            const __typeof__(*(figures)) *f = &(figures)[i_];                                      \
            values[i_] = (double)(expression);                                                     \
        }                                                                                          \
        median(values);                                                                            \
    })

static void print_row(const SimScenario *scenario)
{
    SimFigures figures[RUNS];
    for (unsigned i = 0; i < RUNS; i++)
        sim_scenario_run(scenario->name, i + 1, &figures[i]);
    printf(
        "| %s | %s | %.0f | %.0f | %.0f | %.1f | %.1f | %.0f | %.0f | %.0f / %.0f | %.0f | %.0f | "
        "%.0f | %.1f | %.1f |\n",
        scenario->name, scenario->what, MEDIAN(figures, f->sent_bps / 1e3),
        MEDIAN(figures, f->target_bps / 1e3), MEDIAN(figures, f->use * 100),
        MEDIAN(figures, f->own_loss * 100), MEDIAN(figures, f->concealed * 100),
        MEDIAN(figures, (double)f->gap_us / 1e3), MEDIAN(figures, (double)f->buffer_us / 1e3),
        MEDIAN(figures, (double)f->queue_p50_us / 1e3),
        MEDIAN(figures, (double)f->queue_p95_us / 1e3), MEDIAN(figures, f->fps),
        MEDIAN(figures, f->n_freezes), MEDIAN(figures, f->n_pauses),
        MEDIAN(figures, f->padding * 100), MEDIAN(figures, f->feedback * 100));
}

static void print_uplink(const SimUplink *uplink)
{
    SimPublisherFigures figures[RUNS];
    for (unsigned i = 0; i < RUNS; i++)
        sim_uplink_run(uplink->name, i + 1, &figures[i]);
    printf("| up: %s | %s | %.0f | %.0f to %.0f | %.0f | %.1f | %.0f / %.0f | %.0f | %.0f | %.0f | "
           "%.1f |\n",
           uplink->name, uplink->what, MEDIAN(figures, f->sent_bps / 1e3),
           MEDIAN(figures, f->cap.p5_bps / 1e3), MEDIAN(figures, f->cap.p95_bps / 1e3),
           MEDIAN(figures, f->use * 100), MEDIAN(figures, f->own_loss * 100),
           MEDIAN(figures, (double)f->queue_p50_us / 1e3),
           MEDIAN(figures, (double)f->queue_p95_us / 1e3), MEDIAN(figures, f->fps),
           MEDIAN(figures, f->n_cuts), MEDIAN(figures, f->n_pauses),
           MEDIAN(figures, f->feedback * 100));
}

int main(int argc, char **argv)
{
    puts("| name | link | sent kbit/s | target | used % | own loss % | concealed % | gap ms | "
         "buffer ms | queue p50 / p95 ms | fps | freezes | pauses | padding % | feedback % |");
    puts("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | "
         "--- |");
    unsigned n = 0;
    const SimScenario *all = sim_scenarios(&n);
    for (unsigned i = 0; i < n; i++) {
        if (argc < 2 || strcmp(argv[1], all[i].name) == 0)
            print_row(&all[i]);
    }
    puts("\n| name | uplink | sent kbit/s | cap (5 to 95 %) | used % | own loss % | queue p50 / "
         "p95 ms | "
         "fps | cuts | pauses | feedback % |");
    puts("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    const SimUplink *uplinks = sim_uplinks(&n);
    for (unsigned i = 0; i < n; i++) {
        if (argc < 2 || strcmp(argv[1], uplinks[i].name) == 0)
            print_uplink(&uplinks[i]);
    }
    return 0;
}
