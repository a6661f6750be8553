// SPDX-License-Identifier: Apache-2.0
/* What a person types about themselves, brought into one form: name, birth date, phone, NIK. Pure;
 * any thread. Each returns NULL when fine, else the code of the fault (see server/base/fault.h). */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/** One field, no family name demanded: white space folded, NFC, 1 to 80 characters, no control
 * characters, at least one letter. *ret_name is to be freed. */
const char *person_name_normalise(const char *text, char **ret_name);
/** "S. A.": first letters of the first three words. */
char *person_initials(const char *name);
/** The first word of a normalised name that is no title (Ny., Tn., Hj. ...); to be freed. */
char *person_first_name(const char *name);
/** A normalised name as it is compared: lower case, without titles (Ny., Tn., Hj. ...), degrees
 * (dr., S.Pd ...), dots and commas; "" for a name of titles alone is never returned. To be freed.
 */
char *person_match_name(const char *name);
/** "YYYY-MM-DD", a date that exists, not after TODAY, not over 130 years before. */
const char *person_birth_date_check(const char *text, const char *today);
/** Full years on DATE; both are valid dates. */
int person_age(const char *birth_date, const char *date);

/** 08xx, 8xx, 628xx, +628xx, 0062 with blanks, dots, dashes, parentheses -> "+628...". Fixed lines
 * with area code (0435...) -> "+62435...". *ret_mobile says whether SMS can reach it. */
const char *person_phone_normalise(const char *text, char **ret_e164, bool *ret_mobile);
/** "+62812****7890"; "" of "" (none). */
char *person_phone_mask(const char *e164);

typedef struct {
    char digits[17];
    char birth_date[11]; /**< as the NIK says, century chosen by the stated date */
    char sex;            /**< 'L' or 'P' */
} PersonNik;

/** 16 digits, blanks, dots and dashes allowed. STATED_BIRTH_DATE may be NULL; TODAY decides the
 * century then. domain.md 3.1. */
const char *person_nik_parse(const char *text, const char *stated_birth_date, const char *today,
                             PersonNik *ret_nik);
/** "757102********0001" */
char *person_nik_mask(const char *digits);
