-- SPDX-License-Identifier: Apache-2.0
-- name: job_run_last
SELECT id, started_at_ms, error FROM job_run WHERE name = $1 ORDER BY id DESC LIMIT 1;

-- name: job_run_insert
INSERT INTO job_run (name, started_at_ms, ended_at_ms, n_runs, error) VALUES ($1, $2, $3, 1, $4);

-- name: job_run_again
UPDATE job_run SET ended_at_ms = $2, n_runs = n_runs + 1 WHERE id = $1;

-- name: job_run_count_add
INSERT INTO job_run_count (run_id, kind, n) VALUES ($1, $2, $3)
ON CONFLICT (run_id, kind) DO UPDATE SET n = n + excluded.n;

-- name: job_run_list
SELECT id, name, started_at_ms, ended_at_ms, n_runs, error FROM job_run
WHERE id < $1
ORDER BY id DESC
LIMIT $2;

-- name: job_run_list_of
SELECT id, name, started_at_ms, ended_at_ms, n_runs, error FROM job_run
WHERE name = $3 AND id < $1
ORDER BY id DESC
LIMIT $2;

-- name: job_run_counts
SELECT kind, n FROM job_run_count WHERE run_id = $1 ORDER BY kind;

-- name: program_seen_at
SELECT at_ms FROM program_seen WHERE id = 1;

-- name: program_seen_put
INSERT INTO program_seen (id, at_ms) VALUES (1, $1)
ON CONFLICT (id) DO UPDATE SET at_ms = excluded.at_ms;

-- name: program_off_put
INSERT INTO program_off (from_ms, to_ms) VALUES ($1, $2)
ON CONFLICT (from_ms) DO UPDATE SET to_ms = excluded.to_ms;

-- Was it off at some time between $1 and $2?
-- name: program_was_off
SELECT 1 FROM program_off WHERE from_ms < $2 AND to_ms > $1 LIMIT 1;
