"""network.py - the detector, its loss, and the same detector with boxes as output."""
# SPDX-License-Identifier: Apache-2.0
import torch
from torch import nn
from torch.nn import functional as F

WIDTHS = (16, 24, 64, 128)
BLOCKS = (1, 2, 3)
STRIDE = 4
UNIT_PX = 16  # one of the size head's output
MEAN = 0.998  # of the weights: how much of it stays at each step


def conv(inputs, outputs, size=3, stride=1):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False),
        nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.narrow, self.wide = conv(width, width // 2), conv(width // 2, width)

    def forward(self, x):
        return x + self.wide(self.narrow(x))


class Net(nn.Module):
    """Strides 2, 4, 8 and 16; summed from the top down to 4, where two heads sit. A
    third at 8, of a wider view, adds to the classes' scores: a cab tells a truck from
    a bus, and is far from the middle."""

    def __init__(self, classes=3):
        super().__init__()
        self.stem = conv(3, WIDTHS[0], 3, 2)
        self.stages = nn.ModuleList(
            nn.Sequential(conv(WIDTHS[i], WIDTHS[i + 1], 3, 2),
                          *(Block(WIDTHS[i + 1]) for _ in range(BLOCKS[i])))
            for i in range(3))
        self.down8 = nn.Conv2d(WIDTHS[3], WIDTHS[2], 1)
        self.down4 = nn.Conv2d(WIDTHS[2], WIDTHS[1], 1)
        self.merge4 = conv(WIDTHS[1], WIDTHS[1])
        self.heat = nn.Conv2d(WIDTHS[1], classes, 1)
        self.kind = nn.Conv2d(WIDTHS[2], classes, 1, bias=False)
        self.size = nn.Conv2d(WIDTHS[1], 4, 1)
        nn.init.constant_(self.heat.bias, -4.0)
        nn.init.constant_(self.size.bias, 0.6)

    def forward(self, x):
        x4 = self.stages[0](self.stem(x))
        x8 = self.stages[1](x4)
        x16 = self.stages[2](x8)
        x8 = x8 + F.interpolate(self.down8(x16), scale_factor=2.0)
        x4 = self.merge4(x4 + F.interpolate(self.down4(x8), scale_factor=2.0))
        heat = self.heat(x4) + F.interpolate(self.kind(x8), scale_factor=2.0)
        return heat, F.softplus(self.size(x4)) * UNIT_PX


class Detector(nn.Module):
    """[N, 4 + classes, cells]: centre, size and scores, as YOLOv8's. A cell that is not
    the best of the nine round it scores nothing: one vehicle, one peak."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, images):
        heat, sides = self.net(images)
        scores = torch.sigmoid(heat)
        best = scores.max(1, keepdim=True).values
        peak = (F.max_pool2d(best, 3, 1, 1) == best).to(scores.dtype)
        left, top, right, bottom = sides.split(1, 1)
        rows = torch.arange(heat.shape[2], device=heat.device, dtype=heat.dtype)
        columns = torch.arange(heat.shape[3], device=heat.device, dtype=heat.dtype)
        x = ((columns + 0.5) * STRIDE).view(1, 1, 1, -1) + (right - left) / 2
        y = ((rows + 0.5) * STRIDE).view(1, 1, -1, 1) + (bottom - top) / 2
        out = torch.cat([x, y, left + right, top + bottom, scores * peak], 1)
        return out.flatten(2)


def heat_loss(logits, wanted, verdict):
    """Focal loss on bells (CornerNet's, alpha 2, beta 4), over the vehicles' number."""
    p = torch.sigmoid(logits).clamp(1e-4, 1 - 1e-4)
    hit = (wanted > 0.999).float()
    positive = hit * (1 - p) ** 2 * torch.log(p)
    negative = (1 - hit) * (1 - wanted) ** 4 * p ** 2 * torch.log(1 - p)
    verdict = verdict[:, None]
    return -((positive + negative) * verdict).sum() / hit.sum().clamp(min=1)


def kind_loss(logits, wanted, weight):
    """Cross-entropy between the classes where a vehicle is: which of them it is."""
    wrong = F.cross_entropy(logits, wanted.argmax(1), reduction="none")
    return (wrong * weight).sum() / weight.sum().clamp(min=1e-6)


def size_loss(sides, wanted, weight):
    """GIoU of boxes given by the distances from one cell to their four sides."""
    a, b = sides, wanted
    common = (torch.minimum(a[:, 0], b[:, 0]) + torch.minimum(a[:, 2], b[:, 2])) * \
        (torch.minimum(a[:, 1], b[:, 1]) + torch.minimum(a[:, 3], b[:, 3]))
    hull = (torch.maximum(a[:, 0], b[:, 0]) + torch.maximum(a[:, 2], b[:, 2])) * \
        (torch.maximum(a[:, 1], b[:, 1]) + torch.maximum(a[:, 3], b[:, 3]))
    areas = [(c[:, 0] + c[:, 2]) * (c[:, 1] + c[:, 3]) for c in (a, b)]
    union = (areas[0] + areas[1] - common).clamp(min=1e-6)
    giou = common / union - (hull - union) / hull.clamp(min=1e-6)
    return ((1 - giou) * weight).sum() / weight.sum().clamp(min=1e-6)


def loss_of(net, batch, bf16=False):
    images, heat, sides, weight, verdict = batch
    images = images.float().div(255).to(memory_format=torch.channels_last)
    with torch.autocast(images.device.type, torch.bfloat16, enabled=bf16):
        logits, found = net(images)
    logits = logits.float()
    h = heat_loss(logits, heat, verdict)
    k = kind_loss(logits, heat, weight)
    s = size_loss(found.float(), sides, weight)
    return h + 2 * k + 5 * s, h, k, s
