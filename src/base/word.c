/* word.c - the nearest known word, for "did you mean". */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/base.h>

#include <string.h>

enum { LONGEST = 63 };

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

/* Edit distance with neighbours exchanged as one edit (Damerau 1964; the variant that
   edits no part twice). Rows i, i-1 and i-2 of the table are enough. */
static size_t distance(const char *a, size_t na, const char *b, size_t nb) {
    size_t rows[3][LONGEST + 1];
    for (size_t j = 0; j <= nb; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= na; i++) {
        size_t *now = rows[i % 3];
        const size_t *up = rows[(i + 2) % 3], *two_up = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            size_t differs = a[i - 1] != b[j - 1];
            now[j] = least(least(up[j], now[j - 1]) + 1, up[j - 1] + differs);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], two_up[j - 2] + 1);
        }
    }
    return rows[na % 3][nb];
}

const char *elc_nearest_word(const char *word, const char *const *words) {
    size_t n = strlen(word);
    if (n > LONGEST)
        return NULL;
    const char *best = NULL;
    size_t best_distance = n / 3 + 1;
    for (; *words != NULL; words++) {
        size_t m = strlen(*words);
        if (m > LONGEST)
            continue;
        size_t d = distance(word, n, *words, m);
        if (d < best_distance) {
            best_distance = d;
            best = *words;
        }
    }
    return best;
}
