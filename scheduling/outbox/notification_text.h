// SPDX-License-Identifier: Apache-2.0
/* The words of a message to a patient: as shipped what fits one SMS (GSM 03.38, 160 septets) with a
 * link of up to some 70 characters. No name, no specialty, no diagnosis. Pure; any thread. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include "scheduling/outbox/message_kind.h"
#include "scheduling/outbox/notification_kind.h"

enum { NOTIFICATION_TEXT_CHARS = 160 };

typedef struct {
    NotificationKind kind;
    bool is_english;     /**< else Indonesian */
    bool is_walk_in;     /**< the visit has no time of its own */
    VisitWay way;        /**< of the visit */
    bool is_unseen;      /**< of MISSED: the patient could not be seen */
    bool asks_for_other; /**< the visit has no place: see notification_asks_for_other() */
    int64_t starts_at_ms;
    int64_t until_ms; /**< of WAIT_OFFER: to be answered before */
    GTimeZone *zone;
    const char *facility, *phone; /**< the facility's */
    const char *address;          /**< likewise; NULL where the kind has none */
    const char *number;           /**< "A-12" */
    const char *link;             /**< "" where the kind has none */
    unsigned late_minutes;        /**< of LATE; 0: not late any more */
    unsigned early_minutes;       /**< so long before the start the page opens */
    const int64_t
        *dates_ms;        /**< of BOOKED, MOVED, CANCELLED: starts of a series, this one's first */
    unsigned n_dates;     /**< 0: it speaks of one visit */
    const char *template; /**< that passed message_check(); NULL: the shipped one */
} NotificationContent;

/** Which text says CONTENT. */
MessageKind notification_message(const NotificationContent *content);
/** A content that shows what a text of MESSAGE looks like; its link is to be set. */
NotificationContent notification_sample(MessageKind message, bool is_english, GTimeZone *zone);

/** Whether the text has the patient's link. */
bool notification_has_link(const NotificationContent *content);
/** What is filled in is ASCII, of characters that GSM 03.38 has at one septet each; so are the
 * shipped texts. The address and then the facility's name are cut for the text to fit. It holds the
 * link: to be freed with secret_text_free(). */
char *notification_text(const NotificationContent *content);
