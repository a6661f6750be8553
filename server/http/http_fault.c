// SPDX-License-Identifier: Apache-2.0
#include "server/http/http_problem.h"

#include <string.h>

typedef struct {
    const char *code;
    const char *text[2]; /* by HttpLanguage */
} FaultText;

static const FaultText fault_texts[] = {
    {"required", {"Bagian ini harus diisi.", "This must be filled in."}},
    {"unknown", {"Bagian ini tidak dikenal.", "This field is not known."}},
    {"not_json",
     {"Isi permintaan bukan JSON yang benar.", "The request is not a valid JSON object."}},
    {"too_deep", {"Isi permintaan terlalu bertingkat.", "The request is nested too deeply."}},
    {"not_a_string", {"Isinya harus berupa teks.", "This must be text."}},
    {"bad_characters",
     {"Ada karakter yang tidak bisa dipakai di sini.",
      "This holds characters that cannot be used here."}},
    {"too_short", {"Isinya terlalu pendek.", "This is too short."}},
    {"too_long", {"Isinya terlalu panjang.", "This is too long."}},
    {"not_a_number", {"Isinya harus berupa angka.", "This must be a whole number."}},
    {"too_small", {"Angkanya terlalu kecil.", "This number is too small."}},
    {"too_large", {"Angkanya terlalu besar.", "This number is too large."}},
    {"out_of_range", {"Tulis angka %s sampai %s.", "Write a number from %s to %s."}},
    {"placeholder_unknown",
     {"Tanda kurung kurawal hanya untuk kata ini: %s.", "Braces are for these words alone: %s."}},
    {"placeholder_twice",
     {"Setiap kata dalam kurung kurawal dipakai sekali saja: %s.",
      "Each word in braces is used once only: %s."}},
    {"placeholder_missing", {"Pesan ini harus memuat %s.", "This message must hold %s."}},
    {"not_a_boolean", {"Isinya harus ya atau tidak.", "This must be true or false."}},
    {"not_allowed", {"Pilihan ini tidak tersedia.", "This choice is not available."}},
    {"not_a_letter", {"Tulis satu huruf besar, A sampai Z.", "Write one capital letter, A to Z."}},
    {"not_a_code", {"Ini bukan kode ICD-10.", "This is not an ICD-10 code."}},
    {"not_a_date", {"Tulis tanggal yang benar.", "Enter a valid date."}},
    {"not_a_time", {"Tulis jam yang benar, misalnya 09.30.", "Enter a valid time such as 09:30."}},
    {"not_an_id", {"Kode ini tidak dikenal.", "This is not a valid identifier."}},
    {"not_an_object", {"Bagian ini salah bentuk.", "This must be an object."}},
    {"not_a_list", {"Bagian ini harus berupa daftar.", "This must be a list."}},
    {"too_few", {"Isinya kurang banyak.", "There are too few entries."}},
    {"too_many", {"Isinya terlalu banyak.", "There are too many entries."}},
    {"not_a_phone",
     {"Tulis nomor telepon yang benar, misalnya 0812 3456 7890 atau, dengan kode area, 0435 "
      "881234.",
      "Enter a valid phone number such as 0812 3456 7890 or, with its area code, 0435 881234."}},
    {"not_mobile",
     {"Tulis nomor ponsel: kabar dikirim lewat SMS.",
      "Enter a mobile number: you are told by SMS."}},
    {"not_a_nik", {"NIK terdiri dari 16 angka.", "A NIK has 16 digits."}},
    {"nik_date",
     {"Tanggal lahir di dalam NIK ini tidak ada. Periksa angkanya.",
      "The birth date inside this NIK does not exist. Please check the digits."}},
    {"nik_serial",
     {"Empat angka terakhir NIK tidak boleh 0000.", "The last four digits cannot be 0000."}},
    {"province_differs",
     {"NIK ini dari provinsi lain. Periksa sekali lagi.",
      "This NIK is from another province. Please check it."}},
    {"area_unknown",
     {"Kode kecamatan di dalam NIK ini tidak dikenal; mungkin kode lama. Periksa angkanya.",
      "The kecamatan inside this NIK is not known; it may be an old code. Please check the "
      "digits."}},
    {"birth_date_differs",
     {"Tanggal lahir tidak sama dengan yang ada di NIK.",
      "The birth date differs from the one in the NIK."}},
    {"sex_differs",
     {"Jenis kelamin tidak sama dengan yang ada di NIK.",
      "The sex differs from the one in the NIK."}},
    {"has_own_nik",
     {"NIK ibu hanya untuk bayi yang belum punya NIK.",
      "The mother's NIK is for a newborn without one."}},
    {"not_a_woman",
     {"NIK ibu ini milik seorang laki-laki. Periksa angkanya.",
      "This is the NIK of a man. Please check the digits."}},
    {"guardian_missing",
     {"Pasien belum 18 tahun: orang tua atau wali perlu hadir saat kunjungan.",
      "The patient is under 18: a parent or guardian has to be there at the visit."}},
    {"no_messages",
     {"Nomor ini tidak bisa menerima SMS. Simpan tautan ini.",
      "This number cannot receive text messages. Keep this link."}},
    {"no_phone",
     {"Pasien tidak punya telepon: tidak ada pesan yang dikirim. Sebutkan nomor dan waktunya "
      "sekarang, atau berikan di kertas.",
      "The patient has no telephone: no message is sent. Say the number and the time now, or give "
      "them on paper."}},
    {"at_post",
     {"Untuk kunjungan di pos ini tidak ada pesan yang dikirim. Petugas pos yang menyampaikannya.",
      "No message is sent for this visit at a post. The team at the post passes it on."}},
    {"phone_said",
     {"Ada nomor telepon, tetapi dipilih \"tidak punya telepon\". Pilih salah satu.",
      "There is a telephone number, but \"no telephone\" is chosen. Keep one of the two."}},
    {"guardian_required",
     {"Pasien belum 14 tahun: sebutkan orang tua atau wali yang mendampingi.",
      "The patient is under 14: say which parent or guardian is with the child."}},
    {"nobody_came",
     {"Tidak ada pendamping dalam pendaftaran ini.", "Nobody came with this patient."}},
    {"contact_exists",
     {"Pendamping sudah dicatat di kunjungan ini. Muat ulang daftarnya.",
      "The person with this patient has already been recorded. Reload the list."}},
    {"guardian_agrees",
     {"Pasien belum 18 tahun: pendampingnya yang menyetujui.",
      "The patient is under 18: the person with the patient agrees."}},
    {"sent_otherwise",
     {"Ini sudah terkirim dengan isi lain.", "This was sent before with other content."}},
    {"already_called",
     {"Pasien ini sudah dipanggil dokter. Sampaikan perubahannya kepada dokter.",
      "The doctor has already called this patient. Tell the doctor what has changed."}},
    {"already_here",
     {"NIK ini sudah didaftarkan di pos ini dengan nomor %s. Bila orangnya sama, hapus "
      "pendaftaran ini; bila bukan, perbaiki NIK itu.",
      "This NIK has been registered at this post, number %s. If it is the same person, "
      "delete this registration; if not, correct the NIK."}},
    {"already_here_too",
     {"NIK ini sudah didaftarkan di pos ini dengan nomor %s. Bila orangnya sama, buang perubahan "
      "ini "
      "dan minta loket membatalkan salah satunya; bila bukan, perbaiki NIK itu.",
      "This NIK has been registered at this post, number %s. If it is the same person, drop this "
      "change and ask the desk to cancel one of the two; if not, correct the NIK."}},
    {"not_a_picture", {"Foto harus JPEG atau WebP.", "A picture must be JPEG or WebP."}},
    {"picture_too_large",
     {"Foto ini terlalu besar, paling banyak 160 kB.",
      "This picture is too large; at most 160 kB."}},
    {"nobody_answers",
     {"Di sana belum ada dokter lain yang dapat masuk. Pilih yang lain.",
      "There is no other doctor who can log in there. Please choose another."}},
    {"not_attachable",
     {"Lampiran harus foto (JPEG, WebP) atau PDF.",
      "An attachment must be a picture (JPEG, WebP) or a PDF."}},
    {"attachment_too_large",
     {"Lampiran ini terlalu besar: foto paling banyak 600 kB, PDF 1 MB.",
      "This attachment is too large: at most 600 kB for a picture, 1 MB for a PDF."}},
    {"attachment_damaged",
     {"Berkas ini rusak atau tidak lengkap.", "This file is damaged or not complete."}},
    {"not_an_email", {"Tulis alamat surel yang benar.", "Enter a valid e-mail address."}},
    {"in_past",
     {"Tanggal ini sudah lewat. Pilih tanggal yang lebih kemudian.",
      "This date is in the past. Choose a later one."}},
    {"in_future", {"Tanggal ini belum tiba.", "This is in the future."}},
    {"too_old", {"Periksa tahunnya.", "Please check the year."}},
    {"too_early", {"Ini terlalu awal.", "This is too early."}},
    {"after_next_day",
     {"Surat sakit mulai paling lambat sehari setelah kunjungan.",
      "A sick letter begins on the day after the visit at the latest."}},
    {"too_late", {"Ini terlalu jauh ke depan.", "This is too far ahead."}},
    {"span_too_long", {"Rentang tanggalnya terlalu panjang.", "This is too many days."}},
    {"overlaps", {"Jam ini bertumpuk dengan jam lain.", "This overlaps with other hours."}},
    {"elsewhere",
     {"Dokter praktik di tempat lain pada jam itu: %s.",
      "The doctor works elsewhere at that time: %s."}},
    {"own_booking",
     {"Orang ini sudah punya janji lain pada waktu itu.",
      "This person has another appointment at that time."}},
    {"too_soon",
     {"Waktu itu sudah terlalu dekat. Paling awal yang bisa dipilih sekarang pukul %s.",
      "That time is too near by now. The earliest that can be chosen is %s."}},
    {"outside_hours", {"Ini di luar jam praktik.", "This lies outside the hours."}},
    {"controlled_medicine",
     {"Narkotika dan psikotropika tidak diresepkan lewat video.",
      "Narcotics and psychotropics are not prescribed by video."}},
    {"permit_missing",
     {"SIP Anda di faskes ini belum dicatat. Koordinator atau pengelola mengisinya di halaman "
      "Pengaturan.",
      "Your practice permit (SIP) for this facility is not on record. A coordinator or an "
      "administrator enters it on the Settings page."}},
    {"permit_over",
     {"SIP Anda di faskes ini sudah habis masa berlakunya. Koordinator atau pengelola mengisi yang "
      "baru di halaman Pengaturan.",
      "Your practice permit (SIP) for this facility is past its last day. A coordinator or an "
      "administrator enters the new one on the Settings page."}},
    {"doctor_archived",
     {"Dokter ini tidak praktik lagi di poli ini. Pilih dokter lain.",
      "This doctor does not work in this clinic any more. Choose another one."}},
    {"doctor_permit_over",
     {"SIP dokter ini di faskes ini sudah habis masa berlakunya. Pilih dokter lain.",
      "This doctor's practice permit (SIP) for this facility has run out. Choose another one."}},
    {"doctor_disabled",
     {"Akun dokter ini dinonaktifkan, jadi ia tidak bisa memanggil pasien. Pilih dokter lain.",
      "This doctor's account is disabled, so that no patient can be called. Choose another one."}},
    {"doctor_on_leave",
     {"Dokter ini cuti hari ini. Pilih dokter lain, atau tandai gawat darurat dengan alasannya.",
      "This doctor is on leave today. Choose another one, or mark an emergency and say why."}},
    {"nobody_works",
     {"Hari ini tidak ada dokter yang praktik di poli ini. Pilih poli atau dokter lain, atau "
      "tandai gawat darurat dengan alasannya.",
      "No doctor works in this clinic today. Choose another clinic or doctor, or mark an "
      "emergency and say why."}},
    {"nobody_may",
     {"Tidak ada dokter poli ini yang SIP dan akunnya masih berlaku. Pilih poli lain.",
      "No doctor of this clinic has a valid permit (SIP) and an account. Choose another clinic."}},
    {"no_doctor",
     {"Poli pos ini tidak punya dokter lagi. Minta puskesmas menetapkan dokter, lalu kirim lagi.",
      "The clinic of this post has no doctor any more. Ask the health centre to name one, then "
      "send again."}},
    {"time_held",
     {"Dokter sudah punya janji pada waktu itu. Pilih waktu lain.",
      "The doctor has an appointment at that time. Choose another time."}},
    {"leave", {"Dokter cuti pada hari itu.", "The doctor is on leave on that day."}},
    {"holiday",
     {"Hari itu hari libur. Tambahkan jam praktik ekstra dahulu kalau dokter tetap praktik.",
      "That day is a holiday. Add extra hours first if the doctor works all the same."}},
    {"closed",
     {"Dokter menutup jam itu. Pilih waktu lain.",
      "The doctor is not there at that time. Choose another time."}},
    {"archived",
     {"Dokter, poli, atau faskesnya sudah diarsipkan.",
      "The doctor, the clinic or the facility is archived."}},
    {"not_in_visit",
     {"Orang ini tidak ada dalam kunjungan ini.", "This person is not in this visit."}},
    {"in_group",
     {"Orang ini sudah punya tempat di kelompok ini.",
      "This person has a place in this group already."}},
    {"group_time",
     {"Kelompok ini mulai pada waktu lain. Muat ulang halaman, lalu pilih lagi.",
      "This group starts at another time. Reload the page and choose again."}},
    {"follow_up_exists",
     {"Kontrol ulang sudah didaftarkan. Pindahkan yang itu.",
      "Another visit is booked already. Move that one."}},
    {"only_patient",
     {"Pendaftaran hanya bisa dibatasi untuk pasien.", "Only a patient's bookings can be held."}},
    {"not_signed", {"Tanda tangani catatan dahulu.", "Sign the note first."}},
    {"no_diagnosis",
     {"Isi Penilaian (A) atau pilih diagnosis di catatan dahulu.",
      "Write the assessment (A) or choose a diagnosis in the note first."}},
    {"call_too_short",
     {"Panggilan harus berlangsung paling sedikit 5 menit.",
      "The call must have lasted at least 5 minutes."}},
    {"not_arrived",
     {"Pasien belum dicatat datang. Tandai \"Sudah datang\" dahulu.",
      "It is not recorded that the patient has arrived. Mark \"Has arrived\" first."}},
    {"one_sick_letter",
     {"Kunjungan ini sudah punya surat sakit. Cabut dahulu yang itu.",
      "This visit has a sick letter already. Revoke that one first."}},
    {"too_long_ago",
     {"Kunjungan ini sudah terlalu lama. Periksa pasien lagi.",
      "This visit was too long ago. See the patient again."}},
    {"letter_exists",
     {"Untuk hari itu sudah ada surat sakit yang berlaku.",
      "There is a valid sick letter for these days."}},
    {"not_below",
     {"Angka ini harus lebih kecil daripada tekanan sistolik.",
      "This must be below the systolic pressure."}},
    {"outdated",
     {"Teks persetujuan sudah diganti. Baca yang baru.",
      "The text has been replaced. Please read the new one."}},
    {"not_found", {"Tidak ditemukan. Periksa ejaannya.", "Not found. Check the spelling."}},
    {"letters_all_taken",
     {"Semua huruf A sampai Z sudah dipakai di faskes ini: paling banyak 26 poli. Poli yang "
      "diarsipkan juga memakai huruf; ubah namanya dan pakai lagi, atau buat faskes kedua.",
      "All letters from A to Z are in use in this facility: 26 clinics at most. Archived clinics "
      "have letters, too; rename one and use it again, or add a second facility."}},
    {"taken", {"Ini sudah dipakai.", "This is already in use."}},
    {"code_twice",
     {"Kode ini sudah ada di baris sebelumnya.", "This code stands in an earlier row already."}},
    {"too_simple",
     {"Kata sandi ini terlalu mudah ditebak. Jangan memakai nama pengguna, urutan seperti "
      "1234567890, atau satu kata umum; beberapa kata berturut-turut lebih aman.",
      "This password is too easy to guess. Leave out the user name, sequences such as 1234567890 "
      "and single common words; several words in a row are safer."}},
    {"wrong_code",
     {"Kode ini tidak cocok. Lihat layar server.",
      "This code is not right. Check the server's terminal."}},
    {"not_a_login",
     {"Pakai 3 sampai 40 huruf kecil, angka, titik, tanda hubung (-), atau garis bawah (_), tanpa "
      "spasi.",
      "Use 3 to 40 lower-case letters, digits, dots, hyphens or underscores, without spaces."}},
    {"str_taken",
     {"Sudah ada dokter dengan STR ini, mungkin di faskes lain. Minta pengelola menambahkannya ke "
      "poli "
      "Anda.",
      "There is a doctor with this STR already, perhaps elsewhere. Ask an administrator to add "
      "your "
      "clinic."}},
    {"str_known",
     {"Sudah ada dokter dengan STR ini. Cari di daftar dokter, mungkin diarsipkan, lalu ubah di "
      "sana.",
      "There is a doctor with this STR already. Find the doctor in the list, perhaps among the "
      "archived, and make the change there."}},
    {"works_elsewhere",
     {"Orang ini juga bekerja di faskes lain; hanya pengelola dapat mengubahnya.",
      "This person works elsewhere too; only an administrator can change this."}},
    {"bookings_hit",
     {"Baris ini menutup jam yang sudah didaftari pasien.",
      "This row would close hours in which patients are booked."}},
    {"csv_not_text",
     {"Berkas ini bukan teks UTF-8. Simpan sebagai \"CSV UTF-8\".",
      "This file is not UTF-8 text. Save it as \"CSV UTF-8\"."}},
    {"csv_open_quote",
     {"Tanda kutip dibuka dan tidak ditutup.", "A quotation mark is opened and never closed."}},
    {"csv_stray_quote",
     {"Ada tanda kutip di tempat yang salah.", "There is a quotation mark in the wrong place."}},
    {"csv_too_many_rows",
     {"Paling banyak 500 baris sekali impor.", "At most 500 rows can be imported at once."}},
    {"same_text",
     {"Teks ini sama dengan versi terakhir.", "This text is the same as the last version."}},
    {"paragraphs_differ",
     {"Jumlah paragraf dalam kedua bahasa harus sama.",
      "Both languages must have as many paragraphs."}},
    {"icd10_too_many_rows",
     {"Paling banyak 30.000 baris dan 3 MB sekali impor.",
      "At most 30,000 rows and 3 MB can be imported at once."}},
    {"csv_too_many_columns",
     {"Baris ini punya terlalu banyak kolom.", "This row has too many columns."}},
    {"too_many_accounts",
     {"Paling banyak 50 akun baru sekali impor.", "At most 50 accounts can be added at once."}},
    {"wrong_password",
     {"Ini bukan kata sandi Anda yang sekarang.", "This is not your current password."}},
    {"unchanged",
     {"Kata sandi baru harus lain daripada yang sekarang.",
      "The new password must differ from the current one."}},
    {"last_admin",
     {"Ini pengelola terakhir yang dapat masuk.",
      "This is the last administrator who can log in."}},
    {"permit_expired",
     {"SIP di faskes ini sudah tidak berlaku pada tanggal itu.",
      "The practice permit for this facility has expired on that date."}},
    {"too_weak", {"Kata sandi ini terlalu mudah ditebak.", "This password is too easy to guess."}},
};

