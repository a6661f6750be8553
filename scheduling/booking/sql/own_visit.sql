-- SPDX-License-Identifier: Apache-2.0
-- The visits of the person of row $1, the first one first, that lie between $3 and $4; when $3 is not after $5, which is
-- now, also those that wait or are under way, unless forgotten for half a day. The person: whoever has its NIK, the rows
-- that were merged with it, and with the phone $2 the same name and birth date, unless two NIKs say that they are two
-- people. $6 = 1: only visits with that phone; else, where one of the two has no telephone ($7 = 1: the new one), name and
-- birth date alone. Few have those, so there is no index of phones.
-- name: own_visit_at
SELECT v.id, v.facility_id, v.starts_at_ms, v.number_text, c.name, v.ends_at_ms
FROM patient p
CROSS JOIN visit v ON v.patient_id = p.id
JOIN clinic c ON c.id = v.clinic_id
WHERE p.person_id IN (
    SELECT person_id FROM patient WHERE id = $1
    UNION ALL
    SELECT n.person_id FROM patient me
    CROSS JOIN patient n ON n.nik_index = me.nik_index
    WHERE me.id = $1
    UNION ALL
    SELECT n.person_id FROM patient me
    CROSS JOIN patient n ON n.person_index = me.person_index
    WHERE me.id = $1 AND (n.nik_index IS NULL OR me.nik_index IS NULL OR n.nik_index = me.nik_index)
      AND EXISTS (SELECT 1 FROM visit s
                  WHERE s.patient_id = n.id AND (s.phone_index = $2 OR ($6 = 0 AND ($7 = 1 OR s.has_phone = 0)))))
  AND ((v.state IN ('requested', 'booked', 'checked_in', 'called', 'in_call')
        AND v.starts_at_ms < $4 AND v.ends_at_ms > $3)
       OR (v.state IN ('checked_in', 'called', 'in_call') AND $3 <= $5 AND v.ends_at_ms > $5 - 43200000))
  AND ($6 = 0 OR v.phone_index = $2)
ORDER BY v.starts_at_ms, v.id;
