-- SPDX-License-Identifier: Apache-2.0
-- Patients who waited and whom nobody called: told_at_ms is when doctor and desk were shown it, escalated_at_ms when
-- the coordinator was. A row is of the last time; answered_at_ms ends it. n_... count all times of the visit.
CREATE TABLE unanswered (
    visit_id TEXT PRIMARY KEY REFERENCES visit (id),
    since_ms INTEGER NOT NULL,
    told_at_ms INTEGER NOT NULL,
    escalated_at_ms INTEGER,
    answered_at_ms INTEGER,
    n_told INTEGER NOT NULL,
    n_escalated INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX unanswered_open ON unanswered (escalated_at_ms) WHERE answered_at_ms IS NULL;
