-- SPDX-License-Identifier: Apache-2.0
-- How a facility works, rule by rule, where it is not as the province has it; and the province, where it is not as the
-- server's configuration file has it. No row: as above it. value is in the unit that the rule's name ends with; of
-- switches 0 and 1, of choices their place in policy_rule.c.
CREATE TABLE policy (
    scope TEXT NOT NULL,
    rule TEXT NOT NULL,
    value INTEGER NOT NULL,
    facility_id TEXT REFERENCES facility (id),
    changed_at_ms INTEGER NOT NULL,
    PRIMARY KEY (scope, rule),
    CHECK (scope = COALESCE(facility_id, 'province'))
) STRICT, WITHOUT ROWID;
