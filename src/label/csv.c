/* csv.c - CSV with a box or a point a line, under the names that people use. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "label/csv.h"

#include "label/file.h"
#include "label/format.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RECORD_MAX   ((size_t)1 << 20)
#define RECORD_LINES 100

typedef struct csv {
    elc_label_build *b;
    elc_label_file file;
    elc_string line, record, image;
    char separator;
    char **fields;
    size_t n, capacity, n_header;
    elc_csv_layout layout;
    bool begun;
} csv;

/* ---- values --------------------------------------------------------------- */

/* The text of a column; NULL where there is none, or nothing in it. */
static const char *text_of(const csv *c, int column) {
    size_t at = c->layout.at[column];
    return at < c->n && c->fields[at][0] != '\0' ? c->fields[at] : NULL;
}

static bool flag_of(const csv *c, int column) {
    const char *text = text_of(c, column);
    return text && (strcmp(text, "1") == 0 || strcasecmp(text, "true") == 0);
}

/* Where ';' separates, numbers may have the decimal comma that goes with it. */
static elc_status read_number(csv *c, int column, const char *what, double *out,
                              elc_error *err) {
    const char *text = text_of(c, column);
    if (text == NULL)
        return ELC_LABEL_FAIL(c->b, err, ELC_E_FORMAT, "no %s, though it has others",
                              what);
    char *comma = c->separator == ';' ? strchr(text, ',') : NULL;
    if (comma != NULL)
        *comma = '.';
    return elc_label_real(c->b, text, what, out, err);
}

static elc_status read_numbers(csv *c, int from, double out[4], int n, elc_error *err) {
    static const char *const what[] = {"xmin", "ymin", "xmax",  "ymax",
                                       "x",    "y",    "width", "height"};
    for (int i = 0; i < n; i++)
        ELC_TRY(read_number(c, from + i, what[from + i], &out[i], err));
    return ELC_OK;
}

/* A line for an image without objects: no coordinates, or DeepForest's zeros. */
static bool is_empty(const csv *c, int from, int n) {
    bool nothing = true, zeros = true;
    for (int i = from; i < from + n; i++) {
        const char *text = text_of(c, i);
        nothing &= text == NULL;
        zeros &= text != NULL && text[strspn(text, "0.,")] == '\0';
    }
    return nothing || (zeros && n == 4);
}

/* ---- labels --------------------------------------------------------------- */

static elc_status read_form(csv *c, elc_label *form, elc_error *err) {
    const char *id = text_of(c, ELC_CSV_ID);
    double value = -1;
    *form = elc_label_blank();
    form->difficult = flag_of(c, ELC_CSV_DIFFICULT);
    form->truncated = flag_of(c, ELC_CSV_TRUNCATED);
    form->crowd = flag_of(c, ELC_CSV_CROWD);
    if (id != NULL)
        ELC_TRY(elc_label_real(c->b, id, "class id", &value, err));
    form->class_id = value >= 0 && value <= INT32_MAX ? (int32_t)value : -1;
    return ELC_OK;
}

static elc_status add_label(csv *c, const char *image, const char *class_name,
                            const elc_label *form, elc_error *err) {
    double v[4];
    if (!c->layout.corners && !c->layout.sized) {
        ELC_TRY(read_numbers(c, ELC_CSV_X, v, 2, err));
        elc_point p = {v[0], v[1]};
        return elc_label_add(c->b, image, class_name, form, &p, 1, err);
    }
    ELC_TRY(read_numbers(c, c->layout.corners ? ELC_CSV_XMIN : ELC_CSV_X, v, 4, err));
    if (c->layout.sized) {
        v[2] += v[0];
        v[3] += v[1];
    }
    return elc_label_add_box(c->b, image, class_name, form, v, err);
}

