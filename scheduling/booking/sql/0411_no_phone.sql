-- SPDX-License-Identifier: Apache-2.0
-- Whether there is a telephone to which something of the visit can be said: of who has none, the sealed number is of nothing. Until now that
-- was so of a post's patients alone. Sealed nothing is 29 bytes (key, nonce, tag), 40 characters; any number is longer.
ALTER TABLE visit ADD COLUMN has_phone INTEGER NOT NULL DEFAULT 1 CHECK (has_phone IN (0, 1));
UPDATE visit SET has_phone = 0 WHERE length(phone_sealed) = 40;

DROP VIEW hours_hit_open;
CREATE VIEW hours_hit_open AS
SELECT h.visit_id, v.code, v.number_text, v.starts_at_ms, v.ends_at_ms, v.state, v.local_date, v.clinic_id, c.name AS clinic,
       v.practitioner_id, p.name AS practitioner, f.name AS facility, s.service_id, v.pool, v.is_extra, h.at_ms, n.state AS message_state,
       n.reason AS message_reason, h.practitioner_id AS of_practitioner_id, h.facility_id AS of_facility_id,
       h.starts_at_ms AS hit_starts_at_ms, v.has_phone
FROM hours_hit h
CROSS JOIN visit v ON v.id = h.visit_id
JOIN clinic c ON c.id = v.clinic_id
JOIN practitioner p ON p.id = v.practitioner_id
JOIN facility f ON f.id = v.facility_id
LEFT JOIN visit_service s ON s.visit_id = v.id
LEFT JOIN notification n ON n.visit_id = h.visit_id AND n.kind = 'hours_changed' AND n.occurrence = h.at_ms
WHERE v.state IN ('requested', 'booked', 'checked_in', 'called');
