-- SPDX-License-Identifier: Apache-2.0
-- In which facilities one of a pair has been, with the pair's state: a desk's list reads its own part of it alone, by
-- rising time of the ids. What the list shows of it is still decided by the visits.
CREATE TABLE patient_pair_facility (
    facility_id TEXT NOT NULL REFERENCES facility (id),
    state TEXT NOT NULL CHECK (state IN ('open', 'merged', 'different')),
    pair_id TEXT NOT NULL REFERENCES patient_pair (id) ON DELETE CASCADE,
    PRIMARY KEY (facility_id, state, pair_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX patient_pair_facility_pair ON patient_pair_facility (pair_id);
INSERT INTO patient_pair_facility (facility_id, state, pair_id)
SELECT v.facility_id, q.state, q.id FROM patient_pair q JOIN visit v ON v.patient_id = q.first_id
UNION
SELECT v.facility_id, q.state, q.id FROM patient_pair q JOIN visit v ON v.patient_id = q.second_id;

CREATE TRIGGER patient_pair_found AFTER INSERT ON patient_pair
BEGIN
    INSERT INTO patient_pair_facility (facility_id, state, pair_id)
    SELECT DISTINCT v.facility_id, NEW.state, NEW.id FROM visit v WHERE v.patient_id IN (NEW.first_id, NEW.second_id);
END;
CREATE TRIGGER patient_pair_decided AFTER UPDATE OF state ON patient_pair
BEGIN
    UPDATE patient_pair_facility SET state = NEW.state WHERE pair_id = NEW.id;
END;
CREATE TRIGGER patient_pair_visit AFTER INSERT ON visit
BEGIN
    INSERT INTO patient_pair_facility (facility_id, state, pair_id)
    SELECT NEW.facility_id, q.state, q.id FROM patient_pair q WHERE q.first_id = NEW.patient_id
    UNION
    SELECT NEW.facility_id, q.state, q.id FROM patient_pair q WHERE q.second_id = NEW.patient_id
    ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER patient_pair_other_patient AFTER UPDATE OF patient_id ON visit
BEGIN
    INSERT INTO patient_pair_facility (facility_id, state, pair_id)
    SELECT NEW.facility_id, q.state, q.id FROM patient_pair q WHERE q.first_id = NEW.patient_id
    UNION
    SELECT NEW.facility_id, q.state, q.id FROM patient_pair q WHERE q.second_id = NEW.patient_id
    ON CONFLICT DO NOTHING;
END;
