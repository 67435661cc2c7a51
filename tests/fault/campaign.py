"""Kill `audiobook make` again and again at random moments, and look at what is left.

    python tests/fault/campaign.py --kills 200 [--seed 1] [--engine siliconflow]

Each life of the project is killed a few times, the whole process tree with SIGKILL, and then left to finish.
After every kill: no take is damaged. After every life: the finished file has the bytes of an undisturbed run,
and no request that had been answered and stored was made a second time (the emulator's log knows).
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from audiobook.audio.takes import TakeStore
from audiobook.errors import AudiobookError
from audiobook.queue.store import open_store
from emulator import Emulator

CONCURRENCY = 4
AUDIOBOOK = [sys.executable, "-m", "audiobook"]

BOOK = """---
title: The Ferry
author: Nobody in Particular
language: en
---

# The Landing

The ferry left at seven, whether or not anybody was on it.

“Is there a later one?” asked Marta. “There was,” said the ferryman, “until the bridge was built.”

She paid for two and sat down alone.

* * *

Halfway across, the engine stopped. Nobody spoke for a while.

# The Island

“You should have taken the bridge,” said her brother. He had been waiting since noon.

“The bridge does not come here,” answered Marta.

They carried the trunk up the path between them, and rested at every turn.

# The Return

In the morning the ferry was gone, and so was the trunk.

“I know who took it,” said Marta. “So does he,” said her brother, and pointed at the water.
"""


@dataclass
class Bench:
    """A folder to work in, a service to ask, and how `make` is called."""

    folder: Path
    engine: str
    service: Emulator | None
    environment: dict[str, str] = field(default_factory=dict)

    def command(self) -> list[str]:
        return [*AUDIOBOOK, "make", "ferry.md", "--engine", self.engine, "--project", "ferry", "--quiet"]

    def start(self) -> subprocess.Popen[bytes]:
        """`make` in a process group of its own, so that all of it can be killed at once."""
        return subprocess.Popen(
            self.command(),
            cwd=self.folder,
            env={**os.environ, **self.environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def finish(self) -> None:
        """Run to the end."""
        process = self.start()
        _, errors = process.communicate(timeout=120)
        if process.returncode != 0:
            raise AssertionError(f"make ended with {process.returncode}: {errors.decode()}")

    def kill_after(self, seconds: float) -> bool:
        """Start, wait, kill everything. Returns whether it was still at work."""
        process = self.start()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        alive = process.poll() is None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        _, errors = process.communicate(timeout=60)
        if not alive and process.returncode != 0:
            raise AssertionError(f"make ended with {process.returncode}: {errors.decode()}")
        return alive

    @property
    def project(self) -> Path:
        return self.folder / "ferry"

    def clear(self) -> None:
        shutil.rmtree(self.project, ignore_errors=True)

    def product(self) -> str:
        """Fingerprint of the finished files."""
        digest = hashlib.sha256()
        for path in sorted((self.project / "output").rglob("*.m4b")):
            digest.update(path.name.encode() + path.read_bytes())
        return digest.hexdigest()

    def damaged(self) -> list[str]:
        """Takes that cannot be read. A take that is there is whole, whatever was killed when."""
        takes = TakeStore(self.project / "takes")
        return [name for name in takes.names() if not _readable(takes, name)]

    def stored_texts(self) -> set[str]:
        """What is spoken in the takes on disk."""
        queue = self.project / "queue.sqlite"
        names = set(TakeStore(self.project / "takes").names())
        if not names:
            return set()
        with open_store(queue) as store:
            return {text for take, text in store.texts().items() if take in names}

    def asked(self) -> list[str]:
        """The texts of all requests so far that were answered with speech."""
        if self.service is None:
            return []
        return [entry.input for entry in self.service.log.speech() if entry.status == 200]


def _readable(takes: TakeStore, name: str) -> bool:
    try:
        takes.read(name)
    except AudiobookError:
        return False
    return True


@contextlib.contextmanager
def bench(folder: Path, engine: str = "siliconflow") -> Iterator[Bench]:
    """A bench whose cloud engine speaks with the emulator on loopback."""
    (folder / "ferry.md").write_text(BOOK, encoding="utf-8")
    config = folder / "config"
    config.mkdir()
    environment = {"AUDIOBOOK_CONFIG": str(config), "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    if engine != "siliconflow":
        yield Bench(folder, engine, None, environment)
        return
    with Emulator(voice="tone", latency=0.05) as service:
        (config / "settings.toml").write_text(
            f'[engines.siliconflow]\nbase_url = "{service.url}"\nconcurrency = {CONCURRENCY}\n'
        )
        environment["SILICONFLOW_API_KEY"] = "sk-emulator"
        yield Bench(folder, engine, service, environment)


@dataclass
class Findings:
    """What a campaign came to."""

    kills: int = 0
    lives: int = 0
    different: int = 0  # lives whose finished file is not that of an undisturbed run
    damaged: int = 0  # takes that could not be read after a kill
    asked_again: int = 0  # requests for what was stored already
    most_repeated: int = 0  # requests in flight at one kill that were made again
    seconds: float = 0.0

    @property
    def clean(self) -> bool:
        return not (self.different or self.damaged or self.asked_again)


def campaign(stand: Bench, kills: int, seed: int) -> Findings:
    """Kill `kills` times; each life ends with an undisturbed run."""
    dice = random.Random(seed)
    findings = Findings()
    began = time.monotonic()
    stand.clear()
    start = time.monotonic()
    stand.finish()
    undisturbed, whole = time.monotonic() - start, stand.product()
    while findings.kills < kills:
        findings.lives += 1
        stand.clear()
        _one_life(stand, dice, min(dice.randint(1, 4), kills - findings.kills), undisturbed, findings)
        if stand.product() != whole:
            findings.different += 1
    findings.seconds = round(time.monotonic() - began, 1)
    return findings


def _one_life(stand: Bench, dice: random.Random, kills: int, length: float, findings: Findings) -> None:
    stored: set[str] = set()
    seen = len(stand.asked())
    for round_ in range(kills + 1):
        last = round_ == kills
        if last:
            stand.finish()
        elif not stand.kill_after(dice.uniform(0.0, length * 1.05)):
            continue  # it was finished before it could be killed
        findings.kills += not last
        asked = stand.asked()[seen:]
        findings.asked_again += sum(text in stored for text in asked)
        findings.most_repeated = max(findings.most_repeated, len(set(asked) - stand.stored_texts()))
        seen += len(asked)
        findings.damaged += len(stand.damaged())
        stored = stand.stored_texts()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", default="siliconflow", help="siliconflow (emulated), espeak or tone")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, bench(Path(folder), given.engine) as stand:
        findings = campaign(stand, given.kills, given.seed)
    sys.stdout.write(
        json.dumps({"benchmark": "kill-campaign", "engine": given.engine, **vars(findings)}) + "\n"
    )
    return 0 if findings.clean else 1


if __name__ == "__main__":
    sys.exit(main())