static elc_status take_label(csv *c, elc_error *err) {
    const char *image = text_of(c, ELC_CSV_IMAGE);
    const char *class_name = text_of(c, ELC_CSV_CLASS);
    elc_label form;
    bool point = !c->layout.corners && !c->layout.sized;
    if (is_empty(c, c->layout.corners ? ELC_CSV_XMIN : ELC_CSV_X, point ? 2 : 4))
        return ELC_OK;
    if (c->layout.at[ELC_CSV_IMAGE] != SIZE_MAX && image == NULL)
        return ELC_LABEL_FAIL(c->b, err, ELC_E_FORMAT, "no image is named");
    if (image != NULL) {
        ELC_TRY(elc_label_image_name(c->b, image, &c->image, err));
        image = c->image.data;
    }
    ELC_TRY(read_form(c, &form, err));
    if (class_name == NULL)
        class_name = text_of(c, ELC_CSV_ID);
    return add_label(c, image, class_name, &form, err);
}

/* ---- records -------------------------------------------------------------- */

static elc_status begin(csv *c, elc_error *err) {
    c->begun = true;
    c->n_header = c->n;
    if (!elc_csv_layout_of(c->fields, c->n, &c->layout))
        return ELC_LABEL_FAIL(c->b, err, ELC_E_FORMAT,
                              "no columns of a box: name them image, xmin, ymin, xmax, "
                              "ymax and class, or "
                              "x, y, width and height");
    return c->layout.header ? ELC_OK : take_label(c, err);
}

static elc_status take_record(csv *c, elc_error *err) {
    if (!c->begun)
        c->separator = elc_csv_separator(c->record.data);
    ELC_TRY(elc_csv_split(c->record.data, c->separator, &c->fields, &c->n, &c->capacity,
                          err));
    if (!c->begun)
        return begin(c, err);
    if (c->n != c->n_header)
        return ELC_LABEL_FAIL(c->b, err, ELC_E_FORMAT,
                              "%zu columns where the first line has %zu", c->n,
                              c->n_header);
    return take_label(c, err);
}

/* The next record, which quotes may make of several lines, and the line it begins in.
 */
static elc_status next_record(csv *c, bool *more, elc_error *err) {
    uint64_t first = 0, line = 0; /* the numbers of the first line and of the last */
    c->record.size = 0;
    ELC_TRY(elc_label_file_line(&c->file, &c->record, &first, more, err));
    while (*more && elc_csv_open(c->record.data, c->separator)) {
        bool goes_on = false;
        ELC_TRY(elc_label_file_line(&c->file, &c->line, &line, &goes_on, err));
        c->b->number = first;
        if (!goes_on || c->record.size > RECORD_MAX || line - first > RECORD_LINES)
            return ELC_LABEL_FAIL(c->b, err, ELC_E_FORMAT,
                                  "a quote that is not closed");
        ELC_TRY(elc_string_printf(&c->record, err, "\n%s", c->line.data));
    }
    c->b->number = first;
    return ELC_OK;
}

static elc_status read_records(csv *c, elc_error *err) {
    for (bool more = true; more;) {
        ELC_TRY(next_record(c, &more, err));
        if (more && c->record.data[strspn(c->record.data, " \t\r\n,;")] != '\0')
            ELC_TRY(take_record(c, err));
    }
    return ELC_OK;
}

static elc_status csv_read(elc_label_build *b, elc_error *err) {
    csv c = {.b = b, .separator = ','};
    b->unit = "line";
    ELC_TRY(elc_label_file_open(b->path, &c.file, err));
    elc_status status = read_records(&c, err);
    elc_label_file_close(&c.file);
    elc_string_free(&c.line);
    elc_string_free(&c.record);
    elc_string_free(&c.image);
    free(c.fields);
    return status;
}

static bool csv_is(const char *head) {
    elc_string line = {0};
    elc_csv_layout layout;
    char **fields = NULL;
    size_t n = 0, capacity = 0;
    head += strspn(head, " \t\r\n");
    bool is = *head != '{' && *head != '<' &&
              elc_string_append(&line, head, strcspn(head, "\n"), NULL) == ELC_OK &&
              elc_csv_split(line.data, elc_csv_separator(line.data), &fields, &n,
                            &capacity, NULL) == ELC_OK &&
              n >= 2 && elc_csv_layout_of(fields, n, &layout);
    elc_string_free(&line);
    free(fields);
    return is;
}

static const char *const endings[] = {"csv", "tsv", NULL};
const elc_label_format elc_label_format_csv = {"csv", endings, csv_is, csv_read};
