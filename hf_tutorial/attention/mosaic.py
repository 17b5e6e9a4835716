"""The grid of heads as one array, a pixel of the figure for each of its elements.

A head gets a share of the picture. Where its tokens fit into it, each weight becomes a square of whole pixels; where
they do not, the head is max-pooled first. Plain resampling would drop weights: at 128 tokens two thirds of a diagonal.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Tile:
    """How one head becomes pixels, vertically and horizontally.

    `pool` weights become one cell, the largest of them, and a cell is `side` pixels high and wide.
    """

    pool: tuple[int, int]
    side: int

    @property
    def pooled(self) -> bool:
        """Whether a cell stands for more than one weight."""
        return self.pool != (1, 1)

    def size(self, queries: int, keys: int) -> tuple[int, int]:
        """Return the height and width of a head in pixels."""
        return -(-queries // self.pool[0]) * self.side, -(-keys // self.pool[1]) * self.side


def fit(queries: int, keys: int, height: float, width: float) -> Tile:
    """Return the tile with the largest cells for which a head fits into `height` by `width` pixels."""
    side = int(min(height / queries, width / keys))
    if side:
        return Tile((1, 1), side)
    return Tile((_parts(queries, height), _parts(keys, width)), 1)


def mosaic(weights: np.ndarray, tile: Tile, gap: int) -> np.ndarray:
    """Return the pixels, float32, of weights of shape (layers, heads, queries, keys): layers down, heads across.

    Between the heads are `gap` pixels of NaN, which is no weight.
    """
    cells = (
        (max_pool(weights, *tile.pool) if tile.pooled else weights).repeat(tile.side, axis=2).repeat(tile.side, axis=3)
    )
    layers, heads, height, width = cells.shape
    pixels = np.full((layers, height + gap, heads, width + gap), np.nan, dtype=np.float32)
    pixels[:, :height, :, :width] = cells.transpose(0, 2, 1, 3)
    return pixels.reshape(layers * (height + gap), heads * (width + gap))[: -gap or None, : -gap or None]


def max_pool(weights: np.ndarray, queries: int, keys: int) -> np.ndarray:
    """Return the largest weight of each block of `queries` by `keys`; blocks at the far edges may be smaller."""
    pooled = np.maximum.reduceat(weights, range(0, weights.shape[-2], queries), axis=-2)
    return np.maximum.reduceat(pooled, range(0, weights.shape[-1], keys), axis=-1)


def _parts(tokens: int, pixels: float) -> int:
    """Return how many tokens must share a pixel."""
    return -(-tokens // max(1, int(pixels)))
