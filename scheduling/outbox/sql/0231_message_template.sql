-- SPDX-License-Identifier: Apache-2.0
-- Texts that stand in for the shipped ones: the province's, and a facility's. Every version stays; the newest counts.
-- text NULL: from then on as it is above it again.
CREATE TABLE message_template (
    scope TEXT NOT NULL,
    kind TEXT NOT NULL,
    lang TEXT NOT NULL CHECK (lang IN ('id', 'en')),
    version INTEGER NOT NULL CHECK (version > 0),
    text TEXT,
    facility_id TEXT REFERENCES facility (id),
    made_at_ms INTEGER NOT NULL,
    made_by TEXT NOT NULL,
    PRIMARY KEY (scope, kind, lang, version),
    CHECK (scope = COALESCE(facility_id, 'province'))
) STRICT, WITHOUT ROWID;

CREATE TRIGGER message_template_never_deleted BEFORE DELETE ON message_template
BEGIN
    SELECT RAISE(ABORT, 'versions of a text are never removed');
END;
CREATE TRIGGER message_template_stays BEFORE UPDATE ON message_template
BEGIN
    SELECT RAISE(ABORT, 'versions of a text never change');
END;
