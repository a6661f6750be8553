// SPDX-License-Identifier: Apache-2.0
/* Writes metrics in Prometheus' text format (version 0.0.4). One thread per writer. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define METRICS_CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"

typedef enum { METRICS_COUNTER, METRICS_GAUGE } MetricsType;

typedef struct MetricsWriter MetricsWriter;
MetricsWriter *metrics_writer_new(void);
void metrics_writer_free(MetricsWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MetricsWriter, metrics_writer_free)

/** Begins a family: NAME ("huyula_http_requests_total"; [a-z0-9_], anything else is a bug), HELP in
 * one line. All its values follow before the next family. */
void metrics_family(MetricsWriter *writer, const char *name, MetricsType type, const char *help);
/** A value of the current family. After VALUE come pairs of label name and label value, then NULL.
 */
void metrics_value(MetricsWriter *writer, double value, ...) G_GNUC_NULL_TERMINATED;
/** A family with one value and no labels. */
void metrics_single(MetricsWriter *writer, const char *name, MetricsType type, const char *help,
                    double value);
/** The whole text; the caller owns it. The writer is empty afterwards. */
char *metrics_writer_finish(MetricsWriter *writer);
