-- SPDX-License-Identifier: Apache-2.0
-- Hours as rules with exceptions, in place of the plain weekly hours of before. Slots stay computed.
-- Minutes are local minutes of the day, dates local dates in the clinics' zone; weekday 1 is Monday.
CREATE TABLE hours_rule (
    id TEXT PRIMARY KEY,
    clinic_id TEXT NOT NULL,
    practitioner_id TEXT NOT NULL,
    weekday INTEGER NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    from_minute INTEGER NOT NULL CHECK (from_minute BETWEEN 0 AND 1439),
    to_minute INTEGER NOT NULL CHECK (to_minute BETWEEN 1 AND 1440),
    mode TEXT NOT NULL CHECK (mode IN ('slots', 'session')),
    slot_minutes INTEGER CHECK (slot_minutes BETWEEN 5 AND 240),
    before_minutes INTEGER NOT NULL DEFAULT 0 CHECK (before_minutes BETWEEN 0 AND 120),
    after_minutes INTEGER NOT NULL DEFAULT 0 CHECK (after_minutes BETWEEN 0 AND 120),
    quota INTEGER CHECK (quota BETWEEN 1 AND 240),
    valid_from TEXT NOT NULL,
    valid_until TEXT CHECK (valid_until >= valid_from),
    CHECK (from_minute < to_minute),
    CHECK ((mode = 'slots') = (slot_minutes IS NOT NULL)),
    CHECK ((mode = 'session') = (quota IS NOT NULL)),
    FOREIGN KEY (clinic_id, practitioner_id) REFERENCES clinic_member (clinic_id, practitioner_id)
) STRICT;
CREATE INDEX hours_rule_clinic ON hours_rule (clinic_id, practitioner_id);
CREATE INDEX hours_rule_practitioner ON hours_rule (practitioner_id);

CREATE TABLE hours_break (
    rule_id TEXT NOT NULL REFERENCES hours_rule (id) ON DELETE CASCADE,
    from_minute INTEGER NOT NULL,
    to_minute INTEGER NOT NULL CHECK (from_minute < to_minute),
    PRIMARY KEY (rule_id, from_minute)
) STRICT, WITHOUT ROWID;

-- One date that differs: hours more, or closed.
CREATE TABLE hours_override (
    id TEXT PRIMARY KEY,
    clinic_id TEXT NOT NULL,
    practitioner_id TEXT NOT NULL,
    date TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('extra', 'closed')),
    from_minute INTEGER NOT NULL CHECK (from_minute BETWEEN 0 AND 1439),
    to_minute INTEGER NOT NULL CHECK (to_minute BETWEEN 1 AND 1440),
    mode TEXT CHECK (mode IN ('slots', 'session')),
    slot_minutes INTEGER CHECK (slot_minutes BETWEEN 5 AND 240),
    before_minutes INTEGER NOT NULL DEFAULT 0 CHECK (before_minutes BETWEEN 0 AND 120),
    after_minutes INTEGER NOT NULL DEFAULT 0 CHECK (after_minutes BETWEEN 0 AND 120),
    quota INTEGER CHECK (quota BETWEEN 1 AND 240),
    note TEXT NOT NULL,
    CHECK (from_minute < to_minute),
    CHECK ((kind = 'extra') = (mode IS NOT NULL)),
    CHECK ((mode IS 'slots') = (slot_minutes IS NOT NULL)),
    CHECK ((mode IS 'session') = (quota IS NOT NULL)),
    FOREIGN KEY (clinic_id, practitioner_id) REFERENCES clinic_member (clinic_id, practitioner_id)
) STRICT;
CREATE INDEX hours_override_clinic ON hours_override (clinic_id, date);
CREATE INDEX hours_override_practitioner ON hours_override (practitioner_id, date);

-- In which clinics somebody works.
CREATE INDEX clinic_member_practitioner ON clinic_member (practitioner_id);

-- Somebody's days off, in every clinic; both dates counted.
CREATE TABLE hours_leave (
    id TEXT PRIMARY KEY,
    practitioner_id TEXT NOT NULL REFERENCES practitioner (id),
    from_date TEXT NOT NULL,
    until_date TEXT NOT NULL CHECK (until_date >= from_date),
    note TEXT NOT NULL
) STRICT;
CREATE INDEX hours_leave_practitioner ON hours_leave (practitioner_id, until_date);

-- Of the province when facility_id is NULL. One that is not certain (the moon's) closes nothing yet.
CREATE TABLE holiday (
    id TEXT PRIMARY KEY,
    date TEXT NOT NULL,
    name TEXT NOT NULL,
    is_certain INTEGER NOT NULL CHECK (is_certain IN (0, 1)),
    facility_id TEXT REFERENCES facility (id)
) STRICT;
CREATE UNIQUE INDEX holiday_date ON holiday (date, COALESCE(facility_id, ''));

INSERT INTO hours_rule (id, clinic_id, practitioner_id, weekday, from_minute, to_minute, mode,
                        slot_minutes, valid_from, valid_until)
SELECT id, clinic_id, practitioner_id, weekday, from_minute, to_minute, 'slots', slot_minutes,
       effective_from, effective_to
FROM hour_rule
WHERE effective_to IS NULL OR effective_to >= effective_from;
DROP TABLE hour_rule;
