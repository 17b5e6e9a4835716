"""A still picture of all heads, for where no script runs: layers down, heads across, as a PNG of 16 colours.

It is written here and not by matplotlib, since a page at 128 tokens has no room for more than a few kilobytes of it.
"""

import struct
import zlib
from functools import cache

import numpy as np

from hf_tutorial.attention.packing import STEPS

# What a picture may measure, gaps aside, and how wide the gap between two heads is.
SIDE, GAP = 440, 3
COLOURS = 15


@cache
def palette() -> bytes:
    """Return viridis as 256 colours of three bytes, which light and dark pages share with the pictures."""
    from matplotlib import colormaps

    return (colormaps["viridis"](np.arange(256), bytes=True)[:, :3]).tobytes()


def still_picture(steps: np.ndarray, masked: np.ndarray) -> bytes:
    """Return a PNG of `steps`, shape (layers, heads, queries, keys), 0 to 255; `masked` (queries, keys) stays clear.

    A head with more tokens than pixels keeps the strongest weight under each pixel.
    """
    layers, heads = steps.shape[:2]
    budget = max(4, SIDE // max(layers, heads))
    # 0 is clear; 1 to 15 are the colours.
    levels = (1 + np.rint(np.arange(STEPS + 1) * (COLOURS - 1) / STEPS)).astype(np.uint8)
    small = _max_pool(np.where(masked, np.uint8(0), levels[steps]), budget)
    scale = max(1, budget // max(small.shape[-2:]))
    tiles = small.repeat(scale, axis=-2).repeat(scale, axis=-1)
    tiles = np.pad(tiles, ((0, 0), (0, 0), (0, GAP), (0, GAP)))
    height, width = tiles.shape[-2:]
    return _png(tiles.transpose(0, 2, 1, 3).reshape(layers * height, heads * width)[:-GAP, :-GAP])


def _max_pool(tiles: np.ndarray, size: int) -> np.ndarray:
    """Return tiles of at most `size` by `size`, each cell the largest of those it stands for."""
    for axis in (-2, -1):
        length = tiles.shape[axis]
        if length > size:
            tiles = np.maximum.reduceat(tiles, np.arange(size) * length // size, axis=axis)
    return tiles


def _png(pixels: np.ndarray) -> bytes:
    """Return an image of palette indices from 0, which is clear, to 15, as a PNG with four bits a pixel."""
    height, width = pixels.shape
    even = np.pad(pixels, ((0, 0), (0, width % 2)))
    rows = np.pad(even[:, ::2] << 4 | even[:, 1::2], ((0, 0), (1, 0)))
    colours = np.frombuffer(palette(), np.uint8).reshape(256, 3)[np.linspace(0, 255, COLOURS).round().astype(int)]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(name, content)
        for name, content in (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 4, 3, 0, 0, 0)),
            (b"PLTE", bytes(3) + colours.tobytes()),
            (b"tRNS", b"\x00"),
            (b"IDAT", zlib.compress(rows.tobytes(), 6)),
            (b"IEND", b""),
        )
    )


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
