-- SPDX-License-Identifier: Apache-2.0
-- What is asked of a clinic's day says state <> 'booked' as well where its state says so already: the index
-- visit_clinic_day holds those alone, and SQLite finds that only in the index's own words.
-- CASE WHEN .. THEN EXISTS, not AND EXISTS, in what a row is read for: of an AND that is a column SQLite computes both sides.

-- name: visit_row
SELECT v.id, v.practitioner_id, v.clinic_id, v.facility_id, v.local_date, v.state,
       v.starts_at_ms, v.ends_at_ms, o.accepted_at_ms, o.ended_at_ms, o.n_calls, v.pool,
       v.slot_of IS NULL, v.group_id, (SELECT session_id FROM outreach_entry WHERE visit_id = v.id),
       COALESCE(v.way, 'video'), COALESCE(e.starts_at_ms, v.starts_at_ms), v.has_phone, v.is_fixed_line
FROM visit v
JOIN visit_course o ON o.visit_id = v.id
LEFT JOIN visit_session e ON e.visit_id = v.id
WHERE v.id = $1;

-- name: visit_set_state
UPDATE visit SET state = $2 WHERE id = $1;

-- NULL, $2: by video. Who is phoned, or comes, has a doctor by name.
-- name: visit_set_way
UPDATE visit SET way = $2, pool = CASE WHEN $2 IS NULL THEN pool ELSE 0 END WHERE id = $1;

-- Who waited for another way does not wait any more.
-- name: visit_course_unwait
UPDATE visit_course SET checked_in_at_ms = NULL WHERE visit_id = $1;

-- The number that there is now was asked for by the doctor since it was said that the visit is by telephone, within half a
-- day of its time: not to ask whether that suits.
-- name: visit_was_phoned
SELECT 1 FROM visit v
JOIN visit_event e ON e.visit_id = v.id
WHERE v.id = $1 AND e.kind = 'phone_shown' AND e.actor = 'doctor' AND e.at_ms > v.starts_at_ms - 43200000
  AND e.id > COALESCE((SELECT MAX(s.id) FROM visit_event s WHERE s.visit_id = v.id AND s.kind IN ('converted_phone', 'phone_changed')), 0)
LIMIT 1;

-- Whether both sides were in a call, or the doctor has asked for the patient's telephone number, or staff say that the
-- patient came.
-- name: visit_was_met
SELECT 1 FROM visit_event
WHERE visit_id = $1 AND (kind = 'in_call' OR (kind = 'phone_shown' AND actor = 'doctor'))
UNION ALL
SELECT 1 FROM visit_came WHERE visit_id = $1 AND came = 1
LIMIT 1;

-- name: visit_course_step
UPDATE visit_course
SET checked_in_at_ms = COALESCE(checked_in_at_ms, $2),
    called_at_ms = COALESCE(called_at_ms, $3),
    in_call_at_ms = COALESCE(in_call_at_ms, $4),
    n_calls = $5,
    ended_at_ms = COALESCE(ended_at_ms, $6),
    ended_by = COALESCE(ended_by, $7)
WHERE visit_id = $1;

-- name: visit_course_accept
UPDATE visit_course SET accepted_at_ms = COALESCE(accepted_at_ms, $2) WHERE visit_id = $1;

-- name: visit_view
SELECT v.id, v.code, v.number_text, v.state, v.starts_at_ms, v.ends_at_ms, f.name, c.name, d.name,
       f.phone, p.name, v.lang, o.ended_at_ms, o.ended_by, v.practitioner_id, v.facility_id,
       v.local_date, o.checked_in_at_ms,
       COALESCE((SELECT MAX(id) FROM visit_event), 0) + COALESCE((SELECT MAX(id) FROM audit), 0), s.place,
       s.starts_at_ms, s.ends_at_ms, v.clinic_id, v.pool, v.slot_of IS NULL, e.service_id, e.name,
       e.mode, (SELECT told_at_ms FROM unanswered WHERE visit_id = v.id AND answered_at_ms IS NULL),
       v.is_extra, v.group_id, v.group_place, v.group_name, g.title,
       COALESCE((SELECT t.how <> 'withdrawn' AND t.version <> $2 FROM consent t WHERE t.visit_id = v.id
                 ORDER BY t.id DESC LIMIT 1), 1),
       COALESCE(v.way, 'video'), f.address
