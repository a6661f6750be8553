-- SPDX-License-Identifier: Apache-2.0
-- What another system has booked: it alone cancels it for the patient. client: "system:NAME", as in the audit trail.
CREATE TABLE client_booking (
    visit_id TEXT PRIMARY KEY REFERENCES visit (id),
    client TEXT NOT NULL,
    booked_at_ms INTEGER NOT NULL
) STRICT;
