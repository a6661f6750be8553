-- SPDX-License-Identifier: Apache-2.0
-- Other systems that book for people. The secret is kept as a keyed hash; a name is used once, so that the audit trail's
-- "system:NAME" is one system's.
CREATE TABLE api_client (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    facility_id TEXT,
    secret_hash TEXT NOT NULL UNIQUE,
    created_at_ms INTEGER NOT NULL,
    revoked_at_ms INTEGER
) STRICT;
