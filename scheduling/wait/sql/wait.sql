-- SPDX-License-Identifier: Apache-2.0
-- name: wait_clinic
SELECT facility_id, wait_mode FROM clinic WHERE id = $1;

-- name: wait_insert
INSERT INTO wait_entry (id, clinic_id, facility_id, practitioner_id, service_id, from_date, until_date, name,
                        birth_date, sex, nik_sealed, nik_index, phone_sealed, phone_index, person_index, lang,
                        consent_version, consent_how, key_hash, requested_at_ms, address_index, contact_name,
                        contact_relation, mother_nik_sealed, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25);

-- How many wait for the clinic, and how many of them with this phone number.
-- name: wait_count
SELECT COUNT(*) FROM wait_entry WHERE clinic_id = $1 AND state = 'waiting';

-- name: wait_count_phone
SELECT COUNT(*) FROM wait_entry WHERE clinic_id = $1 AND phone_index = $2 AND state = 'waiting';

-- Whatever became of them: each was a message.
-- name: wait_count_address
SELECT COUNT(*) FROM wait_entry WHERE address_index = $1 AND requested_at_ms > $2;

-- name: wait_by_key
SELECT id, clinic_id, person_index, requested_at_ms, from_date, until_date, practitioner_id, service_id, reason
FROM wait_entry WHERE key_hash = $1;

-- name: wait_token_insert
INSERT INTO wait_token (hash, entry_id, created_at_ms) VALUES ($1, $2, $3);

-- name: wait_token_get
SELECT entry_id FROM wait_token WHERE hash = $1;

-- name: wait_row
SELECT e.clinic_id, e.facility_id, e.practitioner_id, e.service_id, e.from_date, e.until_date, e.name,
       e.birth_date, e.sex, e.nik_sealed, e.nik_index, e.phone_sealed, e.phone_index, e.lang, e.consent_version,
       e.consent_how, e.priority, e.priority_reason, e.state, e.n_unanswered, e.visit_id, e.requested_at_ms,
       c.name, c.wait_mode, f.name, f.phone, p.name, s.name, e.contact_name, e.contact_relation, e.mother_nik_sealed,
       e.reason
FROM wait_entry e
JOIN clinic c ON c.id = e.clinic_id
JOIN facility f ON f.id = e.facility_id
LEFT JOIN practitioner p ON p.id = e.practitioner_id
LEFT JOIN service s ON s.id = e.service_id
WHERE e.id = $1;

-- Those who wait for a clinic, in the order in which they are offered what becomes free.
-- name: wait_of_clinic
SELECT id FROM wait_entry WHERE clinic_id = $1 AND state = 'waiting'
ORDER BY priority DESC, requested_at_ms, id
LIMIT $2;

-- name: wait_ahead
SELECT COUNT(*) FROM wait_entry
WHERE clinic_id = $1 AND state = 'waiting'
  AND (priority > $2 OR (priority = $2 AND (requested_at_ms < $3 OR (requested_at_ms = $3 AND id < $4))));

-- name: wait_end
UPDATE wait_entry SET state = $2, visit_id = $3, ended_at_ms = $4 WHERE id = $1 AND state = 'waiting';

-- name: wait_unanswered
UPDATE wait_entry SET n_unanswered = n_unanswered + 1 WHERE id = $1;

-- Places that are kept for who waits in a clinic.
-- name: wait_kept_of_clinic
SELECT COUNT(o.hold_hash) FROM wait_entry e
JOIN wait_offer o ON o.entry_id = e.id AND o.state = 'open'
WHERE e.clinic_id = $1 AND e.state = 'waiting';

-- name: wait_ended_at
SELECT ended_at_ms FROM wait_entry WHERE id = $1;

-- name: wait_answered
UPDATE wait_entry SET n_unanswered = 0 WHERE id = $1;

-- name: wait_priority
UPDATE wait_entry SET priority = $2, priority_reason = $3 WHERE id = $1 AND state = 'waiting';

-- The clinics for which somebody waits, one after the other.
-- name: wait_next_clinic
SELECT clinic_id FROM wait_entry WHERE clinic_id > $1 AND state = 'waiting' ORDER BY clinic_id LIMIT 1;

-- name: wait_lapsed
SELECT id FROM wait_entry WHERE until_date < $1 AND state = 'waiting' ORDER BY until_date, id LIMIT $2;

-- Of those who wait for a clinic whoever nothing can be offered to any more: it, its facility or the one doctor whom
-- they wish for is archived, or the doctor has left it.
-- name: wait_closed
SELECT e.id
FROM wait_entry e
JOIN clinic c ON c.id = e.clinic_id
JOIN facility f ON f.id = c.facility_id
LEFT JOIN clinic_member m ON m.clinic_id = e.clinic_id AND m.practitioner_id = e.practitioner_id AND m.is_active = 1
LEFT JOIN practitioner p ON p.id = m.practitioner_id AND p.is_active = 1
WHERE e.clinic_id = $1 AND e.state = 'waiting'
  AND (c.is_active = 0 OR f.is_active = 0 OR (e.practitioner_id IS NOT NULL AND p.id IS NULL))
