// SPDX-License-Identifier: Apache-2.0
#include "server/base/config.h"

#include <string.h>

#include "server/base/config_private.h"

enum { MAX_FILE_BYTES = 256 * 1024 };

typedef struct {
    ConfigValue value;
    bool is_set;          /* by a file or the command line */
    unsigned set_on_line; /* in the file that is being read; 0: not yet */
} ConfigSlot;

struct Config {
    const ConfigKey *keys;
    unsigned n_keys;
    ConfigSlot *slots; /* one for each key */
};

static void fault_free(gpointer data)
{
    ConfigFault *fault = data;
    g_free(fault->text);
    g_free(fault);
}

GPtrArray *config_faults_new(void)
{
    return g_ptr_array_new_with_free_func(fault_free);
}

/* Takes TEXT over. */
static void add_fault(GPtrArray *faults, unsigned line, char *text)
{
    ConfigFault *fault = g_new0(ConfigFault, 1);
    fault->line = line;
    fault->text = line > 0 ? g_strdup_printf("line %u: %s", line, text) : g_strdup(text);
    g_free(text);
    g_ptr_array_add(faults, fault);
}

/* A default is not held against the disk here: its file need not exist before it is used. */
static void set_default(const ConfigKey *key, const char *folder, ConfigSlot *slot)
{
    ConfigKey as_path = *key;
    if (key->type == CONFIG_TYPE_SECRET_PATH)
        as_path.type = CONFIG_TYPE_PATH;
    config_value_clear(&slot->value);
    g_autofree char *fault = config_value_parse(&as_path, key->default_text, folder, &slot->value);
    if (fault)
        g_error("default of %s.%s: %s", key->section, key->key, fault);
}

Config *config_new(const ConfigKey *keys)
{
    Config *config = g_new0(Config, 1);
    config->keys = keys;
    while (keys[config->n_keys].section)
        config->n_keys++;
    config->slots = g_new0(ConfigSlot, config->n_keys);
    for (unsigned i = 0; i < config->n_keys; i++) {
        if (keys[i].default_text)
            set_default(&keys[i], NULL, &config->slots[i]);
    }
    return config;
}

void config_free(Config *config)
{
    if (!config)
        return;
    for (unsigned i = 0; i < config->n_keys; i++)
        config_value_clear(&config->slots[i].value);
    g_free(config->slots);
    g_free(config);
}

/* Index of the key, or -1. */
static int find_key(const Config *config, const char *section, const char *key)
{
    for (unsigned i = 0; i < config->n_keys; i++) {
        if (strcmp(config->keys[i].section, section) == 0 && strcmp(config->keys[i].key, key) == 0)
            return (int)i;
    }
    return -1;
}

static bool section_is_known(const Config *config, const char *section)
{
    for (unsigned i = 0; i < config->n_keys; i++) {
        if (strcmp(config->keys[i].section, section) == 0)
            return true;
    }
    return false;
}

static bool set_value(Config *config, int index, const char *text, const char *folder,
                      char **ret_fault)
{
    const ConfigKey *key = &config->keys[index];
    ConfigValue value = {0};
    g_autofree char *fault = config_value_parse(key, text, folder, &value);
    if (fault) {
        *ret_fault = g_strdup_printf("%s.%s: %s", key->section, key->key, fault);
        return false;
    }
    ConfigSlot *slot = &config->slots[index];
    config_value_clear(&slot->value);
    slot->value = value;
    slot->is_set = true;
    return true;
}

bool config_set(Config *config, const char *section, const char *key, const char *text,
                GPtrArray *faults)
{
    int index = find_key(config, section, key);
    char *fault = NULL;
    if (index < 0)
        fault = g_strdup_printf("%s.%s: unknown key", section, key);
    else
        (void)set_value(config, index, text, NULL, &fault);
    if (fault)
        add_fault(faults, 0, fault);
    return !fault;
}

/* One reading of one file. */
typedef struct {
    Config *config;
    const char *folder;
    GPtrArray *faults;
    unsigned line;
    char *section; /* NULL before the first header and in an unknown one */
} Reading;

