"""Clipping paths: whether one may cut away something of a page object."""

from __future__ import annotations

import ctypes
from typing import Any

import pypdfium2.raw as pdfium

from connector.certificate.entry import Box

MOST_POINTS = 200
"""Further points of a clipping path are not looked at."""


def is_cut(item: Any) -> bool:
    """Whether a clipping path may cut away something of a page object, by their boxes."""
    clip = pdfium.FPDFPageObj_GetClipPath(item)
    paths = pdfium.FPDFClipPath_CountPaths(clip) if clip else 0
    if paths <= 0:
        return False
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    bounds = left.value, bottom.value, right.value, top.value
    return not all(_lies_in(bounds, _clip_box(clip, path)) for path in range(paths))


def _clip_box(clip: Any, path: int) -> Box:
    """The box around one path of a clipping path, in user space."""
    x, y = ctypes.c_float(), ctypes.c_float()
    points = []
    for number in range(min(pdfium.FPDFClipPath_CountPathSegments(clip, path), MOST_POINTS)):
        segment = pdfium.FPDFClipPath_GetPathSegment(clip, path, number)
        if segment and pdfium.FPDFPathSegment_GetPoint(segment, x, y):
            points.append((x.value, y.value))
    if not points:
        return 0.0, 0.0, 0.0, 0.0
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _lies_in(inner: Box, outer: Box) -> bool:
    """Whether a box lies in another; both with y upwards, a point of slack."""
    return (
        outer[0] - 1 <= inner[0]
        and outer[1] - 1 <= inner[1]
        and inner[2] <= outer[2] + 1
        and inner[3] <= outer[3] + 1
    )
