/* call.c - a function over arrays: arguments checked, rows run, results built. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "functions/frame.h"
#include "functions/lists.h"
#include "functions/shape.h"

#include <stdlib.h>

struct elc_caller {
    elc_frame frame;
    struct ArrowSchema schemas[ELC_FUNCTION_ARGUMENTS]; /* a table of one column each */
    struct ArrowArray fallbacks[ELC_FUNCTION_ARGUMENTS];
    size_t required;
    elc_value standing[ELC_FUNCTION_ARGUMENTS]; /* the fallbacks, looked at */
};

/* ---- fallbacks ------------------------------------------------------------------- */

static elc_status set_fallback(elc_batch *batch, const elc_argument *argument,
                               elc_error *err) {
    double real;
    int64_t whole;
    switch (argument->type) {
    case ELC_UTF8:
        return elc_batch_text(batch, 0, argument->fallback, err);
    case ELC_FLOAT64:
        ELC_TRY(elc_parse_real(argument->fallback, argument->name, &real, err));
        return elc_batch_real(batch, 0, real, err);
    case ELC_BOOL:
        return elc_batch_int(batch, 0, strcmp(argument->fallback, "true") == 0, err);
    default:
        ELC_TRY(elc_parse_int(argument->fallback, argument->name, &whole, err));
        return elc_batch_int(batch, 0, whole, err);
    }
}

/* A table of the one column that an argument is, with the fallback as its only row. */
static elc_status make_fallback(const elc_argument *argument, struct ArrowArray *out,
                                elc_error *err) {
    elc_column column = {.name = argument->name, .type = argument->type};
    elc_batch *batch;
    ELC_TRY(elc_batch_create(&column, 1, &batch, err));
    elc_status status = set_fallback(batch, argument, err);
    if (status == ELC_OK)
        status = elc_batch_end_row(batch, err);
    if (status == ELC_OK)
        status = elc_batch_finish(batch, out, err);
    elc_batch_free(batch);
    return status;
}

/* ---- life ------------------------------------------------------------------------ */

static elc_status look_at_fallback(elc_caller *c, size_t i, elc_error *err) {
    elc_rows *rows;
    elc_value *v = &c->standing[i];
    elc_type type = c->frame.function->arguments[i].type;
    ELC_TRY(elc_rows_view(&c->schemas[i], &c->fallbacks[i], &rows, err));
    if (type == ELC_UTF8)
        v->bytes = elc_rows_bytes(rows, 0, 0, &v->size);
    else
        v->real = elc_rows_real(rows, 0, 0);
    if (type != ELC_UTF8 && type != ELC_FLOAT64)
        v->whole = elc_rows_int(rows, 0, 0);
    elc_rows_free(rows);
    return ELC_OK;
}

static elc_status caller_fill(elc_caller *c, elc_error *err) {
    const elc_function *f = c->frame.function;
    elc_column result = {.name = f->name, .type = f->result};
    ELC_TRY(f->list ? elc_lists_create(&c->frame, err)
                    : elc_batch_create(&result, 1, &c->frame.results, err));
    for (size_t i = 0; f->arguments[i].name != NULL; i++) {
        const elc_argument *argument = &f->arguments[i];
        elc_column column = {.name = argument->name, .type = argument->type};
        ELC_TRY(elc_schema_create(&column, 1, "", &c->schemas[i], err));
        if (argument->fallback == NULL)
            continue;
        ELC_TRY(make_fallback(argument, &c->fallbacks[i], err));
        ELC_TRY(look_at_fallback(c, i, err));
    }
    return ELC_OK;
}

elc_status elc_caller_create(const elc_function *function, elc_caller **out,
                             elc_error *err) {
    elc_caller *c;
    ELC_TRY(elc_alloc(1, sizeof *c, &c, err));
    c->frame.function = function;
    c->frame.n_arguments = elc_function_arguments(function, &c->required);
    elc_status status = caller_fill(c, err);
    if (status != ELC_OK) {
        elc_caller_free(c);
        return status;
    }
    *out = c;
    return ELC_OK;
}

void elc_caller_watch(elc_caller *c, const elc_context *context) {
    c->frame.context = context;
}

void elc_caller_free(elc_caller *c) {
    if (c == NULL)
        return;
    if (c->frame.release != NULL)
        c->frame.release(c->frame.kept);
    elc_shapes_free(c->frame.shapes);
    elc_batch_free(c->frame.results);
    elc_batch_free(c->frame.items);
    elc_string_free(&c->frame.made);
    elc_string_free(&c->frame.given);
    for (size_t i = 0; i < ELC_FUNCTION_ARGUMENTS; i++) {
        elc_string_free(&c->frame.texts[i]);
        elc_schema_release(&c->schemas[i]);
        elc_array_release(&c->fallbacks[i]);
    }
    free(c);
}