/* The escapes of GKeyFile: \s \n \t \r \\. NULL when there is another. */
static char *unescape(const char *text)
{
    g_autoptr(GString) plain = g_string_new(NULL);
    for (const char *c = text; *c; c++) {
        if (*c != '\\') {
            g_string_append_c(plain, *c);
            continue;
        }
        static const char letters[] = "sntr\\";
        static const char meanings[] = " \n\t\r\\";
        const char *letter = c[1] ? strchr(letters, c[1]) : NULL;
        if (!letter)
            return NULL;
        g_string_append_c(plain, meanings[letter - letters]);
        c++;
    }
    return g_string_free(g_steal_pointer(&plain), FALSE);
}

static void read_header(Reading *reading, const char *line, size_t size)
{
    g_clear_pointer(&reading->section, g_free);
    if (size < 3 || line[size - 1] != ']') {
        add_fault(reading->faults, reading->line, g_strdup("a section is written [name]"));
        return;
    }
    g_autofree char *section = g_strndup(line + 1, size - 2);
    if (section_is_known(reading->config, section))
        reading->section = g_steal_pointer(&section);
    else
        add_fault(reading->faults, reading->line,
                  g_strdup_printf("[%s]: unknown section", section));
}

static void read_value(Reading *reading, const char *key, const char *escaped)
{
    Config *config = reading->config;
    int index = find_key(config, reading->section, key);
    char *fault = NULL;
    g_autofree char *text = unescape(escaped);
    if (index < 0) {
        fault = g_strdup_printf("%s.%s: unknown key", reading->section, key);
    } else if (config->slots[index].set_on_line > 0) {
        fault = g_strdup_printf("%s.%s: given on line %u already", reading->section, key,
                                config->slots[index].set_on_line);
    } else {
        config->slots[index].set_on_line = reading->line;
        if (text)
            (void)set_value(config, index, text, reading->folder, &fault);
        else
            fault = g_strdup_printf("%s.%s: after \\ only s, n, t, r and \\ are allowed",
                                    reading->section, key);
    }
    if (fault)
        add_fault(reading->faults, reading->line, fault);
}

/* LINE is without its end and without white space around. Keys of an unknown section are passed
 * over: the section is the fault. */
static void read_line(Reading *reading, char *line, bool *seen_section)
{
    if (*line == '\0' || *line == '#')
        return;
    if (*line == '[') {
        read_header(reading, line, strlen(line));
        *seen_section = true;
        return;
    }
    char *equals = strchr(line, '=');
    if (!equals || equals == line) {
        add_fault(reading->faults, reading->line, g_strdup("neither key = value nor [section]"));
    } else if (!*seen_section) {
        add_fault(reading->faults, reading->line, g_strdup("a key before the first [section]"));
    } else if (reading->section) {
        *equals = '\0';
        read_value(reading, g_strchomp(line), g_strchug(equals + 1));
    }
}

static void complete_default_paths(Config *config, const char *folder)
{
    for (unsigned i = 0; i < config->n_keys; i++) {
        const ConfigKey *key = &config->keys[i];
        bool is_path = key->type == CONFIG_TYPE_PATH || key->type == CONFIG_TYPE_SECRET_PATH;
        if (is_path && key->default_text && !config->slots[i].is_set)
            set_default(key, folder, &config->slots[i]);
    }
}

bool config_load_text(Config *config, const char *text, size_t size, const char *folder,
                      GPtrArray *faults)
{
    unsigned n_faults_before = faults->len;
    if (size > MAX_FILE_BYTES) {
        add_fault(faults, 0, g_strdup_printf("larger than %d bytes", MAX_FILE_BYTES));
        return false;
    }
    for (unsigned i = 0; i < config->n_keys; i++)
        config->slots[i].set_on_line = 0;
    Reading reading = {.config = config, .folder = folder, .faults = faults};
    bool seen_section = false;
    const char *end = text + size;
    for (const char *start = text; start < end;) {
        const char *line_end = memchr(start, '\n', (size_t)(end - start));
        size_t n_bytes = (size_t)((line_end ? line_end : end) - start);
        reading.line++;
        g_autofree char *line = g_strndup(start, n_bytes);
        if (strlen(line) != n_bytes)
            add_fault(faults, reading.line, g_strdup("holds a zero byte"));
        else
            read_line(&reading, g_strstrip(line), &seen_section);
        start = line_end ? line_end + 1 : end;
    }
    g_free(reading.section);
    complete_default_paths(config, folder);
    return faults->len == n_faults_before;
}

