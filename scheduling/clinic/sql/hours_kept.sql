-- SPDX-License-Identifier: Apache-2.0
-- Bookings that were kept though a change of hours left them without a place.
-- name: hours_hit_put
INSERT INTO hours_hit (visit_id, facility_id, practitioner_id, starts_at_ms, at_ms) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (visit_id) DO UPDATE SET at_ms = excluded.at_ms;

-- name: hours_hit_get
SELECT h.at_ms, h.facility_id, h.practitioner_id, v.state, v.practitioner_id, v.local_date
FROM hours_hit h
JOIN visit v ON v.id = h.visit_id
WHERE h.visit_id = $1;

-- name: hours_hit_message
SELECT state FROM notification WHERE visit_id = $1 AND kind = 'hours_changed' AND occurrence = $2;

-- Those that are still to come, of doctor $1, and what became of the message to their patients.
-- name: hours_hits_of_practitioner
SELECT h.visit_id, v.code, v.number_text, v.starts_at_ms, v.ends_at_ms, v.state, v.local_date, v.clinic_id, c.name,
       v.practitioner_id, p.name, f.name, s.service_id, v.pool, v.is_extra, h.at_ms, n.state, n.reason
FROM hours_hit h
CROSS JOIN visit v ON v.id = h.visit_id
JOIN clinic c ON c.id = v.clinic_id
JOIN practitioner p ON p.id = v.practitioner_id
JOIN facility f ON f.id = v.facility_id
LEFT JOIN visit_service s ON s.visit_id = v.id
LEFT JOIN notification n ON n.visit_id = h.visit_id AND n.kind = 'hours_changed' AND n.occurrence = h.at_ms
WHERE h.practitioner_id = $1 AND h.starts_at_ms >= $2
  AND v.state IN ('requested', 'booked', 'checked_in', 'called')
ORDER BY h.starts_at_ms, h.visit_id
LIMIT 2000;

-- And of a facility.
-- name: hours_hits_of_facility
SELECT h.visit_id, v.code, v.number_text, v.starts_at_ms, v.ends_at_ms, v.state, v.local_date, v.clinic_id, c.name,
       v.practitioner_id, p.name, f.name, s.service_id, v.pool, v.is_extra, h.at_ms, n.state, n.reason
FROM hours_hit h
CROSS JOIN visit v ON v.id = h.visit_id
JOIN clinic c ON c.id = v.clinic_id
JOIN practitioner p ON p.id = v.practitioner_id
JOIN facility f ON f.id = v.facility_id
LEFT JOIN visit_service s ON s.visit_id = v.id
LEFT JOIN notification n ON n.visit_id = h.visit_id AND n.kind = 'hours_changed' AND n.occurrence = h.at_ms
WHERE h.facility_id = $1 AND h.starts_at_ms >= $2
  AND v.state IN ('requested', 'booked', 'checked_in', 'called')
ORDER BY h.starts_at_ms, h.visit_id
LIMIT 2000;

-- And of all.
-- name: hours_hits_of_all
SELECT h.visit_id, v.code, v.number_text, v.starts_at_ms, v.ends_at_ms, v.state, v.local_date, v.clinic_id, c.name,
       v.practitioner_id, p.name, f.name, s.service_id, v.pool, v.is_extra, h.at_ms, n.state, n.reason
FROM hours_hit h
CROSS JOIN visit v ON v.id = h.visit_id
JOIN clinic c ON c.id = v.clinic_id
JOIN practitioner p ON p.id = v.practitioner_id
JOIN facility f ON f.id = v.facility_id
LEFT JOIN visit_service s ON s.visit_id = v.id
LEFT JOIN notification n ON n.visit_id = h.visit_id AND n.kind = 'hours_changed' AND n.occurrence = h.at_ms
WHERE h.starts_at_ms >= $1
  AND v.state IN ('requested', 'booked', 'checked_in', 'called')
ORDER BY h.starts_at_ms, h.visit_id
LIMIT 2000;
