"""The door to the espeak-ng library: one request in, samples out, the same samples every time.

espeak-ng keeps more than a hundred variables between requests: where its pitch flutter stands, its noise
generator, its echo, how far its automatic gain has turned down. The same text sounds a little different the
second time, and no call puts it back. So each request gets a freshly loaded copy of the library, which takes
less than a millisecond and makes speech a function of the request alone.

The library is one per process, so requests of a process take turns.
"""

from __future__ import annotations

import _ctypes
import contextlib
import ctypes
import functools
import importlib.metadata
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from audiobook.audio.clip import Samples
from audiobook.engines.espeak_home import link_home
from audiobook.engines.espeak_phonemes import Inventory, inventory, read_names
from audiobook.errors import MissingDependency, StopRun, TryAgain

RATE = 22_050
"""Samples a second; espeak-ng knows no other."""

_SYNCHRONOUS = 2
_BUFFER = 1000  # milliseconds of speech between two calls of the receiver
_DONT_EXIT = 0x8000  # an error is a return value, not the end of the process
_UTF8 = 1
_IPA = 2
_PHONEMES = 0x100  # [[…]] are phonemes
_BY_CHARACTER = 1
_SPEED, _VOLUME, _PITCH, _RANGE = 1, 2, 3, 4

_Receiver = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
_turn = threading.Lock()


@dataclass(frozen=True, slots=True)
class Request:
    """All that espeak-ng is told. `text` may hold [[phonemes]] only where `phonemes` is true."""

    text: str
    language: str  # local name of a language, as in the catalogue
    variant: str = ""  # file name of a voice variant
    rate: int = 175  # nominal words a minute, 80 to 450
    pitch: int = 50  # 0 to 99
    range: int = 50  # of pitch, 0 to 99
    volume: int = 100
    phonemes: bool = False


def data_folder() -> Path:
    """Where the espeak-ng data are. Raises MissingDependency."""
    return _locate()[1]


def _locate() -> tuple[Path, Path]:
    try:
        import espeakng_loader
    except ImportError as error:
        raise MissingDependency(
            "the embedded voice needs espeakng-loader: pip install espeakng-loader"
        ) from error
    library, data = Path(espeakng_loader.get_library_path()), Path(espeakng_loader.get_data_path())
    if not library.exists():
        raise MissingDependency(f"espeakng-loader has no library for this system (no {library})")
    return library, data


class Library:
    """espeak-ng, found and ready. `languages` maps local names of languages to their voice files."""

    def __init__(self, languages: dict[str, Path]) -> None:
        self._library, data = _locate()
        self.data_version = importlib.metadata.version("espeakng-loader")
        self._home = link_home(data, languages, self.data_version)
        self._sounds: dict[str, Inventory] = {}
        with _turn, self._loaded() as espeak:
            info = espeak.espeak_Info
            info.restype = ctypes.c_char_p
            self.version = info(None).decode()

    def speak(self, request: Request, stopped: Callable[[], bool]) -> Samples:
        """Synthesize. Raises TryAgain soon after `stopped` has become true."""
        pieces: list[bytes] = []
        failures: list[BaseException] = []

        def receive(samples: int | None, count: int, _events: int | None) -> int:
            # What is raised in here (Ctrl-C too) would be printed and forgotten by ctypes.
            try:
                if samples and count:
                    pieces.append(ctypes.string_at(samples, 2 * count))
                return int(stopped())
            except BaseException as error:  # noqa: BLE001
                failures.append(error)
                return 1

        receiver = _Receiver(receive)
        with _turn, self._loaded() as espeak:
            espeak.espeak_SetSynthCallback(receiver)
            _speak(espeak, request)
        if failures:
            raise failures[0]
        if stopped():
            raise TryAgain("the embedded voice was closed while it spoke")
        return np.frombuffer(b"".join(pieces), np.int16)

    def sounds(self, language: str) -> Inventory:
        """The phonemes of a language."""
        if language not in self._sounds:
            names = read_names((self._home / "phontab").read_bytes())
            with _turn, self._loaded() as espeak:
                # Only synthesis switches [[…]] on, and transcription goes by what it left.
                _speak(espeak, Request(" ", language, phonemes=True))
                found = inventory(names, functools.partial(_transcribe, espeak))
            # English is written with an r that is no trill.
            self._sounds[language] = {**found, "r": found["ɹ"]} if language.startswith("en") else found
        return self._sounds[language]

    @contextlib.contextmanager
    def _loaded(self) -> Iterator[ctypes.CDLL]:
        try:
            espeak = ctypes.CDLL(str(self._library))
        except OSError as error:
            raise StopRun(f"the espeak-ng library cannot be loaded: {error}") from error
        try:
            home = bytes(self._home)
            if espeak.espeak_Initialize(_SYNCHRONOUS, _BUFFER, home, _DONT_EXIT) != RATE:
                raise StopRun(f"espeak-ng cannot read its data in {self._home}; run the command again")
            # Breath is noise, and its generator starts from the clock.
            espeak.espeak_ng_SetRandSeed(ctypes.c_long(1))
            try:
                yield espeak
            finally:
                espeak.espeak_Terminate()
        finally:
            _ctypes.dlclose(espeak._handle)


def _speak(espeak: ctypes.CDLL, request: Request) -> None:
    voice = f"{request.language}+{request.variant}" if request.variant else request.language
    if espeak.espeak_SetVoiceByName(voice.encode()):
        raise StopRun(f"espeak-ng has no voice {voice!r}; audiobook voices espeak lists them")
    parameters = {
        _SPEED: request.rate,
        _VOLUME: request.volume,
        _PITCH: request.pitch,
        _RANGE: request.range,
    }
    for parameter, value in parameters.items():
        espeak.espeak_SetParameter(parameter, value, 0)
    text = request.text.encode("utf-8", "replace")
    mode = _UTF8 | (_PHONEMES if request.phonemes else 0)
    if espeak.espeak_Synth(text, len(text) + 1, 0, _BY_CHARACTER, 0, mode, None, None):
        raise TryAgain("espeak-ng failed")


def _transcribe(espeak: ctypes.CDLL, text: str, ipa: bool) -> str:
    transcribe = espeak.espeak_TextToPhonemes
    transcribe.restype = ctypes.c_char_p
    rest = ctypes.c_char_p(text.encode())
    clause: bytes | None = transcribe(ctypes.byref(rest), _UTF8, (_IPA if ipa else 0) | ord("|") << 8)
    return (clause or b"").decode()
