/* features.c - what the network sees in each chip: the means of its tensor over space.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "data.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cache.h"

/* Chips of an image that one thread takes at once. */
enum { UNIT = 16 };
/* Files up to this are told apart by their bytes, larger ones by name, size and time.
 */
#define HASHED_MAX ((off_t)64 << 20)

/* ---- one chip -----------------------------------------------------------------------
 */

/* [n, d], [n, d, y, x], or [n, tokens, d], of which d is kept; 0: none of these. */
static size_t width_of(const elc_floats *f) {
    if (f->rank != 2 && f->rank != 3 && f->rank != 4)
        return 0;
    return (size_t)f->dims[f->rank == 3 ? 2 : 1];
}

/* The first chip's. */
static void pool(const elc_floats *f, size_t d, float *out) {
    size_t cells = f->rank == 4   ? (size_t)(f->dims[2] * f->dims[3])
                   : f->rank == 3 ? (size_t)f->dims[1]
                                  : 1;
    size_t step = f->rank == 3 ? d : 1, next = f->rank == 3 ? 1 : cells;
    for (size_t j = 0; j < d; j++) {
        double sum = 0;
        for (size_t i = 0; i < cells; i++)
            sum += (double)f->data[j * next + i * step];
        out[j] = (float)(sum / (double)cells);
    }
}

static elc_status place_for(const train_job *job, elc_inference **out, elc_error *err) {
    int64_t batch = job->info->batch > 0 ? job->info->batch : 1;
    return elc_inference_create(job->model, batch, job->chip_width, job->chip_height,
                                out, err);
}

static elc_status see(elc_inference *place, const uint8_t *pixels, elc_floats *out,
                      elc_error *err) {
    elc_inference_put(place, 0, pixels);
    ELC_TRY(elc_inference_run(place, 1, err));
    return elc_inference_floats(place, 0, out, err);
}

static size_t chip_bytes(const train_job *job) {
    return (size_t)job->chip_width * (size_t)job->chip_height *
           (size_t)job->info->channels;
}

/* Looks at a chip of nothing to learn how many features there are. */
static elc_status measure(train_job *job, elc_error *err) {
    elc_inference *place = NULL;
    uint8_t *pixels = NULL;
    elc_floats floats = {0};
    elc_status status = ELC_OK;
    ELC_TRY_GOTO(elc_alloc(chip_bytes(job), 1, &pixels, err), status, done);
    ELC_TRY_GOTO(place_for(job, &place, err), status, done);
    ELC_TRY_GOTO(see(place, pixels, &floats, err), status, done);
    job->d = width_of(&floats);
    job->rank = floats.rank;
    if (job->d == 0 || floats.count == 0)
        status =
            elc_fail(err, ELC_E_MODEL,
                     "%s: tensor %s has %zu dimensions; features are a row or a map "
                     "of each chip: name another by --tensor",
                     job->info->path, job->info->tensor, floats.rank);
done:
    elc_inference_free(place);
    free(pixels);
    return status;
}

/* ---- threads ------------------------------------------------------------------------
 */

typedef struct unit {
    size_t image, first, end; /* in `missing` */
} unit;

typedef struct looking {
    train_job *job;
    size_t *missing; /* samples without features, image by image */
    size_t n_missing;
    unit *units;
    size_t n_units, capacity;
    atomic_size_t next, done;
} looking;

/* What a thread has open. */
typedef struct eye {
    looking *l;
    elc_inference *place;
    uint8_t *pixels;
    elc_image *image;
    elc_view *view;
    size_t at; /* the image; SIZE_MAX: none */
} eye;

static void close_image(eye *e) {
    elc_view_free(e->view);
    elc_image_free(e->image);
    e->view = NULL;
    e->image = NULL;
    e->at = SIZE_MAX;
}

static elc_status find_stretch(const train_job *job, elc_image *image, const char *name,
                               const int *bands, int n, elc_stretch *out,
                               elc_error *err) {
    if (job->recorded.count > 0)
        return elc_stretch_recall(job->recorded.items, job->recorded.count, name, n,
                                  out, err);
    return elc_stretch_memo_decide(job->memo, image, bands, n, &job->stretch, out, err);
}

