/* layout_end.c - the file of a whole training set, from what its parts have told. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "layout_end.h"

#include "rows.h"

#include "operators/parts/write.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* What the rows of a group say, in their order. */
typedef struct ending {
    json_t *classes; /* names; NULL: not told yet */
    elc_string images, objects;
    json_int_t n_images, n_objects;
} ending;

static elc_status bad(elc_error *err, const char *what) {
    return elc_fail(err, ELC_E_FORMAT, "combine: a row of the layout %s", what);
}

static elc_status add_json(elc_string *out, json_t *value, elc_error *err) {
    char *text = json_dumps(value, JSON_COMPACT | JSON_REAL_PRECISION(10));
    if (!text)
        return elc_fail(err, ELC_E_MEMORY, "no memory for the layout");
    elc_status status = ELC_OK;
    if (out->size > 0)
        status = elc_string_append(out, ",\n", 2, err);
    if (status == ELC_OK)
        status = elc_string_append(out, text, strlen(text), err);
    free(text);
    return status;
}

static elc_status add_objects(ending *e, json_t *objects, elc_error *err) {
    for (size_t i = 0; i < json_array_size(objects); i++) {
        json_t *object = json_array_get(objects, i);
        if (!json_is_object(object))
            return bad(err, "has an object that is none");
        json_object_set_new(object, "id", json_integer(++e->n_objects));
        json_object_set_new(object, "image_id", json_integer(e->n_images));
        ELC_TRY(add_json(&e->objects, object, err));
    }
    return ELC_OK;
}

static elc_status add_chip(ending *e, json_t *chip, elc_error *err) {
    json_t *classes = json_object_get(chip, "classes");
    json_t *file = json_object_get(chip, "file");
    if (!json_is_string(file) || !json_is_array(json_object_get(chip, "objects")))
        return bad(err, "has no file or objects");
    if (json_is_array(classes) && !e->classes)
        e->classes = json_incref(classes);
    json_t *image = json_pack(
        "{s:I, s:O, s:O?, s:O?}", "id", ++e->n_images, "file_name", file, "width",
        json_object_get(chip, "width"), "height", json_object_get(chip, "height"));
    elc_status status = image ? add_json(&e->images, image, err) : bad(err, "is wrong");
    json_decref(image);
    return status == ELC_OK ? add_objects(e, json_object_get(chip, "objects"), err)
                            : status;
}

static elc_status add_row(void *with, const elc_rows *rows, size_t row,
                          elc_error *err) {
    size_t size = 0;
    if (elc_rows_null(rows, CHIPS_COL_STATE, row))
        return bad(err, "has no state");
    const char *text = elc_rows_bytes(rows, CHIPS_COL_STATE, row, &size);
    json_t *chip = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
    elc_status status = chip ? add_chip(with, chip, err) : bad(err, "is no JSON");
    json_decref(chip);
    return status;
}

/* ---- the files --------------------------------------------------------------------
 */

static elc_status add_categories(const ending *e, elc_string *out, elc_error *err) {
    elc_string list = {0};
    elc_status status = ELC_OK;
    for (size_t i = 0; i < json_array_size(e->classes) && status == ELC_OK; i++) {
        json_t *category = json_pack("{s:i, s:O}", "id", (int)i + 1, "name",
                                     json_array_get(e->classes, i));
        status = category ? add_json(&list, category, err) : bad(err, "has no classes");
        json_decref(category);
    }
    if (status == ELC_OK)
        status = elc_string_printf(out, err, "\"categories\": [\n%s]",
                                   list.data ? list.data : "");
    elc_string_free(&list);
    return status;
}

static elc_status write_coco(const ending *e, elc_string *out, elc_error *err) {
    ELC_TRY(elc_string_printf(out, err, "{"));
    ELC_TRY(add_categories(e, out, err));
    ELC_TRY(elc_string_printf(out, err, ",\n\"images\": [\n%s],\n",
                              e->images.data ? e->images.data : ""));
    return elc_string_printf(out, err, "\"annotations\": [\n%s]}\n",
                             e->objects.data ? e->objects.data : "");
}

/* JSON is YAML: names as JSON texts need no rules of their own. */
static elc_status write_yolo(const ending *e, elc_string *out, elc_error *err) {
    /* Without `path` the folders are those beside the file, wherever it is moved. */
    ELC_TRY(elc_string_printf(out, err,
                              "# Validation sees what training does, until it has "
                              "chips of its own.\n"
                              "train: images\nval: images\nnc: %zu\nnames:\n",
                              json_array_size(e->classes)));
    for (size_t i = 0; i < json_array_size(e->classes); i++) {
        char *name = json_dumps(json_array_get(e->classes, i),
                                JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
        if (!name)
            return elc_fail(err, ELC_E_MEMORY, "no memory for data.yaml");
        elc_status status = elc_string_printf(out, err, "  %zu: %s\n", i, name);
        free(name);
        ELC_TRY(status);
    }
    return ELC_OK;
}

static elc_status write_end(const elc_call *call, const ending *e, elc_error *err) {
    const char *folder = elc_options_text(call->options, "out_dir");
    bool yolo = strcmp(elc_options_text(call->options, "layout"), "yolo") == 0;
    elc_string path = {0}, text = {0};
    elc_status status = elc_string_printf(&path, err, "%s/%s", folder ? folder : ".",
                                          yolo ? "data.yaml" : "annotations.json");
    if (status == ELC_OK)
        status = yolo ? write_yolo(e, &text, err) : write_coco(e, &text, err);
    if (status == ELC_OK)
        status = elc_write_file(path.data, text.data, text.size, err);
    elc_string_free(&path);
    elc_string_free(&text);
    return status;
}

/* ---- the operator's combine --------------------------------------------------------
 */

static elc_status check_schema(const struct ArrowSchema *schema, elc_error *err) {
    elc_type type;
    if (schema->n_children <= CHIPS_COL_STATE)
        return bad(err, "has too few columns");
    ELC_TRY(elc_schema_type(schema->children[CHIPS_COL_STATE], &type, err));
    return type == ELC_UTF8 ? ELC_OK : bad(err, "has no state");
}

elc_status elc_chips_layout_end(const elc_call *call, struct ArrowArrayStream *group,
                                struct ArrowArrayStream *out, elc_error *err) {
    struct ArrowSchema schema = {0};
    ending e = {0};
    elc_status status = ELC_OK;
    ELC_TRY_GOTO(elc_stream_schema(group, &schema, err), status, done);
    ELC_TRY_GOTO(check_schema(&schema, err), status, done);
    ELC_TRY_GOTO(elc_stream_each(group, &schema, call->context, add_row, &e, err),
                 status, done);
    ELC_TRY_GOTO(write_end(call, &e, err), status, done);
    status = elc_stream_of_batches(&schema, NULL, 0, out, err);
done:
    elc_schema_release(&schema);
    json_decref(e.classes);
    elc_string_free(&e.images);
    elc_string_free(&e.objects);
    return status;
}
