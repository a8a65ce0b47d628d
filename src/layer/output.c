/* output.c - files that appear under their name only when whole. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

struct elc_output {
    char *path;      /* as asked for */
    char *folder;    /* of path */
    char *temporary; /* hidden/stem.extension */
    size_t stem;     /* bytes of path before its extension */
    bool overwrite;
    elc_hidden hidden; /* the temporary folder */
    const elc_output_kind *kind;
};

const char *elc_output_path(const elc_output *output) {
    return output->path;
}

const char *elc_output_temporary(const elc_output *output) {
    return output->temporary;
}

static elc_status format(char **out, elc_error *err, const char *a, int a_size,
                         const char *b) {
    elc_string s = {0};
    elc_status status = elc_string_printf(&s, err, "%.*s%s", a_size, a, b);
    if (status != ELC_OK)
        elc_string_free(&s);
    else
        *out = s.data;
    return status;
}

static size_t base_offset(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

/* ---- names ---------------------------------------------------------------- */

static elc_status split_path(elc_output *o, const char *path, elc_error *err) {
    ELC_TRY(elc_strdup(path, &o->path, err));
    size_t base = base_offset(path);
    const char *dot = strrchr(path + base, '.');
    o->stem = dot == NULL ? strlen(path) : (size_t)(dot - path);
    if (base == 0)
        return elc_strdup(".", &o->folder, err);
    return format(&o->folder, err, path, base == 1 ? 1 : (int)base - 1, "");
}

/* The name of a file of the same stem, or of one whose name goes on: see leaves. */
static elc_status sibling(const elc_output *o, const char *ending, char **out,
                          elc_error *err) {
    if (ending[0] == '+')
        return format(out, err, o->path, (int)strlen(o->path), ending + 1);
    return format(out, err, o->path, (int)o->stem, ending);
}

/* ---- checks before work begins -------------------------------------------- */

static elc_status check_folder(const elc_output *o, elc_error *err) {
    struct stat info;
    if (stat(o->folder, &info) != 0)
        return elc_fail(err, errno == ENOENT ? ELC_E_NOT_FOUND : ELC_E_IO,
                        "%s: its folder %s cannot be used: %s%s", o->path, o->folder,
                        strerror(errno), errno == ENOENT ? "; make it first" : "");
    if (!S_ISDIR(info.st_mode))
        return elc_fail(err, ELC_E_ARGUMENT, "%s: %s is a file, not a folder", o->path,
                        o->folder);
    return ELC_OK;
}

static elc_status check_absent(const elc_output *o, const char *path, elc_error *err) {
    struct stat info;
    if (lstat(path, &info) != 0)
        return ELC_OK;
    if (S_ISDIR(info.st_mode))
        return elc_fail(err, ELC_E_ARGUMENT, "%s is a folder; give a file's name in it",
                        path);
    if (!o->overwrite)
        return elc_fail(err, ELC_E_EXISTS,
                        "%s is there already; choose another name, or overwrite it",
                        path);
    return ELC_OK;
}

static elc_status check_all_absent(const elc_output *o, elc_error *err) {
    ELC_TRY(check_absent(o, o->path, err));
    for (const char *const *part = o->kind->parts; part && *part; part++) {
        char *path = NULL;
        ELC_TRY(sibling(o, *part, &path, err));
        elc_status status = check_absent(o, path, err);
        free(path);
        ELC_TRY(status);
    }
    return ELC_OK;
}

static elc_status make_hidden(elc_output *o, elc_error *err) {
    size_t offset = base_offset(o->path);
    ELC_TRY(elc_hidden_make(o->folder, o->path + offset, o->path, &o->hidden, err));
    char *stem = NULL;
    ELC_TRY(format(&stem, err, o->path + offset, (int)(o->stem - offset),
                   o->kind->extension));
    elc_string whole = {0};
    elc_status status = elc_string_printf(&whole, err, "%s/%s", o->hidden.path, stem);
    free(stem);
    o->temporary = whole.data;
    return status;
}

elc_status elc_output_create(const char *path, const elc_output_kind *kind,
                             bool overwrite, elc_output **out, elc_error *err) {
    elc_output *o = NULL;
    elc_status status = elc_alloc(1, sizeof *o, &o, err);
    if (status != ELC_OK)
        return status;
    o->kind = kind;
    o->overwrite = overwrite;
    ELC_TRY_GOTO(split_path(o, path, err), status, done);
    ELC_TRY_GOTO(check_folder(o, err), status, done);
    ELC_TRY_GOTO(check_all_absent(o, err), status, done);
    ELC_TRY_GOTO(make_hidden(o, err), status, done);
    *out = o;
    o = NULL;
done:
    elc_output_free(o);
    return status;
}

/* ---- commit --------------------------------------------------------------- */

elc_status elc_output_fail(const elc_output *o, const char *reason, elc_error *err) {
    struct statvfs disk;
    if (statvfs(o->folder, &disk) == 0 && disk.f_blocks > 0 &&
        (uint64_t)disk.f_bavail * disk.f_frsize < 65536)
        return elc_fail(err, ELC_E_IO, "%s: the disk is full (%s); make room", o->path,
                        reason);
    return elc_fail(err, ELC_E_IO, "%s: writing failed: %s", o->path, reason);
}

static elc_status fail_errno(const elc_output *o, const char *what, elc_error *err) {
    return elc_fail(err, ELC_E_IO, "%s: %s failed: %s", o->path, what, strerror(errno));
}

static elc_status sync_path(const elc_output *o, const char *path, int flags,
                            elc_error *err) {
    int fd = open(path, flags | O_CLOEXEC);
    if (fd < 0)
        return fail_errno(o, "opening what was written", err);
    elc_status status = ELC_OK;
    if (fsync(fd) != 0 && errno != EINVAL && errno != ENOTSUP)
        status = elc_output_fail(o, strerror(errno), err);
    close(fd);
    return status;
}

/* Not over a file that came into being meanwhile, unless overwriting was asked for. */
static elc_status rename_one(const elc_output *o, const char *from, const char *to,
                             elc_error *err) {
    if (o->overwrite)
        return rename(from, to) == 0 ? ELC_OK : fail_errno(o, "renaming", err);
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return ELC_OK;
    if (errno != EINVAL && errno != ENOSYS && errno != EEXIST)
        return fail_errno(o, "renaming", err);
    ELC_TRY(check_absent(o, to, err)); /* there is no such rename */
    return rename(from, to) == 0 ? ELC_OK : fail_errno(o, "renaming", err);
}

/* Moves one part, or, when it was not written, removes an older file's. */
static elc_status move_part(const elc_output *o, const char *ending, elc_error *err) {
    char *from = NULL, *to = NULL;
    size_t cut = strlen(o->temporary) - strlen(o->kind->extension);
    elc_status status = ELC_OK;
    ELC_TRY_GOTO(format(&from, err, o->temporary, (int)cut, ending), status, done);
    ELC_TRY_GOTO(sibling(o, ending, &to, err), status, done);
    if (access(from, F_OK) != 0) {
        if (o->overwrite)
            unlink(to);
        goto done;
    }
    ELC_TRY_GOTO(sync_path(o, from, O_RDONLY, err), status, done);
    status = rename_one(o, from, to, err);
done:
    free(from);
    free(to);
    return status;
}

/* An old index or journal beside a new file would be taken for its own. */
static elc_status remove_leaves(const elc_output *o, elc_error *err) {
    for (const char *const *leaf = o->kind->leaves; leaf && *leaf; leaf++) {
        char *path = NULL;
        ELC_TRY(sibling(o, *leaf, &path, err));
        unlink(path);
        free(path);
    }
    return ELC_OK;
}

elc_status elc_output_commit(elc_output *o, elc_error *err) {
    ELC_TRY(sync_path(o, o->temporary, O_RDONLY, err));
    ELC_TRY(check_all_absent(o, err));
    if (o->overwrite)
        ELC_TRY(remove_leaves(o, err));
    for (const char *const *part = o->kind->parts; part && *part; part++)
        ELC_TRY(move_part(o, *part, err));
    ELC_TRY(rename_one(o, o->temporary, o->path, err));
    return sync_path(o, o->folder, O_RDONLY | O_DIRECTORY, err);
}

void elc_output_free(elc_output *o) {
    if (o == NULL)
        return;
    elc_hidden_remove(&o->hidden);
    free(o->path);
    free(o->folder);
    free(o->temporary);
    free(o);
}
