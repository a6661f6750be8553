-- SPDX-License-Identifier: Apache-2.0
-- Finds the visits whose time is over.
CREATE INDEX visit_state_end ON visit (state, ends_at_ms);
