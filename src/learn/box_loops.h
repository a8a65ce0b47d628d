/* box_loops.h - products of a block of cells, compiled for each kind of processor. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_LEARN_BOX_LOOPS_H
#define ELCANO_SRC_LEARN_BOX_LOOPS_H

#include <stddef.h>

/* Outputs are padded to whole lanes. */
enum { ELC_BOX_LANES = 16 };

static inline size_t elc_box_padded(size_t n) {
    return (n + ELC_BOX_LANES - 1) / ELC_BOX_LANES * ELC_BOX_LANES;
}

/* out[i][o] = bias[o] + sum over c of x[i][c] * w[c][o], for o below n_out, which is
   padded as are the rows of w and out. `bias` NULL: 0. */
void elc_box_dense(const float *x, size_t cells, size_t n_in, const float *w,
                   const float *bias, size_t n_out, float *out);
/* w[c][o] += sum over i of x[i][c] * d[i][o]; rows of w and d are padded. */
void elc_box_outer(const float *x, size_t cells, size_t n_in, const float *d,
                   size_t n_out, float *w);

#endif
