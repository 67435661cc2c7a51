"""The learned ranker: small trees over the features, in plain numpy. The same result on every machine.

The weights (`data/ranker.npz`) are made by `training/train_speakers.py` from LitBank (CC BY 4.0) alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from audiobook.speakers.beliefs import neighbour_features
from audiobook.speakers.features import Extractor, Table
from audiobook.speakers.forest import Forest, Scores, read_weights, softmax
from audiobook.speakers.scene import Scene


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


@cache
def load_ranker() -> Ranker:
    """The ranker that came with the package."""
    data = read_weights("ranker")
    passes = tuple(Forest.of(data, number) for number in range(int(data["passes"])))
    return Ranker(passes, float(data["temperature"]))


def rank(scene: Scene, ranker: Ranker) -> tuple[Table, Scores]:
    """Candidates of all turns and their chances."""
    table = Extractor(scene).table()
    return table, ranker.chances(scene, table)
