"""Japanese: kana are spoken as they are, kanji as they are read."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from audiobook.audio.clip import Clip
from audiobook.engines import espeak_japanese
from audiobook.engines.espeak_japanese import in_kana
from audiobook.errors import StopRun

Say = Callable[..., Clip]


@pytest.fixture(autouse=True)
def _forget_reader() -> Iterator[None]:
    espeak_japanese._reader.cache_clear()
    yield
    espeak_japanese._reader.cache_clear()


def test_kana_need_nothing(monkeypatch: pytest.MonkeyPatch, say: Say) -> None:
    monkeypatch.setitem(sys.modules, "pykakasi", None)
    assert in_kana("ありがとう、アンナ。") == "ありがとう、アンナ。"
    assert say("ありがとう。", "ja").seconds > 0.4


def test_kanji_without_a_reader_stop_the_run(monkeypatch: pytest.MonkeyPatch, say: Say) -> None:
    monkeypatch.setitem(sys.modules, "pykakasi", None)
    with pytest.raises(StopRun, match=r"audiobook\[japanese\]"):
        say("東京へ行く。", "ja")


def test_kanji_sound_as_their_reading(say: Say) -> None:
    pytest.importorskip("pykakasi", reason="the extra [japanese] is not installed")
    assert in_kana("東京へ行く。") == "とうきょうへいく。"
    assert np.array_equal(say("東京へ行く。", "ja").samples, say("とうきょうへいく。", "ja").samples)


def test_chinese_is_left_alone(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pykakasi", None)
    assert say("东京", "cmn").seconds > 0.3
