// SPDX-License-Identifier: Apache-2.0
/* The endpoints of one visit, and which slot carries which source. Inside media/relay only; the
 * worker's thread. */
#pragma once
#include "media/relay/endpoint.h"

struct Room {
    char *id;
    GPtrArray *endpoints; /* unowned, in the order in which they came */
};

Room *room_new(const char *id);
void room_free(Room *room);

void room_add(Room *room, Endpoint *endpoint);
void room_remove(Room *room, Endpoint *endpoint);
/** Fills the slots: what is carried stays, free slots take sources that the endpoint does not get
 * yet, in the order in which endpoints came; a source of a silent or failed endpoint makes place.
 * Tells the main thread what changed. */
void room_assign(Room *room);
