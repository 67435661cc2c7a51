"""Attribution by a language model, for those who want one: any OpenAI-compatible chat endpoint.

The model sees numbered speeches in their surroundings and the people that were found, and returns a name for
each number; it never returns text of the book. Every answer is checked; what is missing, invented or broken
falls back to the offline answer and is counted. Answers are cached by content, so a second run costs nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from audiobook import files
from audiobook.errors import StopRun
from audiobook.speakers.attribution import Attribution, Quote, recount
from audiobook.speakers.people import NARRATOR_SPEAKS, Person

_MOST_DOUBTFUL = 0.4  # share of the speeches that `hybrid` may ask about
_WINDOW_QUOTES = 30
_WINDOW_CHARACTERS = 9000
_AROUND = 600  # characters of the book before and after a window
_ROSTER = 60  # people named to the model
_SURE = 0.95  # confidence of a label that the model gave and the book does not contradict
_TRIES = 3

INSTRUCTIONS = """\
You are given a passage of a novel. Its speeches are numbered like [12]“…”. Say who speaks each number you are
asked about. Choose only names from the list of people, exactly as written there. A first-person narrator who
speaks in the scene is written _narr. If nobody in the list fits, use null.
Answer with one JSON object and nothing else: {"labels": {"12": "Name", "13": null}}"""


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """A chat model and what it may cost. Prices are money per million tokens."""

    model: str = "Qwen/Qwen3-14B"
    base_url: str = "https://api.siliconflow.cn/v1"
    price_in: float = 0.0
    price_out: float = 0.0
    budget: float = 0.0  # 0: no limit
    timeout: float = 120.0
    doubt: float = 0.9  # hybrid asks about speeches of less confidence than this


@dataclass(slots=True)
class Tally:
    """What asking a model came to."""

    asked: int = 0  # speeches
    labelled: int = 0
    changed: int = 0
    missing: int = 0  # no label in the answer
    invented: int = 0  # a name that is nobody's
    stray: int = 0  # a number nobody asked about
    requests: int = 0
    cached: int = 0
    failed: int = 0  # requests without a usable answer
    unasked: int = 0  # speeches left out because of the budget
    cost: float = 0.0

    def summary(self) -> str:
        """One line for the person."""
        parts = [f"{self.labelled} of {self.asked} lines labelled by the model, {self.changed} changed"]
        fallen = self.missing + self.invented
        if fallen:
            parts.append(f"{fallen} fell back ({self.missing} missing, {self.invented} unknown names)")
        if self.failed:
            parts.append(f"{self.failed} answers were unusable")
        if self.unasked:
            parts.append(f"{self.unasked} lines not asked about: the budget is used up")
        return "; ".join(parts)


Ask = Callable[[str, str], str]
"""(instructions, question) → the answer. Raises StopRun where asking again is pointless, or OSError."""


@dataclass(frozen=True, slots=True)
class Window:
    """A run of speeches that are asked about together."""

    question: str
    numbers: tuple[int, ...]


# --- asking ------------------------------------------------------------------------------------------


def refine(
    text: str,
    found: Attribution,
    settings: ModelSettings,
    ask: Ask,
    cache: Path,
    *,
    hybrid: bool = False,
) -> tuple[Attribution, Tally]:
    """`found` with the model's labels where they can be trusted, and the account of it.

    `hybrid` asks only about doubtful speeches, the most doubtful first and at most 40 % of all.
    Raises StopRun, StorageError.
    """
    tally = Tally()
    chosen = _chosen(found.quotes, settings, hybrid)
    quotes = list(found.quotes)
    for window in windows(text, found, chosen):
        tally.asked += len(window.numbers)
        answer = _answer(window, settings, ask, cache, tally)
        if answer is None:
            continue
        _apply(quotes, window, read_labels(answer), found.people, tally)
    return Attribution(tuple(quotes), recount(text, found.people, quotes)), tally


def _chosen(quotes: Sequence[Quote], settings: ModelSettings, hybrid: bool) -> set[int]:
    spoken = [number for number, quote in enumerate(quotes) if quote.kind != "other"]
    if not hybrid:
        return set(spoken)
    doubtful = [number for number in spoken if quotes[number].confidence < settings.doubt]
    doubtful.sort(key=lambda number: (quotes[number].confidence, number))
    return set(doubtful[: int(_MOST_DOUBTFUL * len(spoken))])


def windows(text: str, found: Attribution, chosen: set[int]) -> Iterator[Window]:
    """Questions that cover the chosen speeches, each with the book around them."""
    run: list[int] = []
    for number in sorted(chosen):
        far = run and found.quotes[number].end - found.quotes[run[0]].start > _WINDOW_CHARACTERS
        if run and (far or len(run) == _WINDOW_QUOTES):
            yield _window(text, found, run)
            run = []
        run.append(number)
    if run:
        yield _window(text, found, run)


def _window(text: str, found: Attribution, numbers: list[int]) -> Window:
    quotes = found.quotes
    start = max(0, quotes[numbers[0]].start - _AROUND)
    end = min(len(text), quotes[numbers[-1]].end + _AROUND)
    asked = set(numbers)
    pieces = []
    position = start
    for number, quote in enumerate(quotes):
        if quote.kind == "other" or quote.start < position or quote.end > end:
            continue
        pieces.append(text[position : quote.start])
        known = f"={quote.speaker}" if number not in asked and quote.speaker else ""
        pieces.append(f"[{number}{known}]{text[quote.start : quote.end]}")
        position = quote.end
    pieces.append(text[position:end])
    people = [f"- {_introduce(person)}" for person in found.people[:_ROSTER]]
    question = "\n".join(
        ["People:", *people, "", "Passage:", "".join(pieces), "", f"Numbers asked about: {sorted(asked)}"]
    )
    return Window(question, tuple(numbers))


def _introduce(person: Person) -> str:
    names = f" (also {', '.join(person.aliases[:5])})" if person.aliases else ""
    gender = {"M": ", male", "F": ", female"}.get(person.gender, "")
    return f"{person.name}{names}{gender}"


def _answer(window: Window, settings: ModelSettings, ask: Ask, cache: Path, tally: Tally) -> str | None:
    """The model's answer, from the cache where it was given before; None where there is none."""
    content = json.dumps([settings.model, settings.base_url, INSTRUCTIONS, window.question])
    place = cache / f"{hashlib.sha256(content.encode()).hexdigest()}.json"
    if place.is_file():
        tally.cached += 1
        kept: str = json.loads(files.read_bytes(place))["answer"]
        return kept
    price = price_of(window, settings)
    if settings.budget and tally.cost + price > settings.budget:
        tally.unasked += len(window.numbers)
        return None
    tally.requests += 1
    tally.cost += price
    try:
        answer = ask(INSTRUCTIONS, window.question)
    except OSError:
        tally.failed += 1
        tally.missing += len(window.numbers)
        return None
    if not read_labels(answer):
        tally.failed += 1
        tally.missing += len(window.numbers)
        return None  # not kept: the next run may fare better
    files.make_folder(cache)
    files.write_text(place, json.dumps({"model": settings.model, "answer": answer}, ensure_ascii=False))
    return answer


