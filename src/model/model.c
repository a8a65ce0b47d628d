/* model.c - opening a network: what it says of itself, and what the user says instead.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "network.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define CHIP_DEFAULT   640
#define STRIDE_DEFAULT 32
#define INFO_CHANNELS  16

static const elc_model_options nothing_said = {0};

/* ---- sizes --------------------------------------------------------------------------
 */

static int64_t round_up(int64_t size, int64_t multiple) {
    return (size + multiple - 1) / multiple * multiple;
}

/* Fixed by the network, else as asked, else as trained, else the usual. */
static int64_t chip_side(int64_t fixed, int64_t asked, int64_t stated,
                         int64_t multiple) {
    if (fixed > 0)
        return fixed;
    return asked > 0 ? asked : round_up(stated > 0 ? stated : CHIP_DEFAULT, multiple);
}

static elc_status set_sizes(elc_model *m, const elc_model_options *options,
                            elc_error *err) {
    elc_model_info *info = &m->info;
    const elc_input *input = &m->input;
    info->stride = m->metadata.stride > 0 ? m->metadata.stride : STRIDE_DEFAULT;
    info->multiple = input->width > 0 && input->height > 0 ? 1 : info->stride;
    info->chip_width = chip_side(input->width, options->input_width,
                                 m->metadata.chip_width, info->multiple);
    info->chip_height = chip_side(input->height, options->input_height,
                                  m->metadata.chip_height, info->multiple);
    int64_t width = options->input_width > 0 ? options->input_width : info->chip_width;
    int64_t height =
        options->input_height > 0 ? options->input_height : info->chip_height;
    return elc_input_check(m, width, height, err);
}

/* ---- preparation --------------------------------------------------------------------
 */

/* `given` numbers, one for all channels or one each, into one each. */
static elc_status spread(const elc_model *m, const char *what, const double *given,
                         size_t n, double missing, bool divisor, double *out,
                         elc_error *err) {
    size_t channels = (size_t)m->input.channels;
    if (given != NULL && n > 0 && n != 1 && n != channels)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: %zu numbers of %s given, the network has %zu channels",
                        m->session->path, n, what, channels);
    for (size_t c = 0; c < channels; c++) {
        out[c] = given == NULL || n == 0 ? missing : given[n == 1 ? 0 : c];
        if (!isfinite(out[c]) || (divisor && out[c] == 0))
            return elc_fail(err, ELC_E_ARGUMENT, "%s: %s of channel %zu is %g; %s",
                            m->session->path, what, c, out[c],
                            divisor ? "give a number other than 0" : "give a number");
    }
    return ELC_OK;
}

/* Bytes go in as they are: a network that takes them divides by itself. */
static double input_scale(const elc_model *m, const elc_model_options *options) {
    if (options->scale != 0)
        return options->scale;
    if (m->metadata.scale != 0)
        return m->metadata.scale;
    return m->input.type == ELC_TENSOR_UINT8 ? 1 : m->head->scale;
}

/* Of red, green and blue, as shares (torchvision, "Models and pre-trained weights"). */
static const double imagenet_mean[] = {0.485, 0.456, 0.406};
static const double imagenet_std[] = {0.229, 0.224, 0.225};

/* What is subtracted and divided by, as far as anything is known of it. */
typedef struct means {
    const double *mean, *std;
    size_t n_mean, n_std;
} means;

static means find_means(const elc_model *m, const elc_model_options *options) {
    const elc_metadata *stated = &m->metadata;
    if (options->mean != NULL || options->std != NULL)
        return (means){options->mean, options->std, options->n_mean, options->n_mean};
    if (stated->n_mean > 0 || stated->n_std > 0)
        return (means){stated->mean, stated->std, stated->n_mean, stated->n_std};
    if (m->head->imagenet && m->input.channels == 3 && input_scale(m, options) != 1)
        return (means){imagenet_mean, imagenet_std, 3, 3};
    return (means){0};
}

static elc_status set_means(elc_model *m, const elc_model_options *options,
                            elc_error *err) {
    size_t channels = (size_t)m->input.channels;
    means found = find_means(m, options);
    ELC_TRY(elc_alloc(channels, sizeof *m->mean, &m->mean, err));
    ELC_TRY(elc_alloc(channels, sizeof *m->std, &m->std, err));
    ELC_TRY(spread(m, "mean", found.mean, found.n_mean, 0, false, m->mean, err));
    return spread(m, "std", found.std, found.n_std, 1, true, m->std, err);
}

static elc_status channel_order(const elc_model *m, const elc_model_options *options,
                                const char **out, elc_error *err) {
    const char *order = options->channels != NULL           ? options->channels
                        : m->metadata.channel_order != NULL ? m->metadata.channel_order
                                                            : m->head->channels;
    bool bgr = strcmp(order, "bgr") == 0;
    if (!bgr && strcmp(order, "rgb") != 0)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "channels \"%s\" are not known: give rgb or bgr", order);
    *out = bgr ? "bgr" : "rgb";
    return ELC_OK;
}

