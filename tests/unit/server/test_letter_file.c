// SPDX-License-Identifier: Apache-2.0
#include "server/letter/letter_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "server/base/error.h"

static const char id[] = "01hzzzzzzzzzzzzzzzzzzzzzzz";
static const char other_id[] = "01hzzzzzzzzzzzzzzzzzzzzzzy";

typedef struct {
    SecretBox *box;
    char *parent, *folder, *path, *sha256;
    GBytes *pdf;
} Shelf;

static int set_up(void **state)
{
    Shelf *shelf = g_new0(Shelf, 1);
    g_autoptr(GError) error = NULL;
    shelf->box = secret_box_new_random();
    shelf->parent = g_dir_make_tmp("huyula-letter-XXXXXX", NULL);
    shelf->folder = g_build_filename(shelf->parent, "letters", NULL);
    g_autofree char *name = g_strconcat(id, ".sealed", NULL);
    shelf->path = g_build_filename(shelf->folder, name, NULL);
    shelf->pdf = g_bytes_new("%PDF-1.5 isi surat", 18);
    if (!letter_file_write(shelf->box, shelf->folder, id, shelf->pdf, &shelf->sha256, &error))
        return -1;
    *state = shelf;
    return 0;
}

static int tear_down(void **state)
{
    Shelf *shelf = *state;
    GDir *dir = g_dir_open(shelf->folder, 0, NULL);
    const char *name;
    while ((name = g_dir_read_name(dir))) {
        g_autofree char *file = g_build_filename(shelf->folder, name, NULL);
        g_unlink(file);
    }
    g_dir_close(dir);
    g_rmdir(shelf->folder);
    g_rmdir(shelf->parent);
    secret_box_free(shelf->box);
    g_bytes_unref(shelf->pdf);
    g_free(shelf->parent);
    g_free(shelf->folder);
    g_free(shelf->path);
    g_free(shelf->sha256);
    g_free(shelf);
    return 0;
}

static GBytes *read_back(Shelf *shelf, const char *letter_id, int *ret_code)
{
    g_autoptr(GError) error = NULL;
    GBytes *pdf = letter_file_read(shelf->box, shelf->folder, letter_id, shelf->sha256, &error);
    *ret_code = error ? error->code : -1;
    return pdf;
}

static void test_read_back(void **state)
{
    Shelf *shelf = *state;
    int code;
    g_autoptr(GBytes) pdf = read_back(shelf, id, &code);
    assert_non_null(pdf);
    assert_true(g_bytes_equal(pdf, shelf->pdf));
    struct stat info;
    assert_int_equal(stat(shelf->path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(stat(shelf->folder, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
    g_autofree char *bytes = NULL;
    gsize size = 0;
    assert_true(g_file_get_contents(shelf->path, &bytes, &size, NULL));
    assert_null(memmem(bytes, size, "surat", 5));
}

/* Each of the file's bytes, and one too few or many. */
static void test_a_flipped_byte_shows(void **state)
{
    Shelf *shelf = *state;
    g_autofree char *bytes = NULL;
    gsize size = 0;
    int code;
    assert_true(g_file_get_contents(shelf->path, &bytes, &size, NULL));
    for (gsize i = 0; i < size; i++) {
        bytes[i] ^= 1;
        assert_true(g_file_set_contents(shelf->path, bytes, (gssize)size, NULL));
        assert_null(read_back(shelf, id, &code));
        assert_int_equal(code, BASE_ERROR_INVALID);
        bytes[i] ^= 1;
    }
    assert_true(g_file_set_contents(shelf->path, bytes, (gssize)size - 1, NULL));
    assert_null(read_back(shelf, id, &code));
    assert_true(g_file_set_contents(shelf->path, bytes, 0, NULL));
    assert_null(read_back(shelf, id, &code));
    assert_int_equal(code, BASE_ERROR_INVALID);
    assert_int_equal(g_unlink(shelf->path), 0);
    assert_null(read_back(shelf, id, &code));
    assert_int_equal(code, BASE_ERROR_FAILED);
}

static void test_another_letters_file_shows(void **state)
{
    Shelf *shelf = *state;
    g_autofree char *bytes = NULL;
    gsize size = 0;
    int code;
    g_autofree char *name = g_strconcat(other_id, ".sealed", NULL);
    g_autofree char *other = g_build_filename(shelf->folder, name, NULL);
    assert_true(g_file_get_contents(shelf->path, &bytes, &size, NULL));
    assert_true(g_file_set_contents(other, bytes, (gssize)size, NULL));
    assert_null(read_back(shelf, other_id, &code));
    assert_int_equal(code, BASE_ERROR_INVALID);
}

static void test_the_first_file_stays(void **state)
{
    Shelf *shelf = *state;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) second = g_bytes_new("%PDF-1.5 lain", 13);
    g_autofree char *sha256 = NULL;
    assert_true(letter_file_write(shelf->box, shelf->folder, id, second, &sha256, &error));
    assert_string_equal(sha256, shelf->sha256);
    int code;
    g_autoptr(GBytes) pdf = read_back(shelf, id, &code);
    assert_true(g_bytes_equal(pdf, shelf->pdf));
    /* Nothing is left beside it. */
    g_autoptr(GDir) dir = g_dir_open(shelf->folder, 0, NULL);
    assert_non_null(g_dir_read_name(dir));
    assert_null(g_dir_read_name(dir));
}

#define FILE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FILE_TEST(test_read_back),
        FILE_TEST(test_a_flipped_byte_shows),
        FILE_TEST(test_another_letters_file_shows),
        FILE_TEST(test_the_first_file_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
