"""Train the speaker ranker on LitBank (CC BY 4.0) and write audiobook/speakers/data/ranker.npz.

    pip install lightgbm
    python training/train_speakers.py LITBANK/novels
    python training/train_speakers.py LITBANK/novels --teacher   # learns on

Nothing annotated by hand takes part: see masking.py. Novels by the authors on whom the result is measured are
left out, so that the measurement is fair. Needs about an hour on one core.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from masking import MaskSettings, mask

from audiobook.speakers.beliefs import neighbour_features
from audiobook.speakers.decoding import guess_speakers
from audiobook.speakers.features import Extractor, Table
from audiobook.speakers.forest import Forest, softmax
from audiobook.speakers.people import NARRATOR_SPEAKS, Person
from audiobook.speakers.scene import Scene, read_scene
from audiobook.speakers.view import tag_speaker

MEASURED_AUTHORS = (
    "persuasion",
    "pride_and_prejudice",
    "emma",
    "alices_adventures",
    "night_and_day",
    "awakening",
    "sherlock",
    "hound_of",
    "man_who_was_thursday",
    "dorian_gray",
    "room_with_a_view",
    "howards_end",
    "anne_of_green",
)
MOST_CHARACTERS = 1_500_000
FOLDS = 3
SURE = 0.8  # confidence of an earlier ranker, to be believed
DEPTH = 6
OFTEN = 10  # mentions


def report(text: str) -> None:
    """One line of progress."""
    sys.stderr.write(f"{text}\n")


@dataclass
class Sample:
    """One novel, its tags partly hidden."""

    novel: str
    listed: bool  # read with a list of its people
    scene: Scene
    table: Table
    wanted: np.ndarray  # 1 for the right candidate
    used: np.ndarray  # rows of turns with a known speaker among the candidates
    extra: np.ndarray | None = None

    @property
    def name(self) -> str:
        """Novel and manner of reading."""
        return f"{self.novel}-{self.listed}"

    def matrix(self) -> np.ndarray:
        """Features, with those of the neighbours where there are any."""
        return self.table.features if self.extra is None else np.hstack([self.table.features, self.extra])


def body(path: Path) -> str:
    """A novel without the licence around it, and not longer than is useful."""
    text = path.read_text("utf-8", "replace").replace("\r\n", "\n")
    start = text.find("*** START")
    start = text.find("\n", start) if start >= 0 else 0
    end = text.find("*** END")
    return text[start : end if end > 0 else None][:MOST_CHARACTERS]


def confident(scene: Scene) -> dict[int, int]:
    """Speakers of which the program, as it stands and with all tags to see, is sure."""
    return {
        turn.number: guess.who
        for turn, guess in zip(scene.turns, guess_speakers(scene), strict=True)
        if guess.who >= 0 and guess.confidence >= SURE and not turn.continues
    }


def cast_list(scene: Scene) -> list[Person]:
    """The people of a novel as a producer would list them: those who speak or are named often."""
    speak = {who for turn in scene.turns if (who := tag_speaker(scene, turn)) >= 0}
    people = [
        Person(character.name, tuple(character.aliases), character.gender)
        for number, character in enumerate(scene.characters)
        if number != scene.narrator and (number in speak or character.mentions >= OFTEN)
    ]
    return [*people, Person("The narrator", (NARRATOR_SPEAKS,))] if scene.narrator >= 0 else people


def read(path: Path, listed: bool) -> Scene:
    """One novel, from the text alone or with a list of its people."""
    text = body(path)
    scene = read_scene(text)
    return read_scene(text, cast_list(scene)) if listed else scene


def sample(
    path: Path, seed: int, settings: MaskSettings, listed: bool, teacher: bool = False
) -> Sample | None:
    """Read one novel and hide tags in it; None where it has too little dialogue to learn from."""
    scene = read(path, listed)
    taught = confident(scene) if teacher else {}
    labels = taught | mask(scene, seed, settings)
    if len(labels) < 80:
        return None
    table = Extractor(scene).table()
    wanted = np.array(
        [labels.get(k, -1) == who for k, who in zip(table.turn, table.who, strict=True)], np.float32
    )
    used = np.zeros(len(wanted), bool)
    for k in labels:
        low, high = table.bounds[k], table.bounds[k + 1]
        used[low:high] = wanted[low:high].any()
    return Sample(path.stem, listed, scene, table, wanted, used)


def fit(samples: list[Sample], trees: int, seed: int) -> Forest:
    """One forest on all usable rows: the candidates of a turn compete in one softmax."""
    matrix = np.vstack([one.matrix()[one.used] for one in samples])
    wanted = np.concatenate([one.wanted[one.used] for one in samples])
    sizes = np.concatenate([group_sizes(one) for one in samples])
    return fit_forest(matrix, wanted, sizes, trees, seed)


def fit_forest(
    matrix: np.ndarray, wanted: np.ndarray, sizes: np.ndarray, trees: int, seed: int, least: int = 60
) -> Forest:
    """A forest that chooses one row of each group; `sizes` are those of the groups, `least` of a leaf."""
    import lightgbm

    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    group = np.repeat(np.arange(len(sizes)), sizes)

    def compete(scores: np.ndarray, _: object) -> tuple[np.ndarray, np.ndarray]:
        """Gradient and curvature of the softmax over each group."""
        odds = np.exp(scores - np.maximum.reduceat(scores, starts)[group])
        shares = odds / np.add.reduceat(odds, starts)[group]
        return shares - wanted, np.maximum(shares * (1 - shares), 1e-3)

    settings = {
        "objective": compete,
        "learning_rate": 0.1,
        "num_leaves": 31,
        "max_depth": DEPTH,
        "min_data_in_leaf": least,
        "feature_fraction": 0.5,
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "lambda_l2": 4.0,
        "max_bin": 127,
        "num_threads": 1,
        "seed": seed,
        "deterministic": True,
        "verbose": -1,
    }
    booster = lightgbm.train(settings, lightgbm.Dataset(matrix, wanted), trees)
    return forest_of(booster.dump_model())


def group_sizes(one: Sample) -> np.ndarray:
    """How many candidates each usable turn has."""
    bounds = one.table.bounds
    return np.array([high - low for low, high in itertools.pairwise(bounds) if high > low and one.used[low]])


def forest_of(model: dict[str, Any]) -> Forest:
    """The trees of a LightGBM model, filled up to full binary trees."""
    trees = model["tree_info"]
    features = np.zeros((len(trees), 2**DEPTH - 1), np.int16)
    borders = np.full((len(trees), 2**DEPTH - 1), np.inf, np.float32)
    leaves = np.zeros((len(trees), 2**DEPTH), np.float32)

    def place(tree: int, node: dict[str, Any], index: int, level: int) -> None:
        if level == DEPTH:
            leaves[tree, index - (2**DEPTH - 1)] = node["leaf_value"]
            return
        inner = "split_feature" in node
        if inner:
            features[tree, index] = node["split_feature"]
            borders[tree, index] = node["threshold"]
        place(tree, node["left_child"] if inner else node, 2 * index + 1, level + 1)
        place(tree, node["right_child"] if inner else node, 2 * index + 2, level + 1)

    for number, tree in enumerate(trees):
        place(number, tree["tree_structure"], 0, 0)
    return Forest(features, borders, leaves)


def chances(one: Sample, forest: Forest) -> np.ndarray:
    """What a forest believes of a sample."""
    return softmax(forest.score(one.matrix()), one.table.bounds)


def train(samples: list[Sample], trees: int, passes: int, seed: int = 1) -> list[Forest]:
    """Pass after pass; each pass learns from what models that had not seen a novel believed of it."""
    forests = []
    for number in range(passes):
        forests.append(fit(samples, trees, seed))
        if number + 1 == passes:
            break
        beliefs: dict[str, np.ndarray] = {}
        novels = sorted({one.novel for one in samples})
        for fold in range(FOLDS):
            kept = novels[fold::FOLDS]
            part = fit([one for one in samples if one.novel not in kept], trees // 2, seed)
            for one in samples:
                if one.novel in kept:
                    beliefs[one.name] = chances(one, part)
        for one in samples:
            one.extra = neighbour_features(one.scene, one.table, beliefs[one.name])
        report(f"pass {number + 1} done")
    return forests


def save(path: Path, forests: list[Forest], temperature: float = 1.0) -> None:
    """Write the weights."""
    arrays: dict[str, Any] = {"passes": len(forests), "temperature": temperature}
    for number, forest in enumerate(forests):
        arrays |= forest.arrays(number)
    np.savez_compressed(path, **arrays)


def gather(folder: Path, most: int, settings: MaskSettings, teacher: bool = False) -> list[Sample]:
    """Samples of all novels in a folder but those kept for measuring, read without a list and with one."""
    samples: list[Sample] = []
    for number, path in enumerate(novels_in(folder)[:most]):
        for listed in (False, True):
            one = sample(path, number * 10 + listed, settings, listed, teacher)
            if one is not None:
                samples.append(one)
    return samples


def novels_in(folder: Path) -> list[Path]:
    """The novels to learn from: all but those by the authors on whom the result is measured."""
    return [
        path
        for path in sorted(folder.glob("*.txt"))
        if not any(part in path.stem for part in MEASURED_AUTHORS)
    ]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("novels", type=Path)
    default = Path(__file__).parent.parent / "audiobook" / "speakers" / "data" / "ranker.npz"
    parser.add_argument("--out", type=Path, default=default)
    parser.add_argument("--most", type=int, default=100)
    parser.add_argument(
        "--teacher", action="store_true", help="believe the ranker that is there where it is sure"
    )
    parser.add_argument("--trees", type=int, default=250)
    parser.add_argument("--passes", type=int, default=3)
    chosen = parser.parse_args()
    begun = time.monotonic()
    samples = gather(chosen.novels, chosen.most, MaskSettings(), teacher=chosen.teacher)
    rows = sum(int(one.used.sum()) for one in samples)
    report(f"{len(samples)} novels, {rows} rows, {time.monotonic() - begun:.0f} s")
    forests = train(samples, chosen.trees, chosen.passes)
    save(chosen.out, forests)
    report(f"written {chosen.out}, {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
