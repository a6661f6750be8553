// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "server/base/error.h"
#include "server/http/http_problem.h"

static void test_table_is_complete(void **state)
{
    (void)state;
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    for (unsigned i = 0; i < HTTP_PROBLEM_COUNT; i++) {
        HttpProblem problem = (HttpProblem)i;
        assert_non_null(http_problem_name(problem));
        assert_true(g_hash_table_add(names, (gpointer)http_problem_name(problem)));
        assert_in_range(http_problem_status(problem), 400, 599);
        for (HttpLanguage l = HTTP_LANGUAGE_ID; l <= HTTP_LANGUAGE_EN; l++) {
            assert_true(strlen(http_problem_title(problem, l)) > 3);
            assert_true(strlen(http_problem_detail(problem, l)) > 10);
        }
        assert_string_not_equal(http_problem_detail(problem, HTTP_LANGUAGE_ID),
                                http_problem_detail(problem, HTTP_LANGUAGE_EN));
    }
}

/* Whose connection is used by many has nothing of their own to cancel. */
static void test_a_full_address_is_nobodys_appointments(void **state)
{
    (void)state;
    const HttpProblem full = HTTP_PROBLEM_ADDRESS_FULL;
    assert_null(strcasestr(http_problem_detail(full, HTTP_LANGUAGE_ID), "batal"));
    assert_null(strcasestr(http_problem_detail(full, HTTP_LANGUAGE_EN), "cancel"));
    assert_null(
        strstr(http_problem_detail(HTTP_PROBLEM_BOOKINGS_FULL, HTTP_LANGUAGE_EN), "internet"));
}

static void test_json(void **state)
{
    (void)state;
    g_autoptr(FaultList) faults = fault_list_new();
    fault_list_add(faults, "name", "too_short", "2..80");
    fault_list_add(faults, "x", "some_new_code", NULL);
    json_t *json = http_problem_json(HTTP_PROBLEM_INVALID_FIELDS, HTTP_LANGUAGE_EN, faults);
    assert_string_equal(json_string_value(json_object_get(json, "type")),
                        "/masalah/invalid-fields");
    assert_int_equal(json_integer_value(json_object_get(json, "status")), 422);
    json_t *errors = json_object_get(json, "errors");
    assert_int_equal(json_array_size(errors), 2);
    json_t *first = json_array_get(errors, 0);
    assert_string_equal(json_string_value(json_object_get(first, "field")), "name");
    assert_string_equal(json_string_value(json_object_get(first, "allowed")), "2..80");
    assert_string_equal(json_string_value(json_object_get(first, "message")),
                        "This is too short. 2 to 80 characters.");
    /* For a page that is switched meanwhile, or keeps it. */
    assert_string_equal(json_string_value(json_object_get(first, "lang")), "en");
    assert_string_equal(json_string_value(json_object_get(first, "also")),
                        "Isinya terlalu pendek. Panjangnya 2 sampai 80 huruf.");
    json_t *also = json_object_get(json, "also");
    assert_string_equal(json_string_value(json_object_get(also, "lang")), "id");
    assert_string_equal(json_string_value(json_object_get(also, "detail")),
                        http_problem_detail(HTTP_PROBLEM_INVALID_FIELDS, HTTP_LANGUAGE_ID));
    assert_string_equal(json_string_value(json_object_get(json_array_get(errors, 1), "message")),
                        "This is not right yet.");
    json_decref(json);
    json = http_problem_json(HTTP_PROBLEM_SLOT_TAKEN, HTTP_LANGUAGE_ID, NULL);
    assert_null(json_object_get(json, "errors"));
    assert_string_equal(json_string_value(json_object_get(json, "title")), "Waktu sudah diambil");
    json_decref(json);
}

/* Warnings and refusals outside of problems are told like those in them. */
static void test_faults(void **state)
{
    (void)state;
    g_autoptr(FaultList) faults = fault_list_new();
    fault_list_add(faults, "nik", "already_here", "A-3");
    fault_list_add(faults, "nik", "province_differs", NULL);
    json_t *list = http_faults_json(faults, HTTP_LANGUAGE_ID);
    assert_int_equal(json_array_size(list), 2);
    json_t *first = json_array_get(list, 0);
    assert_string_equal(json_string_value(json_object_get(first, "lang")), "id");
    assert_non_null(strstr(json_string_value(json_object_get(first, "message")), "nomor A-3"));
    assert_non_null(strstr(json_string_value(json_object_get(first, "also")), "number A-3"));
    assert_null(json_object_get(json_array_get(list, 1), "allowed"));
    json_decref(list);
    list = http_faults_json(NULL, HTTP_LANGUAGE_EN);
    assert_int_equal(json_array_size(list), 0);
    json_decref(list);
}

/* The earliest time is in the words themselves, in both languages; without it they are general. */
static void test_too_soon_names_the_time(void **state)
{
    (void)state;
    g_autoptr(FaultList) faults = fault_list_new();
    fault_list_add(faults, "starts_at_ms", "too_soon", "09.05 WITA");
    json_t *json = http_problem_json(HTTP_PROBLEM_TOO_SOON, HTTP_LANGUAGE_ID, faults);
    assert_string_equal(json_string_value(json_object_get(json, "detail")),
                        "Waktu itu sudah terlalu dekat. Paling awal yang bisa dipilih sekarang "
                        "pukul 09.05 WITA.");
    json_t *also = json_object_get(json, "also");
    assert_string_equal(json_string_value(json_object_get(also, "detail")),
                        "That time is too near by now. The earliest that can be chosen is 09.05 "
                        "WITA.");
    json_decref(json);
    json = http_problem_json(HTTP_PROBLEM_TOO_SOON, HTTP_LANGUAGE_EN, NULL);
    assert_string_equal(json_string_value(json_object_get(json, "detail")),
                        "That time is too near by now. Choose a later one.");
    json_decref(json);
}

static HttpProblem problem_of(GQuark domain, int code)
{
    g_autoptr(GError) error = g_error_new_literal(domain, code, "x");
    return http_problem_for_error(error);
}

static void test_mapping(void **state)
{
    (void)state;
    GQuark domain = g_quark_from_static_string("test-domain");
    assert_int_equal(problem_of(domain, 1), HTTP_PROBLEM_INTERNAL);
    http_problem_map(domain, 1, HTTP_PROBLEM_SLOT_TAKEN);
    http_problem_map(domain, 1, HTTP_PROBLEM_SLOT_TAKEN);
    assert_int_equal(problem_of(domain, 1), HTTP_PROBLEM_SLOT_TAKEN);
    assert_int_equal(problem_of(domain, 2), HTTP_PROBLEM_INTERNAL);
    assert_int_equal(problem_of(BASE_ERROR, BASE_ERROR_FULL), HTTP_PROBLEM_BUSY);
    assert_int_equal(problem_of(BASE_ERROR, BASE_ERROR_CLOSED), HTTP_PROBLEM_STOPPING);
    assert_int_equal(problem_of(BASE_ERROR, BASE_ERROR_STORAGE), HTTP_PROBLEM_STORAGE);
    assert_int_equal(http_problem_status(HTTP_PROBLEM_STORAGE), 507);
    assert_int_equal(problem_of(BASE_ERROR, BASE_ERROR_FAILED), HTTP_PROBLEM_INTERNAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table_is_complete),
        cmocka_unit_test(test_a_full_address_is_nobodys_appointments),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_too_soon_names_the_time),
        cmocka_unit_test(test_mapping)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
