-- SPDX-License-Identifier: Apache-2.0
-- Bookings that were kept though a change of hours left them without a place.
-- name: hours_hit_put
INSERT INTO hours_hit (visit_id, facility_id, practitioner_id, starts_at_ms, at_ms) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (visit_id) DO UPDATE SET at_ms = excluded.at_ms;

-- name: hours_hit_get
SELECT h.at_ms, h.facility_id, h.practitioner_id, v.state, v.practitioner_id, v.local_date, v.has_phone
FROM hours_hit h
JOIN visit v ON v.id = h.visit_id
WHERE h.visit_id = $1;

-- name: hours_hit_message
SELECT state FROM notification WHERE visit_id = $1 AND kind = 'hours_changed' AND occurrence = $2;

-- name: hours_hit_message_waits
SELECT 1
FROM hours_hit h
CROSS JOIN notification n ON n.visit_id = h.visit_id AND n.kind = 'hours_changed' AND n.occurrence = h.at_ms
WHERE h.visit_id = $1 AND n.state = 'waiting';

-- When the patient was last told that the visit has no place since the change: by the message of it, or by one that then had its
-- words; one that the driver has in hand may be out.
-- name: hours_hit_told
SELECT MAX(COALESCE(n.ended_at_ms, n.lease_until_ms))
FROM hours_hit h
CROSS JOIN notification n ON n.visit_id = h.visit_id
WHERE h.visit_id = $1
  AND (n.state = 'sent' OR (n.state = 'waiting' AND n.lease_until_ms IS NOT NULL))
  AND ((n.kind = 'hours_changed' AND n.occurrence = h.at_ms)
       OR (n.reason = 'asked' AND COALESCE(n.ended_at_ms, n.lease_until_ms) > h.at_ms));

-- Those from $2 on that are not over, of doctor $1, and what became of the message to their patients.
-- name: hours_hits_of_practitioner
SELECT visit_id, code, number_text, starts_at_ms, ends_at_ms, state, local_date, clinic_id, clinic, practitioner_id, practitioner,
       facility, service_id, pool, is_extra, at_ms, message_state, message_reason, has_phone,
       is_fixed_line
FROM hours_hit_open
WHERE of_practitioner_id = $1 AND hit_starts_at_ms >= $2
ORDER BY hit_starts_at_ms, visit_id
LIMIT 2000;

-- And of a facility.
-- name: hours_hits_of_facility
SELECT visit_id, code, number_text, starts_at_ms, ends_at_ms, state, local_date, clinic_id, clinic, practitioner_id, practitioner,
       facility, service_id, pool, is_extra, at_ms, message_state, message_reason, has_phone,
       is_fixed_line
FROM hours_hit_open
WHERE of_facility_id = $1 AND hit_starts_at_ms >= $2
ORDER BY hit_starts_at_ms, visit_id
LIMIT 2000;

-- And of all.
-- name: hours_hits_of_all
SELECT visit_id, code, number_text, starts_at_ms, ends_at_ms, state, local_date, clinic_id, clinic, practitioner_id, practitioner,
       facility, service_id, pool, is_extra, at_ms, message_state, message_reason, has_phone,
       is_fixed_line
FROM hours_hit_open
WHERE hit_starts_at_ms >= $1
ORDER BY hit_starts_at_ms, visit_id
LIMIT 2000;
