// SPDX-License-Identifier: Apache-2.0
#include "server/http/http_internal.h"

#include <string.h>
#include "server/base/ids.h"

enum { FAULTS_MAX = 32 };

/* A stranger's body can be wrong in thousands of places; the first ones are enough. */
static void add_fault(FaultList *faults, const char *field, const char *code, const char *allowed)
{
    if (fault_list_length(faults) < FAULTS_MAX)
        fault_list_add(faults, field, code, allowed);
}

/* jansson's own depth limit is far deeper, so nesting is counted before it sees the text. */
static bool depth_is_fine(const char *text, size_t size)
{
    unsigned depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > LIMIT_JSON_DEPTH)
                return false;
        } else if ((c == '}' || c == ']') && depth > 0) {
            depth--;
        }
    }
    return true;
}

json_t *http_json_parse(const char *text, size_t size, FaultList *faults)
{
    if (!depth_is_fine(text, size)) {
        add_fault(faults, "", "too_deep", NULL);
        return NULL;
    }
    json_t *json = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(json)) {
        json_decref(json);
        add_fault(faults, "", "not_json", NULL);
        return NULL;
    }
    return json;
}

static void fault_range(FaultList *faults, const char *name, const char *code,
                        const HttpField *field)
{
    g_autofree char *allowed =
        field->max
            ? g_strdup_printf("%" G_GINT64_FORMAT "..%" G_GINT64_FORMAT, field->min, field->max)
            : g_strdup_printf("%" G_GINT64_FORMAT "..", field->min);
    add_fault(faults, name, code, allowed);
}

static void check_text(const char *text, const HttpField *field, const char *name,
                       FaultList *faults)
{
    bool may_have_lines = field->type == HTTP_FIELD_TEXT;
    for (const char *c = text; *c; c = g_utf8_next_char(c)) {
        gunichar u = g_utf8_get_char(c);
        bool is_line = u == '\n' || u == '\r' || u == '\t';
        if (g_unichar_iscntrl(u) && !(may_have_lines && is_line)) {
            add_fault(faults, name, "bad_characters", NULL);
            return;
        }
    }
    int64_t length = g_utf8_strlen(text, -1);
    if (field->required && length == 0)
        add_fault(faults, name, "required", NULL);
    else if (length < field->min)
        fault_range(faults, name, "too_short", field);
    else if (field->max && length > field->max)
        fault_range(faults, name, "too_long", field);
}

static void check_number(int64_t number, const HttpField *field, const char *name,
                         FaultList *faults)
{
    bool is_bounded = field->min != 0 || field->max != 0;
    if (is_bounded && number < field->min)
        fault_range(faults, name, "too_small", field);
    else if (field->max && number > field->max)
        fault_range(faults, name, "too_large", field);
}

static void check_enum(const char *text, const HttpField *field, const char *name,
                       FaultList *faults)
{
    g_auto(GStrv) values = g_strsplit(field->values ? field->values : "", "|", -1);
    if (!*text || !g_strv_contains((const char *const *)values, text))
        add_fault(faults, name, "not_allowed", field->values);
}

static bool date_is_valid(const char *text)
{
    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-')
        return false;
    for (unsigned i = 0; i < 10; i++)
        if (i != 4 && i != 7 && !g_ascii_isdigit(text[i]))
            return false;
    GDateYear year = (GDateYear)g_ascii_strtoull(text, NULL, 10);
    GDateMonth month = (GDateMonth)g_ascii_strtoull(text + 5, NULL, 10);
    GDateDay day = (GDateDay)g_ascii_strtoull(text + 8, NULL, 10);
    return g_date_valid_dmy(day, month, year);
}

static bool time_is_valid(const char *text)
{
    if (strlen(text) != 5 || text[2] != ':' || !g_ascii_isdigit(text[0]) ||
        !g_ascii_isdigit(text[1]) || !g_ascii_isdigit(text[3]) || !g_ascii_isdigit(text[4]))
        return false;
    return (text[0] - '0') * 10 + text[1] - '0' < 24 && text[3] < '6';
}

/* Kinds whose value is a string, in JSON as in a query. */
static void check_string_kind(const char *text, const HttpField *field, const char *name,
                              FaultList *faults)
{
    switch (field->type) {
    case HTTP_FIELD_STRING:
    case HTTP_FIELD_TEXT:
        check_text(text, field, name, faults);
        break;
    case HTTP_FIELD_ENUM:
        check_enum(text, field, name, faults);
        break;
    case HTTP_FIELD_DATE:
        if (!date_is_valid(text))
            add_fault(faults, name, "not_a_date", "YYYY-MM-DD");
        break;
    case HTTP_FIELD_TIME:
        if (!time_is_valid(text))
            add_fault(faults, name, "not_a_time", "HH:MM");
        break;
    case HTTP_FIELD_ID:
        if (!id_is_valid(text))
            add_fault(faults, name, "not_an_id", NULL);
        break;
    case HTTP_FIELD_INTEGER:
    case HTTP_FIELD_BOOLEAN:
    case HTTP_FIELD_OBJECT:
    case HTTP_FIELD_LIST:
        g_assert_not_reached();
    }
}

static void check_object(const json_t *object, const HttpField *fields, const char *prefix,
                         FaultList *faults);
static void check_value(const json_t *value, const HttpField *field, const char *name,
                        FaultList *faults);