def price_of(window: Window, settings: ModelSettings) -> float:
    """What a question is likely to cost."""
    tokens_in = estimate_tokens(INSTRUCTIONS + window.question)
    tokens_out = 14 * len(window.numbers) + 20
    return (tokens_in * settings.price_in + tokens_out * settings.price_out) / 1e6


def estimate_tokens(text: str) -> int:
    """Roughly how many tokens a text is."""
    wide = sum(1 for character in text if character > "\u2e80")
    return int((len(text) - wide) / 4 + wide / 1.5) + 1


# --- reading answers ---------------------------------------------------------------------------------

_PAIR = re.compile(r'"(\d+)"\s*:\s*(?:"((?:[^"\\]|\\.)*)"|(null))')
_THINKING = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)


def read_labels(answer: str) -> dict[int, str | None]:
    """Number → name from whatever the model wrote: reasoning, a fence, or a JSON cut short."""
    visible = _THINKING.sub("", answer) if "</think>" in answer else answer
    decoder = json.JSONDecoder()
    for found in re.finditer(r"\{", visible):
        try:
            document, _ = decoder.raw_decode(visible, found.start())
        except ValueError:
            continue
        labels = _labels_in(document)
        if labels:
            return labels
    return {int(number): (None if null else name) for number, name, null in _PAIR.findall(visible)}


