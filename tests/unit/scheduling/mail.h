// SPDX-License-Identifier: Apache-2.0
/* Messages to patients as the tests of the outbox see them: their rows, read by the database
 * library itself, and the driver that takes and sends them. */
#pragma once
#include "scheduling/outbox/delivery.h"
#include "scheduling/outbox/notification_sweep.h"
#include "tests/unit/scheduling/fixture.h"

/** The first column of the first row. */
void mail_assert_query(Fixture *fixture, const char *expected, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
/** The visit's messages in the order of their time: "kind:state" or "kind:state:reason". */
void mail_assert_messages(Fixture *fixture, const char *visit_id, const char *expected);
/** The visit's id; to be freed. */
char *mail_booked(Fixture *fixture, int days, int hour, int minute);
/** Delivery, to be passed to mail_report(). */
GPtrArray *mail_claim(Fixture *fixture);
/** FAILURE NULL: they are sent. */
void mail_report(Fixture *fixture, GPtrArray *deliveries, const char *failure);
/** Delivers all that is due: its texts, a line each; to be freed. */
char *mail_texts(Fixture *fixture);
/** Delivers all that is due; how many. */
unsigned mail_deliver(Fixture *fixture);
void mail_sweep(Fixture *fixture);
