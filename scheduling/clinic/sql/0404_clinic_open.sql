-- SPDX-License-Identifier: Apache-2.0
-- The clinics in which patients are seen: neither the clinic nor its facility is archived. Whatever gives out or takes on
-- something new asks here; what has happened, and who keeps the places, reads the tables.
CREATE VIEW clinic_open AS
SELECT c.id, c.facility_id, c.name, c.letter, c.wait_mode
FROM clinic c
JOIN facility f ON f.id = c.facility_id
WHERE c.is_active = 1 AND f.is_active = 1;
