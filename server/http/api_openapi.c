// SPDX-License-Identifier: Apache-2.0
#include "server/http/api_openapi.h"

#include <string.h>

static json_t *enum_json(const char *values)
{
    json_t *list = json_array();
    g_auto(GStrv) names = g_strsplit(values, "|", -1);
    for (char **name = names; *name; name++)
        json_array_append_new(list, json_string(*name));
    return list;
}

static void set_range(json_t *schema, const HttpField *field, const char *min_name,
                      const char *max_name)
{
    if (field->min)
        json_object_set_new(schema, min_name, json_integer(field->min));
    if (field->max)
        json_object_set_new(schema, max_name, json_integer(field->max));
}

static json_t *fields_schema(const HttpField *fields);

static json_t *field_schema(const HttpField *field)
{
    json_t *schema = json_object();
    const char *type = "string";
    switch (field->type) {
    case HTTP_FIELD_STRING:
    case HTTP_FIELD_TEXT:
        set_range(schema, field, "minLength", "maxLength");
        break;
    case HTTP_FIELD_INTEGER:
        type = "integer";
        set_range(schema, field, "minimum", "maximum");
        break;
    case HTTP_FIELD_BOOLEAN:
        type = "boolean";
        break;
    case HTTP_FIELD_ENUM:
        json_object_set_new(schema, "enum", enum_json(field->values));
        break;
    case HTTP_FIELD_DATE:
        json_object_set_new(schema, "format", json_string("date"));
        break;
    case HTTP_FIELD_TIME:
        json_object_set_new(schema, "pattern", json_string("^[0-2][0-9]:[0-5][0-9]$"));
        break;
    case HTTP_FIELD_ID:
        json_object_set_new(schema, "pattern", json_string("^[0-9a-hjkmnp-tv-z]{26}$"));
        break;
    case HTTP_FIELD_OBJECT:
        json_decref(schema);
        return fields_schema(field->fields);
    case HTTP_FIELD_LIST: {
        type = "array";
        set_range(schema, field, "minItems", "maxItems");
        bool is_plain = field->fields[0].name && !*field->fields[0].name;
        json_object_set_new(schema, "items",
                            is_plain ? field_schema(field->fields) : fields_schema(field->fields));
        break;
    }
    }
    json_object_set_new(schema, "type", json_string(type));
    if (field->help)
        json_object_set_new(schema, "description", json_string(field->help));
    return schema;
}

static json_t *fields_schema(const HttpField *fields)
{
    json_t *properties = json_object(), *required = json_array();
    for (; fields->name; fields++) {
        json_object_set_new(properties, fields->name, field_schema(fields));
        if (fields->required)
            json_array_append_new(required, json_string(fields->name));
    }
    json_t *schema = json_pack("{s:s, s:o, s:b}", "type", "object", "properties", properties,
                               "additionalProperties", 0);
    if (json_array_size(required))
        json_object_set(schema, "required", required);
    json_decref(required);
    return schema;
}

static json_t *parameters_json(const HttpRoute *route)
{
    json_t *list = json_array();
    g_auto(GStrv) segments = g_strsplit(route->path, "/", -1);
    for (char **segment = segments; *segment; segment++) {
        size_t length = strlen(*segment);
        if (**segment != '{')
            continue;
        g_autofree char *name = g_strndup(*segment + 1, length - 2);
        json_array_append_new(list, json_pack("{s:s, s:s, s:b, s:{s:s}}", "name", name, "in",
                                              "path", "required", 1, "schema", "type", "string"));
    }
    for (const HttpField *field = route->query; field && field->name; field++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:b, s:o}", "name", field->name, "in",
                                              "query", "required", field->required, "schema",
                                              field_schema(field)));
    return list;
}

static json_t *security_json(const HttpRoute *route)
{
    json_t *list = json_array();
    if (route->roles & (HTTP_ROLE_PATIENT_TOKEN | HTTP_ROLE_GUEST_TOKEN))
        json_array_append_new(list, json_pack("{s:[]}", "joinToken"));
    if (route->roles & HTTP_ROLE_CLIENT)
        json_array_append_new(list, json_pack("{s:[]}", "clientSecret"));
    if (route->roles & HTTP_ROLES_STAFF)
        json_array_append_new(list, json_pack("{s:[]}", "session"));
    if ((route->flags & HTTP_ROUTE_ANY_ORIGIN) && (route->roles & HTTP_ROLE_ANYONE))
        json_array_append_new(list, json_pack("{s:[]}", "joinToken"));
    return list;
}

