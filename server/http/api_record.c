// SPDX-License-Identifier: Apache-2.0
#include "server/http/api_record.h"

#include "server/http/api_tables.h"

static json_t *visit_json(const RecordVisit *visit)
{
    json_t *body = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s?, s:s?, s:s?, s:s, s:s, s:s}", "id",
                             visit->id, "code", visit->code, "number", visit->number, "state",
                             visit_state_name(visit->state), "patient", visit->patient,
                             "birth_date", visit->birth_date, "phone_masked", visit->phone_masked,
                             "nik_masked", visit->nik_masked, "facility", visit->facility, "clinic",
                             visit->clinic, "doctor", visit->doctor);
    const struct {
        const char *name;
        int64_t at_ms;
    } times[] = {
        {"booked_at_ms", visit->booked_at_ms},
        {"starts_at_ms", visit->starts_at_ms},
        {"ends_at_ms", visit->ends_at_ms},
        {"waiting_from_ms", visit->waiting_from_ms},
        {"joined_at_ms", visit->joined_at_ms},
        {"called_at_ms", visit->called_at_ms},
        {"media_both_start_ms", visit->media_both_start_ms},
        {"media_both_end_ms", visit->media_both_end_ms},
        {"ended_at_ms", visit->ended_at_ms},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(times); i++)
        json_object_set_new(body, times[i].name, api_time(times[i].at_ms));
    if (visit->service)
        json_object_set_new(body, "service",
                            json_pack("{s:s, s:s, s:I}", "name", visit->service, "mode",
                                      visit->service_mode, "price_rupiah",
                                      (json_int_t)visit->price_rupiah));
    else
        json_object_set_new(body, "service", json_null());
    json_object_set_new(body, "contact",
                        api_contact_json(visit->contact_name, visit->contact_relation));
    json_object_set_new(body, "mother_nik_masked",
                        visit->mother_nik_masked ? json_string(visit->mother_nik_masked)
                                                 : json_null());
    json_object_set_new(body, "no_phone", json_boolean(visit->phone_masked[0] == '\0'));
    json_object_set_new(body, "no_messages", json_boolean(visit->has_fixed_line));
    bool is_over = visit_state_row(visit->state)->is_final;
    json_object_set_new(body, "media_both_ms", json_integer(visit->media_both_ms));
    json_object_set_new(body, "duration_ms", json_integer(visit->duration_ms));
    json_object_set_new(body, "ended_by",
                        visit->ended_by ? json_string(visit->ended_by) : json_null());
    json_object_set_new(body, "outcome",
                        is_over ? json_string(visit_state_name(visit->state)) : json_null());
    return body;
}

static json_t *flow_json(const RecordFlow *flow)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "media_ms", (json_int_t)flow->media_ms,
                     "bytes", (json_int_t)flow->bytes, "packets", (json_int_t)flow->packets, "lost",
                     (json_int_t)flow->lost, "repaired", (json_int_t)flow->repaired, "bitrate_bps",
                     (json_int_t)flow->bitrate_bps);
}

static json_t *point_json(const RecordPoint *point)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "at_ms", (json_int_t)point->at_ms,
                     "rtt_ms", (json_int_t)point->rtt_ms, "audio_in_bps",
                     (json_int_t)point->bitrate_bps[RECORD_FLOW_AUDIO_IN], "video_in_bps",
                     (json_int_t)point->bitrate_bps[RECORD_FLOW_VIDEO_IN], "audio_out_bps",
                     (json_int_t)point->bitrate_bps[RECORD_FLOW_AUDIO_OUT], "video_out_bps",
                     (json_int_t)point->bitrate_bps[RECORD_FLOW_VIDEO_OUT], "lost_in",
                     (json_int_t)point->lost_in, "lost_out", (json_int_t)point->lost_out);
}

static json_t *participant_json(const RecordParticipant *participant, bool with_figures)
{
    json_t *body = json_pack("{s:s, s:s, s:o, s:o}", "id", participant->id, "role",
                             visit_role_name(participant->role), "joined_at_ms",
                             api_time(participant->joined_at_ms), "left_at_ms",
                             api_time(participant->left_at_ms));
    if (!with_figures)
        return body;
    json_t *media = json_object();
    for (unsigned kind = 0; kind < RECORD_N_FLOWS; kind++)
        json_object_set_new(media, record_flow_name((RecordFlowKind)kind),
                            flow_json(&participant->flows[kind]));
    json_t *samples = json_array();
    for (unsigned i = 0; i < participant->points->len; i++)
        json_array_append_new(samples,
                              point_json(&g_array_index(participant->points, RecordPoint, i)));
    json_object_set_new(body, "media", media);
    json_object_set_new(body, "rtt_ms", json_integer(participant->rtt_ms));
    json_object_set_new(body, "samples", samples);
    return body;
}

json_t *api_record_json(const Record *record, bool with_figures)
{
    json_t *participants = json_array();
    for (unsigned i = 0; i < record->participants->len; i++)
        json_array_append_new(participants,
                              participant_json(record->participants->pdata[i], with_figures));
    json_t *events = json_array();
    for (unsigned i = 0; i < record->lines->len; i++) {
        const RecordLine *line = record->lines->pdata[i];
        json_array_append_new(events, json_pack("{s:I, s:s, s:s?, s:s?}", "at_ms",
                                                (json_int_t)line->at_ms, "kind", line->kind,
                                                "actor", line->actor, "detail", line->detail));
    }
    json_t *consents = json_array();
    for (unsigned i = 0; i < record->consents->len; i++) {
        const RecordConsent *consent = record->consents->pdata[i];
        json_array_append_new(
            consents,
            json_pack("{s:I, s:s, s:s, s:I, s:o}", "version", (json_int_t)consent->version, "how",
                      consent->how, "by", consent->by, "at_ms", (json_int_t)consent->at_ms, "giver",
                      api_contact_json(consent->giver_name, consent->giver_relation)));
    }
    return json_pack("{s:o, s:o, s:o, s:o}", "visit", visit_json(&record->visit), "participants",
                     participants, "events", events, "consents", consents);
}
