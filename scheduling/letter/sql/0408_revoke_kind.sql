-- SPDX-License-Identifier: Apache-2.0
-- Why a letter was revoked, as its patient is told it; revoke_reason is the doctor's own words. NULL: of before.
ALTER TABLE letter ADD COLUMN revoke_kind TEXT
    CHECK (revoke_kind IN ('mistake', 'replaced', 'not_needed', 'other'));
CREATE TRIGGER letter_revoked_for_once BEFORE UPDATE OF revoke_kind ON letter
WHEN OLD.revoked_at_ms IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'a letter is revoked once');
END;
