-- SPDX-License-Identifier: Apache-2.0
-- One row that is written now and then to see whether anything can be.
CREATE TABLE health (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    written_at_ms INTEGER NOT NULL
) STRICT;
