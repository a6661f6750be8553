-- SPDX-License-Identifier: Apache-2.0
-- That a doctor is late, as it was said to the number that the visit has now, or will be: what went to the one before its
-- last change nobody knows who is to come.
CREATE VIEW late_to_phone AS
SELECT n.visit_id, n.state, n.lease_until_ms
FROM notification n
WHERE n.kind = 'late'
  AND (n.ended_at_ms IS NULL
       OR n.ended_at_ms > COALESCE((SELECT MAX(e.at_ms) FROM visit_event e
                                    WHERE e.visit_id = n.visit_id AND e.kind = 'phone_changed'), 0));
