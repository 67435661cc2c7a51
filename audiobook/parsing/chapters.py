"""From the flow to chapters: navigation targets, headings and roles decide where each begins."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from audiobook.book import Block, BlockKind, Chapter, ChapterKind, Metadata, Skipped
from audiobook.parsing import matter
from audiobook.parsing.contents import Lists
from audiobook.parsing.flow import Flow, Piece, Place, split_piece
from audiobook.parsing.headings import heading_targets
from audiobook.parsing.navigation import Entry
from audiobook.parsing.notes import NoteBook
from audiobook.parsing.options import SPOKEN_KINDS, ReadOptions
from audiobook.parsing.semantics import INNER_ROLES
from audiobook.parsing.titles import (
    PART,
    bare_number,
    better_case,
    is_label,
    is_useless,
    joined,
    letters,
    same,
)

_MOST_HEADINGS = 5  # of a chapter's opening that may be its title
_MOST_TITLES = 3  # entries at one place that make one title; more of them are a broken table of contents
_PART_TEXT = 1500  # a part's own page holds no more than a motto
_SHORT_TITLE = 200
_LETTER = re.compile(r"[^\W_]")


@dataclass(slots=True)
class Target:
    """A place where a chapter begins, and what it is called there."""

    titles: list[str]
    level: int = 1


@dataclass(slots=True)
class Segment:
    """The pieces of one chapter in the making."""

    pieces: list[Piece] = field(default_factory=list)
    target: Target | None = None
    role: ChapterKind | None = None
    inside: bool = False  # the page it begins on was begun by another segment
    apart: bool = False  # its heading says that it is front or back matter

    def written(self) -> list[Piece]:
        """Pieces with a text that is not left out for a reason of its own."""
        return [piece for piece in self.pieces if piece.spans and not piece.reason]

    @property
    def file(self) -> str:
        """Where it begins."""
        return self.pieces[0].file if self.pieces else ""


# --- targets ----------------------------------------------------------------------------------------------


def _has_letters(piece: Piece) -> bool:
    return _LETTER.search(piece.text) is not None


class Targets:
    """Finds the place in the flow that each entry of the table of contents means."""

    def __init__(self, flow: Flow, files: dict[str, int]) -> None:
        self._pieces = flow.pieces
        self._places = flow.places()
        self._files = files
        self._lettered = self._following_text()
        self.found: dict[tuple[int, int], Target] = {}
        self.warnings: list[str] = []

    def names(self) -> set[str]:
        """All titles, folded."""
        return {letters(title) for target in self.found.values() for title in target.titles}

    def index_of(self, place: Place) -> int | None:
        """The piece that a link leads to, or the next one that has letters."""
        if place[1]:
            found = self._places.get(place)
            index = found[0] if found is not None else None
        else:
            index = self._files.get(place[0])
        return self._lettered[index] if index is not None else None

    def _following_text(self) -> list[int]:
        """For each piece the first one at or after it that has letters."""
        following = [len(self._pieces)] * (len(self._pieces) + 1)
        for index in range(len(self._pieces) - 1, -1, -1):
            following[index] = index if _has_letters(self._pieces[index]) else following[index + 1]
        return following

    def add(self, entries: Iterable[Entry]) -> None:
        """Place all entries; those whose place does not exist come last, and by their title."""
        lost: list[Entry] = []
        for entry in entries:
            place = self._place(entry)
            if place is None:
                lost.append(entry)
            else:
                self._put(place, entry)
        for entry in lost:
            self._rescue(entry)

    def _place(self, entry: Entry) -> tuple[int, int] | None:
        if not entry.fragment:
            start = self._files.get(entry.file)
            return (start, 0) if start is not None else None
        return self._places.get((entry.file, entry.fragment))

    def _put(self, place: tuple[int, int], entry: Entry) -> None:
        key = self._settled(place, entry.title)
        if key[0] >= len(self._pieces):
            return
        target = self.found.setdefault(key, Target([], entry.level))
        target.level = min(target.level, entry.level)
        if entry.title and len(target.titles) <= _MOST_TITLES and entry.title not in target.titles:
            target.titles.append(entry.title)

    def _settled(self, place: tuple[int, int], title: str) -> tuple[int, int]:
        """Never inside a heading or before mere signs; back to a heading that the anchor came after."""
        index, offset = place
        if offset:
            piece = self._pieces[index]
            if piece.kind is BlockKind.HEADING or not any(map(str.isalnum, piece.text[:offset])):
                offset = 0
            elif not any(map(str.isalnum, piece.text[offset:])):
                index, offset = index + 1, 0
        if offset:
            return index, offset
        index = self._lettered[index]
        return self._behind_heading(index, title), 0

    def _behind_heading(self, index: int, title: str) -> int:
        before = index - 1
        while before >= 0 and not _has_letters(self._pieces[before]):
            before -= 1
        if (
            index < len(self._pieces)
            and before >= 0
            and self._pieces[before].kind is BlockKind.HEADING
            and self._pieces[index].kind is not BlockKind.HEADING
            and self._pieces[before].file == self._pieces[index].file
            and letters(self._pieces[before].text) == letters(title)
        ):
            return before
        return index

    def _rescue(self, entry: Entry) -> None:
        """The fragment does not exist: look for the title in its file, else take the file's beginning."""
        start = self._files.get(entry.file)
        if start is None:
            return
        wanted = letters(entry.title)
        for index in range(start, len(self._pieces)):
            piece = self._pieces[index]
            if piece.file != entry.file:
                break
            if (
                len(piece.text) < _SHORT_TITLE
                and wanted
                and letters(piece.text) == wanted
                and (index, 0) not in self.found
            ):
                self._put((index, 0), entry)
                return
        self.warnings.append(
            f"{entry.file}#{entry.fragment}: the place of “{entry.title[:60]}” does not exist"
        )
        if (self._lettered[start], 0) not in self.found:
            self._put((start, 0), entry)


