"""report.py - medians and ratios of what was measured, as a table and as JSON."""
# SPDX-License-Identifier: Apache-2.0

import os
import platform
import statistics

# Name, width and side of each column.
COLUMNS = (("what", 26, "<"), ("tool", 11, "<"), ("n", 1, ">"), ("median s", 8, ">"),
           ("best s", 8, ">"), ("CPU s", 8, ">"), ("peak MB", 7, ">"),
           ("found", 7, ">"), ("ratio", 6, ">"), ("of best", 7, ">"),
           ("of CPU", 6, ">"), ("goal", 0, "<"))


def machine():
    model = platform.processor() or platform.machine()
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {"cpu": model, "cores": len(os.sched_getaffinity(0)),
            "memory_gb": round(pages / 1e9), "system": platform.system(),
            "python": platform.python_version(), "load_before": os.getloadavg()[0]}


def summary(samples):
    """Medians of one tool's runs; its highest memory."""
    def middle(name):
        values = [sample[name] for sample in samples if name in sample]
        return statistics.median(values) if values else None
    return {"n": len(samples), "median_s": middle("seconds"),
            "best_s": min(sample["seconds"] for sample in samples),
            "cpu_s": middle("cpu"), "peak_mb": max(s["peak_mb"] for s in samples),
            "found": middle("found")}


def ratio(row, base, name):
    return row[name] / base[name] if base and base[name] else None


def rows(lines, samples):
    """A row for each line (key, key of its base, goal) that was measured."""
    found = []
    for key, base_key, goal in lines:
        if not samples.get(key):
            continue
        row, base = summary(samples[key]), None
        if samples.get(base_key):
            base = summary(samples[base_key])
        found.append({"measure": key[0], "what": key[1], "tool": key[2], **row,
                      "ratio": ratio(row, base, "median_s"),
                      "ratio_best": ratio(row, base, "best_s"),
                      "ratio_cpu": ratio(row, base, "cpu_s"), "goal": goal})
    return found


def cells(row):
    def number(name, digits):
        return "" if row[name] is None else f"{row[name]:,.{digits}f}"
    return (row["what"], row["tool"], str(row["n"]), number("median_s", 2),
            number("best_s", 2), number("cpu_s", 2), number("peak_mb", 0),
            number("found", 0), number("ratio", 3), number("ratio_best", 3),
            number("ratio_cpu", 3), row["goal"])


def print_line(values):
    print("  ".join(f"{value:{side}{width}}" for value, (_, width, side)
                    in zip(values, COLUMNS)).rstrip())


def print_table(found, titles):
    for measure, title in titles.items():
        mine = [row for row in found if row["measure"] == measure]
        if not mine:
            continue
        print(f"\n{title}\n")
        print_line([name for name, _, _ in COLUMNS])
        for row in mine:
            print_line(cells(row))
