-- SPDX-License-Identifier: Apache-2.0
-- name: incident_by_key
SELECT i.id, i.was_removed, i.who, i.kind, i.text_sealed, b.until_ms - i.at_ms
FROM incident i
LEFT JOIN booking_block b ON b.incident_id = i.id
WHERE i.visit_id = $1 AND i.request_key = $2;

-- name: incident_insert
INSERT INTO incident (id, visit_id, facility_id, request_key, at_ms, by_role, by_user, who, kind, text_sealed,
                      was_removed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: incident_guest
SELECT id FROM participant WHERE visit_id = $1 AND label = $2;

-- name: incident_is_urgent
SELECT 1 FROM visit_queue WHERE visit_id = $1 AND urgent_at_ms IS NOT NULL;

-- name: incident_block
INSERT INTO booking_block (incident_id, facility_id, phone_index, nik_index, until_ms)
SELECT $1, v.facility_id, v.phone_index, p.nik_index, $3
FROM visit v
JOIN patient p ON p.id = v.patient_id
WHERE v.id = $2;

-- name: incident_unblock
UPDATE booking_block SET lifted_at_ms = $2 WHERE incident_id = $1 AND lifted_at_ms IS NULL;

-- name: incident_is_blocked
SELECT 1
FROM clinic c
JOIN booking_block b ON b.facility_id = c.facility_id
WHERE c.id = $1 AND b.phone_index = $2 AND b.lifted_at_ms IS NULL AND b.until_ms > $4
UNION ALL
SELECT 1
FROM clinic c
JOIN booking_block b ON b.facility_id = c.facility_id
WHERE c.id = $1 AND b.nik_index = $3 AND b.nik_index IS NOT NULL AND b.lifted_at_ms IS NULL AND b.until_ms > $4
LIMIT 1;

-- name: incident_get
SELECT i.id, i.at_ms, i.by_role, i.who, i.kind, i.was_removed, v.code, v.number_text, v.starts_at_ms, f.name,
       c.name, d.name, b.until_ms, b.lifted_at_ms, i.facility_id, i.text_sealed
FROM incident i
JOIN visit v ON v.id = i.visit_id
JOIN facility f ON f.id = i.facility_id
JOIN clinic c ON c.id = v.clinic_id
JOIN practitioner d ON d.id = v.practitioner_id
LEFT JOIN booking_block b ON b.incident_id = i.id
WHERE i.id = $1;

-- Ids rise with time. The newest first.
-- name: incident_list_all
SELECT i.id, i.at_ms, i.by_role, i.who, i.kind, i.was_removed, v.code, v.number_text, v.starts_at_ms, f.name,
       c.name, d.name, b.until_ms, b.lifted_at_ms, i.facility_id
FROM incident i
JOIN visit v ON v.id = i.visit_id
JOIN facility f ON f.id = i.facility_id
JOIN clinic c ON c.id = v.clinic_id
JOIN practitioner d ON d.id = v.practitioner_id
LEFT JOIN booking_block b ON b.incident_id = i.id
WHERE i.id < $1
ORDER BY i.id DESC
LIMIT $2;

-- name: incident_list_of_facility
SELECT i.id, i.at_ms, i.by_role, i.who, i.kind, i.was_removed, v.code, v.number_text, v.starts_at_ms, f.name,
       c.name, d.name, b.until_ms, b.lifted_at_ms, i.facility_id
FROM incident i
JOIN visit v ON v.id = i.visit_id
JOIN facility f ON f.id = i.facility_id
JOIN clinic c ON c.id = v.clinic_id
JOIN practitioner d ON d.id = v.practitioner_id
LEFT JOIN booking_block b ON b.incident_id = i.id
WHERE i.facility_id = $3 AND i.id < $1
ORDER BY i.id DESC
LIMIT $2;

-- name: incident_steps
SELECT step, at_ms, by_role, note_sealed FROM incident_step WHERE incident_id = $1 ORDER BY at_ms, step;

-- name: incident_step_insert
INSERT INTO incident_step (incident_id, step, at_ms, by_role, by_user, note_sealed)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (incident_id, step) DO NOTHING;

-- Few are in this state; of whom not, and why only whether visits were missed, else there was an incident.
-- name: request_list
SELECT v.id, v.code, v.number_text, v.starts_at_ms, v.created_at_ms, f.name, c.name, d.name,
       EXISTS (SELECT 1 FROM visit_event e WHERE e.visit_id = v.id AND e.kind = 'requested' AND e.detail = 'missed')
FROM visit v
JOIN facility f ON f.id = v.facility_id
JOIN clinic c ON c.id = v.clinic_id
JOIN practitioner d ON d.id = v.practitioner_id
WHERE v.state = 'requested' AND v.created_at_ms > 0 AND ($2 IS NULL OR v.facility_id = $2)
ORDER BY v.created_at_ms, v.id
LIMIT $1;

-- Asked for before $1, or such that check-in opens now, which is $2: so many minutes before the start as facility,
-- province or else $3 say.
-- name: request_unanswered
SELECT v.id, v.ends_at_ms
FROM visit v
LEFT JOIN policy f ON f.scope = v.facility_id AND f.rule = 'open_before_minutes'
LEFT JOIN policy p ON p.scope = 'province' AND p.rule = 'open_before_minutes'
WHERE v.state = 'requested' AND v.created_at_ms > 0
  AND (v.created_at_ms <= $1 OR v.starts_at_ms <= $2 + 60000 * COALESCE(f.value, p.value, $3))
ORDER BY v.created_at_ms
LIMIT $4;
