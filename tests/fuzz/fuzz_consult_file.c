// SPDX-License-Identifier: Apache-2.0
/* Files that somebody attaches. Besides not crashing: what is kept is no longer than what was sent,
 * of the same type, and kept as it is when it comes again. */
#include "scheduling/consult/consult_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ConsultFile file = {0}, again = {0};
    if (consult_file_check(data, size, &file) != CONSULT_FILE_OK)
        return 0;
    gsize n_kept = 0;
    const uint8_t *kept = g_bytes_get_data(file.bytes, &n_kept);
    g_assert(n_kept <= size);
    g_assert(consult_file_check(kept, n_kept, &again) == CONSULT_FILE_OK);
    g_assert(again.type == file.type && g_bytes_equal(file.bytes, again.bytes));
    g_bytes_unref(file.bytes);
    g_bytes_unref(again.bytes);
    return 0;
}
