// SPDX-License-Identifier: Apache-2.0
/* The route tables of api_*.c, and what several of them share. Main thread. */
#pragma once
#include <jansson.h>
#include "scheduling/booking/booking.h"
#include "scheduling/booking/token.h"
#include "scheduling/clinic/table.h"
#include "server/http/api.h"

/** Of a thing that is changed: the word that its list gave with it. */
#define API_REVISION_FIELD                                                                         \
    {                                                                                              \
        .name = "revision", .type = HTTP_FIELD_STRING, .min = 1, .max = 40,                        \
        .help = "as the list gave it with what is changed: 409 changed-meanwhile when that says "  \
                "something else by now; absent: whatever it says is replaced. Of no meaning for "  \
                "what is new"                                                                      \
    }

extern const HttpRoute api_session_routes[];
extern const unsigned api_session_n_routes;
extern const HttpRoute api_booking_routes[];
extern const unsigned api_booking_n_routes;
extern const HttpRoute api_join_routes[];
extern const unsigned api_join_n_routes;
extern const HttpRoute api_visit_routes[];
extern const unsigned api_visit_n_routes;
extern const HttpRoute api_board_routes[];
extern const unsigned api_board_n_routes;
extern const HttpRoute api_hold_routes[];
extern const unsigned api_hold_n_routes;
extern const HttpRoute api_consent_routes[];
extern const unsigned api_consent_n_routes;
extern const HttpRoute api_consult_routes[];
extern const unsigned api_consult_n_routes;
extern const HttpRoute api_consult_read_routes[];
extern const unsigned api_consult_read_n_routes;
extern const HttpRoute api_move_routes[];
extern const unsigned api_move_n_routes;
extern const HttpRoute api_extra_routes[];
extern const unsigned api_extra_n_routes;
extern const HttpRoute api_follow_up_routes[];
extern const unsigned api_follow_up_n_routes;
extern const HttpRoute api_series_routes[];
extern const unsigned api_series_n_routes;
extern const HttpRoute api_icd10_routes[];
extern const unsigned api_icd10_n_routes;
extern const HttpRoute api_nurse_routes[];
extern const unsigned api_nurse_n_routes;
extern const HttpRoute api_group_routes[];
extern const unsigned api_group_n_routes;
extern const HttpRoute api_incident_routes[];
extern const unsigned api_incident_n_routes;
extern const HttpRoute api_wait_routes[];
extern const unsigned api_wait_n_routes;
extern const HttpRoute api_wait_list_routes[];
extern const unsigned api_wait_list_n_routes;
extern const HttpRoute api_late_routes[];
extern const unsigned api_late_n_routes;
extern const HttpRoute api_jobs_routes[];
extern const unsigned api_jobs_n_routes;
extern const HttpRoute api_counter_routes[];
extern const unsigned api_counter_n_routes;
extern const HttpRoute api_client_routes[];
extern const unsigned api_client_n_routes;
extern const HttpRoute api_desk_routes[];
extern const unsigned api_desk_n_routes;
extern const HttpRoute api_people_routes[];
extern const unsigned api_people_n_routes;
extern const HttpRoute api_unanswered_routes[];
extern const unsigned api_unanswered_n_routes;
extern const HttpRoute api_queue_routes[];
extern const unsigned api_queue_n_routes;
extern const HttpRoute api_hours_routes[];
extern const unsigned api_hours_n_routes;
extern const HttpRoute api_hours_edit_routes[];
extern const unsigned api_hours_edit_n_routes;
extern const HttpRoute api_hours_hits_routes[];
extern const unsigned api_hours_hits_n_routes;
extern const HttpRoute api_holiday_routes[];
extern const unsigned api_holiday_n_routes;
extern const HttpRoute api_policy_routes[];
extern const unsigned api_policy_n_routes;
extern const HttpRoute api_setup_routes[];
extern const unsigned api_setup_n_routes;
extern const HttpRoute api_account_routes[];
extern const unsigned api_account_n_routes;
extern const HttpRoute api_directory_routes[];
extern const unsigned api_directory_n_routes;
extern const HttpRoute api_directory_table_routes[];
extern const unsigned api_directory_table_n_routes;
extern const HttpRoute api_letter_routes[];
extern const unsigned api_letter_n_routes;
extern const HttpRoute api_letter_issue_routes[];
extern const unsigned api_letter_issue_n_routes;
extern const HttpRoute api_note_routes[];
extern const unsigned api_note_n_routes;
extern const HttpRoute api_outreach_routes[];
extern const unsigned api_outreach_n_routes;
extern const HttpRoute api_outreach_take_routes[];
extern const unsigned api_outreach_take_n_routes;
extern const HttpRoute api_report_routes[];
extern const unsigned api_report_n_routes;
extern const HttpRoute api_whip_routes[];
extern const unsigned api_whip_n_routes;
extern const HttpRoute api_ops_routes[];
extern const unsigned api_ops_n_routes;

/** A handler that answers later: the request it answers, and what it needs then. */
typedef struct {
    Api *api;
    HttpRequest *request;
} ApiCall;
ApiCall *api_call_new(Api *api, HttpRequest *request);
void api_call_free(ApiCall *call);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ApiCall, api_call_free)

