-- SPDX-License-Identifier: Apache-2.0
-- Years of a health service, made of numbers alone: the same parameters give the same rows. Run by the
-- sqlite3 command on a database that the program has migrated and does not use meanwhile; clinic.mjs
-- binds :now_ms, :midnight_ms (of today, in the clinics' zone), :past_days, :ahead_days, :doctors
-- and :patients.
--
-- Rows lie as they would: a visit is written when it is booked, up to two weeks before it begins, so
-- those of one day are scattered; codes, tokens and keyed hashes look random. Events and the outbox are
-- left out: they only grow at their end, so what is there does not matter to what comes. The audit
-- trail's hashes are none, so `audit verify` refuses such a database.
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA foreign_keys = OFF;
PRAGMA cache_size = -1500000;
BEGIN;

CREATE TEMP TABLE number (n INTEGER PRIMARY KEY);
WITH RECURSIVE up (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM up
                          WHERE n < max(:past_days + :ahead_days, :doctors, :patients, 26))
INSERT INTO number SELECT n FROM up;

-- Working days, Monday to Friday.
CREATE TEMP TABLE day AS
SELECT n, n - :past_days AS ahead, :midnight_ms + (n - :past_days) * 86400000 AS starts_ms,
       date((:midnight_ms + (n - :past_days) * 86400000) / 1000 + 8 * 3600, 'unixepoch') AS local_date,
       strftime('%w', (:midnight_ms + (n - :past_days) * 86400000) / 1000 + 8 * 3600, 'unixepoch') AS weekday
FROM number
WHERE n <= :past_days + :ahead_days AND weekday BETWEEN '1' AND '5';

-- Five doctors to a clinic, a clinic to a facility, years long; and the demo clinic's doctor, whose queue is measured, for the
-- month that an estimate of the wait looks back.
CREATE TEMP TABLE doctor AS
SELECT n, n % 5 AS within, printf('01d%023d', n) AS id, printf('01c%023d', n / 5) AS clinic_id,
       printf('01f%023d', n / 5) AS facility_id, -:past_days AS first_day, :ahead_days AS last_day
FROM number WHERE n < :doctors
UNION ALL
SELECT :doctors, 0, p.id, c.id, c.facility_id, -30, -1
FROM practitioner p JOIN clinic_member m ON m.practitioner_id = p.id JOIN clinic c ON c.id = m.clinic_id
WHERE p.demo_login = 'rahmat';

INSERT INTO facility (id, name, kind, area_code, address, phone, created_at_ms)
SELECT DISTINCT facility_id, 'Puskesmas ' || (n / 5), 'puskesmas', '75.01.01', 'Jl. Contoh ' || (n / 5), '0435-800000',
       :now_ms
FROM doctor WHERE n < :doctors;
INSERT INTO clinic (id, facility_id, name, letter, created_at_ms)
SELECT DISTINCT clinic_id, facility_id, 'Poli Umum', 'A', :now_ms FROM doctor WHERE n < :doctors;
INSERT INTO practitioner (id, name, created_at_ms) SELECT id, 'dr. Nomor ' || n, :now_ms FROM doctor WHERE n < :doctors;
INSERT INTO clinic_member (clinic_id, practitioner_id) SELECT clinic_id, id FROM doctor WHERE n < :doctors;

-- 8 to 12 and 12.30 to 15 in quarters of an hour: 26 slots a day.
INSERT INTO hours_rule (id, clinic_id, practitioner_id, weekday, from_minute, to_minute, mode, slot_minutes, valid_from)
SELECT printf('01r%022d%d', d.n, w.n), d.clinic_id, d.id, w.n, 480, 900, 'slots', 15, '2000-01-01'
FROM doctor d, number w WHERE d.n < :doctors AND w.n BETWEEN 1 AND 5;
INSERT INTO hours_break (rule_id, from_minute, to_minute)
SELECT printf('01r%022d%d', d.n, w.n), 720, 750 FROM doctor d, number w
WHERE d.n < :doctors AND w.n BETWEEN 1 AND 5;

INSERT INTO patient (id, name, birth_date, sex, nik_sealed, nik_index, created_at_ms, person_id)
SELECT printf('01p%023d', n), 'Pasien Nomor ' || n, date('1940-01-01', '+' || (n * 7919 % 29000) || ' days'),
       substr('LP', 1 + n % 2, 1), hex(sha3('seal' || n, 256)) || 'AAAA', lower(hex(sha3('nik' || n, 256))), :now_ms,
       printf('01p%023d', n)
FROM number WHERE n BETWEEN 1 AND :patients;

-- 20 of a past day's 26 slots were booked; of those to come fewer and fewer, from 14 down. r is as good as random.
CREATE TEMP TABLE plan AS
SELECT d.n AS doctor, d.within, y.local_date, s.n AS slot,
       y.starts_ms + (CASE WHEN s.n < 16 THEN 480 + 15 * s.n ELSE 750 + 15 * (s.n - 16) END) * 60000 AS starts_ms,
       (((y.n * 1000 + d.n) * 26 + s.n) * 2654435761 & 4294967295) >> 4 AS r
FROM day y, doctor d, number s
WHERE s.n < 26 AND y.ahead BETWEEN d.first_day AND d.last_day
  AND (s.n * 7 + d.n * 3 + y.n * 5) % 26 < CASE WHEN y.ahead <= 0 THEN 20 ELSE 14 - 14 * y.ahead / (:ahead_days + 1) END;
-- Nine in ten are patients of the facility's own area, one is from anywhere.
CREATE TEMP TABLE booked AS
SELECT *, 1 + iif(r % 10 = 9, r, r - r % (:doctors / 5) + doctor / 5 % (:doctors / 5)) % :patients AS patient,
       min(starts_ms - (1 + r % 336) * 3600000, :now_ms - 1 - r % 86400000) AS created_ms,
       CASE WHEN starts_ms >= :now_ms THEN 'booked' WHEN r % 100 < 84 THEN 'done' WHEN r % 100 < 92 THEN 'no_show_patient'
            WHEN r % 100 < 98 THEN 'cancelled_patient' ELSE 'cancelled_provider' END AS state
FROM plan
ORDER BY created_ms, doctor, slot;
DROP TABLE plan;

-- 887503681 codes of six letters; the factor has no divisor in common with it, so none comes twice.
INSERT INTO visit (id, code, mode, state, patient_id, practitioner_id, clinic_id, facility_id, starts_at_ms, ends_at_ms,
                   local_date, number, number_text, lang, phone_sealed, phone_index, created_at_ms, slot_of)
SELECT printf('01v%023d', v.rowid),
       (WITH c (x, a) AS (SELECT v.rowid * 387420489 % 887503681, '23456789ABCDEFGHJKMNPQRSTUVWXYZ')
        SELECT substr(a, 1 + x % 31, 1) || substr(a, 1 + x / 31 % 31, 1) || substr(a, 1 + x / 961 % 31, 1) ||
               substr(a, 1 + x / 29791 % 31, 1) || substr(a, 1 + x / 923521 % 31, 1) || substr(a, 1 + x / 28629151 % 31, 1)
        FROM c),
       'slot', v.state, printf('01p%023d', v.patient), d.id, d.clinic_id, d.facility_id, v.starts_ms,
       v.starts_ms + 900000, v.local_date, v.within * 26 + v.slot + 1, 'A-' || (v.within * 26 + v.slot + 1),
       substr('idididen', 1 + 2 * (v.r % 4), 2), hex(sha3('phone' || v.rowid, 224)), lower(hex(sha3('tel' || v.patient, 256))),
       v.created_ms, d.id
FROM booked v JOIN doctor d ON d.n = v.doctor
ORDER BY v.rowid;

INSERT INTO visit_course (visit_id, checked_in_at_ms, called_at_ms, n_calls, accepted_at_ms, in_call_at_ms, ended_at_ms,
                          ended_by, both_start_ms, both_end_ms, both_ms)
SELECT printf('01v%023d', rowid), iif(state = 'done', starts_ms - 600000, NULL), iif(state = 'done', starts_ms + r % 900000, NULL),
       state = 'done', iif(state = 'done', starts_ms + r % 900000 + 9000, NULL), iif(state = 'done', starts_ms + r % 900000 + 15000, NULL),
       iif(state = 'booked', NULL, starts_ms + r % 900000 + 300000 + r % 600000), iif(state = 'booked', NULL, 'doctor'),
       iif(state = 'done', starts_ms + r % 900000 + 16000, NULL), iif(state = 'done', starts_ms + r % 900000 + 299000 + r % 600000, NULL),
       iif(state = 'done', 283000 + r % 600000, 0)
FROM booked ORDER BY rowid;

-- An interpreter for one in a hundred.
INSERT INTO participant (id, visit_id, role, label, created_at_ms)
SELECT printf('01a%022d%d', v.rowid, k.n), printf('01v%023d', v.rowid),
       CASE k.n WHEN 0 THEN 'patient' WHEN 1 THEN 'doctor' ELSE 'guest' END, iif(k.n = 2, 'interpreter', NULL), v.created_ms
FROM booked v, number k WHERE k.n < 2 + (v.rowid % 100 = 0)
ORDER BY v.rowid, k.n;

INSERT INTO join_token (id, hash, kind, visit_id, participant_id, created_at_ms, expires_at_ms)
SELECT printf('01k%023d', rowid), lower(hex(sha3('token' || rowid, 256))), 'visit', printf('01v%023d', rowid),
       printf('01a%022d0', rowid), created_ms, starts_ms + 87300000
FROM booked ORDER BY rowid;

INSERT INTO join_token (id, hash, kind, visit_id, participant_id, created_at_ms, expires_at_ms)
SELECT printf('01l%023d', rowid), lower(hex(sha3('guest' || rowid, 256))), 'visit', printf('01v%023d', rowid),
       printf('01a%022d2', rowid), created_ms, starts_ms + 87300000
FROM booked WHERE rowid % 100 = 0 ORDER BY rowid;

-- Everybody has agreed, most on the page, one in ten to a nurse who read it aloud. A hash of the right length, not the text's.
CREATE TEMP TABLE agreed AS
SELECT l.lang, t.version, lower(hex(sha3('text' || l.lang, 256))) AS hash
FROM consent_text t, (SELECT 'id' AS lang UNION ALL SELECT 'en') l WHERE t.version = 1;
INSERT INTO consent (visit_id, version, lang, text_hash, how, by_role, at_ms)
SELECT printf('01v%023d', b.rowid), t.version, t.lang, t.hash, iif(b.r % 10 = 0, 'read_aloud', 'accepted'),
       iif(b.r % 10 = 0, 'desk', 'patient'), b.created_ms
FROM booked b JOIN agreed t ON t.lang = substr('idididen', 1 + 2 * (b.r % 4), 2)
ORDER BY b.rowid;

-- Half said why they come.
CREATE TEMP TABLE complaint (n INTEGER PRIMARY KEY, text TEXT);
INSERT INTO complaint VALUES (0, 'Batuk dan pilek sejak empat hari, malam hari agak demam'), (1, 'Kontrol tekanan darah'),
    (2, 'Obat kencing manis habis minggu depan, hasil gula darah terakhir 210'), (3, 'Gatal di kedua lengan'),
    (4, 'Sakit kepala, pusing bila berdiri'), (5, 'Nyeri lutut kanan sejak jatuh dari motor dua minggu yang lalu');
INSERT INTO visit_reason (visit_id, reason)
SELECT printf('01v%023d', b.rowid), c.text
FROM booked b JOIN complaint c ON c.n = b.r / 2 % 6
WHERE b.r % 2 = 0 ORDER BY b.rowid;

-- A number for each visit, none twice: five doctors' slots.
INSERT INTO visit_counter (clinic_id, local_date, last)
SELECT d.clinic_id, y.local_date, 130 FROM day y, doctor d
WHERE d.within = 0 AND y.ahead BETWEEN d.first_day AND d.last_day;

INSERT INTO audit (id, at_ms, actor_kind, actor_role, action, object_kind, object_id, address, result, previous_hash, hash)
SELECT (SELECT COALESCE(max(id), 0) FROM audit) + rowid, created_ms, 'system', 'patient', 'booking.create', 'visit',
       printf('01v%023d', rowid), '10.' || r % 256 || '.' || r / 256 % 256 || '.1', 'ok',
       lower(hex(sha3('audit' || (rowid - 1), 256))), lower(hex(sha3('audit' || rowid, 256)))
FROM booked ORDER BY rowid;

-- One client stands for hundreds of patients; each booking is counted as everywhere.
INSERT INTO policy (scope, rule, value, facility_id, changed_at_ms) VALUES ('province', 'bookings_per_address', 1000, NULL, 0);

COMMIT;
