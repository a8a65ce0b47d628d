/* detecting.c - runs detect as a face does, and gives its rows as text. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "detecting.h"

#include <stdlib.h>
#include <string.h>

elc_status detecting_prepare(const detecting *d, detect_call *out, elc_error *err) {
    const elc_operator *op = NULL;
    *out = (detect_call){0};
    ELC_TRY(elc_operator_find("detect", &op, err));
    ELC_TRY(elc_options_create(op->options, &out->options, err));
    for (size_t i = 0; d->options && d->options[i]; i++) {
        char name[64] = {0};
        const char *equals = strchr(d->options[i], '=');
        memcpy(name, d->options[i], (size_t)(equals - d->options[i]));
        ELC_TRY(elc_options_set(out->options, name, equals + 1, err));
    }
    size_t n = 0;
    while (d->paths[n])
        n++;
    out->input = (elc_reference){.paths = d->paths, .n_paths = n};
    out->call = (elc_call){.op = op,
                           .options = out->options,
                           .inputs = &out->input,
                           .context = d->context,
                           .part_units = d->part_units};
    return ELC_OK;
}

void detecting_done(detect_call *call) {
    elc_call_release(&call->call);
    elc_options_free(call->options);
}

static elc_status print_bytes(const char *bytes, size_t n, elc_string *out,
                              elc_error *err) {
    for (size_t i = 0; i < n; i++)
        ELC_TRY(elc_string_printf(out, err, "%02x", (unsigned char)bytes[i]));
    return ELC_OK;
}

static elc_status print_value(const elc_rows *rows, const struct ArrowSchema *column,
                              size_t c, size_t r, elc_string *out, elc_error *err) {
    elc_type type;
    size_t size = 0;
    ELC_TRY(elc_schema_type(column, &type, err));
    if (type == ELC_FLOAT32 || type == ELC_FLOAT64)
        return elc_string_printf(out, err, "%.17g", elc_rows_real(rows, c, r));
    if (type != ELC_UTF8 && type != ELC_BINARY && type != ELC_GEOMETRY)
        return elc_string_printf(out, err, "%lld", (long long)elc_rows_int(rows, c, r));
    const char *bytes = elc_rows_bytes(rows, c, r, &size);
    return type == ELC_UTF8 ? elc_string_append(out, bytes, size, err)
                            : print_bytes(bytes, size, out, err);
}

static elc_status print_batch(const struct ArrowSchema *schema,
                              const struct ArrowArray *batch, elc_string *out,
                              size_t *count, elc_error *err) {
    elc_rows *rows = NULL;
    ELC_TRY(elc_rows_view(schema, batch, &rows, err));
    elc_status status = ELC_OK;
    for (size_t r = 0; r < elc_rows_count(rows) && status == ELC_OK; r++) {
        for (int64_t c = 0; c < schema->n_children && status == ELC_OK; c++) {
            if (elc_rows_null(rows, (size_t)c, r))
                continue;
            status = elc_string_printf(out, err, "%s=", schema->children[c]->name);
            if (status == ELC_OK)
                status = print_value(rows, schema->children[c], (size_t)c, r, out, err);
            if (status == ELC_OK)
                status = elc_string_append(out, " ", 1, err);
        }
        if (status == ELC_OK)
            status = elc_string_append(out, "\n", 1, err);
        ++*count;
    }
    elc_rows_free(rows);
    return status;
}

elc_status detecting_print(struct ArrowArrayStream *stream, elc_string *out,
                           size_t *rows, elc_error *err) {
    struct ArrowSchema schema = {0};
    elc_status status = elc_stream_schema(stream, &schema, err);
    while (status == ELC_OK) {
        struct ArrowArray batch = {0};
        status = elc_stream_next(stream, &batch, err);
        if (status != ELC_OK || !batch.release)
            break;
        status = print_batch(&schema, &batch, out, rows, err);
        elc_array_release(&batch);
    }
    elc_schema_release(&schema);
    elc_stream_release(stream);
    return status;
}

static elc_status run_rows(elc_run *run, elc_string *out, size_t *rows,
                           elc_error *err) {
    struct ArrowArrayStream stream = {0};
    size_t images = 0;
    ELC_TRY(elc_run_table(run, &stream, err));
    ELC_TRY(detecting_print(&stream, out, rows, err));
    ELC_TRY(elc_run_side(run, 1, &stream, err));
    return detecting_print(&stream, out, &images, err);
}

elc_status detecting_rows(const detecting *d, elc_string *out, size_t *rows,
                          elc_error *err) {
    detect_call call;
    elc_run *run = NULL;
    size_t count = 0;
    elc_status status = detecting_prepare(d, &call, err);
    if (status == ELC_OK)
        status = elc_run_create(&call.call, &run, err);
    if (status == ELC_OK)
        status = run_rows(run, out, &count, err);
    elc_run_free(run);
    detecting_done(&call);
    if (rows)
        *rows = count;
    return status;
}
