-- SPDX-License-Identifier: Apache-2.0
-- name: consult_by_key
SELECT c.id, c.state, p.hash, c.urgency, c.to_clinic_id, c.to_practitioner_id, c.to_facility_id, c.visit_id
FROM consult c
JOIN consult_post p ON p.consult_id = c.id AND p.request_key = c.request_key
WHERE c.asker_id = $1 AND c.request_key = $2;

-- name: consult_count_running
SELECT COUNT(*) FROM consult WHERE asker_id = $1 AND state IN ('open', 'taken', 'asked_back', 'answered');

-- name: consult_clinic
SELECT facility_id FROM clinic_open WHERE id = $1;

-- name: consult_facility
SELECT id FROM facility WHERE id = $1 AND is_active = 1;

-- Where a doctor works.
-- name: consult_facilities_of
SELECT DISTINCT c.facility_id
FROM clinic_member m
JOIN clinic_open c ON c.id = m.clinic_id
JOIN practitioner p ON p.id = m.practitioner_id
WHERE m.practitioner_id = $1 AND m.is_active = 1 AND p.is_active = 1
ORDER BY c.facility_id;

-- Who may take a question: a doctor who is named, those of a clinic, or all of a facility; who can log in.
-- name: consult_answerers
SELECT DISTINCT p.id
FROM clinic_open c
JOIN clinic_member m ON m.clinic_id = c.id
JOIN practitioner p ON p.id = m.practitioner_id
WHERE c.facility_id = $1 AND ($2 IS NULL OR c.id = $2) AND ($3 IS NULL OR p.id = $3)
  AND m.is_active = 1 AND p.is_active = 1 AND p.user_id IS NOT NULL AND p.id <> $4
  AND NOT EXISTS (SELECT 1 FROM login_disabled x WHERE x.user_id = p.user_id);

