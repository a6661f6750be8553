-- SPDX-License-Identifier: Apache-2.0
-- name: report_visits
SELECT v.local_date, v.facility_id, f.name, v.state, v.starts_at_ms, o.checked_in_at_ms,
       o.called_at_ms, o.both_ms, (SELECT COUNT(*) FROM incident i WHERE i.visit_id = v.id),
       u.n_told, u.n_escalated, v.is_extra, (SELECT came FROM visit_came WHERE visit_id = v.id)
FROM visit v
JOIN visit_course o ON o.visit_id = v.id
LEFT JOIN unanswered u ON u.visit_id = v.id
JOIN facility f ON f.id = v.facility_id
WHERE v.local_date BETWEEN $1 AND $2
ORDER BY v.local_date, f.name, v.facility_id;
