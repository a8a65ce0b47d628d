/* backbone.c - a network up to the maps of features that are learnt from. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include <stdlib.h>
#include <string.h>

enum {
    CANDIDATES = 32,
    CHANNELS_MOST = 2048,
    FINEST_PX = 8,
    COARSEST_PX = 16,
    DEEP = 3
};

/* A tensor that may be a map. */
typedef struct {
    char *name;
    size_t channels;
    int64_t cell_px; /* 0: it is no map */
} candidate;

typedef struct {
    train_job *job;
    elc_network *network; /* as it is */
    candidate items[CANDIDATES];
    size_t n;
    bool met_image; /* as what a last layer takes */
} finder;

/* ---- opening ----------------------------------------------------------------------
 */

/* The network whose outputs are the tensors; prepared as the whole one. */
static elc_status open_at(train_job *job, const elc_names *tensors, elc_model **out,
                          elc_error *err) {
    elc_network *network = NULL;
    elc_string bytes = {0};
    const elc_model_info *i = job->info;
    elc_model_options o = {.any = true,
                           .channels = i->channel_order,
                           .scale = i->scale,
                           .mean = i->mean,
                           .std = i->std,
                           .n_mean = (size_t)i->channels,
                           .input_width = job->options.chip_width,
                           .input_height = job->options.chip_height};
    ELC_TRY(elc_network_read(i->path, &network, err));
    elc_status status = elc_network_cut(network, (const char *const *)tensors->items,
                                        tensors->count, err);
    for (size_t k = 0; k < tensors->count && status == ELC_OK; k++)
        status = elc_network_add_output(network, tensors->items[k], NULL, err);
    if (status == ELC_OK)
        status = elc_network_write(network, &bytes, err);
    if (status == ELC_OK)
        status = elc_model_open_bytes(bytes.data, bytes.size, i->path, &o, out, err);
    elc_string_free(&bytes);
    elc_network_free(network);
    return status;
}

/* ---- shapes -----------------------------------------------------------------------
 */

/* [1, channels, chip / cell, chip / cell]. */
static void read_shape(const train_job *job, const elc_floats *v, candidate *c) {
    int64_t width = job->options.chip_width, height = job->options.chip_height;
    c->cell_px = 0;
    if (v->rank != 4 || v->dims[0] != 1 || v->dims[1] < 1 || v->dims[2] < 1 ||
        v->dims[3] < 1 || v->dims[1] > CHANNELS_MOST)
        return;
    int64_t cell = width / v->dims[3];
    bool power = cell >= 1 && (cell & (cell - 1)) == 0;
    if (power && cell * v->dims[3] == width && cell * v->dims[2] == height) {
        c->channels = (size_t)v->dims[1];
        c->cell_px = cell;
    }
}

/* Runs a grey chip, and looks at what comes out. */
static elc_status run_grey(const finder *f, elc_model *model, size_t first, size_t n,
                           candidate *items, elc_error *err) {
    const train_job *job = f->job;
    int64_t width = job->options.chip_width, height = job->options.chip_height;
    elc_inference *inference = NULL;
    uint8_t *pixels = NULL;
    size_t bytes = (size_t)job->info->channels;
    ELC_TRY(elc_inference_create(model, 1, width, height, &inference, err));
    elc_status status = elc_alloc((size_t)width * (size_t)height, bytes, &pixels, err);
    if (status == ELC_OK) {
        memset(pixels, 127, (size_t)width * (size_t)height * bytes);
        elc_inference_put(inference, 0, pixels);
        status = elc_inference_run(inference, 1, err);
    }
    for (size_t i = 0; i < n && status == ELC_OK; i++) {
        elc_floats values;
        if (elc_inference_floats(inference, i, &values, NULL) == ELC_OK)
            read_shape(job, &values, &items[first + i]);
    }
    free(pixels);
    elc_inference_free(inference);
    return status;
}

static elc_status find_shapes(finder *f, size_t first, elc_error *err) {
    elc_names names = {0};
    elc_model *model = NULL;
    elc_status status = ELC_OK;
    if (first == f->n)
        return ELC_OK;
    for (size_t i = first; i < f->n && status == ELC_OK; i++)
        status = elc_names_add(&names, f->items[i].name, err);
    if (status == ELC_OK)
        status = open_at(f->job, &names, &model, err);
    if (status == ELC_OK)
        status = run_grey(f, model, first, f->n - first, f->items, err);
    elc_model_free(model);
    elc_names_free(&names);
    return status;
}

/* ---- finding ----------------------------------------------------------------------
 */

/* What no layer makes: the image, as it goes in or prepared. */
static elc_status is_image(const finder *f, const char *name, bool *out,
                           elc_error *err) {
    elc_names ends = {0};
    elc_status status = elc_network_ends(f->network, name, &ends, err);
    *out = ends.count == 0;
    elc_names_free(&ends);
    return status;
}

static elc_status add_candidate(finder *f, const char *name, elc_error *err) {
    for (size_t i = 0; i < f->n; i++)
        if (!strcmp(f->items[i].name, name))
            return ELC_OK;
    if (f->n == CANDIDATES)
        return ELC_OK;
    ELC_TRY(elc_strdup(name, &f->items[f->n].name, err));
    f->n++;
    return ELC_OK;
}

