"""Take a PDF; draw its pages small and with few colours; compare such pictures; give PNG files and their difference."""

from __future__ import annotations

import subprocess
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image, ImageChops, ImageFilter

RESOLUTION = 50  # dots per inch: enough to see the layout, too little to see how poppler smooths a letter
LARGEST = 20 * 1024
_COLOURS = 16
_FAR = 100  # of 255: a point that differs more than smoothing can
_MOST_FAR = 0.002  # of all points: less than one short line of text
# For pages that another program lays out, whose versions smooth, hint and space letters each in its own way.
_STEP_BACK = 2.0  # points of the picture over which it is blurred
_FAR_ROUGHLY = 32
_MOST_FAR_ROUGHLY = 0.0015


def draw_pages(data: bytes) -> tuple[bytes, ...]:
    """Return each page as a small PNG."""
    with TemporaryDirectory() as folder:
        command = ["pdftoppm", "-r", str(RESOLUTION), "-png", "-", str(Path(folder) / "page")]
        subprocess.run(command, input=data, check=True, capture_output=True)
        return tuple(_shrink(file) for file in sorted(Path(folder).glob("*.png")))


def _shrink(file: Path) -> bytes:
    target = BytesIO()
    with Image.open(file) as picture:
        few = picture.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    few.save(target, "PNG", optimize=True)
    return target.getvalue()


def is_alike(actual: bytes, expected: bytes) -> bool:
    """Return whether two pictures show the same page."""
    first, second = _open(actual), _open(expected)
    return first.size == second.size and _share_of_far(first, second, _FAR) <= _MOST_FAR


def is_roughly_alike(actual: bytes, expected: bytes) -> bool:
    """Return whether two pictures show the same page from afar: letters may sit a point aside, lines may not."""
    first, second = _open(actual), _open(expected)
    if first.size != second.size:
        return False
    rough = [picture.filter(ImageFilter.GaussianBlur(_STEP_BACK)) for picture in (first, second)]
    return _share_of_far(*rough, _FAR_ROUGHLY) <= _MOST_FAR_ROUGHLY


def draw_difference(actual: bytes, expected: bytes) -> bytes:
    """Return where two pictures differ: dark where they do."""
    first, second = _open(actual), _open(expected)
    if first.size != second.size:
        second = second.resize(first.size)
    target = BytesIO()
    ImageChops.invert(ImageChops.difference(first, second)).save(target, "PNG", optimize=True)
    return target.getvalue()


def _open(data: bytes) -> Image.Image:
    with Image.open(BytesIO(data)) as picture:
        return picture.convert("RGB").convert("L")


def _share_of_far(first: Image.Image, second: Image.Image, far: int) -> float:
    histogram = ImageChops.difference(first, second).histogram()
    return sum(histogram[far:]) / (first.width * first.height)