def split_at_targets(
    pieces: list[Piece], targets: dict[tuple[int, int], Target]
) -> tuple[list[Piece], dict[int, Target]]:
    """Pieces that are cut where a target stands inside them, and targets by index."""
    inside: dict[int, list[int]] = defaultdict(list)
    for index, offset in targets:
        inside[index].append(offset)
    result: list[Piece] = []
    starts: dict[int, Target] = {}
    for index, piece in enumerate(pieces):
        rest, done = piece, 0
        for offset in sorted(inside.get(index, [])):
            if offset > done:
                head, rest = split_piece(rest, offset - done)
                result.append(head)
                done = len(piece.text) - len(rest.text)
            starts[len(result)] = targets[index, offset]
        result.append(rest)
    return result, starts


# --- segments ---------------------------------------------------------------------------------------------


def segments(pieces: list[Piece], starts: dict[int, Target]) -> list[Segment]:
    """Cut at targets, where the role changes, and at files before the first target."""
    result = [Segment()]
    first = min(starts, default=0)
    file, begun = "", False
    page = ""  # of the last text
    for index, piece in enumerate(pieces):
        written = bool(piece.spans) and not piece.reason
        changed = written and begun and piece.role is not result[-1].role
        fresh = index < first and piece.file != file and bool(result[-1].pieces)
        matter_page = written and piece.file != page and _begins_matter(piece, result[-1])
        if index in starts or changed or fresh or matter_page:
            result.append(Segment(target=starts.get(index), inside=piece.file == file, apart=matter_page))
            begun = False
        segment = result[-1]
        if written and not begun:
            segment.role, begun = piece.role, True
        segment.pieces.append(piece)
        file = piece.file
        page = piece.file if written else page
    return _rejoined([segment for segment in result if segment.pieces])


def _begins_matter(piece: Piece, before: Segment) -> bool:
    """A heading such as “Index” makes its page a part of its own, listed in the contents or not."""
    if piece.kind is not BlockKind.HEADING:
        return False
    kind = matter.by_title(piece.text)
    return before.apart or (kind is not None and kind not in SPOKEN_KINDS)