/** The caller as scheduling knows actors; borrows from REQUEST. */
void api_actor(const HttpRequest *request, Actor *ret_actor);
/** "https://HOST/v/TOKEN"; the caller owns it. Never log it. */
char *api_link(const Api *api, const char *token);
/** Answers with the visit's state; a VisitDone of an ApiCall. */
void api_reply_step(const VisitChange *change, const GError *error, gpointer user_data);
/** What the caller does with the visit of the path (visit_call, queue_skip ...), and its answer. */
typedef void (*ApiStep)(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                        VisitDone done, gpointer user_data);
void api_run_step(HttpRequest *request, Api *api, ApiStep step);
/** A handler: the visit of the path is cancelled, for the body's reason. */
void api_cancel_visit(HttpRequest *request, gpointer context);
/** Answers why not: with FAULTS where ERROR says that fields are at fault. */
void api_reply_refusal(HttpRequest *request, const FaultList *faults, const GError *error);
/** Answers 204, or why not; a callback of an ApiCall. */
void api_reply_checked(const FaultList *faults, const GError *error, gpointer user_data);
/** Answers with a token for the socket; a TokenIssuedDone of an ApiCall. */
void api_reply_token(const IssuedToken *issued, const GError *error, gpointer user_data);
/** Answers a booking or why there is none; a BookingDone of an ApiCall. */
void api_reply_booking(const Booking *booking, const GError *error, gpointer user_data);
enum { API_REASON_MIN_CHARS = 3, API_REASON_MAX_CHARS = 200 };
/** The body's reason without blanks around it, to be freed; NULL: too short, and that is answered.
 */
char *api_reason(HttpRequest *request);
/** Staff say it of who has no telephone, in place of `phone`; a field of a body. */
#define API_NO_PHONE_FIELD                                                                         \
    {                                                                                              \
        .name = "no_phone", .type = HTTP_FIELD_BOOLEAN,                                            \
        .help = "the patient has no telephone: nothing is sent; without it `phone` is required"    \
    }
/** Why staff book somebody who has a visit at that time; a field of a body. */
#define API_OVERLAP_FIELD                                                                          \
    {                                                                                              \
        .name = "overlap_reason", .type = HTTP_FIELD_STRING, .max = API_REASON_MAX_CHARS,          \
        .help = "why it is booked though the person has another visit at that time"                \
    }
/** The reason that the request gives at FIELD; NULL: none, or too little. To be freed. */
char *api_optional_reason(const HttpRequest *request, const char *field);
/** A booking's ticket, for one language's reader. */
json_t *api_booking_json(const ApiCall *call, const Booking *booking);
/** LINK as a QR code: rows of modules, "1" is dark; null for NULL. */
json_t *api_qr_json(const char *link);
/** What came of a table that was taken in, but for new accounts. */
json_t *api_imported_json(const TableImported *imported, HttpLanguage language);
/** Answers why BOOKING was refused, with what is free near it. */
void api_refuse_booking(HttpRequest *request, const Booking *booking, const GError *error);
/** The fields of a booking that say who comes, from the request's body. */
BookingRequest *api_booking_request(const HttpRequest *request);
/** Puts on a clinic's wait list whom the request's body names (fields api_wait_join_fields), and
 * answers. CLINIC_ID NULL: the body says it. */
void api_join_wait_list(HttpRequest *request, Api *api, const char *clinic_id, const Actor *actor);
extern const HttpField api_wait_join_fields[];
/** The days that a report is asked of, as the query's fields api_report_query say; they borrow from
 * REQUEST. False: REQUEST was answered with what is wrong with them. */
bool api_report_days(HttpRequest *request, const char **ret_from, const char **ret_to);
extern const HttpField api_report_query[];
typedef json_t *(*ApiRowFunc)(gconstpointer row);
/** Answers {rows, totals}, each as ROW_JSON makes it. */
void api_reply_report(HttpRequest *request, const GPtrArray *rows, gconstpointer totals,
                      ApiRowFunc row_json);
/** Answers 204, or why not; a SchedulingDone of an ApiCall. */
void api_reply_nothing(const GError *error, gpointer user_data);
/** Those, and the slot that is asked for: the fields of createBooking. */
BookingRequest *api_slot_request(const HttpRequest *request);
extern const HttpField api_booking_fields[];
/** And why staff book it all the same, where the person has another visit. */
extern const HttpField api_counter_booking_fields[];
extern const HttpField api_staff_booking_fields[];
/** What of the clinic's slots the request's query asks for; borrows from REQUEST. */
SlotsQuery api_slots_query(const HttpRequest *request);
/** One slot or session that can be booked. */
json_t *api_offer_json(const SlotOffer *offer);
/** Days with their offers by OFFER_JSON, and the last day. */
json_t *api_slots_json(const SlotsList *list, json_t *(*offer_json)(const SlotOffer *offer));
/** Of every table of fields that takes down a patient: who came along, and a newborn's mother. */
#define API_FAMILY_FIELDS                                                                          \
    {.name = "contact_name",                                                                       \
     .type = HTTP_FIELD_STRING,                                                                    \
     .max = 80,                                                                                    \
     .help = "who books for the patient; `phone` then is this one's"},                             \
        {.name = "contact_relation",                                                               \
         .type = HTTP_FIELD_ENUM,                                                                  \
         .values = "parent|child|spouse|other",                                                    \
         .help = "what the contact is to the patient; with contact_name"},                         \
    {                                                                                              \
        .name = "mother_nik", .type = HTTP_FIELD_STRING, .max = 32,                                \
        .help = "of a newborn without a NIK"                                                       \
    }
/** Of every table of fields that books a visit. */
#define API_VISIT_REASON_FIELD                                                                     \
    {                                                                                              \
        .name = "reason", .type = HTTP_FIELD_STRING, .max = 200,                                   \
        .help = "why the patient comes; doctors read it"                                           \
    }
/** {name, relation}; null without a NAME. */
json_t *api_contact_json(const char *name, const char *relation);
/** A time, or null for 0 (it did not happen). */
json_t *api_time(int64_t at_ms);
