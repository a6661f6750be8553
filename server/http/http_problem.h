// SPDX-License-Identifier: Apache-2.0
/* Problems (RFC 9457): the one table of everything the API can say "no" with, in Indonesian and
 * English, and the one mapping from error codes to it. The mapping is filled at start, read
 * afterwards. Main thread. */
#pragma once
#include <glib.h>
#include <jansson.h>
#include <stdbool.h>
#include "server/base/fault.h"

typedef enum { HTTP_LANGUAGE_ID, HTTP_LANGUAGE_EN } HttpLanguage;
/** "id" or "en", as in Content-Language. */
const char *http_language_name(HttpLanguage language);

typedef enum {
    HTTP_PROBLEM_NOT_FOUND,
    HTTP_PROBLEM_METHOD_NOT_ALLOWED,
    HTTP_PROBLEM_BAD_REQUEST,
    HTTP_PROBLEM_INVALID_FIELDS,
    HTTP_PROBLEM_UNSUPPORTED_MEDIA_TYPE,
    HTTP_PROBLEM_BODY_TOO_LARGE,
    HTTP_PROBLEM_TOO_MANY_REQUESTS,
    HTTP_PROBLEM_UNAUTHENTICATED,
    HTTP_PROBLEM_FORBIDDEN,
    HTTP_PROBLEM_CSRF,
    HTTP_PROBLEM_CONFLICT,
    HTTP_PROBLEM_SLOT_TAKEN,
    HTTP_PROBLEM_SLOT_NOT_OFFERED,
    HTTP_PROBLEM_TOO_SOON, /**< with a fault that names the earliest time its detail is that */
    HTTP_PROBLEM_CHANGED_MEANWHILE, /**< it is not what the caller opened any more */
    HTTP_PROBLEM_PAIR_DECIDED,
    HTTP_PROBLEM_TWO_PEOPLE,
    HTTP_PROBLEM_BOOKINGS_HIT, /**< a change of hours leaves bookings without them */
    HTTP_PROBLEM_LINK_INVALID,
    HTTP_PROBLEM_LINK_EXPIRED,
    HTTP_PROBLEM_VISIT_CANCELLED,
    HTTP_PROBLEM_VISIT_ENDED,
    HTTP_PROBLEM_TOO_EARLY,
    HTTP_PROBLEM_WRONG_STATE,     /**< the visit's state does not allow this step */
    HTTP_PROBLEM_TOO_LATE,        /**< too near the start for that */
    HTTP_PROBLEM_DOCTOR_BUSY,     /**< has somebody called or in a call */
    HTTP_PROBLEM_ALREADY_WAITING, /**< on the wait list */
    HTTP_PROBLEM_LIST_FULL,       /**< no room on the wait list, for that phone or address */
    HTTP_PROBLEM_OFFER_OVER,      /**< of the wait list: expired, answered or another one */
    HTTP_PROBLEM_OWN_BOOKING,     /**< the person has a visit at that time */
    HTTP_PROBLEM_NOT_TODAY,       /**< only on the visit's own day */
    HTTP_PROBLEM_DOCTOR_TAKEN,    /**< the doctor has somebody else at the visit's time */
    HTTP_PROBLEM_NOT_MET,         /**< the doctor has not talked with the patient yet */
    HTTP_PROBLEM_LINK_OVER,       /**< the visit ended too long ago for a new link */
    HTTP_PROBLEM_NO_PHONE,        /**< no telephone number of the patient is known */
    HTTP_PROBLEM_BOOKINGS_FULL,   /**< enough was booked from outside for the telephone */
    HTTP_PROBLEM_ADDRESS_FULL,    /**< enough was booked today from the address */
    HTTP_PROBLEM_MOVED_OFTEN,     /**< the patient has moved the visit often enough today */
    HTTP_PROBLEM_PERMIT_OVER,     /**< the doctor's permit for the facility has run out */
    HTTP_PROBLEM_WRONG_PASSWORD,
    HTTP_PROBLEM_ACCOUNT_DISABLED,
    HTTP_PROBLEM_LAST_ADMIN,
    HTTP_PROBLEM_ALREADY_SET_UP,
    HTTP_PROBLEM_IDEMPOTENCY_MISMATCH,
    HTTP_PROBLEM_NOTE_STALE,     /**< the note was saved from elsewhere meanwhile */
    HTTP_PROBLEM_NOTE_SIGNED,    /**< a signed note takes addenda only */
    HTTP_PROBLEM_LETTER_BROKEN,  /**< a letter's file is not what was issued */
    HTTP_PROBLEM_LETTER_REVOKED, /**< its patient does not get it any more */
    HTTP_PROBLEM_BAD_OFFER,
    HTTP_PROBLEM_ROOM_FULL,
    HTTP_PROBLEM_TIMEOUT, /**< the request came too slowly */
    HTTP_PROBLEM_BUSY,    /**< a queue inside is full; try again */
    HTTP_PROBLEM_STOPPING,
    HTTP_PROBLEM_STORAGE, /**< the disk takes nothing more; what was sent is not kept */
    HTTP_PROBLEM_INTERNAL,
    HTTP_PROBLEM_COUNT,
} HttpProblem;

/** Last part of the problem's stable `type`, "slot-taken" (the whole is "/masalah/slot-taken"). */
const char *http_problem_name(HttpProblem problem);
unsigned http_problem_status(HttpProblem problem);
const char *http_problem_title(HttpProblem problem, HttpLanguage language);
/** What happened and what to do next, for people. */
const char *http_problem_detail(HttpProblem problem, HttpLanguage language);

/** The body of an application/problem+json answer: type, title, status, detail, code and, when
 * FAULTS (may be NULL) holds any, errors: http_faults_json(). The caller owns it. */
json_t *http_problem_json(HttpProblem problem, HttpLanguage language, const FaultList *faults);

/** {field, code, allowed, lang, message, also}: what is wrong, said in LANGUAGE, which is `lang`,
 * and in the other one, for a page that is switched or keeps it. Without `allowed` where nothing
 * says what is. The caller owns it. */
json_t *http_fault_json(const Fault *fault, HttpLanguage language);
/** A list of these; FAULTS may be NULL. The caller owns it. */
json_t *http_faults_json(const FaultList *faults, HttpLanguage language);

/** A sentence for one fault code ("required", "too_long", ...); an unknown code gets the general
 * one. The caller owns it. */
char *http_fault_message(const Fault *fault, HttpLanguage language);

/** Says that errors of DOMAIN with CODE are PROBLEM. Every folder's domain is registered once, at
 * start; registering a pair again with another problem is a bug. */
void http_problem_map(GQuark domain, int code, HttpProblem problem);
/** The problem for ERROR; HTTP_PROBLEM_INTERNAL when nothing was registered for it. */
HttpProblem http_problem_for_error(const GError *error);
