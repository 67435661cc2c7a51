"""Putting a book together: what to make, what of it is there already, and the files at the end."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, as_completed
from dataclasses import replace
from pathlib import Path

from audiobook import __version__, files
from audiobook.assembly import state
from audiobook.assembly.containers import Label, Sound
from audiobook.assembly.cover import BadCover, Picture, prepare
from audiobook.assembly.editions import Job, ensure, jobs_of
from audiobook.assembly.encoders import Encoder
from audiobook.assembly.extras import Beside
from audiobook.assembly.mastering import Gains, Group, early_gains, final_gains, groups, rms_of
from audiobook.assembly.packets import PacketCache
from audiobook.assembly.plan import AssemblyPlan, AssemblySettings, Listener, Product, Silent, Stage
from audiobook.assembly.pool import PiecePool
from audiobook.assembly.readalong import ReadAlong, write_readalong
from audiobook.assembly.recipe import READALONG, Recipe
from audiobook.assembly.report import build_report, to_html, to_json
from audiobook.assembly.retail import SAMPLE_TITLE, remarks, sample_of
from audiobook.assembly.sidefiles import library_folder
from audiobook.assembly.tags import facts
from audiobook.assembly.text import file_name
from audiobook.assembly.timeline import (
    TimedChapter,
    Timeline,
    at_rate,
    build_timeline,
    common_rate,
    place_chapter,
)
from audiobook.assembly.writing import Edition, Written, write_edition, write_single
from audiobook.audio.levels import SILENCE, decibels
from audiobook.audio.takes import TakeStore
from audiobook.errors import BookError, InputError, TakeError

TOOL = f"audiobook {__version__}"
_NAMED = 5  # missing takes whose texts a message shows


class Assembler:
    """One book in the making. `chapter_ready` may come from any thread while lines are still recorded."""

    def __init__(
        self,
        plan: AssemblyPlan,
        takes: TakeStore,
        settings: AssemblySettings,
        folder: Path,
        listener: Listener | None = None,
    ) -> None:
        if not any(chapter.cues() for chapter in plan.chapters):
            raise BookError("there is nothing to be heard: no line of the script can be spoken")
        self.plan = plan
        self.takes = takes
        self.settings = settings
        self.folder = folder
        self.listener: Listener = listener or Silent()
        self.recipe = Recipe.of(settings)
        self.cache = PacketCache(folder / "cache" / "packets")
        self.levels = functools.cache(takes.levels)
        self._pool = PiecePool(takes, self.cache, settings.workers)
        self._lock = threading.Lock()
        self._waiting: set[int] = set()

    def __enter__(self) -> Assembler:
        return self

    def __exit__(self, *details: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop encoding; what is encoded stays."""
        self._pool.close()

    # --- while lines are recorded --------------------------------------------------------------------

    def chapter_ready(self, index: int) -> None:
        """All takes of a chapter are there: encode it as soon as the gains of its voices are known.

        A guess ahead: where `finish` finds that another gain or rate is right, it encodes again.
        """
        with self._lock:
            self._waiting.add(index)
            gains = early_gains(self._groups, self.recipe.preset, self.levels, self.takes.has)
            for waiting in sorted(self._waiting):
                chapter = self.plan.chapters[waiting]
                if all((cue.voice, cue.gain) in gains for cue in chapter.cues()):
                    self._waiting.discard(waiting)
                    self._pool.run(functools.partial(self._encode_ahead, waiting, Gains(gains, 0.0)))

    @functools.cached_property
    def _groups(self) -> dict[Group, list[str]]:
        return groups(cue for chapter in self.plan.chapters for cue in chapter.cues())

    def _encode_ahead(self, index: int, gains: Gains) -> None:
        chapter = self.plan.chapters[index]
        rate = self.recipe.preset.rate or common_rate(self.levels(cue.take) for cue in chapter.cues())
        timed = place_chapter(chapter, 0, rate, self.levels, self.recipe.pauses)
        for encoder in dict.fromkeys(self.recipe.encoders(rate).values()):
            # At a rate of its own, a chapter's place in the book decides how its positions are rounded.
            for job in self._jobs(timed, gains, encoder) if encoder.rate == rate else ():
                self._pool.submit(job)

    # --- when all is there ---------------------------------------------------------------------------

    def finish(self) -> Product:
        """Make all that is missing, write the files, check them.

        Raises TakeError naming every missing take, ProductError, StorageError, InputError for a cover that
        was asked for and cannot be used.
        """
        name = state.recipe(self.plan, self.settings)
        known = state.recall(self.folder / "cache", name)
        if known is not None:
            return known
        self._require_takes()
        preset = self.recipe.preset
        warnings: list[str] = []
        rate = preset.rate or common_rate(
            self.levels(cue.take) for chapter in self.plan.chapters for cue in chapter.cues()
        )
        gains = final_gains(self.plan, preset, self.levels)
        timeline = build_timeline(self.plan, rate, self.levels, self.recipe.pauses)
        label = Label(facts(self.plan.metadata), self._cover(warnings), TOOL)
        encoded = self._encode(timeline, gains)
        editions = [each for each in encoded if each.format != READALONG]
        written = self._write(editions, label)
        if preset.rms is not None:
            written.append(self._retail_sample(timeline, gains, label))
            warnings += remarks(timeline)
        beside = Beside(self.plan, timeline, label, written, self._shelf(label), self._name())
        extra = beside.write(self.settings.extras)
        extra += self._readalong(encoded, label, warnings)
        peak = decibels(max(edition.peak for edition in editions) ** 2)
        report = build_report(self.plan, timeline, gains, preset, self.levels, written, peak, warnings)
        files.make_folder(self._output())
        files.write_text(self._output() / "report.html", to_html(report))
        files.write_text(self._output() / "report.json", to_json(report))
        product = Product(
            files=(*(each.path for each in written), *extra),
            seconds=timeline.seconds,
            chapters=len(timeline.chapters),
            lines=sum(1 for _ in timeline.cues()),
            report=self._output() / "report.json",
            warnings=tuple(warnings),
        )
        state.remember(self.folder / "cache", name, product)
        self.cache.prune()
        return product

    def _write(self, editions: Sequence[Edition], label: Label) -> list[Written]:
        made: list[Written] = []
        for number, edition in enumerate(editions):
            self.listener.progress(Stage.WRITE, number, len(editions))
            made += write_edition(edition, self._target(edition.format, label), label)
        self.listener.progress(Stage.WRITE, len(editions), len(editions))
        return made

    def _retail_sample(self, timeline: Timeline, gains: Gains, label: Label) -> Written:
        chapter = sample_of(timeline, self.recipe.pauses.chapter)
        encoder = self.recipe.encoders(timeline.rate)["mp3-chapters"]
        keys = [ensure(job, self.takes, self.cache) for job in self._jobs(chapter, gains, encoder)]
        edition = Edition(
            "mp3-chapters", replace(timeline, chapters=(chapter,)), encoder, [Sound(self.cache, keys)]
        )
        return write_single(edition, self._target("mp3-chapters", label) / f"{SAMPLE_TITLE}.mp3", label)

    def _readalong(self, encoded: Sequence[Edition], label: Label, warnings: list[str]) -> list[Path]:
        """The read-along edition, where it is asked for and the source can be opened."""
        edition = next((each for each in encoded if each.format == READALONG), None)
        if edition is None:
            return []
        work = ReadAlong(self.plan, edition.timeline, edition.chapters, label, self.settings.source)
        try:
            return [write_readalong(work, self._shelf(label) / f"{self._name()} (read-along).epub")]
        except BookError as error:
            warnings.append(f"no read-along edition was made: {error.message}")
            self.listener.warning(warnings[-1])
            return []

    def _require_takes(self) -> None:
        lost: dict[str, str] = {}
        for chapter in self.plan.chapters:
            for cue in chapter.cues():
                try:
                    self.levels(cue.take)
                except TakeError:
                    lost.setdefault(
                        cue.take, f"“{cue.text[:40]}” in {chapter.title or 'an untitled chapter'}"
                    )
        if lost:
            shown = "; ".join(list(lost.values())[:_NAMED]) + ("; …" if len(lost) > _NAMED else "")
            raise TakeError(
                f"{len(lost)} recordings are missing or damaged ({shown}); run synth to make them again",
                names=tuple(lost),
            )

    def _jobs(self, chapter: TimedChapter, gains: Gains, encoder: Encoder) -> Iterator[Job]:
        lift = self._chapter_gain(chapter, gains)
        return jobs_of(chapter, lambda cue: gains.of(cue) + lift, self.recipe.finish(encoder.rate), encoder)

    def _chapter_gain(self, chapter: TimedChapter, gains: Gains) -> float:
        """What brings a chapter to the RMS that is asked of every file, before limiting."""
        preset = self.recipe.preset
        if preset.rms is None:
            return 0.0
        energies = [
            (self.levels(each.cue.take).energy * each.length / max(1, each.count), gains.of(each.cue))
            for each in chapter.placed
        ]
        now = rms_of(energies, chapter.length)
        return round(preset.rms - now, 2) if now > SILENCE else 0.0

    def _encode(self, timeline: Timeline, gains: Gains) -> list[Edition]:
        """All packets of all formats, on all processors; the result does not depend on how many."""
        encoders = self.recipe.encoders(timeline.rate)
        wanted: dict[tuple[Encoder, int], list[Future[str]]] = {}
        seconds: dict[Future[str], float] = {}
        keys: set[str] = set()
        timelines = {encoder: _fit(timeline, encoder) for encoder in encoders.values()}
        for encoder, own in timelines.items():
            for index, chapter in enumerate(own.chapters):
                futures = wanted.setdefault((encoder, index), [])
                for job in self._jobs(chapter, gains, encoder):
                    future = self._pool.submit(job)
                    futures.append(future)
                    seconds[future] = job.seconds
                    keys.add(job.key)
        self._pool.keep_only(keys)
        self._wait(seconds)
        return [
            Edition(name, timelines[encoder], encoder, self._sounds(wanted, encoder, len(timeline.chapters)))
            for name, encoder in encoders.items()
        ]

    def _sounds(
        self, made: dict[tuple[Encoder, int], list[Future[str]]], encoder: Encoder, chapters: int
    ) -> Sequence[Sound]:
        return [
            Sound(self.cache, [future.result() for future in made[encoder, index]])
            for index in range(chapters)
        ]

    def _wait(self, seconds: dict[Future[str], float]) -> None:
        total, done = sum(seconds.values()), 0.0
        lost: list[TakeError] = []
        try:
            for future in as_completed(seconds):
                try:
                    future.result()
                except TakeError as error:
                    lost.append(error)
                done += seconds[future]
                self.listener.progress(Stage.ENCODE, done, total)
        except BaseException:
            for future in seconds:
                future.cancel()
            raise
        if lost:
            names = tuple(sorted({name for error in lost for name in error.names}))
            raise TakeError(
                lost[0].message
                if len(names) == 1
                else f"{len(names)} takes are damaged; run synth to make them again",
                names=names,
            )

    def _cover(self, warnings: list[str]) -> Picture | None:
        asked = self.settings.cover
        try:
            if asked is not None:
                return prepare(files.read_bytes(asked))
            own = self.plan.metadata.cover
            return prepare(own.data) if own is not None else None
        except BadCover as error:
            if asked is not None:
                raise InputError(f"the cover {asked} cannot be used: {error}") from error
            warnings.append(f"the book's cover is left out: {error}")
            self.listener.warning(warnings[-1])
            return None

    def _output(self) -> Path:
        return self.folder / "output"

    def _name(self) -> str:
        """Of the files, without ending."""
        if self.settings.output is not None:
            return self.settings.output.stem
        return file_name(self.settings.name or self.plan.metadata.title)

    def _shelf(self, label: Label) -> Path:
        """The folder of the finished book."""
        if self.settings.output is not None:
            return self.settings.output.parent
        if "audiobookshelf" in self.settings.extras:
            return self._output() / library_folder(label.facts)
        return self._output()

    def _target(self, format_: str, label: Label) -> Path:
        """Where a format goes: a file, or the folder of its chapters."""
        if self.settings.output is not None:
            return self.settings.output
        shelf = self._shelf(label)
        if format_ == "mp3-chapters":
            return shelf if "audiobookshelf" in self.settings.extras else shelf / f"{self._name()} (mp3)"
        return shelf / f"{self._name()}.{format_}"


def _fit(timeline: Timeline, encoder: Encoder) -> Timeline:
    """The timeline as an encoder can take it."""
    return timeline if encoder.rate == timeline.rate else at_rate(timeline, encoder.rate, encoder.frame)


def build(
    plan: AssemblyPlan,
    takes: TakeStore,
    settings: AssemblySettings,
    folder: Path,
    listener: Listener | None = None,
) -> Product:
    """Make the product of a project in `folder`: `cache/` and `output/` are inside.

    Raises TakeError naming every missing take, ProductError, StorageError, UsageError, InputError.
    """
    with Assembler(plan, takes, settings, folder, listener) as assembler:
        return assembler.finish()
