// SPDX-License-Identifier: Apache-2.0
/* Column names of tables: in either language and any order; what is unknown, there twice, missing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/clinic/table.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_column_in_indonesian),
        cmocka_unit_test(test_languages_may_be_mixed),
        cmocka_unit_test(test_what_is_wrong_is_named_as_it_stands_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
