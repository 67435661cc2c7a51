"""Everything about the emulated service that can be set, because the real one differs, changes or fails."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter, deque
from dataclasses import dataclass, field

FAULTS = (
    "empty_200",  # 200, text/plain, no bytes, after 0.2 s
    "stub_wav",  # 200, 0.16 s of audio
    "rate_429",
    "overload_503",
    "gateway_504",
    "server_500",
    "balance_402",
    "balance_403",
    "hang",  # never answers
    "reset",  # drops the connection before the head
    "cut_mid_body",
    "slow_first_byte",
    "wrong_magic",  # a page of HTML with 200
    "wrong_rate",
    "silence",
    "runaway",  # far too much audio
    "noise_tail",
    "prompt_leak",  # the instruction or reference text is spoken too
    "drop_clause",  # a part of the text is left out
    "odd_chunk_boundaries",
)


@dataclass
class Switches:
    """How the service behaves. Change attributes at any time; they count from the next request on."""

    keys: set[str] = field(default_factory=lambda: {"sk-emulator"})
    cloud: str = "cn"
    latency: float = 0.0  # seconds before every answer of a speech request
    voice: str = "tone"  # "tone" (cheap) or "espeak" (real speech)
    content_type: str = ""  # instead of audio/wav and so on
    wav_sizes: str = "exact"  # of streamed WAV: exact, zero, ffffffff
    default_rate: int | None = None  # where sample_rate is left out; None: 32000 mp3, 44100 wav and pcm
    list_key: str = "result"  # or "results"
    user_info: int = 410  # or 200
    error_401: str = "code"  # the body: code, string, or echo (the key is quoted back)
    balance_status: int = 402  # or 403
    retry_after: float | None = None  # sent with 429 and 503 when set
    codes_429: int | None = None  # 50602, 50603, 50604, or no code
    codes_503: int = 50505  # or 50508, 50603
    limit_words: str = "RPM"  # which limit a 429 names
    unknown_fields: str = "ignore"  # or "refuse"
    verified: bool = True  # real-name check passed: cloning is allowed
    realtime: float = 0.0  # streams are sent at this multiple of real time; 0: at once
    chunk_seconds: float = 0.1  # of audio per write of a stream
    emoji: str = ""  # put around transcripts
    models: tuple[str, ...] = (
        "FunAudioLLM/CosyVoice2-0.5B",
        "fnlp/MOSS-TTSD-v0.5",
        "FunAudioLLM/SenseVoiceSmall",
        "TeleAI/TeleSpeechASR",
        "Qwen/Qwen3-8B",
    )
    retired: tuple[str, ...] = ("fishaudio/fish-speech-1.4", "RVC-Boss/GPT-SoVITS")


class Faults:
    """Which request goes wrong, and how.

    By probability: the draw depends on the seed, the input and how often this input came before, so that
    a run can be repeated whatever the order in which threads ask. By hand: the next ones, or those whose
    input holds a text.
    """

    def __init__(self, seed: int = 1, **probabilities: float) -> None:
        self.seed = seed
        self.probabilities: dict[str, float] = {}
        self.set(**probabilities)
        self._next: deque[str] = deque()
        self._for_text: list[tuple[str, str]] = []
        self._seen: Counter[str] = Counter()
        self._lock = threading.Lock()

    def set(self, **probabilities: float) -> None:
        """Replace the probabilities."""
        for name in probabilities:
            if name not in FAULTS:
                raise ValueError(f"no fault {name!r}; there are {', '.join(FAULTS)}")
        self.probabilities = dict(probabilities)

    def force(self, name: str, times: int = 1) -> None:
        """The next requests fail so."""
        if name not in FAULTS:
            raise ValueError(f"no fault {name!r}")
        self._next.extend([name] * times)

    def on_text(self, text: str, name: str) -> None:
        """Every request whose input holds `text` fails so."""
        self._for_text.append((text, name))

    def clear(self) -> None:
        """Let everything go well."""
        self.probabilities = {}
        self._next.clear()
        self._for_text.clear()

    @property
    def pending(self) -> int:
        """Forced faults that have not happened yet."""
        return len(self._next)

    def choose(self, text: str) -> str:
        """The fault of this request, or an empty string."""
        for part, name in self._for_text:
            if part in text:
                return name
        if self._next:
            return self._next.popleft()
        if not self.probabilities:
            return ""
        with self._lock:
            self._seen[text] += 1
            nth = self._seen[text]
        digest = hashlib.blake2b(f"{self.seed}/{nth}/{text}".encode(), digest_size=8).digest()
        draw = int.from_bytes(digest) / 2**64
        for name, probability in self.probabilities.items():
            draw -= probability
            if draw < 0:
                return name
        return ""
