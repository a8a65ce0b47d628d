/* build.h - what the readers of label files share: where they are, and adding labels.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_LABEL_BUILD_H
#define ELCANO_SRC_LABEL_BUILD_H

#include <elcano/label.h>

/* Texts that were met, found by hash; the texts themselves are in an elc_names. */
typedef struct elc_label_map {
    size_t *slots; /* index + 1; 0: empty */
    size_t capacity;
} elc_label_map;

elc_status elc_label_intern(elc_label_map *map, elc_names *names, const char *text,
                            size_t *out, elc_error *err);

/* A reading under way. */
/* A file's own folder and two above, as in dataset/labels/train. */
enum { ELC_LABEL_FOLDERS = 3 };

typedef struct elc_label_build {
    elc_labels *out;
    elc_label_map images, classes;
    elc_label_size size_of;
    void *size_arg;
    const char *path; /* of the file being read */
    const char *name; /* its path below the folder that was asked for */
    const char *unit; /* what `number` counts: "line", "object" */
    uint64_t number;
    char *names_folder; /* the folder of the last file that asked for class names, */
    char *names_path;   /* and the list that was found; NULL: none */
    /* That folder and those above it, with the list in each, so that a folder of many
       folders is listed once. */
    struct {
        char *folder, *list;
    } looked[ELC_LABEL_FOLDERS];
} elc_label_build;

/* Fails with the place: "a.csv: line 3: ...". */
#define ELC_LABEL_FAIL(b, err, status, format, ...)                                    \
    elc_fail(err, status, "%s: %s %llu: " format, (b)->path, (b)->unit,                \
             (unsigned long long)(b)->number, ##__VA_ARGS__)

/* Says that the labels know an image, whether it has some or not. */
elc_status elc_label_name_image(elc_label_build *b, const char *image, elc_error *err);
/* Adds a label; the ring is copied, and checked to be finite and of this world. `form`
   gives what is left: flags, angle, class_id. `image` NULL: of any; `class_name` NULL:
   not stated. */
elc_status elc_label_add(elc_label_build *b, const char *image, const char *class_name,
                         const elc_label *form, const elc_point *ring, size_t n,
                         elc_error *err);
/* The same with neither image nor class: both are to be set afterwards. */
elc_status elc_label_add_bare(elc_label_build *b, const elc_label *form,
                              const elc_point *ring, size_t n, elc_error *err);
/* elc_label_add for a box; its far corner must not come before the near one. */
elc_status elc_label_add_box(elc_label_build *b, const char *image,
                             const char *class_name, const elc_label *form,
                             const double box[4], elc_error *err);
/* Checks a box, and makes the ring of it. */
elc_status elc_label_box_ring(const elc_label_build *b, const double box[4],
                              elc_point ring[4], elc_error *err);
/* A label of which nothing is stated yet. */
elc_label elc_label_blank(void);
/* A number at the place, in messages called `what`. */
elc_status elc_label_real(const elc_label_build *b, const char *text, const char *what,
                          double *out, elc_error *err);
/* The folder of the file being read, below what was asked for, with its slash, then
   `stated`; a path is left as it is but for '\\', which becomes '/'. */
elc_status elc_label_image_name(const elc_label_build *b, const char *stated,
                                elc_string *out, elc_error *err);
/* The file's name without its ending. */
elc_status elc_label_stem_name(const elc_label_build *b, elc_string *out,
                               elc_error *err);

#endif
