/* assess.c - probabilities of scores, how good they are, and how sure they should be.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/learn.h>

#include <math.h>
#include <string.h>

enum { BINS = 10 };
static const double LEAST = 1e-15;

/* ---- temperature --------------------------------------------------------------------
 */

static void softmax_row(double *scores, size_t n, double temperature) {
    double top = scores[0], sum = 0;
    for (size_t k = 1; k < n; k++)
        top = scores[k] > top ? scores[k] : top;
    for (size_t k = 0; k < n; k++)
        sum += scores[k] = exp((scores[k] - top) / temperature);
    for (size_t k = 0; k < n; k++)
        scores[k] /= sum;
}

void elc_softmax_rows(double *scores, size_t n, size_t classes, double temperature) {
    for (size_t i = 0; i < n; i++)
        softmax_row(scores + i * classes, classes, temperature);
}

/* The slope of the log loss along 1 / temperature: what scores are expected to be less
   what they are, of the label. One mistake more than was seen is counted for all rows
   together, spread over the other classes, as Platt (1999) smooths his targets: without
   a mistake there would be no end to how sure it is. */
static double slope_at(const double *scores, size_t n, size_t classes,
                       const int32_t *labels, double inverse) {
    double slope = 0, wrong = 1 / (double)(n + 2);
    for (size_t i = 0; i < n; i++) {
        const double *s = scores + i * classes;
        double top = s[0], sum = 0, mean = 0, all = 0;
        for (size_t k = 1; k < classes; k++)
            top = s[k] > top ? s[k] : top;
        for (size_t k = 0; k < classes; k++) {
            double e = exp((s[k] - top) * inverse);
            sum += e;
            mean += e * (s[k] - top);
            all += s[k] - top;
        }
        double own = s[labels[i]] - top, rest = (all - own) / (double)(classes - 1);
        slope += mean / sum - ((1 - wrong) * own + wrong * rest);
    }
    return slope;
}

/* The loss is convex along 1 / temperature, so that its slope has one zero. */
double elc_temperature_find(const double *scores, size_t n, size_t classes,
                            const int32_t *labels) {
    double low = log(0.01), high = log(100);
    while (high - low > 1e-10) {
        double middle = (low + high) / 2;
        if (slope_at(scores, n, classes, labels, exp(middle)) > 0)
            high = middle;
        else
            low = middle;
    }
    return exp(-(low + high) / 2);
}

/* ---- how good -----------------------------------------------------------------------
 */

static size_t likeliest(const double *p, size_t n) {
    size_t best = 0;
    for (size_t k = 1; k < n; k++)
        best = p[k] > p[best] ? k : best;
    return best;
}

static double mean_found(const double *p, size_t n, size_t classes,
                         const int32_t *labels) {
    double sum = 0, seen = 0;
    for (size_t k = 0; k < classes; k++) {
        double rows = 0, found = 0;
        for (size_t i = 0; i < n; i++) {
            bool own = (size_t)labels[i] == k;
            rows += own;
            found += own && likeliest(p + i * classes, classes) == k;
        }
        seen += rows > 0;
        sum += rows > 0 ? found / rows : 0;
    }
    return sum / seen;
}

static double gap_of(const double *sure, const double *right, size_t n) {
    double gap = 0;
    for (size_t b = 0; b < BINS; b++)
        gap += fabs(sure[b] - right[b]);
    return gap / (double)n;
}

void elc_assess(const double *p, size_t n, size_t classes, const int32_t *labels,
                elc_assessment *out, uint64_t *confusion) {
    double loss = 0, right = 0, sure_of[BINS] = {0}, right_of[BINS] = {0};
    if (confusion != NULL)
        memset(confusion, 0, classes * classes * sizeof *confusion);
    for (size_t i = 0; i < n; i++) {
        const double *row = p + i * classes;
        size_t best = likeliest(row, classes), own = (size_t)labels[i];
        size_t bin = row[best] >= 1 ? BINS - 1 : (size_t)(row[best] * BINS);
        loss -= log(row[own] > LEAST ? row[own] : LEAST);
        right += best == own;
        sure_of[bin] += row[best];
        right_of[bin] += best == own;
        if (confusion != NULL)
            confusion[own * classes + best]++;
    }
    *out = (elc_assessment){.accuracy = right / (double)n,
                            .balanced = mean_found(p, n, classes, labels),
                            .log_loss = loss / (double)n,
                            .gap = gap_of(sure_of, right_of, n)};
}