def _labels_in(document: Any) -> dict[int, str | None]:
    inner = document.get("labels", document) if isinstance(document, Mapping) else document
    if not isinstance(inner, Mapping):
        return {}
    return {
        int(number): value
        for number, value in inner.items()
        if str(number).isdecimal() and (value is None or isinstance(value, str))
    }


def _apply(
    quotes: list[Quote],
    window: Window,
    labels: Mapping[int, str | None],
    people: Sequence[Person],
    tally: Tally,
) -> None:
    asked = set(window.numbers)
    tally.stray += len(set(labels) - asked)
    for number in window.numbers:
        label = labels.get(number)
        if label is None:
            tally.missing += 1
            continue
        name = known_name(label, people)
        if not name:
            tally.invented += 1
            continue
        tally.labelled += 1
        quote = quotes[number]
        if quote.evidence.startswith("tag: ") and quote.confidence > _SURE and quote.speaker != name:
            continue  # the book itself says who speaks
        tally.changed += quote.speaker != name
        reason = "the language model" + (" agrees" if quote.speaker == name else f" (rules: {quote.speaker})")
        quotes[number] = replace(
            quote,
            speaker=name,
            confidence=max(_SURE, quote.confidence) if quote.speaker == name else 0.9,
            evidence=f"{quote.evidence}; {reason}" if quote.speaker == name else reason,
        )


def known_name(label: str, people: Sequence[Person]) -> str:
    """The person a label means, by name or alias, in any case; "" for nobody or several."""
    wanted = _folded(label)
    if not wanted:
        return ""
    if wanted == _folded(NARRATOR_SPEAKS):
        told = [p.name for p in people if NARRATOR_SPEAKS in (p.name, *p.aliases)]
        return told[0] if told else ""
    exact = [person.name for person in people if _folded(person.name) == wanted]
    if exact:
        return exact[0]
    found = {p.name for p in people if wanted in {_folded(alias) for alias in p.aliases}}
    return found.pop() if len(found) == 1 else ""


def _folded(name: str) -> str:
    return " ".join(name.replace(".", " ").casefold().split())


# --- the network -------------------------------------------------------------------------------------


@dataclass(slots=True)
class ChatModel:
    """An OpenAI-compatible chat endpoint."""

    settings: ModelSettings
    key: str = field(default="", repr=False)
    wait: Callable[[float], None] = lambda _: None

    def __call__(self, instructions: str, question: str) -> str:
        """Ask once, and again where the service is busy. Raises StopRun, OSError."""
        import httpx

        messages = [{"role": "system", "content": instructions}, {"role": "user", "content": question}]
        body = {"model": self.settings.model, "messages": messages, "temperature": 0, "max_tokens": 4096}
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        url = self.settings.base_url.rstrip("/") + "/chat/completions"
        for attempt in range(_TRIES):
            try:
                reply = httpx.post(url, json=body, headers=headers, timeout=self.settings.timeout)
            except httpx.HTTPError as error:
                if attempt + 1 == _TRIES:
                    raise OSError(f"{url}: {error}") from error
                self.wait(2.0**attempt)
                continue
            if reply.status_code in (401, 402, 403, 404):
                raise StopRun(
                    f"the language model at {self.settings.base_url} refuses ({reply.status_code}): "
                    "check the key, the balance and the model's name"
                )
            if reply.status_code == 200:
                return _content(reply.text, url)
            self.wait(2.0**attempt)
        raise OSError(f"{url}: answered {reply.status_code}")


def _content(body: str, url: str) -> str:
    try:
        message = json.loads(body)["choices"][0]["message"]
        return str(message.get("content") or "")
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise OSError(f"{url}: not an answer of a chat model") from error
