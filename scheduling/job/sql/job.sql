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