static void set_guesses(elc_model *m, const elc_model_options *options) {
    m->guessed = (elc_guesses){
        .channels = options->channels == NULL && m->metadata.channel_order == NULL &&
                    m->input.channels == 3,
        .scale = options->scale == 0 && m->metadata.scale == 0 &&
                 m->input.type != ELC_TENSOR_UINT8,
        .means = options->mean == NULL && options->std == NULL &&
                 m->metadata.n_mean == 0 && m->metadata.n_std == 0,
        .chip = (m->input.width == 0 || m->input.height == 0) &&
                options->input_width == 0 && m->metadata.chip_width == 0,
    };
}

static elc_status set_preparation(elc_model *m, const elc_model_options *options,
                                  elc_error *err) {
    elc_model_info *info = &m->info;
    ELC_TRY(set_means(m, options, err));
    ELC_TRY(channel_order(m, options, &info->channel_order, err));
    info->scale = input_scale(m, options);
    info->usual_scale = m->refusal == NULL ? m->head->scale : 0;
    set_guesses(m, options);
    if (!isfinite(info->scale))
        return elc_fail(err, ELC_E_ARGUMENT, "scale %g: give a number", info->scale);
    if (options->threshold < 0 || options->threshold > 255)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "threshold %d: give 1 to 255, or 0 for none",
                        options->threshold);
    info->threshold = options->threshold;
    ELC_TRY(elc_flip_parse(options->flip, &m->flip, &info->flip, err));
    info->pad = m->metadata.pad >= 0     ? (uint8_t)m->metadata.pad
                : m->metadata.instrument ? 0
                                         : m->head->pad;
    for (size_t c = 0; c < INFO_CHANNELS; c++) {
        info->mean[c] = (int64_t)c < m->input.channels ? m->mean[c] : 0;
        info->std[c] = (int64_t)c < m->input.channels ? m->std[c] : 1;
    }
    elc_prepare_wish wish = {.type = m->input.type,
                             .channels_last = m->input.channels_last,
                             .channels = (size_t)m->input.channels,
                             .bgr = info->channel_order[0] == 'b',
                             .threshold = info->threshold,
                             .scale = info->scale,
                             .mean = m->mean,
                             .std = m->std};
    return elc_prepare_create(&wish, &m->prepare, err);
}

/* ---- classes ------------------------------------------------------------------------
 */

static const elc_names *named(const elc_model *m, const elc_model_options *options) {
    return options->classes != NULL ? options->classes : &m->metadata.names;
}

static elc_status set_classes(elc_model *m, const elc_model_options *options,
                              elc_error *err) {
    const elc_names *names = named(m, options);
    int64_t classes = m->refusal != NULL ? (int64_t)names->count : m->layout.classes;
    for (int64_t i = 0; i < classes; i++) {
        elc_string name = {0};
        bool has = i < (int64_t)names->count && names->items[i][0] != '\0';
        elc_status status =
            has ? elc_string_printf(&name, err, "%s", names->items[i])
                : elc_string_printf(&name, err, "class_%lld", (long long)i);
        if (status == ELC_OK)
            status = elc_names_add(&m->classes, name.data, err);
        elc_string_free(&name);
        ELC_TRY(status);
        m->n_named += has;
    }
    return ELC_OK;
}

/* ---- opening ------------------------------------------------------------------------
 */

static void set_info(elc_model *m) {
    elc_model_info *info = &m->info;
    info->name = m->name;
    info->sha256 = m->sha256;
    info->input_type = m->input.type;
    info->channels_last = m->input.channels_last;
    info->channels = (int)m->input.channels;
    info->batch = m->layout.unbatched ? 1 : m->input.batch;
    info->input_width = m->input.width;
    info->input_height = m->input.height;
    info->kind = m->use.kind;
    info->tensor = m->tensor;
    info->head = m->head->name;
    info->head_reason = m->refusal != NULL ? m->refusal : m->layout.reason;
    info->classes = &m->classes;
    info->gsd_m = m->metadata.gsd_m;
    info->score = m->metadata.score;
    info->iou = m->metadata.iou;
    info->cap = m->layout.cap;
    info->needs_nms = m->head->needs_nms;
    info->oriented = m->head->oriented;
    info->masks = m->head->coefficients != NULL;
    info->instrument = m->metadata.instrument;
    info->license = m->metadata.license;
    info->path = m->session->path;
    info->device = m->session->device;
    info->runtime = m->session->runtime.version;
}

static const char SHA256_OF_NOTHING[] =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

static elc_status open_session(elc_model *m, const char *path, const char *device,
                               elc_error *err) {
    const char *slash = strrchr(path, '/');
    bool made = m->made.at != NULL;
    ELC_TRY(elc_strdup(slash == NULL ? path : slash + 1, &m->name, err));
    if (made)
        elc_sha256(m->made.at, m->made.n, m->sha256);
    else
        ELC_TRY(elc_sha256_file(path, m->sha256, err));
    if (strcmp(m->sha256, SHA256_OF_NOTHING) == 0)
        return elc_fail(err, ELC_E_FORMAT, "%s: the file is empty", path);
    return made ? elc_session_open_bytes(path, m->made.at, m->made.n, device,
                                         &m->session, err)
                : elc_session_open(path, device, &m->session, err);
}

