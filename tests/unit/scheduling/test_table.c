// SPDX-License-Identifier: Apache-2.0
/* Column names of tables: in either language and any order; what is unknown, there twice, missing.
 * Dates, yes and no, and lists in cells. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/clinic/table.h"
#include "scheduling/clinic/table_list.h"
#include "scheduling/scheduling_private.h"

static const char *const no_needs[] = {NULL};

/* Where each of COLUMNS stands in a first row of HEADER, "2 0 -"; then "; field code" of faults. */
static char *read_header(const char *columns, const char *const *needs, const char *header)
{
    g_auto(GStrv) names = g_strsplit(columns, ",", 0);
    g_autoptr(FaultList) faults = fault_list_new();
    GString *words = g_string_new(NULL);
    CsvTable table;
    unsigned line = 0;
    TableHeader read;
    csv_table_init(&table);
    assert_int_equal(csv_parse(header, strlen(header), &table, &line), CSV_OK);
    table_header_read((const char *const *)names, needs, g_ptr_array_index(table.rows, 0), &read,
                      faults);
    for (unsigned i = 0; names[i]; i++) {
        if (read.at[i] < 0)
            g_string_append(words, i ? " -" : "-");
        else
            g_string_append_printf(words, "%s%d", i ? " " : "", read.at[i]);
    }
    for (unsigned i = 0; i < fault_list_length(faults); i++) {
        const Fault *fault = fault_list_get(faults, i);
        g_string_append_printf(words, "; %s %s", fault->field, fault->code);
    }
    csv_table_clear(&table);
    return g_string_free(words, FALSE);
}

static void assert_header(const char *columns, const char *header, const char *expected)
{
    g_autofree char *words = read_header(columns, no_needs, header);
    assert_string_equal(words, expected);
}

/* All tables that there are, as somebody here would head them. */
static void test_each_column_in_indonesian(void **state)
{
    (void)state;
    assert_header("id,name,kind,area_code,address,phone,active",
                  "id,nama,jenis,kode wilayah,alamat,telepon,aktif", "0 1 2 3 4 5 6");
    assert_header("id,facility,name,letter,wait_mode,active",
                  "ID;Faskes;Nama;Huruf;Daftar Tunggu;Aktif", "0 1 2 3 4 5");
    assert_header("id,name,str_number,str_valid_until,clinics,permits,active",
                  "id,nama,nomor_str,str_sampai,poli,sip,aktif", "0 1 2 3 4 5 6");
    assert_header("id,facility,clinic,name,mode,duration_minutes,before_minutes,after_minutes,"
                  "price_rupiah,active",
                  "id,faskes,poli,nama,cara,lama menit,jeda sebelum,jeda sesudah,biaya rupiah,"
                  "aktif",
                  "0 1 2 3 4 5 6 7 8 9");
    assert_header("date,name,certain,facility", "tanggal,nama,pasti,faskes", "0 1 2 3");
    assert_header("login,name,role,facility,practitioner,active,area",
                  "nama pengguna,nama,peran,faskes,dokter,aktif,wilayah", "0 1 2 3 4 5 6");
    assert_header("facility,rule,value", "faskes,aturan,nilai", "0 1 2");
    assert_header("facility,kind,lang,text", "faskes,jenis,bahasa,teks", "0 1 2 3");
    assert_header("code,term_id,term_en", "kode,istilah_id,istilah_en", "0 1 2");
}

static void test_languages_may_be_mixed(void **state)
{
    (void)state;
    assert_header("date,name,certain", "pasti,name,tanggal", "2 1 0");
    assert_header("date,name,certain", "Date,Nama", "0 1 -");
}

static void test_what_is_wrong_is_named_as_it_stands_there(void **state)
{
    (void)state;
    assert_header("date,name", "tanggal,nama,harga", "0 1; harga unknown");
    assert_header("date,name", "nama,name", "- 0; name taken");
    const char *const needs[] = {"date", "name", NULL};
    g_autofree char *words = read_header("date,name", needs, "nama");
    assert_string_equal(words, "- 0; date required");
}

