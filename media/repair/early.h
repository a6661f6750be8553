// SPDX-License-Identifier: Apache-2.0
/* What came of an incoming picture behind a packet that is missing, while somebody waits for a key
 * frame: should the missing one turn out to be the first packet of that key frame, the rest of it
 * has come before it. All memory is taken by early_new(): the oldest packets make place for new
 * ones. One owner, its thread only. */
#pragma once
#include "media/repair/nack.h"

typedef struct Early Early;

Early *early_new(void);
void early_free(Early *early);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Early, early_free)

/** Copies a whole RTP packet, decrypted. */
void early_keep(Early *early, uint16_t sequence, const uint8_t *data, size_t size, int64_t now_us);

/** Forgets all packets: nobody waits, or nothing is missing. To be called of each packet that is
 * not kept, so that what is kept came without a break. */
void early_forget(Early *early);

/** What came behind FIRST is kept, all of it: what is not here is still asked for. False: a key
 * frame that begins with FIRST would be without its rest for good, or nothing came behind it. */
bool early_has_rest(const Early *early, const NackTracker *nack, uint16_t first);

/** SEQUENCE is not behind the newest packet that is kept. */
bool early_reaches(const Early *early, uint16_t sequence);

/** The packet; NULL: it is not here. Good until the next early_keep(). */
const uint8_t *early_get(const Early *early, uint16_t sequence, size_t *ret_size);
