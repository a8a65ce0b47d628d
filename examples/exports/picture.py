"""picture.py - an image that is the same everywhere, and PNG with the standard library."""
# SPDX-License-Identifier: Apache-2.0

import struct
import zlib

import numpy as np


def noise(height, width):
    """Patches and grain, [height, width, 3] of bytes: arithmetic, no random numbers."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3),
                          indexing="ij")
    return (((x // 8 * 37 + y // 8 * 101 + c * 59) % 200)
            + (x * 7 + y * 13 + c * 5) % 56).astype(np.uint8)


def write_png(path, pixels):
    """8-bit RGB, no filter (PNG, third edition)."""
    height, width, _ = pixels.shape

    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data
                + struct.pack(">I", zlib.crc32(kind + data)))

    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n"
                   + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
                   + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