/* ---- arguments ------------------------------------------------------------------- */

static elc_status check_count(const elc_caller *c, size_t given, elc_error *err) {
    const elc_function *f = c->frame.function;
    size_t required = c->required, most = c->frame.n_arguments;
    if (given >= required && given <= most)
        return ELC_OK;
    if (required == most)
        return elc_fail(err, ELC_E_ARGUMENT, "%s: %zu arguments, it takes %zu", f->name,
                        given, most);
    return elc_fail(err, ELC_E_ARGUMENT, "%s: %zu arguments, it takes %zu to %zu",
                    f->name, given, required, most);
}

static void release_nothing(struct ArrowArray *array) {
    array->release = NULL;
}

/* Looks at an argument as at a table of one column; it may have any offset. */
static elc_status look(elc_caller *c, size_t i, const struct ArrowArray *array,
                       elc_error *err) {
    if (array == NULL || array->release == NULL)
        return elc_fail(err, ELC_E_ARGUMENT, "argument %zu: an array that is released",
                        i + 1);
    const void *no_buffer[] = {NULL};
    struct ArrowArray column = *array, *child = &column;
    struct ArrowArray table = {.length = array->length,
                               .n_buffers = 1,
                               .n_children = 1,
                               .buffers = no_buffer,
                               .children = &child,
                               .release = release_nothing};
    elc_frame_argument *a = &c->frame.arguments[i];
    ELC_TRY(elc_rows_view(&c->schemas[i], &table, &a->rows, err));
    size_t length = elc_rows_count(a->rows), n = c->frame.n;
    a->step = length == 1 ? 0 : 1;
    a->one = NULL;
    a->nulls = array->null_count != 0 && array->buffers[0] != NULL;
    if (length == n || length == 1)
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "argument %zu: %zu rows, the call has %zu; one row stands for all",
                    i + 1, length, n);
}

static elc_status look_all(elc_caller *c, const struct ArrowArray *const *arguments,
                           size_t given, elc_error *err) {
    for (size_t i = 0; i < c->frame.n_arguments; i++)
        ELC_TRY(
            look(c, i, i < given ? arguments[i] : c->fallbacks[i].children[0], err));
    return ELC_OK;
}

/* ---- rows ------------------------------------------------------------------------ */

elc_status elc_frame_run(elc_frame *f, size_t row, elc_row_kernel kernel,
                         elc_error *err) {
    if (f->one != NULL)
        return kernel(f, row, err);
    ELC_TRY(elc_check_cancel(f->context, err));
    if (!elc_frame_is_null(f, row)) {
        elc_error why;
        f->made.size = 0;
        elc_status status = kernel(f, row, &why);
        if (status != ELC_OK)
            return elc_fail(err, status, "row %zu: %s", row, why.message);
    }
    return elc_frame_end_row(f, err);
}

static elc_status run_rows(elc_frame *f, elc_error *err) {
    for (size_t row = 0; row < f->n; row++)
        ELC_TRY(elc_frame_run(f, row, f->function->row, err));
    return ELC_OK;
}

/* Moves the only column out of the table of results. */
static elc_status finish(elc_frame *f, struct ArrowArray *out, elc_error *err) {
    struct ArrowArray table;
    if (f->items != NULL)
        return elc_lists_finish(f, out, err);
    ELC_TRY(elc_batch_finish(f->results, &table, err));
    *out = *table.children[0];
    table.children[0]->release = NULL;
    elc_array_release(&table);
    return ELC_OK;
}

static elc_status call(elc_caller *c, const struct ArrowArray *const *arguments,
                       size_t given, struct ArrowArray *out, elc_error *err) {
    elc_frame *f = &c->frame;
    ELC_TRY(look_all(c, arguments, given, err));
    ELC_TRY(f->function->bulk != NULL ? f->function->bulk(f, err) : run_rows(f, err));
    return finish(f, out, err);
}

/* A call that failed leaves no rows behind for the next one. */
static void drop_rows(elc_batch *results) {
    struct ArrowArray rest;
    if (results != NULL && elc_batch_finish(results, &rest, NULL) == ELC_OK)
        elc_array_release(&rest);
}