FROM visit v
JOIN visit_course o ON o.visit_id = v.id
LEFT JOIN visit_session s ON s.visit_id = v.id
LEFT JOIN visit_service e ON e.visit_id = v.id
LEFT JOIN group_session g ON g.id = v.group_id
JOIN patient own ON own.id = v.patient_id
JOIN patient p ON p.id = own.person_id
JOIN clinic c ON c.id = v.clinic_id
JOIN facility f ON f.id = v.facility_id
JOIN practitioner d ON d.id = v.practitioner_id
WHERE v.id = $1;

-- Who waits: where, for whom (NULL: any doctor of the clinic), on which day.
-- name: other_doctor_waiting
SELECT v.clinic_id, v.facility_id, CASE WHEN v.pool = 1 AND v.group_id IS NULL THEN NULL ELSE v.practitioner_id END,
       v.local_date, q.urgent_at_ms IS NOT NULL,
       EXISTS (SELECT 1 FROM outreach_entry WHERE visit_id = v.id)
       OR EXISTS (SELECT 1 FROM visit_service WHERE visit_id = v.id AND mode = 'assisted')
FROM visit v
LEFT JOIN visit_queue q ON q.visit_id = v.id
WHERE v.id = $1 AND v.state = 'checked_in';

-- name: visit_participants
SELECT id, role, label FROM participant WHERE visit_id = $1 ORDER BY role DESC, id;

-- Whose place a change of this doctor's or this clinic's visits may move, of day $2 and of the days beside it, $5 and $6; columns as those of visit_view.
-- name: visit_waiting
SELECT v.id, v.code, v.number_text, v.state, v.starts_at_ms, v.ends_at_ms, f.name, c.name, d.name,
       f.phone, p.name, v.lang, o.ended_at_ms, o.ended_by, v.practitioner_id, v.facility_id,
       v.local_date, o.checked_in_at_ms,
       COALESCE((SELECT MAX(id) FROM visit_event), 0) + COALESCE((SELECT MAX(id) FROM audit), 0), s.place,
       s.starts_at_ms, s.ends_at_ms, v.clinic_id, v.pool, v.slot_of IS NULL, e.service_id, e.name,
       e.mode, (SELECT told_at_ms FROM unanswered WHERE visit_id = v.id AND answered_at_ms IS NULL),
       v.is_extra, v.group_id, v.group_place, v.group_name, g.title,
       COALESCE((SELECT t.how <> 'withdrawn' AND t.version <> $4 FROM consent t WHERE t.visit_id = v.id
                 ORDER BY t.id DESC LIMIT 1), 1),
       COALESCE(v.way, 'video'), f.address
FROM visit v
JOIN visit_course o ON o.visit_id = v.id
LEFT JOIN visit_session s ON s.visit_id = v.id
LEFT JOIN visit_service e ON e.visit_id = v.id
LEFT JOIN group_session g ON g.id = v.group_id
JOIN patient own ON own.id = v.patient_id
JOIN patient p ON p.id = own.person_id
JOIN clinic c ON c.id = v.clinic_id
JOIN facility f ON f.id = v.facility_id
JOIN practitioner d ON d.id = v.practitioner_id
WHERE v.id IN (
    SELECT id FROM visit WHERE practitioner_id = $1 AND local_date IN ($2, $5, $6) AND state = 'checked_in'
    UNION
    SELECT id FROM visit
    WHERE clinic_id = $3 AND local_date IN ($2, $5, $6) AND state = 'checked_in' AND state <> 'booked')
ORDER BY v.starts_at_ms, v.id;

