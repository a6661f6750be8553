-- SPDX-License-Identifier: Apache-2.0
-- How a visit is to be held; NULL: by video. What was said to be otherwise before it was called, and has still to
-- come, is booked again, and is held so: it was ended by that. What was phoned, or is over, stays as it is.
ALTER TABLE visit ADD COLUMN way TEXT CHECK (way IN ('phone', 'in_person'));

UPDATE visit
SET way = CASE state WHEN 'converted_phone' THEN 'phone' ELSE 'in_person' END, state = 'booked', pool = 0
WHERE state IN ('converted_phone', 'converted_in_person')
  AND ends_at_ms > 1000 * CAST(strftime('%s', 'now') AS INTEGER)
  AND EXISTS (SELECT 1 FROM visit_course o WHERE o.visit_id = visit.id AND o.called_at_ms IS NULL)
  AND NOT EXISTS (SELECT 1 FROM visit_event e
                  WHERE e.visit_id = visit.id AND e.kind = 'phone_shown' AND e.actor = 'doctor');

UPDATE visit_course
SET checked_in_at_ms = NULL, ended_at_ms = NULL, ended_by = NULL
WHERE visit_id IN (SELECT id FROM visit WHERE way IS NOT NULL);
