-- SPDX-License-Identifier: Apache-2.0
-- What patients agree to before a visit by video, in versions, and who agreed to which, how and when. Both are
-- only ever added to; of a visit's rows the newest counts. text_hash is of the text in that language, so that
-- what was agreed to can be shown.
CREATE TABLE consent_text (
    version INTEGER PRIMARY KEY CHECK (version > 0),
    text_id TEXT NOT NULL,
    text_en TEXT NOT NULL,
    since_ms INTEGER NOT NULL
) STRICT;
CREATE TRIGGER consent_text_never_updated BEFORE UPDATE ON consent_text
BEGIN
    SELECT RAISE(ABORT, 'texts that people agreed to are never changed');
END;
CREATE TRIGGER consent_text_never_deleted BEFORE DELETE ON consent_text
BEGIN
    SELECT RAISE(ABORT, 'texts that people agreed to are never removed');
END;

CREATE TABLE consent (
    id INTEGER PRIMARY KEY,
    visit_id TEXT NOT NULL REFERENCES visit (id),
    version INTEGER NOT NULL REFERENCES consent_text (version),
    lang TEXT NOT NULL CHECK (lang IN ('id', 'en')),
    text_hash TEXT NOT NULL,
    how TEXT NOT NULL CHECK (how IN ('accepted', 'read_aloud', 'withdrawn')),
    by_role TEXT NOT NULL,
    by_user TEXT,
    at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX consent_visit ON consent (visit_id, id);
CREATE TRIGGER consent_never_updated BEFORE UPDATE ON consent
BEGIN
    SELECT RAISE(ABORT, 'consents are never changed');
END;
CREATE TRIGGER consent_never_deleted BEFORE DELETE ON consent
BEGIN
    SELECT RAISE(ABORT, 'consents are never removed');
END;

INSERT INTO consent_text (version, text_id, text_en, since_ms) VALUES (1,
'Pemeriksaan lewat video menggantikan sebagian kunjungan: dokter bertanya dan melihat, tetapi tidak dapat meraba atau memeriksa langsung. Dokter dapat meminta Anda datang ke puskesmas.
Kalau sambungan putus, dokter mencoba lagi atau menelepon nomor Anda. Kalau tetap gagal, Anda dibuatkan waktu lain tanpa biaya tambahan.
Keadaan darurat tidak ditangani lewat video: segera ke IGD terdekat atau telepon 119.
Di awal, Anda dan dokter menyebutkan siapa saja yang ikut berada di dalam ruangan.
Percakapan tidak direkam, oleh kami maupun oleh Anda, kecuali kedua pihak menyetujuinya.
Dokter mencatat hasilnya dalam rekam medis. Catatan disimpan paling sedikit 25 tahun di server Provinsi Gorontalo dan hanya dibaca oleh yang merawat Anda. Siapa yang membaca, dan kapan, tercatat.
Biaya disebutkan sebelum Anda mendaftar.
Dokter mencocokkan nama dan tanggal lahir Anda. Untuk anak atau orang yang tidak dapat memutuskan sendiri, orang tua atau wali yang menyetujui.
Anda boleh menolak atau menarik persetujuan ini kapan saja, dan tetap mendapat pelayanan di puskesmas.',
'A visit by video replaces part of a visit in person: the doctor asks and looks, but cannot touch or examine you. The doctor may ask you to come to the health centre.
If the connection breaks, the doctor tries again or calls your phone. If that fails, you get another time at no further cost.
Emergencies are not treated by video: go to the nearest emergency room or call 119.
At the beginning you and the doctor say who else is in the room.
The conversation is not recorded, by us or by you, unless both sides agree.
The doctor writes the result into the medical record. It is kept for at least 25 years on the server of the Province of Gorontalo and is read only by those who treat you. Who reads it, and when, is written down.
The price is named before you book.
The doctor checks your name and date of birth. For a child, or somebody who cannot decide, a parent or guardian agrees.
You may refuse or withdraw this consent at any time, and are still cared for at the health centre.',
0);
