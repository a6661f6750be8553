-- SPDX-License-Identifier: Apache-2.0
-- How much was booked on a day from which address, by keyed hash, forgotten on the next one; the day stands first, so
-- that what is written on it lies together. The index has only visits that are to come.
CREATE TABLE booking_address (
    local_date TEXT NOT NULL,
    address_index TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (local_date, address_index)
) STRICT, WITHOUT ROWID;
CREATE INDEX visit_phone_to_come ON visit (phone_index) WHERE state IN ('requested', 'booked');