def _rejoined(parts: list[Segment]) -> list[Segment]:
    """Ordinary text after an inserted page goes on with the chapter before it."""
    result: list[Segment] = []
    last_plain: Segment | None = None
    for part in parts:
        if not part.written() and part.target is None and result:
            result[-1].pieces += part.pieces
        elif _goes_on(part, result, last_plain):
            assert last_plain is not None
            last_plain.pieces += part.pieces
        else:
            result.append(part)
            if part.role is None or part.role not in INNER_ROLES:
                last_plain = part
    return result


def _goes_on(part: Segment, before: list[Segment], plain: Segment | None) -> bool:
    """Whether a part without a target belongs to the last ordinary chapter."""
    if part.target is not None or part.role is not None or part.apart or plain is None:
        return False
    if plain.target is not None:
        return before[-1] is plain or before[-1].target is None
    # Before the first target: pages without a heading of their own run together.
    return (
        before[-1] is plain
        and plain.role is None
        and not _opening(part.written())
        and not _opening(plain.written())
    )


# --- titles -----------------------------------------------------------------------------------------------


def _opening(written: list[Piece]) -> list[Piece]:
    """The headings with which a chapter opens."""
    opening: list[Piece] = []
    for piece in written[:_MOST_HEADINGS]:
        if piece.kind is not BlockKind.HEADING:
            break
        opening.append(piece)
    return opening


def _take_exact(title: str, opening: list[Piece]) -> int:
    """How many headings together are the title, letter by letter."""
    wanted = letters(title)
    text = ""
    for count, piece in enumerate(opening, 1):
        text += letters(piece.text)
        if text == wanted:
            return count
        if not wanted.startswith(text):
            break
    return 0


def _title_from(title: str, opening: list[Piece]) -> tuple[str, int]:
    """The title to speak and how many headings it stands for."""
    texts = [piece.text for piece in opening]
    if not texts:
        return title, 0
    count = _take_exact(title, opening)
    if count:
        heading = joined(texts[:count])
        parted = _has_marks(title) or not _has_marks(heading)
        spoken = better_case(title, heading) if parted else better_case(heading, title)
        if is_label(spoken) and _subtitled(opening, count):
            return joined([spoken, texts[count]]), count + 1
        return spoken, count
    if is_useless(title):
        count = 2 if is_label(texts[0]) and _subtitled(opening, 1) else 1
        return joined(texts[:count]), count
    for count in range(min(3, len(texts)), 0, -1):
        heading = joined(texts[:count])
        if all(same(text, title) for text in texts[:count]) or (count == 1 and same(heading, title)):
            if letters(heading) != letters(title) and letters(heading) in letters(title):
                return title, count
            if count == 1 and is_label(title) and bare_number(heading) and not bare_number(title):
                return (joined([title, texts[1]]), 2) if _subtitled(opening, 1) else (title, 1)
            if is_label(heading) and _subtitled(opening, count):
                return joined([heading, texts[count]]), count + 1
            return heading, count
    return title, 0


def _has_marks(title: str) -> bool:
    return any(mark in title for mark in ".:;,—–-!?")


def _subtitled(opening: list[Piece], count: int) -> bool:
    """The heading after a bare number is the chapter's name, unless it is a number itself."""
    return len(opening) > count and not is_label(opening[count].text) and len(opening[count].text) < 120


def settle_title(segment: Segment) -> tuple[str, int]:
    """Title and the number of written pieces that it replaces."""
    written = segment.written()
    opening = _opening(written)
    titles = segment.target.titles[:_MOST_TITLES] if segment.target is not None else []
    if not titles:
        count = 0
        if opening:
            count = 2 if is_label(opening[0].text) and _subtitled(opening, 1) else 1
        return joined([piece.text for piece in opening[:count]]), count
    parts: list[str] = []
    used = 0
    for title in titles:
        spoken, count = _title_from(title, opening[used:])
        if not count and not opening[used:] and used < len(written):
            count = _plain_title(title, written[used])
        if count or not parts or not any(letters(title) in letters(part) for part in parts):
            parts.append(spoken)
        used += count
    return joined(parts), used


def _plain_title(title: str, piece: Piece) -> int:
    """A first paragraph that says the title is the title."""
    return int(
        len(piece.text) < _SHORT_TITLE and letters(piece.text) == letters(title) and "\n" not in piece.text
    )


