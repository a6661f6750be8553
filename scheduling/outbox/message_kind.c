// SPDX-License-Identifier: Apache-2.0
#include "scheduling/outbox/message_kind.h"

#include <string.h>

#define BIT(name) (1U << PLACEHOLDER_##name)
#define PLACE (BIT(FACILITY) | BIT(PHONE) | BIT(NUMBER))
#define TIMED (PLACE | BIT(WHEN) | BIT(TIME))
#define OFFERED (BIT(FACILITY) | BIT(PHONE) | BIT(WHEN) | BIT(TIME) | BIT(LINK))
#define JOINED (TIMED | BIT(LINK) | BIT(EARLY))

typedef struct {
    const char *name;
    unsigned allowed, required;
    const char *text[2]; /* Indonesian, English */
} Row;

static const Row rows[MESSAGE_N_KINDS] = {
    [MESSAGE_BOOKED] = {"booked",
                        JOINED,
                        BIT(WHEN) | BIT(LINK),
                        {"Terdaftar: {facility}, {when}, nomor {number}. Masuk atau pindah: {link}",
                         "Booked: {facility}, {when}, number {number}. Join or move: {link}"}},
    [MESSAGE_WALK_IN] = {"walk_in",
                         PLACE | BIT(LINK),
                         BIT(LINK),
                         {"Terdaftar: {facility}, nomor antrean {number}. Masuk: {link}",
                          "Registered: {facility}, queue number {number}. Join: {link}"}},
    [MESSAGE_MOVED] =
        {"moved",
         JOINED,
         BIT(WHEN) | BIT(LINK),
         {"Jadwal baru: {facility}, {when}, nomor {number}. Masuk atau pindah: {link}",
          "New time: {facility}, {when}, number {number}. Join or move: {link}"}},
    [MESSAGE_CANCELLED] = {"cancelled",
                           TIMED,
                           BIT(WHEN),
                           {"Janji temu {when} di {facility} dibatalkan. Bila ada pertanyaan: "
                            "{phone}",
                            "The appointment {when} at {facility} is cancelled. Questions: "
                            "{phone}"}},
    [MESSAGE_MISSED] = {"missed",
                        TIMED | BIT(LINK),
                        BIT(LINK),
                        {"Janji temu {when} terlewat. Pilih waktu lain atau ambil nomor: {link}",
                         "You missed the appointment {when}. Choose another time: {link}"}},
    [MESSAGE_UNSEEN] =
        {"unseen",
         TIMED | BIT(LINK),
         BIT(LINK),
         {"Maaf, Anda belum sempat dilayani {when} di {facility}. Pilih waktu lain: {link}",
          "Sorry, you were not seen {when} at {facility}. Choose another time: {link}"}},
    [MESSAGE_DAY_BEFORE] =
        {"day_before",
         JOINED,
         BIT(WHEN) | BIT(LINK),
         {"Pengingat: {facility}, {when}, nomor {number}. Masuk atau pindah: {link}",
          "Reminder: {facility}, {when}, number {number}. Join or move: {link}"}},
    [MESSAGE_HOUR_BEFORE] =
        {"hour_before",
         JOINED,
         BIT(TIME) | BIT(LINK),
         {"Hari ini {time}: {facility}, nomor {number}. Masuk mulai {early} menit "
          "sebelumnya: {link}",
          "Today {time}: {facility}, number {number}. Join from {early} minutes before: {link}"}},
    [MESSAGE_SOON] = {"soon",
                      JOINED,
                      BIT(TIME) | BIT(LINK),
                      {"Sebentar lagi, {time}: {facility}, nomor {number}. Masuk sekarang: {link}",
                       "Soon, {time}: {facility}, number {number}. Join now: {link}"}},
    [MESSAGE_NEXT] = {"next",
                      PLACE | BIT(LINK),
                      BIT(LINK),
                      {"Giliran Anda berikutnya, nomor {number}. Buka sekarang: {link}",
                       "You are next, number {number}. Open now: {link}"}},
    [MESSAGE_LATE] = {"late",
                      TIMED | BIT(MINUTES) | BIT(LINK),
                      BIT(MINUTES) | BIT(LINK),
                      {"Dokter terlambat sekitar {minutes} menit. Janji {time}, nomor {number}, "
                       "tetap berlaku: {link}",
                       "The doctor is about {minutes} minutes late. Your appointment {time}, "
                       "number {number}, stands: {link}"}},
    [MESSAGE_LATE_OVER] =
        {"late_over",
         TIMED | BIT(LINK),
         BIT(LINK),
         {"Dokter tidak terlambat lagi. Janji {time}, nomor {number}: {link}",
          "The doctor is not late any more. Your appointment {time}, number {number}: {link}"}},
    [MESSAGE_HOURS_CHANGED] =
        {"hours_changed",
         JOINED,
         BIT(WHEN) | BIT(LINK),
         {"Jam praktik {facility} berubah. Pilih waktu lain untuk janji {when}: {link}",
          "Hours at {facility} have changed. Choose another time for {when}: {link}"}},
    [MESSAGE_STANDS] = {"stands",
                        TIMED | BIT(LINK),
                        BIT(WHEN) | BIT(LINK),
                        {"Janji temu {when} di {facility} tetap berlaku. Rincian: {link}",
                         "Your appointment {when} at {facility} stands after all. Details: "
                         "{link}"}},
    [MESSAGE_CONVERTED_PHONE] =
        {"converted_phone",
         TIMED | BIT(LINK),
         BIT(WHEN) | BIT(LINK),
         {"Janji {when}: dokter menelepon Anda, bukan video. Nyalakan telepon. Rincian: {link}",
          "Appointment {when}: the doctor phones you, no video. Keep your phone on. Details: "
          "{link}"}},
    [MESSAGE_CONVERTED_IN_PERSON] =
        {"converted_in_person",
         TIMED | BIT(ADDRESS) | BIT(LINK),
         BIT(WHEN) | BIT(FACILITY) | BIT(LINK),
         {"Janji {when}: datang langsung ke {facility}, {address}. Rincian: {link}",
          "Appointment {when}: please come to {facility}, {address}. Details: {link}"}},
    [MESSAGE_CONVERTED_VIDEO] =
        {"converted_video",
         JOINED,
         BIT(WHEN) | BIT(LINK),
         {"Janji temu {when} di {facility} kembali lewat video. Masuk atau pindah: {link}",
          "Appointment {when} at {facility} is by video again. Join or move: {link}"}},
    [MESSAGE_LETTER] =
        {"letter",
         TIMED | BIT(LINK),
         BIT(LINK),
         {"Ada surat dari {facility} untuk kunjungan {when}. Buka dan simpan: {link}",
          "A letter of {facility} for your visit {when} is ready. Open and save it: {link}"}},
    [MESSAGE_LETTER_REVOKED] =
        {"letter_revoked",
         TIMED | BIT(LINK),
         BIT(LINK),
         {"Surat dari {facility} untuk kunjungan {when} dicabut, jangan dipakai: {link}",
          "A letter of {facility} for your visit {when} was revoked, do not use it: {link}"}},
    [MESSAGE_WAIT_LISTED] =
        {"wait_listed",
         BIT(FACILITY) | BIT(PHONE) | BIT(LINK),
         BIT(LINK),
         {"Daftar tunggu {facility}: Anda diberi tahu bila ada tempat. Lihat: {link}",
          "Wait list {facility}: you are told when there is a place. See: {link}"}},
    [MESSAGE_WAIT_OFFER] = {"wait_offer",
                            OFFERED | BIT(UNTIL),
                            BIT(WHEN) | BIT(UNTIL) | BIT(LINK),
                            {"Ada tempat {when}, disimpan untuk Anda sampai {until}. Jawab: {link}",
                             "A place {when} is kept for you until {until}. Answer: {link}"}},
    [MESSAGE_WAIT_OPEN] = {"wait_open",
                           OFFERED,
                           BIT(WHEN) | BIT(LINK),
                           {"Ada tempat {when}, untuk yang paling cepat. Ambil: {link}",
                            "A place {when}, for whoever is first. Take it: {link}"}},
    [MESSAGE_WAIT_GONE] = {"wait_gone",
                           OFFERED,
                           BIT(LINK),
                           {"Tempat {when} tidak ada lagi. Anda tetap di daftar tunggu: {link}",
                            "The place {when} is gone. You stay on the wait list: {link}"}},
    [MESSAGE_WAIT_ENDED] =
        {"wait_ended",
         BIT(FACILITY) | BIT(PHONE),
         0,
         {"Daftar tunggu {facility} untuk Anda sudah berakhir. Daftar lagi atau telepon {phone}",
          "Your wait at {facility} is over. Book again or call {phone}"}},
};

