-- SPDX-License-Identifier: Apache-2.0
-- The audit trail and the outbox, which every owner may write to inside its own transactions.

-- Rows are only ever inserted; each carries the hash of the one before it.
CREATE TABLE audit (
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
    hash TEXT NOT NULL UNIQUE
) STRICT;

CREATE INDEX audit_by_object ON audit (object_kind, object_id, id);
CREATE INDEX audit_by_actor ON audit (actor_id, id);

CREATE TRIGGER audit_never_updated BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit rows are never changed');
END;

CREATE TRIGGER audit_never_deleted BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit rows are never removed');
END;

-- What must be told to the outside, written with the change itself and sent later.
CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
    due_at_ms INTEGER NOT NULL,
    dedup_key TEXT UNIQUE,
    n_attempts INTEGER NOT NULL DEFAULT 0,
    created_at_ms INTEGER NOT NULL,
    sent_at_ms INTEGER
) STRICT;

CREATE INDEX outbox_by_due ON outbox (state, due_at_ms);
