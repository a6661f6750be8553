-- SPDX-License-Identifier: Apache-2.0
-- The same table with one more kind: the visit is by video again.
CREATE TABLE notification_kept (
    id TEXT PRIMARY KEY,
    visit_id TEXT NOT NULL REFERENCES visit (id),
    kind TEXT NOT NULL CHECK (kind = 'booked' OR kind = 'moved' OR kind = 'cancelled' OR kind = 'missed'
                              OR kind = 'day_before' OR kind = 'hour_before' OR kind = 'soon' OR kind = 'next'
                              OR kind = 'late' OR kind = 'hours_changed' OR kind = 'converted_phone'
                              OR kind = 'converted_in_person' OR kind = 'converted_video'),
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