/* As spreadsheets with Indonesian settings write them: the day first, never the month. */
static void test_dates_with_the_day_first(void **state)
{
    (void)state;
    const struct {
        const char *text, *date;
        bool is_there; /* such a day */
    } cases[] = {
        {"2027-08-17", "2027-08-17", true},
        {"17/08/2027", "2027-08-17", true},
        {"17-08-2027", "2027-08-17", true},
        {"7/8/2027", "2027-08-07", true},
        {"1-12-2027", "2027-12-01", true},
        {"29/2/2028", "2028-02-29", true},
        {"08/17/2027", "2027-17-08", false},
        {"31/02/2027", "2027-02-31", false},
        {"0/0/2027", "2027-00-00", false},
        {"17/08-2027", "17/08-2027", false},
        {"17/08/27", "17/08/27", false},
        {"17/08/20270", "17/08/20270", false},
        {"117/8/2027", "117/8/2027", false},
        {"17/008/2027", "17/008/2027", false},
        {"17/08/2027x", "17/08/2027x", false},
        {"17.08.2027", "17.08.2027", false},
        {"17/8/", "17/8/", false},
        {"17/8", "17/8", false},
        {"17/", "17/", false},
        {"17", "17", false},
        {"besok", "besok", false},
        {"", "", false},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *date = table_date(cases[i].text);
        assert_string_equal(date, cases[i].date);
        assert_int_equal(scheduling_date_is_valid(date), cases[i].is_there);
    }
}

static void test_yes_and_no_in_the_table_s_language(void **state)
{
    (void)state;
    const char *const heads[][2] = {{"nama,aktif", "ya, tidak, 1, 0"},
                                    {"name,active", "yes, no, true, false, 1, 0"}};
    const char *const columns[] = {"name", "active", NULL};
    for (unsigned i = 0; i < G_N_ELEMENTS(heads); i++) {
        g_autoptr(FaultList) faults = fault_list_new();
        g_auto(GStrv) names = g_strsplit(heads[i][0], ",", 0);
        GPtrArray cells = {(gpointer *)names, 2};
        const CsvRow row = {1, &cells};
        TableHeader header;
        table_header_read(columns, no_needs, &row, &header, faults);
        assert_string_equal(table_yes_no_words(&header), heads[i][1]);
        g_auto(GStrv) words = g_strsplit(heads[i][1], ", ", 0);
        for (char **word = words; *word; word++) {
            bool is_yes;
            assert_true(table_yes_no(*word, &is_yes));
        }
    }
}

/* What a name is called is its owner's affair: a list of any names comes back as it went. */
static void test_names_hold_what_divides_lists(void **state)
{
    (void)state;
    const char *const names[] = {"Klinik A > B | C", "\\", "a\\", "\\|", "\\\\>",
                                 "Poli Umum",        "|",  ">"};
    g_autoptr(GString) text = g_string_new(NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i += 2) {
        g_string_append(text, i ? " | " : "");
        table_list_append(text, names[i]);
        g_string_append(text, " > ");
        table_list_append(text, names[i + 1]);
    }
    g_auto(GStrv) parts = table_list_parts(text->str);
    assert_int_equal(g_strv_length(parts), G_N_ELEMENTS(names) / 2);
    for (unsigned i = 0; parts[i]; i++) {
        g_auto(GStrv) two = table_list_names(parts[i]);
        assert_int_equal(g_strv_length(two), 2);
        assert_string_equal(two[0], names[2 * i]);
        assert_string_equal(two[1], names[2 * i + 1]);
    }
    /* Typed by hand: a backslash before anything else is one. */
    g_auto(GStrv) typed = table_list_names("C:\\temp > x\\");
    assert_string_equal(typed[0], "C:\\temp");
    assert_string_equal(typed[1], "x\\");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_column_in_indonesian),
        cmocka_unit_test(test_languages_may_be_mixed),
        cmocka_unit_test(test_what_is_wrong_is_named_as_it_stands_there),
        cmocka_unit_test(test_dates_with_the_day_first),
        cmocka_unit_test(test_yes_and_no_in_the_table_s_language),
        cmocka_unit_test(test_names_hold_what_divides_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
