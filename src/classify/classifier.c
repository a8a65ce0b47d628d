/* classifier.c - classifiers of whole images, which all threads of a process share. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/classify.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { KEPT = 4 }; /* networks that nobody uses */

/* An open network, of a file as it was. */
typedef struct network {
    struct network *next; /* that was used before */
    char *path;
    struct stat file;
    elc_model *model;
    size_t output;
    elc_scores scores;
    size_t users;
} network;

struct elc_classifier {
    network *network;
    const elc_model_info *info;
    elc_looker *looker;
    elc_class *classes; /* room for those of a chip */
    size_t capacity;
    char unnamed[ELC_CLASS_UNNAMED];
};

/* ---- networks of the process ------------------------------------------------------
 */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static network *networks; /* the one used last comes first */

static void network_free(network *n) {
    elc_model_free(n->model);
    free(n->path);
    free(n);
}

static bool is_file(const network *n, const char *path, const struct stat *file) {
    return strcmp(n->path, path) == 0 && n->file.st_dev == file->st_dev &&
           n->file.st_ino == file->st_ino && n->file.st_size == file->st_size &&
           n->file.st_mtim.tv_sec == file->st_mtim.tv_sec &&
           n->file.st_mtim.tv_nsec == file->st_mtim.tv_nsec;
}

static elc_status network_fill(network *n, const char *path, elc_error *err) {
    static const elc_model_options options = {.any = true};
    ELC_TRY(elc_strdup(path, &n->path, err));
    ELC_TRY(elc_model_open(path, &options, &n->model, err));
    const elc_model_info *info = elc_model_info_at(n->model);
    ELC_TRY(elc_looker_check(info, err));
    return elc_classes_decide(n->model, info->chip_width, info->chip_height, &n->output,
                              &n->scores, err);
}

static elc_status network_create(const char *path, const struct stat *file,
                                 network **out, elc_error *err) {
    network *n;
    ELC_TRY(elc_alloc(1, sizeof *n, &n, err));
    n->file = *file;
    elc_status status = network_fill(n, path, err);
    if (status != ELC_OK) {
        network_free(n);
        return status;
    }
    *out = n;
    return ELC_OK;
}

/* The one of this file, taken out of the list, or a new one. */
static elc_status find(const char *path, network **out, elc_error *err) {
    struct stat file = {0};
    stat(path, &file); /* why there is none, opening it says */
    for (network **at = &networks; *at != NULL; at = &(*at)->next)
        if (is_file(*at, path, &file)) {
            *out = *at;
            *at = (*at)->next;
            return ELC_OK;
        }
    return network_create(path, &file, out, err);
}

/* Who comes while one is opened waits, and finds it open. */
static elc_status borrow(const char *path, network **out, elc_error *err) {
    pthread_mutex_lock(&lock);
    network *n = NULL;
    elc_status status = find(path, &n, err);
    if (status == ELC_OK) {
        n->users++;
        n->next = networks;
        networks = n;
        *out = n;
    }
    pthread_mutex_unlock(&lock);
    return status;
}

static void give_back(network *used) {
    size_t idle = 0;
    pthread_mutex_lock(&lock);
    used->users--;
    for (network **at = &networks; *at != NULL;) {
        network *n = *at;
        if (n->users == 0 && ++idle > KEPT) {
            *at = n->next;
            network_free(n);
        } else {
            at = &n->next;
        }
    }
    pthread_mutex_unlock(&lock);
}

/* ---- life -------------------------------------------------------------------------
 */

static elc_status fill(elc_classifier *c, const char *path, elc_error *err) {
    ELC_TRY(borrow(path, &c->network, err));
    c->info = elc_model_info_at(c->network->model);
    return elc_looker_create(c->network->model, c->info->chip_width,
                             c->info->chip_height, &c->looker, err);
}

elc_status elc_classifier_open(const char *model, elc_classifier **out,
                               elc_error *err) {
    elc_classifier *c;
    elc_string path = {0};
    ELC_TRY(elc_alloc(1, sizeof *c, &c, err));
    elc_status status = elc_model_find(model, &path, err);
    if (status == ELC_OK)
        status = fill(c, path.data, err);
    elc_string_free(&path);
    if (status != ELC_OK) {
        elc_classifier_free(c);
        return status;
    }
    *out = c;
    return ELC_OK;
}

void elc_classifier_free(elc_classifier *c) {
    if (c == NULL)
        return;
    elc_looker_free(c->looker);
    if (c->network != NULL)
        give_back(c->network);
    free(c->classes);
    free(c);
}

/* ---- an image ---------------------------------------------------------------------
 */

static elc_status see(elc_classifier *c, elc_image *image, const char *path,
                      elc_error *err) {
    static const elc_names by_default = {0};
    static const elc_stretch_wish wish = {0}; /* auto */
    const elc_image_info *about = elc_image_info_at(image);
    int bands[ELC_BANDS_MAX], n = c->info->channels;
    elc_view_options seen = {
        .bands = bands,
        .n = n,
        .step_x = (double)about->width / (double)c->info->chip_width,
        .step_y = (double)about->height / (double)c->info->chip_height};
    ELC_TRY(elc_image_choose_bands(image, path, &by_default, n, bands, err));
    ELC_TRY(elc_stretch_decide(image, bands, n, &wish, &seen.stretch, err));
    return elc_looker_begin(c->looker, image, &seen, err);
}

static elc_status look(elc_classifier *c, elc_image *image, const char *path,
                       elc_floats *out, elc_error *err) {
    const elc_window whole = {.width = c->info->chip_width,
                              .height = c->info->chip_height};
    ELC_TRY(see(c, image, path, err));
    elc_status status = elc_looker_look(c->looker, whole, c->network->output, out, err);
    elc_looker_end(c->looker);
    return status;
}

elc_status elc_classifier_ask(elc_classifier *c, const char *path, const char **name,
                              float *score, elc_error *err) {
    elc_image *image = NULL;
    elc_floats numbers = {0};
    ELC_TRY(elc_image_open(path, &image, err));
    elc_status status = look(c, image, path, &numbers, err);
    elc_image_free(image);
    ELC_TRY(status);
    *name = NULL;
    if (numbers.count == 0)
        return ELC_OK;
    ELC_TRY(
        elc_reserve(&c->classes, &c->capacity, numbers.count, sizeof *c->classes, err));
    ELC_TRY(elc_classes_rank(c->info, &numbers, c->network->scores, c->classes, err));
    *name = elc_class_name(c->info, c->classes[0].id, c->unnamed);
    *score = (float)c->classes[0].score;
    return ELC_OK;
}
