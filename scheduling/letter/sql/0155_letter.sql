-- SPDX-License-Identifier: Apache-2.0
-- Letters: numbered without gaps by facility and year, printed once, revocable, never changed.

-- Under which licence (SIP) a doctor signs.
CREATE TABLE licence (
    practitioner_id TEXT PRIMARY KEY REFERENCES practitioner (id),
    sip TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    saved_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE letter_counter (
    facility_id TEXT NOT NULL REFERENCES facility (id),
    year INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (facility_id, year)
) STRICT, WITHOUT ROWID;

-- code is what the paper's QR carries. What is printed is sealed; sha256 is of the printed file, seal
-- the keyed hash of the row with it. Both are NULL until the file is made.
CREATE TABLE letter (
    id TEXT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('summary', 'prescription', 'referral', 'sick')),
    facility_id TEXT NOT NULL REFERENCES facility (id),
    year INTEGER NOT NULL,
    number INTEGER NOT NULL,
    number_text TEXT NOT NULL,
    visit_id TEXT NOT NULL REFERENCES visit (id),
    patient_id TEXT NOT NULL REFERENCES patient (id),
    practitioner_id TEXT NOT NULL REFERENCES practitioner (id),
    request_key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    note_revision INTEGER NOT NULL,
    issued_at_ms INTEGER NOT NULL,
    local_date TEXT NOT NULL,
    initials TEXT NOT NULL,
    from_date TEXT,
    until_date TEXT,
    paper_sealed TEXT NOT NULL,
    sha256 TEXT,
    n_bytes INTEGER,
    seal TEXT,
    revoked_at_ms INTEGER,
    revoke_reason TEXT,
    UNIQUE (facility_id, year, number),
    UNIQUE (visit_id, request_key),
    CHECK ((sha256 IS NULL) = (seal IS NULL)),
    CHECK ((kind = 'sick') = (from_date IS NOT NULL))
) STRICT;
CREATE INDEX letter_visit ON letter (visit_id, id);
CREATE INDEX letter_patient ON letter (patient_id, kind);
CREATE INDEX letter_unmade ON letter (id) WHERE sha256 IS NULL;

CREATE TRIGGER letter_never_deleted BEFORE DELETE ON letter
BEGIN
    SELECT RAISE(ABORT, 'letters are never removed');
END;
CREATE TRIGGER letter_stays BEFORE UPDATE OF id, code, kind, facility_id, year, number, number_text, visit_id,
    patient_id, practitioner_id, request_key, request_hash, note_revision, issued_at_ms, local_date,
    initials, from_date, until_date, paper_sealed ON letter
BEGIN
    SELECT RAISE(ABORT, 'letters are never changed');
END;
CREATE TRIGGER letter_made_once BEFORE UPDATE OF sha256, n_bytes, seal ON letter WHEN OLD.sha256 IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'a letter is made once');
END;
CREATE TRIGGER letter_revoked_once BEFORE UPDATE OF revoked_at_ms, revoke_reason ON letter
WHEN OLD.revoked_at_ms IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'a letter is revoked once');
END;
