// SPDX-License-Identifier: Apache-2.0
#include "server/ops/metrics.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

struct MetricsWriter {
    GString *text;
    const char *name; /* of the current family */
};

MetricsWriter *metrics_writer_new(void)
{
    MetricsWriter *writer = g_new0(MetricsWriter, 1);
    writer->text = g_string_sized_new(4096);
    return writer;
}

void metrics_writer_free(MetricsWriter *writer)
{
    if (!writer)
        return;
    g_string_free(writer->text, TRUE);
    g_free(writer);
}

static bool name_is_valid(const char *name)
{
    if (!*name || g_ascii_isdigit(*name))
        return false;
    for (; *name; name++)
        if (!g_ascii_islower(*name) && !g_ascii_isdigit(*name) && *name != '_')
            return false;
    return true;
}

static void append_escaped(GString *text, const char *value, bool quotes)
{
    for (; *value; value++) {
        if (*value == '\\')
            g_string_append(text, "\\\\");
        else if (*value == '\n')
            g_string_append(text, "\\n");
        else if (*value == '"' && quotes)
            g_string_append(text, "\\\"");
        else
            g_string_append_c(text, *value);
    }
}

void metrics_family(MetricsWriter *writer, const char *name, MetricsType type, const char *help)
{
    g_assert(name_is_valid(name));
    writer->name = name;
    g_string_append_printf(writer->text, "# HELP %s ", name);
    append_escaped(writer->text, help, false);
    g_string_append_printf(writer->text, "\n# TYPE %s %s\n", name,
                           type == METRICS_COUNTER ? "counter" : "gauge");
}

static void append_number(GString *text, double value)
{
    char buffer[G_ASCII_DTOSTR_BUF_SIZE];
    if (isnan(value))
        g_string_append(text, "NaN");
    else if (isinf(value))
        g_string_append(text, value > 0 ? "+Inf" : "-Inf");
    else if (fabs(value) < 9007199254740992.0 && floor(value) == value)
        g_string_append_printf(text, "%" G_GINT64_FORMAT, (int64_t)value);
    else
        g_string_append(text, g_ascii_dtostr(buffer, sizeof buffer, value));
}

void metrics_value(MetricsWriter *writer, double value, ...)
{
    g_assert(writer->name);
    g_string_append(writer->text, writer->name);
    va_list labels;
    va_start(labels, value);
    const char *separator = "{";
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized) */
    for (const char *label; (label = va_arg(labels, const char *));) {
        /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): it is; known fault of clang 14 */
        const char *label_value = va_arg(labels, const char *);
        g_assert(name_is_valid(label));
        g_string_append_printf(writer->text, "%s%s=\"", separator, label);
        append_escaped(writer->text, label_value ? label_value : "", true);
        g_string_append_c(writer->text, '"');
        separator = ",";
    }
    va_end(labels);
    g_string_append(writer->text, *separator == ',' ? "} " : " ");
    append_number(writer->text, value);
    g_string_append_c(writer->text, '\n');
}

void metrics_single(MetricsWriter *writer, const char *name, MetricsType type, const char *help,
                    double value)
{
    metrics_family(writer, name, type, help);
    metrics_value(writer, value, NULL);
}

char *metrics_writer_finish(MetricsWriter *writer)
{
    char *text = g_string_free(writer->text, FALSE);
    writer->text = g_string_sized_new(4096);
    writer->name = NULL;
    return text;
}
