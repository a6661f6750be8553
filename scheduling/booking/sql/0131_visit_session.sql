-- SPDX-License-Identifier: Apache-2.0
-- A visit that has a place in a session: its order number, and when the session is. The visit's own
-- times are those at which its turn is expected.
CREATE TABLE visit_session (
    visit_id TEXT PRIMARY KEY REFERENCES visit (id),
    place INTEGER NOT NULL CHECK (place > 0),
    starts_at_ms INTEGER NOT NULL,
    ends_at_ms INTEGER NOT NULL CHECK (ends_at_ms > starts_at_ms)
) STRICT;
