// SPDX-License-Identifier: Apache-2.0
#include "server/base/config_private.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/stat.h>

void config_value_clear(ConfigValue *value)
{
    g_free(value->text);
    g_strfreev(value->addresses);
    *value = (ConfigValue){0};
}

static char *bounds_text(const ConfigKey *key)
{
    if (key->max != 0)
        return g_strdup_printf("%" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, key->min, key->max);
    return g_strdup_printf("%" G_GINT64_FORMAT " or more", key->min);
}

static bool in_bounds(const ConfigKey *key, int64_t n)
{
    return n >= key->min && (key->max == 0 || n <= key->max);
}

static char *parse_string(const ConfigKey *key, const char *text)
{
    size_t n_bytes = strlen(text);
    if (in_bounds(key, (int64_t)n_bytes))
        return NULL;
    g_autofree char *bounds = bounds_text(key);
    return g_strdup_printf("%" G_GSIZE_FORMAT " bytes long; %s are allowed", n_bytes, bounds);
}

static char *parse_int(const ConfigKey *key, const char *text, int64_t *ret_number)
{
    g_autofree char *bounds = bounds_text(key);
    gint64 n = 0;
    if (!g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, &n, NULL))
        return g_strdup_printf("\"%s\" is not a whole number; %s", text, bounds);
    if (!in_bounds(key, n))
        return g_strdup_printf("%s is not allowed; %s", text, bounds);
    *ret_number = n;
    return NULL;
}

static char *parse_bool(const char *text, int64_t *ret_number)
{
    if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
        return g_strdup_printf("\"%s\" is not allowed; true or false", text);
    *ret_number = strcmp(text, "true") == 0;
    return NULL;
}

static char *parse_choice(const ConfigKey *key, const char *text)
{
    g_auto(GStrv) choices = g_strsplit(key->choices, "|", -1);
    if (g_strv_contains((const char *const *)choices, text))
        return NULL;
    g_autofree char *list = g_strjoinv(", ", choices);
    return g_strdup_printf("\"%s\" is not allowed; one of %s", text, list);
}

static char *parse_addresses(const char *text, char ***ret_addresses)
{
    g_auto(GStrv) parts = g_strsplit(text, ",", -1);
    for (char **part = parts; *part; part++) {
        uint8_t bytes[sizeof(struct in6_addr)];
        (void)g_strstrip(*part);
        if (inet_pton(AF_INET, *part, bytes) != 1 && inet_pton(AF_INET6, *part, bytes) != 1)
            return g_strdup_printf("\"%s\" is not an IPv4 or IPv6 address", *part);
    }
    *ret_addresses = g_steal_pointer(&parts);
    return NULL;
}

/* GLib reads any file that the name leads to and complains loudly when it is no zone, so the name
 * is held to the form of the IANA database and the file to its first bytes (RFC 8536, 3.1). */
static bool is_zone_file(const char *name)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";
    if (*name == '/' || strspn(name, letters) != strlen(name))
        return false;
    const char *zone_folder = g_getenv("TZDIR");
    g_autofree char *path =
        g_build_filename(zone_folder ? zone_folder : "/usr/share/zoneinfo", name, NULL);
    FILE *file = fopen(path, "rbe");
    if (!file)
        return false;
    char magic[4];
    bool ok = fread(magic, 1, sizeof magic, file) == sizeof magic &&
              memcmp(magic, "TZif", sizeof magic) == 0;
    (void)fclose(file);
    return ok;
}

static char *parse_zone(const char *text)
{
    if (strcmp(text, "UTC") == 0 || is_zone_file(text)) {
        g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(text);
        if (zone)
            return NULL;
    }
    return g_strdup_printf("\"%s\" is not a known time zone", text);
}

static char *check_secret_file(const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return g_strdup_printf("cannot read %s: %s", path, g_strerror(errno));
    if (!S_ISREG(info.st_mode))
        return g_strdup_printf("%s is not a file", path);
    if ((info.st_mode & 077) != 0)
        return g_strdup_printf("others may read or write %s; chmod 600 it", path);
    return NULL;
}

static char *complete_path(const char *text, const char *folder)
{
    if (!folder || g_path_is_absolute(text))
        return g_strdup(text);
    return g_build_filename(folder, text, NULL);
}

static bool has_control_character(const char *text)
{
    for (const char *c = text; *c; c++) {
        if (g_ascii_iscntrl(*c))
            return true;
    }
    return false;
}

static char *parse_typed(const ConfigKey *key, const char *path, ConfigValue *value)
{
    const char *text = value->text;
    switch (key->type) {
    case CONFIG_TYPE_STRING:
        return parse_string(key, text);
    case CONFIG_TYPE_INT:
        return parse_int(key, text, &value->number);
    case CONFIG_TYPE_BOOL:
        return parse_bool(text, &value->number);
    case CONFIG_TYPE_CHOICE:
        return parse_choice(key, text);
    case CONFIG_TYPE_PATH:
        return NULL;
    case CONFIG_TYPE_SECRET_PATH:
        return check_secret_file(path);
    case CONFIG_TYPE_ADDRESSES:
        return parse_addresses(text, &value->addresses);
    case CONFIG_TYPE_ZONE:
        return parse_zone(text);
    }
    g_assert_not_reached();
}

char *config_value_parse(const ConfigKey *key, const char *text, const char *folder,
                         ConfigValue *ret_value)
{
    if (!g_utf8_validate(text, -1, NULL) || has_control_character(text))
        return g_strdup("must be UTF-8 text without control characters");
    bool is_path = key->type == CONFIG_TYPE_PATH || key->type == CONFIG_TYPE_SECRET_PATH;
    ConfigValue value = {.text = g_strdup(text)};
    if (*text == '\0' && key->type != CONFIG_TYPE_STRING) {
        if (!key->default_text || *key->default_text != '\0') {
            config_value_clear(&value);
            return g_strdup("must not be empty");
        }
        *ret_value = value;
        return NULL;
    }
    g_autofree char *path = is_path ? complete_path(text, folder) : NULL;
    char *fault = parse_typed(key, path, &value);
    if (fault) {
        config_value_clear(&value);
        return fault;
    }
    if (is_path) {
        g_free(value.text);
        value.text = g_steal_pointer(&path);
    }
    *ret_value = value;
    return NULL;
}
