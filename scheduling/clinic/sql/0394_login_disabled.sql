-- SPDX-License-Identifier: Apache-2.0
-- Whose account is disabled sees nobody, and the account alone says so: what was written down beside it is no more. Who
-- keeps accounts (server/auth) makes the view anew of them; without any, nobody's is disabled.
ALTER TABLE practitioner DROP COLUMN has_login;
CREATE VIEW login_disabled AS SELECT '' AS user_id WHERE 0;