elc_status elc_caller_call(elc_caller *c, const struct ArrowArray *const *arguments,
                           size_t n_arguments, size_t n, struct ArrowArray *out,
                           elc_error *err) {
    elc_frame *f = &c->frame;
    ELC_TRY(check_count(c, n_arguments, err));
    f->n = n;
    f->call++;
    elc_error why;
    elc_status status = call(c, arguments, n_arguments, out, &why);
    for (size_t i = 0; i < f->n_arguments; i++) {
        elc_rows_free(f->arguments[i].rows);
        f->arguments[i].rows = NULL;
    }
    if (status == ELC_OK)
        return ELC_OK;
    drop_rows(f->results);
    drop_rows(f->items);
    return elc_fail(err, status, "%s: %s", f->function->name, why.message);
}

/* ---- one row --------------------------------------------------------------------- */

/* False: an argument is NULL. */
static bool place_values(elc_caller *c, const elc_value *arguments, size_t given) {
    for (size_t i = 0; i < c->frame.n_arguments; i++) {
        elc_frame_argument *a = &c->frame.arguments[i];
        a->one = i < given ? &arguments[i] : &c->standing[i];
        a->step = 1;
        if (a->one->null)
            return false;
    }
    return true;
}

elc_status elc_caller_row(elc_caller *c, const elc_value *arguments, size_t n_arguments,
                          elc_value *out, elc_error *err) {
    elc_frame *f = &c->frame;
    elc_value result = {.null = true};
    elc_status status = ELC_OK;
    elc_error why;
    ELC_TRY(check_count(c, n_arguments, err));
    f->n = 1;
    f->call++;
    f->one = &result;
    f->made.size = 0;
    if (place_values(c, arguments, n_arguments))
        status = f->function->bulk != NULL ? f->function->bulk(f, &why)
                                           : f->function->row(f, 0, &why);
    f->one = NULL;
    if (status != ELC_OK)
        return elc_fail(err, status, "%s: %s", f->function->name, why.message);
    *out = result;
    return ELC_OK;
}

/* ---- for kernels ----------------------------------------------------------------- */

/* One value that stands in all rows of a call is compared once. */
bool elc_frame_knows(const elc_frame *f, size_t argument, size_t row,
                     elc_known *known) {
    if (!known->any)
        return false;
    bool stands = f->arguments[argument].step == 0;
    if (stands && known->call == f->call)
        return true;
    elc_bytes bytes = elc_frame_bytes(f, argument, row);
    if (bytes.size != known->bytes.size ||
        memcmp(bytes.data, known->bytes.data, bytes.size) != 0)
        return false;
    known->call = stands ? f->call : 0;
    return true;
}

elc_status elc_frame_learn(const elc_frame *f, size_t argument, size_t row,
                           elc_known *known, elc_error *err) {
    elc_bytes bytes = elc_frame_bytes(f, argument, row);
    known->any = false;
    known->bytes.size = 0;
    ELC_TRY(elc_string_append(&known->bytes, bytes.data, bytes.size, err));
    known->any = true;
    known->call = f->arguments[argument].step == 0 ? f->call : 0;
    return ELC_OK;
}

/* Bytes of a single row are kept where its kernel does not write. */
static elc_status keep(elc_frame *f, const void *bytes, size_t size, elc_error *err) {
    f->given.size = 0;
    ELC_TRY(elc_string_append(&f->given, bytes, size, err));
    *f->one = (elc_value){.bytes = f->given.data, .size = size};
    return ELC_OK;
}

elc_status elc_give_bytes(elc_frame *f, const void *bytes, size_t size,
                          elc_error *err) {
    return f->one != NULL ? keep(f, bytes, size, err)
                          : elc_batch_bytes(f->results, 0, bytes, size, err);
}

elc_status elc_give_text(elc_frame *f, const char *text, elc_error *err) {
    if (f->one == NULL)
        return elc_batch_text(f->results, 0, text, err);
    return text != NULL ? keep(f, text, strlen(text), err) : ELC_OK;
}

elc_status elc_frame_end_row(elc_frame *f, elc_error *err) {
    return f->one != NULL ? ELC_OK : elc_batch_end_row(f->results, err);
}

elc_status elc_give_made(elc_frame *f, elc_error *err) {
    if (f->made.size == 0)
        return ELC_OK;
    return elc_give_bytes(f, f->made.data, f->made.size, err);
}

elc_status elc_frame_text(elc_frame *f, size_t argument, size_t row, const char **out,
                          elc_error *err) {
    elc_bytes text = elc_frame_bytes(f, argument, row);
    if (!elc_utf8_valid(text.data, text.size))
        return elc_fail(err, ELC_E_ARGUMENT, "%s is no UTF-8 text",
                        f->function->arguments[argument].name);
    elc_string *copy = &f->texts[argument];
    copy->size = 0;
    ELC_TRY(elc_string_append(copy, text.data, text.size, err));
    *out = copy->data;
    return ELC_OK;
}
