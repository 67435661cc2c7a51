"""The learned ranker: small trees over the features, in plain numpy. The same result on every machine.

The weights (`data/ranker.npz`) are made by `training/train_speakers.py` from LitBank (CC BY 4.0) alone.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from audiobook.speakers.beliefs import neighbour_features
from audiobook.speakers.features import Extractor, Matrix, Table
from audiobook.speakers.scene import Scene

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Forest:
    """Full binary trees of equal depth, node n with the children 2n+1 and 2n+2: a row goes right where its
    feature is above the border."""

    features: npt.NDArray[np.int16]  # trees × inner nodes
    borders: npt.NDArray[np.float32]  # trees × inner nodes
    leaves: npt.NDArray[np.float32]  # trees × leaves

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


@dataclass(frozen=True, slots=True)
class Ranker:
    """One forest a pass; a later pass sees what the one before believes of the neighbouring turns."""

    passes: tuple[Forest, ...]
    temperature: float = 1.0

    def chances(self, scene: Scene, table: Table) -> Scores:
        """The chance of each candidate of each turn, summing to one over a turn."""
        chances = softmax(self.passes[0].score(table.features), table.bounds)
        for forest in self.passes[1:]:
            matrix = np.hstack([table.features, neighbour_features(scene, table, chances)])
            chances = softmax(forest.score(matrix), table.bounds)
        return softmax(np.log(chances + 1e-9) / self.temperature, table.bounds)


def softmax(scores: Scores, bounds: list[int]) -> Scores:
    """Scores to chances, turn by turn."""
    chances = np.zeros(len(scores))
    for low, high in itertools.pairwise(bounds):
        if high > low:
            part = np.exp(scores[low:high] - scores[low:high].max())
            chances[low:high] = part / part.sum()
    return chances


@cache
def load_ranker() -> Ranker:
    """The ranker that came with the package."""
    file = resources.files("audiobook.speakers") / "data" / "ranker.npz"
    with file.open("rb") as handle:
        data: Any = np.load(handle)
        count = int(data["passes"])
        passes = [Forest(data[f"features{n}"], data[f"borders{n}"], data[f"leaves{n}"]) for n in range(count)]
        return Ranker(tuple(passes), float(data["temperature"]))


def rank(scene: Scene, ranker: Ranker) -> tuple[Table, Scores]:
    """Candidates of all turns and their chances."""
    table = Extractor(scene).table()
    return table, ranker.chances(scene, table)
