-- SPDX-License-Identifier: Apache-2.0
-- What a staff token lives as long as (the session that it was issued in). The ones from before have
-- nothing to be held against, so they end here; pages ask for new ones.
ALTER TABLE join_token ADD COLUMN bound_to TEXT;
UPDATE join_token SET revoked_at_ms = created_at_ms
WHERE revoked_at_ms IS NULL
  AND (kind = 'day' OR participant_id IN (SELECT id FROM participant WHERE role = 'doctor'));
