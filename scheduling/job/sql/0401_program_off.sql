-- SPDX-License-Identifier: Apache-2.0
-- When the program was last seen to run, and when it did not run: what did not happen then is no patient's fault.
CREATE TABLE program_seen (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    at_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE program_off (
    from_ms INTEGER PRIMARY KEY,
    to_ms INTEGER NOT NULL CHECK (to_ms > from_ms)
) STRICT;
