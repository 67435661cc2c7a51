"""The broken engines break in the way they say, and can be opened in another process."""

from __future__ import annotations

import importlib
import pickle

import pytest

from audiobook.engines.base import Engine, Utterance
from contract.broken import BROKEN, RATE, Sound

LINE = Utterance("The tide is out.", "a")


def test_the_sound_they_share_is_an_engine() -> None:
    clip = Sound({}).synthesize(LINE)
    assert isinstance(Sound({}), Engine)
    assert clip.rate == RATE
    assert clip.seconds > 0.5


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_they_are_found_by_module_and_name(broken: type[Sound]) -> None:
    assert getattr(importlib.import_module(broken.__module__), broken.__qualname__) is broken
    assert pickle.loads(pickle.dumps(broken)) is broken


def test_they_have_names_of_their_own() -> None:
    assert len({broken.name for broken in BROKEN}) == len(BROKEN)
