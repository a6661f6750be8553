-- SPDX-License-Identifier: Apache-2.0
-- A doctor's SIP is kept once, as the permit of a facility. What doctors typed for their letters becomes
-- the permit of each facility where they work and none is on record. One that is over is left out: as a
-- permit it would close hours that are open. (The day is WITA's, and of this moment.)
INSERT INTO practice_permit (facility_id, practitioner_id, number, valid_until)
SELECT DISTINCT c.facility_id, l.practitioner_id, l.sip, l.valid_until
FROM licence l
JOIN clinic_member m ON m.practitioner_id = l.practitioner_id AND m.is_active = 1
JOIN clinic c ON c.id = m.clinic_id
WHERE l.valid_until >= date('now', '+8 hours')
  AND NOT EXISTS (SELECT 1 FROM practice_permit p
                  WHERE p.facility_id = c.facility_id AND p.practitioner_id = l.practitioner_id);
DROP TABLE licence;
