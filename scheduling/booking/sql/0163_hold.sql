-- SPDX-License-Identifier: Apache-2.0
-- A slot, or a place in a session, that is kept for somebody who fills in the form. Counts until it expires,
-- whether the row is still there or not. hash is keyed, as is the address: neither is stored.
CREATE TABLE slot_hold (
    hash TEXT PRIMARY KEY,
    practitioner_id TEXT NOT NULL REFERENCES practitioner (id),
    starts_at_ms INTEGER NOT NULL,
    ends_at_ms INTEGER NOT NULL CHECK (ends_at_ms > starts_at_ms),
    address_index TEXT NOT NULL,
    expires_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX slot_hold_slot ON slot_hold (practitioner_id, starts_at_ms);
CREATE INDEX slot_hold_address ON slot_hold (address_index);
CREATE INDEX slot_hold_expiry ON slot_hold (expires_at_ms);
