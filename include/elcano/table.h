/* table.h - tables as Arrow record batches: structs, schema, builder, reader, streams.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_TABLE_H
#define ELCANO_TABLE_H

#include <elcano/base.h>

ELC_BEGIN

/* The Arrow C data and C stream interfaces, word for word from the specification
   (https://arrow.apache.org/docs/format/CDataInterface.html), with its guards, so that
   another library's copy may be included beside this one. */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE           2
#define ARROW_FLAG_MAP_KEYS_SORTED    4

struct ArrowSchema {
    const char *format;
    const char *name;
    const char *metadata;
    int64_t flags;
    int64_t n_children;
    struct ArrowSchema **children;
    struct ArrowSchema *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};

struct ArrowArray {
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void **buffers;
    struct ArrowArray **children;
    struct ArrowArray *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};

#endif

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
    int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
    const char *(*get_last_error)(struct ArrowArrayStream *);
    void (*release)(struct ArrowArrayStream *);
    void *private_data;
};

#endif

/* ---- columns ---------------------------------------------------------------- */

/* The types that every table keeps to; GEOMETRY is WKB in binary with GeoArrow's
   extension name and the CRS in the field's metadata. */
typedef enum elc_type {
    ELC_INT32,
    ELC_INT64,
    ELC_FLOAT32,
    ELC_FLOAT64,
    ELC_BOOL,
    ELC_UTF8,
    ELC_BINARY,
    ELC_DATE32,    /* days since 1970-01-01 */
    ELC_TIMESTAMP, /* microseconds since 1970-01-01T00:00Z */
    ELC_GEOMETRY,  /* WKB */
    ELC_FLOATS     /* a list of float32 without NULLs: what a network sees of an image */
} elc_type;

/* One column, as data. Names are snake case; those with a leading '_' are hidden: they
   carry state between an operator's open and combine and are never written. */
typedef struct elc_column {
    const char *name;
    elc_type type;
    const char *unit; /* "px", "degrees", NULL */
    const char *help; /* one line */
} elc_column;

/* "int32", "geometry", … */
const char *elc_type_name(elc_type type);

/* Fills `out` with a struct schema of the columns, all nullable. `crs` is the geometry
   columns' CRS as PROJJSON; NULL means OGC:CRS84, "" none. The caller releases `out`.
 */
elc_status elc_schema_create(const elc_column *columns, size_t n, const char *crs,
                             struct ArrowSchema *out, elc_error *err);

/* A deep copy. */
elc_status elc_schema_clone(const struct ArrowSchema *schema, struct ArrowSchema *out,
                            elc_error *err);

/* A copy without hidden columns. */
elc_status elc_schema_seen(const struct ArrowSchema *schema, struct ArrowSchema *out,
                           elc_error *err);

/* Index of the column called `name`, or -1. */
int64_t elc_schema_find(const struct ArrowSchema *schema, const char *name);

/* The columns of longitude and latitude: lon and lat, else what is called so in other
   letters, or longitude, lng, long and latitude; each -1 without. True for both. */
bool elc_schema_lonlat(const struct ArrowSchema *schema, int64_t *lon, int64_t *lat);

/* The type of a column; ELC_E_UNSUPPORTED for one that tables do not keep to (large,
   unsigned, dictionary, nested types but FLOATS, times of another zone than UTC). GEOMETRY is
   binary of the extension geoarrow.wkb or ogc.wkb. Every schema from outside goes
   through here. */
elc_status elc_schema_type(const struct ArrowSchema *column, elc_type *out,
                           elc_error *err);

/* The CRS of a geometry column, copied; "" for none stated. It is the PROJJSON as it
   was written, or the text that others put there in its place (an authority's code,
   WKT). */
elc_status elc_schema_crs(const struct ArrowSchema *column, char **out, elc_error *err);
/* True for the very text that stands for OGC:CRS84 in the schemas made here. */
bool elc_crs_text_is_crs84(const char *crs);

/* ---- building ---------------------------------------------------------------- */

/* Builds record batches of a schema column by column: call one elc_batch_… for each
   column of a row in any order, then elc_batch_end_row; what was not set is NULL, what
   was set twice has the later value. A batch holds at most 2 GB of each text or binary
   column (ELC_E_MEMORY). */
typedef struct elc_batch elc_batch;

elc_status elc_batch_create(const elc_column *columns, size_t n, elc_batch **out,
                            elc_error *err);
