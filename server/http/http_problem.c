// SPDX-License-Identifier: Apache-2.0
#include "server/http/http_problem.h"

#include "server/base/error.h"

const char *http_language_name(HttpLanguage language)
{
    switch (language) {
    case HTTP_LANGUAGE_ID:
        return "id";
    case HTTP_LANGUAGE_EN:
        return "en";
    }
    return "id";
}

typedef struct {
    const char *name;
    unsigned status;
    const char *title[2]; /* by HttpLanguage */
    const char *detail[2];
} ProblemText;

static const ProblemText problems[HTTP_PROBLEM_COUNT] = {
    [HTTP_PROBLEM_NOT_FOUND] = {"not-found",
                                404,
                                {"Tidak ditemukan", "Not found"},
                                {"Alamat ini tidak ada. Periksa sekali lagi tautannya.",
                                 "There is nothing at this address. Please check the link."}},
    [HTTP_PROBLEM_METHOD_NOT_ALLOWED] = {"method-not-allowed",
                                         405,
                                         {"Cara ini tidak bisa dipakai", "Method not allowed"},
                                         {"Alamat ini tidak menerima permintaan seperti itu.",
                                          "This address does not take that kind of request."}},
    [HTTP_PROBLEM_BAD_REQUEST] =
        {"bad-request",
         400,
         {"Permintaan tidak bisa dibaca", "Bad request"},
         {"Permintaan ini rusak. Muat ulang halaman lalu coba lagi.",
          "The request could not be read. Reload the page and try again."}},
    [HTTP_PROBLEM_INVALID_FIELDS] = {"invalid-fields",
                                     422,
                                     {"Ada isian yang belum benar", "Some fields are not right"},
                                     {"Perbaiki isian yang ditandai, lalu kirim lagi.",
                                      "Correct the marked fields and send again."}},
    [HTTP_PROBLEM_UNSUPPORTED_MEDIA_TYPE] = {"unsupported-media-type",
                                             415,
                                             {"Jenis isi tidak didukung", "Unsupported media type"},
                                             {"Alamat ini tidak menerima jenis isi itu.",
                                              "This address does not take that content type."}},
    [HTTP_PROBLEM_BODY_TOO_LARGE] = {"body-too-large",
                                     413,
                                     {"Kiriman terlalu besar", "Too large"},
                                     {"Kiriman ini lebih besar dari yang diterima.",
                                      "This is larger than what is accepted."}},
    [HTTP_PROBLEM_TOO_MANY_REQUESTS] = {"too-many-requests",
                                        429,
                                        {"Terlalu sering mencoba", "Too many requests"},
                                        {"Tunggu sebentar, lalu coba lagi.",
                                         "Please wait a moment and try again."}},
    [HTTP_PROBLEM_UNAUTHENTICATED] = {"unauthenticated",
                                      401,
                                      {"Silakan masuk", "Please sign in"},
                                      {"Anda belum masuk, atau waktu masuk Anda sudah habis.",
                                       "You are not signed in, or your session has ended."}},
    [HTTP_PROBLEM_FORBIDDEN] = {"forbidden",
                                403,
                                {"Tidak diizinkan", "Not allowed"},
                                {"Akun Anda tidak boleh melakukan ini.",
                                 "Your account may not do this."}},
    [HTTP_PROBLEM_CSRF] = {"csrf",
                           403,
                           {"Permintaan ditolak", "Request refused"},
                           {"Permintaan ini tidak datang dari halaman kami. Muat ulang halaman.",
                            "The request did not come from our page. Reload the page."}},
    [HTTP_PROBLEM_CONFLICT] = {"conflict",
                               409,
                               {"Sudah berubah", "Conflict"},
                               {"Keadaannya sudah berubah. Muat ulang halaman lalu coba lagi.",
                                "Something has changed meanwhile. Reload the page and try again."}},
    [HTTP_PROBLEM_SLOT_TAKEN] = {"slot-taken",
                                 409,
                                 {"Waktu sudah diambil", "Time just taken"},
                                 {"Waktu itu baru saja diambil orang lain. Pilih waktu lain.",
                                  "Somebody else has just taken that time. Choose another one."}},
    [HTTP_PROBLEM_SLOT_NOT_OFFERED] = {"slot-not-offered",
                                       409,
                                       {"Waktu tidak tersedia", "Time not offered"},
                                       {"Dokter tidak melayani pada waktu itu. Pilih waktu lain.",
                                        "The doctor has no hours at that time. Choose another."}},
    [HTTP_PROBLEM_TOO_SOON] = {"too-soon",
                               409,
                               {"Waktu itu sudah terlalu dekat", "That time is too near"},
                               {"Waktu itu sudah terlalu dekat. Pilih waktu yang lebih lambat.",
                                "That time is too near by now. Choose a later one."}},
    [HTTP_PROBLEM_BOOKINGS_HIT] =
        {"bookings-hit",
         409,
         {"Ada pasien yang sudah terdaftar", "Patients are booked"},
         {"Sebagian pasien yang sudah terdaftar tidak mendapat tempat lagi. Lihat daftarnya, lalu "
          "putuskan.",
          "Some patients who are booked would have no place any more. See the list and decide."}},
    [HTTP_PROBLEM_PAIR_DECIDED] =
        {"pair-decided",
         409,
         {"Sudah diputuskan", "Already decided"},
         {"Kedua data pasien ini sudah diputuskan, mungkin digabung lewat data ketiga. Muat ulang "
          "daftarnya.",
          "These two patients have been decided on already, perhaps merged by way of a third one. "
          "Reload the list."}},
    [HTTP_PROBLEM_TWO_PEOPLE] = {"two-people",
                                 409,
                                 {"Dua orang yang berbeda", "Two different people"},
                                 {"NIK kedua pasien ini berbeda, jadi datanya tidak digabung.",
                                  "These two patients have different NIKs, so they are not "
                                  "merged."}},
    [HTTP_PROBLEM_LINK_INVALID] = {"link-invalid",
                                   404,
                                   {"Tautan tidak dikenal", "Unknown link"},
                                   {"Tautan ini salah atau sudah diganti. Hubungi loket.",
                                    "This link is wrong or was replaced. Please call the desk."}},
    [HTTP_PROBLEM_LINK_EXPIRED] = {"link-expired",
                                   410,
                                   {"Tautan sudah tidak berlaku", "Link expired"},
                                   {"Masa berlaku tautan ini sudah habis. Hubungi loket.",
                                    "This link is no longer valid. Please call the desk."}},
    [HTTP_PROBLEM_VISIT_CANCELLED] = {"visit-cancelled",
                                      410,
                                      {"Kunjungan dibatalkan", "Visit cancelled"},
                                      {"Kunjungan ini sudah dibatalkan. Anda bisa mendaftar lagi.",
                                       "This visit was cancelled. You can book another one."}},
    [HTTP_PROBLEM_VISIT_ENDED] = {"visit-ended",
                                  410,
                                  {"Kunjungan sudah selesai", "Visit ended"},
                                  {"Kunjungan ini sudah selesai.", "This visit is over."}},
    [HTTP_PROBLEM_TOO_EARLY] =
        {"too-early",
         409,
         {"Belum waktunya", "Too early"},
         {"Ruang tunggu belum dibuka. Datang lagi mendekati waktu Anda.",
          "The waiting room is not open yet. Come back closer to the time."}},
    [HTTP_PROBLEM_WRONG_STATE] =
        {"wrong-state",
         409,
         {"Belum bisa dilakukan", "Not possible now"},
         {"Langkah ini tidak bisa dilakukan pada keadaan kunjungan sekarang.",
          "The visit's present state does not allow this step."}},
    [HTTP_PROBLEM_TOO_LATE] =
        {"too-late",
         409,
         {"Sudah terlalu dekat", "Too near"},
         {"Jadwalnya sudah terlalu dekat untuk diubah di sini. Hubungi loket.",
          "It is too near to be changed here. Please call the desk."}},
    [HTTP_PROBLEM_DOCTOR_BUSY] =
        {"doctor-busy",
         409,
         {"Masih ada pasien yang dipanggil", "Somebody is called already"},
         {"Selesaikan dahulu pasien yang sedang dipanggil, atau lewati dia.",
          "Finish with the patient who is called, or pass over them, before you call the next."}},
    [HTTP_PROBLEM_ALREADY_WAITING] =
        {"already-waiting",
         409,
         {"Sudah ada di daftar tunggu", "On the wait list already"},
         {"Orang ini sudah ada di daftar tunggu poli ini. Tautannya dikirim lewat SMS.",
          "This person is on this clinic's wait list already. The link was sent by SMS."}},
    [HTTP_PROBLEM_LIST_FULL] =
        {"list-full",
         409,
         {"Daftar tunggu penuh", "The wait list is full"},
         {"Daftar tunggu poli ini penuh, nomor HP ini sudah menunggu empat kali, atau hari ini "
          "sudah "
          "terlalu banyak yang mendaftar dari jaringan internet ini. Hubungi loket.",
          "This clinic's wait list is full, this phone number waits four times already, or too "
          "many "
          "have joined from this internet connection today. Please call the desk."}},
    [HTTP_PROBLEM_OFFER_OVER] =
        {"offer-over",
         409,
         {"Tawaran ini sudah berakhir", "This offer is over"},
         {"Waktunya sudah lewat atau tempatnya sudah diberikan. Anda tetap di daftar tunggu.",
          "Its time is over or the place has been given away. You stay on the wait list."}},
    [HTTP_PROBLEM_OWN_BOOKING] =
        {"own-booking",
         409,
         {"Sudah ada janji pada waktu itu", "There is an appointment at that time"},
         {"Orang ini sudah punya janji lain pada waktu itu. Pilih waktu lain, atau batalkan "
          "dahulu janji yang lama.",
          "This person has another appointment at that time. Choose another time, or cancel the "
          "other one first."}},
    [HTTP_PROBLEM_NOT_TODAY] =
        {"not-today",
         409,
         {"Baru bisa pada hari kunjungan", "Only on the day of the visit"},
         {"Kunjungan baru bisa dilanjutkan lewat telepon atau tatap muka pada hari janjinya. "
          "Sebelum itu, pindahkan atau batalkan.",
          "A visit can go on by phone or in person only on its own day. Before that, move or "
          "cancel "
          "it."}},
    [HTTP_PROBLEM_DOCTOR_TAKEN] =
        {"doctor-taken",
         409,
         {"Anda punya pasien lain pada jam itu", "You have somebody else at that time"},
         {"Anda sudah punya janji lain pada jam kunjungan ini. Minta dokter lain atau loket "
          "melanjutkannya.",
          "You have another appointment at this visit's time. Ask another doctor or the desk to "
          "take it on."}},
    [HTTP_PROBLEM_NOT_MET] =
        {"not-met",
         409,
         {"Pasien belum diperiksa", "The patient has not been seen yet"},
         {"Bisa setelah Anda bicara dengan pasien lewat video, atau lewat telepon setelah nomornya "
          "ditampilkan, atau setelah loket mencatat bahwa pasien datang.",
          "This is possible once you have talked with the patient by video, or by phone after the "
          "number was shown, or once the desk has recorded that the patient has arrived."}},
    [HTTP_PROBLEM_LINK_OVER] =
        {"link-over",
         410,
         {"Sudah lebih dari 30 hari", "More than 30 days ago"},
         {"Tautan baru hanya bisa dibuat sampai 30 hari setelah kunjungan. Cetak suratnya untuk "
          "pasien, atau buat kunjungan baru.",
          "A new link can be made until 30 days after the visit. Print the letters for the "
          "patient, or book a new visit."}},
    [HTTP_PROBLEM_NO_PHONE] =
        {"no-phone",
         409,
         {"Nomor telepon pasien tidak ada", "No telephone number of the patient"},
         {"Pasien ini tidak punya nomor telepon di sini. Lanjutkan lewat video atau minta datang "
          "langsung.",
          "No telephone number of this patient is known here. Go on by video, or ask the patient "
          "to come."}},
    [HTTP_PROBLEM_BOOKINGS_FULL] =
        {"bookings-full",
         409,
         {"Sudah banyak pendaftaran", "Many bookings already"},
         {"Nomor HP ini sudah punya banyak janji. Batalkan janji yang tidak perlu, atau hubungi "
          "loket.",
          "This phone number has many appointments already. Cancel what is not needed, or call "
          "the desk."}},
    [HTTP_PROBLEM_ADDRESS_FULL] =
        {"address-full",
         409,
         {"Sudah banyak pendaftaran dari jaringan ini", "Many bookings from this connection"},
         {"Hari ini sudah banyak yang mendaftar dari jaringan internet ini. Coba lewat jaringan "
          "lain, misalnya data seluler, atau hubungi loket.",
          "Many bookings were made from this internet connection today. Try another connection, "
          "such as mobile data, or call the desk."}},
    [HTTP_PROBLEM_MOVED_OFTEN] =
        {"moved-often",
         409,
         {"Sudah sering dipindah", "Moved often already"},
         {"Hari ini janji ini sudah lima kali dipindah, dan tetap pada waktunya yang terakhir. "
          "Besok bisa dipindah lagi, atau hubungi loket.",
          "This appointment was moved five times today, and keeps its last time. It can be moved "
          "again tomorrow, or call the desk."}},
    [HTTP_PROBLEM_PERMIT_OVER] =
        {"permit-over",
         409,
         {"SIP sudah habis", "The permit (SIP) has run out"},
         {"SIP Anda di faskes ini sudah habis masa berlakunya, jadi pasien tidak bisa dipanggil. "
          "Pasien tetap dalam antrean; minta loket mencarikan dokter lain. Koordinator atau "
          "pengelola mengisi SIP yang baru di halaman Pengaturan.",
          "Your practice permit (SIP) for this facility is past its last day, so no patient can be "
          "called. Patients stay in the queue; ask the desk to find them another doctor. A "
          "coordinator or an administrator enters the new permit on the Settings page."}},
    [HTTP_PROBLEM_WRONG_PASSWORD] = {"wrong-password",
                                     401,
                                     {"Nama atau kata sandi salah", "Wrong name or password"},
                                     {"Periksa nama pengguna dan kata sandi, lalu coba lagi.",
                                      "Check the user name and password and try again."}},
    [HTTP_PROBLEM_ACCOUNT_DISABLED] = {"account-disabled",
                                       403,
                                       {"Akun dinonaktifkan", "Account disabled"},
                                       {"Akun ini dinonaktifkan. Hubungi pengelola.",
                                        "This account is disabled. Ask the administrator."}},
    [HTTP_PROBLEM_LAST_ADMIN] =
        {"last-admin",
         409,
         {"Pengelola terakhir", "Last administrator"},
         {"Ini pengelola terakhir yang dapat masuk. Tambahkan pengelola lain dahulu.",
          "This is the last administrator who can log in. Add another one first."}},
    [HTTP_PROBLEM_ALREADY_SET_UP] =
        {"already-set-up",
         409,
         {"Sudah disiapkan", "Already set up"},
         {"Akun pengelola pertama sudah ada. Silakan masuk.",
          "The first administrator's account exists already. Please log in."}},
    [HTTP_PROBLEM_IDEMPOTENCY_MISMATCH] = {"idempotency-mismatch",
                                           409,
                                           {"Kunci sudah dipakai", "Key already used"},
                                           {"Kunci ini sudah dipakai untuk isian yang lain.",
                                            "This key was already used with other content."}},
    [HTTP_PROBLEM_CHANGED_MEANWHILE] =
        {"changed-meanwhile",
         409,
         {"Diubah orang lain", "Changed by somebody else"},
         {"Ini diubah orang lain sejak dibuka, dan belum ada yang disimpan. Lihat isinya yang "
          "sekarang, lalu simpan lagi.",
          "This was changed by somebody else since you opened it, and nothing was saved. See what "
          "it says now, then save again."}},
    [HTTP_PROBLEM_NOTE_STALE] =
        {"note-stale",
         409,
         {"Catatan berubah di tempat lain", "The note was changed elsewhere"},
         {"Catatan ini disimpan dari tab atau perangkat lain. Bandingkan keduanya, lalu pilih.",
          "This note was saved from another tab or device. Compare both and choose."}},
    [HTTP_PROBLEM_NOTE_SIGNED] =
        {"note-signed",
         409,
         {"Catatan sudah ditandatangani", "The note is signed"},
         {"Catatan yang sudah ditandatangani tidak berubah lagi. Tambahkan keterangan susulan.",
          "A signed note does not change any more. Add an addendum."}},
    [HTTP_PROBLEM_LETTER_BROKEN] =
        {"letter-broken",
         409,
         {"Berkas surat rusak", "The letter's file is damaged"},
         {"Berkas surat ini tidak sama dengan yang diterbitkan. Cabut, lalu terbitkan yang baru.",
          "The file of this letter is not what was issued. Revoke it and issue a new one."}},
    [HTTP_PROBLEM_LETTER_REVOKED] =
        {"letter-revoked",
         410,
         {"Surat sudah dicabut", "This letter was revoked"},
         {"Dokter sudah mencabut surat ini, jadi jangan dipakai lagi. Bila masih perlu, tanyakan "
          "kepada fasilitas kesehatan Anda.",
          "The doctor has revoked this letter: do not use it any more. If you still need one, ask "
          "your health facility."}},
    [HTTP_PROBLEM_BAD_OFFER] = {"bad-offer",
                                400,
                                {"Tawaran media tidak bisa dibaca", "Bad offer"},
                                {"Peramban mengirim tawaran yang tidak bisa kami baca.",
                                 "The session description could not be read or accepted."}},
    [HTTP_PROBLEM_ROOM_FULL] = {"room-full",
                                409,
                                {"Ruang penuh", "Room full"},
                                {"Sudah terlalu banyak orang dalam kunjungan ini.",
                                 "There are already too many people in this visit."}},
    [HTTP_PROBLEM_TIMEOUT] = {"timeout",
                              408,
                              {"Terlalu lama", "Too slow"},
                              {"Permintaan tidak selesai pada waktunya. Coba lagi.",
                               "The request was not complete in time. Try again."}},
    [HTTP_PROBLEM_BUSY] = {"busy",
                           503,
                           {"Sedang ramai", "Busy"},
                           {"Layanan sedang ramai. Coba lagi sebentar lagi.",
                            "The service is busy. Please try again in a moment."}},
    [HTTP_PROBLEM_STOPPING] =
        {"stopping",
         503,
         {"Sedang diperbarui", "Restarting"},
         {"Layanan sedang diperbarui, kira-kira 10 detik. Tempat Anda aman.",
          "The service is being updated, about 10 seconds. Your place is safe."}},
    [HTTP_PROBLEM_STORAGE] = {"storage",
                              507, /* RFC 4918, 11.5 */
                              {"Belum tersimpan", "Not saved"},
                              {"Server kami sedang tidak bisa menyimpan, jadi kiriman Anda belum "
                               "tersimpan. Coba lagi beberapa menit lagi. Bila tetap gagal, "
                               "hubungi loket.",
                               "Our server cannot save anything right now, so what you sent is not "
                               "saved. Try again in a few minutes. If it keeps failing, please "
                               "call the desk."}},
    [HTTP_PROBLEM_INTERNAL] =
        {"internal",
         500,
         {"Ada yang salah di pihak kami", "Something went wrong here"},
         {"Coba lagi sebentar lagi. Bila tetap gagal, hubungi loket.",
          "Try again in a moment. If it keeps failing, please call the desk."}},
};

