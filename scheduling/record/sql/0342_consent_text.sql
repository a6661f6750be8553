-- SPDX-License-Identifier: Apache-2.0
-- Who wrote a version (NULL: it was shipped, or came by a migration); which is in effect at a time is asked at every
-- booking: of those whose time has come the newest.
ALTER TABLE consent_text ADD COLUMN by_user TEXT;
ALTER TABLE consent_text ADD COLUMN by_name TEXT NOT NULL DEFAULT '';
CREATE INDEX consent_text_since ON consent_text (since_ms, version);
