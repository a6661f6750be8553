-- SPDX-License-Identifier: Apache-2.0
-- Accounts as administrators and coordinators keep them.
-- name: account_any
SELECT 1 WHERE EXISTS (SELECT 1 FROM account);

-- name: account_get
SELECT id, login, name, role, facility_id, disabled, created_at_ms, area_code FROM account WHERE id = $1;

-- Reads the whole table: the list of all accounts.
-- name: account_list
SELECT id, login, name, role, facility_id, disabled, created_at_ms, area_code FROM account
ORDER BY name, id;

-- name: account_list_of_facility
SELECT id, login, name, role, facility_id, disabled, created_at_ms, area_code
FROM account
WHERE facility_id = $1 AND role IN ('doctor', 'desk')
ORDER BY name, id;

-- Of who is logged in.
-- name: account_own
SELECT login, password_hash, role FROM account WHERE id = $1 AND disabled = 0;

-- name: account_set_own_password
UPDATE account SET password_hash = $2, changed_at_ms = $3
WHERE id = $1 AND password_hash = $4 AND disabled = 0
RETURNING id;

-- name: session_delete_others
DELETE FROM session WHERE account_id = $1 AND id <> $2;

-- name: account_update
UPDATE account SET name = $2, role = $3, facility_id = $4, disabled = $5, changed_at_ms = $6,
    area_code = $7
WHERE id = $1;

-- name: account_other_admin
SELECT 1 WHERE EXISTS (SELECT 1 FROM account WHERE role = 'admin' AND disabled = 0 AND id <> $1);
