// SPDX-License-Identifier: Apache-2.0
#include "scheduling/outbox/notification_text.h"

#include <string.h>

enum { TEXT_BYTES = 640, MIN_FACILITY_CHARS = 12 };

typedef struct {
    const char *id, *en;
} Template;

static const Template templates[NOTIFICATION_N_KINDS] = {
    [NOTIFICATION_BOOKED] =
        {"Terdaftar: {facility}, {when}, nomor {number}. Masuk atau pindah: {link}",
         "Booked: {facility}, {when}, number {number}. Join or move: {link}"},
    [NOTIFICATION_MOVED] =
        {"Jadwal baru: {facility}, {when}, nomor {number}. Masuk atau pindah: {link}",
         "New time: {facility}, {when}, number {number}. Join or move: {link}"},
    [NOTIFICATION_CANCELLED] = {"Janji temu {when} di {facility} dibatalkan. Bila ada pertanyaan: "
                                "{phone}",
                                "The appointment {when} at {facility} is cancelled. Questions: "
                                "{phone}"},
    [NOTIFICATION_MISSED] =
        {"Janji temu {when} terlewat. Pilih waktu lain atau ambil nomor: {link}",
         "You missed the appointment {when}. Choose another time: {link}"},
    [NOTIFICATION_DAY_BEFORE] =
        {"Pengingat: {facility}, {when}, nomor {number}. Masuk atau pindah: "
         "{link}",
         "Reminder: {facility}, {when}, number {number}. Join or move: "
         "{link}"},
    [NOTIFICATION_HOUR_BEFORE] =
        {"Hari ini {time}: {facility}, nomor {number}. Masuk mulai 30 menit "
         "sebelumnya: {link}",
         "Today {time}: {facility}, number {number}. Join from 30 minutes "
         "before: {link}"},
    [NOTIFICATION_SOON] =
        {"Sebentar lagi, {time}: {facility}, nomor {number}. Masuk sekarang: {link}",
         "Soon, {time}: {facility}, number {number}. Join now: {link}"},
    [NOTIFICATION_NEXT] = {"Giliran Anda berikutnya, nomor {number}. Buka sekarang: {link}",
                           "You are next, number {number}. Open now: {link}"},
    [NOTIFICATION_LATE] =
        {"Dokter terlambat sekitar {minutes} menit. Janji {time}, nomor {number}, "
         "tetap berlaku: {link}",
         "The doctor is about {minutes} minutes late. Your appointment {time}, "
         "number {number}, stands: {link}"},
    [NOTIFICATION_WAIT_LISTED] =
        {"Daftar tunggu {facility}: Anda diberi tahu bila ada tempat. Lihat: {link}",
         "Wait list {facility}: you are told when there is a place. See: {link}"},
    [NOTIFICATION_WAIT_OFFER] = {"Ada tempat {when}, disimpan untuk Anda sampai {until}. "
                                 "Jawab: {link}",
                                 "A place {when} is kept for you until {until}. Answer: {link}"},
    [NOTIFICATION_WAIT_OPEN] = {"Ada tempat {when}, untuk yang paling cepat. Ambil: {link}",
                                "A place {when}, for whoever is first. Take it: {link}"},
    [NOTIFICATION_WAIT_GONE] = {"Tempat {when} tidak ada lagi. Anda tetap di daftar tunggu: {link}",
                                "The place {when} is gone. You stay on the wait list: {link}"},
    [NOTIFICATION_WAIT_ENDED] =
        {"Daftar tunggu {facility} untuk Anda sudah berakhir. Daftar lagi atau telepon {phone}",
         "Your wait at {facility} is over. Book again or call {phone}"},
};
static const Template not_late = {
    "Dokter tidak terlambat lagi. Janji {time}, nomor {number}: {link}",
    "The doctor is not late any more. Your appointment {time}, number {number}: {link}"};
static const Template walk_in = {"Terdaftar: {facility}, nomor antrean {number}. Masuk: {link}",
                                 "Registered: {facility}, queue number {number}. Join: {link}"};

