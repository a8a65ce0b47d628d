/* catalog.c - one row an image: what it is, where it lies, and what is known of it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/run.h>

#include <stdlib.h>
#include <string.h>

#include "catalog/keys.h"
#include "catalog/part.h"
#include "catalog/rows.h"

static const elc_input inputs[] = {
    {.name = "images",
     .cut = ELC_CUT_SOURCE,
     .help = "folders, archives, image files, globs, @list.txt, /vsicurl/, /vsis3/ and "
             "/vsizip/ paths"},
    {0},
};

static const char *const on_error_words[] = {"fail", "skip", "record", NULL};

static const elc_option options[] = {
    {.name = "recursive",
     .type = ELC_OPTION_BOOL,
     .fallback = "yes",
     .help = "folders and archives inside of folders, too"},
    {.name = "sample",
     .type = ELC_OPTION_REAL,
     .fallback = "1",
     .min = 0,
     .max = 1,
     .help = "about this share of the images, the same on every machine"},
    {.name = "seed",
     .type = ELC_OPTION_INT,
     .fallback = "0",
     .help = "which sample: another number gives another one"},
    {.name = "on_error",
     .type = ELC_OPTION_CHOICE,
     .choices = on_error_words,
     .fallback = "record",
     .help = "what an image that cannot be read does: ends the run, is left out with a "
             "warning, or becomes a row with its reason"},
    {0},
};

static const elc_output outputs[] = {
    {.name = "images",
     .help = "one row an image",
     .columns = elc_catalog_columns,
     .n_columns = ELC_CATALOG_COLUMNS},
    {0},
};

/* A batch ends with so many rows, or bytes: `raw` may be large. A folder is cut into at
   most so many parts of at least so many files, to give work to threads. */
enum { BATCH_ROWS = 512, BATCH_BYTES = 4 << 20, PART_FILES = 128, PARTS_A_FOLDER = 16 };

/* ---- plan ------------------------------------------------------------------------ */

static elc_status collect_keys(const elc_folder_list *folders, elc_names *keys,
                               elc_error *err) {
    for (size_t i = 0; i < folders->count; i++) {
        const elc_folder *folder = &folders->items[i];
        ELC_TRY(elc_catalog_keys_collect(keys, folder->prefix, err));
        for (size_t k = 0; k < folder->files.count; k++)
            ELC_TRY(elc_catalog_keys_collect(keys, folder->files.items[k].name, err));
    }
    return ELC_OK;
}

static elc_status add_parts(const elc_folder_list *folders, const elc_names *keys,
                            elc_plan *out, elc_error *err) {
    elc_string bytes = {0};
    elc_status status = ELC_OK;
    for (size_t i = 0; i < folders->count && status == ELC_OK; i++) {
        const elc_folder *folder = &folders->items[i];
        bytes.size = 0;
        status = elc_catalog_part_write(folder, keys, &bytes, err);
        if (status == ELC_OK)
            status = elc_plan_add(out, bytes.data, bytes.size, i,
                                  (double)folder->entries + 1, err);
        out->units += folder->entries;
        out->items += folder->from ? 0 : 1;
    }
    elc_string_free(&bytes);
    return status;
}

static elc_status plan(const elc_call *call, elc_plan *out, elc_error *err) {
    elc_folder_wish wish = {.recursive = elc_options_bool(call->options, "recursive"),
                            .slice = call->part_units ? call->part_units : PART_FILES,
                            .most = call->part_units ? 0 : PARTS_A_FOLDER};
    elc_folder_list folders = {0};
    elc_names keys = {0};
    out->item_name = "folders";
    out->unit_name = "files";
    elc_status status = elc_folders_find(call->inputs[0].paths, call->inputs[0].n_paths,
                                         &wish, &folders, err);
    if (status == ELC_OK)
        status = collect_keys(&folders, &keys, err);
    if (status == ELC_OK)
        status = add_parts(&folders, &keys, out, err);
    elc_names_free(&keys);
    elc_folder_list_free(&folders);
    return status;
}

/* ---- sample ---------------------------------------------------------------------- */

/* The first 52 bits of the SHA-256 of seed and name, as a share of all. */
static elc_status is_sampled(const elc_options *o, const char *name, bool *out,
                             elc_error *err) {
    double share = elc_options_real(o, "sample");
    *out = true;
    if (share >= 1)
        return ELC_OK;
    char hex[65];
    elc_string text = {0};
    ELC_TRY(elc_string_printf(&text, err, "%lld %s",
                              (long long)elc_options_int(o, "seed"), name));
    elc_sha256(text.data, text.size, hex);
    elc_string_free(&text);
    hex[13] = 0;
    *out = (double)strtoull(hex, NULL, 16) < share * (double)(UINT64_C(1) << 52);
    return ELC_OK;
}

