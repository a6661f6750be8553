// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/base/cmocka_all.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/base/error.h"
#include "server/base/secret.h"

/* A folder of its own for each test, removed with its one file. */
typedef struct {
    char *folder;
    char *path;
} Fixture;

static int set_up(void **state)
{
    Fixture *fixture = g_new0(Fixture, 1);
    fixture->folder = g_dir_make_tmp("huyula-secret-XXXXXX", NULL);
    fixture->path = g_build_filename(fixture->folder, "keys", NULL);
    *state = fixture;
    return fixture->folder ? 0 : -1;
}

static int tear_down(void **state)
{
    Fixture *fixture = *state;
    (void)unlink(fixture->path);
    (void)rmdir(fixture->folder);
    g_free(fixture->path);
    g_free(fixture->folder);
    g_free(fixture);
    return 0;
}

static void write_keys(const Fixture *fixture, const char *text)
{
    assert_true(
        g_file_set_contents_full(fixture->path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static void known_digest(void **state)
{
    (void)state;
    /* FIPS 180-4's example. */
    g_autofree char *abc = secret_sha256_hex("abc", 3);
    assert_string_equal(abc, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    g_autofree char *nothing = secret_sha256_hex(NULL, 0);
    assert_string_equal(nothing,
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void known_hmac_sha1(void **state)
{
    (void)state;
    /* RFC 2202, 3, test case 2. */
    static const uint8_t known[SECRET_SHA1_BYTES] = {0xef, 0xfc, 0xdf, 0x6a, 0xe5, 0xeb, 0x2f,
                                                     0xa2, 0xd2, 0x74, 0x16, 0xd5, 0xf1, 0x84,
                                                     0xdf, 0x9c, 0x25, 0x9a, 0x7c, 0x79};
    uint8_t digest[SECRET_SHA1_BYTES];
    secret_hmac_sha1("Jefe", "what do ya want for nothing?", digest);
    assert_memory_equal(digest, known, sizeof known);
}

static void comparison(void **state)
{
    (void)state;
    assert_true(secret_equal_text("token", "token"));
    assert_false(secret_equal_text("token", "tokem"));
    assert_false(secret_equal_text("token", "tokens"));
    assert_false(secret_equal_text(NULL, NULL));
    assert_false(secret_equal_text("", NULL));
    assert_true(secret_equal_text("", ""));
    assert_true(secret_equal("ab", "ab", 2));
    secret_text_free(NULL);
}

static void sealed_text_opens_in_its_context_only(void **state)
{
    (void)state;
    g_autoptr(SecretBox) box = secret_box_new_random();
    static const char *const texts[] = {"7501010101900001", "", "Nur Aini \xc3\xa9"};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *sealed = secret_box_seal(box, "patient.nik", texts[i]);
        g_autofree char *again = secret_box_seal(box, "patient.nik", texts[i]);
        assert_string_not_equal(sealed, again);
        g_autofree char *opened = secret_box_open(box, "patient.nik", sealed, NULL);
        assert_non_null(opened);
        assert_string_equal(opened, texts[i]);
        g_autoptr(GError) error = NULL;
        assert_null(secret_box_open(box, "patient.phone", sealed, &error));
        assert_true(g_error_matches(error, BASE_ERROR, BASE_ERROR_INVALID));
    }
}

static void changed_bytes_do_not_open(void **state)
{
    (void)state;
    g_autoptr(SecretBox) box = secret_box_new_random();
    g_autofree char *sealed = secret_box_seal(box, "c", "hello");
    gsize size = 0;
    g_autofree guchar *bytes = g_base64_decode(sealed, &size);
    for (gsize i = 0; i < size; i++) {
        bytes[i] ^= 1;
        g_autofree char *changed = g_base64_encode(bytes, size);
        g_autoptr(GError) error = NULL;
        assert_null(secret_box_open(box, "c", changed, &error));
        assert_true(g_error_matches(error, BASE_ERROR, BASE_ERROR_INVALID));
        bytes[i] ^= 1;
    }
    for (gsize n = 0; n < size; n++) {
        g_autofree char *cut = g_base64_encode(bytes, n);
        assert_null(secret_box_open(box, "c", cut, NULL));
    }
    assert_null(secret_box_open(box, "c", "", NULL));
    assert_null(secret_box_open(box, "c", "!!! not base64", NULL));
    g_autoptr(SecretBox) other = secret_box_new_random();
    assert_null(secret_box_open(other, "c", sealed, NULL));
}

static void index_depends_on_key_context_and_text(void **state)
{
    (void)state;
    g_autoptr(SecretBox) box = secret_box_new_random();
    g_autoptr(SecretBox) other = secret_box_new_random();
    g_autofree char *a = secret_box_index(box, "patient.nik", "750");
    g_autofree char *same = secret_box_index(box, "patient.nik", "750");
    g_autofree char *moved = secret_box_index(box, "patient.ni", "k750");
    g_autofree char *elsewhere = secret_box_index(other, "patient.nik", "750");
    assert_int_equal(strlen(a), 64);
    assert_string_equal(a, same);
    assert_string_not_equal(a, moved);
    assert_string_not_equal(a, elsewhere);
}

static void key_file_is_private_and_keeps_keys(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    assert_true(secret_box_create_file(fixture->path, &error));
    struct stat info;
    assert_int_equal(stat(fixture->path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    g_autoptr(SecretBox) first = secret_box_load(fixture->path, &error);
    g_autoptr(SecretBox) second = secret_box_load(fixture->path, &error);
    assert_non_null(first);
    assert_non_null(second);
    g_autofree char *sealed = secret_box_seal(first, "c", "text");
    g_autofree char *opened = secret_box_open(second, "c", sealed, &error);
    assert_string_equal(opened, "text");
    /* It never overwrites keys. */
    assert_false(secret_box_create_file(fixture->path, &error));
    assert_true(g_error_matches(error, BASE_ERROR, BASE_ERROR_CONFLICT));
}

static void key_file_that_others_may_read_is_refused(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    assert_true(secret_box_create_file(fixture->path, NULL));
    assert_int_equal(chmod(fixture->path, 0640), 0);
    assert_null(secret_box_load(fixture->path, &error));
    assert_true(g_error_matches(error, BASE_ERROR, BASE_ERROR_INVALID));
    g_clear_error(&error);
    assert_null(secret_box_load(fixture->folder, &error));
    g_clear_error(&error);
    assert_int_equal(unlink(fixture->path), 0);
    assert_null(secret_box_load(fixture->path, &error));
    assert_true(g_error_matches(error, BASE_ERROR, BASE_ERROR_FAILED));
}

#define KEY_A "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define KEY_B "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="

static void new_key_seals_and_old_key_opens(void **state)
{
    Fixture *fixture = *state;
    write_keys(fixture, "seal 1 " KEY_A "\nindex " KEY_B "\n");
    g_autoptr(SecretBox) old = secret_box_load(fixture->path, NULL);
    assert_non_null(old);
    g_autofree char *sealed = secret_box_seal(old, "c", "text");
    write_keys(fixture, "seal 1 " KEY_A "\nseal 2 " KEY_B "\nindex " KEY_B "\n");
    g_autoptr(SecretBox) rotated = secret_box_load(fixture->path, NULL);
    assert_non_null(rotated);
    g_autofree char *opened = secret_box_open(rotated, "c", sealed, NULL);
    assert_string_equal(opened, "text");
    g_autofree char *newer = secret_box_seal(rotated, "c", "text");
    assert_null(secret_box_open(old, "c", newer, NULL));
}

static void key_files_that_are_wrong(void **state)
{
    Fixture *fixture = *state;
    static const char *const bad[] = {
        "",
        "seal 1 " KEY_A "\n",
        "index " KEY_B "\n",
        "seal 0 " KEY_A "\nindex " KEY_B "\n",
        "seal 256 " KEY_A "\nindex " KEY_B "\n",
        "seal 1 " KEY_A "\nseal 1 " KEY_A "\nindex " KEY_B "\n",
        "seal 1 AAAA\nindex " KEY_B "\n",
        "seal 1\nindex " KEY_B "\n",
        "seal\nindex " KEY_B "\n",
        "seal 1 " KEY_A "\nindex " KEY_B "\nindex " KEY_B "\n",
        "seal 1 " KEY_A "\nindex " KEY_B "\nother " KEY_B "\n",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        write_keys(fixture, bad[i]);
        assert_null(secret_box_load(fixture->path, &error));
        assert_true(g_error_matches(error, BASE_ERROR, BASE_ERROR_INVALID));
        /* The message never shows a key. */
        assert_null(strstr(error->message, "AAAA"));
    }
    g_autofree char *large = g_strnfill(5000, '#');
    write_keys(fixture, large);
    assert_null(secret_box_load(fixture->path, NULL));
}

static void test_bytes_are_sealed(void **state)
{
    (void)state;
    g_autoptr(SecretBox) box = secret_box_new_random();
    const char data[] = "a\0b";
    g_autoptr(GBytes) sealed = secret_box_seal_bytes(box, "file 1", data, sizeof data);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) opened = secret_box_open_bytes(box, "file 1", sealed, &error);
    assert_non_null(opened);
    assert_int_equal(g_bytes_get_size(opened), sizeof data);
    assert_memory_equal(g_bytes_get_data(opened, NULL), data, sizeof data);
    assert_null(secret_box_open_bytes(box, "file 2", sealed, &error));
    assert_true(g_error_matches(error, BASE_ERROR, BASE_ERROR_INVALID));
    g_autoptr(GBytes) shorter = g_bytes_new_from_bytes(sealed, 0, 20);
    assert_null(secret_box_open_bytes(box, "file 1", shorter, NULL));
    g_autoptr(GBytes) empty = g_bytes_new(NULL, 0);
    assert_null(secret_box_open_bytes(box, "file 1", empty, NULL));
    g_autoptr(GBytes) nothing = secret_box_seal_bytes(box, "file 1", "", 0);
    g_autoptr(GBytes) still_nothing = secret_box_open_bytes(box, "file 1", nothing, NULL);
    assert_int_equal(g_bytes_get_size(still_nothing), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_digest),
        cmocka_unit_test(known_hmac_sha1),
        cmocka_unit_test(comparison),
        cmocka_unit_test(sealed_text_opens_in_its_context_only),
        cmocka_unit_test(changed_bytes_do_not_open),
        cmocka_unit_test(index_depends_on_key_context_and_text),
        cmocka_unit_test(test_bytes_are_sealed),
        cmocka_unit_test_setup_teardown(key_file_is_private_and_keeps_keys, set_up, tear_down),
        cmocka_unit_test_setup_teardown(key_file_that_others_may_read_is_refused, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(new_key_seals_and_old_key_opens, set_up, tear_down),
        cmocka_unit_test_setup_teardown(key_files_that_are_wrong, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