# --- kinds ------------------------------------------------------------------------------------------------


def _is_part(segment: Segment, title: str) -> bool:
    body = sum(len(piece.text) for piece in segment.written() if piece.kind is not BlockKind.HEADING)
    return body <= _PART_TEXT and (
        segment.role is ChapterKind.PART or (body == 0 and bool(PART.match(title)))
    )


def kind_of(segment: Segment, title: str, metadata: Metadata, front: bool) -> ChapterKind:
    """What part of the book a segment is."""
    if segment.role is not None and segment.role is not ChapterKind.PART:
        return segment.role
    if _is_part(segment, title):
        return ChapterKind.PART
    named = next(
        (
            kind
            for name in (segment.target.titles if segment.target else [title])
            if (kind := matter.by_title(name))
        ),
        None,
    )
    written = segment.written()
    nested = segment.target is not None and segment.target.level > 1 and segment.inside
    if named is not None and _confirmed(named, segment) and not (nested and named in _BACK):
        return named
    texts = [piece.text for piece in written]
    if matter.is_copyright_page("\n".join(texts)) and (segment.target is None or front):
        return ChapterKind.COPYRIGHT
    if front and matter.is_title_page(texts, metadata.title, metadata.authors):
        return ChapterKind.TITLEPAGE
    by_file = matter.by_name(segment.file) if not segment.inside else None
    sure = by_file in _BRIEF or by_file is ChapterKind.CONTENTS or segment.target is None or is_useless(title)
    return by_file if by_file is not None and sure and _confirmed(by_file, segment) else ChapterKind.CHAPTER


_LIST_LINE = 150  # half of the lines of a list are shorter
_BACK = (ChapterKind.NOTES, ChapterKind.BIBLIOGRAPHY, ChapterKind.INDEX, ChapterKind.ADVERTISEMENT)
_BRIEF = {
    ChapterKind.COVER: 600,
    ChapterKind.TITLEPAGE: 2_000,
    ChapterKind.COPYRIGHT: 12_000,
    ChapterKind.COLOPHON: 12_000,
    ChapterKind.ADVERTISEMENT: 30_000,
}


