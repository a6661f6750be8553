// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "server/http/http_internal.h"

static const HttpField item_fields[] = {
    {.name = "code", .type = HTTP_FIELD_STRING, .required = true, .max = 5},
    {0},
};
static const HttpField tag_field[] = {
    {.name = "", .type = HTTP_FIELD_STRING, .max = 3},
    {0},
};
static const HttpField fields[] = {
    {.name = "name", .type = HTTP_FIELD_STRING, .min = 2, .max = 5},
    {.name = "note", .type = HTTP_FIELD_TEXT, .max = 20},
    {.name = "n", .type = HTTP_FIELD_INTEGER, .min = 1, .max = 31},
    {.name = "free", .type = HTTP_FIELD_INTEGER},
    {.name = "yes", .type = HTTP_FIELD_BOOLEAN},
    {.name = "kind", .type = HTTP_FIELD_ENUM, .values = "one|two"},
    {.name = "date", .type = HTTP_FIELD_DATE},
    {.name = "time", .type = HTTP_FIELD_TIME},
    {.name = "id", .type = HTTP_FIELD_ID},
    {.name = "items", .type = HTTP_FIELD_LIST, .min = 1, .max = 2, .fields = item_fields},
    {.name = "tags", .type = HTTP_FIELD_LIST, .max = 2, .fields = tag_field},
    {.name = "item", .type = HTTP_FIELD_OBJECT, .fields = item_fields},
    {0},
};

/* EXPECTED: "field code" of the first fault, NULL: none. */
static void expect(const char *text, const char *expected)
{
    g_autoptr(FaultList) faults = fault_list_new();
    json_t *json = http_json_parse(text, strlen(text), faults);
    bool is_fine = json && http_json_check(json, fields, faults);
    json_decref(json);
    if (!expected) {
        if (!is_fine)
            fail_msg("%s: %s %s", text, fault_list_get(faults, 0)->field,
                     fault_list_get(faults, 0)->code);
        return;
    }
    assert_false(is_fine);
    const Fault *fault = fault_list_get(faults, 0);
    g_autofree char *got = g_strconcat(fault->field, " ", fault->code, NULL);
    assert_string_equal(got, expected);
}

static void test_schema(void **state)
{
    (void)state;
    expect("{}", NULL);
    expect("{\"name\":null}", NULL);
    expect("{\"name\":\"Siti\"}", NULL);
    expect("{\"name\":\"ééééé\"}", NULL);
    expect("{\"name\":\"S\"}", "name too_short");
    expect("{\"name\":\"Siti Aminah\"}", "name too_long");
    expect("{\"name\":\"a\\nb\"}", "name bad_characters");
    expect("{\"note\":\"a\\nb\\tc\"}", NULL);
    expect("{\"note\":\"a\\u0007\"}", "note bad_characters");
    expect("{\"name\":7}", "name not_a_string");
    expect("{\"n\":1}", NULL);
    expect("{\"n\":0}", "n too_small");
    expect("{\"n\":32}", "n too_large");
    expect("{\"n\":1.5}", "n not_a_number");
    expect("{\"n\":\"1\"}", "n not_a_number");
    expect("{\"free\":-9007199254740993}", NULL);
    expect("{\"yes\":true}", NULL);
    expect("{\"yes\":1}", "yes not_a_boolean");
    expect("{\"kind\":\"two\"}", NULL);
    expect("{\"kind\":\"three\"}", "kind not_allowed");
    expect("{\"kind\":\"\"}", "kind not_allowed");
    expect("{\"date\":\"2028-02-29\"}", NULL);
    expect("{\"date\":\"2027-02-29\"}", "date not_a_date");
    expect("{\"date\":\"2027-2-9\"}", "date not_a_date");
    expect("{\"time\":\"23:59\"}", NULL);
    expect("{\"time\":\"24:00\"}", "time not_a_time");
    expect("{\"time\":\"09:60\"}", "time not_a_time");
    expect("{\"id\":\"x\"}", "id not_an_id");
    expect("{\"items\":[{\"code\":\"a\"}]}", NULL);
    expect("{\"items\":[]}", "items too_few");
    expect("{\"items\":[{},{},{}]}", "items too_many");
    expect("{\"items\":[{\"code\":\"a\"},{}]}", "items[1].code required");
    expect("{\"items\":[7]}", "items[0] not_an_object");
    expect("{\"items\":{}}", "items not_a_list");
    expect("{\"tags\":[\"ab\",\"abcd\"]}", "tags[1] too_long");
    expect("{\"item\":{\"code\":\"a\",\"x\":1}}", "item.x unknown");
    expect("{\"item\":[]}", "item not_an_object");
    expect("{\"stranger\":1}", "stranger unknown");
}

static void test_parse(void **state)
{
    (void)state;
    expect("", " not_json");
    expect("[]", " not_json");
    expect("{\"a\":1} x", " not_json");
    expect("{\"a\":\"\\u0000\"}", " not_json");
    expect("{\"a\":1,\"a\":2}", " not_json");
    expect("{\"name\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"}", "name too_long");
    g_autofree char *deep = g_strnfill(50000, '[');
    expect(deep, " too_deep");
}

static void test_faults_are_bounded(void **state)
{
    (void)state;
    g_autoptr(GString) text = g_string_new("{");
    for (unsigned i = 0; i < 2000; i++)
        g_string_append_printf(text, "\"k%u\":1,", i);
    g_string_append(text, "\"end\":1}");
    g_autoptr(FaultList) faults = fault_list_new();
    json_t *json = http_json_parse(text->str, text->len, faults);
    assert_non_null(json);
    http_json_check(json, fields, faults);
    json_decref(json);
    assert_true(fault_list_length(faults) <= 32);
}

static void expect_query(const char *name, const char *value, const char *expected)
{
    g_autoptr(GHashTable) query = g_hash_table_new(g_str_hash, g_str_equal);
    g_hash_table_insert(query, (gpointer)name, (gpointer)value);
    g_autoptr(FaultList) faults = fault_list_new();
    bool is_fine = http_query_check(query, fields, faults);
    assert_int_equal(is_fine, expected == NULL);
    if (expected)
        assert_string_equal(fault_list_get(faults, 0)->code, expected);
}

static void test_query(void **state)
{
    (void)state;
    expect_query("n", "31", NULL);
    expect_query("n", "32", "too_large");
    expect_query("n", "1x", "not_a_number");
    expect_query("n", "", "not_a_number");
    expect_query("n", "99999999999999999999", "not_a_number");
    expect_query("free", "-3", NULL);
    expect_query("yes", "true", NULL);
    expect_query("yes", "1", "not_a_boolean");
    expect_query("date", "2026-11-24", NULL);
    expect_query("items", "x", "unknown");
    expect_query("lang", "en", NULL);
    expect_query("other", "en", "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_schema), cmocka_unit_test(test_parse),
                                       cmocka_unit_test(test_faults_are_bounded),
                                       cmocka_unit_test(test_query)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