const char *http_problem_name(HttpProblem problem)
{
    return problems[problem].name;
}

unsigned http_problem_status(HttpProblem problem)
{
    return problems[problem].status;
}

const char *http_problem_title(HttpProblem problem, HttpLanguage language)
{
    return problems[problem].title[language];
}

const char *http_problem_detail(HttpProblem problem, HttpLanguage language)
{
    return problems[problem].detail[language];
}

/* The page can be switched to it while the problem is on it. */
static HttpLanguage other_than(HttpLanguage language)
{
    return language == HTTP_LANGUAGE_ID ? HTTP_LANGUAGE_EN : HTTP_LANGUAGE_ID;
}

json_t *http_fault_json(const Fault *fault, HttpLanguage language)
{
    g_autofree char *message = http_fault_message(fault, language);
    g_autofree char *also = http_fault_message(fault, other_than(language));
    json_t *json =
        json_pack("{s:s, s:s, s:s, s:s, s:s}", "field", fault->field, "code", fault->code, "lang",
                  http_language_name(language), "message", message, "also", also);
    if (fault->allowed)
        json_object_set_new(json, "allowed", json_string(fault->allowed));
    return json;
}

json_t *http_faults_json(const FaultList *faults, HttpLanguage language)
{
    json_t *list = json_array();
    for (unsigned i = 0; faults && i < fault_list_length(faults); i++)
        json_array_append_new(list, http_fault_json(fault_list_get(faults, i), language));
    return list;
}

