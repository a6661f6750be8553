-- SPDX-License-Identifier: Apache-2.0
-- What a guest of a visit is there as; one of each kind, so that a new link for it replaces the old one.
ALTER TABLE participant ADD COLUMN label TEXT CHECK (label IN ('interpreter', 'family', 'expert'));
CREATE UNIQUE INDEX participant_guest ON participant (visit_id, label) WHERE label IS NOT NULL;
