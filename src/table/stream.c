/* stream.c - Arrow streams made from callbacks, and read. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/table.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- codes ------------------------------------------------------------------- */

/* One errno for each status, so that a failure passes through Arrow's interface
   whole. */
static const int codes[] = {
    [ELC_OK] = 0,
    [ELC_E_ARGUMENT] = EINVAL,
    [ELC_E_NOT_FOUND] = ENOENT,
    [ELC_E_EXISTS] = EEXIST,
    [ELC_E_IO] = EIO,
    [ELC_E_FORMAT] = EBADMSG,
    [ELC_E_MODEL] = ENOEXEC,
    [ELC_E_UNSUPPORTED] = ENOTSUP,
    [ELC_E_MEMORY] = ENOMEM,
    [ELC_E_CANCELLED] = ECANCELED,
    [ELC_E_INTERNAL] = EPROTO,
};

enum { N_CODES = sizeof codes / sizeof *codes };

int elc_status_errno(elc_status status) {
    return (size_t)status < N_CODES ? codes[status] : EPROTO;
}

elc_status elc_status_of_errno(int code) {
    for (size_t i = 0; i < N_CODES; i++) {
        if (codes[i] == code)
            return (elc_status)i;
    }
    return code == ENOSYS ? ELC_E_UNSUPPORTED : ELC_E_IO;
}

/* ---- making ------------------------------------------------------------------ */

typedef struct {
    struct ArrowSchema schema;
    elc_producer producer;
    elc_narrow narrow; /* may be NULL */
    bool begun, ended;
    elc_error err;
} source;

static int failed(source *s, elc_status status) {
    s->err.status = status;
    return elc_status_errno(status);
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
    source *s = stream->private_data;
    elc_error err = {0};
    elc_status status = elc_schema_clone(&s->schema, out, &err);
    if (status == ELC_OK)
        return 0;
    s->err = err;
    return failed(s, status);
}

/* After its end or a failure a producer is not asked again. */
static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
    source *s = stream->private_data;
    struct ArrowArray batch = {0};
    s->begun = true;
    if (s->ended && s->err.status != ELC_OK)
        return elc_status_errno(s->err.status);
    if (!s->ended) {
        elc_status status = s->producer.next(s->producer.state, &batch, &s->err);
        s->ended = status != ELC_OK || batch.release == NULL;
        if (status != ELC_OK)
            return failed(s, status);
    }
    *out = batch;
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream) {
    source *s = stream->private_data;
    return s->err.message[0] == '\0' ? NULL : s->err.message;
}

static void release(struct ArrowArrayStream *stream) {
    source *s = stream->private_data;
    if (s->producer.release != NULL)
        s->producer.release(s->producer.state);
    elc_schema_release(&s->schema);
    free(s);
    stream->release = NULL;
}

elc_status elc_stream_create(struct ArrowSchema *schema, elc_producer producer,
                             struct ArrowArrayStream *out, elc_error *err) {
    source *s;
    ELC_TRY(elc_alloc(1, sizeof *s, &s, err));
    s->schema = *schema;
    s->producer = producer;
    schema->release = NULL;
    *out = (struct ArrowArrayStream){get_schema, get_next, get_last_error, release, s};
    return ELC_OK;
}

/* ---- narrowing ---------------------------------------------------------------- */

void elc_stream_narrows(struct ArrowArrayStream *stream, elc_narrow narrow) {
    source *s = stream->private_data;
    s->narrow = narrow;
}

elc_status elc_stream_narrow(struct ArrowArrayStream *stream, const elc_wish *wish,
                             elc_error *err) {
    if (stream->release != release) /* another's */
        return ELC_OK;
    source *s = stream->private_data;
    if (s->narrow == NULL || s->begun)
        return ELC_OK;
    return s->narrow(s->producer.state, wish, &s->schema, err);
}

/* ---- over batches ------------------------------------------------------------ */

typedef struct {
    size_t next, count;
    struct ArrowArray *batches;
} held;