static const char *const placeholders[PLACEHOLDER_COUNT] = {
    [PLACEHOLDER_FACILITY] = "facility", [PLACEHOLDER_PHONE] = "phone",
    [PLACEHOLDER_ADDRESS] = "address",   [PLACEHOLDER_WHEN] = "when",
    [PLACEHOLDER_TIME] = "time",         [PLACEHOLDER_UNTIL] = "until",
    [PLACEHOLDER_MINUTES] = "minutes",   [PLACEHOLDER_EARLY] = "early",
    [PLACEHOLDER_NUMBER] = "number",     [PLACEHOLDER_LINK] = "link",
};

const char *message_kind_name(MessageKind kind)
{
    return rows[kind].name;
}

bool message_kind_parse(const char *name, MessageKind *ret_kind)
{
    for (int i = 0; name && i < MESSAGE_N_KINDS; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            *ret_kind = (MessageKind)i;
            return true;
        }
    }
    return false;
}

const char *message_lang(bool is_english)
{
    return is_english ? "en" : "id";
}

const char *placeholder_name(Placeholder placeholder)
{
    return placeholders[placeholder];
}

bool placeholder_at(const char *text, Placeholder *ret_placeholder, size_t *ret_size)
{
    for (int i = 0; *text == '{' && i < PLACEHOLDER_COUNT; i++) {
        size_t size = strlen(placeholders[i]);
        if (strncmp(text + 1, placeholders[i], size) == 0 && text[1 + size] == '}') {
            *ret_placeholder = (Placeholder)i;
            *ret_size = size + 2;
            return true;
        }
    }
    return false;
}

