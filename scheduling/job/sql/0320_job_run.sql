-- SPDX-License-Identifier: Apache-2.0
-- What the periodic jobs did, or why they could not: runs of one job with the same end within ten minutes are one row.
-- No run that found nothing to do. Nothing of patients.
CREATE TABLE job_run (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    started_at_ms INTEGER NOT NULL,
    ended_at_ms INTEGER NOT NULL,
    n_runs INTEGER NOT NULL CHECK (n_runs > 0),
    error TEXT
) STRICT;
CREATE INDEX job_run_name ON job_run (name, id);
CREATE INDEX job_run_ended ON job_run (ended_at_ms);

CREATE TABLE job_run_count (
    run_id INTEGER NOT NULL REFERENCES job_run (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    n INTEGER NOT NULL CHECK (n > 0),
    PRIMARY KEY (run_id, kind)
) STRICT, WITHOUT ROWID;
