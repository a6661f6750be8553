// SPDX-License-Identifier: Apache-2.0
/* Any bytes as a message of a client: every parser takes it or refuses it. */
#include "signaling/dispatch.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(Message) message = message_read((const char *)data, size);
    if (!message)
        return 0;
    unsigned n_rows;
    const DispatchRow *rows = dispatch_rows(&n_rows);
    g_assert(message_type(message));
    for (unsigned i = 0; i < n_rows; i++) {
        ClientMessage fields;
        memset(&fields, 0, sizeof fields);
        if (!rows[i].parse(message, &fields))
            continue;
        if (rows[i].parse == message_parse_hello)
            g_assert(fields.hello.token && fields.hello.lang);
        if (rows[i].parse == message_parse_offer)
            g_assert(fields.offer.sdp && strlen(fields.offer.sdp) == fields.offer.sdp_size);
    }
    return 0;
}
