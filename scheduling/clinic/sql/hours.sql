-- SPDX-License-Identifier: Apache-2.0
-- What a plan of one clinic is made of; $2 NULL: all its doctors. A rule comes once for each break.
-- name: hours_plan_rules
SELECT r.id, r.practitioner_id, r.weekday, r.from_minute, r.to_minute, r.mode, r.slot_minutes,
       r.before_minutes, r.after_minutes, r.quota, r.extra_percent, r.valid_from, r.valid_until,
       b.from_minute, b.to_minute
FROM hours_rule r
JOIN practitioner p ON p.id = r.practitioner_id
JOIN clinic_member m ON m.clinic_id = r.clinic_id AND m.practitioner_id = r.practitioner_id
JOIN clinic_open c ON c.id = r.clinic_id
LEFT JOIN hours_break b ON b.rule_id = r.id
WHERE r.clinic_id = $1 AND ($2 IS NULL OR r.practitioner_id = $2) AND p.is_active = 1
  AND m.is_active = 1
  AND NOT EXISTS (SELECT 1 FROM login_disabled x WHERE x.user_id = p.user_id)
ORDER BY r.id, b.from_minute;

-- name: hours_plan_overrides
SELECT o.id, o.practitioner_id, o.date, o.kind, o.from_minute, o.to_minute, o.mode, o.slot_minutes,
       o.before_minutes, o.after_minutes, o.quota, o.extra_percent
FROM hours_override o
JOIN practitioner p ON p.id = o.practitioner_id
JOIN clinic_member m ON m.clinic_id = o.clinic_id AND m.practitioner_id = o.practitioner_id
JOIN clinic_open c ON c.id = o.clinic_id
WHERE o.clinic_id = $1 AND ($2 IS NULL OR o.practitioner_id = $2) AND o.date BETWEEN $3 AND $4
  AND p.is_active = 1 AND m.is_active = 1
  AND NOT EXISTS (SELECT 1 FROM login_disabled x WHERE x.user_id = p.user_id)
ORDER BY o.date, o.id;

-- name: hours_plan_leaves
SELECT l.practitioner_id, l.from_date, l.until_date
FROM clinic_member m
JOIN hours_leave l ON l.practitioner_id = m.practitioner_id
WHERE m.clinic_id = $1 AND ($2 IS NULL OR m.practitioner_id = $2) AND l.until_date >= $3
  AND l.from_date <= $4;

-- name: hours_plan_permits
SELECT p.practitioner_id, p.valid_until
FROM clinic c
JOIN permit_held p ON p.facility_id = c.facility_id
WHERE c.id = $1 AND ($2 IS NULL OR p.practitioner_id = $2);

-- name: hours_plan_holidays
SELECT h.date, h.is_certain
FROM holiday h
WHERE h.date BETWEEN $2 AND $3
  AND (h.facility_id IS NULL OR h.facility_id = (SELECT facility_id FROM clinic WHERE id = $1));

-- Nothing of it is archived: the doctor, the clinic, its facility, that the one works in the other; and the doctor can log in.
-- name: hours_practises
SELECT 1
FROM clinic_member m
JOIN practitioner p ON p.id = m.practitioner_id AND p.is_active = 1
JOIN clinic_open c ON c.id = m.clinic_id
WHERE m.clinic_id = $1 AND m.practitioner_id = $2 AND m.is_active = 1
  AND NOT EXISTS (SELECT 1 FROM login_disabled x WHERE x.user_id = p.user_id);
