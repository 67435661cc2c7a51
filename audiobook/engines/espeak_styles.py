"""What espeak-ng can do with a style: whisper, hurry, raise its voice. It has no feelings to show."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Manner:
    """How a line differs from plain speech. `pitch` and `range` are steps of espeak-ng's 0 to 99."""

    speed: float = 1.0
    pitch: int = 0
    range: int = 0
    gain: float = 0.0  # decibels
    whisper: bool = False

    def __add__(self, other: Manner) -> Manner:
        return Manner(
            self.speed * other.speed,
            self.pitch + other.pitch,
            self.range + other.range,
            self.gain + other.gain,
            self.whisper or other.whisper,
        )


# Words by their beginning, since "whisper", "whispered" and "whispering" ask for the same.
_WORDS = {
    r"whisper|breathed|inaudibl|under (?:his|her|their|its) breath": Manner(
        speed=0.95, gain=-4, whisper=True
    ),
    r"shout|yell|roar|scream|loud|bellow|command|furious|angr": Manner(pitch=6, range=12, gain=4),
    r"crying out|calling|excite|eager|joy|cheer|merr|gai|laugh|giggl|triumph|bright": Manner(
        pitch=4, range=15
    ),
    r"quiet|soft|gentl|murmur|mutter|mumbl|faint|tender|hush|shy|timid|meek": Manner(range=-8, gain=-4),
    r"fast|quick|hurr|hast|out of breath|breathless|gasp|urgent": Manner(speed=1.15),
    r"slow|drawl|weary|wearil|solemn|tired|drows|sleep|yawn|dream|sigh": Manner(speed=0.88, range=-8),
    r"sad|mourn|gloom|tear|sob|moan|groan|grave": Manner(speed=0.93, pitch=-3, range=-12),
    r"cold|dry|dri|flat|monoton|calm|bored|stern|gruff|growl": Manner(pitch=-3, range=-18),
}
_PATTERNS = [(re.compile(rf"\b(?:{words})", re.IGNORECASE), manner) for words, manner in _WORDS.items()]


@functools.lru_cache(maxsize=1024)
def manner_of(style: str) -> Manner:
    """The sum of what the words of a style ask for; plain speech for words unknown."""
    asked = [manner for pattern, manner in _PATTERNS if pattern.search(style)]
    return sum(asked, Manner())
