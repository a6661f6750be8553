// SPDX-License-Identifier: Apache-2.0
/* What may be attached: told by bytes, whole, and of pictures only what draws them. */
#include "scheduling/consult/consult_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

static void add(GByteArray *bytes, const char *text, size_t size)
{
    g_byte_array_append(bytes, (const uint8_t *)text, (guint)size);
}
#define ADD(bytes, text) add(bytes, text, sizeof(text) - 1)

#define JPEG_HEAD "\xff\xd8"
#define JFIF "\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
#define EXIF                                                                                       \
    "\xff\xe1\0\x0e"                                                                               \
    "Exif\0\0Bone!!"
#define XMP "\xff\xe1\0\x0bhttp:GPS!"
#define FRAME "\xff\xc0\0\x0b\x08\0\x01\0\x01\x01\x01\x11\0"
#define SCAN                                                                                       \
    "\xff\xda\0\x08\x01\x01\0\0\x3f\0"                                                             \
    "ab\xff\0cd\xff\xd0"                                                                           \
    "ef"
#define PROGRESSIVE_SCAN                                                                           \
    "\xff\xda\0\x08\x01\x01\0\x01\x05\0"                                                           \
    "gh"
#define JPEG_END "\xff\xd9"

/* A picture with all that cameras and programs write beside it. */
static GByteArray *camera_jpeg(void)
{
    GByteArray *bytes = g_byte_array_new();
    ADD(bytes, JPEG_HEAD JFIF EXIF XMP);
    ADD(bytes, "\xff\xed\0\x09"
               "IPTC!!!");
    ADD(bytes, "\xff\xfe\0\x09"
               "rahasia");
    ADD(bytes, "\xff\xe2\0\x06MPF\0");
    ADD(bytes, "\xff\xe2\0\x12ICC_PROFILE\0\x01\x01pp");
    ADD(bytes, "\xff\xff\xff\xee\0\x0e"
               "Adobe\0d\0\0\0\0\0");
    ADD(bytes, FRAME SCAN EXIF PROGRESSIVE_SCAN JPEG_END);
    ADD(bytes, "GPS behind the end");
    return bytes;
}

static GBytes *kept(const void *data, size_t size, ConsultFileType type)
{
    ConsultFile file = {0};
    assert_int_equal(consult_file_check(data, size, &file), CONSULT_FILE_OK);
    assert_int_equal(file.type, type);
    return file.bytes;
}

static bool holds(GBytes *bytes, const char *text)
{
    gsize size = 0;
    const char *data = g_bytes_get_data(bytes, &size);
    for (size_t i = 0; i + strlen(text) <= size; i++) {
        if (memcmp(data + i, text, strlen(text)) == 0)
            return true;
    }
    return false;
}

static void test_a_jpeg_keeps_what_draws_it(void **state)
{
    (void)state;
    g_autoptr(GByteArray) sent = camera_jpeg();
    g_autoptr(GBytes) bytes = kept(sent->data, sent->len, CONSULT_FILE_JPEG);
    static const char *const gone[] = {"Exif", "GPS", "IPTC", "rahasia", "MPF", "http:"};
    static const char *const there[] = {"JFIF", "ICC_PROFILE", "Adobe"};
    for (unsigned i = 0; i < G_N_ELEMENTS(gone); i++)
        assert_false(holds(bytes, gone[i]));
    for (unsigned i = 0; i < G_N_ELEMENTS(there); i++)
        assert_true(holds(bytes, there[i]));
    g_autoptr(GByteArray) expected = g_byte_array_new();
    ADD(expected, JPEG_HEAD JFIF "\xff\xe2\0\x12ICC_PROFILE\0\x01\x01pp");
    ADD(expected, "\xff\xee\0\x0e"
                  "Adobe\0d\0\0\0\0\0");
    ADD(expected, FRAME SCAN PROGRESSIVE_SCAN JPEG_END);
    gsize size = 0;
    const void *data = g_bytes_get_data(bytes, &size);
    assert_int_equal(size, expected->len);
    assert_memory_equal(data, expected->data, size);
    g_autoptr(GBytes) again = kept(data, size, CONSULT_FILE_JPEG);
    assert_true(g_bytes_equal(bytes, again));
}

