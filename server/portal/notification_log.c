// SPDX-License-Identifier: Apache-2.0
#include "server/portal/notification_log.h"

#include "server/base/error.h"
#include "server/base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char line_start[] = "{\"key\":\"";
static const char time_start[] = "\"at_ms\":";
enum { KEY_CHARS = 26, TAIL_BYTES = 4096, HEAD_BYTES = 256 };

static void fail(Delivery *delivery, const char *what)
{
    g_free(delivery->failure);
    delivery->failure = g_strdup_printf("log: %s: %s", what, g_strerror(errno));
}

static void fail_all(GPtrArray *deliveries, const char *what)
{
    for (unsigned i = 0; i < deliveries->len; i++)
        fail(deliveries->pdata[i], what);
}

/* The keys of the whole lines of PATH go into KEYS. No such file has none. */
static bool read_keys(const char *path, GHashTable *keys)
{
    FILE *file = fopen(path, "re");
    char *line = NULL;
    size_t capacity = 0;
    ssize_t size;
    if (!file)
        return errno == ENOENT;
    while ((size = getline(&line, &capacity, file)) > 0) {
        if ((size_t)size > sizeof line_start + KEY_CHARS && line[size - 1] == '\n' &&
            g_str_has_prefix(line, line_start))
            g_hash_table_add(keys, g_strndup(line + strlen(line_start), KEY_CHARS));
    }
    bool ok = !ferror(file);
    if (line)
        secret_wipe(line, capacity);
    free(line);
    (void)fclose(file);
    return ok;
}

static bool has_retries(const GPtrArray *deliveries)
{
    for (unsigned i = 0; i < deliveries->len; i++) {
        const Delivery *delivery = deliveries->pdata[i];
        if (delivery->attempt > 1)
            return true;
    }
    return false;
}

/* What was handed over before, as far as somebody may ask: of who comes for the first time it is
 * known. NULL when the file cannot be read. */
static GHashTable *known_keys(const char *path, const char *aside, const GPtrArray *deliveries)
{
    GHashTable *keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!has_retries(deliveries) || (read_keys(aside, keys) && read_keys(path, keys)))
        return keys;
    g_hash_table_unref(keys);
    return NULL;
}

static bool sync_folder(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        (void)close(fd);
    return ok;
}

/* A line that a crash or a full disk has cut short goes. */
static bool cut_torn_line(int fd, off_t size)
{
    char tail[TAIL_BYTES];
    off_t from = size > TAIL_BYTES ? size - TAIL_BYTES : 0;
    ssize_t n = pread(fd, tail, (size_t)(size - from), from);
    if (n != size - from)
        return false;
    while (n > 0 && tail[n - 1] != '\n')
        n--;
    return from + n == size || ftruncate(fd, from + n) == 0;
}

/* Opens the file for whole lines at its end; -1 with errno. */
static int open_file(const char *path, const char *aside)
{
    int flags = O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW;
    struct stat info;
    if (stat(path, &info) == 0 && info.st_size >= NOTIFICATION_LOG_MAX_BYTES)
        (void)rename(path, aside);
    bool is_new = access(path, F_OK) != 0;
    int fd = open(path, flags | O_CREAT, 0600);
    if (fd < 0)
        return -1;
    bool ok = fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && fchmod(fd, 0600) == 0 &&
              cut_torn_line(fd, info.st_size) && (!is_new || sync_folder(path));
    if (ok)
        return fd;
    (void)close(fd);
    return -1;
}

static char *line_of(const Delivery *delivery, int64_t now_ms)
{
    json_t *object =
        json_pack("{s:s, s:I, s:s, s:s*, s:s*, s:s, s:s, s:s}", "key", delivery->id, "at_ms",
                  (json_int_t)now_ms, "kind", notification_kind_name(delivery->kind), "visit",
                  delivery->visit_id, "wait", delivery->wait_id, "lang",
                  delivery->is_english ? "en" : "id", "to", delivery->to, "text", delivery->text);
    char *text = json_dumps(object, JSON_COMPACT);
    json_decref(object);
    char *line = g_strconcat(text, "\n", NULL);
    secret_text_free(text);
    return line;
}

