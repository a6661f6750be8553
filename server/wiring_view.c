// SPDX-License-Identifier: Apache-2.0
#include "server/wiring_view.h"

#include "server/base/error.h"

static SignalingCode scheduling_code(SchedulingError code)
{
    switch (code) {
    case SCHEDULING_ERROR_LINK_INVALID:
        return SIGNALING_CODE_LINK_INVALID;
    case SCHEDULING_ERROR_LINK_EXPIRED:
        return SIGNALING_CODE_LINK_EXPIRED;
    case SCHEDULING_ERROR_TOO_EARLY:
        return SIGNALING_CODE_TOO_EARLY;
    case SCHEDULING_ERROR_VISIT_CANCELLED:
        return SIGNALING_CODE_VISIT_CANCELLED;
    case SCHEDULING_ERROR_VISIT_ENDED:
        return SIGNALING_CODE_VISIT_ENDED;
    case SCHEDULING_ERROR_FORBIDDEN:
    case SCHEDULING_ERROR_PERMIT_OVER:
        return SIGNALING_CODE_NOT_ALLOWED;
    case SCHEDULING_ERROR_BAD_STATE:
    case SCHEDULING_ERROR_DOCTOR_BUSY:
    case SCHEDULING_ERROR_NO_PHONE:
        return SIGNALING_CODE_BAD_STATE;
    case SCHEDULING_ERROR_INVALID_FIELDS:
    case SCHEDULING_ERROR_SLOT_TAKEN:
    case SCHEDULING_ERROR_SLOT_NOT_OFFERED:
    case SCHEDULING_ERROR_CHANGED:
    case SCHEDULING_ERROR_BOOKINGS_HIT:
    case SCHEDULING_ERROR_NOT_FOUND:
    case SCHEDULING_ERROR_TOO_LATE:
    case SCHEDULING_ERROR_TOO_MANY:
    case SCHEDULING_ERROR_ALREADY_WAITING:
    case SCHEDULING_ERROR_LIST_FULL:
    case SCHEDULING_ERROR_OFFER_OVER:
    case SCHEDULING_ERROR_OWN_BOOKING:
    case SCHEDULING_ERROR_NOT_TODAY:
    case SCHEDULING_ERROR_DOCTOR_TAKEN:
    case SCHEDULING_ERROR_NOT_MET:
    case SCHEDULING_ERROR_LINK_OVER:
    case SCHEDULING_ERROR_BOOKINGS_FULL:
    case SCHEDULING_ERROR_ADDRESS_FULL:
    case SCHEDULING_ERROR_MOVED_OFTEN:
    case SCHEDULING_ERROR_TOO_SOON:
    case SCHEDULING_ERROR_PAIR_DECIDED:
    case SCHEDULING_ERROR_TWO_PEOPLE:
    case SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH:
    case SCHEDULING_ERROR_NOTE_STALE:
    case SCHEDULING_ERROR_NOTE_SIGNED:
    case SCHEDULING_ERROR_LETTER_REVOKED:
        break;
    }
    return SIGNALING_CODE_INTERNAL;
}

SignalingCode wiring_view_code(const GError *error)
{
    if (error->domain == SCHEDULING_ERROR)
        return scheduling_code((SchedulingError)error->code);
    if (g_error_matches(error, BASE_ERROR, BASE_ERROR_CLOSED))
        return SIGNALING_CODE_STOPPING;
    return SIGNALING_CODE_INTERNAL;
}

ActorRole wiring_view_actor_role(SignalingRole role)
{
    /* A guest may say nothing that changes a visit; signaling refuses it before it comes here. */
    return role == SIGNALING_ROLE_DOCTOR ? ACTOR_DOCTOR : ACTOR_PATIENT;
}

VisitState wiring_view_outcome(SignalingOutcome outcome)
{
    switch (outcome) {
    case SIGNALING_OUTCOME_DONE:
        return VISIT_STATE_DONE;
    case SIGNALING_OUTCOME_TECH_FAILED:
        return VISIT_STATE_TECH_FAILED;
    case SIGNALING_OUTCOME_CONVERTED_PHONE:
        return VISIT_STATE_CONVERTED_PHONE;
    case SIGNALING_OUTCOME_CONVERTED_IN_PERSON:
        return VISIT_STATE_CONVERTED_IN_PERSON;
    case SIGNALING_OUTCOME_NO_SHOW_PATIENT:
        return VISIT_STATE_NO_SHOW_PATIENT;
    }
    g_assert_not_reached();
}

