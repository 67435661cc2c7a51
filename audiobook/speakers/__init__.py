"""Who speaks each line, and with whose voice."""

from __future__ import annotations

from audiobook.speakers.attribution import Attribution, Quote, attribute
from audiobook.speakers.people import NARRATOR_SPEAKS, Person

__all__ = ["NARRATOR_SPEAKS", "Attribution", "Person", "Quote", "attribute"]