static elc_status add_ends(finder *f, const char *tensor, elc_error *err) {
    elc_names ends = {0};
    elc_status status = elc_network_ends(f->network, tensor, &ends, err);
    for (size_t i = 0; i < ends.count && status == ELC_OK; i++) {
        bool image = false;
        status = is_image(f, ends.items[i], &image, err);
        f->met_image |= image;
        if (status == ELC_OK && !image)
            status = add_candidate(f, ends.items[i], err);
    }
    elc_names_free(&ends);
    return status;
}

static bool is_fine(const candidate *c) {
    return c->cell_px > 0 && c->cell_px <= COARSEST_PX;
}

/* What the last layers take, where that is a map, else what lies before it. */
static elc_status find_candidates(finder *f, elc_error *err) {
    size_t first = 0, end;
    ELC_TRY(add_ends(f, NULL, err));
    for (int depth = 0; depth < DEEP; depth++) {
        ELC_TRY(find_shapes(f, first, err));
        end = f->n;
        for (size_t i = first; i < end; i++)
            if (f->items[i].cell_px == 0)
                ELC_TRY(add_ends(f, f->items[i].name, err));
        first = end;
    }
    return find_shapes(f, first, err);
}

/* Of what lies before the maps that were found, those that are coarser, for a wider
   view: what an object stands on, and what it is a part of. */
static elc_status add_wider(finder *f, elc_error *err) {
    size_t end = f->n;
    int64_t coarsest = 0;
    for (size_t i = 0; i < end; i++)
        if (is_fine(&f->items[i]) && f->items[i].cell_px > coarsest)
            coarsest = f->items[i].cell_px;
    for (size_t i = 0; i < end; i++)
        if (is_fine(&f->items[i]))
            ELC_TRY(add_ends(f, f->items[i].name, err));
    ELC_TRY(find_shapes(f, end, err));
    for (size_t i = end; i < f->n; i++)
        if (f->items[i].cell_px <= coarsest)
            f->items[i].cell_px = 0;
    return ELC_OK;
}

static elc_status name_candidates(finder *f, const elc_names *names, elc_error *err) {
    if (names->count > TRAIN_MAPS_MAX)
        return elc_fail(err, ELC_E_ARGUMENT, "--tensor: %zu tensors, at most %d",
                        names->count, TRAIN_MAPS_MAX);
    for (size_t i = 0; i < names->count; i++)
        ELC_TRY(add_candidate(f, names->items[i], err));
    ELC_TRY(find_shapes(f, 0, err));
    for (size_t i = 0; i < f->n; i++) {
        bool image = false;
        ELC_TRY(is_image(f, f->items[i].name, &image, err));
        if (image)
            return elc_fail(err, ELC_E_MODEL,
                            "%s: no usable tensor: %s is the image itself, before the "
                            "first layer, and no map of features",
                            f->job->info->name, f->items[i].name);
        if (f->items[i].cell_px == 0)
            return elc_fail(err, ELC_E_MODEL,
                            "%s: tensor %s is no map of features whose cells are 1, 2, "
                            "4, 8 … px of the chip",
                            f->job->info->name, f->items[i].name);
    }
    return ELC_OK;
}

static int64_t finest(const finder *f) {
    int64_t cell = 0;
    for (size_t i = 0; i < f->n; i++)
        if (is_fine(&f->items[i]) && (cell == 0 || f->items[i].cell_px < cell))
            cell = f->items[i].cell_px;
    return cell;
}

/* The maps from fine to coarse. */
static elc_status choose(finder *f, bool named, elc_error *err) {
    train_backbone *b = &f->job->backbone;
    int64_t cell = finest(f);
    if (cell == 0 && f->met_image)
        return elc_fail(err, ELC_E_MODEL,
                        "%s: no usable tensor: its layers take the image itself, which "
                        "is no map of features; name maps by --tensor, or take another "
                        "network",
                        f->job->info->name);
    if (cell == 0 || (cell > FINEST_PX && !named))
        return elc_fail(err, ELC_E_MODEL,
                        "%s: no tensor before its last layers is a map with cells of 8 "
                        "px or less of the chip: nothing small could be found by it; "
                        "name maps by --tensor, or take another network",
                        f->job->info->name);
    b->cell_px = (double)cell;
    for (int64_t step = cell; step <= COARSEST_PX; step *= 2)
        for (size_t i = 0; i < f->n; i++) {
            const candidate *c = &f->items[i];
            if (c->cell_px != step || b->n_maps == TRAIN_MAPS_MAX)
                continue;
            ELC_TRY(elc_names_add(&b->tensors, c->name, err));
            b->channels[b->n_maps] = c->channels;
            b->shrink[b->n_maps++] = (size_t)(step / cell);
            b->channels_all += c->channels;
        }
    return ELC_OK;
}

elc_status elc_train_open_backbone(train_job *job, elc_error *err) {
    finder f = {.job = job};
    const elc_names *names = elc_options_list(job->call->options, "tensor");
    elc_status status = elc_network_read(job->info->path, &f.network, err);
    if (status == ELC_OK)
        status = names->count > 0 ? name_candidates(&f, names, err)
                                  : find_candidates(&f, err);
    if (status == ELC_OK && names->count == 0)
        status = add_wider(&f, err);
    if (status == ELC_OK)
        status = choose(&f, names->count > 0, err);
    for (size_t i = 0; i < f.n; i++)
        free(f.items[i].name);
    elc_network_free(f.network);
    return status == ELC_OK
               ? open_at(job, &job->backbone.tensors, &job->backbone.model, err)
               : status;
}

void elc_train_backbone_clear(train_backbone *backbone) {
    elc_model_free(backbone->model);
    elc_names_free(&backbone->tensors);
    *backbone = (train_backbone){0};
}
