"""Train the rankers of pronouns and nouns on LitBank's coreference (CC BY 4.0): speakers/data/anaphora.npz.

    python training/train_anaphora.py LITBANK

LITBANK holds `coref/` (the annotated excerpts) and `novels/` (the full texts they come from). An excerpt is
looked up in its novel, so that the people of the whole book are known, as they are when a book is read.
Novels by the authors on whom the speakers are measured are left out. Prints the accuracy of a five-fold
cross-validation by novel. Takes about five minutes.
"""

from __future__ import annotations

import argparse
import difflib
import itertools
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from train_speakers import body, fit_forest, novels_in, report

from audiobook.speakers.anaphora import NOBODY, Nouns, References, pronouns, resolve_pronouns
from audiobook.speakers.families import Families
from audiobook.speakers.forest import Forest, softmax
from audiobook.speakers.places import Places
from audiobook.speakers.relations import Relations
from audiobook.speakers.scene import Scene, read_scene
from audiobook.speakers.tokens import Tokens
from audiobook.speakers.view import follow, tag_speaker

TREES, LEAST, FOLDS = 80, 40, 5
_PROBE, _STEP, _BIN, _MARGIN = 50, 200, 500, 3000  # characters


@dataclass(frozen=True, slots=True)
class Note:
    """One annotated mention: words `first` up to `behind` of the excerpt, its type and its entity."""

    first: int
    behind: int
    kind: str  # PROP, NOM or PRON
    entity: str


@dataclass
class Lesson:
    """The pronouns or nouns of one novel, and whom those in the excerpt mean."""

    table: References
    wanted: np.ndarray  # 1 for the right candidate
    asked: list[int]  # places in the table whose answer is known

    @property
    def used(self) -> np.ndarray:
        """Rows of the places that are asked."""
        rows = np.zeros(len(self.table.who), bool)
        for number in self.asked:
            rows[self.table.bounds[number] : self.table.bounds[number + 1]] = True
        return rows


def excerpt(stem: Path) -> tuple[list[str], list[Note]]:
    """The words of an excerpt, and the people annotated in it."""
    words: list[str] = []
    place: dict[tuple[int, int], int] = {}
    for row, line in enumerate(stem.with_name(stem.name + "_brat.txt").read_text("utf-8").split("\n")):
        for column, word in enumerate(line.split(" ")):
            place[row, column] = len(words)
            words.append(word)
    spans: dict[str, tuple[int, int, str]] = {}
    entities: dict[str, str] = {}
    for line in stem.with_name(stem.name + "_brat.ann").read_text("utf-8").splitlines():
        part = line.split("\t")
        if part[0] == "MENTION" and part[7] == "PER":
            first, last = place[int(part[2]), int(part[3])], place[int(part[4]), int(part[5])]
            spans[part[1]] = (first, last + 1, part[8])
        elif part[0] == "COREF":
            entities[part[1]] = part[2]
    return words, [Note(*span, entities[name]) for name, span in spans.items() if name in entities]


