// SPDX-License-Identifier: Apache-2.0
/* Structured log on standard error: a fixed message, then key-value fields, as text or as JSON
 * lines. Any thread may write; a line is one write(2). Never put names, phone or ID numbers,
 * tokens, SDP, candidates, chat or SQL values into a field. What a stranger can cause is
 * rate-limited with log_allowed(). */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR } LogLevel;
typedef enum { LOG_FORMAT_TEXT, LOG_FORMAT_JSON } LogFormat;

/** Sets level and format; called once by main before any thread starts. */
void log_set_up(LogLevel level, LogFormat format);
const char *log_level_name(LogLevel level);
bool log_level_parse(const char *text, LogLevel *ret_level);

/** Writes one line. After MESSAGE come pairs of strings (key, value); a NULL value prints "-". */
void log_write(LogLevel level, const char *message, ...) G_GNUC_NULL_TERMINATED;

/** Text of N in BUFFER; use it through LOG_INT. */
const char *log_int_text(char *buffer, size_t size, int64_t n);

/** A number as a field: log_info("listening", "port", LOG_INT(port)). */
#define LOG_INT(n) log_int_text((char[24]){0}, 24, (int64_t)(n))

#define log_debug(...) log_write(LOG_LEVEL_DEBUG, __VA_ARGS__, NULL)
#define log_info(...) log_write(LOG_LEVEL_INFO, __VA_ARGS__, NULL)
#define log_warn(...) log_write(LOG_LEVEL_WARN, __VA_ARGS__, NULL)
#define log_error(...) log_write(LOG_LEVEL_ERROR, __VA_ARGS__, NULL)

/** Limits one place in the code to PER_MINUTE lines; embedded in the owner's struct, one thread. */
typedef struct {
    int64_t window_start_us;
    unsigned n_in_window;
    unsigned n_suppressed;
} LogLimit;

/** True when a line may be written now. *ret_suppressed is how many were held back before it. */
bool log_allowed(LogLimit *limit, int64_t now_us, unsigned per_minute, unsigned *ret_suppressed);