bool config_load(Config *config, const char *path, GPtrArray *faults)
{
    g_autofree char *text = NULL;
    gsize size = 0;
    g_autoptr(GError) error = NULL;
    if (!g_file_get_contents(path, &text, &size, &error)) {
        add_fault(faults, 0, g_strdup(error->message));
        return false;
    }
    g_autofree char *absolute = g_canonicalize_filename(path, NULL);
    g_autofree char *folder = g_path_get_dirname(absolute);
    return config_load_text(config, text, size, folder, faults);
}

bool config_check_complete(Config *config, GPtrArray *faults)
{
    bool complete = true;
    for (unsigned i = 0; i < config->n_keys; i++) {
        const ConfigKey *key = &config->keys[i];
        if (key->default_text || config->slots[i].is_set)
            continue;
        add_fault(faults, 0, g_strdup_printf("%s.%s: must be given", key->section, key->key));
        complete = false;
    }
    return complete;
}

/* Asking for a key that the table does not have, or as another type, is a bug. */
static int find_own_key(const Config *config, const char *section, const char *key)
{
    int index = find_key(config, section, key);
    if (index < 0)
        g_error("configuration key %s.%s is not in the table", section, key);
    return index;
}

unsigned config_line(const Config *config, const char *section, const char *key)
{
    return config->slots[find_own_key(config, section, key)].set_on_line;
}

void config_add_fault(const Config *config, const char *section, const char *key, char *text,
                      GPtrArray *faults)
{
    add_fault(faults, config_line(config, section, key),
              g_strdup_printf("%s.%s: %s", section, key, text));
    g_free(text);
}

static const ConfigValue *get_value(const Config *config, const char *section, const char *key,
                                    ConfigType type)
{
    int index = find_own_key(config, section, key);
    ConfigType actual = config->keys[index].type;
    bool is_text = actual != CONFIG_TYPE_INT && actual != CONFIG_TYPE_BOOL;
    if (type == CONFIG_TYPE_STRING ? !is_text : actual != type)
        g_error("configuration key %s.%s is of another type", section, key);
    return &config->slots[index].value;
}

const char *config_string(const Config *config, const char *section, const char *key)
{
    return get_value(config, section, key, CONFIG_TYPE_STRING)->text;
}

int64_t config_int(const Config *config, const char *section, const char *key)
{
    return get_value(config, section, key, CONFIG_TYPE_INT)->number;
}

bool config_bool(const Config *config, const char *section, const char *key)
{
    return get_value(config, section, key, CONFIG_TYPE_BOOL)->number != 0;
}

const char *const *config_addresses(const Config *config, const char *section, const char *key)
{
    static const char *const none[] = {NULL};
    const ConfigValue *value = get_value(config, section, key, CONFIG_TYPE_ADDRESSES);
    return value->addresses ? (const char *const *)value->addresses : none;
}

static const char *type_text(ConfigType type)
{
    switch (type) {
    case CONFIG_TYPE_STRING:
        return "text";
    case CONFIG_TYPE_INT:
        return "whole number";
    case CONFIG_TYPE_BOOL:
        return "true or false";
    case CONFIG_TYPE_CHOICE:
        return "one of";
    case CONFIG_TYPE_PATH:
        return "path";
    case CONFIG_TYPE_SECRET_PATH:
        return "path of a file that only its owner may read";
    case CONFIG_TYPE_ADDRESSES:
        return "IPv4 and IPv6 addresses, separated by commas";
    case CONFIG_TYPE_ZONE:
        return "IANA time zone";
    }
    return "?";
}

static void write_sample_key(const ConfigKey *key, FILE *out)
{
    (void)fprintf(out, "\n# %s\n# (%s", key->help, type_text(key->type));
    if (key->type == CONFIG_TYPE_CHOICE)
        (void)fprintf(out, " %s", key->choices);
    if (key->type == CONFIG_TYPE_INT && key->max != 0)
        (void)fprintf(out, ", %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, key->min, key->max);
    if (key->default_text)
        (void)fprintf(out, ")\n#%s = %s\n", key->key, key->default_text);
    else
        (void)fprintf(out, "; must be given)\n%s =\n", key->key);
}

void config_write_sample(const ConfigKey *keys, FILE *out)
{
    const char *section = "";
    for (const ConfigKey *key = keys; key->section; key++) {
        if (strcmp(section, key->section) != 0) {
            (void)fprintf(out, "%s[%s]\n", key == keys ? "" : "\n", key->section);
            section = key->section;
        }
        write_sample_key(key, out);
    }
}