/* Setters name a column by its index. A type that does not fit the column is an
   assertion failure: columns are known where rows are built. */
elc_status elc_batch_int(elc_batch *batch, size_t column, int64_t value,
                         elc_error *err); /* int32, int64, date32, timestamp, bool */
elc_status elc_batch_real(elc_batch *batch, size_t column, double value,
                          elc_error *err); /* float32, float64 */
elc_status elc_batch_text(elc_batch *batch, size_t column, const char *text,
                          elc_error *err); /* NULL text is NULL; invalid UTF-8 is
                                              replaced by U+FFFD */
elc_status elc_batch_bytes(elc_batch *batch, size_t column, const void *bytes,
                           size_t size, elc_error *err); /* binary, geometry */
elc_status elc_batch_floats(elc_batch *batch, size_t column, const float *floats,
                            size_t n, elc_error *err);
elc_status elc_batch_end_row(elc_batch *batch, elc_error *err);
/* Many rows at once, column by column. `values` are as many of the column's type as C
   has them, int32_t, int64_t, float, double or bool, or elc_bytes for text, bytes and the
   bytes of lists;
   `valid` has a bit a row, from the lowest of each word, which is 0 for NULL. Text that
   is no UTF-8, or has a NUL, is repaired as by elc_batch_text. No row may be begun;
   after a failure the batch is as it was. */
typedef struct elc_bytes { /* borrowed */
    const char *data;
    size_t size;
} elc_bytes;
typedef struct elc_column_values {
    const void *values;    /* not read where they are NULL */
    const uint64_t *valid; /* NULL: no row is NULL */
} elc_column_values;
elc_status elc_batch_append(elc_batch *batch, const elc_column_values *columns, size_t rows,
                            elc_error *err);
size_t elc_batch_rows(const elc_batch *batch);
/* Bytes held by the rows so far. */
size_t elc_batch_size(const elc_batch *batch);
/* Moves the rows built so far to `out` (the caller releases it) and starts anew; a row
   that was begun is dropped. After a failure the rows are still in the batch. */
elc_status elc_batch_finish(elc_batch *batch, struct ArrowArray *out, elc_error *err);
void elc_batch_free(elc_batch *batch);

/* ---- reading ----------------------------------------------------------------- */

/* A checked look at one batch of a stream: offsets, sizes and null bitmaps are verified
   against the schema when it is opened (as far as Arrow's structs, which do not say how
   long a buffer is, allow), so that the getters need no checks. Borrows both. Text is
   not checked to be UTF-8. */
typedef struct elc_rows elc_rows;

elc_status elc_rows_view(const struct ArrowSchema *schema,
                         const struct ArrowArray *batch, elc_rows **out,
                         elc_error *err);
size_t elc_rows_count(const elc_rows *rows);
int64_t elc_rows_column(const elc_rows *rows, const char *name); /* -1: none */
bool elc_rows_null(const elc_rows *rows, size_t column, size_t row);
/* A NULL value gives 0. Asking a column for another kind of value than it has, or
   beyond the last row, is an assertion failure. */
int64_t elc_rows_int(const elc_rows *rows, size_t column, size_t row);
double elc_rows_real(const elc_rows *rows, size_t column, size_t row); /* ints too */
/* Those of `n` rows from `row` on; NaN for NULL. */
void elc_rows_reals(const elc_rows *rows, size_t column, size_t row, size_t n,
                    double *out);
/* Borrowed; not NUL-terminated; NULL only for a NULL value. utf8, binary, geometry. */
const char *elc_rows_bytes(const elc_rows *rows, size_t column, size_t row,
                           size_t *size);
/* Borrowed; NULL only for a NULL value. floats. */
const float *elc_rows_floats(const elc_rows *rows, size_t column, size_t row, size_t *n);
void elc_rows_free(elc_rows *rows);

/* Copies one row of any table to a batch whose columns are `from[i]` (index in rows,
   -1: NULL) for each column i of the batch, and ends it. Numbers may widen; what does
   not fit, or is of another kind, is ELC_E_ARGUMENT. */
elc_status elc_batch_copy_row(elc_batch *batch, const elc_rows *rows,
                              const int64_t *from, size_t row, elc_error *err);
/* The same for a row that has other cells, too: it is not ended, and a cell of -1 stays
   as it is. */
