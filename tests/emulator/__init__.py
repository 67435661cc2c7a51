"""An emulator of the cloud services that audiobook speaks with, over a real socket, faults included.

By hand, from the repository's root: `python -m tests.emulator --voice espeak`. In tests: `Emulator()`.
"""

from .app import Emulator
from .switches import FAULTS, Faults, Switches

__all__ = ["FAULTS", "Emulator", "Faults", "Switches"]
