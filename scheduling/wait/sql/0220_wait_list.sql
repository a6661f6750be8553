-- SPDX-License-Identifier: Apache-2.0
-- Who found no free time and waits for one. wait_mode: who is offered a place that has become free, one after the
-- other or all who wait at the same time.
ALTER TABLE clinic ADD COLUMN wait_mode TEXT NOT NULL DEFAULT 'one_by_one'
    CHECK (wait_mode IN ('one_by_one', 'all_at_once'));

-- Phone and NIK are sealed and found by keyed hash, as a visit's; person_index is one of phone, birth date and name.
CREATE TABLE wait_entry (
    id TEXT PRIMARY KEY,
    clinic_id TEXT NOT NULL REFERENCES clinic (id),
    facility_id TEXT NOT NULL REFERENCES facility (id),
    practitioner_id TEXT REFERENCES practitioner (id),
    service_id TEXT REFERENCES service (id),
    from_date TEXT NOT NULL,
    until_date TEXT NOT NULL CHECK (until_date >= from_date),
    name TEXT NOT NULL,
    birth_date TEXT NOT NULL,
    sex TEXT CHECK (sex IN ('L', 'P')),
    nik_sealed TEXT,
    nik_index TEXT,
    phone_sealed TEXT NOT NULL,
    phone_index TEXT NOT NULL,
    person_index TEXT NOT NULL,
    lang TEXT NOT NULL CHECK (lang IN ('id', 'en')),
    consent_version INTEGER,
    consent_how TEXT CHECK (consent_how IN ('accepted', 'read_aloud')),
    priority INTEGER NOT NULL DEFAULT 0 CHECK (priority IN (0, 1)),
    priority_reason TEXT,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'booked', 'left', 'removed', 'lapsed')),
    n_unanswered INTEGER NOT NULL DEFAULT 0,
    visit_id TEXT REFERENCES visit (id),
    key_hash TEXT UNIQUE,
    requested_at_ms INTEGER NOT NULL,
    ended_at_ms INTEGER,
    CHECK ((state = 'waiting') = (ended_at_ms IS NULL)),
    CHECK ((state = 'booked') = (visit_id IS NOT NULL)),
    CHECK ((priority = 1) = (priority_reason IS NOT NULL)),
    CHECK ((consent_version IS NULL) = (consent_how IS NULL))
) STRICT;
-- One person waits once for a clinic.
CREATE UNIQUE INDEX wait_entry_once ON wait_entry (clinic_id, person_index) WHERE state = 'waiting';
CREATE INDEX wait_entry_phone ON wait_entry (clinic_id, phone_index) WHERE state = 'waiting';
CREATE INDEX wait_entry_order ON wait_entry (clinic_id, priority DESC, requested_at_ms, id) WHERE state = 'waiting';
CREATE INDEX wait_entry_until ON wait_entry (until_date) WHERE state = 'waiting';
CREATE INDEX wait_entry_ended ON wait_entry (ended_at_ms) WHERE ended_at_ms IS NOT NULL;

-- The link of an entry, a further one with each message; hash is keyed.
CREATE TABLE wait_token (
    hash TEXT PRIMARY KEY,
    entry_id TEXT NOT NULL REFERENCES wait_entry (id) ON DELETE CASCADE,
    created_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX wait_token_entry ON wait_token (entry_id);

-- A place that was offered. starts_at_ms: of the slot or the session, as it is booked; turn_at_ms: of the slot or
-- the place in it. hold_hash: of the slot_hold that keeps it for this one; NULL: whoever is first has it.
CREATE TABLE wait_offer (
    id TEXT PRIMARY KEY,
    entry_id TEXT NOT NULL REFERENCES wait_entry (id) ON DELETE CASCADE,
    practitioner_id TEXT NOT NULL REFERENCES practitioner (id),
    starts_at_ms INTEGER NOT NULL,
    turn_at_ms INTEGER NOT NULL,
    hold_hash TEXT,
    state TEXT NOT NULL DEFAULT 'open'
        CHECK (state IN ('open', 'accepted', 'declined', 'expired', 'lost', 'withdrawn')),
    made_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    ended_at_ms INTEGER,
    CHECK ((state = 'open') = (ended_at_ms IS NULL))
) STRICT;
-- Nobody is offered twice what was let pass.
CREATE UNIQUE INDEX wait_offer_once ON wait_offer (entry_id, practitioner_id, starts_at_ms)
    WHERE state IN ('open', 'accepted', 'declined', 'expired');
CREATE INDEX wait_offer_entry ON wait_offer (entry_id, ended_at_ms);
CREATE UNIQUE INDEX wait_offer_open ON wait_offer (entry_id) WHERE state = 'open';
CREATE INDEX wait_offer_expiry ON wait_offer (expires_at_ms) WHERE state = 'open';
CREATE INDEX wait_offer_place ON wait_offer (practitioner_id, starts_at_ms) WHERE state = 'open';

-- What who waits is told: as a row of `notification`, but of no visit.
CREATE TABLE wait_notice (
    id TEXT PRIMARY KEY,
    entry_id TEXT NOT NULL REFERENCES wait_entry (id) ON DELETE CASCADE,
    offer_id TEXT REFERENCES wait_offer (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('wait_listed', 'wait_offer', 'wait_open', 'wait_gone', 'wait_ended')),
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'dropped', 'failed')),
    due_at_ms INTEGER NOT NULL,
    lease_until_ms INTEGER,
    n_attempts INTEGER NOT NULL DEFAULT 0,
    reason TEXT,
    created_at_ms INTEGER NOT NULL,
    ended_at_ms INTEGER,
    CHECK ((state = 'waiting') = (ended_at_ms IS NULL))
) STRICT;
CREATE UNIQUE INDEX wait_notice_once ON wait_notice (entry_id, kind, COALESCE(offer_id, ''));
CREATE INDEX wait_notice_offer ON wait_notice (offer_id);
CREATE INDEX wait_notice_due ON wait_notice (due_at_ms) WHERE state = 'waiting';
