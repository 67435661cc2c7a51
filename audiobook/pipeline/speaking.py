"""Speaking at once: text as it arrives, sentences as they complete, sound as it comes.

While one sentence is heard, the next is already asked for; never more than that, so that little is paid for
in vain when the person stops listening.
"""

from __future__ import annotations

import contextlib
import queue
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Protocol

from audiobook.audio.clip import Clip
from audiobook.engines.base import Engine, Utterance
from audiobook.errors import EngineError, LineRefused, TryAgain
from audiobook.normalization import Lexicon, spoken
from audiobook.segmentation import SegmentLimits, segments, sentences

AHEAD = 2
"""Sentences that are asked for and not yet heard, the one that is being heard included."""

TRIES = 4
_IDLE = 0.4
"""Seconds without new text after which a sentence that looks complete is taken to be complete."""

_COMPLETE = re.compile(r"[.!?…。！？][\"'”’»）)」』\]]*\s*$")
_SCRIPTS = (
    (re.compile(r"[\u3040-\u30ff]"), "ja"),
    (re.compile(r"[\uac00-\ud7af]"), "ko"),
    (re.compile(r"[\u3400-\u9fff]"), "zh"),
)
_PARAGRAPH = re.compile(r"\n\s*\n")


def guess_language(text: str) -> str:
    """Japanese, Korean and Chinese by their scripts; everything else is taken for English."""
    for pattern, language in _SCRIPTS:
        if pattern.search(text):
            return language
    return "en"


@dataclass
class Cutter:
    """Cuts text that arrives in pieces into sentences.

    A sentence is complete when the next one has begun, when its line or paragraph ends, or at the very end.
    """

    language: str  # empty: guessed from the script of the text
    by_line: bool = False  # a person types: a line is complete when it ends
    _text: str = ""

    def feed(self, text: str) -> list[str]:
        """Take more text; the sentences that are complete now."""
        self._text += text
        found = []
        while (end := self._end()) > 0:
            found.append(self._text[:end])
            self._text = self._text[end:]
        return [sentence for sentence in map(_folded, found) if sentence]

    def _end(self) -> int:
        """Where the first complete sentence ends; 0 where none is complete."""
        parts = sentences(self._text, self.language or guess_language(self._text))
        first = parts[0][1] if parts else 0
        breaks = [place.end() for place in [_PARAGRAPH.search(self._text)] if place]
        if self.by_line and "\n" in self._text:
            breaks.append(self._text.index("\n") + 1)
        line = self._text.find("\n")
        if line >= 0 and _COMPLETE.search(self._text[:line]):
            breaks.append(line + 1)
        if len(parts) > 1:
            breaks.append(first)
        return min(breaks, default=0)

    def pause(self) -> list[str]:
        """Nothing has come for a while: what looks complete is complete."""
        return self.finish() if _COMPLETE.search(self._text) else []

    def finish(self) -> list[str]:
        """The rest."""
        rest, self._text = _folded(self._text), ""
        return [rest] if rest else []


def _folded(text: str) -> str:
    return " ".join(text.split())


def cut_stream(pieces: Iterable[str | None], cutter: Cutter) -> Iterator[str]:
    """Sentences of a stream of text; None in the stream stands for a pause."""
    for piece in pieces:
        yield from cutter.pause() if piece is None else cutter.feed(piece)
    yield from cutter.finish()


def with_pauses(read: Callable[[], str], idle: float = _IDLE) -> Iterator[str | None]:
    """Pieces of text from a blocking `read` ("" at the end), and None when nothing came for a while."""
    arrived: queue.SimpleQueue[str] = queue.SimpleQueue()

    def work() -> None:
        with contextlib.suppress(OSError, ValueError):  # the input was closed
            while piece := read():
                arrived.put(piece)
        arrived.put("")

    threading.Thread(target=work, name="reader", daemon=True).start()
    waited = False
    while True:
        try:
            piece = arrived.get(timeout=None if waited else idle)
        except queue.Empty:
            waited = True
            yield None
            continue
        if not piece:
            return
        waited = False
        yield piece


@dataclass(frozen=True, slots=True)
class Manner:
    """How everything is said."""

    voice: str  # the engine's own name of the voice
    language: str = ""  # empty: guessed from the script of each sentence
    style: str = ""
    speed: float = 1.0
    lexicon: Lexicon | None = None


