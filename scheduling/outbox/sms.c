// SPDX-License-Identifier: Apache-2.0
#include "scheduling/outbox/sms.h"

#include <string.h>

#include <glib.h>

enum { GSM_ONE = 160, GSM_PART = 153, UCS2_ONE = 70, UCS2_PART = 67 };

/* 3GPP TS 23.038, 6.2.1: the default alphabet but for its escape, and 6.2.1.1: its extension. */
static const char basic[] = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
                            "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
static const char extension[] = "\f^{}\\[~]|€";

/* Septets of a character; 0: the alphabet has it not. */
static unsigned septets(gunichar c)
{
    if (g_utf8_strchr(basic, -1, c))
        return 1;
    return g_utf8_strchr(extension, -1, c) ? 2 : 0;
}

static bool fits_gsm7(const char *text)
{
    for (; *text; text = g_utf8_next_char(text)) {
        if (septets(g_utf8_get_char(text)) == 0)
            return false;
    }
    return true;
}

SmsLength sms_measure(const char *text)
{
    SmsLength length = {.is_gsm7 = fits_gsm7(text)};
    unsigned part = length.is_gsm7 ? GSM_PART : UCS2_PART;
    unsigned n_parts = 0;
    unsigned n_left = 0; /* of the last part */
    for (; *text; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        unsigned n = length.is_gsm7 ? septets(c) : c > 0xffff ? 2 : 1;
        if (n > n_left) {
            n_parts++;
            n_left = part;
        }
        n_left -= n;
        length.n_units += n;
    }
    unsigned one = length.is_gsm7 ? GSM_ONE : UCS2_ONE;
    length.n_segments = length.n_units <= one ? MIN(n_parts, 1) : n_parts;
    return length;
}

bool sms_reaches(const char *phone)
{
    return strncmp(phone, "+628", 4) == 0;
}

bool sms_is_fixed_line(const char *phone)
{
    return *phone != '\0' && !sms_reaches(phone);
}
