"""Take the theme file and pictures drawn here; make a theme and a document of every node; give both as fixtures."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from PIL import Image, ImageDraw
from writers_sample import make_sample

from pipeline.document.theme import Font, Page, StatusLook, TableLook, TextStyle, Theme
from pipeline.document.tree import Asset, Document
from pipeline.processes.fork_server import WRITERS

# Workers import the tasks of these tests from beside them.
WRITERS.search = (str(Path(__file__).parent),)
THEME = Path(__file__).parents[2] / "templates" / "theme.yaml"
POINTS_PER_MM = 72 / 25.4
SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" width="480" height="160" viewBox="0 0 480 160">
<rect width="480" height="160" fill="#ffffff"/>
<path d="M20 140 L120 110 L240 70 L360 40 L460 20" fill="none" stroke="#1b4f8a" stroke-width="3"/>
<path d="M20 140 H460" stroke="#d6dce5"/></svg>"""


def make_style(raw: dict[str, Any], colours: dict[str, str]) -> TextStyle:
    colour = raw.get("colour", "text")
    return TextStyle(**{**raw, "colour": colours.get(colour, colour)})


def make_page(raw: dict[str, Any]) -> Page:
    margins = {side: value * POINTS_PER_MM for side, value in raw["margins"].items()}
    header, footer = raw["header"] * POINTS_PER_MM, raw["footer"] * POINTS_PER_MM
    return Page(width=595.28, height=841.89, header=header, footer=footer, **margins)


def make_theme(raw: dict[str, Any]) -> Theme:
    table = raw["table"]
    return Theme(
        page=make_page(raw["page"]),
        text_font=Font(**raw["fonts"]["text"]),
        code_font=Font(**raw["fonts"]["code"]),
        colours=raw["colours"],
        status={state: StatusLook(**look) for state, look in raw["status"].items()},
        levels=raw["levels"],
        text={role: make_style(style, raw["colours"]) for role, style in raw["text"].items()},
        space=raw["space"],
        table=TableLook(
            padding_x=table["cell_padding"]["x"],
            padding_y=table["cell_padding"]["y"],
            rule=table["rule"],
            head_rule=table["head_rule"],
            total_rule=table["total_rule"],
        ),
    )


def draw_picture(kind: str, size: tuple[int, int]) -> bytes:
    picture = Image.new("RGB", size, "#f3f5f8")
    ImageDraw.Draw(picture).line((0, size[1], size[0], 0), fill="#1b4f8a", width=3)
    target = BytesIO()
    picture.save(target, kind)
    return target.getvalue()


def make_assets() -> dict[str, Asset]:
    return {
        "images/site.png": Asset(draw_picture("PNG", (480, 160)), "image/png", 480, 160),
        "images/mark.png": Asset(draw_picture("PNG", (16, 16)), "image/png", 16, 16),
        "images/photo.jpg": Asset(draw_picture("JPEG", (320, 120)), "image/jpeg", 320, 120),
        "charts/value.svg": Asset(SVG, "image/svg+xml", 480, 160),
        "charts/value.svg.png": Asset(draw_picture("PNG", (960, 320)), "image/png", 960, 320),
    }


@pytest.fixture(scope="session")
def theme() -> Theme:
    """Return the theme of templates/theme.yaml, lengths in points."""
    return make_theme(yaml.safe_load(THEME.read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def sample_document(theme: Theme) -> Document:
    """Return a document in which every class of the tree occurs."""
    return make_sample(theme.page, make_assets())