elc_status elc_batch_copy_cells(elc_batch *batch, const elc_rows *rows,
                                const int64_t *from, size_t row, elc_error *err);

/* ---- streams ------------------------------------------------------------------ */

/* The errno that stands for a status in Arrow's stream interface, one for each; and the
   status of an errno (ELC_E_IO for any that stands for none). */
int elc_status_errno(elc_status status);
elc_status elc_status_of_errno(int code);

/* Makes a stream from a callback. `next` leaves out->release NULL at the end; its error
   text is what get_last_error gives; after the end or a failure it is not called again.
   `release` frees `state` and may be NULL. `schema` is moved in. On failure schema and
   state stay the caller's. The Arrow error code is that of elc_status_errno. */
typedef struct elc_producer {
    elc_status (*next)(void *state, struct ArrowArray *out, elc_error *err);
    void (*release)(void *state);
    void *state;
} elc_producer;

elc_status elc_stream_create(struct ArrowSchema *schema, elc_producer producer,
                             struct ArrowArrayStream *out, elc_error *err);

/* A stream over `n` batches, which are moved in (array of structs, copied); on failure
   they and the schema stay the caller's. */
elc_status elc_stream_of_batches(struct ArrowSchema *schema, struct ArrowArray *batches,
                                 size_t n, struct ArrowArrayStream *out,
                                 elc_error *err);

/* What the reader of a stream can do without. */
typedef struct elc_wish {
    const elc_names *columns; /* none but these are read; NULL: all are */
    const double *box; /* xmin, ymin, xmax, ymax in the CRS of the first geometry column:
                          rows whose geometry lies outside of it, or nowhere, may be left
                          out; NULL: none */
    bool degrees;      /* longitudes that are a turn apart are one place */
} elc_wish;

/* Tells a stream what is wanted, before its first batch. One that can leave the rest in
   its file does; then its schema has the wanted columns alone, in their order. Others,
   those from elsewhere too, stay as they are. */
elc_status elc_stream_narrow(struct ArrowArrayStream *stream, const elc_wish *wish,
                             elc_error *err);
/* For who makes a stream: `narrow` is called with the producer's state and the schema,
   from which it may take columns. After a failure it can only be released. */
typedef elc_status (*elc_narrow)(void *state, const elc_wish *wish,
                                 struct ArrowSchema *schema, elc_error *err);
void elc_stream_narrows(struct ArrowArrayStream *stream, elc_narrow narrow);
/* Takes the columns from a schema that keep[i] is false for. */
void elc_schema_keep(struct ArrowSchema *schema, const bool *keep);

/* Next batch or the end (out->release NULL); turns Arrow's errno and text back into
   an elc_status, exactly for Elcano's own streams. */
elc_status elc_stream_next(struct ArrowArrayStream *stream, struct ArrowArray *out,
                           elc_error *err);
elc_status elc_stream_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out,
                             elc_error *err);

/* Gives `take` the rows that are left of a stream one by one, in order, and ends at its
   first failure. `schema` is the stream's; `rows` lives as long as the call. Cancelled
   between batches; `context` may be NULL. */
typedef elc_status (*elc_take_row)(void *with, const elc_rows *rows, size_t row,
                                   elc_error *err);
elc_status elc_stream_each(struct ArrowArrayStream *stream,
                           const struct ArrowSchema *schema, const elc_context *context,
                           elc_take_row take, void *with, elc_error *err);

/* Releases when not yet released; NULL and zeroed structs are fine. */
void elc_stream_release(struct ArrowArrayStream *stream);
void elc_schema_release(struct ArrowSchema *schema);
void elc_array_release(struct ArrowArray *array);

/* ---- batches as bytes ---------------------------------------------------------- */

/* Writes a batch of an elc_column table as bytes that can travel through a pipe or a
   file between processes of one version, and reads it back, checked: bytes that were
   cut or changed are ELC_E_FORMAT, or give other values, and never memory beyond their
   size. The same rows give the same bytes, however they are sliced. Appends to `out`.
   Not a format for keeping: that is what layers are for. */
elc_status elc_batch_encode(const struct ArrowSchema *schema,
                            const struct ArrowArray *batch, elc_string *out,
                            elc_error *err);
elc_status elc_batch_decode(const struct ArrowSchema *schema, const void *bytes,
                            size_t size, struct ArrowArray *out, elc_error *err);

ELC_END
#endif
