-- SPDX-License-Identifier: Apache-2.0
-- What scheduling asks of accounts. A migration that makes the table anew drops the view first.
DROP VIEW IF EXISTS login_disabled;
CREATE VIEW login_disabled AS SELECT id AS user_id FROM account WHERE disabled = 1;