static const char *const general_text[2] = {"Isinya belum benar.", "This is not right yet."};

static const char *fault_text(const char *code, HttpLanguage language)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(fault_texts); i++)
        if (strcmp(fault_texts[i].code, code) == 0)
            return fault_texts[i].text[language];
    return general_text[language];
}

/* TEXT with what is allowed in the place of each "%s"; ALLOWED is "1..9" where there are two. */
static char *fill(const char *text, const char *allowed)
{
    g_auto(GStrv) parts = g_strsplit(text, "%s", -1);
    g_auto(GStrv) values =
        g_strsplit(allowed ? allowed : "", parts[1] && parts[2] ? ".." : "\n", 2);
    GString *filled = g_string_new(parts[0]);
    for (unsigned i = 1; parts[i]; i++) {
        const char *value = i <= g_strv_length(values) ? values[i - 1] : "";
        g_string_append_printf(filled, "%s%s", value, parts[i]);
    }
    return g_string_free(filled, FALSE);
}

char *http_fault_message(const Fault *fault, HttpLanguage language)
{
    const char *text = fault_text(fault->code, language);
    if (strstr(text, "%s"))
        return fill(text, fault->allowed);
    bool is_length = strcmp(fault->code, "too_short") == 0 || strcmp(fault->code, "too_long") == 0;
    if (!is_length || !fault->allowed)
        return g_strdup(text);
    const char *dots = strstr(fault->allowed, "..");
    if (!dots || !dots[2])
        return g_strdup(text);
    g_autofree char *from = g_strndup(fault->allowed, (gsize)(dots - fault->allowed));
    const char *to = dots + 2;
    if (language == HTTP_LANGUAGE_EN)
        return g_strdup_printf("%s %s to %s characters.", text, from, to);
    return g_strdup_printf("%s Panjangnya %s sampai %s huruf.", text, from, to);
}