def align(words: list[str], tokens: Tokens) -> dict[int, int]:
    """Words of the excerpt → tokens of the novel."""
    theirs, ours = [_letters(word) for word in words], [_letters(word) for word in tokens.word]
    starts = [0, *itertools.accumulate(len(word) for word in ours)]
    novel, part = "".join(ours), "".join(theirs)
    hits = (
        (place, novel.find(part[place : place + _PROBE])) for place in range(0, len(part) - _PROBE, _STEP)
    )
    bins = Counter((hit - place) // _BIN for place, hit in hits if hit >= 0)
    if not bins:
        return {}
    begin = bins.most_common(1)[0][0] * _BIN
    low, high = np.searchsorted(starts, (begin - _MARGIN, begin + len(part) + _MARGIN))
    left = [(number, word) for number, word in enumerate(theirs) if word]
    right = [(number, ours[number]) for number in range(low, min(high, len(ours))) if ours[number]]
    matcher = difflib.SequenceMatcher(None, [w for _, w in left], [w for _, w in right], autojunk=False)
    return {
        left[block.a + number][0]: right[block.b + number][0]
        for block in matcher.get_matching_blocks()
        for number in range(block.size)
    }


def _letters(word: str) -> str:
    return re.sub(r"[\W_]+", "", word.lower())


def answers(scene: Scene, notes: list[Note], where: dict[int, int]) -> tuple[dict[int, int], dict[int, int]]:
    """Tokens of narrated pronouns, and first tokens of narrated phrases → the character they mean, or NOBODY
    who is known."""
    votes: dict[str, Counter[int]] = defaultdict(Counter)
    single: dict[int, str] = {}
    phrases: dict[int, str] = {}
    tokens = scene.tokens
    for note in notes:
        found = [where[number] for number in range(note.first, note.behind) if number in where]
        if not found:
            continue
        if note.kind == "PRON":
            single[found[0]] = note.entity
            continue
        if note.kind == "NOM":
            phrases[found[0]] = note.entity
        for mention in scene.mentions.between(found[0], found[-1] + 1):
            heads = note.kind == "PROP" and mention.first - found[0] <= 2
            if heads or mention.behind - 1 == found[-1]:
                votes[note.entity][mention.who] += 1
    people = {entity: counts.most_common(1)[0][0] for entity, counts in votes.items()}

    def told(places: dict[int, str]) -> dict[int, int]:
        return {
            index: people.get(entity, NOBODY) for index, entity in places.items() if not tokens.quoted[index]
        }

    return told(single), told(phrases)


def lesson(table: References, wanted_of: dict[int, int]) -> Lesson:
    """What the pronouns or nouns of one novel teach."""
    wanted = np.zeros(len(table.who), np.float32)
    asked = []
    for number, index in enumerate(table.tokens):
        if index not in wanted_of:
            continue
        low, high = table.bounds[number], table.bounds[number + 1]
        wanted[low:high] = [who == wanted_of[index] for who in table.who[low:high]]
        if not wanted[low:high].any():
            wanted[high - 1] = 1  # the last one is NOBODY
        asked.append(number)
    return Lesson(table, wanted, asked)


class Novel:
    """One novel, read, with what its excerpt tells."""

    def __init__(self, novel: Path, stem: Path) -> None:
        self.scene = scene = read_scene(body(novel))
        words, notes = excerpt(stem)
        self.single, self.phrases = answers(scene, notes, align(words, scene.tokens))
        self.named = [tag_speaker(scene, turn) for turn in scene.turns]
        self.places = Places(scene, self.named)
        self.salience = follow(scene, self.named)
        self.lesson = lesson(pronouns(self.places, self.salience), self.single)

    def nouns(self, forest: Forest) -> Lesson:
        """The nouns, the pronouns resolved by a forest."""
        scene = self.scene
        resolved = resolve_pronouns(self.places, self.salience, forest)
        relations = Relations(scene.tokens, scene.mentions, scene.characters)
        families = Families(scene, self.named, resolved, relations.kinship)
        nouns = Nouns(self.places, resolved, families, relations.roles)
        known = {
            phrase.behind - 1: self.phrases[phrase.first]
            for phrase in nouns.phrases
            if phrase.first in self.phrases
        }
        return lesson(nouns.table(), known)


def fit(lessons: list[Lesson]) -> Forest:
    """One forest on all lessons."""
    sizes = [one.table.bounds[n + 1] - one.table.bounds[n] for one in lessons for n in one.asked]
    matrix = np.vstack([one.table.features[one.used] for one in lessons if one.asked])
    wanted = np.concatenate([one.wanted[one.used] for one in lessons if one.asked])
    return fit_forest(matrix, wanted, np.array(sizes), TREES, 1, LEAST)


def right(lessons: list[Lesson]) -> tuple[float, float]:
    """Cross-validated: the share of all that are told right, and of those who have a name."""
    told: list[float] = []
    named: list[float] = []
    for fold in range(FOLDS):
        forest = fit([one for number, one in enumerate(lessons) if number % FOLDS != fold])
        for one in lessons[fold::FOLDS]:
            if not one.asked:
                continue
            chances = softmax(forest.score(one.table.features), one.table.bounds)
            for number in one.asked:
                low, high = one.table.bounds[number], one.table.bounds[number + 1]
                hit = float(one.wanted[low + int(np.argmax(chances[low:high]))])
                told.append(hit)
                if not one.wanted[high - 1]:
                    named.append(hit)
    return float(np.mean(told)), float(np.mean(named))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("litbank", type=Path)
    default = Path(__file__).parent.parent / "audiobook" / "speakers" / "data" / "anaphora.npz"
    parser.add_argument("--out", type=Path, default=default)
    chosen = parser.parse_args()
    novels = [
        Novel(path, stem)
        for path in novels_in(chosen.litbank / "novels")
        if (stem := chosen.litbank / "coref" / path.stem).with_name(stem.name + "_brat.txt").exists()
    ]
    arrays: dict[str, np.ndarray] = {}
    forest: Forest | None = None
    for number, kind in enumerate(("pronouns", "nouns")):
        lessons = [one.lesson if forest is None else one.nouns(forest) for one in novels]
        asked = sum(len(one.asked) for one in lessons)
        all_of_them, named = right(lessons)
        report(f"{kind}: {asked}, right {100 * all_of_them:.1f} %, of people with names {100 * named:.1f} %")
        forest = fit(lessons)
        arrays |= forest.arrays(number)
    np.savez_compressed(chosen.out, **arrays)


if __name__ == "__main__":
    main()
