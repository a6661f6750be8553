// SPDX-License-Identifier: Apache-2.0
// Runs a fuzzer's entry point over every file of a corpus folder, so that each crash ever found is
// tried again in the plain test run. Fails when the folder is missing or empty.
#include <glib.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv)
{
    if (argc != 2) {
        (void)fprintf(stderr, "usage: %s CORPUS-DIRECTORY\n", argv[0]);
        return 2;
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) dir = g_dir_open(argv[1], 0, &error);
    if (!dir) {
        (void)fprintf(stderr, "%s\n", error->message);
        return 1;
    }
    unsigned n_files = 0;
    const char *name;
    while ((name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(argv[1], name, NULL);
        g_autofree char *text = NULL;
        gsize size = 0;
        if (!g_file_get_contents(path, &text, &size, &error)) {
            (void)fprintf(stderr, "%s\n", error->message);
            return 1;
        }
        /* An exact-size copy: reading one byte past the end is then seen by the sanitizer. */
        uint8_t *exact = malloc(size ? size : 1);
        g_assert(exact);
        memcpy(exact, text, size);
        (void)LLVMFuzzerTestOneInput(exact, size);
        free(exact);
        n_files++;
    }
    (void)printf("%u files replayed\n", n_files);
    return n_files ? 0 : 1;
}