SignalingPhase wiring_view_phase(VisitState state)
{
    switch (state) {
    case VISIT_STATE_REQUESTED:
    case VISIT_STATE_BOOKED:
        return SIGNALING_PHASE_BEFORE;
    case VISIT_STATE_CHECKED_IN:
        return SIGNALING_PHASE_WAITING;
    case VISIT_STATE_CALLED:
        return SIGNALING_PHASE_CALLED;
    case VISIT_STATE_IN_CALL:
        return SIGNALING_PHASE_IN_CALL;
    case VISIT_STATE_DONE:
    case VISIT_STATE_CANCELLED_PATIENT:
    case VISIT_STATE_CANCELLED_PROVIDER:
    case VISIT_STATE_CANCELLED_SYSTEM:
    case VISIT_STATE_NO_SHOW_PATIENT:
    case VISIT_STATE_NO_SHOW_DOCTOR:
    case VISIT_STATE_LEFT_WITHOUT_BEING_SEEN:
    case VISIT_STATE_TECH_FAILED:
    case VISIT_STATE_CONVERTED_PHONE:
    case VISIT_STATE_CONVERTED_IN_PERSON:
    case VISIT_STATE_RESCHEDULED:
        return SIGNALING_PHASE_OVER;
    }
    g_assert_not_reached();
}

void wiring_view_visit(const VisitView *view, SignalingVisit *ret_visit)
{
    *ret_visit = (SignalingVisit){
        .id = view->id,
        .revision = view->revision,
        .phase = wiring_view_phase(view->state),
        .code = view->code,
        .state = visit_state_name(view->state),
        .way = visit_way_name(view->way),
        .starts_at_ms = view->starts_at_ms,
        .facility = view->facility,
        .clinic = view->clinic,
        .doctor = view->doctor,
        .phone = view->phone,
        .in_queue = view->waits,
        .queue_number = view->number,
        .queue_ahead = view->ahead,
        .queue_wait_min_minutes = view->wait_min_minutes,
        .queue_wait_max_minutes = view->wait_max_minutes,
        .late_minutes = view->late_minutes,
        .is_unanswered = view->is_unanswered,
        .asks_consent = view->asks_consent,
        .is_unplaced = view->is_unplaced,
        .group = view->group_title,
        .ended_at_ms = view->ended_at_ms,
        .ended_by = view->ended_by,
    };
}

static SignalingRole signaling_role(VisitRole role)
{
    switch (role) {
    case VISIT_ROLE_PATIENT:
        return SIGNALING_ROLE_PATIENT;
    case VISIT_ROLE_DOCTOR:
        return SIGNALING_ROLE_DOCTOR;
    case VISIT_ROLE_GUEST:
        return SIGNALING_ROLE_GUEST;
    }
    g_assert_not_reached();
}

void wiring_view_admission(const TokenGrant *grant,
                           void (*use)(const SignalingAdmission *admission, gpointer user_data),
                           gpointer user_data)
{
    const VisitView *view = grant->view;
    SignalingVisit visit;
    wiring_view_visit(view, &visit);
    g_autofree SignalingParticipant *participants =
        g_new0(SignalingParticipant, view->participants->len);
    SignalingAdmission admission = {
        .kind = SIGNALING_KIND_VISIT,
        .participant_id = grant->participant_id,
        .role = signaling_role(grant->role),
        .name = "",
        .may_publish = true,
        .may_receive = true,
        .visit = &visit,
        .participants = participants,
        .n_participants = view->participants->len,
        .group_id = view->group_id,
        .shown_name = view->group_name,
        .place = (unsigned)view->group_place,
        .bound_to = grant->bound_to,
    };
    for (unsigned i = 0; i < view->participants->len; i++) {
        const VisitParticipant *from = view->participants->pdata[i];
        participants[i] = (SignalingParticipant){
            /* A group's doctor is there once, as its host. */
            .id = view->group_id && from->role == VISIT_ROLE_DOCTOR ? view->group_id : from->id,
            .role = signaling_role(from->role),
            .name = from->name,
            .label = from->role == VISIT_ROLE_GUEST ? visit_guest_name(from->guest) : NULL,
        };
        if (g_str_equal(from->id, grant->participant_id))
            admission.name = from->name;
    }
    use(&admission, user_data);
}

static void convert_flow(const MediaFlow *from, RecordFlow *ret_flow)
{
    *ret_flow = (RecordFlow){
        .packets = (int64_t)from->packets,
        .bytes = (int64_t)from->bytes,
        .lost = (int64_t)from->lost,
        .repaired = (int64_t)from->repaired,
        .media_ms = (int64_t)from->media_ms,
        .bitrate_bps = from->bitrate_bps,
    };
}

void wiring_view_sample(const MediaSample *sample, RecordSample *ret_row)
{
    ret_row->at_ms = sample->at_ms;
    ret_row->rtt_us = sample->rtt_us;
    convert_flow(&sample->in[MEDIA_KIND_AUDIO], &ret_row->flows[RECORD_FLOW_AUDIO_IN]);
    convert_flow(&sample->out[MEDIA_KIND_AUDIO], &ret_row->flows[RECORD_FLOW_AUDIO_OUT]);
    convert_flow(&sample->in[MEDIA_KIND_VIDEO], &ret_row->flows[RECORD_FLOW_VIDEO_IN]);
    convert_flow(&sample->out[MEDIA_KIND_VIDEO], &ret_row->flows[RECORD_FLOW_VIDEO_OUT]);
}
