/* network.h - run an ONNX network by ONNX Runtime alone, without Elcano. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_SCENE_NETWORK_H
#define TESTS_SCENE_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct network network;

/* Skips the test, and says why, where ONNX Runtime is not at hand. */
network *network_open(const char *path);
void network_close(network *net);

/* Runs "images" of these four dimensions, float32 or bytes, and gives "output0", to be
   freed; dims gets its first three dimensions, 1 where there are fewer. */
float *network_run(network *net, const void *images, bool bytes, const int64_t in[4],
                   int64_t dims[3]);

#endif