/* ---- open ------------------------------------------------------------------------ */

typedef enum on_error { ON_ERROR_FAIL, ON_ERROR_SKIP, ON_ERROR_RECORD } on_error;

typedef struct opened {
    const elc_call *call;
    on_error on_error;
    catalog_part part;
    elc_folder_reader *reader; /* NULL: not listed yet */
    elc_sidecars *sidecars;
    catalog_rows *rows;
    elc_progress progress;
    bool ended;
} opened;

static void opened_free(void *state) {
    opened *o = state;
    elc_folder_reader_free(o->reader);
    elc_sidecars_free(o->sidecars);
    elc_catalog_rows_free(o->rows);
    elc_catalog_part_free(&o->part);
    free(o);
}

/* What is nobody's fault but the machine's, or the caller's wish. */
static bool is_fatal(elc_status status) {
    return status == ELC_E_MEMORY || status == ELC_E_CANCELLED ||
           status == ELC_E_INTERNAL;
}

static elc_status add_row(opened *o, const catalog_image *image, elc_error *err) {
    o->progress.found++;
    return elc_catalog_rows_add(o->rows, image, err);
}

/* What cannot be read ends the run, is left out, or is a row. */
static elc_status add_failure(opened *o, catalog_image *image, const elc_error *why,
                              elc_error *err) {
    if (is_fatal(why->status) || o->on_error == ON_ERROR_FAIL)
        return elc_fail(err, why->status, "%s", why->message);
    if (o->on_error == ON_ERROR_SKIP) {
        elc_warn(o->call->context, "%s", why->message);
        o->progress.skipped++;
        return ELC_OK;
    }
    image->error = why->message;
    return add_row(o, image, err);
}

/* Reads what is beside and in an image, and adds its row. */
static elc_status add_facts(opened *o, catalog_image *image, const elc_error *why,
                            elc_error *err) {
    elc_facts facts = {0};
    elc_status status =
        elc_facts_read(image->file, image->image, o->sidecars, &facts, err);
    image->facts = &facts;
    if (status == ELC_OK)
        status =
            image->image ? add_row(o, image, err) : add_failure(o, image, why, err);
    elc_facts_clear(&facts);
    return status;
}

/* Takes the image, NULL when it could not be opened for the reason `why`. */
static elc_status add_opened(opened *o, catalog_image *image, elc_image *opened_image,
                             const elc_error *why, elc_error *err) {
    image->image = opened_image;
    elc_status status = ELC_OK;
    if (!opened_image && (is_fatal(why->status) || o->on_error != ON_ERROR_RECORD))
        return add_failure(o, image, why, err);
    if (opened_image && elc_folder_reader_shows_others(o->reader, opened_image))
        o->progress.skipped++;
    else
        status = add_facts(o, image, why, err);
    elc_image_free(opened_image);
    return status;
}

static elc_image *open_image(opened *o, const char *path, elc_error *why) {
    elc_image *image = NULL;
    why->status = elc_folder_reader_open(o->reader, path, &image, why);
    return image;
}

/* "NETCDF:"/data/a.nc":v" of "x/a.nc" is called "NETCDF:"x/a.nc":v". */
static elc_status name_part(const char *inside, const elc_found *file, elc_string *out,
                            elc_error *err) {
    const char *at = strstr(inside, file->path);
    out->size = 0;
    if (!at)
        return elc_string_printf(out, err, "%s#%s", file->name, inside);
    return elc_string_printf(out, err, "%.*s%s%s", (int)(at - inside), inside,
                             file->name, at + strlen(file->path));
}

/* The images inside of a file without pixels; `*n` is their number. */
static elc_status add_inside(opened *o, const elc_found *file, size_t *n,
                             elc_error *err) {
    elc_names inside = {0};
    elc_string name = {0};
    elc_status status = elc_image_subdatasets(file->path, &inside, err);
    *n = inside.count;
    for (size_t i = 0; i < inside.count && status == ELC_OK; i++) {
        catalog_image image = {.path = inside.items[i], .file = file->path};
        status = elc_check_cancel(o->call->context, err);
        if (status == ELC_OK)
            status = name_part(inside.items[i], file, &name, err);
        image.name = name.data;
        elc_error why = {0};
        elc_image *one = status == ELC_OK ? open_image(o, image.path, &why) : NULL;
        if (status == ELC_OK)
            status = add_opened(o, &image, one, &why, err);
    }
    elc_string_free(&name);
    elc_names_free(&inside);
    return status;
}