elc_status elc_model_bytes(const elc_model *model, size_t limit, elc_string *out,
                           elc_error *err) {
    return model->made.at != NULL
               ? elc_string_append(out, model->made.at, model->made.n, err)
               : elc_file_read(model->session->path, limit, out, err);
}

/* What is made has its weights inside: elc_network_read refuses others. */
static void find_weights(elc_model *m) {
    if (m->made.at == NULL)
        elc_graph_weights(m->session->path, &m->weights, NULL);
}

/* What makes a network a detector: an image goes in, and a head reads what comes out.
 */
static elc_status find_head(elc_model *m, const elc_model_options *options,
                            elc_error *err) {
    if (m->session->n_inputs == 1 && m->session->input.kind == ONNX_TYPE_TENSOR) {
        ELC_TRY(elc_input_read(m->session, &m->input, err));
        ELC_TRY(set_sizes(m, options, err));
    }
    ELC_TRY(elc_session_check(m->session, err));
    ELC_TRY(elc_shapes_learn(m, err));
    return elc_head_choose(m, options->head, named(m, options), err);
}

/* One that is none is kept with the reason, which begins with its path. */
static elc_status keep_other(elc_model *m, const char *why, const elc_names *names,
                             elc_error *err) {
    size_t n = strlen(m->session->path);
    bool starts = strncmp(why, m->session->path, n) == 0 && why[n] == ':';
    ELC_TRY(elc_strdup(starts ? why + n + 2 : why, &m->refusal, err));
    m->head = &elc_head_none;
    m->layout = (elc_head_layout){0};
    elc_use_find(m, names);
    return ELC_OK;
}

static elc_status fill(elc_model *m, const char *path, const elc_model_options *options,
                       elc_error *err) {
    elc_error why = {0};
    ELC_TRY(open_session(m, path, options->device, err));
    find_weights(m);
    ELC_TRY(elc_metadata_read(&m->session->keys, &m->session->values,
                              options->classes != NULL, path, &m->metadata, err));
    elc_status status = find_head(m, options, &why);
    bool any = options->any || options->tensor != NULL;
    if (status == ELC_E_MODEL && any && options->head == NULL)
        ELC_TRY(keep_other(m, why.message, named(m, options), err));
    else if (status != ELC_OK)
        return elc_fail(err, status, "%s", why.message);
    ELC_TRY(set_classes(m, options, err));
    if (m->input.channels > 0)
        ELC_TRY(set_preparation(m, options, err));
    if (options->tensor != NULL)
        ELC_TRY(elc_features_open(m, options->tensor, options->device, err));
    set_info(m);
    return ELC_OK;
}

elc_status elc_model_open(const char *model, const elc_model_options *options,
                          elc_model **out, elc_error *err) {
    elc_status status;
    elc_string found = {0};
    elc_model *opened = NULL;
    ELC_TRY_GOTO(elc_model_find(model, &found, err), status, done);
    ELC_TRY_GOTO(elc_alloc(1, sizeof *opened, &opened, err), status, done);
    ELC_TRY_GOTO(
        fill(opened, found.data, options == NULL ? &nothing_said : options, err),
        status, done);
    *out = opened;
    opened = NULL;
done:
    elc_model_free(opened);
    elc_string_free(&found);
    return status;
}

elc_status elc_model_open_bytes(const void *bytes, size_t n, const char *name,
                                const elc_model_options *options, elc_model **out,
                                elc_error *err) {
    elc_model *opened = NULL;
    ELC_TRY(elc_alloc(1, sizeof *opened, &opened, err));
    opened->made = (elc_span){bytes, n};
    elc_status status =
        fill(opened, name, options == NULL ? &nothing_said : options, err);
    opened->made = (elc_span){0};
    if (status == ELC_OK)
        *out = opened;
    else
        elc_model_free(opened);
    return status;
}

const elc_model_info *elc_model_info_at(const elc_model *model) {
    return &model->info;
}

void elc_model_free(elc_model *model) {
    if (model == NULL)
        return;
    elc_session_free(model->session);
    elc_metadata_clear(&model->metadata);
    elc_prepare_clear(&model->prepare);
    elc_names_free(&model->classes);
    free(model->shapes);
    free(model->mean);
    free(model->std);
    free(model->name);
    free(model->refusal);
    free(model->tensor);
    elc_names_free(&model->others);
    elc_names_free(&model->weights);
    free(model);
}

/* ---- names of the heads -------------------------------------------------------------
 */

/* The registry is a table of structs: their names are put in a row once. */
#define HEADS_MAX 64
static const char *head_names[HEADS_MAX + 1];
static pthread_once_t head_names_once = PTHREAD_ONCE_INIT;

static void fill_head_names(void) {
    for (size_t i = 0; i < HEADS_MAX && elc_heads[i] != NULL; i++)
        head_names[i] = elc_heads[i]->name;
}

const char *const *elc_model_heads(void) {
    pthread_once(&head_names_once, fill_head_names);
    return head_names;
}
