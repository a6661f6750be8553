-- SPDX-License-Identifier: Apache-2.0
-- A permit (SIP) that was taken off the record: the last day on which it held. Where there was one it takes a valid one,
-- so that nobody who has none any more practises as if none were needed. A new one puts an end to it.
CREATE TABLE permit_removed (
    facility_id TEXT NOT NULL REFERENCES facility (id),
    practitioner_id TEXT NOT NULL REFERENCES practitioner (id),
    valid_until TEXT NOT NULL,
    PRIMARY KEY (facility_id, practitioner_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX permit_removed_practitioner ON permit_removed (practitioner_id);

-- Until when somebody may practise in a facility, who has or had a permit for it.
CREATE VIEW permit_held AS
SELECT facility_id, practitioner_id, valid_until FROM practice_permit
UNION ALL
SELECT facility_id, practitioner_id, valid_until FROM permit_removed;

DROP VIEW permit_over;
CREATE VIEW permit_over AS
SELECT facility_id, practitioner_id, date(valid_until, '+1 day') AS from_date FROM permit_held;
