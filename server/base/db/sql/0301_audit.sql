-- SPDX-License-Identifier: Apache-2.0
-- The audit trail without the index over its hashes: nothing looks a row up by its hash, each is held against the
-- one before it, and in such an index every row is written somewhere else. The rows stay as they are.
CREATE TABLE audit_kept (
    id INTEGER PRIMARY KEY CHECK (id > 0),
    at_ms INTEGER NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT,
    actor_role TEXT,
    action TEXT NOT NULL,
    object_kind TEXT,
    object_id TEXT,
    address TEXT,
    result TEXT NOT NULL,
    reason TEXT,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;
INSERT INTO audit_kept (id, at_ms, actor_kind, actor_id, actor_role, action, object_kind, object_id, address, result,
                        reason, previous_hash, hash)
SELECT id, at_ms, actor_kind, actor_id, actor_role, action, object_kind, object_id, address, result, reason,
       previous_hash, hash
FROM audit ORDER BY id;
DROP TABLE audit;
ALTER TABLE audit_kept RENAME TO audit;

CREATE INDEX audit_by_object ON audit (object_kind, object_id, id);
CREATE INDEX audit_by_actor ON audit (actor_id, id) WHERE actor_id IS NOT NULL;

CREATE TRIGGER audit_never_updated BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit rows are never changed');
END;

CREATE TRIGGER audit_never_deleted BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit rows are never removed');
END;

-- What sends the outbox brings the index that it needs; nothing does yet. The rule of its states as comparisons: for a
-- list of more than two SQLite makes a temporary table each time a row is written.
CREATE TABLE outbox_kept (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state = 'waiting' OR state = 'sent' OR state = 'failed'),
    due_at_ms INTEGER NOT NULL,
    dedup_key TEXT UNIQUE,
    n_attempts INTEGER NOT NULL DEFAULT 0,
    created_at_ms INTEGER NOT NULL,
    sent_at_ms INTEGER
) STRICT;
INSERT INTO outbox_kept (id, kind, subject_id, payload, state, due_at_ms, dedup_key, n_attempts, created_at_ms,
                         sent_at_ms)
SELECT id, kind, subject_id, payload, state, due_at_ms, dedup_key, n_attempts, created_at_ms, sent_at_ms
FROM outbox ORDER BY rowid;
DROP TABLE outbox;
ALTER TABLE outbox_kept RENAME TO outbox;
