// SPDX-License-Identifier: Apache-2.0
#include "server/settings.h"

#include "media/media.h"
#include "server/auth/auth.h"
#include "server/base/secret.h"
#include "server/ops/certificate.h"
#include "server/turn.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

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
     "First port, UDP and TCP; each worker takes one, consecutively. 0 takes any free ones."},
    {"media", "tcp", CONFIG_TYPE_BOOL, "true", 0, 0, NULL,
     "Take media over TCP too, on the same ports, from phones whose network lets no UDP through."},
    {"media", "workers", CONFIG_TYPE_INT, "0", 0, 64, NULL, "Media threads; 0: one per core."},
    {"turn", "urls", CONFIG_TYPE_STRING, "", 0, 1200, NULL,
     "TURN server for who gets no UDP through, up to 4 URLs: turns:turn.example.go.id:443"},
    {"turn", "secret", CONFIG_TYPE_SECRET_PATH, "", 0, 0, NULL,
     "File with the TURN server's static-auth-secret, on one line; only its owner may read it."},
    {"turn", "ttl_s", CONFIG_TYPE_INT, "3600", 300, 86400, NULL,
     "For how many seconds a participant's TURN credentials hold; renewed at half of it."},
    {"data", "database", CONFIG_TYPE_PATH, "/var/lib/huyula/huyula.db", 0, 0, NULL,
     "The database file; its folder must be writable."},
    {"data", "keys", CONFIG_TYPE_PATH, "/etc/huyula/keys", 0, 0, NULL,
     "Keys that seal NIK and phone numbers, made by 'huyula make-keys'; only its owner may read "
     "it. Back it up apart from the database."},
    {"letters", "sick", CONFIG_TYPE_BOOL, "false", 0, 0, NULL,
     "Let doctors certify sickness after a video call; contested, so ask the health office first. "
     "This and the clinics' minutes hold where no rule is set at /pengaturan."},
    {"clinic", "zone", CONFIG_TYPE_ZONE, "Asia/Makassar", 0, 0, NULL,
     "Time zone of the clinics' days and of the times that people see."},
    {"clinic", "late_minutes", CONFIG_TYPE_INT, "10", 0, 120, NULL,
     "Who comes so long after the booked time lets one other patient go first."},
    {"clinic", "move_until_minutes", CONFIG_TYPE_INT, "60", 0, 10080, NULL,
     "A patient may move a booking by the link until so long before its time."},
    {"clinic", "cancel_until_minutes", CONFIG_TYPE_INT, "60", 0, 10080, NULL,
     "And cancel it; 0: at any time. Who waits already may always leave."},
    {"clinic", "no_show_minutes", CONFIG_TYPE_INT, "15", 5, 240, NULL,
     "Who was called twice and has not answered so long after the booked time is given up."},
    {"clinic", "unanswered_minutes", CONFIG_TYPE_INT, "10", 1, 240, NULL,
     "A patient who waits, whose time has come and whom nobody calls for so long is shown to "
     "doctor "
     "and desk, and to the coordinator after as long again."},
    {"clinic", "unanswered_alone_minutes", CONFIG_TYPE_INT, "3", 1, 240, NULL,
     "The same while the doctor has no page open."},
    {"messages", "driver", CONFIG_TYPE_CHOICE, "log", 0, 0, "log|none",
     "Where messages to patients go: the file outbox.log beside the database (mode 0600; it holds "
     "numbers and links), or nowhere for now."},
    {"messages", "log_days", CONFIG_TYPE_INT, "30", 2, 365, NULL,
     "A line of outbox.log is deleted after so many days at the latest."},
    {"retention", "samples_days", CONFIG_TYPE_INT, "90", 30, 3650, NULL,
     "Technical figures of a call (bit rates, losses) are kept for so many days; its totals stay "
     "with the visit's record, which is never deleted."},
    {"retention", "links_days", CONFIG_TYPE_INT, "30", 7, 3650, NULL,
     "A link that has expired says so for so many days, and is unknown after."},
    {"retention", "jobs_days", CONFIG_TYPE_INT, "90", 7, 3650, NULL,
     "For how many days 'huyula jobs' shows what the periodic jobs did."},
    {"retention", "events_days", CONFIG_TYPE_INT, "90", 7, 3650, NULL,
     "An event for other systems that nobody has fetched is kept for so many days."},
    {"log", "level", CONFIG_TYPE_CHOICE, "info", 0, 0, "debug|info|warn|error",
     "How much is logged."},
    {"log", "format", CONFIG_TYPE_CHOICE, "text", 0, 0, "text|json", "Lines for people or JSON."},
    {0},
};

