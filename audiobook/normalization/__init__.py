"""The spoken form: what an engine is given to say for what the author wrote."""

from audiobook.normalization.hints import HintSpan
from audiobook.normalization.lexicon import Lexicon, read_lexicon
from audiobook.normalization.rule import CLASSES
from audiobook.normalization.spoken import Spoken, spoken

__all__ = ["CLASSES", "HintSpan", "Lexicon", "Spoken", "read_lexicon", "spoken"]
