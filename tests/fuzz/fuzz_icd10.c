// SPDX-License-Identifier: Apache-2.0
/* What a doctor types into the diagnosis search: whatever it is, an expression of quoted words or a
 * range of codes comes out of it. */
#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "scheduling/note/icd10.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    /* The API hands on valid UTF-8 only. */
    if (!g_utf8_validate(text, -1, NULL))
        return 0;
    char from[ICD10_CODE_BYTES], until[ICD10_CODE_BYTES];
    if (icd10_code_range(text, from, until)) {
        g_assert(strcmp(from, until) < 0);
        g_assert(strlen(from) < ICD10_CODE_BYTES && strlen(from) >= 2);
    }
    g_autofree char *match = icd10_match(text);
    if (!match)
        return 0;
    unsigned n_quotes = 0;
    for (const char *c = match; *c; c++)
        n_quotes += *c == '"';
    g_assert(n_quotes > 0 && n_quotes % 2 == 0 && n_quotes <= 12);
    g_assert(g_str_has_prefix(match, "\"") && g_str_has_suffix(match, "\"*"));
    return 0;
}