static elc_status choose_view(const train_job *job, elc_image *image, size_t index,
                              int bands[ELC_BANDS_MAX], elc_view_options *out,
                              elc_error *err) {
    const char *name = job->found.items[index].name;
    int n = job->info->channels;
    *out = (elc_view_options){.bands = bands,
                              .n = n,
                              .step_x = job->images[index].step_x,
                              .step_y = job->images[index].step_y};
    if (n > ELC_BANDS_MAX)
        return elc_fail(err, ELC_E_UNSUPPORTED, "%s: takes %d bands; at most %d can be",
                        job->info->path, n, ELC_BANDS_MAX);
    ELC_TRY(elc_image_choose_bands(image, name, elc_options_list(job->options, "bands"),
                                   n, bands, err));
    return find_stretch(job, image, name, bands, n, &out->stretch, err);
}

static elc_status open_image(eye *e, size_t index, elc_error *err) {
    const train_job *job = e->l->job;
    int bands[ELC_BANDS_MAX];
    elc_view_options options;
    if (e->at == index)
        return ELC_OK;
    close_image(e);
    ELC_TRY(elc_image_open(job->found.items[index].path, &e->image, err));
    ELC_TRY(choose_view(job, e->image, index, bands, &options, err));
    ELC_TRY(elc_view_create(e->image, &options, &e->view, err));
    e->at = index;
    return ELC_OK;
}

static elc_status check_finite(const train_job *job, const train_sample *s,
                               const float *features, elc_error *err) {
    for (size_t j = 0; j < job->d; j++) {
        if (!isfinite(features[j]))
            return elc_fail(
                err, ELC_E_MODEL,
                "%s: gives features that are no numbers (NaN or infinite) "
                "for the chip at %lld, %lld of %s; check its export, and its "
                "input scale with model info",
                job->info->path, (long long)s->x, (long long)s->y,
                job->found.items[s->image].name);
    }
    return ELC_OK;
}

/* A chip without a pixel is told by features that are no numbers. */
static elc_status look_at(eye *e, size_t sample, elc_error *err) {
    train_job *job = e->l->job;
    const train_sample *s = &job->samples[sample];
    float *out = job->features + sample * job->d;
    elc_window window = {s->x, s->y, job->chip_width, job->chip_height};
    elc_floats floats;
    bool valid = true;
    ELC_TRY(elc_view_read(e->view, window, job->info->pad, e->pixels, &valid, err));
    if (!valid) {
        out[0] = NAN;
        return ELC_OK;
    }
    ELC_TRY(see(e->place, e->pixels, &floats, err));
    pool(&floats, job->d, out);
    return check_finite(job, s, out, err);
}

static elc_status do_unit(eye *e, const unit *u, elc_error *err) {
    looking *l = e->l;
    ELC_TRY(open_image(e, u->image, err));
    for (size_t i = u->first; i < u->end; i++) {
        ELC_TRY(elc_check_cancel(l->job->context, err));
        ELC_TRY(look_at(e, l->missing[i], err));
    }
    size_t done = atomic_fetch_add(&l->done, u->end - u->first) + u->end - u->first;
    elc_progress progress = {.unit = "chips", .done = done, .total = l->n_missing};
    elc_report(l->job->context, &progress);
    return ELC_OK;
}

static elc_status look_body(void *arg, int index, elc_error *err) {
    looking *l = arg;
    eye e = {.l = l, .at = SIZE_MAX};
    elc_status status = ELC_OK;
    size_t i;
    (void)index;
    ELC_TRY_GOTO(place_for(l->job, &e.place, err), status, done);
    ELC_TRY_GOTO(elc_alloc(chip_bytes(l->job), 1, &e.pixels, err), status, done);
    while (status == ELC_OK && (i = atomic_fetch_add(&l->next, 1)) < l->n_units)
        status = do_unit(&e, &l->units[i], err);
    if (status != ELC_OK)
        atomic_store(&l->next, l->n_units);
done:
    close_image(&e);
    elc_inference_free(e.place);
    free(e.pixels);
    return status;
}

