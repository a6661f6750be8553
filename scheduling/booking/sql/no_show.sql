-- SPDX-License-Identifier: Apache-2.0
-- Who can come no more: booked, not to be phoned, and check-in has closed. It closes so many minutes after the end as facility, province
-- or else $2 say, and by so much later as its doctor said to be; $1 is now. No visit of which that is not so ended long ago: few rows are looked at in vain.
-- name: no_show_never_came
SELECT v.id
FROM visit v
LEFT JOIN policy f ON f.scope = v.facility_id AND f.rule = 'open_after_minutes'
LEFT JOIN policy p ON p.scope = 'province' AND p.rule = 'open_after_minutes'
LEFT JOIN doctor_late l ON l.practitioner_id = v.practitioner_id AND l.local_date = v.local_date
    AND (v.pool = 0 OR NOT EXISTS (SELECT 1 FROM clinic_member m
                                   WHERE m.clinic_id = v.clinic_id AND m.practitioner_id <> v.practitioner_id
                                     AND m.is_active = 1))
WHERE v.state = 'booked' AND v.way IS NOT 'phone' AND v.ends_at_ms < $1
  AND v.ends_at_ms < $1 - 60000 * (COALESCE(f.value, p.value, $2) + COALESCE(l.minutes, 0))
  AND COALESCE(l.until_ms, 0) < $1
ORDER BY v.ends_at_ms
LIMIT $3;

-- On how many days since $3 visits of the facility of clinic $1 were missed that telephone $2 had booked. Two on one
-- day may be one bad day.
-- name: request_missed_days
SELECT COUNT(DISTINCT v.local_date)
FROM clinic c
CROSS JOIN visit v ON v.facility_id = c.facility_id
WHERE c.id = $1 AND v.phone_index = $2 AND v.state = 'no_show_patient' AND v.starts_at_ms > $3;

-- Who was called twice or more and did not answer (who is seen at the facility answers nothing): its time (of an order number the session's begin)
-- came so many minutes before $1, which is now, as facility, province or else $2 say; last called before $3. IN: the words of the index.
-- name: no_show_did_not_answer
SELECT v.id
FROM visit v
JOIN visit_course o ON o.visit_id = v.id
LEFT JOIN visit_session s ON s.visit_id = v.id
LEFT JOIN policy f ON f.scope = v.facility_id AND f.rule = 'no_show_minutes'
LEFT JOIN policy p ON p.scope = 'province' AND p.rule = 'no_show_minutes'
WHERE v.state = 'called' AND v.state IN ('called', 'in_call') AND v.way IS NULL
  AND COALESCE(s.starts_at_ms, v.starts_at_ms) < $1 - 60000 * COALESCE(f.value, p.value, $2) AND o.n_calls >= 2 AND o.accepted_at_ms IS NULL
  AND (SELECT MAX(e.at_ms) FROM visit_event e WHERE e.visit_id = v.id AND e.kind = 'called') < $3
ORDER BY v.id
LIMIT $4;