static void add_chunk(GByteArray *bytes, const char *name, const char *content, size_t size)
{
    uint32_t length = GUINT32_TO_LE((uint32_t)size);
    add(bytes, name, 4);
    add(bytes, (const char *)&length, 4);
    add(bytes, content, size);
    if (size & 1)
        add(bytes, "", 1);
}

static GByteArray *webp(bool with_more)
{
    GByteArray *bytes = g_byte_array_new();
    ADD(bytes, "RIFF\0\0\0\0WEBP");
    add_chunk(bytes, "VP8X", with_more ? "\x2e\0\0\0\0\0\0\0\0\0" : "\x20\0\0\0\0\0\0\0\0\0", 10);
    add_chunk(bytes, "ICCP", "pp", 2);
    add_chunk(bytes, "VP8 ", "picture", 7);
    if (with_more) {
        add_chunk(bytes, "EXIF", "GPS", 3);
        add_chunk(bytes, "XMP ", "where", 5);
        add_chunk(bytes, "odd!", "x", 1);
    }
    uint32_t size = GUINT32_TO_LE(bytes->len - 8);
    memcpy(bytes->data + 4, &size, 4);
    return bytes;
}

static void test_a_webp_keeps_what_draws_it(void **state)
{
    (void)state;
    g_autoptr(GByteArray) sent = webp(true);
    g_autoptr(GByteArray) expected = webp(false);
    ADD(sent, "GPS behind the end");
    g_autoptr(GBytes) bytes = kept(sent->data, sent->len, CONSULT_FILE_WEBP);
    gsize size = 0;
    const void *data = g_bytes_get_data(bytes, &size);
    assert_int_equal(size, expected->len);
    assert_memory_equal(data, expected->data, size);
    g_autoptr(GBytes) again = kept(data, size, CONSULT_FILE_WEBP);
    assert_true(g_bytes_equal(bytes, again));
}

#define PDF "%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"

static void test_told_by_bytes(void **state)
{
    (void)state;
    const struct {
        const char *data;
        size_t size;
        ConsultFileFault fault;
    } rows[] = {
#define ROW(text, fault) {text, sizeof(text) - 1, fault}
        ROW("", CONSULT_FILE_UNKNOWN),
        ROW("\x89PNG\r\n\x1a\n", CONSULT_FILE_UNKNOWN),
        ROW("<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", CONSULT_FILE_UNKNOWN),
        ROW("<html>\xff\xd8\xff", CONSULT_FILE_UNKNOWN),
        ROW(" %PDF-1.4\n%%EOF\n........", CONSULT_FILE_UNKNOWN),
        ROW("RIFF\x04\0\0\0WAVE", CONSULT_FILE_UNKNOWN),
        ROW("MZ\x90\0", CONSULT_FILE_UNKNOWN),
        ROW(JPEG_HEAD "\xff", CONSULT_FILE_UNKNOWN),
        ROW(JPEG_HEAD JPEG_END, CONSULT_FILE_DAMAGED),
        ROW(JPEG_HEAD JFIF JPEG_END, CONSULT_FILE_DAMAGED),
        ROW(JPEG_HEAD FRAME SCAN, CONSULT_FILE_DAMAGED),
        ROW(JPEG_HEAD SCAN JPEG_END, CONSULT_FILE_DAMAGED),
        ROW(JPEG_HEAD "\xff\xe1\xff\xff"
                      "Exif",
            CONSULT_FILE_DAMAGED),
        ROW(JPEG_HEAD "\xff\xe1\0\x01" FRAME SCAN JPEG_END, CONSULT_FILE_DAMAGED),
        ROW(JPEG_HEAD FRAME "<script>" SCAN JPEG_END, CONSULT_FILE_DAMAGED),
        ROW(JPEG_HEAD FRAME SCAN JPEG_END, CONSULT_FILE_OK),
        ROW("RIFF\x04\0\0\0WEBP", CONSULT_FILE_DAMAGED),
        ROW("RIFF\xff\xff\xff\xffWEBPVP8 ", CONSULT_FILE_DAMAGED),
        ROW("RIFF\x10\0\0\0WEBPVP8 \xff\xff\xff\xff"
            "abcd",
            CONSULT_FILE_DAMAGED),
        ROW("%PDF-1.4\n1 0 obj\nendobj\n", CONSULT_FILE_DAMAGED),
        ROW("%PDF-x.4\n1 0 obj\nendobj\n%%EOF", CONSULT_FILE_DAMAGED),
        ROW(PDF, CONSULT_FILE_OK),
#undef ROW
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        ConsultFile file = {0};
        ConsultFileFault fault =
            consult_file_check((const uint8_t *)rows[i].data, rows[i].size, &file);
        if (fault != rows[i].fault)
            fail_msg("row %u: %d, not %d", i, (int)fault, (int)rows[i].fault);
        g_clear_pointer(&file.bytes, g_bytes_unref);
    }
}