void settings_retention(const Config *config, RetentionTerms *ret_terms)
{
    *ret_terms = (RetentionTerms){
        .days =
            {
                [RETENTION_SAMPLES] = (int)config_int(config, "retention", "samples_days"),
                [RETENTION_LINKS] = (int)config_int(config, "retention", "links_days"),
                [RETENTION_RUNS] = (int)config_int(config, "retention", "jobs_days"),
                [RETENTION_EVENTS] = (int)config_int(config, "retention", "events_days"),
            },
        .forget_sessions = auth_session_forget,
    };
}

/* A value that has a fault already is not judged by its default, which stands in its place. */
static bool is_sound(const Config *config, const GPtrArray *faults, const char *section,
                     const char *key)
{
    unsigned line = config_line(config, section, key);
    for (unsigned i = 0; line > 0 && i < faults->len; i++) {
        const ConfigFault *fault = faults->pdata[i];
        if (fault->line == line)
            return false;
    }
    return true;
}

static bool is_wildcard(const char *address)
{
    return strcmp(address, "0.0.0.0") == 0 || strcmp(address, "::") == 0;
}

static void check_public_addresses(const Config *config, GPtrArray *faults)
{
    const char *const *public = config_addresses(config, "media", "public_address");
    const char *const *bound = config_addresses(config, "media", "bind");
    bool is_sound_here = is_sound(config, faults, "media", "public_address") &&
                         is_sound(config, faults, "media", "bind");
    for (; is_sound_here && !*public && *bound; bound++) {
        if (is_wildcard(*bound)) {
            config_add_fault(config, "media", "public_address",
                             g_strdup("needed when media.bind is 0.0.0.0 or ::, since phones must "
                                      "be told a real address"),
                             faults);
            return;
        }
    }
    for (; *public; public ++) {
        if (is_wildcard(*public)) {
            config_add_fault(config, "media", "public_address",
                             g_strdup("0.0.0.0 and :: cannot be reached"), faults);
            return;
        }
    }
}

static bool share_an_address(const Config *config)
{
    for (const char *const *a = config_addresses(config, "http", "bind"); *a; a++) {
        for (const char *const *b = config_addresses(config, "media", "bind"); *b; b++) {
            bool is_same_family = !strchr(*a, ':') == !strchr(*b, ':');
            if (strcmp(*a, *b) == 0 || (is_same_family && (is_wildcard(*a) || is_wildcard(*b))))
                return true;
        }
    }
    return false;
}

/* TCP has one owner of a port. */
static void check_shared_port(const Config *config, int64_t n_workers, GPtrArray *faults)
{
    int64_t port = config_int(config, "media", "port");
    int64_t http = config_int(config, "http", "port");
    if (config_bool(config, "media", "tcp") && http >= port && http < port + n_workers &&
        is_sound(config, faults, "http", "port") && is_sound(config, faults, "http", "bind") &&
        is_sound(config, faults, "media", "tcp") && share_an_address(config))
        config_add_fault(config, "media", "port",
                         g_strdup_printf("with %" G_GINT64_FORMAT
                                         " workers it takes http.port too; move one of them, or "
                                         "give up media.tcp",
                                         n_workers),
                         faults);
}

static void check_media_ports(const Config *config, GPtrArray *faults)
{
    int64_t port = config_int(config, "media", "port");
    int64_t n_workers = config_int(config, "media", "workers");
    if (n_workers == 0)
        n_workers = MIN(g_get_num_processors(), MEDIA_MAX_WORKERS);
    if (port == 0 || !is_sound(config, faults, "media", "port") ||
        !is_sound(config, faults, "media", "workers"))
        return;
    if (port + n_workers - 1 > UINT16_MAX)
        config_add_fault(config, "media", "port",
                         g_strdup_printf("%" G_GINT64_FORMAT " is too high for %" G_GINT64_FORMAT
                                         " workers, each with its port; at most %" G_GINT64_FORMAT,
                                         port, n_workers, UINT16_MAX + 1 - n_workers),
                         faults);
    else
        check_shared_port(config, n_workers, faults);
}

