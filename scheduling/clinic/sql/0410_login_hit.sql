-- SPDX-License-Identifier: Apache-2.0
-- Who is still to come to a doctor whose account was disabled before anybody was asked about the bookings: as if kept
-- silently then, so that staff find them, and so that they end as the clinic's absence. Not who is booked for whichever
-- doctor of a clinic in which another one sees patients.
INSERT INTO hours_hit (visit_id, facility_id, practitioner_id, starts_at_ms, at_ms)
SELECT v.id, v.facility_id, v.practitioner_id, v.starts_at_ms, 1000 * CAST(strftime('%s', 'now') AS INTEGER)
FROM login_disabled x
JOIN practitioner p ON p.user_id = x.user_id
JOIN visit v ON v.practitioner_id = p.id
WHERE v.state IN ('requested', 'booked') AND v.starts_at_ms > 1000 * CAST(strftime('%s', 'now') AS INTEGER)
  AND (v.pool = 0 OR v.group_id IS NOT NULL
       OR NOT EXISTS (SELECT 1 FROM clinic_member m
                      JOIN practitioner o ON o.id = m.practitioner_id
                      WHERE m.clinic_id = v.clinic_id AND m.is_active = 1 AND o.id <> p.id
                        AND NOT EXISTS (SELECT 1 FROM login_disabled y WHERE y.user_id = o.user_id)))
ON CONFLICT (visit_id) DO NOTHING;