static json_t *roles_json(unsigned roles)
{
    static const HttpRole all[] = {
        HTTP_ROLE_ANYONE,  HTTP_ROLE_PATIENT_TOKEN, HTTP_ROLE_DOCTOR,      HTTP_ROLE_DESK,
        HTTP_ROLE_OFFICE,  HTTP_ROLE_ADMIN,         HTTP_ROLE_GUEST_TOKEN, HTTP_ROLE_COORDINATOR,
        HTTP_ROLE_OFFICER, HTTP_ROLE_CLIENT};
    json_t *list = json_array();
    for (unsigned i = 0; i < G_N_ELEMENTS(all); i++) {
        if (roles & all[i])
            json_array_append_new(list, json_string(http_role_name(all[i])));
    }
    return list;
}

static json_t *operation_json(const HttpRoute *route)
{
    char status[12];
    (void)g_snprintf(status, sizeof status, "%u", route->success_status);
    json_t *problem =
        json_pack("{s:s, s:{s:{s:{s:s}}}}", "description", "A problem (RFC 9457)", "content",
                  "application/problem+json", "schema", "$ref", "#/components/schemas/Problem");
    json_t *operation =
        json_pack("{s:s, s:s, s:o, s:o, s:o, s:{s:{s:s}, s:o}}", "operationId", route->operation_id,
                  "summary", route->summary, "parameters", parameters_json(route), "security",
                  security_json(route), "x-roles", roles_json(route->roles), "responses", status,
                  "description", route->response, "default", problem);
    if (route->body)
        json_object_set_new(operation, "requestBody",
                            json_pack("{s:b, s:{s:{s:o}}}", "required", 1, "content",
                                      "application/json", "schema", fields_schema(route->body)));
    else if (route->body_type)
        json_object_set_new(operation, "requestBody",
                            json_pack("{s:b, s:{s:{s:{s:s}}}}", "required", 1, "content",
                                      route->body_type, "schema", "type", "string"));
    return operation;
}

static json_t *components_json(void)
{
    json_t *fault =
        json_pack("{s:s, s:{s:{s:s}, s:{s:s}, s:{s:s, s:b}, s:{s:s}, s:{s:s}, s:{s:s}}}", "type",
                  "object", "properties", "field", "type", "string", "code", "type", "string",
                  "allowed", "type", "string", "nullable", 1, "lang", "type", "string", "message",
                  "type", "string", "also", "type", "string");
    json_t *also =
        json_pack("{s:s, s:{s:{s:s}, s:{s:s}, s:{s:s}}}", "type", "object", "properties", "lang",
                  "type", "string", "title", "type", "string", "detail", "type", "string");
    json_t *problem = json_pack("{s:s, s:{s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s, s:o}, s:o}}",
                                "type", "object", "properties", "type", "type", "string", "title",
                                "type", "string", "status", "type", "integer", "detail", "type",
                                "string", "errors", "type", "array", "items", fault, "also", also);
    return json_pack("{s:{s:o}, s:{s:{s:s, s:s}, s:{s:s, s:s}, s:{s:s, s:s, s:s}}}", "schemas",
                     "Problem", problem, "securitySchemes", "joinToken", "type", "http", "scheme",
                     "bearer", "clientSecret", "type", "http", "scheme", "bearer", "session",
                     "type", "apiKey", "in", "cookie", "name", "__Host-session");
}

json_t *api_openapi(const HttpRouteTable *tables, unsigned n_tables)
{
    json_t *paths = json_object();
    for (unsigned i = 0; i < n_tables; i++) {
        for (unsigned j = 0; j < tables[i].n_routes; j++) {
            const HttpRoute *route = &tables[i].routes[j];
            json_t *path = json_object_get(paths, route->path);
            if (!path) {
                path = json_object();
                json_object_set_new(paths, route->path, path);
            }
            g_autofree char *method = g_ascii_strdown(route->method, -1);
            json_object_set_new(path, method, operation_json(route));
        }
    }
    return json_pack("{s:s, s:{s:s, s:s}, s:o, s:o}", "openapi", "3.0.3", "info", "title", "Huyula",
                     "version", HUYULA_VERSION, "paths", paths, "components", components_json());
}