unsigned message_allowed(MessageKind kind)
{
    return rows[kind].allowed;
}

unsigned message_required(MessageKind kind)
{
    return rows[kind].required;
}

char *placeholder_words(unsigned wanted)
{
    GString *words = g_string_new(NULL);
    for (int i = 0; i < PLACEHOLDER_COUNT; i++) {
        if (wanted & (1U << i))
            g_string_append_printf(words, "%s{%s}", words->len ? " " : "", placeholders[i]);
    }
    return g_string_free(words, FALSE);
}

const char *message_shipped(MessageKind kind, bool is_english)
{
    return rows[kind].text[is_english];
}

/* The placeholders of TEXT as bits; a fault code for what is none that is allowed, or is there
 * twice. */
static const char *read_placeholders(const char *text, unsigned allowed, unsigned *ret_found)
{
    Placeholder found;
    size_t size;
    *ret_found = 0;
    for (; *text; text++) {
        if (*text != '{' && *text != '}')
            continue;
        if (!placeholder_at(text, &found, &size) || !(allowed & (1U << found)))
            return "placeholder_unknown";
        if (*ret_found & (1U << found))
            return "placeholder_twice";
        *ret_found |= 1U << found;
        text += size - 1;
    }
    return NULL;
}

static bool is_one_line(const char *text)
{
    for (; *text; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        if (g_unichar_iscntrl(c) || g_unichar_type(c) == G_UNICODE_FORMAT ||
            g_unichar_type(c) == G_UNICODE_LINE_SEPARATOR ||
            g_unichar_type(c) == G_UNICODE_PARAGRAPH_SEPARATOR)
            return false;
    }
    return true;
}

bool message_check(MessageKind kind, const char *text, const char *field, FaultList *faults)
{
    unsigned n_before = fault_list_length(faults);
    unsigned found;
    g_autofree char *trimmed = g_strstrip(g_strdup(text));
    g_autofree char *limits = g_strdup_printf("1..%d", MESSAGE_TEXT_CHARS);
    g_autofree char *allowed = placeholder_words(rows[kind].allowed);
    const char *code = read_placeholders(text, rows[kind].allowed, &found);
    if (!*trimmed)
        fault_list_add(faults, field, "required", NULL);
    else if (g_utf8_strlen(text, -1) > MESSAGE_TEXT_CHARS)
        fault_list_add(faults, field, "too_long", limits);
    else if (!is_one_line(text))
        fault_list_add(faults, field, "bad_characters", NULL);
    else if (code)
        fault_list_add(faults, field, code, allowed);
    else if ((found & rows[kind].required) != rows[kind].required) {
        g_autofree char *wanted = placeholder_words(rows[kind].required & ~found);
        fault_list_add(faults, field, "placeholder_missing", wanted);
    }
    return fault_list_length(faults) == n_before;
}
