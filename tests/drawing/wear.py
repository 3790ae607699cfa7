"""What scanners, fax lines, copiers and telephones do to a page. Pictures in, pictures out, by seed."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

Rng: TypeAlias = np.random.Generator
Grey: TypeAlias = NDArray[np.float32]
"""Height x width, 0 = black to 255 = white."""


def turned(page: Image.Image, degrees: float) -> Image.Image:
    """A page laid askew on the glass."""
    return page.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255)


def scanned(page: Image.Image, rng: Rng, *, skew: float = 0.7) -> Image.Image:
    """An office scanner: a little askew and soft, paper not quite white, grain, dust."""
    page = turned(page, float(rng.uniform(-skew, skew)))
    page = page.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.3, 0.8))))
    paper, ink = rng.uniform(238, 252), rng.uniform(8, 55)
    grey = _toned(page, ink, paper)
    grey += rng.normal(0, rng.uniform(2, 6), grey.shape).astype(np.float32)
    _dust(grey, rng, count=60)
    return _image(grey)


def _toned(page: Image.Image, ink: float, paper: float) -> Grey:
    """Black becomes `ink`, white becomes `paper`."""
    grey = np.asarray(page, np.float32)
    return np.asarray(ink + grey * ((paper - ink) / 255), np.float32)


def _image(grey: Grey) -> Image.Image:
    return Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))


def _dust(grey: Grey, rng: Rng, count: int) -> None:
    height, width = grey.shape
    for _ in range(count):
        y, x = int(rng.integers(0, height - 4)), int(rng.integers(0, width - 4))
        size = int(rng.integers(1, 4))
        grey[y : y + size, x : x + size] = rng.uniform(40, 200)


def faint(page: Image.Image, rng: Rng) -> Image.Image:
    """The toner has run out: thin grey print."""
    thin = page.filter(ImageFilter.GaussianBlur(0.8))
    grey = _toned(thin, float(rng.uniform(140, 175)), float(rng.uniform(240, 252)))
    grey += rng.normal(0, 5, grey.shape).astype(np.float32)
    return turned(_image(grey), float(rng.uniform(-0.6, 0.6)))


def faxed(page: Image.Image, rng: Rng, dots: tuple[int, int]) -> Image.Image:
    """Black and white at `dots` pixels wide and high, with specks, a lost line and a header."""
    page = turned(page, float(rng.uniform(-0.6, 0.6)))
    small = page.filter(ImageFilter.GaussianBlur(0.6)).resize(dots, Image.Resampling.BOX)
    grey = np.asarray(small, np.float32) + rng.normal(0, 14, (dots[1], dots[0]))
    black = grey < rng.uniform(130, 170)
    specks = rng.random(black.shape) < 0.0004
    black ^= specks
    for y in rng.integers(0, dots[1], int(rng.integers(0, 4))):
        black[y] = black[y - 1]
    fax = Image.fromarray(np.where(black, 0, 255).astype(np.uint8))
    header = f"{rng.integers(1, 12)}/{rng.integers(1, 28)}/26 10:42  FROM 555-0177  P.{rng.integers(1, 9)}"
    ImageDraw.Draw(fax).text((40, 6), header, fill=0)
    return fax.convert("1", dither=Image.Dither.NONE)


def copied(page: Image.Image, rng: Rng) -> Image.Image:
    """A copy of a copy: strokes eaten or swollen, edges shadowed, blotches."""
    for _ in range(2):
        page = turned(page, float(rng.uniform(-0.5, 0.5)))
        page = page.filter(ImageFilter.GaussianBlur(1.1))
        noisy = np.asarray(page, np.float32) + rng.normal(0, 16, page.size[::-1])
        steep = 255 / (1 + np.exp(-(noisy - rng.uniform(135, 185)) / 18))
        page = _image(steep.astype(np.float32))
    grey: Grey = np.array(page, np.float32)
    grey[:, : int(rng.integers(8, 40))] *= 0.35
    _dust(grey, rng, count=350)
    return _image(grey)


def photographed(page: Image.Image, rng: Rng, *, curl: float = 0.0) -> Image.Image:
    """A telephone picture: on a dark table, seen from the side, lit unevenly, in colour.

    `curl` is the height in points by which the paper's middle bulges.
    """
    page = _curled(page, curl) if curl else page
    seen = _in_perspective(page, rng)
    light = uneven_light(seen.size, rng)
    grey = np.asarray(seen, np.float32) * light
    grey += rng.normal(0, 4, grey.shape).astype(np.float32)
    colour = tinted(grey, rng)
    return colour.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.4, 0.9))))


def tinted(grey: Grey, rng: Rng) -> Image.Image:
    """In colour, as lamps are never white."""
    tint = np.array([1.0, rng.uniform(0.95, 1.0), rng.uniform(0.85, 0.97)], np.float32)
    return Image.fromarray(np.clip(grey[:, :, None] * tint, 0, 255).astype(np.uint8))


def _curled(page: Image.Image, curl: float) -> Image.Image:
    """Strips of the page moved along an arc, as paper that was rolled lies on a table."""
    width, height = page.size
    bulge = curl * width / 612
    strips = []
    for left in range(0, width, 64):
        right = min(width, left + 64)
        first, last = (bulge * math.sin(math.pi * x / width) for x in (left, right))
        source = (left, first, left, height + first, right, height + last, right, last)
        strips.append(((left, 0, right, height), source))
    return page.transform(
        page.size, Image.Transform.MESH, strips, Image.Resampling.BICUBIC, fillcolor=255
    )


def _in_perspective(page: Image.Image, rng: Rng) -> Image.Image:
    width, height = page.size
    margin = 0.06 * width
    frame = (int(width + 2 * margin), int(height + 2 * margin))
    corners = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)]
    seen = [
        (x + margin + rng.uniform(-0.7, 0.7) * margin, y + margin + rng.uniform(-0.7, 0.7) * margin)
        for x, y in corners
    ]
    coefficients = _homography(seen, corners)
    flat = page.transform(
        frame, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC, fillcolor=70
    )
    table = Image.fromarray(rng.normal(70, 12, (frame[1], frame[0])).clip(0, 255).astype(np.uint8))
    paper = Image.new("L", page.size, 255).transform(
        frame, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BILINEAR, fillcolor=0
    )
    return Image.composite(flat, table, paper)


def _homography(
    seen: list[tuple[float, float]], corners: list[tuple[float, float]]
) -> tuple[float, ...]:
    """The eight coefficients that take a seen point back to the page."""
    rows, values = [], []
    for (x, y), (u, v) in zip(seen, corners, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return tuple(float(c) for c in np.linalg.solve(np.array(rows), np.array(values)))


def uneven_light(size: tuple[int, int], rng: Rng) -> Grey:
    """A slope of light and a soft shadow across the page, about 0.6 to 1."""
    width, height = size
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    angle, place = rng.uniform(0, 2 * math.pi), rng.uniform(-0.6, 0.6)
    slope = 0.12 * (math.cos(angle) * x + math.sin(angle) * y)
    shadow = 0.22 / (1 + np.exp(-(x * math.sin(angle) + y * math.cos(angle) - place) * 6))
    return np.asarray(0.93 + slope - shadow, np.float32)


def stamped(page: Image.Image, rng: Rng) -> Image.Image:
    """A received-stamp and a pen stroke lie over cells."""
    return ImageChops.darker(page, _stamp_and_pen(page.size, rng))


def stamped_in_blue(page: Image.Image, rng: Rng) -> Image.Image:
    """The same in blue ink, scanned in colour."""
    layer = _stamp_and_pen(page.size, rng)
    pale = layer.point(lambda tone: 255 - round((255 - tone) * 0.3))
    dark = ImageChops.darker(page, layer)
    return Image.merge("RGB", (dark, dark, ImageChops.darker(page, pale)))


def _stamp_and_pen(size: tuple[int, int], rng: Rng) -> Image.Image:
    width, height = size
    over = Image.new("L", (int(width * 0.3), int(width * 0.09)), 255)
    pen = ImageDraw.Draw(over)
    pen.rectangle((6, 6, over.width - 7, over.height - 7), outline=95, width=max(3, width // 500))
    font = ImageFont.load_default(over.height * 0.5)
    pen.text((over.width // 2, over.height // 2), "RECEIVED", fill=95, font=font, anchor="mm")
    over = over.rotate(float(rng.uniform(-18, 18)), expand=True, fillcolor=255)
    layer = Image.new("L", size, 255)
    layer.paste(over, (int(width * rng.uniform(0.3, 0.6)), int(height * rng.uniform(0.3, 0.62))))
    _pen_stroke(layer, rng)
    return layer


def black_and_white(page: Image.Image, rng: Rng) -> Image.Image:
    """What a telephone's scanning app makes of a photo: the paper cut out and hardened."""
    soft = turned(page, float(rng.uniform(-1.5, 1.5))).filter(ImageFilter.GaussianBlur(1.0))
    grey = np.asarray(soft, np.float32) * uneven_light(page.size, rng)
    around = np.asarray(_image(grey).filter(ImageFilter.BoxBlur(40)), np.float32)
    hard = np.where(grey < around * rng.uniform(0.8, 0.9), 0, 255)
    return Image.fromarray(hard.astype(np.uint8)).convert("1", dither=Image.Dither.NONE)


def _pen_stroke(layer: Image.Image, rng: Rng) -> None:
    width, height = layer.size
    x, y = width * rng.uniform(0.1, 0.6), height * rng.uniform(0.4, 0.75)
    steps = np.linspace(0, 1, 60)
    points = [
        (x + width * 0.25 * t, y + height * 0.02 * math.sin(9 * t + 1) * (1 - t / 2)) for t in steps
    ]
    ImageDraw.Draw(layer).line(points, fill=60, width=max(2, width // 600), joint="curve")