/* What the fault says is more than the general words. */
static void say_fault(json_t *problem, json_t *fault)
{
    json_object_set(problem, "detail", json_object_get(fault, "message"));
    json_object_set(json_object_get(problem, "also"), "detail", json_object_get(fault, "also"));
}

json_t *http_problem_json(HttpProblem problem, HttpLanguage language, const FaultList *faults)
{
    const ProblemText *text = &problems[problem];
    g_autofree char *type = g_strconcat("/masalah/", text->name, NULL);
    json_t *json = json_pack("{s:s, s:s, s:s, s:i, s:s}", "type", type, "code", text->name, "title",
                             text->title[language], "status", (int)text->status, "detail",
                             text->detail[language]);
    HttpLanguage other = other_than(language);
    json_object_set_new(json, "also",
                        json_pack("{s:s, s:s, s:s}", "lang", http_language_name(other), "title",
                                  text->title[other], "detail", text->detail[other]));
    if (!faults || fault_list_length(faults) == 0)
        return json;
    json_t *errors = http_faults_json(faults, language);
    if (problem == HTTP_PROBLEM_TOO_SOON)
        say_fault(json, json_array_get(errors, 0));
    json_object_set_new(json, "errors", errors);
    return json;
}

enum { MAPPINGS_MAX = 128 };

