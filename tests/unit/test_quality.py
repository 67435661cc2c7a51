"""The project's own rules: formatting, lint, types, and a README that tells the truth."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_ruff_has_nothing_to_say() -> None:
    result = run("ruff", "check", ".")
    assert result.returncode == 0, result.stdout


def test_the_code_is_formatted() -> None:
    result = run("ruff", "format", "--check", ".")
    assert result.returncode == 0, result.stdout


@pytest.mark.slow
def test_mypy_strict_has_nothing_to_say() -> None:
    result = run("mypy")
    assert result.returncode == 0, result.stdout


def test_ci_runs_the_lines_of_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    commands = re.findall(r"<!-- (run|test) -->\s*```sh\n(.+?)\n```", readme, re.DOTALL)
    assert [name for name, _ in commands] == ["run", "test"]
    assert all("\n" not in command for _, command in commands), "one line each"


def test_every_dependency_is_used() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "audiobook").rglob("*.py"))
    modules = {"espeakng-loader": "espeakng_loader", "markdown-it-py": "markdown_it"}
    modules |= {"pillow": "PIL", "pyyaml": "yaml"}
    unused = []
    for requirement in project["dependencies"]:
        name = re.split(r"[<>=;\[ ]", requirement)[0]
        module = modules.get(name, name.replace("-", "_"))
        if not re.search(rf"^\s*(?:from|import) {module}\b", source, re.MULTILINE):
            unused.append(name)
    assert unused == []
