// SPDX-License-Identifier: Apache-2.0
/* Any bytes as a configuration file: each fault has a line that exists, or none, and a text. */
#include <string.h>

#include "server/base/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const ConfigKey keys[] = {
    {"server", "name", CONFIG_TYPE_STRING, "Klinik", 1, 10, NULL, "Name."},
    {"server", "port", CONFIG_TYPE_INT, "8443", 1, 65535, NULL, "Port."},
    {"server", "tls", CONFIG_TYPE_BOOL, "true", 0, 0, NULL, "TLS."},
    {"log", "format", CONFIG_TYPE_CHOICE, "text", 0, 0, "text|json", "Form."},
    {"data", "path", CONFIG_TYPE_PATH, "huyula.db", 0, 0, NULL, "Database."},
    {"media", "public_address", CONFIG_TYPE_ADDRESSES, "", 0, 0, NULL, "Addresses."},
    {"clinic", "zone", CONFIG_TYPE_ZONE, "Asia/Makassar", 0, 0, NULL, "Zone."},
    {NULL, NULL, CONFIG_TYPE_STRING, NULL, 0, 0, NULL, NULL},
};

static unsigned count_lines(const uint8_t *data, size_t size)
{
    unsigned n_lines = 1;
    for (size_t i = 0; i < size; i++)
        n_lines += data[i] == '\n';
    return n_lines;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(Config) config = config_new(keys);
    g_autoptr(GPtrArray) faults = config_faults_new();
    bool ok = config_load_text(config, (const char *)data, size, "/etc/huyula", faults);
    g_assert(ok == (faults->len == 0));
    unsigned n_lines = count_lines(data, size);
    for (unsigned i = 0; i < faults->len; i++) {
        const ConfigFault *fault = g_ptr_array_index(faults, i);
        g_assert(fault->line <= n_lines && *fault->text);
    }
    int64_t port = config_int(config, "server", "port");
    size_t n_bytes = strlen(config_string(config, "server", "name"));
    g_assert(port >= 1 && port <= 65535 && n_bytes >= 1 && n_bytes <= 10);
    return 0;
}
