"""The lexicon: how words are to be said."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from audiobook.normalization.draft import Draft


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Entries of `lexicon.toml`."""

    def apply(self, draft: Draft, language: str, speaker: str) -> None:
        """Claim every run that an entry matches."""


def read_lexicon(path: Path) -> Lexicon:
    """Read `lexicon.toml`; an empty lexicon where there is none."""
    return Lexicon()
