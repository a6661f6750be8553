-- SPDX-License-Identifier: Apache-2.0
-- What a row of a person says of that person: a NIK that was given for a visit stays with the visit's own row, so
-- that undoing a merge gives it back, and is the person's as long as they are one. The sex comes with it.
CREATE VIEW person AS
SELECT p.id, p.name, p.birth_date,
       COALESCE(p.sex, (SELECT o.sex FROM patient o
                        WHERE o.person_id = p.id AND o.nik_index IS NOT NULL AND o.sex IS NOT NULL
                        ORDER BY o.id LIMIT 1)) AS sex,
       COALESCE(p.nik_sealed, (SELECT o.nik_sealed FROM patient o
                               WHERE o.person_id = p.id AND o.nik_index IS NOT NULL
                               ORDER BY o.id LIMIT 1)) AS nik_sealed,
       COALESCE(p.nik_index, (SELECT o.nik_index FROM patient o
                              WHERE o.person_id = p.id AND o.nik_index IS NOT NULL
                              ORDER BY o.id LIMIT 1)) AS nik_index,
       COALESCE(p.mother_nik_sealed, (SELECT o.mother_nik_sealed FROM patient o
                                      WHERE o.person_id = p.id AND o.mother_nik_index IS NOT NULL
                                      ORDER BY o.id LIMIT 1)) AS mother_nik_sealed
FROM patient p;