-- Of day $2, and who waits, is to be phoned, called or in a call since the day before, $5.
-- A doctor's own, and those of the doctor's clinics that anybody there may call. CROSS JOIN: clinics first, or all
-- visits of the day in the province are read.
-- name: day_of_practitioner
SELECT v.id, v.code, v.number_text, v.state, p.name, p.birth_date, p.sex, d.name, c.name,
       v.starts_at_ms, v.ends_at_ms, o.checked_in_at_ms, a.is_present, v.practitioner_id,
       v.clinic_id, v.pool, v.slot_of IS NULL, q.is_delayed, q.urgent_at_ms, e.name,
       CASE WHEN EXISTS (SELECT 1 FROM outreach_entry WHERE visit_id = v.id) THEN 'assisted' ELSE e.mode END,
       e.service_id,
       (SELECT CASE WHEN t.how <> 'withdrawn' AND t.version <> $3
                         AND v.state IN ('requested', 'booked', 'checked_in', 'called', 'in_call') THEN NULL
                    ELSE t.how END
        FROM consent t WHERE t.visit_id = v.id ORDER BY t.id DESC LIMIT 1),
       p.nik_index IS NOT NULL, v.facility_id,
       (SELECT since_ms FROM unanswered WHERE visit_id = v.id AND answered_at_ms IS NULL),
       CASE WHEN v.state IN ('requested', 'booked', 'checked_in', 'called', 'in_call') THEN EXISTS (
           SELECT 1 FROM patient n
           CROSS JOIN visit w ON w.patient_id = n.id
           WHERE n.id IN (SELECT id FROM patient WHERE person_id = p.id
                          UNION SELECT id FROM patient WHERE nik_index = p.nik_index)
             AND w.id <> v.id AND w.state IN ('requested', 'booked', 'checked_in', 'called', 'in_call')
             AND w.starts_at_ms BETWEEN v.starts_at_ms - 86400000 AND v.ends_at_ms - 1 AND w.ends_at_ms > v.starts_at_ms)
            ELSE 0 END,
       v.is_extra, k.name, k.relation, v.group_id, g.title, a.id, v.lang,
       EXISTS (SELECT 1 FROM participant i
               JOIN join_token t ON t.participant_id = i.id
               WHERE i.visit_id = v.id AND i.label = 'interpreter' AND t.revoked_at_ms IS NULL),
       EXISTS (SELECT 1 FROM patient n
               CROSS JOIN visit w ON w.patient_id = n.id
               WHERE n.person_id = p.id AND w.starts_at_ms < v.starts_at_ms AND w.state = 'done'
                 AND w.facility_id = v.facility_id),
       COALESCE((SELECT reason FROM visit_reason WHERE visit_id = v.id),
                (SELECT substr(reason, 1, 200) FROM outreach_entry WHERE visit_id = v.id)),
       CASE WHEN v.way = 'phone' AND v.state = 'booked' THEN NOT EXISTS (
           SELECT 1 FROM visit_event h
           WHERE h.visit_id = v.id AND h.kind = 'phone_shown' AND h.actor = 'doctor' AND h.at_ms > v.starts_at_ms - 43200000
             AND h.id > COALESCE((SELECT MAX(s.id) FROM visit_event s
                                  WHERE s.visit_id = v.id AND s.kind IN ('converted_phone', 'phone_changed')), 0))
            ELSE 0 END,
       COALESCE(v.way, 'video'), (SELECT came FROM visit_came WHERE visit_id = v.id),
       COALESCE((SELECT starts_at_ms FROM visit_session WHERE visit_id = v.id), v.starts_at_ms),
       EXISTS (SELECT 1 FROM visit_permit_over o WHERE o.visit_id = v.id AND o.from_date <= $4),
       v.local_date = $5, EXISTS (SELECT 1 FROM hours_hit WHERE visit_id = v.id), v.has_phone, v.is_fixed_line
FROM visit v
JOIN visit_course o ON o.visit_id = v.id
JOIN patient own ON own.id = v.patient_id
JOIN person p ON p.id = own.person_id
JOIN clinic c ON c.id = v.clinic_id
JOIN practitioner d ON d.id = v.practitioner_id
LEFT JOIN participant a ON a.visit_id = v.id AND a.role = 'patient'
LEFT JOIN visit_queue q ON q.visit_id = v.id
LEFT JOIN visit_service e ON e.visit_id = v.id
LEFT JOIN visit_contact k ON k.visit_id = v.id
LEFT JOIN group_session g ON g.id = v.group_id
WHERE v.id IN (
    SELECT id FROM visit
    WHERE practitioner_id = $1 AND local_date IN ($2, $5)
      AND (local_date = $2 OR state IN ('checked_in', 'called', 'in_call') OR (state = 'booked' AND way = 'phone'))
      AND (pool = 0 OR state NOT IN ('requested', 'booked', 'checked_in'))
    UNION ALL
    SELECT w.id FROM clinic_member m
    CROSS JOIN visit w
    WHERE m.practitioner_id = $1 AND m.is_active = 1 AND w.clinic_id = m.clinic_id AND w.local_date IN ($2, $5)
      AND (w.local_date = $2 OR w.state = 'checked_in')
      AND w.pool = 1 AND w.state IN ('requested', 'booked', 'checked_in'))
ORDER BY v.starts_at_ms, v.is_extra, v.number, v.id;

