"""The encoding of a text file that does not say which one it is in."""

from __future__ import annotations

import codecs

from audiobook.errors import BookError

_SAMPLE = 1 << 16
_MOSTLY_ASCII = 0.9
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = frozenset(range(32)) - {9, 10, 12, 13, 26, 27}


def decode_text(data: bytes, name: str) -> str:
    """The text, without its byte order mark. Raises BookError for what is no text."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace").removeprefix("\ufeff")
    wide = _without_mark(data[:4096])
    if wide:
        return data.decode(wide, "replace")
    if is_binary(data):
        raise BookError(f"{name}: not a text file, and no kind of book that can be read")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode(_guess(data), "replace")


def _without_mark(sample: bytes) -> str:
    """UTF-16 without a mark: every other byte of a Western text is zero."""
    if len(sample) < 16 or b"\0" not in sample:
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.6 * half and even < 0.05 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 * half and odd < 0.05 * half else ""


def is_binary(data: bytes) -> bool:
    """Whether a file can be no text in any encoding that writes ASCII as itself."""
    sample = data[:_SAMPLE]
    return b"\0" in sample or sum(byte in _CONTROL for byte in sample) > 0.02 * max(1, len(sample))


def _guess(data: bytes) -> str:
    """UTF-8 with few faults, Western European where most is ASCII, else by the statistics of letters."""
    text = data.decode("utf-8", "replace")
    if text.count("\ufffd") * 500 < len(text):
        return "utf-8"
    sample = _telling_part(data)
    if sum(byte < 128 for byte in sample) >= _MOSTLY_ASCII * len(sample):
        return "cp1252"
    for encoding in ("shift_jis", "euc_jp"):
        if _is_japanese(sample, encoding):
            return encoding
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    return best.encoding if best is not None else "cp1252"


def _is_japanese(sample: bytes, encoding: str) -> bool:
    """Statistics take Japanese for Korean; but no Korean text, wrongly decoded, is full of kana."""
    text = sample.decode(encoding, "ignore")
    foreign = [character for character in text if ord(character) > 127]
    kana = sum("\u3040" <= character <= "\u30ff" for character in foreign)
    return len(foreign) > 20 and kana > 0.25 * len(foreign) and text.count("\ufffd") == 0


def _telling_part(data: bytes) -> bytes:
    """A sample around the first byte that is not ASCII."""
    first = next((at for at, byte in enumerate(data) if byte > 127), 0)
    return data[max(0, first - 1024) : first + _SAMPLE]
