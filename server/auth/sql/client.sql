-- name: client_insert
INSERT INTO api_client (id, name, facility_id, secret_hash, created_at_ms) VALUES ($1, $2, $3, $4, $5);

-- name: client_revoke
UPDATE api_client SET revoked_at_ms = $2 WHERE name = $1 AND revoked_at_ms IS NULL RETURNING id;

-- name: client_find
SELECT name, facility_id FROM api_client WHERE secret_hash = $1 AND revoked_at_ms IS NULL;

-- name: client_list
SELECT name, facility_id, revoked_at_ms FROM api_client WHERE name > '' ORDER BY name;
