/* findings.c - what sources say of an image, collected. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/metadata/findings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static elc_status add(elc_findings *f, elc_fact_id id, const char *where,
                      elc_finding **out, elc_error *err) {
    ELC_TRY(elc_reserve(&f->items, &f->capacity, f->count + 1, sizeof *f->items, err));
    elc_string source = {0};
    ELC_TRY(elc_string_printf(&source, err, "%s: %s", f->file, where));
    elc_finding *finding = &f->items[f->count++];
    *finding = (elc_finding){.id = id, .witness = f->witness};
    finding->fact.source = source.data;
    *out = finding;
    return ELC_OK;
}

elc_status elc_findings_text(elc_findings *f, elc_fact_id id, const char *text,
                             const char *where, elc_error *err) {
    if (text == NULL || text[0] == '\0')
        return ELC_OK;
    elc_finding *finding = NULL;
    ELC_TRY(add(f, id, where, &finding, err));
    return elc_strdup(text, &finding->fact.text, err);
}

elc_status elc_findings_list(elc_findings *f, elc_fact_id id, const double *numbers,
                             size_t n, const char *where, elc_error *err) {
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(numbers[i]))
            return ELC_OK;
    }
    elc_finding *finding = NULL;
    ELC_TRY(add(f, id, where, &finding, err));
    ELC_TRY(elc_alloc(n, sizeof *numbers, &finding->fact.numbers, err));
    memcpy(finding->fact.numbers, numbers, n * sizeof *numbers);
    finding->fact.n = n;
    return ELC_OK;
}

elc_status elc_findings_real(elc_findings *f, elc_fact_id id, double value,
                             const char *where, elc_error *err) {
    return elc_findings_list(f, id, &value, 1, where, err);
}

elc_status elc_findings_time(elc_findings *f, elc_fact_id id, const char *text,
                             const char *where, elc_error *err) {
    int64_t time_us;
    bool vague;
    if (text == NULL || !elc_time_parse(text, &time_us, &vague))
        return ELC_OK;
    elc_finding *finding = NULL;
    ELC_TRY(add(f, id, where, &finding, err));
    finding->fact.time_us = time_us;
    finding->vague = vague;
    return ELC_OK;
}

void elc_findings_free(elc_findings *f) {
    for (size_t i = 0; i < f->count; i++) {
        free(f->items[i].fact.text);
        free(f->items[i].fact.source);
        free(f->items[i].fact.numbers);
    }
    free(f->items);
    *f = (elc_findings){0};
}

void elc_corners_outward(double corners[8], double width, double height) {
    if (!(width > 1) || !(height > 1))
        return;
    double in[8];
    memcpy(in, corners, sizeof in);
    for (int axis = 0; axis < 2; axis++) {
        double ul = in[axis], ur = in[2 + axis], lr = in[4 + axis], ll = in[6 + axis];
        double top = (ur - ul) / (width - 1) / 2, bottom = (lr - ll) / (width - 1) / 2;
        double left = (ll - ul) / (height - 1) / 2;
        double right = (lr - ur) / (height - 1) / 2;
        corners[axis] = ul - top - left;
        corners[2 + axis] = ur + top - right;
        corners[4 + axis] = lr + bottom + right;
        corners[6 + axis] = ll - bottom + left;
    }
}
