-- SPDX-License-Identifier: Apache-2.0
-- What a patient is to be told outside of the pages. One row is one message: made with what caused it, composed
-- only when it is sent, so it holds neither name, number nor link. occurrence: the visit's start; of a doctor who
-- is late when that was said. Never twice for one of them.
CREATE TABLE notification (
    id TEXT PRIMARY KEY,
    visit_id TEXT NOT NULL REFERENCES visit (id),
    kind TEXT NOT NULL CHECK (kind IN ('booked', 'moved', 'cancelled', 'missed', 'day_before', 'hour_before',
                                       'soon', 'next', 'late')),
    occurrence INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'dropped', 'failed')),
    due_at_ms INTEGER NOT NULL,
    lease_until_ms INTEGER,
    n_attempts INTEGER NOT NULL DEFAULT 0,
    reason TEXT,
    created_at_ms INTEGER NOT NULL,
    ended_at_ms INTEGER,
    UNIQUE (visit_id, kind, occurrence),
    CHECK ((state = 'waiting') = (ended_at_ms IS NULL))
) STRICT;
CREATE INDEX notification_due ON notification (due_at_ms) WHERE state = 'waiting';

-- Visits that were booked before this table was there are reminded, too.
INSERT INTO notification (id, visit_id, kind, occurrence, due_at_ms, created_at_ms)
SELECT lower(hex(randomblob(13))), v.id, r.kind, v.starts_at_ms, v.starts_at_ms - r.lead_ms, v.created_at_ms
FROM visit v
JOIN (SELECT 'day_before' AS kind, 86400000 AS lead_ms
      UNION ALL SELECT 'hour_before', 3600000
      UNION ALL SELECT 'soon', 600000) r
WHERE v.state = 'booked' AND v.slot_of IS NOT NULL AND v.created_at_ms + 1800000 <= v.starts_at_ms - r.lead_ms;
