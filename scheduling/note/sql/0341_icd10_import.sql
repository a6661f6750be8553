-- SPDX-License-Identifier: Apache-2.0
-- When the diagnosis list was taken in, by whom (NULL: by the command line), and what came of it. at_ms NULL: the list
-- as it was when this began to be written down. n_codes: in the whole list then.
CREATE TABLE icd10_import (
    id INTEGER PRIMARY KEY,
    at_ms INTEGER,
    user_id TEXT,
    name TEXT NOT NULL,
    n_codes INTEGER NOT NULL,
    n_added INTEGER NOT NULL,
    n_changed INTEGER NOT NULL
) STRICT;
INSERT INTO icd10_import (at_ms, user_id, name, n_codes, n_added, n_changed)
SELECT NULL, NULL, '', COUNT(*), 0, 0 FROM icd10;
CREATE TRIGGER icd10_import_never_updated BEFORE UPDATE ON icd10_import
BEGIN
    SELECT RAISE(ABORT, 'what was taken in is never changed');
END;
CREATE TRIGGER icd10_import_never_deleted BEFORE DELETE ON icd10_import
BEGIN
    SELECT RAISE(ABORT, 'what was taken in is never removed');
END;
