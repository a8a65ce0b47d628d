"""maps.py - the measures of run.py that have to do with the map."""
# SPDX-License-Identifier: Apache-2.0

import os
import shutil
import sys

import prepare


class MapMeasures:
    """A part of run.py's Bench: one method a measure, a round of it each call."""

    def heat(self, turn):
        """On one thread each; the sum alone, of the best of five."""
        for count, sigma in (*((1000000, n) for n in (2, 3, 4, 6, 10)), (100000, 50)):
            what = f"{count:,} points, {sigma} cells"
            words, base = [count, 2560, 1920, sigma], ("heat", what, "elcano")
            self.add(*base, [self.program("bench-heat"), *words], 1)
            self.line(*base)
            if turn < 3:
                goal = ">= 2" if sigma == 10 else ""
                self.tool("heat", what, "numpy, cv2", "heat_peer.py", words, 3, goal)

    def serve(self, turn):
        """A million points in clusters; seconds are the 99th percentile of answers."""
        path = prepare.clusters(self.folder, 1000000, self.program("elcano"))
        seconds = 5 if self.options.quick else 20
        script = os.path.join(prepare.HERE, "serve_load.py")
        base = ("serve", "200 a second", "tiles")
        for what, tool, kind in (("200 a second", "tiles", "tiles"),
                                 ("200 a second", "fixed file", "file"),
                                 ("till it answers", "elcano", "ready")):
            rate = [] if kind == "ready" else [200, seconds]
            self.add("serve", what, tool, [sys.executable, script, kind,
                                           self.options.build, path, *rate], 3 + seconds)
            self.line("serve", what, tool, base if kind == "file" else None,
                      {"tiles": "<= 0.02 s, idle", "ready": ""}.get(kind, ""))
        browser = os.path.join(prepare.ROOT, "build", "deps", "browser", "node_modules")
        if shutil.which("node") and shutil.which("chromium") and os.path.exists(browser):
            self.add("serve", "first view, Chromium", "elcano",
                     ["node", os.path.join(prepare.HERE, "first_view.mjs"),
                      self.options.build, path], 10)
            self.line("serve", "first view, Chromium", "elcano", None, "<= 1")
