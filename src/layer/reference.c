/* reference.c - the names of files, databases and layers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "reference.h"

#include <elcano/layer.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include <cpl_vsi.h>

#define PG     "PG:"
#define PG_URL "postgresql://"

bool elc_reference_exists(const char *path) {
    VSIStatBufL info;
    return VSIStatExL(path, &info, VSI_STAT_EXISTS_FLAG) == 0;
}

static bool begins_with(const char *text, const char *start) {
    return strncasecmp(text, start, strlen(start)) == 0;
}

static bool is_url(const char *reference) {
    return begins_with(reference, PG_URL);
}

bool elc_reference_is_postgres(const char *reference) {
    return begins_with(reference, PG) || is_url(reference);
}

/* ---- connections ---------------------------------------------------------- */

/* A part of a connection string. */
typedef struct span {
    const char *at;
    size_t n;
} span;

typedef struct pair {
    span key, value;
} pair;

/* Where the pairs of a URL begin and the database ends; its end where there are none.
 */
static const char *url_query(const char *reference) {
    return reference + strcspn(reference, "?");
}

/* The next of "key=value key='value'"; *at is moved behind it. False at the end, or
   with *at unmoved where it is no pair. */
static bool next_word(const char **at, pair *out) {
    const char *p = *at + strspn(*at, " \t\r\n");
    out->key = (span){p, strcspn(p, "= \t\r\n")};
    p += out->key.n;
    p += strspn(p, " \t\r\n");
    if (out->key.n == 0 || *p != '=')
        return false;
    p++;
    p += strspn(p, " \t\r\n");
    bool quoted = *p == '\'';
    out->value.at = p += quoted;
    while (*p != '\0' && (quoted ? *p != '\'' : strchr(" \t\r\n", *p) == NULL))
        p += *p == '\\' && p[1] != '\0' ? 2 : 1;
    out->value.n = (size_t)(p - out->value.at);
    if (quoted && *p != '\'')
        return false;
    *at = p + quoted;
    return true;
}

/* The next of "?key=value&key=value". */
static bool next_query(const char **at, pair *out) {
    if (**at == '\0')
        return false;
    const char *p = *at + 1;
    out->key = (span){p, strcspn(p, "=&")};
    p += out->key.n;
    p += *p == '=';
    out->value = (span){p, strcspn(p, "&")};
    *at = p + out->value.n;
    return true;
}

static bool next_pair(bool url, const char **at, pair *out) {
    return url ? next_query(at, out) : next_word(at, out);
}

static const char *first_pair(const char *reference) {
    return is_url(reference) ? url_query(reference) : reference + strlen(PG);
}

/* What follows the last colon that is in no quotes, where it can be a table's name. */
static const char *table_part(const char *reference) {
    const char *from = reference + strlen(PG), *table = NULL;
    bool quoted = false;
    if (is_url(reference)) {
        from = strchr(reference + strlen(PG_URL), '/');
        if (from == NULL)
            return NULL;
    }
    for (const char *p = from; *p != '\0'; p++) {
        quoted = quoted != (*p == '\'');
        if (*p == ':' && !quoted)
            table = p + 1;
    }
    bool named = table != NULL && *table != '\0' && strpbrk(table, "=/&'\t") == NULL;
    return named ? table : NULL;
}

elc_status elc_reference_check(const char *reference, elc_error *err) {
    if (is_url(reference))
        return ELC_OK;
    const char *table = table_part(reference);
    char *copy = NULL;
    ELC_TRY(elc_strdup(reference + strlen(PG), &copy, err));
    if (table != NULL)
        copy[table - reference - 1 - (ptrdiff_t)strlen(PG)] = '\0';
    const char *at = copy;
    for (pair p; next_word(&at, &p);)
        continue;
    bool whole = at[strspn(at, " \t\r\n")] == '\0';
    free(copy);
    return whole ? ELC_OK
                 : elc_fail(err, ELC_E_ARGUMENT,
                            "PG: a connection is written as key=value key=value, "
                            "values with blanks or colons in single quotes");
}

/* ---- passwords ------------------------------------------------------------ */

static bool is_secret(span key) {
    static const char *const secrets[] = {"password", "sslpassword", NULL};
    for (const char *const *name = secrets; *name; name++)
        if (key.n == strlen(*name) && strncasecmp(key.at, *name, key.n) == 0)
            return true;
    return false;
}

/* "user:password@" of a URL. */
static span url_password(const char *reference) {
    const char *from = reference + strlen(PG_URL);
    size_t n = strcspn(from, "/?");
    const char *at = NULL, *colon = memchr(from, ':', n);
    for (size_t i = 0; i < n; i++)
        if (from[i] == '@')
            at = from + i;
    bool has = at != NULL && colon != NULL && colon < at;
    return has ? (span){colon + 1, (size_t)(at - colon) - 1} : (span){from, 0};
}

enum { MOST_SECRETS = 8 };

/* In the order in which they stand there. */
static size_t secrets_of(const char *reference, span out[MOST_SECRETS]) {
    size_t n = 0;
    if (!elc_reference_is_postgres(reference))
        return 0;
    bool url = is_url(reference);
    const char *at = first_pair(reference);
    if (url)
        out[n++] = url_password(reference);
    for (pair p; n < MOST_SECRETS && next_pair(url, &at, &p);)
        if (is_secret(p.key))
            out[n++] = p.value;
    return n;
}

