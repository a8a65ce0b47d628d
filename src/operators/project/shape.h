/* shape.h - which columns a table in another CRS has, and where its points come from.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_OPERATORS_PROJECT_SHAPE_H
#define ELC_OPERATORS_PROJECT_SHAPE_H

#include <elcano/geo.h>
#include <elcano/run.h>

#define PROJECT_NONE (-1)

typedef struct project_shape {
    struct ArrowSchema schema; /* of the table */
    int64_t geometry;          /* its column, PROJECT_NONE: points are made of x, y */
    int64_t x, y;
    bool lonlat;         /* nobody named x, y or a CRS: degrees on WGS 84 */
    elc_column *columns; /* of what comes out */
    int64_t *from;       /* the table's column, PROJECT_NONE for the geometry */
    size_t count, place; /* the geometry's column among them */
} project_shape;

/* The schema is moved in, also on failure. */
elc_status elc_project_shape_create(const elc_options *options,
                                    struct ArrowSchema *schema, project_shape **out,
                                    elc_error *err);
void elc_project_shape_free(project_shape *shape);

/* The CRS that the table states, "" for none; the caller frees it. */
elc_status elc_project_shape_crs(const project_shape *shape, char **out,
                                 elc_error *err);
/* The schema of what comes out; the caller releases it. */
elc_status elc_project_shape_schema(const project_shape *shape, const elc_crs *to,
                                    struct ArrowSchema *out, elc_error *err);

#endif
