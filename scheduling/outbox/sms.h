// SPDX-License-Identifier: Apache-2.0
/* How many short messages a text is (3GPP TS 23.038, 23.040). One of GSM 7-bit characters has 160
 * septets, each part of a longer one 153; any other character makes it UCS-2, of 70 and 67 units.
 * A character that is two (of the extension table; outside the basic plane) is never divided. Pure;
 * any thread. */
#pragma once
#include <stdbool.h>

typedef struct {
    bool is_gsm7;        /**< else UCS-2 */
    unsigned n_units;    /**< septets, or units of 16 bits */
    unsigned n_segments; /**< 0: an empty text */
} SmsLength;
/** TEXT is valid UTF-8. */
SmsLength sms_measure(const char *text);
/** Does a message reach PHONE (+62…)? A fixed line is for calling back. */
bool sms_reaches(const char *phone);
/** Is PHONE one that none reaches? Of "" (no telephone): no. */
bool sms_is_fixed_line(const char *phone);
