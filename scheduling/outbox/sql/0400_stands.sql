-- SPDX-License-Identifier: Apache-2.0
-- The same table with one more kind: a visit that a change of hours had left without a place has one again.
-- A view over it stands aside meanwhile.
DROP VIEW hours_hit_open;
CREATE TABLE notification_kept (
    id TEXT PRIMARY KEY,
    visit_id TEXT NOT NULL REFERENCES visit (id),
    kind TEXT NOT NULL CHECK (kind = 'booked' OR kind = 'moved' OR kind = 'cancelled' OR kind = 'missed'
                              OR kind = 'day_before' OR kind = 'hour_before' OR kind = 'soon' OR kind = 'next'
                              OR kind = 'late' OR kind = 'hours_changed' OR kind = 'converted_phone'
                              OR kind = 'converted_in_person' OR kind = 'converted_video'
                              OR kind = 'letter' OR kind = 'stands'),
    occurrence INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state = 'waiting' OR state = 'sent' OR state = 'dropped'
                                                 OR state = 'failed'),
    due_at_ms INTEGER NOT NULL,
    lease_until_ms INTEGER,
    n_attempts INTEGER NOT NULL DEFAULT 0,
    reason TEXT,
    created_at_ms INTEGER NOT NULL,
    ended_at_ms INTEGER,
    UNIQUE (visit_id, kind, occurrence),
    CHECK ((state = 'waiting') = (ended_at_ms IS NULL))
) STRICT;
INSERT INTO notification_kept (id, visit_id, kind, occurrence, state, due_at_ms, lease_until_ms, n_attempts, reason,
                               created_at_ms, ended_at_ms)
SELECT id, visit_id, kind, occurrence, state, due_at_ms, lease_until_ms, n_attempts, reason, created_at_ms, ended_at_ms
FROM notification ORDER BY id;
DROP TABLE notification;
ALTER TABLE notification_kept RENAME TO notification;
CREATE INDEX notification_due ON notification (due_at_ms) WHERE state = 'waiting';
CREATE VIEW hours_hit_open AS
SELECT h.visit_id, v.code, v.number_text, v.starts_at_ms, v.ends_at_ms, v.state, v.local_date, v.clinic_id, c.name AS clinic,
       v.practitioner_id, p.name AS practitioner, f.name AS facility, s.service_id, v.pool, v.is_extra, h.at_ms, n.state AS message_state,
       n.reason AS message_reason, h.practitioner_id AS of_practitioner_id, h.facility_id AS of_facility_id,
       h.starts_at_ms AS hit_starts_at_ms
FROM hours_hit h
CROSS JOIN visit v ON v.id = h.visit_id
JOIN clinic c ON c.id = v.clinic_id
JOIN practitioner p ON p.id = v.practitioner_id
JOIN facility f ON f.id = v.facility_id
LEFT JOIN visit_service s ON s.visit_id = v.id
LEFT JOIN notification n ON n.visit_id = h.visit_id AND n.kind = 'hours_changed' AND n.occurrence = h.at_ms
WHERE v.state IN ('requested', 'booked', 'checked_in', 'called');
