-- name: account_insert
INSERT INTO account (id, login, name, role, facility_id, password_hash, created_at_ms, changed_at_ms,
                     area_code)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8);

-- name: account_by_login
SELECT id, password_hash, disabled, name, role, facility_id, area_code FROM account WHERE login = $1;

-- name: account_set_password
UPDATE account SET password_hash = $2, changed_at_ms = $3 WHERE id = $1;

-- name: account_set_disabled
UPDATE account SET disabled = $2, changed_at_ms = $3 WHERE id = $1;

-- name: session_insert
INSERT INTO session (id, token_hash, account_id, csrf, address, created_at_ms, expires_at_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: session_find
SELECT s.id, s.csrf, a.id, a.name, a.role, a.facility_id, s.expires_at_ms,
       a.area_code
FROM session AS s JOIN account AS a ON a.id = s.account_id
WHERE s.token_hash = $1 AND s.expires_at_ms > $2 AND a.disabled = 0;

-- name: session_is_alive
SELECT 1 FROM session AS s JOIN account AS a ON a.id = s.account_id
WHERE s.id = $1 AND s.expires_at_ms > $2 AND a.disabled = 0;

-- name: session_delete
DELETE FROM session WHERE id = $1;

-- name: session_delete_of_account
DELETE FROM session WHERE account_id = $1;

-- name: session_delete_expired
DELETE FROM session WHERE expires_at_ms <= $1;

-- name: session_expired
SELECT id FROM session WHERE expires_at_ms < $1 ORDER BY expires_at_ms LIMIT $2;