-- A facility's day is that of its clinics; CROSS JOIN as above. A desk, which is no clinician, is told no reason.
-- name: day_of_facility
SELECT v.id, v.code, v.number_text, v.state, p.name, p.birth_date, p.sex, d.name, c.name,
       v.starts_at_ms, v.ends_at_ms, o.checked_in_at_ms, a.is_present, v.practitioner_id,
       v.clinic_id, v.pool, v.slot_of IS NULL, q.is_delayed, q.urgent_at_ms, e.name,
       CASE WHEN EXISTS (SELECT 1 FROM outreach_entry WHERE visit_id = v.id) THEN 'assisted' ELSE e.mode END,
       e.service_id,
       (SELECT CASE WHEN t.how <> 'withdrawn' AND t.version <> $3
                         AND v.state IN ('requested', 'booked', 'checked_in', 'called', 'in_call') THEN NULL
                    ELSE t.how END
        FROM consent t WHERE t.visit_id = v.id ORDER BY t.id DESC LIMIT 1),
       p.nik_index IS NOT NULL, v.facility_id,
       (SELECT since_ms FROM unanswered WHERE visit_id = v.id AND answered_at_ms IS NULL),
       CASE WHEN v.state IN ('requested', 'booked', 'checked_in', 'called', 'in_call') THEN EXISTS (
           SELECT 1 FROM patient n
           CROSS JOIN visit w ON w.patient_id = n.id
           WHERE n.id IN (SELECT id FROM patient WHERE person_id = p.id
                          UNION SELECT id FROM patient WHERE nik_index = p.nik_index)
             AND w.id <> v.id AND w.state IN ('requested', 'booked', 'checked_in', 'called', 'in_call')
             AND w.starts_at_ms BETWEEN v.starts_at_ms - 86400000 AND v.ends_at_ms - 1 AND w.ends_at_ms > v.starts_at_ms)
            ELSE 0 END,
       v.is_extra, k.name, k.relation, v.group_id, g.title, a.id, v.lang,
       EXISTS (SELECT 1 FROM participant i
               JOIN join_token t ON t.participant_id = i.id
               WHERE i.visit_id = v.id AND i.label = 'interpreter' AND t.revoked_at_ms IS NULL),
       EXISTS (SELECT 1 FROM patient n
               CROSS JOIN visit w ON w.patient_id = n.id
               WHERE n.person_id = p.id AND w.starts_at_ms < v.starts_at_ms AND w.state = 'done'
                 AND w.facility_id = v.facility_id),
       NULL,
       CASE WHEN v.way = 'phone' AND v.state = 'booked' THEN NOT EXISTS (
           SELECT 1 FROM visit_event h
           WHERE h.visit_id = v.id AND h.kind = 'phone_shown' AND h.actor = 'doctor' AND h.at_ms > v.starts_at_ms - 43200000
             AND h.id > COALESCE((SELECT MAX(s.id) FROM visit_event s
                                  WHERE s.visit_id = v.id AND s.kind IN ('converted_phone', 'phone_changed')), 0))
            ELSE 0 END,
       COALESCE(v.way, 'video'), (SELECT came FROM visit_came WHERE visit_id = v.id),
       COALESCE((SELECT starts_at_ms FROM visit_session WHERE visit_id = v.id), v.starts_at_ms),
       EXISTS (SELECT 1 FROM visit_permit_over o WHERE o.visit_id = v.id AND o.from_date <= $4),
       v.local_date = $5, EXISTS (SELECT 1 FROM hours_hit WHERE visit_id = v.id), v.has_phone, v.is_fixed_line
FROM clinic c
CROSS JOIN visit v ON v.clinic_id = c.id
JOIN visit_course o ON o.visit_id = v.id
JOIN patient own ON own.id = v.patient_id
JOIN person p ON p.id = own.person_id
JOIN practitioner d ON d.id = v.practitioner_id
LEFT JOIN participant a ON a.visit_id = v.id AND a.role = 'patient'
LEFT JOIN visit_queue q ON q.visit_id = v.id
LEFT JOIN visit_service e ON e.visit_id = v.id
LEFT JOIN visit_contact k ON k.visit_id = v.id
LEFT JOIN group_session g ON g.id = v.group_id
WHERE c.facility_id = $1 AND v.local_date IN ($2, $5)
  AND (v.local_date = $2 OR v.state IN ('checked_in', 'called', 'in_call') OR (v.state = 'booked' AND v.way = 'phone'))
ORDER BY v.starts_at_ms, v.is_extra, v.number, v.id;
