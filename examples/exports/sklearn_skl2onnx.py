"""sklearn_skl2onnx.py - export a scikit-learn pipeline as ONNX, and show what it gives.

usage: sklearn_skl2onnx.py FOLDER

Writes FOLDER/sklearn.onnx, FOLDER/sklearn.txt, numbers that go in, and
FOLDER/sklearn.json, what scikit-learn gives on them. The export is the converter's
default: a label, and a map of class to probability.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import os
import sys

import numpy as np
import sklearn as library
from skl2onnx import to_onnx
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

BANDS, KINDS = 6, ["field", "forest", "water"]


def spectra():
    """Made-up reflectances of three kinds of ground in six bands."""
    random = np.random.default_rng(20)
    means = random.uniform(0.05, 0.6, (len(KINDS), BANDS))
    rows = np.concatenate([random.normal(m, 0.12, (60, BANDS)) for m in means])
    return rows.astype(np.float32), np.repeat(KINDS, 60)


def main(folder):
    os.makedirs(folder, exist_ok=True)
    rows, kinds = spectra()
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(rows, kinds)
    sample = (rows[10:11] + rows[70:71]) / np.float32(2)
    with open(os.path.join(folder, "sklearn.onnx"), "wb") as file:
        file.write(to_onnx(model, rows[:1]).SerializeToString())
    with open(os.path.join(folder, "sklearn.txt"), "w", encoding="utf-8") as file:
        file.write(" ".join(repr(float(v)) for v in sample[0]) + "\n")
    shares = model.predict_proba(sample)[0]
    with open(os.path.join(folder, "sklearn.json"), "w", encoding="utf-8") as file:
        json.dump({"shares": shares.tolist(), "classes": model.classes_.tolist(),
                   "label": str(model.predict(sample)[0])}, file)
    print("scikit-learn", library.__version__, "gives",
          dict(zip(model.classes_.tolist(), shares.tolist())))


if __name__ == "__main__":
    main(sys.argv[1])
