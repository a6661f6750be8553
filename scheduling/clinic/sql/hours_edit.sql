-- SPDX-License-Identifier: Apache-2.0
-- Reading and changing hours. Whose they are: $1 of a clinic of facility $2; $3 NULL: of any.
-- name: hours_facility_has
SELECT 1 FROM clinic c
JOIN clinic_member m ON m.clinic_id = c.id AND m.practitioner_id = $1 AND m.is_active = 1
WHERE c.facility_id = $2 AND ($3 IS NULL OR c.id = $3);

-- name: hours_practitioner_exists
SELECT 1 FROM practitioner WHERE id = $1;

-- name: hours_doctors
SELECT p.id, p.name, c.id, c.name, f.id, f.name,
       (SELECT o.valid_until FROM permit_held o WHERE o.facility_id = f.id AND o.practitioner_id = p.id),
       p.str_valid_until
FROM practitioner p
JOIN clinic_member m ON m.practitioner_id = p.id
JOIN clinic_open c ON c.id = m.clinic_id
JOIN facility f ON f.id = c.facility_id
WHERE p.is_active = 1 AND m.is_active = 1
ORDER BY p.name, p.id, f.name, c.name;

-- name: hours_doctors_of_facility
SELECT p.id, p.name, c.id, c.name, f.id, f.name,
       (SELECT o.valid_until FROM permit_held o WHERE o.facility_id = f.id AND o.practitioner_id = p.id),
       p.str_valid_until
FROM facility f
JOIN clinic_open c ON c.facility_id = f.id
JOIN clinic_member m ON m.clinic_id = c.id
JOIN practitioner p ON p.id = m.practitioner_id
WHERE f.id = $1 AND p.is_active = 1 AND m.is_active = 1
ORDER BY p.name, p.id, f.name, c.name;

-- name: hours_doctor
SELECT p.id, p.name, c.id, c.name, f.id, f.name,
       (SELECT o.valid_until FROM permit_held o WHERE o.facility_id = f.id AND o.practitioner_id = p.id),
       p.str_valid_until
FROM practitioner p
JOIN clinic_member m ON m.practitioner_id = p.id
JOIN clinic_open c ON c.id = m.clinic_id
JOIN facility f ON f.id = c.facility_id
WHERE p.id = $1 AND ($2 IS NULL OR f.id = $2) AND m.is_active = 1
ORDER BY f.name, c.name;

-- name: hours_rule_owner
SELECT practitioner_id, clinic_id FROM hours_rule WHERE id = $1;

-- name: hours_override_owner
SELECT practitioner_id, clinic_id FROM hours_override WHERE id = $1;

-- name: hours_leave_owner
SELECT practitioner_id, NULL FROM hours_leave WHERE id = $1;

-- What there was, for the audit row of a change; a rule comes once for each break.
-- name: hours_rule_get
SELECT r.weekday, r.from_minute, r.to_minute, r.mode, r.slot_minutes, r.before_minutes,
       r.after_minutes, r.quota, r.extra_percent, r.valid_from, r.valid_until, r.clinic_id,
       b.from_minute, b.to_minute
FROM hours_rule r
LEFT JOIN hours_break b ON b.rule_id = r.id
WHERE r.id = $1
ORDER BY b.from_minute;

-- name: hours_override_get
SELECT date, kind, from_minute, to_minute, mode, slot_minutes, before_minutes, after_minutes, quota,
       extra_percent, clinic_id
FROM hours_override WHERE id = $1;

-- name: hours_leave_get
SELECT from_date, until_date FROM hours_leave WHERE id = $1;

-- Another rule of the doctor, in any clinic not left, in the same hours: $7 is the rule that is changed.
-- name: hours_rule_overlap
SELECT 1 FROM hours_rule r
JOIN clinic_member m ON m.clinic_id = r.clinic_id AND m.practitioner_id = r.practitioner_id
WHERE r.practitioner_id = $1 AND r.weekday = $2 AND r.from_minute < $4 AND r.to_minute > $3
  AND ($6 IS NULL OR r.valid_from <= $6) AND (r.valid_until IS NULL OR r.valid_until >= $5)
  AND ($7 IS NULL OR r.id <> $7) AND m.is_active = 1;

-- Where the doctor works beside clinic $2.
-- name: hours_other_clinics
SELECT c.id, c.name, f.name, '', 0, 0
FROM clinic_member m
JOIN clinic c ON c.id = m.clinic_id
JOIN facility f ON f.id = c.facility_id
WHERE m.practitioner_id = $1 AND m.clinic_id <> $2 AND m.is_active = 1
ORDER BY f.name, c.name;

