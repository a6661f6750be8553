// SPDX-License-Identifier: Apache-2.0
/* A line of a diagnosis list from who knows where. */
#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "scheduling/note/icd10_import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    Icd10Line line = {0};
    if (icd10_line_parse(text, &line)) {
        size_t n = strlen(line.code);
        g_assert(n == 3 || n == 5 || n == 6);
        g_assert(*line.name_en && *line.name_id);
    }
    icd10_line_clear(&line);
    return 0;
}
