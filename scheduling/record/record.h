// SPDX-License-Identifier: Apache-2.0
/* What happened in a visit: events, media samples, and the record made of them. Threads: see
 * scheduling.h. Writing is one cheap job per event or sample; their done may be NULL. */
#pragma once
#include "scheduling/booking/visit.h"

typedef enum {
    RECORD_EVENT_JOINED,
    RECORD_EVENT_BACK,
    RECORD_EVENT_LOST,
    RECORD_EVENT_LEFT,
    RECORD_EVENT_NOT_READY,
    RECORD_EVENT_ENDPOINT_CONNECTED,
    RECORD_EVENT_ENDPOINT_SILENT,
    RECORD_EVENT_ENDPOINT_FAILED,
    RECORD_EVENT_ENDPOINT_CLOSED,
    RECORD_EVENT_MEDIA_STARTED, /**< needs endpoint_id and detail "audio" or "video" */
    RECORD_EVENT_MEDIA_STOPPED, /**< likewise */
} RecordEventKind;
const char *record_event_kind_name(RecordEventKind kind);

/** Strings are copied. */
typedef struct {
    const char *visit_id;
    const char *participant_id;
    const char *endpoint_id; /**< NULL for presence */
    RecordEventKind kind;
    int64_t at_ms;
    const char *detail; /**< may be NULL; no personal data */
} RecordEvent;
void record_event(Scheduling *scheduling, const RecordEvent *event, SchedulingDone done,
                  gpointer user_data);

typedef enum {
    RECORD_FLOW_AUDIO_IN,  /**< what the participant sent */
    RECORD_FLOW_AUDIO_OUT, /**< what the participant was sent */
    RECORD_FLOW_VIDEO_IN,
    RECORD_FLOW_VIDEO_OUT,
} RecordFlowKind;
enum { RECORD_N_FLOWS = 4 };
/** "audio_in" ... */
const char *record_flow_name(RecordFlowKind kind);

/** Totals since the endpoint was opened; bitrate since the sample before. */
typedef struct {
    int64_t packets, bytes, lost, repaired, media_ms, bitrate_bps;
} RecordFlow;

typedef struct {
    const char *visit_id;
    const char *participant_id;
    const char *endpoint_id;
    int64_t at_ms;
    int64_t rtt_us; /**< 0: not known */
    RecordFlow flows[RECORD_N_FLOWS];
} RecordSample;
void record_sample(Scheduling *scheduling, const RecordSample *sample, SchedulingDone done,
                   gpointer user_data);

typedef struct {
    int64_t at_ms, rtt_ms;
    int64_t bitrate_bps[RECORD_N_FLOWS];
    int64_t lost_in, lost_out; /**< since the sample before, audio and video */
} RecordPoint;

typedef struct {
    char *id;
    VisitRole role;
    int64_t joined_at_ms, left_at_ms; /**< 0: not */
    RecordFlow
        flows[RECORD_N_FLOWS]; /**< sums over endpoints; bitrate_bps is the mean while flowing */
    int64_t rtt_ms;            /**< median of the samples; 0: not known */
    GArray *points;            /**< RecordPoint, by time */
} RecordParticipant;

typedef struct {
    int64_t at_ms;
    char *kind, *actor, *detail; /**< detail may be empty */
} RecordLine;

typedef struct {
    char *id, *code, *number;
    VisitState state;
    char *patient, *birth_date, *phone_masked, *nik_masked; /**< nik_masked NULL: none given */
    char *facility, *clinic, *doctor;
    char *service, *service_mode;          /**< as booked; NULL: none was chosen */
    int64_t price_rupiah;                  /**< of the service, as booked */
    char *contact_name, *contact_relation; /**< who booked for the patient, and whose the phone is;
                                              NULL: nobody */
    char *mother_nik_masked;               /**< of who has no NIK; NULL: not known */
    bool has_fixed_line;                   /**< no message reaches it */
    int64_t booked_at_ms, starts_at_ms, ends_at_ms;
    int64_t waiting_from_ms; /**< check-in; 0 below: did not happen */
    int64_t joined_at_ms;    /**< the patient's page first connected */
    int64_t called_at_ms;    /**< first call */
    int64_t media_both_start_ms, media_both_end_ms, media_both_ms; /**< ms: sum of the intervals */
    int64_t ended_at_ms;
    char *ended_by;      /**< NULL: not ended */
    int64_t duration_ms; /**< from in_call to the end (or now) */
} RecordVisit;

typedef struct {
    int64_t version, at_ms;
    char *how, *by;                    /**< by: the role of who wrote it down */
    char *giver_name, *giver_relation; /**< who agreed for the patient; NULL: the patient */
} RecordConsent;

typedef struct {
    RecordVisit visit;
    GPtrArray *participants; /**< RecordParticipant */
    GPtrArray *lines;        /**< RecordLine */
    GPtrArray *consents;     /**< RecordConsent, by time: the last one counts */
} Record;

typedef void (*RecordDone)(const Record *record, const GError *error, gpointer user_data);
/** For the doctor of the visit and the desk of its facility (which is not to be shown participants'
 * figures); FORBIDDEN, NOT_FOUND. Reading is an audit row. */
void record_get(Scheduling *scheduling, const char *visit_id, const Actor *actor, RecordDone done,
                gpointer user_data);