/* All of the line or nothing of it. */
static bool append(int fd, const char *line)
{
    size_t size = strlen(line);
    struct stat before;
    if (fstat(fd, &before) != 0)
        return false;
    ssize_t n = write(fd, line, size);
    if (n == (ssize_t)size)
        return true;
    int cause = n < 0 ? errno : ENOSPC;
    if (n > 0 && ftruncate(fd, before.st_size) != 0)
        cause = errno; /* the next one to open the file cuts the line */
    errno = cause;
    return false;
}

void notification_log_deliver(const char *path, int64_t now_ms, GPtrArray *deliveries)
{
    g_autofree char *aside = g_strconcat(path, ".1", NULL);
    int fd = open_file(path, aside);
    if (fd < 0) {
        fail_all(deliveries, "cannot open");
        return;
    }
    g_autoptr(GHashTable) known = known_keys(path, aside, deliveries);
    if (!known)
        fail_all(deliveries, "cannot read");
    for (unsigned i = 0; known && i < deliveries->len; i++) {
        Delivery *delivery = deliveries->pdata[i];
        if (g_hash_table_contains(known, delivery->id))
            continue;
        char *line = line_of(delivery, now_ms);
        if (!append(fd, line))
            fail(delivery, "cannot write");
        secret_text_free(line);
    }
    if (known && fdatasync(fd) != 0)
        fail_all(deliveries, "cannot synchronize");
    (void)close(fd);
}

/* When the first line of PATH was written; 0: there is no line. Those of before have no time: the
 * file's last change stands for it. */
static bool first_time(const char *path, int64_t *ret_ms)
{
    char head[HEAD_BYTES + 1];
    struct stat info;
    *ret_ms = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return errno == ENOENT;
    bool ok = fstat(fd, &info) == 0;
    ssize_t n = ok ? pread(fd, head, HEAD_BYTES, 0) : -1;
    int cause = errno;
    (void)close(fd);
    errno = cause;
    if (n <= 0)
        return n == 0;
    head[n] = '\0';
    char *end = strchr(head, '\n');
    if (end)
        *end = '\0';
    const char *at = strstr(head, time_start);
    *ret_ms = at ? g_ascii_strtoll(at + strlen(time_start), NULL, 10)
                 : (int64_t)info.st_mtim.tv_sec * 1000;
    secret_wipe(head, sizeof head);
    return true;
}

static bool fail_file(const char *what, GError **error)
{
    g_set_error(error, BASE_ERROR, BASE_ERROR_FAILED, "log: %s: %s", what, g_strerror(errno));
    return false;
}

bool notification_log_forget(const char *path, int64_t now_ms, int64_t keep_ms,
                             unsigned *ret_n_files, GError **error)
{
    g_autofree char *aside = g_strconcat(path, ".1", NULL);
    int64_t oldest_ms = 0, first_ms = 0;
    *ret_n_files = 0;
    if (!first_time(aside, &oldest_ms) || !first_time(path, &first_ms))
        return fail_file("cannot read", error);
    bool is_over = oldest_ms > 0 && now_ms - oldest_ms >= keep_ms;
    bool is_put_aside = first_ms > 0 && now_ms - first_ms >= keep_ms / 2;
    if (is_over && unlink(aside) != 0 && errno != ENOENT)
        return fail_file("cannot delete", error);
    if (is_put_aside && rename(path, aside) != 0 && errno != ENOENT)
        return fail_file("cannot put aside", error);
    if ((is_over || is_put_aside) && !sync_folder(path))
        return fail_file("cannot synchronize", error);
    *ret_n_files = (unsigned)is_over + (unsigned)is_put_aside;
    return true;
}
