-- SPDX-License-Identifier: Apache-2.0
-- The telephone that an entry says, as its visit's index has it; NULL: none. Beside the visit's own, which the desk may have
-- changed since: what a tablet only repeats is not written over that.
ALTER TABLE outreach_entry ADD COLUMN phone_index TEXT;
UPDATE outreach_entry
SET phone_index = (SELECT v.phone_index FROM visit v WHERE v.id = outreach_entry.visit_id AND v.has_phone = 1);