static elc_status list_units(looking *l, elc_error *err) {
    for (size_t i = 0, end; i < l->n_missing; i = end) {
        size_t image = l->job->samples[l->missing[i]].image;
        for (end = i + 1; end < l->n_missing && end < i + UNIT &&
                          l->job->samples[l->missing[end]].image == image;)
            end++;
        ELC_TRY(elc_reserve(&l->units, &l->capacity, l->n_units + 1, sizeof *l->units,
                            err));
        l->units[l->n_units++] = (unit){image, i, end};
    }
    return ELC_OK;
}

static elc_status look_at_missing(looking *l, elc_error *err) {
    size_t threads = (size_t)elc_context_threads(l->job->context);
    ELC_TRY(list_units(l, err));
    if (threads > l->n_units)
        threads = l->n_units;
    return threads > 0 ? elc_threads_run((int)threads, look_body, l, err) : ELC_OK;
}

/* ---- the cache ----------------------------------------------------------------------
 */

typedef struct shelf {
    char *keys; /* 65 bytes for each image; "": its features are not kept */
    const char *folder;
} shelf;

/* What tells a file: its bytes where they are few. False for what is no local file. */
static bool file_mark(const char *path, char out[65]) {
    struct stat s;
    if (!elc_path_is_local(path) || stat(path, &s) != 0 || !S_ISREG(s.st_mode))
        return false;
    if (s.st_size <= HASHED_MAX)
        return elc_sha256_file(path, out, NULL) == ELC_OK;
    elc_string text = {0};
    bool well =
        elc_string_printf(&text, NULL, "%s %lld %lld.%09ld", path, (long long)s.st_size,
                          (long long)s.st_mtim.tv_sec, s.st_mtim.tv_nsec) == ELC_OK;
    if (well)
        elc_sha256(text.data, text.size, out);
    elc_string_free(&text);
    return well;
}

