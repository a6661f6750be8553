-- SPDX-License-Identifier: Apache-2.0
-- Whether somebody came whom the doctor asked to come in the call: said by staff, afterwards.
CREATE TABLE visit_came (
    visit_id TEXT PRIMARY KEY REFERENCES visit (id),
    came INTEGER NOT NULL CHECK (came = 0 OR came = 1)
) STRICT, WITHOUT ROWID;