static bool begins_secret(const char *p, const span *secrets, size_t n, size_t *size) {
    for (size_t i = 0; i < n; i++)
        if (secrets[i].n > 0 && strncmp(p, secrets[i].at, secrets[i].n) == 0) {
            *size = secrets[i].n;
            return true;
        }
    return false;
}

elc_status elc_reference_scrub(const char *reference, const char *text, char **out,
                               elc_error *err) {
    span secrets[MOST_SECRETS];
    size_t n = secrets_of(reference, secrets), size = 0;
    elc_string s = {0};
    elc_status status = elc_string_append(&s, "", 0, err);
    for (const char *p = text; *p != '\0' && status == ELC_OK;)
        if (begins_secret(p, secrets, n, &size)) {
            status = elc_string_append(&s, "***", 3, err);
            p += size;
        } else {
            status = elc_string_append(&s, p++, 1, err);
        }
    if (status != ELC_OK)
        elc_string_free(&s);
    else
        *out = s.data;
    return status;
}

elc_status elc_layer_label(const char *reference, char **out, elc_error *err) {
    span secrets[MOST_SECRETS];
    size_t n = secrets_of(reference, secrets);
    const char *from = reference;
    elc_string s = {0};
    elc_status status = ELC_OK;
    for (size_t i = 0; i < n && status == ELC_OK; i++)
        if (secrets[i].n > 0) {
            size_t before = (size_t)(secrets[i].at - from);
            status = elc_string_printf(&s, err, "%.*s***", (int)before, from);
            from = secrets[i].at + secrets[i].n;
        }
    if (status == ELC_OK)
        status = elc_string_printf(&s, err, "%s", from);
    if (status != ELC_OK)
        elc_string_free(&s);
    else
        *out = s.data;
    return status;
}

/* ---- layers --------------------------------------------------------------- */

const char *elc_reference_layer(const char *reference) {
    if (elc_reference_is_postgres(reference))
        return table_part(reference);
    const char *colon = strrchr(reference, ':');
    if (colon == NULL || colon == reference || colon[1] == '\0' ||
        strchr(colon, '/') != NULL || elc_reference_exists(reference))
        return NULL;
    return colon + 1;
}

static bool is_same_file(const char *a, const char *b) {
    struct stat one, other;
    return stat(a, &one) == 0 && stat(b, &other) == 0 && one.st_dev == other.st_dev &&
           one.st_ino == other.st_ino;
}

/* Of connections that are written alike; a database has other names, too, and there
   the writer waits for the reader's lock, and gives up. */
static bool is_same_table(const char *a, const char *b) {
    const char *one = elc_reference_layer(a), *other = elc_reference_layer(b);
    size_t n = one == NULL ? strlen(a) : (size_t)(one - a) - 1;
    size_t m = other == NULL ? strlen(b) : (size_t)(other - b) - 1;
    bool same = one == NULL || other == NULL || strcmp(one, other) == 0;
    return same && n == m && strncmp(a, b, n) == 0;
}

/* What stands before the layer's name is the file where it is there, and else the whole
   is; a driver's name may come first. What lies in /vsi is no file to write. */
bool elc_layer_is_of_file(const char *reference, const char *path) {
    if (reference == NULL || path == NULL || strncmp(reference, "/vsi", 4) == 0)
        return false;
    if (elc_reference_is_postgres(reference) || elc_reference_is_postgres(path))
        return elc_reference_is_postgres(reference) &&
               elc_reference_is_postgres(path) && is_same_table(reference, path);
    const char *layer = elc_reference_layer(reference), *name = reference;
    char file[PATH_MAX] = "";
    if (layer != NULL && layer - reference <= PATH_MAX) {
        memcpy(file, reference, (size_t)(layer - reference) - 1);
        name = file;
    }
    if (elc_reference_exists(name) || elc_reference_exists(reference))
        return is_same_file(name, path);
    const char *whole = strchr(reference, ':'), *cut = strchr(file, ':');
    return (whole != NULL && is_same_file(whole + 1, path)) ||
           (cut != NULL && is_same_file(cut + 1, path));
}

/* The real path of the folder of a file that may not be there, and its name in it. */
static bool find_folder(const char *path, char folder[PATH_MAX], const char **name) {
    char given[PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t n = slash == NULL ? 0 : (size_t)(slash - path) + 1;
    if (n >= sizeof given)
        return false;
    memcpy(given, path, n);
    given[n] = '\0';
    *name = path + n;
    return realpath(n > 0 ? given : ".", folder) != NULL;
}

bool elc_layer_same_file(const char *a, const char *b) {
    char one[PATH_MAX], other[PATH_MAX];
    const char *one_name, *other_name;
    if (a == NULL || b == NULL)
        return false;
    if (is_same_file(a, b))
        return true;
    return find_folder(a, one, &one_name) && find_folder(b, other, &other_name) &&
           strcmp(one, other) == 0 && strcmp(one_name, other_name) == 0;
}
