"""Damage done to EPUBs at random, for the fuzz test: to bytes, to archives, and to the markup inside."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable

from parsing_books.epubs import EpubMaker, chapter, page

WORDS = [
    "lamp",
    "harbour",
    "winter",
    "letter",
    "window",
    "stair",
    "garden",
    "bridge",
    "copper",
    "quiet",
    "river",
    "morning",
]
SNIPPETS = (
    "<", ">", "&", "&bogus;", "&#0;", "&#x110000;", "<![CDATA[", "]]>", "<!--", "-->", "<?x", "<p>",
    "</p>", "</div>",
    "<br/>", "<table><tr><td>", "</table>", '<a href="#n1"><sup>1</sup></a>',
    '<a href="p0.xhtml#zz">x</a>', "<ruby>",
    "<rt>かな</rt>", '<span hidden="">', '<div style="display:none">', "<h1>", "</h1>", "<li>",
    "<pre>\n\n</pre>",
    '<aside epub:type="footnote" id="n1">', "<svg>", "<math>", "\u00ad", "\u2060", "\0", "\ufffe",
    "\U0001f600", "* * *",
    '<span xml:lang="fr">', '<i ssml:ph="x">', '<section epub:type="toc">', "<hr/>", "<img alt='x'/>",
    "<img/>",
    "<!DOCTYPE html [<!ENTITY a 'b'>]>", '<?xml version="1.1" encoding="utf-16"?>', "<div>" * 300,
    "</span>" * 50,
)  # fmt: skip


def sentence(chance: random.Random) -> str:
    """Some words of our own."""
    return " ".join(chance.choices(WORDS, k=chance.randint(1, 14))).capitalize() + chance.choice(
        [".", "!", "?”", "…"]
    )


def random_book(chance: random.Random) -> EpubMaker:
    """A small honest book."""
    pages: dict[str, str | bytes] = {}
    for number in range(chance.randint(1, 4)):
        texts = [sentence(chance) for _ in range(chance.randint(0, 6))]
        if chance.random() < 0.5:
            pages[f"p{number}.xhtml"] = chapter(f"Chapter {number + 1}", *texts)
        else:
            body = "".join(
                chance.choice(["<p>%s</p>", "<div>%s</div>", "<li>%s</li>", "%s<br/>"]) % t for t in texts
            )
            pages[f"p{number}.xhtml"] = page(body + chance.choice(SNIPPETS[:8] + ("",) * 8))
    maker = EpubMaker(pages, ncx=chance.random() < 0.5)
    if chance.random() < 0.4:
        maker.toc = [
            (sentence(chance), f"p{chance.randint(0, 5)}.xhtml#x{chance.randint(0, 3)}") for _ in range(4)
        ]
    return maker


def _splice(data: bytes, chance: random.Random) -> bytes:
    """Put a snippet in, take a stretch out, or repeat one."""
    at = chance.randrange(len(data) + 1)
    action = chance.random()
    if action < 0.5:
        return data[:at] + chance.choice(SNIPPETS).encode() + data[at:]
    length = chance.randint(1, 60)
    if action < 0.75:
        return data[:at] + data[at + length :]
    return data[:at] + data[at : at + length] * chance.randint(2, 40) + data[at:]


def _bytes(data: bytes, chance: random.Random) -> bytes:
    """Change single bytes."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _recode(data: bytes, chance: random.Random) -> bytes:
    """Write the text in an encoding that nobody announced."""
    text = data.decode("utf-8", "replace")
    return text.encode(chance.choice(["utf-16", "utf-16-le", "cp1252", "shift_jis", "utf-32"]), "replace")


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (_splice, _splice, _splice, _bytes, _recode)


def mutate_member(data: bytes, chance: random.Random) -> bytes:
    """Damage one file several times."""
    for _ in range(chance.randint(1, 5)):
        data = chance.choice(MUTATIONS)(data, chance)
    return data


def mutated(epub: bytes, chance: random.Random) -> bytes:
    """An EPUB with damaged files, missing files, or a damaged archive."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(epub)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            data = source.read(name)
            action = chance.random()
            if action < 0.04:
                continue
            if action < 0.45 and name != "mimetype":
                data = mutate_member(data, chance)
            target.writestr(name, data)
    archive = buffer.getvalue()
    action = chance.random()
    if action < 0.08:
        return _bytes(archive, chance)
    return archive[: chance.randrange(len(archive))] if action < 0.11 else archive
