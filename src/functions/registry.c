/* registry.c - functions by number and by name. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/function.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>

const elc_function *elc_function_at(size_t i) {
    for (size_t family = 0; elc_function_families[family] != NULL; family++) {
        const elc_function *f = elc_function_families[family]->functions;
        for (; f->name != NULL; f++)
            if (i-- == 0)
                return f;
    }
    return NULL;
}

size_t elc_function_arguments(const elc_function *function, size_t *required) {
    size_t n = 0, must = 0;
    for (; function->arguments[n].name != NULL; n++)
        must += function->arguments[n].fallback == NULL;
    if (required != NULL)
        *required = must;
    return n;
}

bool elc_function_is(const elc_function *function, const char *name) {
    if (strcasecmp(function->name, name) == 0)
        return true;
    size_t length = strlen(name);
    const char *at = function->aliases;
    while (at != NULL && *at != '\0') {
        size_t n = strcspn(at, ",");
        if (n == length && strncasecmp(at, name, n) == 0)
            return true;
        at += n + (at[n] == ',');
    }
    return false;
}

/* ---- by types -------------------------------------------------------------------- */

/* Worse is more; 0: the same. -1: it is not taken. */
static int reach(elc_type from, elc_type to) {
    if (from == to)
        return 0;
    if (from == ELC_INT32 && (to == ELC_INT64 || to == ELC_FLOAT64))
        return to == ELC_INT64 ? 1 : 2;
    if (from == ELC_INT64 && to == ELC_FLOAT64)
        return 2;
    if (from == ELC_FLOAT32 && to == ELC_FLOAT64)
        return 1;
    if ((from == ELC_BINARY || from == ELC_UTF8) && to == ELC_GEOMETRY)
        return 3;
    return -1;
}

static int reach_all(const elc_function *f, const elc_type *types, size_t n) {
    size_t required, most = elc_function_arguments(f, &required);
    int far = 0;
    if (n < required || n > most)
        return -1;
    for (size_t i = 0; i < n; i++) {
        int one = reach(types[i], f->arguments[i].type);
        if (one < 0)
            return -1;
        far += one;
    }
    return far;
}

/* "(geometry, float64), (geometry)": what functions of the name take. */
static elc_status list_takes(const char *name, elc_string *out, elc_error *err) {
    const elc_function *f;
    for (size_t i = 0; (f = elc_function_at(i)) != NULL; i++) {
        if (!elc_function_is(f, name))
            continue;
        ELC_TRY(elc_string_printf(out, err, "%s(", out->size > 0 ? ", " : ""));
        for (const elc_argument *a = f->arguments; a->name != NULL; a++)
            ELC_TRY(elc_string_printf(out, err, "%s%s", a > f->arguments ? ", " : "",
                                      elc_type_name(a->type)));
        ELC_TRY(elc_string_printf(out, err, ")"));
    }
    return ELC_OK;
}

static elc_status unknown_name(const char *name, elc_error *err) {
    const elc_function *f;
    const char **names;
    size_t n = 0;
    while (elc_function_at(n) != NULL)
        n++;
    ELC_TRY(elc_alloc(n + 1, sizeof *names, &names, err));
    for (size_t i = 0; (f = elc_function_at(i)) != NULL; i++)
        names[i] = f->name;
    const char *near = elc_nearest_word(name, names);
    free(names);
    return elc_fail(err, ELC_E_NOT_FOUND, "no function \"%s\"%s%s%s", name,
                    near != NULL ? "; did you mean \"" : "", near != NULL ? near : "",
                    near != NULL ? "\"?" : "");
}

static elc_status not_found(const char *name, elc_error *err) {
    elc_string takes = {0};
    elc_status status = list_takes(name, &takes, err);
    if (status == ELC_OK && takes.size == 0)
        status = unknown_name(name, err);
    else if (status == ELC_OK)
        status = elc_fail(err, ELC_E_NOT_FOUND, "%s does not take these arguments: %s",
                          name, takes.data);
    elc_string_free(&takes);
    return status;
}

elc_status elc_function_find(const char *name, const elc_type *types, size_t n,
                             const elc_function **out, elc_error *err) {
    const elc_function *f, *best = NULL;
    int least = 0;
    for (size_t i = 0; (f = elc_function_at(i)) != NULL; i++) {
        if (!elc_function_is(f, name))
            continue;
        int far = reach_all(f, types, n);
        if (far >= 0 && (best == NULL || far < least)) {
            best = f;
            least = far;
        }
    }
    if (best == NULL)
        return not_found(name, err);
    *out = best;
    return ELC_OK;
}
