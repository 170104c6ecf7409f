/* What a process asks of its disk below one folder, written down in order: for LD_PRELOAD, in tests alone.
 *
 * POWER_FOLDER names the folder, POWER_JOURNAL the file that everything is written to. One lock is held over each call
 * and its line, so the journal's order is the disk's. While POWER_FULL exists nothing grows: ENOSPC, as on a full disk.
 *
 * A line: op (1 byte), length of the path (2), offset (8), length of the data (8), path, data; little-endian.
 *   C made   W wrote   T cut to offset   S synced (a file or the folder)   R renamed (data: new path)   U unlinked
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define FILES 4096
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *paths[FILES];
static const char *folder, *full;
static size_t folder_length;
static int journal = -1;

#define REAL(name, type, ...)                                            \
    static type (*real)(__VA_ARGS__);                                    \
    if (!real) real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void begin(void) {
    const char *file = getenv("POWER_JOURNAL");
    folder = getenv("POWER_FOLDER");
    full = getenv("POWER_FULL");
    if (!folder || !file) return;
    folder_length = strlen(folder);
    journal = (int)syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (journal < 0) abort();
}

static int ours(const char *path) {
    return journal >= 0 && path && !strncmp(path, folder, folder_length) &&
           (path[folder_length] == '/' || !path[folder_length]) && !strstr(path, "-shm");
}

static char *of(int fd) { return fd >= 0 && fd < FILES ? paths[fd] : NULL; }

static void note(char op, const char *path, uint64_t offset, const void *data, uint64_t length) {
    uint16_t path_length = (uint16_t)strlen(path);
    struct iovec parts[6] = {{&op, 1}, {&path_length, 2}, {&offset, 8}, {&length, 8},
                             {(void *)path, path_length}, {(void *)data, length}};
    ssize_t whole = (ssize_t)(19 + path_length + length);
    if (syscall(SYS_writev, journal, parts, data ? 6 : 5) != whole) abort();
}

static int no_room(int fd, uint64_t end) {
    struct stat now;
    return full && !access(full, F_OK) && !fstat(fd, &now) && S_ISREG(now.st_mode) && end > (uint64_t)now.st_size;
}

static int opened(int fd, const char *path, int flags, int made) {
    if (fd < 0 || fd >= FILES) return fd;
    paths[fd] = strdup(path);
    if (made) note('C', path, 0, NULL, 0);
    else if (flags & O_TRUNC) note('T', path, 0, NULL, 0);
    return fd;
}

#define OPEN(name)                                                                             \
    int name(const char *path, int flags, ...) {                                               \
        REAL(name, int, const char *, int, ...);                                               \
        mode_t mode = 0;                                                                       \
        if (flags & (O_CREAT | __O_TMPFILE)) {                                                 \
            va_list more;                                                                      \
            va_start(more, flags);                                                             \
            mode = va_arg(more, mode_t);                                                       \
            va_end(more);                                                                      \
        }                                                                                      \
        if (!ours(path)) return real(path, flags, mode);                                       \
        pthread_mutex_lock(&lock);                                                             \
        int made = (flags & O_CREAT) && access(path, F_OK);                                    \
        int fd = opened(real(path, flags, mode), path, flags, made);                           \
        pthread_mutex_unlock(&lock);                                                           \
        return fd;                                                                             \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                                           \
    int name(int where, const char *path, int flags, ...) {                                    \
        REAL(name, int, int, const char *, int, ...);                                          \
        mode_t mode = 0;                                                                       \
        if (flags & (O_CREAT | __O_TMPFILE)) {                                                 \
            va_list more;                                                                      \
            va_start(more, flags);                                                             \
            mode = va_arg(more, mode_t);                                                       \
            va_end(more);                                                                      \
        }                                                                                      \
        if (!ours(path)) return real(where, path, flags, mode);                                \
        pthread_mutex_lock(&lock);                                                             \
        int made = (flags & O_CREAT) && access(path, F_OK);                                    \
        int fd = opened(real(where, path, flags, mode), path, flags, made);                    \
        pthread_mutex_unlock(&lock);                                                           \
        return fd;                                                                             \
    }
OPENAT(openat)
OPENAT(openat64)

int close(int fd) {
    REAL(close, int, int);
    pthread_mutex_lock(&lock);
    if (of(fd)) {
        free(paths[fd]);
        paths[fd] = NULL;
    }
    int done = real(fd);
    pthread_mutex_unlock(&lock);
    return done;
}

ssize_t write(int fd, const void *data, size_t length) {
    REAL(write, ssize_t, int, const void *, size_t);
    if (!of(fd)) return real(fd, data, length);
    pthread_mutex_lock(&lock);
    struct stat now = {0};
    int appends = fcntl(fd, F_GETFL) & O_APPEND;
    off_t at = appends && !fstat(fd, &now) ? now.st_size : lseek(fd, 0, SEEK_CUR);
    ssize_t done = -1;
    if (no_room(fd, (uint64_t)at + length)) errno = ENOSPC;
    else if ((done = real(fd, data, length)) > 0) note('W', paths[fd], (uint64_t)at, data, (uint64_t)done);
    pthread_mutex_unlock(&lock);
    return done;
}

#define PWRITE(name, offset_type)                                                              \
    ssize_t name(int fd, const void *data, size_t length, offset_type at) {                    \
        REAL(name, ssize_t, int, const void *, size_t, offset_type);                           \
        if (!of(fd)) return real(fd, data, length, at);                                        \
        pthread_mutex_lock(&lock);                                                             \
        ssize_t done = -1;                                                                     \
        if (no_room(fd, (uint64_t)at + length)) errno = ENOSPC;                                \
        else if ((done = real(fd, data, length, at)) > 0)                                      \
            note('W', paths[fd], (uint64_t)at, data, (uint64_t)done);                          \
        pthread_mutex_unlock(&lock);                                                           \
        return done;                                                                           \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define CUT(name, offset_type)                                                                 \
    int name(int fd, offset_type size) {                                                       \
        REAL(name, int, int, offset_type);                                                     \
        if (!of(fd)) return real(fd, size);                                                    \
        pthread_mutex_lock(&lock);                                                             \
        int done = real(fd, size);                                                             \
        if (!done) note('T', paths[fd], (uint64_t)size, NULL, 0);                              \
        pthread_mutex_unlock(&lock);                                                           \
        return done;                                                                           \
    }
CUT(ftruncate, off_t)
CUT(ftruncate64, off64_t)

#define SYNC(name)                                                                             \
    int name(int fd) {                                                                         \
        REAL(name, int, int);                                                                  \
        if (!of(fd)) return real(fd);                                                          \
        pthread_mutex_lock(&lock);                                                             \
        int done = real(fd);                                                                   \
        if (!done) note('S', paths[fd], 0, NULL, 0);                                           \
        pthread_mutex_unlock(&lock);                                                           \
        return done;                                                                           \
    }
SYNC(fsync)
SYNC(fdatasync)

int rename(const char *from, const char *to) {
    REAL(rename, int, const char *, const char *);
    if (!ours(from) && !ours(to)) return real(from, to);
    pthread_mutex_lock(&lock);
    int done = real(from, to);
    if (!done) note('R', from, 0, to, strlen(to));
    pthread_mutex_unlock(&lock);
    return done;
}

int unlink(const char *path) {
    REAL(unlink, int, const char *);
    if (!ours(path)) return real(path);
    pthread_mutex_lock(&lock);
    int done = real(path);
    if (!done) note('U', path, 0, NULL, 0);
    pthread_mutex_unlock(&lock);
    return done;
}
