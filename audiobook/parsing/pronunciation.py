"""Pronunciations that a book brings along: PLS lexicons, and X-SAMPA in `ssml:ph`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from audiobook.book import Span
from audiobook.errors import BookError
from audiobook.parsing.archive import Archive
from audiobook.parsing.flow import Piece, folded
from audiobook.parsing.markup import Element, local_name, parse_xml

Dictionary = dict[str, tuple[str, str]]
"""Grapheme, folded → (IPA, alias)."""

_X_SAMPA = {
    "{": "æ", "}": "ʉ", "@": "ə", "@`": "ɚ", "3": "ɜ", "3`": "ɝ", "A": "ɑ", "B": "β", "C": "ç",
    "D": "ð", "E": "ɛ", "F": "ɱ",
    "G": "ɣ", "H": "ɥ", "I": "ɪ", "J": "ɲ", "K": "ɬ", "L": "ʎ", "M": "ɯ", "N": "ŋ", "O": "ɔ", "P": "ʋ",
    "Q": "ɒ", "R": "ʁ",
    "S": "ʃ", "T": "θ", "U": "ʊ", "V": "ʌ", "W": "ʍ", "X": "χ", "Y": "ʏ", "Z": "ʒ", "1": "ɨ", "2": "ø",
    "4": "ɾ", "5": "ɫ",
    "6": "ɐ", "7": "ɤ", "8": "ɵ", "9": "œ", "&": "ɶ", "?": "ʔ", "r\\": "ɹ", "R\\": "ʀ", "h\\": "ɦ",
    "j\\": "ʝ", "s\\": "ɕ",
    "z\\": "ʑ", "x\\": "ɧ", "l\\": "ɺ", "N\\": "ɴ", "G\\": "ɢ", "B\\": "ʙ", "p\\": "ɸ", "v\\": "ʋ",
    "t`": "ʈ", "d`": "ɖ",
    "n`": "ɳ", "s`": "ʂ", "z`": "ʐ", "l`": "ɭ", "r`": "ɽ", "r\\`": "ɻ", '"': "ˈ", "%": "ˌ", ":": "ː",
    ":\\": "ˑ", "_h": "ʰ",
    "_j": "ʲ", "'": "ʲ", "_w": "ʷ", "~": "\u0303", "_~": "\u0303", "=": "\u0329", "_d": "\u032a",
    "_0": "\u0325", "_>": "ʼ",
    ".": ".", "-": "", "|": "|", "_": "\u0361", "g": "ɡ",
}  # fmt: skip
_TOKEN = re.compile("|".join(sorted(map(re.escape, _X_SAMPA), key=len, reverse=True)))
_MOST_ENTRIES = 20_000


def x_sampa_to_ipa(text: str) -> str:
    """X-SAMPA, the ASCII spelling of the phonetic alphabet, as IPA."""
    return _TOKEN.sub(lambda match: _X_SAMPA[match[0]], text)


def _lexemes(root: Element) -> Iterable[tuple[list[str], str, str]]:
    alphabet = (root.get("alphabet") or "ipa").lower()
    for lexeme in root.iter():
        if local_name(lexeme.tag) != "lexeme":
            continue
        parts: dict[str, list[str]] = {}
        for child in lexeme:
            parts.setdefault(local_name(child.tag), []).append(folded("".join(child.itertext())))
        phonemes = next(iter(parts.get("phoneme", [])), "")
        if phonemes and alphabet != "ipa":
            phonemes = x_sampa_to_ipa(phonemes)
        yield parts.get("grapheme", []), phonemes, next(iter(parts.get("alias", [])), "")


def read_dictionaries(archive: Archive, names: Iterable[str], warnings: list[str]) -> Dictionary:
    """All words of some PLS files."""
    words: Dictionary = {}
    for name in names:
        try:
            root = parse_xml(archive.read(name))
        except BookError as error:
            warnings.append(error.message)
            continue
        for graphemes, phonemes, alias in _lexemes(root) if root is not None else ():
            for grapheme in graphemes:
                if grapheme and (phonemes or alias) and len(words) < _MOST_ENTRIES:
                    words.setdefault(grapheme.casefold(), (phonemes, alias))
    return words


def apply_dictionary(pieces: list[Piece], words: Dictionary) -> None:
    """Give every whole word that the dictionary knows its pronunciation; its letters stay as they are."""
    longest_first = sorted(words, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.I)
    for piece in pieces:
        if pattern.search(piece.text):
            piece.spans = [part for span in piece.spans for part in _marked(span, pattern, words)]


def _marked(span: Span, pattern: re.Pattern[str], words: Dictionary) -> Iterable[Span]:
    if span.phonemes or span.alias:
        yield span
        return
    position = 0
    for match in pattern.finditer(span.text):
        phonemes, alias = words[match[0].casefold()]
        if match.start() > position:
            yield replace(span, text=span.text[position : match.start()])
        yield replace(span, text=match[0], phonemes=phonemes, alias=alias)
        position = match.end()
    if position < len(span.text):
        yield replace(span, text=span.text[position:])
