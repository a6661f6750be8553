// SPDX-License-Identifier: Apache-2.0
/* The messages that have a text of their own: what is shipped, and what a text that replaces it may
 * and must hold. A placeholder is a name in braces out of a fixed list: none of them is of the
 * patient's person, illness or numbers, so that no text can bring that into a message. Pure; any
 * thread. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include "server/base/fault.h"

typedef enum {
    MESSAGE_BOOKED,
    MESSAGE_WALK_IN, /**< of BOOKED, without a time of its own */
    MESSAGE_MOVED,
    MESSAGE_CANCELLED,
    MESSAGE_MISSED,
    MESSAGE_UNSEEN, /**< of MISSED, of who could not be seen */
    MESSAGE_DAY_BEFORE,
    MESSAGE_HOUR_BEFORE,
    MESSAGE_SOON,
    MESSAGE_NEXT,
    MESSAGE_LATE,
    MESSAGE_LATE_OVER, /**< of LATE, that the doctor is late no more */
    MESSAGE_HOURS_CHANGED,
    MESSAGE_STANDS,
    MESSAGE_CONVERTED_PHONE,
    MESSAGE_CONVERTED_IN_PERSON,
    MESSAGE_CONVERTED_VIDEO,
    MESSAGE_LETTER,
    MESSAGE_LETTER_REVOKED,
    MESSAGE_WAIT_LISTED,
    MESSAGE_WAIT_OFFER,
    MESSAGE_WAIT_OPEN,
    MESSAGE_WAIT_GONE,
    MESSAGE_WAIT_ENDED,
} MessageKind;
enum { MESSAGE_N_KINDS = MESSAGE_WAIT_ENDED + 1, MESSAGE_TEXT_CHARS = 300 };
/** "booked" ... */
const char *message_kind_name(MessageKind kind);
bool message_kind_parse(const char *name, MessageKind *ret_kind);
const char *message_lang(bool is_english);

typedef enum {
    PLACEHOLDER_FACILITY, /**< its name */
    PLACEHOLDER_PHONE,    /**< the facility's */
    PLACEHOLDER_ADDRESS,  /**< likewise */
    PLACEHOLDER_WHEN,     /**< day and time */
    PLACEHOLDER_TIME,
    PLACEHOLDER_UNTIL,   /**< until when an offer stands */
    PLACEHOLDER_MINUTES, /**< how late the doctor is */
    PLACEHOLDER_EARLY,   /**< so many minutes before the time the page opens */
    PLACEHOLDER_NUMBER,  /**< in the queue */
    PLACEHOLDER_LINK,
} Placeholder;
enum { PLACEHOLDER_COUNT = PLACEHOLDER_LINK + 1 };
/** "facility" ... */
const char *placeholder_name(Placeholder placeholder);
/** Is what stands from TEXT on a placeholder? Then *RET_SIZE is its length with the braces. */
bool placeholder_at(const char *text, Placeholder *ret_placeholder, size_t *ret_size);
/** Those that the texts of KIND may hold, as bits. */
unsigned message_allowed(MessageKind kind);
/** And those that they must. */
unsigned message_required(MessageKind kind);
/** "{link} {number}", to be freed. */
char *placeholder_words(unsigned placeholders);

const char *message_shipped(MessageKind kind, bool is_english);
/** Adds what is wrong with TEXT to FAULTS, at the field FIELD; true when nothing is. */
bool message_check(MessageKind kind, const char *text, const char *field, FaultList *faults);
