"""A read-along EPUB 3: the book's own pages, each sentence tied to the moment it is spoken."""

from audiobook.assembly.readalong.edition import ReadAlong, write_readalong

__all__ = ["ReadAlong", "write_readalong"]
