"""learn.py - the measures of what is learnt, for run.py."""
# SPDX-License-Identifier: Apache-2.0

import os

import prepare


class LearnMeasures:
    """Part of Bench."""

    def logistic(self, turn):
        """On one thread each, to a tolerance of 1e-10; scikit-learn in double, its memory
        with Python's. What is found are iterations."""
        if turn == 0:
            self.learn = None if self.options.no_peers else prepare.learn(self.folder)
        rows = 20000 if self.options.quick else 100000
        for classes in (10, 2):
            words = [rows, 512, classes, 1]
            what = f"{rows:,} x 512, {classes} classes"
            base = ("logistic", what, "elcano")
            self.add(*base, [self.program("bench-logistic"), "made", *words], 10)
            self.line(*base)
            if self.learn and turn < 3:
                self.add("logistic", what, "sklearn",
                         [self.learn, os.path.join(prepare.HERE, "logistic_peer.py"),
                          "alone", *words], 15)
                self.line("logistic", what, "sklearn", base, ">= 1; memory >= 2")
