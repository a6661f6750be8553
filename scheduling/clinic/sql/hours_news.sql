-- SPDX-License-Identifier: Apache-2.0
-- Where visits may have lost their place, or have it again. Also in clinics that a doctor has left: who was booked there is on
-- their lists.
-- Of doctor $1 or of the doctor who logs in as $2; one of the two is NULL.
-- name: hours_news_of_doctor
SELECT c.facility_id, c.id, m.practitioner_id
FROM practitioner p
JOIN clinic_member own ON own.practitioner_id = p.id
JOIN clinic c ON c.id = own.clinic_id
JOIN clinic_member m ON m.clinic_id = c.id
WHERE p.id = $1 OR p.user_id = $2;

-- Of facility $1 and of clinic $2; NULL: of any.
-- name: hours_news_of_clinics
SELECT c.facility_id, c.id, m.practitioner_id
FROM clinic c
JOIN clinic_member m ON m.clinic_id = c.id
WHERE ($1 IS NULL OR c.facility_id = $1) AND ($2 IS NULL OR c.id = $2);

-- Whose account is disabled, in one row.
-- name: hours_news_disabled
SELECT group_concat(user_id, ' ') FROM (SELECT user_id FROM login_disabled ORDER BY user_id);
