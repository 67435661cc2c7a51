"""The cover as players want it: a JPEG of moderate size, whatever the book holds. Bombs are not opened."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from dataclasses import dataclass, field

from PIL import Image, ImageOps

_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF")
_MOST_BYTES = 64 << 20
_MOST_PIXELS = 100_000_000
_SIDE = 1400
_KEEP_BYTES = 600 << 10  # a JPEG below this and within the side is kept as it is


class BadCover(ValueError):
    """The picture cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG."""

    data: bytes = field(repr=False)
    width: int
    height: int


def _open(data: bytes) -> Image.Image:
    if len(data) > _MOST_BYTES:
        raise BadCover(f"it has {len(data) >> 20} MB; at most {_MOST_BYTES >> 20} MB are read")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=_FORMATS)
    except (OSError, ValueError, SyntaxError, struct.error, Image.DecompressionBombError) as error:
        raise BadCover("it is not a JPEG, PNG, GIF, WebP, BMP or TIFF picture") from error
    if image.width * image.height > _MOST_PIXELS:
        raise BadCover(
            f"it is {image.width} by {image.height} pixels; at most {_MOST_PIXELS // 10**6} million are read"
        )
    if min(image.size) < 1:
        raise BadCover("it is empty")
    return image


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        whole = image.convert("RGBA")
        ground = Image.new("RGBA", whole.size, "white")
        return Image.alpha_composite(ground, whole).convert("RGB")
    return image.convert("RGB")


def prepare(data: bytes) -> Picture:
    """A JPEG that fits into 1400 by 1400 pixels. Raises BadCover."""
    image = _open(data)
    small = max(image.size) <= _SIDE and len(data) <= _KEEP_BYTES
    try:
        if image.format == "JPEG":
            if small and image.mode == "RGB" and image.getexif().get(0x0112, 1) == 1:
                image.load()
                return Picture(data, *image.size)
            image.draft("RGB", (_SIDE, _SIDE))
        image.load()
        plain = _on_white(ImageOps.exif_transpose(image))
        plain.thumbnail((_SIDE, _SIDE), Image.Resampling.LANCZOS)
        buffer = io.BytesIO()
        plain.save(buffer, "JPEG", quality=88, optimize=True)
    except (OSError, ValueError, SyntaxError, struct.error, zlib.error, MemoryError, IndexError) as error:
        raise BadCover(f"it is damaged ({error})") from error
    return Picture(buffer.getvalue(), *plain.size)
