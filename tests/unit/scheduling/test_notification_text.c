// SPDX-License-Identifier: Apache-2.0
/* The words of messages: one SMS each, in the visit's language, with what belongs in them. */
#include "scheduling/outbox/notification_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

/* 62 characters, as the links of a province's server have. */
#define LINK "https://telemedis.gorontaloprov.go.id/v/0123456789abcdefABCDEF"

static GTimeZone *zone;

static int set_up(void **state)
{
    (void)state;
    zone = g_time_zone_new_identifier("Asia/Makassar");
    return zone ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    g_time_zone_unref(zone);
    return 0;
}

static NotificationContent content_of(NotificationKind kind, bool is_english)
{
    NotificationContent content = {
        .kind = kind,
        .is_english = is_english,
        .starts_at_ms = INT64_C(1795570200000), /* Wednesday, 25 November 2026, 09.30 WITA */
        .zone = zone,
        .facility = "Puskesmas Limboto",
        .phone = "0435-881234",
        .address = "Jl. Trans Sulawesi 12",
        .number = "A-12",
        .link = "",
        .late_minutes = 20,
    };
    content.link = notification_has_link(&content) ? LINK : "";
    return content;
}

static void assert_text(NotificationKind kind, bool is_english, const char *expected)
{
    NotificationContent content = content_of(kind, is_english);
    g_autofree char *text = notification_text(&content);
    assert_string_equal(text, expected);
}

static void test_words(void **state)
{
    (void)state;
    assert_text(NOTIFICATION_BOOKED, false,
                "Terdaftar: Puskesmas Limboto, Rab 25/11 09.30 WITA, nomor A-12. Masuk atau "
                "pindah: " LINK);
    assert_text(NOTIFICATION_BOOKED, true,
                "Booked: Puskesmas Limboto, Wed 25/11 09.30 WITA, number A-12. Join or "
                "move: " LINK);
    assert_text(NOTIFICATION_LATE, false,
                "Dokter terlambat sekitar 20 menit. Janji 09.30 WITA, nomor A-12, tetap "
                "berlaku: " LINK);
    assert_text(NOTIFICATION_CANCELLED, true,
                "The appointment Wed 25/11 09.30 WITA at Puskesmas Limboto is cancelled. "
                "Questions: 0435-881234");
    assert_text(NOTIFICATION_HOURS_CHANGED, false,
                "Jam praktik Puskesmas Limboto berubah. Pilih waktu lain untuk janji Rab 25/11 "
                "09.30 WITA: " LINK);
    assert_text(NOTIFICATION_HOURS_CHANGED, true,
                "Hours at Puskesmas Limboto have changed. Choose another time for Wed 25/11 09.30 "
                "WITA: " LINK);
    assert_text(NOTIFICATION_CONVERTED_PHONE, true,
                "Appointment Wed 25/11 09.30 WITA: the doctor phones you, no video. Keep your "
                "phone on. Details: " LINK);
    assert_text(NOTIFICATION_CONVERTED_IN_PERSON, false,
                "Janji Rab 25/11 09.30 WITA: datang langsung ke Puskesmas Limboto, Jl. Trans "
                "Sulawesi 12. Rincian: " LINK);
    assert_text(NOTIFICATION_LETTER, false,
                "Ada surat dari Puskesmas Limboto untuk kunjungan Rab 25/11 09.30 WITA. Buka dan "
                "simpan: " LINK);
    assert_text(NOTIFICATION_LETTER, true,
                "A letter of Puskesmas Limboto for your visit Wed 25/11 09.30 WITA is ready. Open "
                "and save it: " LINK);
    assert_text(NOTIFICATION_LETTER_REVOKED, false,
                "Surat dari Puskesmas Limboto untuk kunjungan Rab 25/11 09.30 WITA dicabut, jangan "
                "dipakai: " LINK);
    assert_text(NOTIFICATION_LETTER_REVOKED, true,
                "A letter of Puskesmas Limboto for your visit Wed 25/11 09.30 WITA was revoked, do "
                "not use it: " LINK);
    assert_text(NOTIFICATION_NEXT, false,
                "Giliran Anda berikutnya, nomor A-12. Buka sekarang: " LINK);
}

