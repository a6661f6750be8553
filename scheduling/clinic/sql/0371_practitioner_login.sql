-- SPDX-License-Identifier: Apache-2.0
-- Who cannot log in sees nobody. has_login 0: the account that the practitioner has is disabled; who has none is not held
-- back (the desk keeps the hours, and an account is made later).
ALTER TABLE practitioner ADD COLUMN has_login INTEGER NOT NULL DEFAULT 1 CHECK (has_login IN (0, 1));
