#!/usr/bin/env python3
"""minimax.py - writes the polynomials of src/geo/polynomials.h.

usage: minimax.py

Each function is what its first terms leave over, divided by the power of x that it
begins with, as a polynomial in x squared: Remez's exchange in 50 digits (mpmath). Its
error times that power is the error of the whole, printed beside the coefficients.
"""
# SPDX-License-Identifier: Apache-2.0

from mpmath import (atan, atanh, chop, cos, cosh, lu_solve, matrix, mp, mpf, pi, sin,
                    sinh, sqrt, tan)

mp.dps = 50

# name, what is left over, the power it begins with, the range of x, the degree
FUNCTIONS = (
    ("SIN", lambda x: sin(x) - x, 3, pi / 2 + mpf("1e-6"), 6),
    ("COS", lambda x: cos(x) - 1 + x * x / 2, 4, pi / 2 + mpf("1e-6"), 6),
    ("SINH", lambda x: sinh(x) - x, 3, mpf("0.66"), 5),
    ("COSH", lambda x: cosh(x) - 1 - x * x / 2, 4, mpf("0.66"), 4),
    ("ATAN", lambda x: atan(x) - x, 3, tan(pi * 50 / 540) + mpf("1e-6"), 7),
    ("ATANH", lambda x: atanh(x) - x, 3, mpf("0.58"), 13),
    ("ATANH_THIRD", lambda x: atanh(x) - x, 3, mpf("0.3334"), 8),
)


def value(coefficients, z):
    total = mpf(0)
    for c in reversed(coefficients):
        total = total * z + c
    return total


def minimax(left_over, power, limit, degree):
    """Coefficients in z = x * x, and the largest error of the whole."""
    top, points = limit * limit, 60 * (degree + 2)
    grid = [top * (1 - cos(pi * (i + mpf(1) / 2) / points)) / 2 for i in range(points)]
    target = [left_over(sqrt(z)) / sqrt(z) ** power for z in grid]
    weight = [sqrt(z) ** power for z in grid]
    chosen = [int((i + 0.5) * points / (degree + 2)) for i in range(degree + 2)]
    for _ in range(30):
        rows = matrix(degree + 2, degree + 2)
        right = matrix(degree + 2, 1)
        for i, at in enumerate(chosen):
            for j in range(degree + 1):
                rows[i, j] = grid[at] ** j
            rows[i, degree + 1] = (-1) ** i / weight[at]
            right[i] = target[at]
        solved = lu_solve(rows, right)
        coefficients = [solved[j] for j in range(degree + 1)]
        error = [(value(coefficients, z) - t) * w
                 for z, t, w in zip(grid, target, weight)]
        runs = [[0]]
        for i in range(1, points):
            if (error[i] > 0) == (error[i - 1] > 0):
                runs[-1].append(i)
            else:
                runs.append([i])
        peaks = [max(run, key=lambda i: abs(error[i])) for run in runs]
        while len(peaks) > degree + 2:
            peaks.pop(0 if abs(error[peaks[0]]) < abs(error[peaks[-1]]) else -1)
        if len(peaks) < degree + 2 or peaks == chosen:
            break
        chosen = peaks
    return coefficients, max(abs(e) for e in error)


def main():
    for name, left_over, power, limit, degree in FUNCTIONS:
        coefficients, error = minimax(left_over, power, limit, degree)
        print(f"/* |x| <= {float(limit):.4f}, error {float(chop(error)):.1e} */")
        numbers = ", ".join(repr(float(c)) for c in coefficients)
        print(f"static const double {name}[] = {{{numbers}}};")


if __name__ == "__main__":
    main()
