// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/base/cmocka_all.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/base/config.h"

static const ConfigKey keys[] = {
    {"server", "name", CONFIG_TYPE_STRING, "Klinik", 1, 10, NULL, "The clinic's name."},
    {"server", "port", CONFIG_TYPE_INT, "8443", 1, 65535, NULL, "Port of the pages."},
    {"server", "tls", CONFIG_TYPE_BOOL, "true", 0, 0, NULL, "Serve with TLS."},
    {"server", "domain", CONFIG_TYPE_STRING, NULL, 1, 0, NULL, "The server's name on the net."},
    {"log", "format", CONFIG_TYPE_CHOICE, "text", 0, 0, "text|json", "Form of a log line."},
    {"data", "path", CONFIG_TYPE_PATH, "huyula.db", 0, 0, NULL, "The database."},
    {"data", "keys", CONFIG_TYPE_SECRET_PATH, "", 0, 0, NULL, "The key file."},
    {"media", "public_address", CONFIG_TYPE_ADDRESSES, "", 0, 0, NULL, "Reachable addresses."},
    {"clinic", "zone", CONFIG_TYPE_ZONE, "Asia/Makassar", 0, 0, NULL, "Where the clinic is."},
    {NULL, NULL, CONFIG_TYPE_STRING, NULL, 0, 0, NULL, NULL},
};

static bool load(Config *config, const char *text, GPtrArray *faults)
{
    return config_load_text(config, text, strlen(text), "/etc/huyula", faults);
}

static void defaults_without_a_file(void **state)
{
    (void)state;
    g_autoptr(Config) config = config_new(keys);
    assert_string_equal(config_string(config, "server", "name"), "Klinik");
    assert_int_equal(config_int(config, "server", "port"), 8443);
    assert_true(config_bool(config, "server", "tls"));
    assert_null(config_string(config, "server", "domain"));
    assert_string_equal(config_string(config, "data", "path"), "huyula.db");
    assert_string_equal(config_string(config, "data", "keys"), "");
    assert_null(config_addresses(config, "media", "public_address")[0]);
    assert_string_equal(config_string(config, "clinic", "zone"), "Asia/Makassar");
    g_autoptr(GPtrArray) faults = config_faults_new();
    assert_false(config_check_complete(config, faults));
    assert_int_equal(faults->len, 1);
    ConfigFault *fault = g_ptr_array_index(faults, 0);
    assert_int_equal(fault->line, 0);
    assert_string_equal(fault->text, "server.domain: must be given");
}

static void values_of_every_type(void **state)
{
    (void)state;
    g_autoptr(Config) config = config_new(keys);
    g_autoptr(GPtrArray) faults = config_faults_new();
    assert_true(load(config,
                     "# comment\n"
                     "[server]\n"
                     "  name = \\sAd\\\\a \r\n"
                     "port=443\n"
                     "tls = false\n"
                     "domain = klinik.example\n"
                     "\n"
                     "[log]\n"
                     "format = json\n"
                     "[media]\n"
                     "public_address = 192.0.2.1 , 2001:db8::1\n"
                     "[clinic]\n"
                     "zone = Asia/Jayapura\n"
                     "[data]\n"
                     "path = data/huyula.db",
                     faults));
    assert_int_equal(faults->len, 0);
    assert_string_equal(config_string(config, "server", "name"), " Ad\\a");
    assert_int_equal(config_int(config, "server", "port"), 443);
    assert_false(config_bool(config, "server", "tls"));
    assert_string_equal(config_string(config, "log", "format"), "json");
    const char *const *addresses = config_addresses(config, "media", "public_address");
    assert_string_equal(addresses[0], "192.0.2.1");
    assert_string_equal(addresses[1], "2001:db8::1");
    assert_null(addresses[2]);
    assert_string_equal(config_string(config, "data", "path"), "/etc/huyula/data/huyula.db");
    assert_string_equal(config_string(config, "clinic", "zone"), "Asia/Jayapura");
    assert_true(config_check_complete(config, faults));
}

static void default_paths_start_at_the_file(void **state)
{
    (void)state;
    g_autoptr(Config) config = config_new(keys);
    g_autoptr(GPtrArray) faults = config_faults_new();
    assert_true(load(config, "", faults));
    assert_string_equal(config_string(config, "data", "path"), "/etc/huyula/huyula.db");
    assert_string_equal(config_string(config, "data", "keys"), "");
}

