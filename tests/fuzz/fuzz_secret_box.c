// SPDX-License-Identifier: Apache-2.0
/* Any bytes as a sealed column, both as they are and as base64 of themselves: nothing opens. */
#include "server/base/secret.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(SecretBox) box = secret_box_new_random();
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autofree char *encoded = g_base64_encode(data, size);
    g_assert(!secret_box_open(box, "context", text, NULL));
    g_assert(!secret_box_open(box, "context", encoded, NULL));
    return 0;
}
