/* bare.c - what the network alone costs: chips ready in memory, as many callers as
 * threads.
 *
 *   bench-bare IMAGE MODEL THREADS CHIP OVERLAP [BANDS]
 *
 * Prints the chips that the image is cut into, and the seconds and CPU seconds that
 * running a network on so many takes when up to 64 of them are prepared beforehand and
 * taken in turn. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/detect.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MOST_READY = 64 };

typedef struct bare {
    elc_inference *ready[MOST_READY];
    int64_t n_ready, chips;
    int threads;
} bare;

static elc_status prepare(bare *b, elc_model *model, elc_image *image,
                          const elc_grid *grid, const elc_names *bands,
                          elc_error *err) {
    const elc_model_info *info = elc_model_info_at(model);
    int chosen[16];
    uint8_t *pixels = NULL;
    ELC_TRY(elc_image_choose_bands(image, "image", bands, info->channels, chosen, err));
    ELC_TRY(elc_alloc((size_t)(grid->chip_width * grid->chip_height),
                      (size_t)info->channels, &pixels, err));
    b->chips = elc_grid_count(grid);
    b->n_ready = b->chips < MOST_READY ? b->chips : MOST_READY;
    elc_status status = ELC_OK;
    for (int64_t i = 0; i < b->n_ready && status == ELC_OK; i++) {
        elc_window w = elc_grid_window(grid, i * b->chips / b->n_ready);
        status = elc_inference_create(model, 1, w.width, w.height, &b->ready[i], err);
        if (status == ELC_OK)
            status = elc_image_read(image, w, chosen, info->channels, info->pad, pixels,
                                    NULL, err);
        if (status == ELC_OK)
            elc_inference_put(b->ready[i], 0, pixels);
    }
    free(pixels);
    return status;
}

/* Thread t has the ready chips t, t + threads, … and runs its share of all of them. */
static elc_status run(void *arg, int index, elc_error *err) {
    const bare *b = arg;
    for (int64_t chip = index; chip < b->chips; chip += b->threads) {
        int64_t mine = (b->n_ready - index + b->threads - 1) / b->threads;
        int64_t turn = (chip / b->threads) % mine;
        ELC_TRY(elc_inference_run(b->ready[index + turn * b->threads], 1, err));
    }
    return ELC_OK;
}

static elc_status measure(char **argv, elc_error *err) {
    elc_model *model = NULL;
    elc_image *image = NULL;
    elc_grid grid;
    bare b = {.threads = atoi(argv[3])};
    int64_t chip = atoll(argv[4]), overlap = atoll(argv[5]);
    elc_names bands = {0};
    elc_model_options options = {.input_width = chip, .input_height = chip};
    ELC_TRY(elc_model_open(argv[2], &options, &model, err));
    ELC_TRY(elc_image_open(argv[1], &image, err));
    if (argv[6])
        ELC_TRY(elc_names_split(&bands, argv[6], ',', err));
    const elc_image_info *info = elc_image_info_at(image);
    ELC_TRY(elc_grid_create(info->width, info->height, chip, chip, overlap, overlap,
                            elc_model_info_at(model)->stride, false, &grid, err));
    ELC_TRY(prepare(&b, model, image, &grid, &bands, err));
    clock_t cpu = clock(); /* of all threads */
    double began = elc_clock();
    ELC_TRY(elc_threads_run(b.threads, run, &b, err));
    double seconds = elc_clock() - began;
    printf("{\"chips\": %lld, \"seconds\": %.4f, \"cpu\": %.4f}\n", (long long)b.chips,
           seconds, (double)(clock() - cpu) / CLOCKS_PER_SEC);
    return ELC_OK;
}

int main(int argc, char **argv) {
    elc_error err = {0};
    if (argc < 6 || argc > 7) {
        fprintf(stderr, "usage: bench-bare IMAGE MODEL THREADS CHIP OVERLAP [BANDS]\n");
        return 2;
    }
    if (measure(argv, &err) != ELC_OK) {
        fprintf(stderr, "bench-bare: %s\n", err.message);
        return 1;
    }
    return 0;
}
