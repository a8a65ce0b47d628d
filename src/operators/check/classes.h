/* classes.h - the classes of detections: their rules, and on which land they are. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_CHECK_CLASSES_H
#define ELCANO_SRC_OPERATORS_CHECK_CLASSES_H

#include "job.h"

#include "operators/parts/names.h"

/* A class, and its rules among `matching`, in their order. */
typedef struct check_class {
    size_t first, n;
} check_class;

/* Start with {0}, and what is borrowed. */
typedef struct check_classes {
    const check_job *job;
    const size_t *theme_of; /* of each rule; SIZE_MAX: not asked */
    size_t n_lands;         /* themes, and none */
    part_names names;       /* of the classes; NULL is one, shown as "" */
    check_class *items;
    size_t *matching; /* rules */
    uint64_t *counts; /* n_lands for each class */
    bool **seen;      /* of each rule's classes: there was one */
    elc_string key;
    size_t capacity, matching_capacity, n_matching, counts_capacity;
} check_classes;

/* To be called once, before the first class. */
elc_status elc_check_classes_begin(check_classes *classes, elc_error *err);
/* The number of a class; `text` NULL is one of its own. */
elc_status elc_check_class(check_classes *classes, const char *text, size_t size,
                           uint32_t *out, elc_error *err);
/* The numbers of the classes by their names, NULL last; the caller frees it. */
elc_status elc_check_classes_order(const check_classes *classes, uint32_t **out,
                                   elc_error *err);
/* NULL for the class of those that have none. */
const char *elc_check_class_name(const check_classes *classes, uint32_t number);
/* Warns of classes that rules name and no detection has. */
void elc_check_classes_warn(const check_classes *classes, const elc_context *context);
void elc_check_classes_free(check_classes *classes);

#endif
