// SPDX-License-Identifier: Apache-2.0
/* Configuration: INI (GKeyFile syntax) held against one table of keys. The table makes the sample
 * file, --help-config and the checks. Read once at start; immutable afterwards, so any thread. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef enum {
    CONFIG_TYPE_STRING,
    CONFIG_TYPE_INT,
    CONFIG_TYPE_BOOL,
    CONFIG_TYPE_CHOICE,      /**< one of `choices`, separated by '|' */
    CONFIG_TYPE_PATH,        /**< may be relative to the configuration file's folder */
    CONFIG_TYPE_SECRET_PATH, /**< a file that exists and that only its owner may read */
    CONFIG_TYPE_ADDRESSES,   /**< IPv4 and IPv6 literals, separated by commas */
    CONFIG_TYPE_ZONE,        /**< IANA time zone */
} ConfigType;

typedef struct {
    const char *section;
    const char *key;
    ConfigType type;
    const char *default_text; /**< NULL: must be given */
    int64_t min;              /**< of an INT; of a STRING its shortest length in bytes */
    int64_t max;              /**< of an INT; of a STRING its longest; 0: no bound */
    const char *choices;
    const char *help; /**< one sentence for the sample file */
} ConfigKey;

typedef struct {
    unsigned line; /**< 1-based; 0 when the fault has no line (a key that is missing) */
    char *text;    /**< "line 12: media.port: 99999 is not allowed; 1024 to 65535" */
} ConfigFault;

typedef struct Config Config;

/** Defaults of KEYS (ends with a row whose section is NULL; it must outlive the Config). */
Config *config_new(const ConfigKey *keys);
void config_free(Config *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Config, config_free)

/** Reads PATH over what is there. Every fault is added to FAULTS (ConfigFault, freed by the array);
 * false when there was any. Unknown sections and keys and doubled keys are faults. */
bool config_load(Config *config, const char *path, GPtrArray *faults);
/** As config_load(), from SIZE bytes of TEXT; relative paths start at FOLDER (NULL: left as they
 * are).
 */
bool config_load_text(Config *config, const char *text, size_t size, const char *folder,
                      GPtrArray *faults);
/** Sets one value as a command-line option does; a fault is added to FAULTS. */
bool config_set(Config *config, const char *section, const char *key, const char *text,
                GPtrArray *faults);
/** Keys without default that nobody has set. */
bool config_check_complete(Config *config, GPtrArray *faults);
/** Adds a fault of a key's value that only shows together with others or with the disk: TEXT is a
 * sentence without subject, taken over. */
void config_add_fault(const Config *config, const char *section, const char *key, char *text,
                      GPtrArray *faults);
GPtrArray *config_faults_new(void);

/* Reading asks for keys of the table only: another name is a bug and asserts. */
const char *config_string(const Config *config, const char *section, const char *key);
int64_t config_int(const Config *config, const char *section, const char *key);
bool config_bool(const Config *config, const char *section, const char *key);
/** Addresses as a NULL-ended array, owned by the Config. */
const char *const *config_addresses(const Config *config, const char *section, const char *key);

/** The line of the file last read that gives the key, rightly or wrongly; 0: none does. */
unsigned config_line(const Config *config, const char *section, const char *key);

/** Writes a commented sample file of all keys with their defaults. */
void config_write_sample(const ConfigKey *keys, FILE *out);
