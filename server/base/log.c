// SPDX-License-Identifier: Apache-2.0
#include "server/base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MAX_FIELDS = 32 };

/* The pairs of one line, key before value, borrowed from the caller. */
typedef struct {
    const char *key;
    const char *value; /* NULL prints "-" */
} LogField;

/* Set once before any thread starts and only read afterwards. */
static LogLevel log_level = LOG_LEVEL_INFO;
static LogFormat log_format = LOG_FORMAT_TEXT;

void log_set_up(LogLevel level, LogFormat format)
{
    log_level = level;
    log_format = format;
}

const char *log_level_name(LogLevel level)
{
    switch (level) {
    case LOG_LEVEL_DEBUG:
        return "debug";
    case LOG_LEVEL_INFO:
        return "info";
    case LOG_LEVEL_WARN:
        return "warn";
    case LOG_LEVEL_ERROR:
        return "error";
    }
    return "?";
}

bool log_level_parse(const char *text, LogLevel *ret_level)
{
    static const LogLevel levels[] = {LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN,
                                      LOG_LEVEL_ERROR};
    for (size_t i = 0; i < G_N_ELEMENTS(levels); i++) {
        if (g_strcmp0(text, log_level_name(levels[i])) == 0) {
            *ret_level = levels[i];
            return true;
        }
    }
    return false;
}

static void append_time(GString *line)
{
    int64_t now_us = g_get_real_time();
    time_t seconds = (time_t)(now_us / G_USEC_PER_SEC);
    struct tm utc;
    g_assert(gmtime_r(&seconds, &utc));
    g_string_append_printf(line, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", utc.tm_year + 1900,
                           utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                           (int)(now_us / 1000 % 1000));
}

/* Appends TEXT between quotes. The escapes are those of JSON, so that both formats share them;
 * bytes that are not UTF-8 become U+FFFD. */
static void append_quoted(GString *line, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_string_append_c(line, '"');
    for (const char *c = valid; *c; c++) {
        unsigned char byte = (unsigned char)*c;
        if (byte == '"' || byte == '\\') {
            g_string_append_c(line, '\\');
            g_string_append_c(line, *c);
        } else if (byte == '\n') {
            g_string_append(line, "\\n");
        } else if (byte < 0x20 || byte == 0x7f) {
            g_string_append_printf(line, "\\u%04x", byte);
        } else {
            g_string_append_c(line, *c);
        }
    }
    g_string_append_c(line, '"');
}

static bool is_plain(const char *text)
{
    if (!*text)
        return false;
    for (const char *c = text; *c; c++) {
        if (!g_ascii_isgraph(*c) || *c == '"' || *c == '=' || *c == '\\')
            return false;
    }
    return true;
}

static void append_text_line(GString *line, LogLevel level, const char *message,
                             const LogField *fields, unsigned n_fields)
{
    append_time(line);
    g_string_append_printf(line, " %-5s %s", log_level_name(level), message);
    for (unsigned i = 0; i < n_fields; i++) {
        g_string_append_printf(line, " %s=", fields[i].key);
        if (!fields[i].value)
            g_string_append_c(line, '-');
        else if (is_plain(fields[i].value))
            g_string_append(line, fields[i].value);
        else
            append_quoted(line, fields[i].value);
    }
}

static void append_json_line(GString *line, LogLevel level, const char *message,
                             const LogField *fields, unsigned n_fields)
{
    g_string_append(line, "{\"time\":\"");
    append_time(line);
    g_string_append_printf(line, "\",\"level\":\"%s\",\"message\":", log_level_name(level));
    append_quoted(line, message);
    for (unsigned i = 0; i < n_fields; i++) {
        g_string_append_c(line, ',');
        append_quoted(line, fields[i].key);
        g_string_append_c(line, ':');
        append_quoted(line, fields[i].value ? fields[i].value : "-");
    }
    g_string_append_c(line, '}');
}

/* A line that cannot be written is lost: there is no other place to say so. */
static void write_line(const char *text, size_t size)
{
    while (size > 0) {
        ssize_t n = write(STDERR_FILENO, text, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return;
        text += n;
        size -= (size_t)n;
    }
}

void log_write(LogLevel level, const char *message, ...)
{
    if (level < log_level)
        return;
    int saved_errno = errno;
    LogField fields[MAX_FIELDS];
    unsigned n_fields = 0;
    va_list pairs;
    va_start(pairs, message);
    const char *key;
    while ((key = va_arg(pairs, const char *))) {
        g_assert(n_fields < MAX_FIELDS);
        fields[n_fields].key = key;
        fields[n_fields].value = va_arg(pairs, const char *);
        n_fields++;
    }
    va_end(pairs);
    g_autoptr(GString) line = g_string_sized_new(256);
    if (log_format == LOG_FORMAT_JSON)
        append_json_line(line, level, message, fields, n_fields);
    else
        append_text_line(line, level, message, fields, n_fields);
    g_string_append_c(line, '\n');
    write_line(line->str, line->len);
    errno = saved_errno;
}

const char *log_int_text(char *buffer, size_t size, int64_t n)
{
    (void)g_snprintf(buffer, size, "%" G_GINT64_FORMAT, n);
    return buffer;
}

bool log_allowed(LogLimit *limit, int64_t now_us, unsigned per_minute, unsigned *ret_suppressed)
{
    bool new_window =
        limit->n_in_window == 0 || now_us - limit->window_start_us >= (int64_t)60 * G_USEC_PER_SEC;
    if (new_window) {
        limit->window_start_us = now_us;
        limit->n_in_window = 0;
    }
    if (limit->n_in_window >= per_minute) {
        limit->n_suppressed++;
        return false;
    }
    limit->n_in_window++;
    *ret_suppressed = limit->n_suppressed;
    limit->n_suppressed = 0;
    return true;
}
