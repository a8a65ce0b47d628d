"""measure.py - run a command once: its seconds, CPU seconds and peak memory."""
# SPDX-License-Identifier: Apache-2.0

import json
import os
import subprocess
import tempfile
import time


class Failed(Exception):
    """A command that did not end well; its text is the last line that it said."""


def text_of(file):
    file.seek(0)
    return file.read().decode(errors="replace").strip()


def run(command):
    """What is measured from outside; what the command prints as JSON goes over it."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out,
                                   stderr=err)
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except KeyboardInterrupt:
            process.terminate()
            process.wait()
            raise
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        said, told = text_of(out), text_of(err)
    if process.returncode != 0:
        raise Failed((told or f"exit code {process.returncode}").splitlines()[-1])
    sample = {"seconds": seconds, "cpu": usage.ru_utime + usage.ru_stime,
              "peak_mb": usage.ru_maxrss * 1024 / 1e6}
    if said.startswith("{"):
        sample.update(json.loads(said))
    return sample
