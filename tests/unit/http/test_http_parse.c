// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "server/http/http_internal.h"

static void test_paths(void **state)
{
    (void)state;
    static const char *const good[] = {"/", "/a", "/a/b", "/a/", "/v/a.b~c", "/kunjungan/é"};
    for (unsigned i = 0; i < G_N_ELEMENTS(good); i++)
        assert_true(http_path_is_sane(good[i], strlen(good[i])));
    static const char *const bad[] = {"",      "a",      "//a",   "/a//b", "/.",
                                      "/..",   "/a/.",   "/../a", "/a/..", "/a\\b",
                                      "/a\nb", "/a\x7f", "/\xff", "/a/./b"};
    for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++)
        assert_false(http_path_is_sane(bad[i], strlen(bad[i])));
    assert_false(http_path_is_sane("/a\0b", 4));
}

static void test_query(void **state)
{
    (void)state;
    char *name;
    char *value;
    assert_true(http_query_split("a=b=c", 5, &name, &value));
    assert_string_equal(name, "a");
    assert_string_equal(value, "b=c");
    g_free(name);
    g_free(value);
    assert_true(http_query_split("flag", 4, &name, &value));
    assert_string_equal(value, "");
    g_free(name);
    g_free(value);
    assert_false(http_query_split("=b", 2, &name, &value));
    assert_false(http_query_split("", 0, &name, &value));
    assert_false(http_query_split("a=\xff", 3, &name, &value));
    assert_false(http_query_split("a=\0b", 4, &name, &value));
    assert_false(http_query_split("a=b\n", 4, &name, &value));
}

static void expect_cookie(const char *header, const char *value)
{
    g_autofree char *found = http_cookie_find(header, "sid");
    if (value)
        assert_string_equal(found, value);
    else
        assert_null(found);
}

static void test_cookies(void **state)
{
    (void)state;
    expect_cookie("sid=1", "1");
    expect_cookie("a=b; sid=x=y; c=d", "x=y");
    expect_cookie("a=b;sid=1 ;", "1");
    expect_cookie("xsid=1; sid2=3", NULL);
    expect_cookie("sid", NULL);
    expect_cookie("", NULL);
    expect_cookie(NULL, NULL);
    expect_cookie("sid=", "");
}

static void test_languages(void **state)
{
    (void)state;
    HttpLanguage language;
    assert_true(http_language_parse("en-US,en;q=0.9,id;q=0.8", &language));
    assert_int_equal(language, HTTP_LANGUAGE_EN);
    assert_true(http_language_parse("fr, in-ID; q=0.2, en;q=0.1", &language));
    assert_int_equal(language, HTTP_LANGUAGE_ID);
    assert_false(http_language_parse("fr,de;q=0.5,ide,english", &language));
    assert_false(http_language_parse("en;q=0", &language));
    assert_false(http_language_parse("en;q=7", &language));
    assert_false(http_language_parse("", &language));
    assert_false(http_language_parse(NULL, &language));
}

static void test_small_ones(void **state)
{
    (void)state;
    assert_true(http_accepts_encoding("gzip, deflate, br", "br"));
    assert_true(http_accepts_encoding("br;q=0.5", "br"));
    assert_false(http_accepts_encoding("br;q=0, gzip", "br"));
    assert_false(http_accepts_encoding("brotli", "br"));
    assert_false(http_accepts_encoding(NULL, "br"));
    assert_true(http_origin_is_same("https://a.example:8443", "A.example:8443"));
    assert_false(http_origin_is_same("https://a.example:8444", "a.example:8443"));
    assert_false(http_origin_is_same("http://a.example", "a.example"));
    assert_false(http_origin_is_same("null", "a.example"));
    assert_true(http_host_is_sane("[::1]:8443"));
    assert_false(http_host_is_sane("a; script-src *"));
    assert_false(http_host_is_sane(""));
    uint64_t length;
    assert_true(http_content_length_parse("00012", &length));
    assert_int_equal(length, 12);
    static const char *const bad[] = {"", "-1", "+1", "1 ", "1,1", "0x1", "9999999999999999"};
    for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++)
        assert_false(http_content_length_parse(bad[i], &length));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paths), cmocka_unit_test(test_query), cmocka_unit_test(test_cookies),
        cmocka_unit_test(test_languages), cmocka_unit_test(test_small_ones)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
