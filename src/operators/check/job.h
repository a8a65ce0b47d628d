/* job.h - what check is asked: rules, themes, and where a map has them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_CHECK_JOB_H
#define ELCANO_SRC_OPERATORS_CHECK_JOB_H

#include <elcano/run.h>

#include "map.h"
#include "rules.h"
#include "themes.h"

/* A theme that a layer gives. */
typedef struct check_given {
    const char *theme, *reference; /* in `words` */
} check_given;

/* Read once, and then only looked at. */
typedef struct check_job {
    const char *osm; /* NULL: none */
    check_rules rules;
    check_themes themes;
    const char *rules_name; /* as it was given, for messages */
    elc_names words;
    check_given *given;
    size_t n_given;
    bool *asked; /* of each rule: its theme is given */
} check_job;

/* Reads the options and the tables that they name; the map itself is read later. */
elc_status elc_check_job_create(const elc_call *call, check_job **out, elc_error *err);
void elc_check_job_free(check_job *job);

/* Reads the map. *theme_of, which the caller frees, is each rule's theme, SIZE_MAX for
   those that are not asked. */
elc_status elc_check_load(const check_job *job, const elc_context *context,
                          check_map *out, size_t **theme_of, elc_error *err);

/* Adds what an OSM file, and a layer, have of the map's themes. The OSM file's features
   are of the themes of the job, without those that a layer gives; theme i of the job is
   `numbers[i]` of the map, SIZE_MAX where it is not wanted. */
elc_status elc_check_osm_read(const check_job *job, const size_t *numbers,
                              const elc_context *context, check_map *map,
                              elc_error *err);
elc_status elc_check_layer_read(const check_given *given, size_t theme,
                                const elc_context *context, check_map *map,
                                elc_error *err);

#endif
