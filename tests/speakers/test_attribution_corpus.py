"""On annotated novels, accuracy stays where it was measured (benchmarks/attribution.py, docs/speakers.md)."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "attribution.py"


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("attribution_benchmark", BENCHMARK)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("novel", "least"), [("TheAwakening", 0.90), ("TheGambler", 0.85), ("TheManWhoWasThursday", 0.80)]
)
def test_accuracy_with_a_cast_list_does_not_fall(
    benchmark: ModuleType, corpus: Path, novel: str, least: float
) -> None:
    score = benchmark.measure(corpus / "quotations" / "novels" / novel, with_list=True)
    assert score.right >= least