/* Masks, overviews and all else that GDAL reads beside the file: by size and time. */
static elc_status write_beside(elc_image *image, const char *path, elc_string *out,
                               elc_error *err) {
    elc_names files = {0};
    elc_status status = elc_image_files(image, &files, err);
    for (size_t i = 0; i < files.count && status == ELC_OK; i++) {
        const char *file = files.items[i], *slash = strrchr(file, '/');
        struct stat s = {0};
        if (strcmp(file, path) != 0 && stat(file, &s) == 0)
            status = elc_string_printf(out, err, "%s %lld %lld.%09ld\n",
                                       slash ? slash + 1 : file, (long long)s.st_size,
                                       (long long)s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
    }
    elc_names_free(&files);
    return status;
}

static elc_status write_key(const train_job *job, size_t index, const char mark[65],
                            elc_image *image, elc_string *out, elc_error *err) {
    int bands[ELC_BANDS_MAX];
    elc_view_options o;
    ELC_TRY(choose_view(job, image, index, bands, &o, err));
    ELC_TRY(elc_string_printf(out, err, "features 2\n%s\n%s\n%s %s\n%s\n%lld %lld\n",
                              job->info->sha256, job->info->tensor, job->info->runtime,
                              job->info->device, mark, (long long)job->chip_width,
                              (long long)job->chip_height));
    for (int i = 0; i < o.n; i++)
        ELC_TRY(elc_string_printf(out, err, "%d ", bands[i]));
    ELC_TRY(elc_string_printf(out, err, "\n%.17g %.17g\n", o.step_x, o.step_y));
    ELC_TRY(elc_stretch_print(&o.stretch, out, err));
    return write_beside(image, job->found.items[index].path, out, err);
}

static elc_status find_key(const train_job *job, size_t index, char out[65],
                           elc_error *err) {
    const char *path = job->found.items[index].path;
    char mark[65];
    elc_image *image = NULL;
    elc_string text = {0};
    if (!file_mark(path, mark))
        return ELC_OK;
    ELC_TRY(elc_image_open(path, &image, err));
    bool shows = strcmp(elc_image_info_at(image)->driver, "VRT") == 0; /* others */
    elc_status status = shows ? ELC_OK : write_key(job, index, mark, image, &text, err);
    if (status == ELC_OK && !shows)
        elc_sha256(text.data, text.size, out);
    elc_string_free(&text);
    elc_image_free(image);
    return status;
}

/* Copies what is kept, and lists what is not. */
static elc_status recall(looking *l, const shelf *s, size_t index, elc_error *err) {
    train_job *job = l->job;
    const train_image *image = &job->images[index];
    feature_file file = {0};
    if (s->keys[65 * index] != '\0')
        ELC_TRY(elc_feature_cache_read(s->folder, s->keys + 65 * index, &file, err));
    for (size_t i = image->first; i < image->end; i++) {
        feature_window window = {job->samples[i].x, job->samples[i].y};
        const float *kept =
            file.d == job->d ? elc_feature_file_find(&file, window) : NULL;
        if (kept != NULL) {
            memcpy(job->features + i * job->d, kept, job->d * sizeof *kept);
            job->n_cached++;
        } else {
            l->missing[l->n_missing++] = i;
        }
    }
    elc_feature_file_clear(&file);
    return ELC_OK;
}

static elc_status recall_all(looking *l, shelf *s, elc_error *err) {
    train_job *job = l->job;
    ELC_TRY(elc_alloc(job->found.count, 65, &s->keys, err));
    ELC_TRY(elc_alloc(job->n, sizeof *l->missing, &l->missing, err));
    for (size_t i = 0; i < job->found.count; i++) {
        ELC_TRY(elc_check_cancel(job->context, err));
        if (s->folder != NULL && job->images[i].end > job->images[i].first)
            ELC_TRY(find_key(job, i, s->keys + 65 * i, err));
        ELC_TRY(recall(l, s, i, err));
    }
    return ELC_OK;
}

typedef struct row {
    feature_window window;
    const float *features;
} row;

static int by_window(const void *a, const void *b) {
    const feature_window *p = &((const row *)a)->window, *q = &((const row *)b)->window;
    if (p->y != q->y)
        return p->y < q->y ? -1 : 1;
    return (p->x > q->x) - (p->x < q->x);
}

/* The rows of a file: those that it had, and those of the samples. */
static elc_status merge(const train_job *job, const train_image *image,
                        const feature_file *had, feature_file *out, elc_error *err) {
    size_t old = had->d == job->d ? had->n : 0, n = old + image->end - image->first;
    row *rows = NULL;
    elc_status status = ELC_OK;
    ELC_TRY_GOTO(elc_alloc(n, sizeof *rows, &rows, err), status, done);
    ELC_TRY_GOTO(elc_alloc(n, sizeof *out->windows, &out->windows, err), status, done);
    ELC_TRY_GOTO(elc_alloc(n * job->d, sizeof(float), &out->features, err), status,
                 done);
    for (size_t i = 0; i < n; i++) {
        size_t s = image->first + i - old;
        rows[i] = i < old ? (row){had->windows[i], had->features + i * job->d}
                          : (row){{job->samples[s].x, job->samples[s].y},
                                  job->features + s * job->d};
    }
    qsort(rows, n, sizeof *rows, by_window);
    out->d = job->d;
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && by_window(&rows[i - 1], &rows[i]) == 0)
            continue;
        memcpy(out->features + out->n * job->d, rows[i].features,
               job->d * sizeof(float));
        out->windows[out->n++] = rows[i].window;
    }
done:
    free(rows);
    return status;
}

static elc_status keep(const train_job *job, const shelf *s, size_t index,
                       elc_error *err) {
    const char *key = s->keys + 65 * index;
    feature_file had = {0}, file = {0};
    if (key[0] == '\0')
        return ELC_OK;
    ELC_TRY(elc_feature_cache_read(s->folder, key, &had, err));
    elc_status status = merge(job, &job->images[index], &had, &file, err);
    if (status == ELC_OK)
        status = elc_feature_cache_write(s->folder, key, &file, err);
    elc_feature_file_clear(&had);
    elc_feature_file_clear(&file);
    return status;
}

