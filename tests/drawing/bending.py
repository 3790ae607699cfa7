"""Paper that does not lie flat, before a camera or in a scanner. Pictures in, pictures out, by seed.

Paper bends without stretching: rolled or folded it is a sheet of parallel lines over a profile, each
point as far along the profile as it was on the flat page.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from tests.drawing.wear import Grey, Rng, scanned, tinted, uneven_light

Points: TypeAlias = NDArray[np.float64]
"""Any shape ending in x, y; in points of the page from its upper left."""

_GRID = 8
_FARTHEST = 200
"""Points beside the page where the table is looked up; farther off may be beyond the horizon."""

_TABLE = 70


@dataclass(frozen=True, slots=True)
class Bend:
    """Angles (radians) of the paper along `direction`, by steps of a point from `start`."""

    direction: tuple[float, float]
    start: float
    angles: NDArray[np.float64]

    def angle(self, points: Points) -> NDArray[np.float64]:
        along = points @ np.array(self.direction) - self.start
        return np.asarray(np.interp(along, np.arange(len(self.angles)), self.angles), np.float64)

    def in_space(self, points: Points) -> NDArray[np.float64]:
        """Points as x, y and the height above the table."""
        direction = np.array(self.direction)
        along, steps = points @ direction, np.arange(len(self.angles)) + self.start
        reached = np.interp(along, steps, np.cumsum(np.cos(self.angles)) - 1 + self.start)
        height = np.interp(along, steps, np.cumsum(np.sin(self.angles)))
        moved = points + (reached - along)[..., None] * direction
        return np.concatenate([moved, height[..., None]], axis=-1)


def flat() -> Bend:
    return _bend(0.0, 0.0, np.zeros(900))


def rolled(rng: Rng) -> Bend:
    """Paper that was rolled, or a page of a pad: one bulge or a wave, across, down or askew."""
    degrees = float(rng.choice([0, 90, 0, 90, rng.uniform(-40, 40)]))
    start, length = _reach(degrees)
    waves, phase = rng.uniform(0.4, 1.1), rng.uniform(0, 2 * math.pi)
    steps = np.arange(length + 2) / length
    angles = math.radians(rng.uniform(8, 20)) * np.cos(2 * math.pi * waves * steps + phase)
    return _bend(degrees, start, angles)


def folded(rng: Rng) -> Bend:
    """Folded for an envelope and opened again: in half or in thirds, every part flat."""
    degrees = float(rng.choice([90, 90, 0]))
    start, length = _reach(degrees)
    parts = int(rng.choice([2, 3]))
    sign = float(rng.choice([-1, 1]))
    angles = np.zeros(length + 2)
    for part in range(parts):
        begin, end = (round(length * share / parts) for share in (part, part + 1))
        angles[begin : end + 2] = sign * math.radians(rng.uniform(4, 12)) * (-1) ** part
    soft = np.convolve(np.pad(angles, 6, mode="edge"), np.ones(13) / 13, mode="valid")
    return _bend(degrees, start, soft)


def _bend(degrees: float, start: float, angles: NDArray[np.float64]) -> Bend:
    """The paper goes on beyond its ends as it lies there, so that every point is somewhere."""
    return Bend(_direction(degrees), start - _BEYOND, np.pad(angles, _BEYOND, mode="edge"))


_BEYOND = 600


def _direction(degrees: float) -> tuple[float, float]:
    return math.cos(math.radians(degrees)), math.sin(math.radians(degrees))


def _reach(degrees: float, size: tuple[float, float] = (612, 792)) -> tuple[float, int]:
    corners = np.array([(0, 0), (size[0], 0), size, (0, size[1])]) @ np.array(_direction(degrees))
    return float(corners.min()), round(float(np.ptp(corners)))


def photographed_bent(
    page: Image.Image, rng: Rng, bend: Bend, *, tilt: tuple[float, float] = (0, 12)
) -> Image.Image:
    """A telephone picture of the paper on a dark table; the camera leans by `tilt` degrees, from
    and to. As many pixels across as the page and a margin."""
    camera = _Camera(
        math.radians(rng.uniform(*tilt)), rng.uniform(0, 2 * math.pi), rng.uniform(1100, 1600)
    )
    scale = page.width / 612
    size = np.array(page.size) / scale
    edge = _outline(size)
    seen = camera.seen(bend.in_space(edge), size)
    margin = rng.uniform(15, 45)
    corner = seen.min(axis=0) - margin
    frame = tuple(int(side) for side in (np.ptp(seen, axis=0) + 2 * margin) * scale)
    where = _pages_points(frame, scale, corner, bend, camera, size)
    grey = _on_a_table(page, where * scale, rng)
    grey *= _shade(where, bend, rng) * uneven_light((frame[0], frame[1]), rng)
    grey += rng.normal(0, 4, grey.shape).astype(np.float32)
    soft = ImageFilter.GaussianBlur(float(rng.uniform(0.4, 0.9)))
    return tinted(grey, rng).filter(soft)


@dataclass(frozen=True, slots=True)
class _Camera:
    """It leans by `tilt` to the side of `azimuth` and hangs `distance` points above the page."""

    tilt: float
    azimuth: float
    distance: float

    def seen(self, space: NDArray[np.float64], size: NDArray[np.float64]) -> Points:
        x, y = (space[..., axis] - size[axis] / 2 for axis in (0, 1))
        turn, lean = self.azimuth, self.tilt
        u = x * math.cos(turn) + y * math.sin(turn)
        v = -x * math.sin(turn) + y * math.cos(turn)
        z = space[..., 2] * math.cos(lean) + u * math.sin(lean)
        u = u * math.cos(lean) - space[..., 2] * math.sin(lean)
        u, v = (each * self.distance / (self.distance - z) for each in (u, v))
        return np.stack(
            [u * math.cos(turn) - v * math.sin(turn), u * math.sin(turn) + v * math.cos(turn)],
            axis=-1,
        )


def _outline(size: NDArray[np.float64]) -> Points:
    steps = np.linspace(0, 1, 50)[:, None]
    corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]) * size
    return np.concatenate([a + (b - a) * steps for a, b in pairwise(corners)])


def _pages_points(
    frame: tuple[int, ...],
    scale: float,
    corner: Points,
    bend: Bend,
    camera: _Camera,
    size: NDArray[np.float64],
) -> Points:
    """For each pixel of the frame the point of the page that is seen there: Newton on a grid."""
    width, height = (side // _GRID + 2 for side in frame)
    x, y = np.meshgrid(np.arange(width) * _GRID, np.arange(height) * _GRID)
    wanted = np.stack([x, y], axis=-1) / scale + corner
    found = wanted + size / 2
    for _ in range(12):
        at = camera.seen(bend.in_space(found), size)
        right, below = (
            camera.seen(bend.in_space(found + step), size) - at for step in ((1.0, 0.0), (0.0, 1.0))
        )
        slopes = np.stack([right, below], axis=-1)
        step = np.linalg.solve(slopes, (wanted - at)[..., None])[..., 0]
        found = np.clip(found + np.clip(step, -60, 60), -_FARTHEST, size + _FARTHEST)
    large = cv2.resize(
        found.astype(np.float32), None, fx=_GRID, fy=_GRID, interpolation=cv2.INTER_LINEAR
    )
    off = (_GRID - 1) // 2  # a pixel of the grid became the middle of a block
    return np.asarray(large[off : off + frame[1], off : off + frame[0]], np.float64)


def _on_a_table(page: Image.Image, where: Points, rng: Rng) -> Grey:
    """The page's tones at these of its pixels; the table's where they are none of it."""
    x, y = (where[..., axis].astype(np.float32) for axis in (0, 1))
    tones = cv2.remap(np.asarray(page), x, y, cv2.INTER_CUBIC, borderValue=255)
    inside = (x >= 0) & (y >= 0) & (x < page.width) & (y < page.height)
    table = rng.normal(_TABLE, 12, x.shape)
    return np.asarray(np.where(inside, tones, table), np.float32)


def _shade(where: Points, bend: Bend, rng: Rng) -> Grey:
    """Paper that leans to the light is brighter."""
    return np.asarray(1 + rng.uniform(-0.6, 0.6) * np.sin(bend.angle(where)), np.float32)


def dog_eared(page: Image.Image, rng: Rng) -> Image.Image:
    """A corner folded in: the back of the paper lies over the print, with its shadow."""
    width, height = page.size
    across, down = (float(rng.uniform(45, 120)) * width / 612 for _ in "xy")
    right, low = bool(rng.integers(2)), bool(rng.integers(2))
    x, y = width * right, height * low
    inward = (-1 if right else 1), (-1 if low else 1)
    on_x, on_y = (x + inward[0] * across, y), (x, y + inward[1] * down)
    tip = _mirrored((x, y), on_x, on_y)
    worn = page.copy()
    shadow = Image.new("L", page.size, 255)
    ImageDraw.Draw(shadow).polygon([on_x, on_y, tip], fill=120)
    shadow = shadow.filter(ImageFilter.GaussianBlur(width / 250))
    worn = Image.fromarray(
        (np.asarray(worn, np.float32) * np.asarray(shadow, np.float32) / 255).astype(np.uint8)
    )
    pen = ImageDraw.Draw(worn)
    pen.polygon([on_x, on_y, tip], fill=238)
    pen.polygon([on_x, on_y, (x, y)], fill=_TABLE)
    return worn


def _mirrored(
    point: tuple[float, float], one: tuple[float, float], other: tuple[float, float]
) -> tuple[float, float]:
    a, b, p = (np.array(each, dtype=np.float64) for each in (one, other, point))
    along = (b - a) / np.linalg.norm(b - a)
    foot = a + along * float((p - a) @ along)
    x, y = 2 * foot - p
    return float(x), float(y)


def shadowed(photo: Image.Image, rng: Rng) -> Image.Image:
    """The shadow of the hand that holds the telephone: an arm and fingers, soft at the edge."""
    width, height = photo.size
    layer = Image.new("L", photo.size, 255)
    pen = ImageDraw.Draw(layer)
    x, y = width * rng.uniform(0.25, 0.75), height * rng.uniform(0.25, 0.6)
    side = float(rng.choice([-1, 1]))
    pen.line((x, y, x + side * width * 0.3, height * 1.05), fill=0, width=int(width * 0.2))
    pen.ellipse((x - width * 0.14, y - width * 0.14, x + width * 0.14, y + width * 0.14), fill=0)
    for finger in range(4):
        angle = math.radians(-140 + 28 * finger)
        tip = x + math.cos(angle) * width * 0.27, y + math.sin(angle) * width * 0.27
        pen.line((x, y, *tip), fill=0, width=int(width * 0.045))
    soft = np.asarray(layer.filter(ImageFilter.GaussianBlur(width / rng.uniform(60, 200))), float)
    dark = 1 - rng.uniform(0.35, 0.6) * (1 - soft / 255)
    tones = np.asarray(photo, np.float64) * dark[:, :, None]
    return Image.fromarray(tones.clip(0, 255).astype(np.uint8))


def cut_off(photo: Image.Image, rng: Rng) -> Image.Image:
    """A side of the page is not in the picture: 8 to 20 hundredths of it."""
    width, height = photo.size
    share, side = float(rng.uniform(0.08, 0.2)), int(rng.integers(4))
    left, top, right, bottom = (share * (side == each) for each in range(4))
    return photo.crop(
        (
            round(width * left),
            round(height * top),
            round(width * (1 - right)),
            round(height * (1 - bottom)),
        )
    )


def from_a_book(page: Image.Image, rng: Rng) -> Image.Image:
    """A bound page on the glass: towards the spine it rises, narrows, darkens and runs off level."""
    width, height = page.size
    left = bool(rng.integers(2))
    reach, most = rng.uniform(0.12, 0.3) * width, rng.uniform(10, 22) * width / 612
    x, y = np.meshgrid(np.arange(width, dtype=np.float64), np.arange(height, dtype=np.float64))
    near = x if left else width - 1 - x
    rise = np.exp(-near / reach * 2.2)
    narrowed = (most * 0.8) * rise
    lens = (y / height - rng.uniform(0.3, 0.7)) * most * rise
    source_x = x + (narrowed if not left else -narrowed)
    tones = _remapped(page, source_x, y + lens)
    tones = tones * np.asarray(1 - rng.uniform(0.2, 0.5) * rise**2, np.float32)
    return scanned(Image.fromarray(tones.clip(0, 255).astype(np.uint8)), rng, skew=0.8)


def fed_unevenly(page: Image.Image, rng: Rng) -> Image.Image:
    """An automatic feeder whose rollers pull one side, then the other: the page sways as it goes."""
    width, height = page.size
    unit = width / 612
    x, y = np.meshgrid(np.arange(width, dtype=np.float64), np.arange(height, dtype=np.float64))
    waves, phase = rng.uniform(0.7, 2.2), rng.uniform(0, 2 * math.pi)
    turn = 2 * math.pi * waves * y / height + phase
    sway = rng.uniform(2, 5) * unit * np.sin(turn)
    lag = rng.uniform(1.5, 4) * unit * np.sin(turn * 1.3 + 1) * (2 * x / width - 1)
    speed = rng.uniform(0, 3) * unit * np.sin(turn * 0.8 + 2)
    return scanned(Image.fromarray(_remapped(page, x + sway, y + lag + speed)), rng, skew=0.6)


def slipped(page: Image.Image, rng: Rng) -> Image.Image:
    """The feed slipped: a part of the page is drawn out or squeezed along the paper's way."""
    width, height = page.size
    begin = rng.uniform(0.1, 0.7)
    end = begin + rng.uniform(0.08, 0.25)
    gain = rng.uniform(0.04, 0.14) * float(rng.choice([-1, 1]))
    levels = np.arange(height, dtype=np.float64)
    speed = np.where((levels > begin * height) & (levels < end * height), 1 + gain, 1.0)
    y = np.cumsum(speed) - 1
    x, source_y = np.meshgrid(np.arange(width, dtype=np.float64), y)
    return Image.fromarray(_remapped(page, x, source_y))


def _remapped(page: Image.Image, x: Points, y: Points) -> NDArray[np.uint8]:
    maps = x.astype(np.float32), y.astype(np.float32)
    tones = cv2.remap(np.asarray(page), *maps, cv2.INTER_CUBIC, borderValue=255)
    return np.asarray(tones, np.uint8)
