-- SPDX-License-Identifier: Apache-2.0
-- A doctor asks a doctor: of a clinic, of a facility, or one who is named. Who asks, whom and when never change,
-- nor does anything that was written; only where the question stands does.
CREATE TABLE consult (
    id TEXT PRIMARY KEY,
    asker_id TEXT NOT NULL REFERENCES practitioner (id),
    request_key TEXT NOT NULL,
    from_facility_id TEXT NOT NULL REFERENCES facility (id),
    visit_id TEXT REFERENCES visit (id),
    to_facility_id TEXT NOT NULL REFERENCES facility (id),
    to_clinic_id TEXT REFERENCES clinic (id),
    to_practitioner_id TEXT REFERENCES practitioner (id),
    urgency TEXT NOT NULL CHECK (urgency IN ('routine', 'soon', 'emergency')),
    state TEXT NOT NULL CHECK (state IN ('open', 'taken', 'asked_back', 'answered', 'closed', 'withdrawn')),
    expert_id TEXT REFERENCES practitioner (id),
    asked_at_ms INTEGER NOT NULL,
    due_at_ms INTEGER NOT NULL,
    first_answer_at_ms INTEGER,
    escalated_at_ms INTEGER,
    changed_at_ms INTEGER NOT NULL,
    UNIQUE (asker_id, request_key),
    CHECK (to_clinic_id IS NULL OR to_practitioner_id IS NULL),
    CHECK (expert_id IS NOT NULL OR state NOT IN ('taken', 'asked_back', 'answered')),
    CHECK (expert_id IS NULL OR state <> 'open'),
    CHECK (expert_id IS NULL OR expert_id <> asker_id)
) STRICT;
CREATE INDEX consult_asker ON consult (asker_id, id);
CREATE INDEX consult_expert ON consult (expert_id, id) WHERE expert_id IS NOT NULL;
CREATE INDEX consult_open ON consult (to_facility_id, due_at_ms) WHERE state = 'open';
CREATE INDEX consult_open_doctor ON consult (to_practitioner_id) WHERE state = 'open';
CREATE INDEX consult_due ON consult (due_at_ms) WHERE state IN ('open', 'taken') AND escalated_at_ms IS NULL;
CREATE INDEX consult_late ON consult (to_facility_id, due_at_ms)
    WHERE escalated_at_ms IS NOT NULL AND state IN ('open', 'taken', 'asked_back');
CREATE INDEX consult_asked ON consult (asked_at_ms);
CREATE TRIGGER consult_stays BEFORE UPDATE ON consult
WHEN NEW.id <> OLD.id OR NEW.asker_id <> OLD.asker_id OR NEW.from_facility_id <> OLD.from_facility_id
    OR NEW.visit_id IS NOT OLD.visit_id OR NEW.to_facility_id <> OLD.to_facility_id
    OR NEW.to_clinic_id IS NOT OLD.to_clinic_id OR NEW.to_practitioner_id IS NOT OLD.to_practitioner_id
    OR NEW.urgency <> OLD.urgency OR NEW.asked_at_ms <> OLD.asked_at_ms
    OR (OLD.first_answer_at_ms IS NOT NULL AND NEW.first_answer_at_ms IS NOT OLD.first_answer_at_ms)
    OR OLD.state IN ('closed', 'withdrawn')
BEGIN
    SELECT RAISE(ABORT, 'what was asked is never changed');
END;
CREATE TRIGGER consult_never_deleted BEFORE DELETE ON consult
BEGIN
    SELECT RAISE(ABORT, 'questions are never removed');
END;

