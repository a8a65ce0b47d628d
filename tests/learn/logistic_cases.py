"""logistic_cases.py - what scikit-learn learns from small sets, for test_logistic.c.

usage: logistic_cases.py > logistic_cases.txt

A case is a line "case NAME ROWS FEATURES CLASSES C SCALED", where SCALED 1 means that
features are standardised; a line a row: label, weight, features; a line a class of
coefficients and the intercept. The features are exact in float32. Answers are those of
newton-cholesky, which goes on to the tolerance of 1e-12; two classes have one row, which is
halved and shared. Needs numpy and scikit-learn.
"""
# SPDX-License-Identifier: Apache-2.0
import numpy as np
from sklearn.linear_model import LogisticRegression

CASES = (  # name, rows, features, classes, C, scaled, offset and spread of features
    ("two", 40, 3, 2, 1.0, 0, 0, 1), ("three", 60, 4, 3, 1.0, 0, 0, 1),
    ("weak", 80, 5, 4, 100.0, 0, 0, 1), ("strong", 60, 6, 3, 0.01, 0, 0, 1),
    ("weighted", 60, 4, 3, 0.5, 0, 0, 1), ("unlike", 50, 3, 3, 1.0, 0, 700, 300),
    ("scaled", 50, 4, 3, 0.3, 1, 700, 300), ("wide", 24, 40, 3, 1.0, 0, 0, 1))


def make(random, rows, features, classes, offset, spread):
    labels = np.arange(rows) % classes
    centres = random.normal(size=(classes, features))
    x = centres[labels] + random.normal(size=(rows, features))
    return np.round((offset + spread * x) * 64) / 64, labels


def learn(x, labels, weights, c, scaled):
    mean, spread = np.zeros(x.shape[1]), np.ones(x.shape[1])
    if scaled:
        mean = np.average(x, axis=0, weights=weights)
        spread = np.sqrt(np.average((x - mean) ** 2, axis=0, weights=weights))
    model = LogisticRegression(C=c, tol=1e-12, solver="newton-cholesky", max_iter=1000)
    model.fit((x - mean) / spread, labels, sample_weight=weights)
    w, b = model.coef_ / spread, model.intercept_
    b = b - w @ mean
    if len(w) == 1:
        w, b = np.concatenate([-w, w]) / 2, np.concatenate([-b, b]) / 2
    return w, b - b.mean()


def main():
    random = np.random.default_rng(9)
    for name, rows, features, classes, c, scaled, offset, spread in CASES:
        x, labels = make(random, rows, features, classes, offset, spread)
        weights = random.integers(0, 5, rows) / 2 if name == "weighted" else np.ones(rows)
        w, b = learn(x, labels, weights, c, scaled)
        print("case", name, rows, features, classes, c, scaled)
        for row, label, weight in zip(x, labels, weights):
            print(label, weight, *(repr(float(v)) for v in row))
        for row, end in zip(w, b):
            print(*(f"{v:.12g}" for v in row), f"{end:.12g}")


if __name__ == "__main__":
    main()