/* A cache that cannot be written to costs time at the next run, and nothing now. */
static elc_status keep_all(const looking *l, const shelf *s) {
    for (size_t i = 0; i < l->n_units; i++) {
        elc_error why;
        if (i > 0 && l->units[i].image == l->units[i - 1].image)
            continue;
        elc_status status = keep(l->job, s, l->units[i].image, &why);
        if (status != ELC_OK) {
            elc_warn(l->job->context, "features are not kept: %s", why.message);
            return ELC_OK;
        }
    }
    return ELC_OK;
}

/* ---- all ----------------------------------------------------------------------------
 */

/* Leaves out samples without a pixel. */
static elc_status drop_blank(train_job *job, elc_error *err) {
    size_t kept = 0;
    for (size_t i = 0; i < job->n; i++) {
        if (isnan(job->features[i * job->d])) {
            job->class_counts[job->samples[i].class_id]--;
            continue;
        }
        memmove(job->features + kept * job->d, job->features + i * job->d,
                job->d * sizeof *job->features);
        job->samples[kept++] = job->samples[i];
    }
    job->n_blank = job->n - kept;
    job->n = kept;
    if (job->n_blank > 0)
        elc_warn(job->context, "%llu chips have no pixels and are left out",
                 (unsigned long long)job->n_blank);
    for (size_t k = 0; k < job->classes.count; k++) {
        if (job->class_counts[k] == 0)
            return elc_fail(err, ELC_E_ARGUMENT,
                            "class %s has no label where its images have pixels; leave "
                            "it out",
                            job->classes.items[k]);
    }
    return ELC_OK;
}

static elc_status look(looking *l, shelf *s, elc_error *err) {
    ELC_TRY(recall_all(l, s, err));
    ELC_TRY(look_at_missing(l, err));
    ELC_TRY(elc_check_cancel(l->job->context, err));
    return keep_all(l, s);
}

/* What all rows take, and what L-BFGS keeps beside them (elc_logistic_train). */
static elc_status check_memory(const train_job *job, elc_error *err) {
    const elc_context *context = job->context;
    double d = (double)job->d, pairs = d <= 2048 ? 2 * d * d : 0;
    double bytes =
        4 * d * (double)job->n + 8 * (50 * d * (double)job->classes.count + pairs);
    bool bounded = context != NULL && context->memory > 0;
    double most = bounded ? (double)context->memory : 0x1p62;
    double taken = bounded ? (double)elc_memory_resident() : 0;
    if (taken + bytes <= most)
        return ELC_OK;
    return elc_fail(err, ELC_E_MEMORY,
                    "memory: %zu labels with %zu features each take %.1f MB beside the "
                    "%.0f MB of network and images, and --memory allows %.0f; give it "
                    "more, fewer labels, or a --tensor with fewer features",
                    job->n, job->d, bytes / 1e6, taken / 1e6, most / 1e6);
}

elc_status elc_classes_look(train_job *job, elc_error *err) {
    const char *given = elc_options_text(job->options, "cache");
    looking l = {.job = job};
    shelf s = {0};
    elc_string folder = {0};
    elc_status status = ELC_OK;
    ELC_TRY(measure(job, err));
    ELC_TRY(check_memory(job, err));
    ELC_TRY(elc_alloc(job->n * job->d, sizeof *job->features, &job->features, err));
    if (given == NULL)
        ELC_TRY_GOTO(elc_feature_cache_folder(&folder, err), status, done);
    s.folder = given == NULL ? folder.data : strcmp(given, "none") == 0 ? NULL : given;
    status = look(&l, &s, err);
done:
    elc_string_free(&folder);
    free(l.missing);
    free(l.units);
    free(s.keys);
    return status == ELC_OK ? drop_blank(job, err) : status;
}
