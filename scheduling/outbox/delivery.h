// SPDX-License-Identifier: Apache-2.0
/* Sending what is due: a driver claims some messages, hands them over, and reports what became of
 * each. A claim holds for some time; who dies with it has it taken over by the next claim, so a
 * message is handed over at least once, always with the same id: the receiver's key against
 * doubles. Threads: see scheduling.h. */
#pragma once
#include "scheduling/outbox/notification_kind.h"
#include "scheduling/scheduling.h"

enum { DELIVERY_MAX_AT_ONCE = 20, DELIVERY_MAX_ATTEMPTS = 6, DELIVERY_LEASE_S = 30 };

typedef struct {
    char *id; /**< the key */
    NotificationKind kind;
    char *visit_id; /**< NULL: of nobody's visit, but */
    char *wait_id;  /**< of an entry of the wait list; else NULL */
    bool is_english;
    unsigned attempt; /**< 1: the first */
    char *to;         /**< E.164, never log it */
    char *text;       /**< with the patient's link, never log it */
    char *failure;    /**< of the driver: why it was not handed over; NULL: it was */
} Delivery;
void delivery_free(Delivery *delivery);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Delivery, delivery_free)

/** DELIVERIES (of Delivery) is the callee's; NULL with ERROR. MORE: there may be others that are
 * due. */
typedef void (*DeliveryClaimed)(GPtrArray *deliveries, bool more, const GError *error,
                                gpointer user_data);
/** Of what is due: what is moot is dropped, a reminder in quiet hours postponed, and of the rest up
 * to DELIVERY_MAX_AT_ONCE are composed, each with a link of its own below LINK_BASE
 * ("https://HOST/v/") and an audit row. */
void delivery_claim(Scheduling *scheduling, const char *link_base, DeliveryClaimed done,
                    gpointer user_data);
/** What became of claimed DELIVERIES (of Delivery; a reference is taken over). What failed is tried
 * again after 5 s, 30 s, 2, 10 and 30 min; after the sixth time it stays "failed". */
void delivery_report(Scheduling *scheduling, GPtrArray *deliveries, SchedulingDone done,
                     gpointer user_data);