static void every_fault_names_its_line(void **state)
{
    (void)state;
    static const char text[] = "port = 1\n"                    /* 1: no section */
                               "[server]\n"                    /* 2 */
                               "port = 99999\n"                /* 3: out of bounds */
                               "prot = 5\n"                    /* 4: unknown key */
                               "tls = yes\n"                   /* 5: no boolean */
                               "name = Klinik Sehat\n"         /* 6: too long */
                               "\n"                            /* 7 */
                               "[servr]\n"                     /* 8: unknown section */
                               "anything = 1\n"                /* 9: belongs to the fault above */
                               "[log]\n"                       /* 10 */
                               "format = xml\n"                /* 11: not a choice */
                               "format = json\n"               /* 12: doubled */
                               "what\n"                        /* 13: no assignment */
                               "[media]\n"                     /* 14 */
                               "public_address = 1.2.3, ::1\n" /* 15 */
                               "[clinic\n"                     /* 16: header not closed */
                               "[clinic]\n"                    /* 17 */
                               "zone = Asia/Gorontalo\n"       /* 18: unknown */
                               "[data]\n"                      /* 19 */
                               "path = a\\b\n"                 /* 20: escape */
                               "keys = /nonexistent/file\n";   /* 21 */
    static const struct {
        unsigned line;
        const char *text;
    } expected[] = {
        {1, "line 1: a key before the first [section]"},
        {3, "line 3: server.port: 99999 is not allowed; 1 to 65535"},
        {4, "line 4: server.prot: unknown key"},
        {5, "line 5: server.tls: \"yes\" is not allowed; true or false"},
        {6, "line 6: server.name: 12 bytes long; 1 to 10 are allowed"},
        {8, "line 8: [servr]: unknown section"},
        {11, "line 11: log.format: \"xml\" is not allowed; one of text, json"},
        {12, "line 12: log.format: given on line 11 already"},
        {13, "line 13: neither key = value nor [section]"},
        {15, "line 15: media.public_address: \"1.2.3\" is not an IPv4 or IPv6 address"},
        {16, "line 16: a section is written [name]"},
        {18, "line 18: clinic.zone: \"Asia/Gorontalo\" is not a known time zone"},
        {20, "line 20: data.path: after \\ only s, n, t, r and \\ are allowed"},
        {21, "line 21: data.keys: cannot read /nonexistent/file: No such file or directory"},
    };
    g_autoptr(Config) config = config_new(keys);
    g_autoptr(GPtrArray) faults = config_faults_new();
    assert_false(load(config, text, faults));
    for (unsigned i = 0; i < MIN(faults->len, G_N_ELEMENTS(expected)); i++) {
        ConfigFault *fault = g_ptr_array_index(faults, i);
        assert_string_equal(fault->text, expected[i].text);
        assert_int_equal(fault->line, expected[i].line);
    }
    assert_int_equal(faults->len, G_N_ELEMENTS(expected));
    /* What was wrong has left the defaults alone. */
    assert_int_equal(config_int(config, "server", "port"), 8443);
    assert_string_equal(config_string(config, "server", "name"), "Klinik");
}

static void assert_one_fault(const char *text, size_t size, const char *expected)
{
    g_autoptr(Config) config = config_new(keys);
    g_autoptr(GPtrArray) faults = config_faults_new();
    assert_false(config_load_text(config, text, size, NULL, faults));
    assert_int_equal(faults->len, 1);
    ConfigFault *fault = g_ptr_array_index(faults, 0);
    assert_string_equal(fault->text, expected);
}

#define ONE_FAULT(text, expected) assert_one_fault(text, sizeof(text) - 1, expected)

static void odd_bytes_and_empty_values(void **state)
{
    (void)state;
    ONE_FAULT("[server]\nname = a\0b\n", "line 2: holds a zero byte");
    ONE_FAULT("[server]\nname = \xff\n",
              "line 2: server.name: must be UTF-8 text without control characters");
    ONE_FAULT("[server]\nname = a\\nb\n",
              "line 2: server.name: must be UTF-8 text without control characters");
    ONE_FAULT("[server]\nport =\n", "line 2: server.port: must not be empty");
    ONE_FAULT("[server]\nname =\n", "line 2: server.name: 0 bytes long; 1 to 10 are allowed");
    ONE_FAULT("[server]\nport = 12x\n",
              "line 2: server.port: \"12x\" is not a whole number; 1 to 65535");
    ONE_FAULT("[server]\nname\\\n", "line 2: neither key = value nor [section]");
    g_autofree char *large = g_strnfill(307200, '\n');
    assert_one_fault(large, 307200, "larger than 262144 bytes");
}

static void zone_names_lead_to_zone_files_only(void **state)
{
    (void)state;
    g_autoptr(Config) config = config_new(keys);
    g_autoptr(GPtrArray) faults = config_faults_new();
    static const char *const good[] = {"UTC", "Asia/Makassar", "Etc/GMT+8"};
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++)
        assert_true(config_set(config, "clinic", "zone", good[i], faults));
    static const char *const bad[] = {"../../../etc/passwd", "/etc/passwd", "zone.tab",
                                      "leapseconds",         "Asia",        "Asia/Nowhere"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        assert_false(config_set(config, "clinic", "zone", bad[i], faults));
    assert_int_equal(faults->len, G_N_ELEMENTS(bad));
    assert_string_equal(config_string(config, "clinic", "zone"), "Etc/GMT+8");
}

