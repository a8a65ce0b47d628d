#!/usr/bin/env python3
"""train.py - trains the network by steps, from a seed; can be taken up again."""
# SPDX-License-Identifier: Apache-2.0
import argparse
import copy
import math
import os
import time

import numpy as np
import torch

import frames as data
from network import MEAN, Net, loss_of
from samples import Chips, Sprites

# What each run learns from: scene -> blocks of time. What is not named is never seen.
RUNS = {
    "final": {"kit-a": "1", "minsk": "1"},
    "without-kit-a": {"kit-b": "1", "minsk": "123"},
    "without-minsk": {"kit-a": "1", "kit-b": "1"},
    "kit": {"kit-a": "1", "kit-b": "1"},
}
WITHOUT_TOWNS = {"kit"}  # a backbone for bench/learn, which has seen one sensor only
SHARES = {"kit": 0.38, "minsk": 0.27, "town": 0.35}
# Towns painted finely and averaged, and some painted at the network's own resolution.
TOWNS = [(seed, 0.065) for seed in range(1001, 1025)] + \
    [(seed, 0.13) for seed in range(1025, 1033)]
BATCH = 8
RATE, DECAY, WARM_UP, CLIP = 2e-3, 0.05, 100, 10.0


def parse():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--run", choices=RUNS, default="final")
    p.add_argument("--data", required=True, help="folder with kit_ais and minsk")
    p.add_argument("--scene", default="build/scene", help="the renderer of towns")
    p.add_argument("--work", default="build/vehicle", help="towns and checkpoints")
    p.add_argument("--steps", type=int, default=9000)
    p.add_argument("--seed", type=int, default=20)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--bf16", action="store_true", help="faster where the CPU has AMX")
    p.add_argument("--device", default="cpu", help="cpu, or cuda")
    return p.parse_args()


def chips_of(options, first):
    folder, scenes = options.data, RUNS[options.run]
    kit = [f for s, b in scenes.items() if s != "minsk"
           for f in data.frames(folder, [s], b)]
    minsk = data.frames(folder, ["minsk"], scenes.get("minsk", ""))
    towns = [data.town(options.scene, os.path.join(options.work, "towns"), seed, gsd)
             for seed, gsd in TOWNS if options.run not in WITHOUT_TOWNS]
    for frame in kit + minsk + towns:
        frame.native = None  # which is for evaluation: gigabytes
    groups = [(kit, SHARES["kit"]), (minsk, SHARES["minsk"]), (towns, SHARES["town"])]
    groups = [(g, share) for g, share in groups if g]
    return Chips([g for g, _ in groups], [s for _, s in groups],
                 Sprites(kit + minsk + towns), options.seed, options.steps * BATCH,
                 first * BATCH)


def rate_at(step, steps):
    if step < WARM_UP:
        return (step + 1) / WARM_UP
    done = (step - WARM_UP) / max(1, steps - WARM_UP)
    return 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * done))


def follow(mean, net):
    """A running mean from zero on; export.py divides by what its weights sum to."""
    with torch.no_grad():
        for m, n in zip(mean.state_dict().values(), net.state_dict().values()):
            if m.dtype.is_floating_point:
                m.lerp_(n, 1 - MEAN)
            else:
                m.copy_(n)


def save(path, **what):
    torch.save(what, path + ".part")
    os.replace(path + ".part", path)


def train(options):
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    net = Net().to(options.device, memory_format=torch.channels_last)
    mean = copy.deepcopy(net).eval()
    for value in mean.state_dict().values():
        value.zero_()
    optimizer = torch.optim.AdamW(net.parameters(), RATE, weight_decay=DECAY)
    os.makedirs(options.work, exist_ok=True)
    path, first = os.path.join(options.work, options.run + ".pt"), 0
    if os.path.exists(path):
        state = torch.load(path, weights_only=True)
        net.load_state_dict(state["net"])
        mean.load_state_dict(state["mean"])
        optimizer.load_state_dict(state["optimizer"])
        first = state["step"]
    loader = torch.utils.data.DataLoader(chips_of(options, first), BATCH, num_workers=1,
                                         prefetch_factor=8)
    net.train()
    began, sums = time.time(), np.zeros(4)
    for step, batch in enumerate(loader, first):
        for group in optimizer.param_groups:
            group["lr"] = RATE * rate_at(step, options.steps)
        losses = loss_of(net, [t.to(options.device) for t in batch], options.bf16)
        optimizer.zero_grad(set_to_none=True)
        losses[0].backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), CLIP)
        optimizer.step()
        follow(mean, net)
        sums += [float(v.detach()) for v in losses]
        if (step + 1) % 50 == 0:
            means = "loss %.3f heat %.3f kind %.3f size %.3f" % tuple(sums / 50)
            print(f"{options.run} step {step + 1} {means} {time.time() - began:.0f} s",
                  flush=True)
            sums[:] = 0
        if (step + 1) % 250 == 0 or step + 1 == options.steps:
            save(path, net=net.state_dict(), mean=mean.state_dict(),
                 optimizer=optimizer.state_dict(), step=step + 1)


if __name__ == "__main__":
    train(parse())