-- Extra hours in other clinics than $2, from date $3 to date $4.
-- name: hours_extras_elsewhere
SELECT c.id, c.name, f.name, o.date, o.from_minute, o.to_minute
FROM hours_override o
JOIN clinic c ON c.id = o.clinic_id
JOIN facility f ON f.id = c.facility_id
WHERE o.practitioner_id = $1 AND o.clinic_id <> $2 AND o.date BETWEEN $3 AND $4 AND o.kind = 'extra'
ORDER BY o.date, o.from_minute, o.id;

-- name: hours_rule_insert
INSERT INTO hours_rule (id, clinic_id, practitioner_id, weekday, from_minute, to_minute, mode,
                        slot_minutes, before_minutes, after_minutes, quota, extra_percent,
                        valid_from, valid_until)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- name: hours_rule_end
UPDATE hours_rule SET valid_until = $2 WHERE id = $1;

-- name: hours_break_insert
INSERT INTO hours_break (rule_id, from_minute, to_minute) VALUES ($1, $2, $3);

-- name: hours_rule_delete
DELETE FROM hours_rule WHERE id = $1;

-- name: hours_override_insert
INSERT INTO hours_override (id, clinic_id, practitioner_id, date, kind, from_minute, to_minute, mode,
                            slot_minutes, before_minutes, after_minutes, quota, extra_percent,
                            note)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- name: hours_override_delete
DELETE FROM hours_override WHERE id = $1;

-- name: hours_leave_insert
INSERT INTO hours_leave (id, practitioner_id, from_date, until_date, note)
VALUES ($1, $2, $3, $4, $5);

-- name: hours_leave_delete
DELETE FROM hours_leave WHERE id = $1;

-- Who comes to a doctor, from date $2 to date $3, also without a place in the hours; those whose time is over, too: they
-- have used theirs.
-- name: hours_visits_of_practitioner
SELECT v.id, v.code, v.number_text, v.starts_at_ms, v.ends_at_ms, v.local_date, v.clinic_id,
       v.practitioner_id, c.name, p.name, v.is_extra, v.number, v.state, v.group_id IS NOT NULL, v.facility_id,
       v.slot_of IS NOT NULL, v.pool, (SELECT name FROM facility WHERE id = v.facility_id)
FROM visit v
JOIN clinic c ON c.id = v.clinic_id
JOIN practitioner p ON p.id = v.practitioner_id
WHERE v.practitioner_id = $1 AND v.local_date BETWEEN $2 AND $3 AND v.mode = 'slot'
  AND v.state NOT IN ('cancelled_patient', 'cancelled_provider', 'cancelled_system', 'rescheduled')
ORDER BY v.starts_at_ms, v.number, v.id;

-- And of a date, in facility $2 or, when that is NULL, anywhere.
-- name: hours_visits_of_date
SELECT v.id, v.code, v.number_text, v.starts_at_ms, v.ends_at_ms, v.local_date, v.clinic_id,
       v.practitioner_id, c.name, p.name, v.is_extra, v.number, v.state, v.group_id IS NOT NULL, v.facility_id,
       v.slot_of IS NOT NULL, v.pool, (SELECT name FROM facility WHERE id = v.facility_id)
FROM visit v
JOIN clinic c ON c.id = v.clinic_id
JOIN practitioner p ON p.id = v.practitioner_id
WHERE v.local_date = $1 AND ($2 IS NULL OR v.facility_id = $2) AND v.mode = 'slot'
  AND v.state NOT IN ('cancelled_patient', 'cancelled_provider', 'cancelled_system', 'rescheduled')
ORDER BY v.starts_at_ms, v.number, v.id;

-- And of a facility's clinics, or of clinic $2 of it, from date $3 on. CROSS JOIN: clinics first.
-- name: hours_visits_of_place
SELECT v.id, v.code, v.number_text, v.starts_at_ms, v.ends_at_ms, v.local_date, v.clinic_id,
       v.practitioner_id, c.name, p.name, v.is_extra, v.number, v.state, v.group_id IS NOT NULL, v.facility_id,
       v.slot_of IS NOT NULL, v.pool, (SELECT name FROM facility WHERE id = v.facility_id)
FROM clinic c
CROSS JOIN visit v ON v.clinic_id = c.id
JOIN practitioner p ON p.id = v.practitioner_id
WHERE c.facility_id = $1 AND ($2 IS NULL OR c.id = $2) AND v.local_date >= $3 AND v.mode = 'slot'
  AND v.state NOT IN ('cancelled_patient', 'cancelled_provider', 'cancelled_system', 'rescheduled')
