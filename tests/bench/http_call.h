// SPDX-License-Identifier: Apache-2.0
/* One request as the load generators write it, one answer as they read it. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/** The bytes of a request from its line: METHOD, path, headers (joined by "||") and body, tabs
 * between them. NULL when it is no such line; to be freed. */
char *http_call_write(const char *line, uint16_t port);

typedef struct {
    unsigned status;
    size_t size;      /**< of head and body */
    const char *body; /**< no NUL behind it */
    size_t body_size;
} HttpAnswer;
/** True when BYTES begin with a whole answer; it points into them. */
bool http_call_read(const GByteArray *bytes, HttpAnswer *ret_answer);
/** The text value of the first "NAME" in an answer's JSON; NULL when there is none; to be freed. */
char *http_answer_text(const HttpAnswer *answer, const char *name);