static void command_line_value(void **state)
{
    (void)state;
    g_autoptr(Config) config = config_new(keys);
    g_autoptr(GPtrArray) faults = config_faults_new();
    assert_true(config_set(config, "server", "port", "9000", faults));
    assert_int_equal(config_int(config, "server", "port"), 9000);
    assert_true(config_set(config, "data", "path", "here.db", faults));
    assert_string_equal(config_string(config, "data", "path"), "here.db");
    assert_false(config_set(config, "server", "port", "0", faults));
    assert_false(config_set(config, "server", "colour", "0", faults));
    assert_int_equal(faults->len, 2);
    ConfigFault *fault = g_ptr_array_index(faults, 0);
    assert_string_equal(fault->text, "server.port: 0 is not allowed; 1 to 65535");
    assert_int_equal(config_int(config, "server", "port"), 9000);
}

static void secret_file_must_be_private(void **state)
{
    (void)state;
    g_autofree char *folder = g_dir_make_tmp("huyula-config-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(folder, "keys", NULL);
    g_autofree char *config_path = g_build_filename(folder, "huyula.conf", NULL);
    assert_true(g_file_set_contents(config_path, "[data]\nkeys = keys\n", -1, NULL));
    assert_true(g_file_set_contents(file, "secret", -1, NULL));
    g_autoptr(Config) config = config_new(keys);
    g_autoptr(GPtrArray) faults = config_faults_new();
    assert_int_equal(chmod(file, 0644), 0);
    assert_false(config_load(config, config_path, faults));
    ConfigFault *fault = g_ptr_array_index(faults, 0);
    assert_int_equal(fault->line, 2);
    assert_non_null(strstr(fault->text, "chmod 600"));
    assert_int_equal(chmod(file, 0600), 0);
    g_ptr_array_set_size(faults, 0);
    assert_true(config_load(config, config_path, faults));
    assert_string_equal(config_string(config, "data", "keys"), file);
    (void)unlink(file);
    (void)unlink(config_path);
    assert_false(config_load(config, config_path, faults));
    assert_int_equal(faults->len, 1);
    (void)rmdir(folder);
}

static void lines_of_values_and_of_their_faults(void **state)
{
    (void)state;
    g_autoptr(Config) config = config_new(keys);
    g_autoptr(GPtrArray) faults = config_faults_new();
    assert_int_equal(config_line(config, "server", "port"), 0);
    assert_false(load(config, "[server]\nname = Klinik\nport = x\n", faults));
    assert_int_equal(config_line(config, "server", "name"), 2);
    assert_int_equal(config_line(config, "server", "port"), 3); /* wrong, but given there */
    assert_int_equal(config_line(config, "log", "format"), 0);
    config_add_fault(config, "server", "name", g_strdup("is taken"), faults);
    config_add_fault(config, "log", "format", g_strdup("does not fit"), faults);
    assert_int_equal(faults->len, 3);
    ConfigFault *fault = g_ptr_array_index(faults, 1);
    assert_int_equal(fault->line, 2);
    assert_string_equal(fault->text, "line 2: server.name: is taken");
    fault = g_ptr_array_index(faults, 2);
    assert_int_equal(fault->line, 0);
    assert_string_equal(fault->text, "log.format: does not fit");
}

static char *sample_text(void)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    config_write_sample(keys, out);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void sample_holds_every_key_and_is_readable(void **state)
{
    (void)state;
    char *sample = sample_text();
    for (const ConfigKey *key = keys; key->section; key++)
        assert_non_null(strstr(sample, key->help));
    assert_non_null(strstr(sample, "#port = 8443\n"));
    assert_non_null(strstr(sample, "one of text|json"));
    /* Only what must be given is open; with every "#key" taken in, nothing else is wrong. */
    g_autoptr(GRegex) comment = g_regex_new("^#(?=[a-z_]+ = )", G_REGEX_MULTILINE, 0, NULL);
    g_autofree char *filled = g_regex_replace_literal(comment, sample, -1, 0, "", 0, NULL);
    g_autoptr(Config) config = config_new(keys);
    g_autoptr(GPtrArray) faults = config_faults_new();
    assert_false(load(config, filled, faults));
    assert_int_equal(faults->len, 1);
    ConfigFault *fault = g_ptr_array_index(faults, 0);
    assert_non_null(strstr(fault->text, "server.domain"));
    free(sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_without_a_file),
        cmocka_unit_test(values_of_every_type),
        cmocka_unit_test(default_paths_start_at_the_file),
        cmocka_unit_test(every_fault_names_its_line),
        cmocka_unit_test(odd_bytes_and_empty_values),
        cmocka_unit_test(zone_names_lead_to_zone_files_only),
        cmocka_unit_test(command_line_value),
        cmocka_unit_test(secret_file_must_be_private),
        cmocka_unit_test(lines_of_values_and_of_their_faults),
        cmocka_unit_test(sample_holds_every_key_and_is_readable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