ORDER BY v.starts_at_ms, v.number, v.id;

-- Who waits on date $2, named by another doctor than $1, for whoever is free in a clinic of $1. CROSS JOIN: clinics first.
-- name: hours_visits_of_pools
SELECT v.id, v.code, v.number_text, v.starts_at_ms, v.ends_at_ms, v.local_date, v.clinic_id,
       v.practitioner_id, c.name, p.name, v.is_extra, v.number, v.state, v.group_id IS NOT NULL, v.facility_id,
       v.slot_of IS NOT NULL, v.pool, (SELECT name FROM facility WHERE id = v.facility_id)
FROM clinic_member m
CROSS JOIN visit v ON v.clinic_id = m.clinic_id
JOIN clinic c ON c.id = v.clinic_id
JOIN practitioner p ON p.id = v.practitioner_id
WHERE m.practitioner_id = $1 AND v.local_date = $2 AND v.pool = 1 AND v.state = 'checked_in' AND v.mode = 'slot'
  AND v.practitioner_id <> $1;

-- name: hours_visits_by_day
SELECT local_date, COUNT(*)
FROM visit
WHERE practitioner_id = $1 AND local_date BETWEEN $2 AND $3 AND mode = 'slot'
  AND state NOT IN ('cancelled_patient', 'cancelled_provider', 'cancelled_system', 'rescheduled')
GROUP BY local_date;

-- How many places of a facility's clinics are held, by doctor and day, regular ones and additional ones; of doctor $4
-- alone unless that is NULL. CROSS JOIN: clinics first.
-- name: hours_held_in_facility
SELECT v.slot_of, v.local_date, COUNT(*) FILTER (WHERE v.is_extra = 0), COUNT(*) FILTER (WHERE v.is_extra = 1)
FROM clinic c
CROSS JOIN visit v ON v.clinic_id = c.id
WHERE c.facility_id = $1 AND v.local_date BETWEEN $2 AND $3 AND v.mode = 'slot' AND v.slot_of IS NOT NULL
  AND ($4 IS NULL OR v.slot_of = $4)
  AND v.state NOT IN ('cancelled_patient', 'cancelled_provider', 'cancelled_system', 'rescheduled')
GROUP BY v.slot_of, v.local_date;

-- And of a doctor's, in any facility: those that start from $2 until $3. The states as the index has them.
-- name: hours_held_by_practitioner
SELECT slot_of, local_date, COUNT(*) FILTER (WHERE is_extra = 0), COUNT(*) FILTER (WHERE is_extra = 1)
FROM visit
WHERE slot_of = $1 AND starts_at_ms >= $2 AND starts_at_ms < $3 AND mode = 'slot'
  AND state <> 'cancelled_patient' AND state <> 'cancelled_provider' AND state <> 'cancelled_system'
  AND state <> 'rescheduled'
GROUP BY slot_of, local_date;

-- name: hours_overrides_from
SELECT id, clinic_id, date, kind, from_minute, to_minute, mode, slot_minutes, before_minutes,
       after_minutes, quota, extra_percent, note
FROM hours_override
WHERE practitioner_id = $1 AND date >= $2
ORDER BY date, from_minute, id;

-- name: hours_leaves_from
SELECT id, from_date, until_date, note
FROM hours_leave
WHERE practitioner_id = $1 AND until_date >= $2
ORDER BY from_date, id;

-- Of the province and of facility $3; of every facility when $4 is 1.
-- name: holidays_between
SELECT h.id, h.date, h.name, h.is_certain, h.facility_id, f.name
FROM holiday h
LEFT JOIN facility f ON f.id = h.facility_id
WHERE h.date BETWEEN $1 AND $2 AND ($4 = 1 OR h.facility_id IS NULL OR h.facility_id = $3)
ORDER BY h.date, h.facility_id;

-- name: holiday_get
SELECT date, facility_id, name, is_certain FROM holiday WHERE id = $1;

-- name: holiday_insert
INSERT INTO holiday (id, date, name, is_certain, facility_id) VALUES ($1, $2, $3, $4, $5);

-- The date and the facility are what it is known by.
-- name: holiday_update
UPDATE holiday SET name = $2, is_certain = $3 WHERE id = $1;

-- Of the province when $2 is NULL.
-- name: holiday_of_day
SELECT id, name, is_certain FROM holiday
WHERE date = $1 AND COALESCE(facility_id, '') = COALESCE($2, '');

-- name: facility_by_name
SELECT id FROM facility WHERE name = $1;

-- name: holiday_delete
DELETE FROM holiday WHERE id = $1;