static elc_status add_file(opened *o, const elc_found *file, elc_error *err) {
    catalog_image image = {file->name, file->path, file->path, NULL, NULL, NULL};
    elc_error why = {0};
    size_t inside = 0;
    elc_image *one = open_image(o, file->path, &why);
    if (why.status == ELC_E_UNSUPPORTED)
        ELC_TRY(add_inside(o, file, &inside, err));
    return inside ? ELC_OK : add_opened(o, &image, one, &why, err);
}

static elc_status take_name(opened *o, elc_error *err) {
    const elc_found *file = NULL;
    bool wanted = false;
    ELC_TRY(elc_check_cancel(o->call->context, err));
    ELC_TRY(elc_folder_reader_next(o->reader, &file, &wanted, err));
    if (!file) {
        o->ended = true;
        return ELC_OK;
    }
    if (wanted)
        ELC_TRY(is_sampled(o->call->options, file->name, &wanted, err));
    if (wanted)
        ELC_TRY(add_file(o, file, err));
    o->progress.done++;
    o->progress.skipped += wanted ? 0 : 1;
    elc_report(o->call->context, &o->progress);
    return ELC_OK;
}

/* What a row calls a folder that cannot be listed: as its images would be, or its path.
 */
static elc_status name_folder(const elc_folder *folder, elc_string *out,
                              elc_error *err) {
    size_t n = strlen(folder->prefix);
    return n > 0 ? elc_string_append(out, folder->prefix, n - 1, err)
                 : elc_string_printf(out, err, "%s", folder->path);
}

static elc_status list_folder(opened *o, elc_error *err) {
    const elc_folder *folder = &o->part.folder;
    elc_error why = {0};
    why.status = elc_folder_reader_create(folder, &o->reader, &why);
    if (why.status == ELC_OK) {
        const elc_names *names = elc_folder_reader_names(o->reader);
        return elc_sidecars_create(folder->path ? folder->path : "",
                                   (const char *const *)names->items, names->count,
                                   &o->sidecars, err);
    }
    o->ended = true;
    elc_string name = {0};
    ELC_TRY(name_folder(folder, &name, err));
    catalog_image image = {.name = name.data, .path = folder->path};
    image.file = folder->path;
    elc_status status = add_failure(o, &image, &why, err);
    elc_string_free(&name);
    return status;
}

static elc_status next_rows(void *state, struct ArrowArray *out, elc_error *err) {
    opened *o = state;
    elc_batch *batch = elc_catalog_rows_batch(o->rows);
    if (!o->reader && !o->ended)
        ELC_TRY(list_folder(o, err));
    while (!o->ended && elc_batch_rows(batch) < BATCH_ROWS &&
           elc_batch_size(batch) < BATCH_BYTES)
        ELC_TRY(take_name(o, err));
    return elc_batch_rows(batch) ? elc_batch_finish(batch, out, err) : ELC_OK;
}

static on_error on_error_of(const elc_options *o) {
    const char *word = elc_options_text(o, "on_error");
    return strcmp(word, "skip") == 0   ? ON_ERROR_SKIP
           : strcmp(word, "fail") == 0 ? ON_ERROR_FAIL
                                       : ON_ERROR_RECORD;
}

static elc_status start(opened *o, const elc_call *call, const elc_part *part,
                        struct ArrowSchema *schema, elc_error *err) {
    o->call = call;
    o->on_error = on_error_of(call->options);
    ELC_TRY(elc_catalog_part_read(part->bytes, part->size, &o->part, err));
    o->progress.unit = "files";
    o->progress.total = o->part.folder.entries;
    ELC_TRY(elc_catalog_rows_create(&o->part.keys, &o->rows, err));
    return elc_catalog_rows_schema(o->rows, schema, err);
}

static elc_status open_part(const elc_call *call, const elc_part *part,
                            struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                            elc_error *err) {
    (void)in;
    opened *o = NULL;
    struct ArrowSchema schema = {0};
    ELC_TRY(elc_alloc(1, sizeof *o, &o, err));
    elc_status status = start(o, call, part, &schema, err);
    if (status == ELC_OK)
        status = elc_stream_create(&schema, (elc_producer){next_rows, opened_free, o},
                                   out, err);
    if (status != ELC_OK) {
        elc_schema_release(&schema);
        opened_free(o);
    }
    return status;
}

const elc_operator elc_operator_catalog = {
    .name = "catalog",
    .summary = "list images with their metadata and footprints",
    .inputs = inputs,
    .options = options,
    .outputs = outputs,
    .example = "elcano catalog deliveries/ --recursive -o images.gpkg",
    .plan = plan,
    .open = open_part,
};
