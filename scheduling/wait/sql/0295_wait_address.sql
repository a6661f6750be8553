-- SPDX-License-Identifier: Apache-2.0
-- From which address an entry was made, by keyed hash; NULL: by a desk, or before this was counted. The other index
-- counts an entry's offers of a day.
ALTER TABLE wait_entry ADD COLUMN address_index TEXT;
CREATE INDEX wait_entry_address ON wait_entry (address_index, requested_at_ms) WHERE address_index IS NOT NULL;
CREATE INDEX wait_offer_made ON wait_offer (entry_id, made_at_ms);
