-- SPDX-License-Identifier: Apache-2.0
-- Names are compared without degrees, too (S.Pd, M.Kes, dr.): the program makes the indexes of such rows anew.
UPDATE patient SET person_index = NULL
WHERE name LIKE '%.%' OR name LIKE '%,%'
   OR EXISTS (SELECT 1 FROM (SELECT value AS word FROM json_each(
                  '["dr","drg","prof","ir","drs","dra","spd","spdi","skm","skep","sked","ssos","skom","mkes","mpd","amdkeb","amdkep","strkeb","ners"]'))
              WHERE ' ' || lower(patient.name) || ' ' LIKE '% ' || word || ' %');