static void check_public_url(const Config *config, GPtrArray *faults)
{
    const char *url = config_string(config, "http", "public_url");
    if (url && (!g_str_has_prefix(url, "https://") || g_str_has_suffix(url, "/") ||
                strpbrk(url + strlen("https://"), "/?# ")))
        config_add_fault(config, "http", "public_url",
                         g_strdup("must be https://HOST or https://HOST:PORT"), faults);
}

static void check_certificate(const Config *config, GPtrArray *faults)
{
    const char *certificate = config_string(config, "http", "certificate");
    const char *key = config_string(config, "http", "private_key");
    g_autoptr(GError) error = NULL;
    if (!certificate)
        return;
    if (!certificate_check(certificate, &error))
        config_add_fault(config, "http", "certificate", g_strdup(error->message), faults);
    else if (key && !certificate_check_pair(certificate, key, &error))
        config_add_fault(config, "http", "private_key", g_strdup(error->message), faults);
}

/* Why the key file is of no use, with the way out: whose database is there already needs the keys
 * that it was written with. */
static char *keys_fault(const char *keys, const char *database, const GError *error)
{
    GStatBuf info;
    bool is_missing = g_stat(keys, &info) != 0 && errno == ENOENT;
    bool is_empty = !is_missing && S_ISREG(info.st_mode) && info.st_size == 0;
    if (!is_missing && !is_empty)
        return g_strdup(error->message);
    const char *what = is_missing ? "is missing" : "is empty";
    if (g_file_test(database, G_FILE_TEST_EXISTS))
        return g_strdup_printf("key file %s %s; the database is there already and needs its own "
                               "keys: bring back their copy",
                               keys, what);
    return g_strdup_printf("key file %s %s; %s'huyula make-keys --config FILE' makes it", keys,
                           what, is_empty ? "remove it, then " : "");
}

static void check_data(const Config *config, GPtrArray *faults)
{
    const char *database = config_string(config, "data", "database");
    g_autofree char *folder = g_path_get_dirname(database);
    const char *refused = NULL;
    if (!g_file_test(folder, G_FILE_TEST_IS_DIR))
        refused = "is not a folder that exists";
    else if (access(folder, W_OK | X_OK) != 0)
        refused = "is not writable";
    if (refused)
        config_add_fault(config, "data", "database", g_strdup_printf("%s %s", folder, refused),
                         faults);
    else if (g_file_test(database, G_FILE_TEST_EXISTS) && access(database, R_OK | W_OK) != 0)
        config_add_fault(config, "data", "database",
                         g_strdup_printf("%s is not writable", database), faults);

    if (!is_sound(config, faults, "data", "keys"))
        return;
    g_autoptr(GError) error = NULL;
    const char *keys = config_string(config, "data", "keys");
    g_autoptr(SecretBox) box = secret_box_load(keys, &error);
    if (!box)
        config_add_fault(config, "data", "keys", keys_fault(keys, database, error), faults);
}

static void check_turn(const Config *config, GPtrArray *faults)
{
    const char *urls = config_string(config, "turn", "urls");
    const char *secret = config_string(config, "turn", "secret");
    if (!is_sound(config, faults, "turn", "urls") || !is_sound(config, faults, "turn", "secret"))
        return;
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) list = *urls ? turn_urls_parse(urls, &error) : NULL;
    if (error)
        config_add_fault(config, "turn", "urls", g_strdup(error->message), faults);
    g_clear_error(&error);
    char *text = *secret ? turn_secret_load(secret, &error) : NULL;
    secret_text_free(text);
    if (error)
        config_add_fault(config, "turn", "secret", g_strdup(error->message), faults);
    else if (*urls && !*secret)
        config_add_fault(config, "turn", "secret", g_strdup("needed when turn.urls is given"),
                         faults);
    else if (*secret && !*urls)
        config_add_fault(config, "turn", "urls", g_strdup("needed when turn.secret is given"),
                         faults);
}

static void check_bound(const Config *config, const char *section, GPtrArray *faults)
{
    if (!*config_addresses(config, section, "bind"))
        config_add_fault(config, section, "bind", g_strdup("at least one address is needed"),
                         faults);
}

bool settings_check(const Config *config, GPtrArray *faults)
{
    unsigned n_before = faults->len;
    check_bound(config, "http", faults);
    check_bound(config, "media", faults);
    check_public_addresses(config, faults);
    check_media_ports(config, faults);
    check_public_url(config, faults);
    check_certificate(config, faults);
    check_data(config, faults);
    check_turn(config, faults);
    return faults->len == n_before;
}
