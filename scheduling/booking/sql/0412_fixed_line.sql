-- SPDX-License-Identifier: Apache-2.0
-- Whether the telephone is a fixed line, which no message reaches: the patient is to be phoned. NULL: not looked at. The numbers of until now
-- are sealed, so that no SQL knows; of those whose visit is not over the program opens them at its next start, and the index holds what is left.
ALTER TABLE visit ADD COLUMN is_fixed_line INTEGER CHECK (is_fixed_line IN (0, 1));
CREATE INDEX visit_line_unknown ON visit (id)
WHERE is_fixed_line IS NULL AND state IN ('requested', 'booked', 'checked_in', 'called', 'in_call');

DROP VIEW hours_hit_open;
CREATE VIEW hours_hit_open AS
SELECT h.visit_id, v.code, v.number_text, v.starts_at_ms, v.ends_at_ms, v.state, v.local_date, v.clinic_id, c.name AS clinic,
       v.practitioner_id, p.name AS practitioner, f.name AS facility, s.service_id, v.pool, v.is_extra, h.at_ms, n.state AS message_state,
       n.reason AS message_reason, h.practitioner_id AS of_practitioner_id, h.facility_id AS of_facility_id,
       h.starts_at_ms AS hit_starts_at_ms, v.has_phone, v.is_fixed_line
FROM hours_hit h
CROSS JOIN visit v ON v.id = h.visit_id
JOIN clinic c ON c.id = v.clinic_id
JOIN practitioner p ON p.id = v.practitioner_id
JOIN facility f ON f.id = v.facility_id
LEFT JOIN visit_service s ON s.visit_id = v.id
LEFT JOIN notification n ON n.visit_id = h.visit_id AND n.kind = 'hours_changed' AND n.occurrence = h.at_ms
WHERE v.state IN ('requested', 'booked', 'checked_in', 'called');
