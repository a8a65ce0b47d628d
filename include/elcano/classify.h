/* classify.h - networks that look at whole chips of images, and the classes they say. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_CLASSIFY_H
#define ELCANO_CLASSIFY_H

#include <elcano/image.h>
#include <elcano/model.h>

ELC_BEGIN

/* ---- looking --------------------------------------------------------------------- */

/* ELC_E_MODEL for a network that takes no image, or more bands than are handled. */
elc_status elc_looker_check(const elc_model_info *info, elc_error *err);

/* One thread's place to show a network chips of images, one after another. Borrows the
   model. */
typedef struct elc_looker elc_looker;

/* For chips of width x height px. */
elc_status elc_looker_create(elc_model *model, int64_t width, int64_t height,
                             elc_looker **out, elc_error *err);
/* The image that is looked at from here on, with a band for each channel of the network;
   borrowed until the end. */
elc_status elc_looker_begin(elc_looker *looker, elc_image *image,
                            const elc_view_options *seen, elc_error *err);
void elc_looker_end(elc_looker *looker);
/* What an output of the network gives for a window of a chip's size, in the pixels that
   are seen; borrowed until the next one. Nothing (count 0) where the window is blank.
   ELC_E_MODEL where that is not one row of numbers a chip. */
elc_status elc_looker_look(elc_looker *looker, elc_window window, size_t output,
                           elc_floats *out, elc_error *err);
void elc_looker_free(elc_looker *looker);

/* ---- classes --------------------------------------------------------------------- */

/* How the network's numbers become scores. */
typedef enum elc_scores {
    ELC_SCORES_AUTO, /* as is where they are shares, else softmax, of one class sigmoid */
    ELC_SCORES_AS_IS,
    ELC_SCORES_SOFTMAX,
    ELC_SCORES_SIGMOID
} elc_scores;

/* Which output of a classifier answers, and what its scores are: AUTO is decided by three
   chips of width x height px that are always the same. ELC_E_MODEL for a network that is
   no classifier. */
elc_status elc_classes_decide(elc_model *model, int64_t width, int64_t height,
                              size_t *output, elc_scores *scores, elc_error *err);

typedef struct elc_class {
    double score; /* 0 to 1, unless the network's own numbers are others */
    int32_t id;
} elc_class;

/* All classes of a chip, of which there are numbers->count, the surest first, equal ones
   by number. ELC_E_MODEL for numbers that are not finite, and for names of another count;
   `scores` is not AUTO. */
elc_status elc_classes_rank(const elc_model_info *info, const elc_floats *numbers,
                            elc_scores scores, elc_class *out, elc_error *err);
/* "pool"; "class_3", written to `unnamed`, where the network has no names. */
enum { ELC_CLASS_UNNAMED = 32 };
const char *elc_class_name(const elc_model_info *info, int32_t id,
                           char unnamed[ELC_CLASS_UNNAMED]);

/* ---- classifiers ----------------------------------------------------------------- */

/* One thread's use of a classifier that all of the process share: it is opened by the
   first that asks for it, and again once its file has another size, time or inode. Four
   that nobody uses are kept, those used last. */
typedef struct elc_classifier elc_classifier;

/* A path or a name, as elc_model_open takes it; nothing is said of it but what it says
   itself. ELC_E_MODEL for what is no classifier. */
elc_status elc_classifier_open(const char *model, elc_classifier **out, elc_error *err);
/* The surest class of an image and its score, as `elcano classify --whole` gives them; the
   name is borrowed until the next call, and NULL for an image that is blank. */
elc_status elc_classifier_ask(elc_classifier *classifier, const char *path,
                              const char **name, float *score, elc_error *err);
void elc_classifier_free(elc_classifier *classifier);

ELC_END
#endif