ORDER BY e.requested_at_ms, e.id
LIMIT $2;

-- name: wait_old
SELECT id FROM wait_entry WHERE ended_at_ms IS NOT NULL AND ended_at_ms < $1 ORDER BY ended_at_ms LIMIT $2;

-- name: wait_delete
DELETE FROM wait_entry WHERE id = $1;

-- name: wait_offer_insert
INSERT INTO wait_offer (id, entry_id, practitioner_id, starts_at_ms, turn_at_ms, hold_hash, made_at_ms, expires_at_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: wait_offer_of_entry
SELECT o.id, o.practitioner_id, o.starts_at_ms, o.turn_at_ms, o.hold_hash, o.expires_at_ms, p.name, e.clinic_id,
       e.service_id, o.entry_id
FROM wait_offer o
JOIN practitioner p ON p.id = o.practitioner_id
JOIN wait_entry e ON e.id = o.entry_id
WHERE o.entry_id = $1 AND o.state = 'open';

-- The last one that is over.
-- name: wait_offer_last
SELECT state, turn_at_ms FROM wait_offer
WHERE entry_id = $1 AND state <> 'open'
ORDER BY ended_at_ms DESC, id DESC
LIMIT 1;

-- name: wait_offers_made
SELECT practitioner_id, starts_at_ms FROM wait_offer
WHERE entry_id = $1 AND state IN ('open', 'accepted', 'declined', 'expired');

-- name: wait_offers_since
SELECT COUNT(*) FROM wait_offer WHERE entry_id = $1 AND made_at_ms > $2;

-- name: wait_offers_expired
SELECT entry_id FROM wait_offer WHERE state = 'open' AND expires_at_ms <= $1 ORDER BY expires_at_ms, id LIMIT $2;

-- Open offers of a clinic's entries.
-- name: wait_offers_of_clinic
SELECT o.entry_id
FROM wait_entry e
JOIN wait_offer o ON o.entry_id = e.id AND o.state = 'open'
WHERE e.clinic_id = $1 AND e.state = 'waiting'
ORDER BY o.id;

-- Who else may take what somebody has just taken.
-- name: wait_offers_of_place
SELECT o.entry_id FROM wait_offer o WHERE o.practitioner_id = $1 AND o.starts_at_ms = $2 AND o.state = 'open';

-- name: wait_offer_end
UPDATE wait_offer SET state = $2, ended_at_ms = $3 WHERE id = $1 AND state = 'open';

-- What the same person has booked already and is still to come, by phone, name and birth date, or by NIK: twins have
-- one phone and one birth date. CROSS JOIN: few have the name and birth date.
-- name: wait_own_visits
SELECT v.starts_at_ms, v.ends_at_ms
FROM patient p
CROSS JOIN visit v ON v.patient_id = p.id
WHERE p.person_index = $2 AND v.phone_index = $1 AND v.ends_at_ms > $3
  AND v.state IN ('requested', 'booked', 'checked_in', 'called', 'in_call')
UNION
SELECT v.starts_at_ms, v.ends_at_ms
FROM patient p
JOIN visit v ON v.patient_id = p.id
WHERE p.nik_index = $4 AND v.ends_at_ms > $3
  AND v.state IN ('requested', 'booked', 'checked_in', 'called', 'in_call');

-- name: wait_notice_add
INSERT INTO wait_notice (id, entry_id, offer_id, kind, due_at_ms, created_at_ms)
VALUES ($1, $2, $3, $4, $5, $5)
ON CONFLICT DO NOTHING;

-- name: wait_notice_due
SELECT id FROM wait_notice
WHERE state = 'waiting' AND due_at_ms <= $1 AND (lease_until_ms IS NULL OR lease_until_ms <= $1)
ORDER BY due_at_ms, id
LIMIT $2;

-- name: wait_notice_facts
SELECT n.kind, n.entry_id, n.created_at_ms, n.n_attempts, o.state, o.turn_at_ms, o.expires_at_ms
FROM wait_notice n
LEFT JOIN wait_offer o ON o.id = n.offer_id
WHERE n.id = $1;

-- name: wait_notice_lease
UPDATE wait_notice SET lease_until_ms = $2, n_attempts = n_attempts + 1 WHERE id = $1 AND state = 'waiting';

-- name: wait_notice_postpone
UPDATE wait_notice SET due_at_ms = $2, lease_until_ms = NULL, reason = $3 WHERE id = $1 AND state = 'waiting';

-- name: wait_notice_end
UPDATE wait_notice SET state = $2, reason = $3, ended_at_ms = $4, lease_until_ms = NULL
WHERE id = $1 AND state = 'waiting';

-- name: wait_patient_participant
SELECT id FROM participant WHERE visit_id = $1 AND role = 'patient';

-- name: wait_links_revoked
SELECT 1 FROM join_token WHERE participant_id = $1 AND revoked_at_ms IS NOT NULL LIMIT 1;
