-- SPDX-License-Identifier: Apache-2.0
-- What a clinic offers, how long it takes and what it costs.
CREATE TABLE service (
    id TEXT PRIMARY KEY,
    clinic_id TEXT NOT NULL REFERENCES clinic (id),
    name TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('video', 'assisted', 'doctor_to_doctor')),
    duration_minutes INTEGER NOT NULL CHECK (duration_minutes BETWEEN 5 AND 240),
    before_minutes INTEGER NOT NULL CHECK (before_minutes BETWEEN 0 AND 120),
    after_minutes INTEGER NOT NULL CHECK (after_minutes BETWEEN 0 AND 120),
    price_rupiah INTEGER NOT NULL CHECK (price_rupiah BETWEEN 0 AND 100000000),
    is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
    created_at_ms INTEGER NOT NULL,
    UNIQUE (clinic_id, name)
) STRICT;
