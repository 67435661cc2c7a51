"""kill -9 anywhere: the same command again ends with the same bytes; nothing stored is asked for again."""

from __future__ import annotations

from pathlib import Path

import pytest
from campaign import CONCURRENCY, bench, campaign


@pytest.mark.slow
@pytest.mark.parametrize(("engine", "kills"), [("siliconflow", 12), ("espeak", 3)])
def test_a_killed_run_is_finished_by_the_next(tmp_path: Path, engine: str, kills: int) -> None:
    with bench(tmp_path, engine) as stand:
        findings = campaign(stand, kills, seed=7)
    assert findings.clean, findings
    assert findings.most_repeated <= CONCURRENCY
