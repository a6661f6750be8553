-- SPDX-License-Identifier: Apache-2.0
-- Why the patient comes, in the words of whoever left word: goes with the visit that is made of the entry. NULL: not said.
ALTER TABLE wait_entry ADD COLUMN reason TEXT CHECK (length(reason) BETWEEN 1 AND 200);
