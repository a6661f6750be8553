-- SPDX-License-Identifier: Apache-2.0
-- Who can come no more: booked, and check-in has closed.
-- name: no_show_never_came
SELECT id FROM visit WHERE state = 'booked' AND ends_at_ms < $1 ORDER BY ends_at_ms LIMIT $2;

-- Who was called twice or more and did not answer: started before $1, last called before $2.
-- name: no_show_did_not_answer
SELECT v.id
FROM visit v
JOIN visit_course o ON o.visit_id = v.id
WHERE v.state = 'called' AND v.starts_at_ms < $1 AND o.n_calls >= 2 AND o.accepted_at_ms IS NULL
  AND (SELECT MAX(e.at_ms) FROM visit_event e WHERE e.visit_id = v.id AND e.kind = 'called') < $2
ORDER BY v.id
LIMIT $3;