def _confirmed(kind: ChapterKind, segment: Segment) -> bool:
    """A page called “Cover” that holds a whole story is none."""
    if kind in (ChapterKind.CONTENTS, ChapterKind.ILLUSTRATIONS):
        lengths = sorted(len(piece.text) for piece in segment.written())
        return not lengths or lengths[len(lengths) // 2] <= _LIST_LINE
    most = _BRIEF.get(kind)
    return most is None or sum(len(piece.text) for piece in segment.written()) <= most


# --- the whole --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to become of a segment."""

    segment: Segment
    title: str
    used: int  # written pieces that the title stands for
    number: int
    kind: ChapterKind


class Assembler:
    """Makes chapters of a flow."""

    def __init__(
        self, flow: Flow, metadata: Metadata, options: ReadOptions, notes: NoteBook, *, trusted: bool = False
    ) -> None:
        self.flow = flow
        self._trusted = trusted  # the entries are all there is; no search for chapters they forgot
        self.metadata = metadata
        self.options = options
        self.notes = notes
        self.skipped: list[Skipped] = []
        self.chapters: list[Chapter] = []

    def run(self, entries: list[Entry], files: dict[str, int]) -> tuple[Chapter, ...]:
        """All chapters that are spoken; the rest goes to `skipped`."""
        targets = Targets(self.flow, files)
        targets.add(entries)
        given = {key: (target.titles, target.level) for key, target in targets.found.items()}
        found = None if self._trusted else heading_targets(self.flow.pieces, given, self.metadata.title)
        if found is not None:
            targets.found = {key: Target(titles, level) for key, (titles, level) in found.items()}
        self.flow.warnings += targets.warnings
        lists = Lists(
            self.flow.pieces, {index for index, _ in targets.found}, targets.names(), targets.index_of
        )
        lists.mark()
        pieces, starts = split_at_targets(self.flow.pieces, targets.found)
        self._make(segments(pieces, starts))
        return tuple(self.chapters)

    def _make(self, parts: list[Segment]) -> None:
        plans = list(self._plans(parts))
        if not any(self.options.speaks(plan.kind) for plan in plans):
            # A book of nothing but a title page is a very short book, unless it says that it is one.
            plans = [replace(plan, kind=plan.segment.role or ChapterKind.CHAPTER) for plan in plans]
        for plan in plans:
            if self.options.speaks(plan.kind):
                chapter = self._chapter(plan)
                if chapter.blocks or (plan.title and plan.used):
                    self.chapters.append(chapter)
        for plan in plans:
            # Only now is it known which notes were spoken elsewhere.
            self._leave_out(plan)

    def _plans(self, parts: list[Segment]) -> Iterator[_Plan]:
        seen_text = False
        for number, segment in enumerate(parts, 1):
            title, used = settle_title(segment)
            kind = kind_of(segment, title, self.metadata, front=not seen_text)
            length = sum(len(piece.text) for piece in segment.written())
            seen_text |= kind is ChapterKind.CHAPTER and length > _PART_TEXT
            yield _Plan(segment, title, used, number, kind)

    def _leave_out(self, plan: _Plan) -> None:
        """One line of the report for the pieces of a page, and for each piece with a reason of its own."""
        by_file: dict[str, list[Piece]] = {}
        silent = not self.options.speaks(plan.kind)
        for piece in plan.segment.pieces:
            if not piece.spans or self.notes.was_placed(piece):
                continue
            if piece.reason:
                self.skipped.append(Skipped(piece.reason, piece.where, piece.text))
            elif silent:
                by_file.setdefault(piece.file, []).append(piece)
        for pieces in by_file.values():
            text = "\n".join(piece.text for piece in pieces)
            self.skipped.append(Skipped(plan.kind.value, pieces[0].where, text))

    def _chapter(self, plan: _Plan) -> Chapter:
        segment = plan.segment
        written = segment.written()
        heard = {id(piece) for piece in written[: plan.used]}
        blocks: list[Block] = []
        late: list[Piece] = []
        for piece in segment.pieces:
            if piece.marks:
                blocks += self._with_notes(piece, late, silent=id(piece) in heard)
            elif id(piece) not in heard and not piece.reason and (piece.spans or piece.silent):
                blocks.append(_block(piece))
        blocks += [_block(note) for note in late]
        level = segment.target.level if segment.target is not None else 1
        heading = "\n".join(piece.text for piece in written[: plan.used])
        where = written[0].where if written else segment.file
        return Chapter(plan.title, tuple(_trimmed(blocks)), plan.number, level, plan.kind, where, heading)

    def _with_notes(self, piece: Piece, late: list[Piece], *, silent: bool) -> Iterator[Block]:
        """The block and the notes whose marks stood in it, as the policy has it."""
        rest, done = piece, 0
        after: list[Piece] = []
        show = not silent and not piece.reason
        for offset, place in piece.marks:
            notes = self.notes.take(place)
            if self.options.notes == "inline" and notes and show and 0 < offset - done < len(rest.text):
                head, rest = split_piece(rest, offset - done)
                done = len(piece.text) - len(rest.text)
                yield _block(head)
                yield from map(_block, notes)
            elif self.options.notes == "chapter":
                late += notes
            else:
                after += notes
        if show and rest.spans:
            yield _block(rest)
        yield from map(_block, after)


def _block(piece: Piece) -> Block:
    return Block(
        piece.kind, tuple(piece.spans), piece.where, piece.level, piece.speaker, piece.style, piece.seconds
    )


def _trimmed(blocks: list[Block]) -> list[Block]:
    """No scene break at the beginning, at the end, beside a heading, or twice in a row."""
    result: list[Block] = []
    for block in blocks:
        quiet = block.kind is BlockKind.SCENE_BREAK
        if quiet and (not result or result[-1].kind in (BlockKind.SCENE_BREAK, BlockKind.HEADING)):
            continue
        if block.kind is BlockKind.HEADING and result and result[-1].kind is BlockKind.SCENE_BREAK:
            result.pop()
        result.append(block)
    while result and result[-1].kind is BlockKind.SCENE_BREAK:
        result.pop()
    return result
