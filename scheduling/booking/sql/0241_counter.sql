-- SPDX-License-Identifier: Apache-2.0
-- What officers at the counter of a kecamatan or kabupaten have booked for others. The link is sealed, so that its
-- ticket can be printed again on the same day, and emptied afterwards.
CREATE TABLE counter_booking (
    visit_id TEXT PRIMARY KEY REFERENCES visit (id),
    account_id TEXT NOT NULL,
    local_date TEXT NOT NULL,
    token_sealed TEXT,
    booked_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX counter_booking_account ON counter_booking (account_id, local_date);
CREATE INDEX counter_booking_sealed ON counter_booking (local_date) WHERE token_sealed IS NOT NULL;