static elc_status held_next(void *state, struct ArrowArray *out, elc_error *err) {
    held *h = state;
    (void)err;
    if (h->next < h->count) {
        *out = h->batches[h->next];
        h->batches[h->next++].release = NULL;
    }
    return ELC_OK;
}

static void held_release(void *state) {
    held *h = state;
    for (size_t i = h->next; i < h->count; i++)
        elc_array_release(&h->batches[i]);
    free(h->batches);
    free(h);
}

static elc_status held_create(size_t n, held **out, elc_error *err) {
    held *h;
    ELC_TRY(elc_alloc(1, sizeof *h, &h, err));
    elc_status status = elc_alloc(n, sizeof *h->batches, &h->batches, err);
    if (status != ELC_OK) {
        free(h);
        return status;
    }
    *out = h;
    return ELC_OK;
}

elc_status elc_stream_of_batches(struct ArrowSchema *schema, struct ArrowArray *batches,
                                 size_t n, struct ArrowArrayStream *out,
                                 elc_error *err) {
    held *h;
    ELC_TRY(held_create(n, &h, err));
    elc_producer producer = {held_next, held_release, h};
    elc_status status = elc_stream_create(schema, producer, out, err);
    if (status != ELC_OK) {
        held_release(h);
        return status;
    }
    for (size_t i = 0; i < n; i++) {
        h->batches[i] = batches[i];
        batches[i].release = NULL;
    }
    h->count = n;
    return ELC_OK;
}

/* ---- reading ----------------------------------------------------------------- */

static elc_status check_stream(const struct ArrowArrayStream *stream, elc_error *err) {
    if (stream == NULL || stream->release == NULL)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "table: a stream that is released; it can be read once only");
    return ELC_OK;
}

static elc_status told(struct ArrowArrayStream *stream, int code, elc_error *err) {
    const char *text = stream->get_last_error(stream);
    char reason[128];
    if (text == NULL || text[0] == '\0')
        text = strerror_r(code, reason, sizeof reason);
    return elc_fail(err, elc_status_of_errno(code), "%s", text);
}

elc_status elc_stream_next(struct ArrowArrayStream *stream, struct ArrowArray *out,
                           elc_error *err) {
    struct ArrowArray batch = {0};
    ELC_TRY(check_stream(stream, err));
    int code = stream->get_next(stream, &batch);
    if (code != 0)
        return told(stream, code, err);
    *out = batch;
    return ELC_OK;
}

elc_status elc_stream_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out,
                             elc_error *err) {
    struct ArrowSchema schema = {0};
    ELC_TRY(check_stream(stream, err));
    int code = stream->get_schema(stream, &schema);
    if (code != 0)
        return told(stream, code, err);
    *out = schema;
    return ELC_OK;
}

static elc_status take_rows(const struct ArrowSchema *schema,
                            const struct ArrowArray *batch, elc_take_row take,
                            void *with, elc_error *err) {
    elc_rows *rows = NULL;
    ELC_TRY(elc_rows_view(schema, batch, &rows, err));
    elc_status status = ELC_OK;
    for (size_t row = 0; row < elc_rows_count(rows) && status == ELC_OK; row++)
        status = take(with, rows, row, err);
    elc_rows_free(rows);
    return status;
}

elc_status elc_stream_each(struct ArrowArrayStream *stream,
                           const struct ArrowSchema *schema, const elc_context *context,
                           elc_take_row take, void *with, elc_error *err) {
    for (;;) {
        struct ArrowArray batch = {0};
        ELC_TRY(elc_check_cancel(context, err));
        ELC_TRY(elc_stream_next(stream, &batch, err));
        if (batch.release == NULL)
            return ELC_OK;
        elc_status status = take_rows(schema, &batch, take, with, err);
        elc_array_release(&batch);
        ELC_TRY(status);
    }
}

void elc_stream_release(struct ArrowArrayStream *stream) {
    if (stream != NULL && stream->release != NULL)
        stream->release(stream);
}