bool notification_has_link(NotificationKind kind)
{
    return kind != NOTIFICATION_CANCELLED && kind != NOTIFICATION_WAIT_ENDED;
}

/* Characters that GSM 03.38 has at one septet; the rest of ASCII becomes a point. */
static char *plain(const char *text)
{
    char *ascii = g_str_to_ascii(text, "id");
    for (char *at = ascii; *at; at++) {
        if (!g_ascii_isprint(*at) || strchr("[]{}\\^~|`", *at))
            *at = '.';
    }
    return ascii;
}

static char *local_text(const NotificationContent *content, int64_t at_ms, bool with_date)
{
    static const char *const days[2][7] = {
        {"Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min"},
        {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
    };
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at_ms / 1000);
    g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, content->zone);
    g_autofree char *time = g_date_time_format(local, "%H.%M %Z");
    if (!with_date)
        return g_steal_pointer(&time);
    return g_strdup_printf("%s %d/%d %s",
                           days[content->is_english][g_date_time_get_day_of_week(local) - 1],
                           g_date_time_get_day_of_month(local), g_date_time_get_month(local), time);
}

typedef struct {
    const char *name;
    char *value;
} Piece;

/* Large enough from the start: a text that grows would leave its link in memory that is freed. */
static GString *fill(const char *template, const Piece *pieces, unsigned n)
{
    GString *text = g_string_sized_new(TEXT_BYTES);
    for (const char *at = template; *at;) {
        const char *close = *at == '{' ? strchr(at, '}') : NULL;
        if (!close) {
            g_string_append_c(text, *at++);
            continue;
        }
        for (unsigned i = 0; i < n; i++) {
            if (strlen(pieces[i].name) == (size_t)(close - at - 1) &&
                memcmp(pieces[i].name, at + 1, (size_t)(close - at - 1)) == 0)
                g_string_append(text, pieces[i].value);
        }
        at = close + 1;
    }
    return text;
}

static const char *choose(const NotificationContent *content)
{
    const Template *template = &templates[content->kind];
    if (content->kind == NOTIFICATION_LATE && content->late_minutes == 0)
        template = &not_late;
    if (content->kind == NOTIFICATION_BOOKED && content->is_walk_in)
        template = &walk_in;
    return content->is_english ? template->en : template->id;
}

static void cut(char *facility, size_t n_chars)
{
    size_t room = n_chars < NOTIFICATION_TEXT_CHARS ? NOTIFICATION_TEXT_CHARS - n_chars : 0;
    room = MAX(room, MIN_FACILITY_CHARS);
    if (strlen(facility) > room)
        facility[room] = '\0';
    g_strchomp(facility);
}

char *notification_text(const NotificationContent *content)
{
    g_autofree char *facility = plain(content->facility);
    g_autofree char *phone = plain(content->phone);
    g_autofree char *when = local_text(content, content->starts_at_ms, true);
    g_autofree char *time = local_text(content, content->starts_at_ms, false);
    g_autofree char *until = local_text(content, content->until_ms, false);
    g_autofree char *minutes = g_strdup_printf("%u", content->late_minutes);
    char empty[] = "";
    Piece pieces[] = {
        {"facility", empty},
        {"phone", phone},
        {"when", when},
        {"time", time},
        {"until", until},
        {"minutes", minutes},
        {"number", (char *)content->number},
        {"link", (char *)content->link},
    };
    const char *template = choose(content);
    size_t n_chars = strlen(template);
    for (unsigned i = 1; i < G_N_ELEMENTS(pieces); i++) {
        g_autofree char *mark = g_strconcat("{", pieces[i].name, "}", NULL);
        if (strstr(template, mark))
            n_chars += strlen(pieces[i].value) - strlen(mark);
    }
    cut(facility, n_chars - strlen("{facility}"));
    pieces[0].value = facility;
    return g_string_free(fill(template, pieces, G_N_ELEMENTS(pieces)), FALSE);
}
