-- SPDX-License-Identifier: Apache-2.0
-- The service that a visit was booked for, as it was then: services change, what was booked does not. What must be
-- free around the visit is the larger of the service's and of the hours' buffers.
CREATE TABLE visit_service (
    visit_id TEXT PRIMARY KEY REFERENCES visit (id),
    service_id TEXT NOT NULL REFERENCES service (id),
    name TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('video', 'assisted', 'doctor_to_doctor')),
    price_rupiah INTEGER NOT NULL CHECK (price_rupiah BETWEEN 0 AND 100000000),
    before_ms INTEGER NOT NULL CHECK (before_ms BETWEEN 0 AND 7200000),
    after_ms INTEGER NOT NULL CHECK (after_ms BETWEEN 0 AND 7200000)
) STRICT;
ALTER TABLE slot_hold ADD COLUMN before_ms INTEGER NOT NULL DEFAULT 0 CHECK (before_ms BETWEEN 0 AND 7200000);
ALTER TABLE slot_hold ADD COLUMN after_ms INTEGER NOT NULL DEFAULT 0 CHECK (after_ms BETWEEN 0 AND 7200000);
