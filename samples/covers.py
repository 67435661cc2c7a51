"""Draws the pictures of the sample books: `python samples/covers.py` writes them beside this file."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FOLDER = Path(__file__).parent
WIDTH, HEIGHT = 1200, 1800
FINE = 2  # drawn twice as large, then reduced, so that edges are smooth

Colour = tuple[int, int, int]
Field = NDArray[np.float64]


def _lettering(size: float) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size * FINE)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font


def _spaced(image: Image.Image, text: str, top: float, size: float, colour: Colour, tracking: float) -> None:
    """One centred line with space between its letters."""
    draw, font = ImageDraw.Draw(image), _lettering(size)
    gap = tracking * size * FINE
    widths = [font.getlength(letter) for letter in text]
    x = (image.width - sum(widths) - gap * (len(text) - 1)) / 2
    for letter, width in zip(text, widths, strict=True):
        draw.text((x, top * FINE), letter, font=font, fill=colour)
        x += width + gap


def _gradient(stops: Sequence[tuple[float, Colour]]) -> Image.Image:
    """A canvas whose colour changes from top to bottom."""
    rows = np.linspace(0, 1, HEIGHT * FINE)
    places = [place for place, _ in stops]
    bands = [np.interp(rows, places, [colour[part] for _, colour in stops]) for part in range(3)]
    column = np.stack(bands, axis=1).round().astype(np.uint8)
    return Image.fromarray(np.repeat(column[:, None, :], WIDTH * FINE, axis=1))


def _hill(
    image: Image.Image, base: float, waves: Sequence[tuple[float, float, float]], colour: Colour
) -> None:
    """Everything below a sum of sines: (height, length, shift) each."""
    xs = range(0, WIDTH + 9, 8)
    ridge = [
        (x * FINE, (base + sum(h * math.sin(x / length + shift) for h, length, shift in waves)) * FINE)
        for x in xs
    ]
    corners = [(WIDTH * FINE + 9, HEIGHT * FINE), (0, HEIGHT * FINE)]
    ImageDraw.Draw(image).polygon([*ridge, *corners], fill=colour)


def _box(left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
    return (left * FINE, top * FINE, right * FINE, bottom * FINE)


def _glow(
    image: Image.Image, middle: tuple[float, float], radii: tuple[float, float], colour: Colour, strength: int
) -> None:
    """Light that fades outwards."""
    mask = Image.new("L", image.size, 0)
    (x, y), (across, down) = middle, radii
    ImageDraw.Draw(mask).ellipse(_box(x - across, y - down, x + across, y + down), fill=strength)
    mask = mask.filter(ImageFilter.GaussianBlur(min(radii) * FINE * 0.45))
    image.paste(Image.new("RGB", image.size, colour), (0, 0), mask)


def _carriage(image: Image.Image, left: float, top: float, lit: bool) -> None:
    """One carriage, 330 wide; its windows are dark unless it is the warm one."""
    draw = ImageDraw.Draw(image)
    body, roof = (46, 22, 30), (226, 232, 240)
    draw.rounded_rectangle(_box(left, top, left + 330, top + 128), 14 * FINE, fill=body)
    draw.rounded_rectangle(_box(left - 6, top - 16, left + 336, top + 12), 14 * FINE, fill=roof)
    draw.rectangle(_box(left, top + 86, left + 330, top + 92), fill=(120, 84, 52))
    for number in range(4):
        x = left + 26 + number * 74
        glass = (255, 205, 110) if lit else (30, 38, 60)
        draw.rounded_rectangle(_box(x, top + 28, x + 54, top + 74), 7 * FINE, fill=glass)
    for x in (left + 60, left + 270):
        draw.ellipse(_box(x - 26, top + 112, x + 26, top + 164), fill=(18, 14, 22))
        draw.ellipse(_box(x - 9, top + 129, x + 9, top + 147), fill=(70, 66, 78))


def _comb(image: Image.Image, middle: tuple[float, float], reach: float, colour: Colour) -> None:
    """Honeycomb that fades away from its middle."""
    layer = Image.new("L", image.size, 0)
    draw, side = ImageDraw.Draw(layer), 34.0
    for row in range(-14, 15):
        for column in range(-12, 13):
            x = middle[0] + (column + 0.5 * (row % 2)) * side * math.sqrt(3)
            y = middle[1] + row * side * 1.5
            near = 1 - math.hypot(x - middle[0], (y - middle[1]) * 1.15) / reach
            if near <= 0:
                continue
            angles = [math.radians(60 * corner - 30) for corner in range(7)]
            points = [
                ((x + side * 0.94 * math.cos(a)) * FINE, (y + side * 0.94 * math.sin(a)) * FINE)
                for a in angles
            ]
            draw.line(points, fill=int(150 * near), width=3 * FINE, joint="curve")
    image.paste(Image.new("RGB", image.size, colour), (0, 0), layer)


def _snow(image: Image.Image, flakes: int, seed: int) -> None:
    chance = random.Random(seed)
    layer = Image.new("L", image.size, 0)
    draw = ImageDraw.Draw(layer)
    for _ in range(flakes):
        x, y, radius = chance.random() * WIDTH, chance.random() * HEIGHT, 1.2 + 3.4 * chance.random() ** 3
        draw.ellipse(
            _box(x - radius, y - radius, x + radius, y + radius), fill=int(90 + 150 * chance.random())
        )
    image.paste(Image.new("RGB", image.size, (255, 255, 255)), (0, 0), layer)


def _finish(image: Image.Image) -> Image.Image:
    return image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def warmest_carriage() -> Image.Image:
    """A train in the snow at night; one carriage is lit, and the light over it is honeycomb."""
    image = _gradient([(0, (12, 20, 48)), (0.45, (30, 52, 96)), (0.72, (92, 116, 156)), (1, (150, 170, 200))])
    _glow(image, (905, 1010), (420, 420), (255, 190, 90), 150)
    _comb(image, (905, 930), 520, (255, 214, 130))
    _hill(image, 1130, [(46, 190, 0.4), (18, 70, 1.1)], (104, 128, 166))
    _hill(image, 1210, [(30, 260, 2.2), (12, 90, 0.2)], (150, 172, 202))
    ImageDraw.Draw(image).rectangle(_box(0, 1254, 800, 1262), fill=(30, 26, 36))
    for left, lit in ((-328, False), (28, False), (384, False), (740, True)):
        _carriage(image, left, 1150, lit)
    ImageDraw.Draw(image).rectangle(_box(0, 1308, WIDTH, 1316), fill=(60, 60, 80))
    _hill(image, 1330, [(10, 150, 0.0), (5, 40, 0.7)], (214, 224, 238))
    _glow(image, (905, 1390), (330, 66), (255, 214, 140), 190)
    _hill(image, 1480, [(26, 210, 1.0), (9, 60, 2.0)], (236, 242, 250))
    _hill(image, 1640, [(30, 300, 2.6), (10, 110, 0.5)], (250, 252, 255))
    _snow(image, 620, seed=7)
    cream = (255, 244, 222)
    _spaced(image, "THE WARMEST", 190, 104, cream, 0.14)
    _spaced(image, "CARRIAGE", 325, 146, cream, 0.16)
    _spaced(image, "a winter story", 520, 44, (255, 214, 150), 0.12)
    _spaced(image, "ORLA TENNICK", 1690, 46, (38, 54, 92), 0.3)
    return _finish(image)


_ISLANDS = [  # east, north (as shares of the page), height, breadth
    (0.30, 0.40, 1.25, 0.115), (0.40, 0.47, 0.8, 0.085), (0.70, 0.36, 1.1, 0.10), (0.78, 0.43, 0.6, 0.07),
    (0.22, 0.66, 0.9, 0.085), (0.31, 0.73, 0.7, 0.075), (0.62, 0.74, 1.2, 0.11), (0.74, 0.80, 0.75, 0.09),
    (0.86, 0.63, 0.7, 0.07), (0.10, 0.51, 0.6, 0.07), (0.50, 0.30, 0.55, 0.06), (0.45, 0.86, 0.7, 0.08),
]  # fmt: skip
_DEPTHS = [  # water and land from deep to dry
    (21, 68, 92), (31, 89, 112), (48, 112, 130), (76, 138, 148), (114, 165, 165), (158, 191, 180),
    (205, 212, 186), (228, 219, 182), (222, 205, 152), (204, 184, 126), (176, 156, 100),
]  # fmt: skip


def _soundings() -> Field:
    """Height of the ground over the whole page: islands, their shallows, and a little unevenness."""
    down, across = np.mgrid[0 : HEIGHT * FINE, 0 : WIDTH * FINE].astype(np.float64)
    x, y = across / (WIDTH * FINE), down / (HEIGHT * FINE)
    ground = 0.05 * np.sin(9 * x + 4 * y) + 0.05 * np.sin(13 * y - 6 * x + 1) + 0.03 * np.sin(31 * x + 17 * y)
    for east, north, height, breadth in _ISLANDS:
        wobble = 1 + 0.16 * np.sin(3 * np.arctan2(y - north, x - east) + 9 * east)
        distance = ((x - east) ** 2 + ((y - north) * 1.5) ** 2) / (breadth * wobble) ** 2
        ground += height * np.exp(-distance)
    return ground


def _chart() -> Image.Image:
    ground = _soundings()
    edges = np.array([-0.02, 0.05, 0.12, 0.2, 0.29, 0.39, 0.5, 0.62, 0.78, 0.95])
    band = np.digitize(ground, edges)
    pixels = np.array(_DEPTHS, np.uint8)[band]
    lines = (band[1:, 1:] != band[:-1, 1:]) | (band[1:, 1:] != band[1:, :-1])
    lines |= np.roll(lines, 1, axis=0) | np.roll(lines, 1, axis=1)
    pixels[1:, 1:][lines] = (pixels[1:, 1:][lines] * 0.78).astype(np.uint8)
    return Image.fromarray(pixels)


def _rose(image: Image.Image, x: float, y: float, radius: float, ink: Colour, paper: Colour) -> None:
    """A compass rose of eight points."""
    draw = ImageDraw.Draw(image)
    for ring in (1.0, 0.94):
        draw.ellipse(
            _box(x - radius * ring, y - radius * ring, x + radius * ring, y + radius * ring),
            outline=paper,
            width=3 * FINE,
        )
    for point in (1, 3, 5, 7, 0, 2, 4, 6):
        angle, long = math.radians(45 * point - 90), radius * (1.22 if point % 2 == 0 else 0.72)
        tip = ((x + long * math.cos(angle)) * FINE, (y + long * math.sin(angle)) * FINE)
        for side, fill in ((-1, ink), (1, paper)):
            edge = angle + side * math.radians(22)
            foot = ((x + radius * 0.24 * math.cos(edge)) * FINE, (y + radius * 0.24 * math.sin(edge)) * FINE)
            draw.polygon([tip, foot, (x * FINE, y * FINE)], fill=fill, outline=ink)


def _course(image: Image.Image, points: Sequence[tuple[float, float]], colour: Colour) -> None:
    """A dashed line through points on the page."""
    draw, step = ImageDraw.Draw(image), 0.0
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        length = math.hypot(x1 - x0, y1 - y0)
        for at in np.arange(-step, length, 30.0):
            begin, end = max(at, 0) / length, min(at + 17, length) / length
            if end > begin:
                ends = [((x0 + (x1 - x0) * t) * FINE, (y0 + (y1 - y0) * t) * FINE) for t in (begin, end)]
                draw.line(ends, fill=colour, width=5 * FINE)
        step = (length + step) % 30


def low_water_map() -> Image.Image:
    """A chart of islands at low tide, with a course to the one that is only a dotted ring."""
    image, draw_ink, paper, red = _chart(), (24, 52, 66), (244, 234, 206), (188, 62, 44)
    course = [(150 + 12 * t, 1660 - 520 * (t / 40) ** 1.3 + 40 * math.sin(t / 5)) for t in range(41)]
    _course(image, course, red)
    draw = ImageDraw.Draw(image)
    for number in range(20):
        draw.arc(_box(560, 985, 740, 1135), 18 * number, 18 * number + 10, fill=red, width=6 * FINE)
    draw.line([(628 * FINE, 1038 * FINE), (672 * FINE, 1082 * FINE)], fill=red, width=7 * FINE)
    draw.line([(672 * FINE, 1038 * FINE), (628 * FINE, 1082 * FINE)], fill=red, width=7 * FINE)
    _rose(image, 1060, 1640, 74, draw_ink, paper)
    draw.rectangle(_box(90, 96, WIDTH - 90, 500), fill=paper, outline=draw_ink, width=6 * FINE)
    draw.rectangle(_box(108, 114, WIDTH - 108, 482), outline=draw_ink, width=2 * FINE)
    _spaced(image, "THE LOW WATER", 160, 84, draw_ink, 0.16)
    _spaced(image, "MAP", 256, 132, draw_ink, 0.36)
    _spaced(image, "ORLA TENNICK", 428, 32, red, 0.34)
    draw.rectangle(_box(36, 36, WIDTH - 36, HEIGHT - 36), outline=paper, width=6 * FINE)
    return _finish(image)


def tern() -> Image.Image:
    """The sketch of the island that stands in the book: outline, shallows, stones, spring."""
    wide, high = 1000, 560
    image = Image.new("L", (wide * FINE, high * FINE), 255)
    draw = ImageDraw.Draw(image)
    for ring, (grow, ink, pen) in enumerate([(0, 20, 4), (26, 120, 2), (54, 175, 2), (84, 215, 2)]):
        points = []
        for step in range(361):
            angle = math.radians(step)
            bend = 1 + 0.1 * math.sin(2 * angle + 0.6) + 0.05 * math.sin(5 * angle + ring)
            hook = 88 * math.exp(-((((step + 158) % 360 - 180) / 13) ** 2))
            x = 480 + (330 + grow) * bend * math.cos(angle) + hook
            y = 290 + (105 + grow) * bend * math.sin(angle) + 0.75 * hook
            points.append((x * FINE, y * FINE))
        draw.line(points, fill=ink, width=pen * FINE, joint="curve")
    for stone in range(9):
        angle = math.radians(40 * stone)
        x, y = 490 + 46 * math.cos(angle), 280 + 34 * math.sin(angle)
        draw.ellipse(_box(x - 5, y - 6, x + 5, y + 6), fill=20)
    draw.arc(_box(252, 222, 276, 246), 0, 300, fill=20, width=3 * FINE)
    draw.text((288 * FINE, 220 * FINE), "spring", font=_lettering(22), fill=60)
    draw.text((560 * FINE, 266 * FINE), "the ring", font=_lettering(22), fill=60)
    draw.line([(820 * FINE, 60 * FINE), (890 * FINE, 60 * FINE)], fill=20, width=3 * FINE)
    draw.polygon([(906 * FINE, 60 * FINE), (884 * FINE, 52 * FINE), (884 * FINE, 68 * FINE)], fill=20)
    draw.text((918 * FINE, 45 * FINE), "N", font=_lettering(24), fill=20)
    return image.resize((wide, high), Image.Resampling.LANCZOS)


COVERS = {"the-warmest-carriage.jpg": warmest_carriage, "the-low-water-map.jpg": low_water_map}


def main() -> None:
    """Write the covers and the figure."""
    for name, draw in COVERS.items():
        draw().save(FOLDER / name, quality=88, optimize=True)
        print(FOLDER / name)
    tern().save(FOLDER / "the-low-water-map" / "tern.png", optimize=True)


if __name__ == "__main__":
    main()
