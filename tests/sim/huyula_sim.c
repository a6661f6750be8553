// SPDX-License-Identifier: Apache-2.0
// Prints what the rate control does on each virtual link, and what it asks of a sender on each
// uplink: the median of five calls. `--calls N`: how long N calls of a minute take, over all links.
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim_scenario.h"
#include "tests/sim/sim_uplinks.h"

enum { RUNS = 5, MAX_CALLS = 100 * 1000 };

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
    printf("| up: %s | %s | %.0f | %.0f to %.0f | %.0f | %.1f | %.1f | %.0f / %.0f | %.0f | %.0f | "
           "%.0f | %.1f |\n",
           uplink->name, uplink->what, MEDIAN(figures, f->sent_bps / 1e3),
           MEDIAN(figures, f->cap.p5_bps / 1e3), MEDIAN(figures, f->cap.p95_bps / 1e3),
           MEDIAN(figures, f->use * 100), MEDIAN(figures, f->own_loss * 100),
           MEDIAN(figures, f->concealed * 100), MEDIAN(figures, (double)f->queue_p50_us / 1e3),
           MEDIAN(figures, (double)f->queue_p95_us / 1e3), MEDIAN(figures, f->fps),
           MEDIAN(figures, f->n_cuts), MEDIAN(figures, f->n_pauses),
           MEDIAN(figures, f->feedback * 100));
}

/* Each with other losses; their sums show that they were held. */
static int time_calls(const char *text)
{
    guint64 n_calls = 0;
    if (!g_ascii_string_to_unsigned(text, 10, 1, MAX_CALLS, &n_calls, NULL)) {
        fprintf(stderr, "huyula_sim: --calls is a number from 1 to %d, not '%s'\n", MAX_CALLS,
                text);
        return 2;
    }
    unsigned n_links = 0;
    const SimScenario *links = sim_scenarios(&n_links);
    double virtual_s = 0, concealed = 0;
    int64_t from_us = g_get_monotonic_time();
    for (unsigned i = 0; i < n_calls; i++) {
        SimFigures figures;
        sim_scenario_measure(&links[i % n_links].setup, i + 1, 0, 60 * G_USEC_PER_SEC, &figures);
        virtual_s += figures.seconds;
        concealed += figures.concealed;
    }
    double took_s = (double)(g_get_monotonic_time() - from_us) / G_USEC_PER_SEC;
    printf("%u calls, %.0f minutes of virtual time on %u links, in %.1f s on one core; %.1f %% "
           "concealed on the average\n",
           (unsigned)n_calls, virtual_s / 60, n_links, took_s, concealed / (double)n_calls * 100);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--calls") == 0) {
        if (argc == 3)
            return time_calls(argv[2]);
        fputs("usage: huyula_sim [LINK | --calls N]\n", stderr);
        return 2;
    }
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
    puts("\n| name | uplink | sent kbit/s | cap (5 to 95 %) | used % | own loss % | "
         "concealed % | queue p50 / p95 ms | fps | cuts | pauses | feedback % |");
    puts("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    const SimUplink *uplinks = sim_uplinks(&n);
    for (unsigned i = 0; i < n; i++) {
        if (argc < 2 || strcmp(argv[1], uplinks[i].name) == 0)
            print_uplink(&uplinks[i]);
    }
    return 0;
}
