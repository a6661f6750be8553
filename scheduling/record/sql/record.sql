-- SPDX-License-Identifier: Apache-2.0
-- name: event_append
INSERT INTO visit_event (visit_id, at_ms, kind, actor, participant_id, endpoint_id, detail)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: event_media
SELECT e.at_ms, e.kind, p.role, e.endpoint_id, e.detail
FROM visit_event e
LEFT JOIN participant p ON p.id = e.participant_id
WHERE e.visit_id = $1
  AND e.kind IN ('media_started', 'media_stopped', 'endpoint_failed', 'endpoint_closed',
                 'interrupted')
ORDER BY e.at_ms, e.id;

-- name: event_list
SELECT at_ms, kind, actor, detail
FROM visit_event
WHERE visit_id = $1
ORDER BY at_ms, id;

-- name: visit_course_end
SELECT ended_at_ms FROM visit_course WHERE visit_id = $1;

-- name: visit_course_media
UPDATE visit_course
SET both_start_ms = $2, both_end_ms = $3, both_ms = $4, both_open_since_ms = $5, media_open = $6
WHERE visit_id = $1;

-- name: participant_role
SELECT role FROM participant WHERE id = $1 AND visit_id = $2;

-- name: participant_came
UPDATE participant
SET joined_at_ms = COALESCE(joined_at_ms, $2), left_at_ms = NULL, is_present = 1
WHERE id = $1;

-- name: participant_went
UPDATE participant SET left_at_ms = $2, is_present = 0 WHERE id = $1;

-- name: media_total_lost
SELECT lost FROM media_total WHERE visit_id = $1 AND endpoint_id = $2 AND flow = $3;

-- name: media_total_set
INSERT INTO media_total (visit_id, endpoint_id, flow, participant_id, packets, bytes, lost,
                         repaired, media_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (visit_id, endpoint_id, flow) DO UPDATE
SET packets = excluded.packets, bytes = excluded.bytes, lost = excluded.lost,
    repaired = excluded.repaired, media_ms = excluded.media_ms;

-- Two samples of an endpoint in one millisecond: the later one counts.
-- name: media_sample_add
INSERT INTO media_sample (visit_id, participant_id, endpoint_id, at_ms, rtt_us, audio_in_bps,
                          audio_out_bps, video_in_bps, video_out_bps, lost_in, lost_out)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (visit_id, participant_id, at_ms, endpoint_id) DO UPDATE
SET rtt_us = excluded.rtt_us, audio_in_bps = excluded.audio_in_bps,
    audio_out_bps = excluded.audio_out_bps, video_in_bps = excluded.video_in_bps,
    video_out_bps = excluded.video_out_bps, lost_in = excluded.lost_in,
    lost_out = excluded.lost_out;

-- name: record_visit
SELECT v.id, v.code, v.number_text, v.state, p.name, p.birth_date, v.phone_sealed, p.nik_sealed,
       f.name, c.name, d.name, v.created_at_ms, v.starts_at_ms, v.ends_at_ms,
       o.checked_in_at_ms, o.called_at_ms, o.in_call_at_ms, o.both_start_ms, o.both_end_ms,
       o.both_ms, o.both_open_since_ms, o.ended_at_ms, o.ended_by, e.name, e.mode, e.price_rupiah,
       k.name, k.relation, p.mother_nik_sealed
FROM visit v
JOIN visit_course o ON o.visit_id = v.id
LEFT JOIN visit_service e ON e.visit_id = v.id
LEFT JOIN visit_contact k ON k.visit_id = v.id
JOIN patient own ON own.id = v.patient_id
JOIN person p ON p.id = own.person_id
JOIN clinic c ON c.id = v.clinic_id
JOIN facility f ON f.id = v.facility_id
JOIN practitioner d ON d.id = v.practitioner_id
WHERE v.id = $1;

-- name: record_participants
SELECT id, role, joined_at_ms, left_at_ms
FROM participant
WHERE visit_id = $1
ORDER BY role DESC, id;

-- name: record_totals
SELECT participant_id, flow, SUM(packets), SUM(bytes), SUM(lost), SUM(repaired), SUM(media_ms)
FROM media_total
WHERE visit_id = $1
GROUP BY participant_id, flow;

-- name: record_samples
SELECT at_ms, rtt_us, audio_in_bps, audio_out_bps, video_in_bps, video_out_bps, lost_in, lost_out
FROM media_sample
WHERE visit_id = $1 AND participant_id = $2
ORDER BY at_ms, endpoint_id;

-- name: recover_visits
SELECT visit_id FROM visit_course WHERE media_open = 1
UNION
SELECT visit_id FROM participant WHERE is_present = 1;

-- name: recover_last_time
SELECT MAX(at_ms) FROM (
    SELECT MAX(at_ms) AS at_ms FROM visit_event WHERE visit_id = $1
    UNION ALL
    SELECT MAX(at_ms) AS at_ms FROM media_sample WHERE visit_id = $1);

-- name: recover_participants
UPDATE participant SET left_at_ms = $2, is_present = 0 WHERE visit_id = $1 AND is_present = 1;
