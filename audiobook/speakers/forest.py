"""Forests of small decision trees in plain numpy: the same result on every machine."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Forest:
    """Full binary trees of equal depth, node n with the children 2n+1 and 2n+2: a row goes right where its
    feature is above the border."""

    features: npt.NDArray[np.int16]  # trees × inner nodes
    borders: npt.NDArray[np.float32]  # trees × inner nodes
    leaves: npt.NDArray[np.float32]  # trees × leaves

    @classmethod
    def of(cls, data: Mapping[str, Any], number: int) -> Forest:
        """Forest `number` of a file of weights."""
        return cls(data[f"features{number}"], data[f"borders{number}"], data[f"leaves{number}"])

    def arrays(self, number: int) -> dict[str, npt.NDArray[Any]]:
        """What `of` reads, to be written."""
        return {
            f"features{number}": self.features,
            f"borders{number}": self.borders,
            f"leaves{number}": self.leaves,
        }

    def score(self, matrix: Matrix) -> Scores:
        """The sum of all trees for each row."""
        flat = np.ascontiguousarray(matrix).ravel()
        rows = np.arange(len(matrix)) * matrix.shape[1]
        total = np.zeros(len(matrix), np.float64)
        inner = self.features.shape[1]
        depth = self.leaves.shape[1].bit_length() - 1
        for features, borders, leaves in zip(self.features, self.borders, self.leaves, strict=True):
            node = np.zeros(len(matrix), np.intp)
            for _ in range(depth):
                right = flat[rows + features[node]] > borders[node]
                node = 2 * node + 1 + right
            total += leaves[node - inner]
        return total


def softmax(scores: Scores, bounds: list[int]) -> Scores:
    """Scores to chances, turn by turn."""
    chances = np.zeros(len(scores))
    for low, high in itertools.pairwise(bounds):
        if high > low:
            part = np.exp(scores[low:high] - scores[low:high].max())
            chances[low:high] = part / part.sum()
    return chances


def read_weights(name: str) -> dict[str, npt.NDArray[Any]]:
    """The arrays of a file of weights that came with the package."""
    file = resources.files("audiobook.speakers") / "data" / f"{name}.npz"
    with file.open("rb") as handle, np.load(handle) as data:
        return dict(data)