typedef struct {
    GQuark domain;
    int code;
    HttpProblem problem;
} ProblemMapping;

/* The one table from error codes to problems: constant once the program has started. */
static ProblemMapping mappings[MAPPINGS_MAX];
static unsigned n_mappings;

static const ProblemMapping *mapping_find(GQuark domain, int code)
{
    for (unsigned i = 0; i < n_mappings; i++)
        if (mappings[i].domain == domain && mappings[i].code == code)
            return &mappings[i];
    return NULL;
}

void http_problem_map(GQuark domain, int code, HttpProblem problem)
{
    const ProblemMapping *known = mapping_find(domain, code);
    if (known) {
        g_assert(known->problem == problem);
        return;
    }
    g_assert(n_mappings < MAPPINGS_MAX);
    mappings[n_mappings++] = (ProblemMapping){domain, code, problem};
}

HttpProblem http_problem_for_error(const GError *error)
{
    const ProblemMapping *mapping = mapping_find(error->domain, error->code);
    if (mapping)
        return mapping->problem;
    if (error->domain != BASE_ERROR)
        return HTTP_PROBLEM_INTERNAL;
    switch ((BaseError)error->code) {
    case BASE_ERROR_CONFLICT:
        return HTTP_PROBLEM_CONFLICT;
    case BASE_ERROR_FULL:
        return HTTP_PROBLEM_BUSY;
    case BASE_ERROR_CLOSED:
        return HTTP_PROBLEM_STOPPING;
    case BASE_ERROR_STORAGE:
        return HTTP_PROBLEM_STORAGE;
    case BASE_ERROR_FAILED:
    case BASE_ERROR_INVALID:
        return HTTP_PROBLEM_INTERNAL;
    }
    return HTTP_PROBLEM_INTERNAL;
}
