"""serve_load.py - a map's server under a steady load: how long answers take.

usage: serve_load.py ready|tiles|file BUILD TABLE [RATE [SECONDS [QUERY]]]

Starts BUILD/elcano serve TABLE and prints JSON. ready: seconds until the address is
printed, and the server's CPU seconds till then. tiles, file: bench-serve's, of tiles of
the table or of one fixed file of the same server; "seconds" is the 99th percentile, "cpu"
the server's meanwhile. "peak_mb" is the server's memory, the table with it.
"""
# SPDX-License-Identifier: Apache-2.0
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request


def cpu_of(process):
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as file:
        words = file.read().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def peak_of(process):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) * 1024 / 1e6 for line in file
                    if line.startswith("VmHWM"))


def load(build, server, url, what, words):
    with urllib.request.urlopen(url + "info.json") as answer:
        layer = json.load(answer)["layers"][0]
    port = url.rstrip("/").rsplit(":", 1)[1]
    name, box = ("-", [0] * 4) if what == "file" else (layer["name"], layer["bounds"])
    began = cpu_of(server)
    said = subprocess.run([os.path.join(build, "bench-serve"), port, name,
                           *map(str, box), *words], check=True, capture_output=True,
                          text=True).stdout
    found = json.loads(said)
    if found["failed"]:
        sys.exit(f"{found['failed']} requests failed")
    return {**found, "cpu": cpu_of(server) - began}


def main(what, build, table, *words):
    began = time.perf_counter()
    with subprocess.Popen([os.path.join(build, "elcano"), "serve", table],
                          stdout=subprocess.PIPE, text=True) as server:
        url = server.stdout.readline().strip()
        if not url:
            sys.exit("elcano serve did not start")
        found = {"seconds": time.perf_counter() - began, "cpu": cpu_of(server)}
        try:
            if what != "ready":
                found = load(build, server, url, what, words)
            found["peak_mb"] = peak_of(server)
        finally:
            server.send_signal(signal.SIGINT)
    print(json.dumps(found))


if __name__ == "__main__":
    if len(sys.argv) < 4 or sys.argv[1] not in ("ready", "tiles", "file"):
        sys.exit(__doc__)
    main(*sys.argv[1:])
