-- SPDX-License-Identifier: Apache-2.0
-- Visits of a series whose telephone number was changed together: the one whose message speaks of this one, often itself.
-- NULL: it is as it was booked, when the message of the first one spoke of all.
ALTER TABLE visit_series_entry ADD COLUMN told_with TEXT REFERENCES visit (id);
CREATE INDEX visit_series_told ON visit_series_entry (told_with) WHERE told_with IS NOT NULL;