-- What the asker chose to tell of the patient, as it was then: one row a part ("age", "note.plan"), sealed.
CREATE TABLE consult_shared (
    consult_id TEXT NOT NULL REFERENCES consult (id),
    position INTEGER NOT NULL CHECK (position > 0),
    part TEXT NOT NULL,
    text_sealed TEXT NOT NULL,
    PRIMARY KEY (consult_id, position)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER consult_shared_never_updated BEFORE UPDATE ON consult_shared
BEGIN
    SELECT RAISE(ABORT, 'what was told is never changed');
END;
CREATE TRIGGER consult_shared_never_deleted BEFORE DELETE ON consult_shared
BEGIN
    SELECT RAISE(ABORT, 'what was told is never removed');
END;

-- What was written: the question (and the further one after an answer), additions of the asker, what the expert asks
-- back, and answers. hash is keyed, over all of it.
CREATE TABLE consult_post (
    id TEXT PRIMARY KEY,
    consult_id TEXT NOT NULL REFERENCES consult (id),
    request_key TEXT NOT NULL,
    author_id TEXT NOT NULL REFERENCES practitioner (id),
    kind TEXT NOT NULL CHECK (kind IN ('question', 'addition', 'ask_back', 'answer')),
    at_ms INTEGER NOT NULL,
    text_sealed TEXT NOT NULL,
    recommendation_sealed TEXT,
    refer INTEGER CHECK (refer IN (0, 1)),
    hash TEXT NOT NULL,
    UNIQUE (consult_id, request_key),
    CHECK ((kind = 'answer') = (refer IS NOT NULL)),
    CHECK ((kind = 'answer') = (recommendation_sealed IS NOT NULL))
) STRICT;
CREATE INDEX consult_post_order ON consult_post (consult_id, at_ms);
CREATE TRIGGER consult_post_never_updated BEFORE UPDATE ON consult_post
BEGIN
    SELECT RAISE(ABORT, 'what was written is never changed');
END;
CREATE TRIGGER consult_post_never_deleted BEFORE DELETE ON consult_post
BEGIN
    SELECT RAISE(ABORT, 'what was written is never removed');
END;

-- Who took it, gave it back, ended it; that it was late. by_practitioner: NULL of the server and of who keeps a facility.
CREATE TABLE consult_step (
    consult_id TEXT NOT NULL REFERENCES consult (id),
    at_ms INTEGER NOT NULL,
    step TEXT NOT NULL
        CHECK (step IN ('taken', 'given_back', 'released', 'escalated', 'closed', 'withdrawn')),
    by_practitioner TEXT REFERENCES practitioner (id)
) STRICT;
CREATE INDEX consult_step_order ON consult_step (consult_id, at_ms);
CREATE TRIGGER consult_step_never_updated BEFORE UPDATE ON consult_step
BEGIN
    SELECT RAISE(ABORT, 'steps are never changed');
END;
CREATE TRIGGER consult_step_never_deleted BEFORE DELETE ON consult_step
BEGIN
    SELECT RAISE(ABORT, 'steps are never removed');
END;

-- A picture or a PDF, sealed, under the id that the page made. It comes before what it belongs to: until that is
-- there it is its owner's alone and may go again.
CREATE TABLE consult_attachment (
    id TEXT PRIMARY KEY,
    owner_id TEXT NOT NULL REFERENCES practitioner (id),
    post_id TEXT REFERENCES consult_post (id),
    type TEXT NOT NULL CHECK (type IN ('jpeg', 'webp', 'pdf')),
    n_bytes INTEGER NOT NULL CHECK (n_bytes > 0),
    hash TEXT NOT NULL,
    data_sealed TEXT NOT NULL,
    added_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX consult_attachment_post ON consult_attachment (post_id) WHERE post_id IS NOT NULL;
CREATE INDEX consult_attachment_loose ON consult_attachment (owner_id) WHERE post_id IS NULL;
CREATE INDEX consult_attachment_old ON consult_attachment (added_at_ms) WHERE post_id IS NULL;
CREATE TRIGGER consult_attachment_stays BEFORE UPDATE ON consult_attachment
WHEN OLD.post_id IS NOT NULL OR NEW.hash <> OLD.hash OR NEW.data_sealed <> OLD.data_sealed OR NEW.owner_id <> OLD.owner_id
BEGIN
    SELECT RAISE(ABORT, 'attachments are never changed');
END;
CREATE TRIGGER consult_attachment_never_deleted BEFORE DELETE ON consult_attachment WHEN OLD.post_id IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'attachments are never removed');
END;