def utterances(texts: Iterable[str], engine: Engine, manner: Manner) -> Iterator[Utterance]:
    """What the engine is asked to say for sentences: normalized, and not longer than it takes."""
    limits = SegmentLimits(engine.limits.characters, engine.limits.characters_cjk)
    for text in texts:
        language = manner.language or guess_language(text)
        for piece in segments(text, language, limits, ()):
            said = spoken(
                text[piece.start : piece.end],
                language,
                lexicon=manner.lexicon,
                handled=engine.traits.normalizes,
            )
            if said.text:
                yield Utterance(
                    said.text,
                    manner.voice,
                    style=manner.style if engine.traits.styles else "",
                    speed=manner.speed if engine.traits.speed else 1.0,
                    language=language,
                    phonemes=said.phonemes if engine.traits.phonemes else (),
                )


class Sink(Protocol):
    """Where sound goes."""

    def write(self, clip: Clip) -> None:
        """Take a piece; blocks while the listener is behind."""


@dataclass
class _Sentence:
    """One utterance on its way: pieces, then None or what went wrong."""

    utterance: Utterance
    pieces: queue.SimpleQueue[Clip | BaseException | None] = field(default_factory=queue.SimpleQueue)


class Speaker:
    """Says utterances one after the other through one engine, the next being asked for meanwhile."""

    def __init__(self, engine: Engine, sink: Sink, note: Callable[[str], None] = lambda _: None) -> None:
        self._engine = engine
        self._sink = sink
        self._note = note
        self._room = threading.Semaphore(AHEAD)
        self._stop = threading.Event()
        self.lost = 0  # sentences that could not be said, or not to their end

    def say(self, lines: Iterable[Utterance]) -> None:
        """Say all; returns when the last piece is handed over. Raises StopRun and what the sink raises.

        The engine is closed when it is not the engine that failed.
        """
        waiting: queue.SimpleQueue[_Sentence | BaseException | None] = queue.SimpleQueue()
        # An engine that lives in one thread gets one.
        workers = 1 if self._engine.traits.process else AHEAD
        with ThreadPoolExecutor(workers, "speaker") as pool:
            feeder = threading.Thread(target=self._feed, args=(lines, pool, waiting), daemon=True)
            feeder.start()
            try:
                while (sentence := waiting.get()) is not None:
                    if isinstance(sentence, BaseException):
                        raise sentence
                    self._hand_over(sentence)
                    self._room.release()
            except EngineError:
                raise
            except BaseException:
                # The person or the player left: nobody waits for what is still on its way.
                self._engine.close()
                raise
            finally:
                self._stop.set()
                self._room.release()

    def _feed(
        self,
        lines: Iterable[Utterance],
        pool: ThreadPoolExecutor,
        waiting: queue.SimpleQueue[_Sentence | BaseException | None],
    ) -> None:
        try:
            for line in lines:
                self._room.acquire()
                if self._stop.is_set():
                    return
                sentence = _Sentence(line)
                pool.submit(self._fetch, sentence)
                waiting.put(sentence)
            waiting.put(None)
        except BaseException as error:  # noqa: BLE001 - raised again by the thread that asked
            waiting.put(error)

    def _fetch(self, sentence: _Sentence) -> None:
        """Get the sound of a sentence; tried again as long as nothing of it was heard."""
        pieces = sentence.pieces
        for attempt in range(TRIES):
            heard = False
            try:
                for clip in self._engine.stream(sentence.utterance):
                    heard = True
                    pieces.put(clip)
                    if self._stop.is_set():
                        return
                pieces.put(None)
                return
            except TryAgain as error:
                wait = min(error.retry_after or 0.25 * 2**attempt, 20.0)
                if heard or attempt == TRIES - 1 or self._stop.wait(wait):
                    pieces.put(error)
                    return
            except BaseException as error:  # noqa: BLE001 - raised again by the thread that asked
                pieces.put(error)
                return

    def _hand_over(self, sentence: _Sentence) -> None:
        while (piece := sentence.pieces.get()) is not None:
            if isinstance(piece, (TryAgain, LineRefused)):
                self.lost += 1
                self._note(f"“{sentence.utterance.text[:60]}”: {piece}")
                return
            if isinstance(piece, BaseException):
                raise piece
            self._sink.write(piece)


def say_word(word: str, manner: Manner, engine: Engine) -> tuple[Utterance, ...]:
    """A single word as the lexicon has it, twice: at its own speed, and slowly."""
    lines = tuple(utterances([word], engine, manner))
    slow = tuple(replace(line, speed=max(0.5, 0.75 * line.speed)) for line in lines)
    return (*lines, *slow) if engine.traits.speed else lines
