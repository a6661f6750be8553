// SPDX-License-Identifier: Apache-2.0
/* What api_hours.c, api_hours_edit.c, api_hours_hits.c, api_holiday.c and api_directory.c share.
 * Main thread. */
#pragma once
#include "scheduling/clinic/hours_hit.h"
#include "server/http/api_tables.h"

/** ?bookings=keep or message: what becomes of those that are left without a place. */
HoursKeep api_hours_keeps(const HttpRequest *request);
extern const HttpField api_hours_keep_query[];
/** A Holiday, as JSON. */
json_t *api_holiday_json(gconstpointer holiday);
/** ROWS by ROW_JSON. */
json_t *api_hours_list(const GPtrArray *rows, json_t *(*row_json)(gconstpointer row));
/** The first of HITS (HoursHit): who is booked, without saying who. */
json_t *api_hours_hits_json(const GPtrArray *hits);
/** True: an edit was refused, and why was answered: FAULTS with INVALID_FIELDS, the first of HITS
 * with BOOKINGS_HIT. */
bool api_hours_reply_refused(HttpRequest *request, const FaultList *faults, const GPtrArray *hits,
                             const GError *error);
/** Answers an edit that was done: VALUE (taken) as KEY, how many of HITS were kept and how many of
 * their patients are told. */
void api_hours_reply_edited(HttpRequest *request, const char *key, json_t *value,
                            const GPtrArray *hits);
