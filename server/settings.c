// SPDX-License-Identifier: Apache-2.0
#include "server/settings.h"

#include <string.h>

const ConfigKey settings_keys[] = {
    {"http", "bind", CONFIG_TYPE_ADDRESSES, "0.0.0.0, ::", 0, 0, NULL,
     "Addresses on which HTTPS and WebSocket are served."},
    {"http", "port", CONFIG_TYPE_INT, "443", 0, 65535, NULL, "HTTPS port; 0 takes any free one."},
    {"http", "public_url", CONFIG_TYPE_STRING, NULL, 9, 200, NULL,
     "How people reach this server, without a slash at the end: https://telemedis.example.go.id"},
    {"http", "certificate", CONFIG_TYPE_PATH, NULL, 0, 0, NULL,
     "PEM file with the certificate chain; read again on SIGHUP."},
    {"http", "private_key", CONFIG_TYPE_SECRET_PATH, NULL, 0, 0, NULL,
     "PEM file with the private key; only its owner may read it."},
    {"http", "metrics_open", CONFIG_TYPE_BOOL, "false", 0, 0, NULL,
     "Serve /metrics to every address, not to loopback alone."},
    {"media", "bind", CONFIG_TYPE_ADDRESSES, "0.0.0.0", 0, 0, NULL,
     "Addresses on which media is received."},
    {"media", "public_address", CONFIG_TYPE_ADDRESSES, "", 0, 0, NULL,
     "Addresses that phones are told, when they differ from the bound ones (NAT, or bind "
     "0.0.0.0)."},
    {"media", "port", CONFIG_TYPE_INT, "8500", 0, 65535, NULL,
     "First UDP port; each worker takes one, consecutively. 0 takes any free ones."},
    {"media", "workers", CONFIG_TYPE_INT, "0", 0, 64, NULL, "Media threads; 0: one per core."},
    {"data", "database", CONFIG_TYPE_PATH, "/var/lib/huyula/huyula.db", 0, 0, NULL,
     "The database file; its folder must be writable."},
    {"data", "keys", CONFIG_TYPE_SECRET_PATH, "/etc/huyula/keys", 0, 0, NULL,
     "Keys that seal NIK and phone numbers. Back it up apart from the database."},
    {"clinic", "zone", CONFIG_TYPE_ZONE, "Asia/Makassar", 0, 0, NULL,
     "Time zone of the clinics' days and of the times that people see."},
    {"log", "level", CONFIG_TYPE_CHOICE, "info", 0, 0, "debug|info|warn|error",
     "How much is logged."},
    {"log", "format", CONFIG_TYPE_CHOICE, "text", 0, 0, "text|json", "Lines for people or JSON."},
    {0},
};

static void add_fault(GPtrArray *faults, const char *text)
{
    ConfigFault *fault = g_new0(ConfigFault, 1);
    fault->text = g_strdup(text);
    g_ptr_array_add(faults, fault);
}

static bool is_wildcard(const char *address)
{
    return strcmp(address, "0.0.0.0") == 0 || strcmp(address, "::") == 0;
}

bool settings_check(const Config *config, GPtrArray *faults)
{
    unsigned n_before = faults->len;
    const char *const *bound = config_addresses(config, "media", "bind");
    const char *const *public = config_addresses(config, "media", "public_address");
    if (!*bound)
        add_fault(faults, "media.bind: at least one address is needed");
    if (!*config_addresses(config, "http", "bind"))
        add_fault(faults, "http.bind: at least one address is needed");
    for (; *bound; bound++) {
        if (is_wildcard(*bound) && !*public) {
            add_fault(faults,
                      "media.public_address: needed when media.bind is 0.0.0.0 or ::, since "
                      "phones must be told a real address");
            break;
        }
    }
    for (; *public; public ++) {
        if (is_wildcard(*public))
            add_fault(faults, "media.public_address: 0.0.0.0 and :: cannot be reached");
    }
    const char *url = config_string(config, "http", "public_url");
    if (url && (!g_str_has_prefix(url, "https://") || g_str_has_suffix(url, "/") ||
                strpbrk(url + strlen("https://"), "/?# ")))
        add_fault(faults, "http.public_url: must be https://HOST or https://HOST:PORT");
    const char *certificate = config_string(config, "http", "certificate");
    if (certificate && !g_file_test(certificate, G_FILE_TEST_IS_REGULAR))
        add_fault(faults, "http.certificate: there is no such file");
    return faults->len == n_before;
}
