// SPDX-License-Identifier: Apache-2.0
/* A body against a schema with every kind of field, and the problem that comes of it. */
#include "server/http/http_internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const HttpField item_fields[] = {
    {.name = "code", .type = HTTP_FIELD_STRING, .required = true, .max = 5},
    {0},
};
static const HttpField fields[] = {
    {.name = "name", .type = HTTP_FIELD_STRING, .min = 2, .max = 5},
    {.name = "note", .type = HTTP_FIELD_TEXT, .max = 20},
    {.name = "n", .type = HTTP_FIELD_INTEGER, .min = 1, .max = 31},
    {.name = "yes", .type = HTTP_FIELD_BOOLEAN},
    {.name = "kind", .type = HTTP_FIELD_ENUM, .values = "one|two"},
    {.name = "date", .type = HTTP_FIELD_DATE},
    {.name = "time", .type = HTTP_FIELD_TIME},
    {.name = "id", .type = HTTP_FIELD_ID},
    {.name = "items", .type = HTTP_FIELD_LIST, .max = 2, .fields = item_fields},
    {.name = "item", .type = HTTP_FIELD_OBJECT, .fields = item_fields},
    {0},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(FaultList) faults = fault_list_new();
    json_t *json = http_json_parse((const char *)data, size, faults);
    bool is_fine = json && http_json_check(json, fields, faults);
    g_assert(is_fine == (fault_list_length(faults) == 0));
    json_decref(json);
    json_t *problem = http_problem_json(HTTP_PROBLEM_INVALID_FIELDS, HTTP_LANGUAGE_ID, faults);
    char *text = json_dumps(problem, JSON_COMPACT);
    g_assert(text);
    free(text);
    json_decref(problem);
    return 0;
}
