"""Books in: EPUB, Markdown, plain text and others, all as the same Book."""

from audiobook.parsing.formats import read_book
from audiobook.parsing.options import Limits, ReadOptions, from_flags

__all__ = ["Limits", "ReadOptions", "from_flags", "read_book"]
