// SPDX-License-Identifier: Apache-2.0
/* Preloaded into the program by durable.test.mjs: writes down when the database's write-ahead log
 * was written and synchronized and when something was sent to a client. Lines in the file that
 * SYNC_INTERPOSER_FILE names, times in ns of CLOCK_MONOTONIC, which Node's clock is too:
 *   wal FROM TO 0 | sync FROM TO 0 | send FROM TO PORT      (PORT is the client's)
 * A send is written down before it is done, or the client could have it earlier than the line.
 * While the folder SYNC_INTERPOSER_FAULTS holds a file "full", writes to the log fail for want of
 * space; while it holds "broken", synchronizations of it fail; while it holds "letters", there is
 * space for the first half of a letter's file. */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int log_fd = -1;
static const char *faults_dir;
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_send)(int, const void *, size_t, int);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_pwrite64)(int, const void *, size_t, off64_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);

/* POSIX lets dlsym()'s result become a function only by way of its bytes. */
static void find(const char *name, void *ret_function)
{
    void *symbol = dlsym(RTLD_NEXT, name);
    if (!symbol)
        abort();
    memcpy(ret_function, &symbol, sizeof symbol);
}

__attribute__((constructor)) static void set_up(void)
{
    find("write", &real_write);
    find("send", &real_send);
    find("pwrite", &real_pwrite);
    find("pwrite64", &real_pwrite64);
    find("fsync", &real_fsync);
    find("fdatasync", &real_fdatasync);
    faults_dir = getenv("SYNC_INTERPOSER_FAULTS");
    const char *path = getenv("SYNC_INTERPOSER_FILE");
    if (path)
        log_fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* One write(2) per line, so that lines of different threads do not mix. */
static void record(const char *what, int64_t from_ns, unsigned port)
{
    char line[128];
    int n = snprintf(line, sizeof line, "%s %lld %lld %u\n", what, (long long)from_ns,
                     (long long)now_ns(), port);
    if (syscall(SYS_write, log_fd, line, (size_t)n) != n)
        abort();
}

/* The path of FD, ended; false where it is too long or none. */
static bool path_of(int fd, char *path, size_t size)
{
    char link[64];
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, size);
    bool fits = n > 0 && n < (ssize_t)size;
    path[fits ? n : 0] = '\0';
    return fits;
}

static bool is_wal(int fd)
{
    char path[512];
    size_t n = path_of(fd, path, sizeof path) ? strlen(path) : 0;
    return n > 4 && memcmp(path + n - 4, "-wal", 4) == 0;
}

static bool is_letter(int fd)
{
    char path[512];
    return path_of(fd, path, sizeof path) && strstr(path, ".sealed.");
}

/* The port of the client behind FD; 0: it is no connection. */
static unsigned client_port(int fd)
{
    struct sockaddr_in peer = {0};
    socklen_t size = sizeof peer;
    int type = 0;
    socklen_t type_size = sizeof type;
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &type_size) < 0 || type != SOCK_STREAM ||
        getpeername(fd, (struct sockaddr *)&peer, &size) < 0 || peer.sin_family != AF_INET)
        return 0;
    return ntohs(peer.sin_port);
}

static void record_send(int fd)
{
    unsigned port = log_fd >= 0 ? client_port(fd) : 0;
    if (port)
        record("send", now_ns(), port);
}

static void record_file(const char *what, int fd, int64_t from_ns)
{
    if (log_fd >= 0 && is_wal(fd))
        record(what, from_ns, 0);
}

static bool is_at_fault(const char *fault)
{
    char path[512];
    return faults_dir &&
           snprintf(path, sizeof path, "%s/%s", faults_dir, fault) < (int)sizeof path &&
           access(path, F_OK) == 0;
}

static bool fails(int fd, const char *fault, int error)
{
    int before = errno;
    bool does = is_at_fault(fault) && is_wal(fd);
    errno = does ? error : before;
    return does;
}

/* A full disk takes what fits, and nothing of the next write. */
static ssize_t write_half(int fd, const void *bytes, size_t size)
{
    if (lseek(fd, 0, SEEK_CUR) == 0)
        return real_write(fd, bytes, size / 2);
    errno = ENOSPC;
    return -1;
}

ssize_t write(int fd, const void *bytes, size_t size)
{
    record_send(fd);
    int before = errno;
    bool is_cut = is_at_fault("letters") && is_letter(fd);
    errno = before;
    return is_cut ? write_half(fd, bytes, size) : real_write(fd, bytes, size);
}

ssize_t send(int fd, const void *bytes, size_t size, int flags)
{
    record_send(fd);
    return real_send(fd, bytes, size, flags);
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
    if (fails(fd, "full", ENOSPC))
        return -1;
    int64_t from_ns = now_ns();
    ssize_t n = real_pwrite(fd, bytes, size, offset);
    record_file("wal", fd, from_ns);
    return n;
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t offset)
{
    if (fails(fd, "full", ENOSPC))
        return -1;
    int64_t from_ns = now_ns();
    ssize_t n = real_pwrite64(fd, bytes, size, offset);
    record_file("wal", fd, from_ns);
    return n;
}

int fsync(int fd)
{
    if (fails(fd, "broken", EIO))
        return -1;
    int64_t from_ns = now_ns();
    int result = real_fsync(fd);
    if (result == 0)
        record_file("sync", fd, from_ns);
    return result;
}

int fdatasync(int fd)
{
    if (fails(fd, "broken", EIO))
        return -1;
    int64_t from_ns = now_ns();
    int result = real_fdatasync(fd);
    if (result == 0)
        record_file("sync", fd, from_ns);
    return result;
}
