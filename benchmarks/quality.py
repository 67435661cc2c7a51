"""What encoder settings do to speech: PESQ (wide band) and STOI on the voices the project can make.

    pip install pesq pystoi
    python benchmarks/quality.py

Prints one JSON line for each setting: the mean over voices, and the bit rate it really took.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import soxr
from pesq import pesq
from pystoi import stoi

from audiobook.assembly.encoders import Aac, Encoder, Mp3, Opus
from audiobook.engines import open_engine
from audiobook.engines.base import Utterance
from takes import _LINES

_VOICES = ("en-gb", "en-us+f2", "de", "fr+f4")
_SETTINGS: tuple[Encoder, ...] = (
    *(Aac(22050, bitrate) for bitrate in (48, 64, 80)),
    *(Mp3(22050, 64, quality) for quality in (5, 3)),
    Mp3(44100, 192),
    *(Opus(bitrate) for bitrate in (24, 32)),
)


def speech(voice: str) -> Any:
    """About fifteen seconds of a voice at 22050 Hz."""
    engine = open_engine("espeak", {})
    parts = [engine.synthesize(Utterance(line, voice)).samples for line in _LINES]
    engine.close()
    joined = np.concatenate([np.zeros(8000, np.int16), *parts, np.zeros(8000, np.int16)])
    return joined.astype(np.float32) / 32768


def through(encoder: Encoder, signal: Any) -> tuple[Any, float]:
    """The signal after encoding and decoding, in place, and the bit rate in kbit/s."""
    own = signal if encoder.rate == 22050 else soxr.resample(signal, 22050, encoder.rate)
    own = np.pad(own, (0, -len(own) % encoder.block))
    packets = encoder.encode(iter(own.reshape(-1, encoder.block)))
    frames = [frame.to_ndarray().reshape(-1) for frame in encoder.decoder.frames(packets)]
    heard = np.concatenate(frames)
    heard = heard.astype(np.float32) / (32768 if heard.dtype == np.int16 else 1)
    heard = heard[encoder.decoder.delay :][: len(own)]
    return soxr.resample(heard, encoder.rate, 16000), len(packets.data) * 8 / (len(own) / encoder.rate) / 1000


def main() -> None:
    """Print one JSON line for each setting."""
    signals = [speech(voice) for voice in _VOICES]
    for encoder in _SETTINGS:
        quality, clear, rates = [], [], []
        for signal in signals:
            heard, kbps = through(encoder, signal)
            plain = soxr.resample(signal, 22050, 16000)
            length = min(len(plain), len(heard))
            quality.append(pesq(16000, plain[:length], heard[:length], "wb"))
            clear.append(stoi(plain[:length], heard[:length], 16000))
            rates.append(kbps)
        result = {"benchmark": "quality", "encoder": encoder.recipe, "kbps": round(float(np.mean(rates)), 1)}
        result |= {"pesq": round(float(np.mean(quality)), 2), "stoi": round(float(np.mean(clear)), 4)}
        print(json.dumps(result))


if __name__ == "__main__":
    main()
