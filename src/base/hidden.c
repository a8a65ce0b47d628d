/* hidden.c - folders in which outputs grow, and what killed runs left of them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/base.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

enum { MOST_TRIES = 16, RANDOM = 6 };

static int open_folder(int at, const char *name) {
    return openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static void remove_files(DIR *folder) {
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        unlinkat(dirfd(folder), entry->d_name, 0); /* folders refuse */
}

/* Removes a folder of files; takes `fd`. */
static void remove_flat(int at, const char *name, int fd) {
    DIR *folder = fdopendir(fd);
    if (folder == NULL) {
        close(fd);
        return;
    }
    remove_files(folder);
    unlinkat(at, name, AT_REMOVEDIR);
    closedir(folder);
}

/* In it an output may grow, too, which has a folder of its own. */
static void remove_nested(DIR *folder) {
    rewinddir(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        int fd = open_folder(dirfd(folder), entry->d_name);
        if (fd >= 0)
            remove_flat(dirfd(folder), entry->d_name, fd);
    }
}

/* Removes what is in a folder, and the folder; takes `fd`. */
static void remove_open(int at, const char *name, int fd) {
    DIR *folder = fdopendir(fd);
    if (folder == NULL) {
        close(fd);
        return;
    }
    remove_files(folder);
    remove_nested(folder);
    unlinkat(at, name, AT_REMOVEDIR);
    closedir(folder); /* only now is the lock let go */
}

/* ---- leftovers ------------------------------------------------------------------ */

static void sweep_one(int at, const char *name) {
    int fd = open_folder(at, name);
    if (fd < 0)
        return;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        remove_open(at, name, fd);
    else
        close(fd); /* alive, or the file system has no locks: nothing is known */
}

static void sweep(const char *path, const char *prefix) {
    DIR *folder = opendir(path);
    size_t n = strlen(prefix);
    if (folder == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        if (strncmp(entry->d_name, prefix, n) == 0 &&
            strlen(entry->d_name) == n + RANDOM)
            sweep_one(dirfd(folder), entry->d_name);
    closedir(folder);
}

/* ---- making --------------------------------------------------------------------- */

static elc_status name_prefix(const char *name, elc_string *out, elc_error *err) {
    struct utsname host = {0};
    char id[17];
    uname(&host);
    elc_id(id, "host %s", host.nodename);
    return elc_string_printf(out, err, ".%.100s.part-%.8s-", name, id);
}

/* Locks a folder just made. False when another run took it for a leftover before. */
static bool lock(elc_hidden *hidden) {
    struct stat mine, named;
    hidden->lock = open_folder(AT_FDCWD, hidden->path);
    if (hidden->lock < 0)
        return false;
    if (flock(hidden->lock, LOCK_EX | LOCK_NB) != 0)
        return errno != EWOULDBLOCK;
    return fstat(hidden->lock, &mine) == 0 && stat(hidden->path, &named) == 0 &&
           mine.st_ino == named.st_ino && mine.st_dev == named.st_dev;
}

static void forget(elc_hidden *hidden) {
    if (hidden->lock >= 0)
        close(hidden->lock);
    free(hidden->path);
    *hidden = (elc_hidden){0};
}

static elc_status make_one(const char *folder, const char *prefix, elc_hidden *out,
                           elc_error *err) {
    elc_string path = {0};
    ELC_TRY(elc_string_printf(&path, err, "%s/%sXXXXXX", folder, prefix));
    *out = (elc_hidden){path.data, -1};
    bool made = mkdtemp(out->path) != NULL;
    if (made && lock(out))
        return ELC_OK;
    int why = errno;
    if (made && out->lock < 0)
        rmdir(out->path);
    forget(out);
    errno = why;
    return ELC_E_IO;
}

elc_status elc_hidden_make(const char *folder, const char *name, const char *subject,
                           elc_hidden *out, elc_error *err) {
    elc_string prefix = {0};
    ELC_TRY(name_prefix(name, &prefix, err));
    sweep(folder, prefix.data);
    elc_status status = ELC_E_IO;
    for (int i = 0; status == ELC_E_IO && i < MOST_TRIES; i++)
        status = make_one(folder, prefix.data, out, err);
    if (status == ELC_E_IO)
        status = elc_fail(err, ELC_E_IO, "%s: cannot write in the folder %s: %s",
                          subject, folder, strerror(errno));
    elc_string_free(&prefix);
    return status;
}

void elc_hidden_remove(elc_hidden *hidden) {
    if (hidden->path == NULL)
        return;
    if (hidden->lock >= 0)
        remove_open(AT_FDCWD, hidden->path, hidden->lock);
    hidden->lock = -1;
    forget(hidden);
}