static void test_late_and_walk_in_differ(void **state)
{
    (void)state;
    NotificationContent content = content_of(NOTIFICATION_LATE, false);
    content.late_minutes = 0;
    g_autofree char *not_late = notification_text(&content);
    assert_string_equal(not_late,
                        "Dokter tidak terlambat lagi. Janji 09.30 WITA, nomor A-12: " LINK);
    content = content_of(NOTIFICATION_BOOKED, false);
    content.is_walk_in = true;
    g_autofree char *walk_in = notification_text(&content);
    assert_string_equal(walk_in, "Terdaftar: Puskesmas Limboto, nomor antrean A-12. Masuk: " LINK);
}

/* Septets of GSM 03.38: the extension table's characters are two, what it has not is none. */
static size_t septets(const char *text)
{
    static const char basic[] =
        "@$!\"#%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_ ";
    size_t n = 0;
    for (; *text; text++) {
        if (strchr(basic, *text))
            n++;
        else if (strchr("^{}\\[~]|", *text))
            n += 2;
        else
            fail_msg("no septet: %d", *text);
    }
    return n;
}

/* Without video no reminder says "join by this link". */
static void test_says_the_way(void **state)
{
    (void)state;
    const NotificationKind kinds[] = {NOTIFICATION_BOOKED, NOTIFICATION_MOVED,
                                      NOTIFICATION_DAY_BEFORE, NOTIFICATION_HOUR_BEFORE,
                                      NOTIFICATION_SOON};
    for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++) {
        NotificationContent content = content_of(kinds[i], false);
        content.way = VISIT_WAY_IN_PERSON;
        assert_int_equal(notification_message(&content), MESSAGE_CONVERTED_IN_PERSON);
        assert_true(notification_has_link(&content)); /* to move or cancel it */
        content.way = VISIT_WAY_PHONE;
        assert_int_equal(notification_message(&content), MESSAGE_CONVERTED_PHONE);
        assert_true(notification_has_link(&content)); /* to move or cancel it */
    }
    NotificationContent missed = content_of(NOTIFICATION_MISSED, false);
    missed.way = VISIT_WAY_IN_PERSON;
    assert_int_equal(notification_message(&missed), MESSAGE_MISSED);
    assert_true(notification_has_link(&missed));
}

static void test_one_sms_each(void **state)
{
    (void)state;
    for (int i = 0; i < NOTIFICATION_N_KINDS; i++) {
        for (int lang = 0; lang < 2; lang++) {
            NotificationContent content = content_of((NotificationKind)i, lang == 1);
            content.facility = "Rumah Sakit Umum Daerah Prof. Dr. H. Aloei Saboe Kota Gorontalo";
            content.number = "A-112";
            content.address = "Jalan Prof. Dr. H. Aloei Saboe 91, Kelurahan Wongkaditi Timur, Kota "
                              "Gorontalo";
            g_autofree char *text = notification_text(&content);
            if (septets(text) > NOTIFICATION_TEXT_CHARS)
                fail_msg("%zu: %s", septets(text), text);
            assert_null(strchr(text, '{'));
            assert_int_equal(strstr(text, LINK) != NULL, notification_has_link(&content));
        }
    }
}

static void test_odd_names(void **state)
{
    (void)state;
    NotificationContent content = content_of(NOTIFICATION_BOOKED, false);
    content.facility = "Klinik Sej\xc3\xa1ht\xc3\xa9ra {link} [24~jam]\n";
    g_autofree char *text = notification_text(&content);
    assert_non_null(strstr(text, "Klinik Sejahtera .link. .24.jam"));
    assert_int_equal(septets(text), strlen(text));
    assert_ptr_equal(strstr(text, LINK), g_strrstr(text, LINK));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),        cmocka_unit_test(test_late_and_walk_in_differ),
        cmocka_unit_test(test_says_the_way), cmocka_unit_test(test_one_sms_each),
        cmocka_unit_test(test_odd_names),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
