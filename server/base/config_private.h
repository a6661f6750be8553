// SPDX-License-Identifier: Apache-2.0
/* What the two files of this unit share: one value of the table and its check. Only
 * server/base/config*.c. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include "server/base/config.h"

/** A value as read: text always, the others by type. */
typedef struct {
    char *text;
    int64_t number;   /**< INT; BOOL: 0 or 1 */
    char **addresses; /**< ADDRESSES, NULL-ended */
} ConfigValue;

void config_value_clear(ConfigValue *value);

/** Checks TEXT against KEY's type and bounds and fills *ret_value (cleared by the caller). A
 * relative path is completed with FOLDER unless that is NULL. On a fault returns a sentence without
 * subject
 * ("99999 is not allowed; 1024 to 65535"), which the caller frees, and leaves *ret_value alone. An
 * empty text is only looked at for a STRING: elsewhere it means "not used" and is allowed when the
 * key's default is empty too. */
char *config_value_parse(const ConfigKey *key, const char *text, const char *folder,
                         ConfigValue *ret_value);