static void check_list(const json_t *list, const HttpField *field, const char *name,
                       FaultList *faults)
{
    int64_t n = (int64_t)json_array_size(list);
    if (n < field->min)
        fault_range(faults, name, "too_few", field);
    if (field->max && n > field->max) {
        fault_range(faults, name, "too_many", field);
        return;
    }
    bool is_plain = field->fields && field->fields[0].name && !*field->fields[0].name;
    size_t i;
    json_t *entry;
    json_array_foreach((json_t *)list, i, entry)
    {
        g_autofree char *entry_name = g_strdup_printf("%s[%zu]", name, i);
        if (is_plain)
            check_value(entry, &field->fields[0], entry_name, faults);
        else if (!json_is_object(entry))
            add_fault(faults, entry_name, "not_an_object", NULL);
        else
            check_object(entry, field->fields, entry_name, faults);
    }
}

static void check_value(const json_t *value, const HttpField *field, const char *name,
                        FaultList *faults)
{
    switch (field->type) {
    case HTTP_FIELD_INTEGER:
        if (!json_is_integer(value))
            add_fault(faults, name, "not_a_number", NULL);
        else
            check_number(json_integer_value(value), field, name, faults);
        break;
    case HTTP_FIELD_BOOLEAN:
        if (!json_is_boolean(value))
            add_fault(faults, name, "not_a_boolean", NULL);
        break;
    case HTTP_FIELD_OBJECT:
        if (!json_is_object(value))
            add_fault(faults, name, "not_an_object", NULL);
        else
            check_object(value, field->fields, name, faults);
        break;
    case HTTP_FIELD_LIST:
        if (!json_is_array(value))
            add_fault(faults, name, "not_a_list", NULL);
        else
            check_list(value, field, name, faults);
        break;
    case HTTP_FIELD_STRING:
    case HTTP_FIELD_TEXT:
    case HTTP_FIELD_ENUM:
    case HTTP_FIELD_DATE:
    case HTTP_FIELD_TIME:
    case HTTP_FIELD_ID:
        if (!json_is_string(value))
            add_fault(faults, name, "not_a_string", NULL);
        else
            check_string_kind(json_string_value(value), field, name, faults);
        break;
    }
}

static const HttpField *field_find(const HttpField *fields, const char *name)
{
    for (; fields && fields->name; fields++)
        if (strcmp(fields->name, name) == 0)
            return fields;
    return NULL;
}

static void check_object(const json_t *object, const HttpField *fields, const char *prefix,
                         FaultList *faults)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        /* A strange name comes from a stranger: it is not repeated at full length. */
        if (!field_find(fields, key)) {
            g_autofree char *name = g_strdup_printf("%s%s%.40s", prefix, *prefix ? "." : "", key);
            g_autofree char *valid = g_utf8_make_valid(name, -1);
            add_fault(faults, valid, "unknown", NULL);
        }
    }
    for (const HttpField *field = fields; field && field->name; field++) {
        g_autofree char *name = g_strconcat(prefix, *prefix ? "." : "", field->name, NULL);
        value = json_object_get(object, field->name);
        if (value && !json_is_null(value))
            check_value(value, field, name, faults);
        else if (field->required)
            add_fault(faults, name, "required", NULL);
    }
}

bool http_json_check(const json_t *object, const HttpField *fields, FaultList *faults)
{
    unsigned before = fault_list_length(faults);
    check_object(object, fields, "", faults);
    return fault_list_length(faults) == before;
}

static void check_query_value(const char *text, const HttpField *field, FaultList *faults)
{
    char *end = NULL;
    switch (field->type) {
    case HTTP_FIELD_INTEGER: {
        int64_t number = g_ascii_strtoll(text, &end, 10);
        bool starts_well = g_ascii_isdigit(*text) || (*text == '-' && g_ascii_isdigit(text[1]));
        if (!starts_well || *end || strlen(text) > 18)
            add_fault(faults, field->name, "not_a_number", NULL);
        else
            check_number(number, field, field->name, faults);
        break;
    }
    case HTTP_FIELD_BOOLEAN:
        if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
            add_fault(faults, field->name, "not_a_boolean", "true|false");
        break;
    case HTTP_FIELD_OBJECT:
    case HTTP_FIELD_LIST:
        add_fault(faults, field->name, "unknown", NULL);
        break;
    case HTTP_FIELD_STRING:
    case HTTP_FIELD_TEXT:
    case HTTP_FIELD_ENUM:
    case HTTP_FIELD_DATE:
    case HTTP_FIELD_TIME:
    case HTTP_FIELD_ID:
        check_string_kind(text, field, field->name, faults);
        break;
    }
}

bool http_query_check(GHashTable *query, const HttpField *fields, FaultList *faults)
{
    unsigned before = fault_list_length(faults);
    GHashTableIter iter;
    gpointer name;
    g_hash_table_iter_init(&iter, query);
    while (g_hash_table_iter_next(&iter, &name, NULL)) {
        if (strcmp(name, "lang") == 0 || field_find(fields, name))
            continue;
        g_autofree char *cut = g_strndup(name, 40);
        g_autofree char *valid = g_utf8_make_valid(cut, -1);
        add_fault(faults, valid, "unknown", NULL);
    }
    for (const HttpField *field = fields; field && field->name; field++) {
        const char *text = g_hash_table_lookup(query, field->name);
        if (text)
            check_query_value(text, field, faults);
        else if (field->required)
            add_fault(faults, field->name, "required", NULL);
    }
    return fault_list_length(faults) == before;
}
