// SPDX-License-Identifier: Apache-2.0
/* Identifiers and tokens, all from the system's random source. Any thread. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/** A ULID in lower case (26 characters, Crockford base 32): sorts by time, primary key of rows. */
char *id_new(int64_t wall_ms);
/** True when TEXT has the form of id_new(). */
bool id_is_valid(const char *text);
/** A secret of 22 characters of base 62 (131 bits), for join links and sessions. */
char *id_token_new(void);
/** True when TEXT has the form of id_token_new(). */
bool id_token_is_valid(const char *text);
/** N characters that are not mistaken for each other (no 0 O 1 I L), for codes read aloud. */
char *id_code_new(unsigned n);
