-- SPDX-License-Identifier: Apache-2.0
-- One role more: an officer, of an area of the province. The roles stand in a CHECK, so the table is made anew; sessions are put aside
-- meanwhile, because they point to it, and go on.
CREATE TABLE session_kept AS SELECT * FROM session;
DELETE FROM session;

CREATE TABLE account_next (
    id TEXT PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('doctor', 'desk', 'office', 'admin', 'coordinator', 'officer')),
    facility_id TEXT,
    area_code TEXT,
    password_hash TEXT NOT NULL,
    disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    created_at_ms INTEGER NOT NULL,
    changed_at_ms INTEGER NOT NULL,
    CHECK (role <> 'coordinator' OR facility_id IS NOT NULL),
    CHECK ((role = 'officer') = (area_code IS NOT NULL))
) STRICT;

INSERT INTO account_next (id, login, name, role, facility_id, password_hash, disabled,
                          created_at_ms, changed_at_ms)
SELECT id, login, name, role, facility_id, password_hash, disabled, created_at_ms, changed_at_ms
FROM account;
DROP TABLE account;
ALTER TABLE account_next RENAME TO account;
CREATE INDEX account_by_role ON account (role, disabled);
CREATE INDEX account_by_facility ON account (facility_id, role);

INSERT INTO session (id, token_hash, account_id, csrf, address, created_at_ms, expires_at_ms)
SELECT id, token_hash, account_id, csrf, address, created_at_ms, expires_at_ms FROM session_kept;
DROP TABLE session_kept;
