-- SPDX-License-Identifier: Apache-2.0
-- Not to who was taken down at a post: staff are there. WHERE: or SQLite takes ON for a join's.
-- name: notification_add
INSERT INTO notification (id, visit_id, kind, occurrence, due_at_ms, created_at_ms)
SELECT $1, $2, $3, $4, $5, $6
WHERE NOT EXISTS (SELECT 1 FROM outreach_entry WHERE visit_id = $2)
  AND EXISTS (SELECT 1 FROM visit WHERE id = $2 AND has_phone = 1)
ON CONFLICT (visit_id, kind, occurrence) DO NOTHING;

-- What is due and nobody has claimed, or not any more.
-- name: notification_due
SELECT id FROM notification
WHERE state = 'waiting' AND due_at_ms <= $1 AND (lease_until_ms IS NULL OR lease_until_ms <= $1)
ORDER BY due_at_ms, id
LIMIT $2;

-- name: notification_facts
SELECT m.kind, m.occurrence, m.created_at_ms, m.n_attempts, v.id, v.state, v.starts_at_ms, v.ends_at_ms, v.lang,
       v.number_text, v.phone_sealed, v.slot_of IS NULL, f.name, f.phone, a.id, w.to_visit_id IS NOT NULL,
       l.said_at_ms, l.minutes, v.facility_id, f.address, COALESCE(v.way, 'video'),
       m.kind = 'letter' AND EXISTS (SELECT 1 FROM letter WHERE visit_id = v.id AND revoked_at_ms IS NULL),
       m.kind = 'letter' AND 0 = (SELECT MAX(sha256 IS NOT NULL) FROM letter
                                  WHERE visit_id = v.id AND revoked_at_ms IS NULL AND issued_at_ms >= m.occurrence),
       CASE WHEN m.kind = 'soon' AND m.reason = 'late' THEN m.due_at_ms END
FROM notification m
JOIN visit v ON v.id = m.visit_id
JOIN facility f ON f.id = v.facility_id
JOIN participant a ON a.visit_id = v.id AND a.role = 'patient'
LEFT JOIN visit_move w ON w.from_visit_id = v.id
LEFT JOIN doctor_late l ON l.practitioner_id = v.practitioner_id AND l.local_date = v.local_date
WHERE m.id = $1;

-- One that is under way goes where it was sent.
-- name: notification_waits
SELECT 1 FROM notification
WHERE visit_id = $1 AND kind = $2 AND state = 'waiting' AND (lease_until_ms IS NULL OR lease_until_ms <= $3);

-- They came, or did not; or they were spoken with.
-- name: notification_came_is_said
SELECT 1 FROM visit_came WHERE visit_id = $1
UNION ALL
SELECT 1 FROM letter WHERE visit_id = $1
UNION ALL
SELECT 1 FROM note WHERE visit_id = $1 AND signed_at_ms IS NOT NULL
LIMIT 1;

-- name: notification_letter_holds
SELECT 1 FROM letter WHERE visit_id = $1 AND revoked_at_ms IS NULL LIMIT 1;

-- Without a file nobody could open it.
-- name: notification_letter_revoked
SELECT 1 FROM letter WHERE visit_id = $1 AND revoked_at_ms > $2 AND sha256 IS NOT NULL LIMIT 1;

-- Where there is no telephone none is written down. Not dropped: there may be one again, and reminders with it.
-- name: notification_take_back
DELETE FROM notification WHERE visit_id = $1 AND state = 'waiting';

-- name: notification_letter_waits
SELECT 1 FROM notification WHERE visit_id = $1 AND kind = 'letter' AND state = 'waiting' AND n_attempts = 0;

-- $3: 'asked', of one that asks to choose another time in place of its own words.
-- name: notification_lease
UPDATE notification SET lease_until_ms = $2, n_attempts = n_attempts + 1, reason = $3
WHERE id = $1 AND state = 'waiting';

-- Tried again, or for the first time, later.
-- name: notification_postpone
UPDATE notification SET due_at_ms = $2, lease_until_ms = NULL, reason = $3
WHERE id = $1 AND state = 'waiting';

-- The same was said anew since, to another number (or is so, with what is new): not twice.
-- name: notification_is_said_anew
SELECT 1 FROM notification own
JOIN notification m ON m.visit_id = own.visit_id AND m.id > own.id
WHERE own.id = $1 AND (m.kind = own.kind OR (own.kind = 'moved' AND m.kind = 'booked'));

-- name: notification_end
UPDATE notification
SET state = $2, reason = COALESCE($3, CASE WHEN $2 = 'sent' AND reason = 'asked' THEN reason END), ended_at_ms = $4,
    lease_until_ms = NULL
WHERE id = $1 AND state = 'waiting';

-- Who has called somebody or talks, on this day or the one before. Few are in those states; +: not all of the day are read.
-- name: next_doctors
SELECT DISTINCT practitioner_id FROM visit
WHERE state IN ('called', 'in_call') AND +local_date IN ($1, $2)
ORDER BY practitioner_id;