-- name: consult_insert
INSERT INTO consult (id, asker_id, request_key, from_facility_id, visit_id, to_facility_id, to_clinic_id,
                     to_practitioner_id, urgency, state, asked_at_ms, due_at_ms, changed_at_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', $10, $11, $10);

-- name: consult_row
SELECT id, asker_id, from_facility_id, visit_id, to_facility_id, to_clinic_id, to_practitioner_id, urgency, state,
       expert_id, asked_at_ms, due_at_ms, first_answer_at_ms, escalated_at_ms
FROM consult WHERE id = $1;

-- Nobody but who finds it open has it.
-- name: consult_take
UPDATE consult SET state = 'taken', expert_id = $2, changed_at_ms = $3 WHERE id = $1 AND state = 'open';

-- name: consult_open_again
UPDATE consult SET state = 'open', expert_id = NULL, changed_at_ms = $2
WHERE id = $1 AND state IN ('taken', 'asked_back');

-- name: consult_set_state
UPDATE consult SET state = $2, changed_at_ms = $3 WHERE id = $1;

-- name: consult_answered
UPDATE consult
SET state = 'answered', changed_at_ms = $2, first_answer_at_ms = COALESCE(first_answer_at_ms, $2)
WHERE id = $1;

-- The clock of a question runs anew: it is asked again, or the asker has said what was asked back.
-- name: consult_wish
UPDATE consult SET state = 'taken', changed_at_ms = $2, due_at_ms = $3, escalated_at_ms = NULL WHERE id = $1;

-- name: consult_shared_insert
INSERT INTO consult_shared (consult_id, position, part, text_sealed) VALUES ($1, $2, $3, $4);

-- name: consult_shared
SELECT part, text_sealed FROM consult_shared WHERE consult_id = $1 ORDER BY position;

-- name: consult_post_insert
INSERT INTO consult_post (id, consult_id, request_key, author_id, kind, at_ms, text_sealed, recommendation_sealed,
                          refer, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: consult_post_by_key
SELECT hash FROM consult_post WHERE consult_id = $1 AND request_key = $2;

-- name: consult_post_count
SELECT COUNT(*) FROM consult_post WHERE consult_id = $1;

-- name: consult_posts
SELECT p.id, p.kind, p.at_ms, p.text_sealed, p.recommendation_sealed, p.refer, a.name
FROM consult_post p
JOIN practitioner a ON a.id = p.author_id
WHERE p.consult_id = $1
ORDER BY p.at_ms, p.rowid;

-- name: consult_step_insert
INSERT INTO consult_step (consult_id, at_ms, step, by_practitioner) VALUES ($1, $2, $3, $4);

-- name: consult_steps
SELECT s.step, s.at_ms, p.name
FROM consult_step s
LEFT JOIN practitioner p ON p.id = s.by_practitioner
WHERE s.consult_id = $1
ORDER BY s.at_ms, s.rowid;

-- name: consult_attachment_known
SELECT owner_id, hash FROM consult_attachment WHERE id = $1;

-- name: consult_attachment_count_loose
SELECT COUNT(*) FROM consult_attachment WHERE owner_id = $1 AND post_id IS NULL;

-- name: consult_attachment_insert
INSERT INTO consult_attachment (id, owner_id, type, n_bytes, hash, data_sealed, added_at_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: consult_attachment_bind
UPDATE consult_attachment SET post_id = $3 WHERE id = $1 AND owner_id = $2 AND post_id IS NULL;

-- name: consult_attachments
SELECT id, type, n_bytes FROM consult_attachment WHERE post_id = $1 ORDER BY added_at_ms, id;

-- name: consult_attachment_get
SELECT a.type, a.data_sealed
FROM consult_attachment a
JOIN consult_post p ON p.id = a.post_id
WHERE a.id = $1 AND p.consult_id = $2;

-- What belongs to no question: its page was left before it was asked.
-- name: consult_attachment_old
SELECT id FROM consult_attachment WHERE post_id IS NULL AND added_at_ms <= $1 ORDER BY added_at_ms LIMIT $2;

-- name: consult_attachment_delete
DELETE FROM consult_attachment WHERE id = $1 AND post_id IS NULL;

-- What lists show: no words and no patient. Ids rise with time.
-- name: consult_item
SELECT c.id, c.visit_id, c.urgency, c.state, c.asked_at_ms, c.due_at_ms, c.first_answer_at_ms, c.escalated_at_ms,
       c.changed_at_ms, a.name, ff.name, tf.name, tc.name, tp.name, e.name,
       (SELECT COUNT(*) FROM consult_attachment x JOIN consult_post p ON p.id = x.post_id WHERE p.consult_id = c.id),
       c.asker_id, c.expert_id, tf.id, tf.phone
FROM consult c
JOIN practitioner a ON a.id = c.asker_id
JOIN facility ff ON ff.id = c.from_facility_id
JOIN facility tf ON tf.id = c.to_facility_id
LEFT JOIN clinic tc ON tc.id = c.to_clinic_id
LEFT JOIN practitioner tp ON tp.id = c.to_practitioner_id
LEFT JOIN practitioner e ON e.id = c.expert_id
WHERE c.id = $1;

-- name: consult_list_asked
SELECT id FROM consult WHERE asker_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3;

-- name: consult_list_taken
SELECT id FROM consult
WHERE expert_id = $1 AND id < $2 AND state IN ('taken', 'asked_back', 'answered', 'closed')
ORDER BY id DESC
LIMIT $3;

-- Few are open at a time. Those whose time is over first.
-- name: consult_list_open
SELECT c.id
FROM consult c
WHERE c.state = 'open' AND c.asker_id <> $1 AND c.to_practitioner_id IS NULL
  AND c.to_facility_id IN (SELECT k.facility_id FROM clinic_member m JOIN clinic_open k ON k.id = m.clinic_id
                           WHERE m.practitioner_id = $1 AND m.is_active = 1)
  AND (c.to_clinic_id IS NULL
       OR EXISTS (SELECT 1 FROM clinic_member o WHERE o.clinic_id = c.to_clinic_id AND o.practitioner_id = $1
                  AND o.is_active = 1))
UNION ALL
SELECT d.id FROM consult d WHERE d.state = 'open' AND d.to_practitioner_id = $1
LIMIT $2;

-- name: consult_list_late
SELECT id FROM consult
WHERE escalated_at_ms IS NOT NULL AND state IN ('open', 'taken', 'asked_back') AND to_facility_id = $1
ORDER BY due_at_ms
LIMIT $2;

-- name: consult_list_late_all
SELECT id FROM consult
WHERE escalated_at_ms IS NOT NULL AND state IN ('open', 'taken', 'asked_back') AND to_facility_id > ''
ORDER BY to_facility_id, due_at_ms
LIMIT $1;

-- name: consult_waiting_asked
SELECT COUNT(*) FROM consult WHERE asker_id = $1 AND state IN ('asked_back', 'answered');

-- name: consult_waiting_taken
SELECT COUNT(*) FROM consult WHERE expert_id = $1 AND state = 'taken';

-- name: consult_overdue
SELECT id FROM consult
WHERE state IN ('open', 'taken') AND escalated_at_ms IS NULL AND due_at_ms <= $1
ORDER BY due_at_ms
LIMIT $2;

-- name: consult_escalate
UPDATE consult SET escalated_at_ms = $2
WHERE id = $1 AND state IN ('open', 'taken') AND escalated_at_ms IS NULL AND due_at_ms <= $2;

-- By the facility that was asked. late: the first answer, or none by now, came after its time.
-- name: consult_report
SELECT f.id, f.name, c.state, c.asked_at_ms, c.first_answer_at_ms, c.urgency
FROM consult c
JOIN facility f ON f.id = c.to_facility_id
WHERE c.asked_at_ms >= $1 AND c.asked_at_ms < $2
ORDER BY f.name, f.id;
