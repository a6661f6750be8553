// SPDX-License-Identifier: Apache-2.0
#include "signaling/sdp_number.h"

bool sdp_number_read(const char *text, uint64_t max, uint64_t *ret_number, const char **ret_rest)
{
    if (!g_ascii_isdigit(text[0]))
        return false;
    uint64_t number = 0;
    while (g_ascii_isdigit(*text)) {
        number = number * 10 + (uint64_t)(*text++ - '0');
        if (number > max)
            return false;
    }
    if (*text != '\0' && *text != ' ' && *text != '/')
        return false;
    *ret_number = number;
    if (ret_rest)
        *ret_rest = *text == ' ' ? text + 1 : text;
    return true;
}
