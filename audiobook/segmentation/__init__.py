"""Sentences, and the pieces of text that are recorded in one go.

`sentences` finds where sentences end; `segments` makes pieces of a paragraph: sentence-sized, parted where
the speaker changes, within the length that an engine takes.
"""

from audiobook.segmentation.boundaries import sentences
from audiobook.segmentation.pieces import Cut, Piece, SegmentLimits, segments

__all__ = ["Cut", "Piece", "SegmentLimits", "segments", "sentences"]