static void test_a_pdf_stays_as_it_is(void **state)
{
    (void)state;
    g_autoptr(GBytes) bytes = kept(PDF, sizeof PDF - 1, CONSULT_FILE_PDF);
    gsize size = 0;
    const void *data = g_bytes_get_data(bytes, &size);
    assert_int_equal(size, sizeof PDF - 1);
    assert_memory_equal(data, PDF, size);
}

/* Filled up to SIZE with what its type allows. */
static GByteArray *filled(const char *head, size_t n_head, const char *end, size_t n_end,
                          size_t size)
{
    GByteArray *bytes = g_byte_array_new();
    add(bytes, head, n_head);
    g_byte_array_set_size(bytes, (guint)(size - n_end));
    memset(bytes->data + n_head, 'x', size - n_end - n_head);
    add(bytes, end, n_end);
    return bytes;
}

static void test_limits_of_size(void **state)
{
    (void)state;
    static const char picture[] = JPEG_HEAD FRAME SCAN, pdf[] = "%PDF-1.4\n";
    const struct {
        const char *head;
        size_t n_head;
        const char *end;
        size_t n_end, limit;
        ConsultFileType type;
    } rows[] = {
        {picture, sizeof picture - 1, JPEG_END, 2, CONSULT_PICTURE_BYTES, CONSULT_FILE_JPEG},
        {pdf, sizeof pdf - 1, "%%EOF", 5, CONSULT_PDF_BYTES, CONSULT_FILE_PDF},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        ConsultFile file = {0};
        g_autoptr(GByteArray) most =
            filled(rows[i].head, rows[i].n_head, rows[i].end, rows[i].n_end, rows[i].limit);
        g_autoptr(GByteArray) more =
            filled(rows[i].head, rows[i].n_head, rows[i].end, rows[i].n_end, rows[i].limit + 1);
        g_autoptr(GBytes) bytes = kept(most->data, most->len, rows[i].type);
        assert_int_equal(g_bytes_get_size(bytes), rows[i].limit);
        assert_int_equal(consult_file_check(more->data, more->len, &file), CONSULT_FILE_TOO_LARGE);
    }
}

/* Whatever a picture is cut or changed to: no crash, and what is kept has nothing beside it. */
static void test_cut_and_changed_anywhere(void **state)
{
    (void)state;
    g_autoptr(GByteArray) jpeg = camera_jpeg();
    g_autoptr(GByteArray) other = webp(true);
    const GByteArray *pictures[] = {jpeg, other};
    for (unsigned p = 0; p < G_N_ELEMENTS(pictures); p++) {
        const GByteArray *picture = pictures[p];
        for (guint n = 0; n < picture->len; n++) {
            /* A copy of that size, so that a read past the end is seen by the sanitizers. */
            g_autofree uint8_t *cut = g_memdup2(picture->data, MAX(n, 1));
            ConsultFile file = {0};
            if (consult_file_check(cut, n, &file) == CONSULT_FILE_OK) {
                assert_false(holds(file.bytes, "GPS"));
                g_bytes_unref(file.bytes);
            }
            g_autofree uint8_t *changed = g_memdup2(picture->data, picture->len);
            for (unsigned value = 0; value < 256; value++) {
                changed[n] = (uint8_t)value;
                if (consult_file_check(changed, picture->len, &file) != CONSULT_FILE_OK)
                    continue;
                gsize size = 0;
                const void *data = g_bytes_get_data(file.bytes, &size);
                assert_true(size <= picture->len);
                g_autoptr(GBytes) again = kept(data, size, file.type);
                assert_true(g_bytes_equal(file.bytes, again));
                g_bytes_unref(file.bytes);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_jpeg_keeps_what_draws_it),
        cmocka_unit_test(test_a_webp_keeps_what_draws_it),
        cmocka_unit_test(test_told_by_bytes),
        cmocka_unit_test(test_a_pdf_stays_as_it_is),
        cmocka_unit_test(test_limits_of_size),
        cmocka_unit_test(test_cut_and_changed_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
