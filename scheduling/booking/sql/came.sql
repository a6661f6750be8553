-- SPDX-License-Identifier: Apache-2.0
-- Nothing when it is said again.
-- name: visit_came_set
INSERT INTO visit_came (visit_id, came) VALUES ($1, $2)
ON CONFLICT (visit_id) DO UPDATE SET came = excluded.came WHERE visit_came.came <> excluded.came;
