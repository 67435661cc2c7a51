"""Plain samples that arrive in pieces of any length."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def split_samples(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of whole 16-bit samples: a half one waits for its other half.

    A half sample at the very end comes out as it is, for the reader to complain about.
    """
    rest = b""
    for chunk in chunks:
        data = rest + chunk
        even = len(data) & ~1
        rest = data[even:]
        if even:
            yield data[:even]
    if rest:
        yield rest
