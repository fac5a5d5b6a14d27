"""Take a document whose charts are specs; draw each as SVG with our own fonts; give the document with the pictures.

The engine's own counters and the machine's time zone are kept out, so that a chart has the same bytes in every process.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from hashlib import sha256
from html import escape
from typing import Any

from pipeline.document.chart_words import explain
from pipeline.document.tree import Asset, Document, Figure
from pipeline.document.walk import rewrite
from pipeline.problems import Problem
from pipeline.write.drawings import Drawings, is_waiting, list_waiting, make_svg_asset, make_svg_key
from pipeline.write.fonts import prepare_fonts
from pipeline.write.pdf.glyphs import STAND_IN, missing_characters

_SHOWN = 8
_KEPT = 512  # drawings that a process remembers
_NEAR = 0.5  # points
_ID = re.compile(r'(?<=\bid=")[^"]+(?=")')
_LINK = re.compile(r"(?<=url\(#)[^)]+(?=\))")
_LONG = re.compile(r"-?\d+\.\d{4,}(?:e-?\d+)?")
_TAG = re.compile(r"<[^>]*>")
_TEXT = re.compile(r"(?<=>)[^<]+(?=</)")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A spec as SVG, or the `fault` for which it cannot be drawn; `missing` are characters that no font of ours has."""

    svg: str = ""
    fault: str = ""
    missing: frozenset[str] = frozenset()


def draw_charts(document: Document, drawings: Drawings | None = None) -> tuple[Document, tuple[Problem, ...]]:
    """Return the document with a picture for each chart, and problems where one cannot be drawn or lacks letters."""
    waiting = list(list_waiting(document))
    if not waiting:
        return document, ()
    known = drawings or Drawings()
    drawn = {spec: _recall(spec, known) for spec in dict.fromkeys(node.chart for node in waiting)}
    problems = tuple(problem for node in waiting for problem in _report(drawn[node.chart], node, document))
    pictures = {spec: make_svg_asset(one.svg.encode()) for spec, one in drawn.items() if one.svg}
    names = {spec: f"{sha256(asset.data).hexdigest()[:16]}.svg" for spec, asset in pictures.items()}

    def place(node: Any) -> Any:
        waits = is_waiting(node) and node.chart in names
        return _hang(node, names[node.chart], pictures[node.chart]) if waits else node

    assets = {**document.assets, **{names[spec]: asset for spec, asset in pictures.items()}}
    sections, notes = rewrite(document.sections, place), rewrite(document.notes, place)
    return replace(document, sections=sections, notes=notes, assets=dict(sorted(assets.items()))), problems


def _recall(spec: str, drawings: Drawings) -> Drawn:
    """Return a spec drawn, now or before; one of which something has to be said is drawn each time."""
    found = drawings.known.get(make_svg_key(spec))
    if found:
        return Drawn(found.decode())
    drawn = draw_spec(spec)
    if drawn.svg and not drawn.missing:
        drawings.made[make_svg_key(spec)] = drawn.svg.encode()
    return drawn


def _report(drawn: Drawn, figure: Figure, document: Document) -> Iterator[Problem]:
    if drawn.fault:
        message = f"a chart of {document.id} cannot be drawn: {drawn.fault}"
        yield Problem("DB422", message, figure.place, "check its spec; report it if the chart is not your own")
    if drawn.missing:
        known = ", ".join(f"{sign} (U+{ord(sign):04X})" for sign in sorted(drawn.missing)[:_SHOWN])
        hint = f"the chart shows {STAND_IN} instead; write them in words"
        yield Problem("DB404", f"characters of a chart no font can show: {known}", figure.place, hint, "warning")


def _hang(figure: Figure, name: str, asset: Asset) -> Figure:
    """Return the figure with its picture, its height after what was drawn: the sizes of an own chart are estimates."""
    height = figure.width * asset.height / asset.width
    near = abs(height - figure.height) < _NEAR
    return replace(figure, asset=name, height=figure.height if near else round(height * 20) / 20)


@cache
def _engine() -> Any:
    """Return the drawing engine, started with our fonts and in UTC: it asks the environment for its time zone once."""
    import vl_convert

    vl_convert.register_font_directory(str(prepare_fonts()))
    before = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    try:
        vl_convert.get_local_tz()
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
    return vl_convert


@lru_cache(maxsize=_KEPT)
def draw_spec(spec: str) -> Drawn:
    """Return a spec, as canonical JSON, drawn; nothing is fetched for it. Drawn once a process."""
    try:
        svg = str(_engine().vegalite_to_svg(spec, allowed_base_urls=[]))
    except ValueError as error:
        return Drawn(fault=explain(str(error)))
    svg = _settle(svg, json.loads(spec).get("usermeta") or {})
    missing = missing_characters("".join(_TEXT.findall(svg)))
    stand_ins = dict.fromkeys(map(ord, missing), STAND_IN)
    shown = _TEXT.sub(lambda text: text.group().translate(stand_ins), svg) if missing else svg
    return Drawn(shown, missing=missing)


def _settle(svg: str, meta: Any) -> str:
    """Return the picture with ids of its own counting, short numbers, and both names of the face."""
    names = {name: f"c{count}" for count, name in enumerate(dict.fromkeys(_ID.findall(svg)), start=1)}
    svg = _ID.sub(lambda found: names[found.group()], svg)
    svg = _LINK.sub(lambda found: names.get(found.group(), found.group()), svg)
    svg = _TAG.sub(lambda tag: _LONG.sub(lambda number: f"{float(number.group()):.3f}", tag.group()), svg)
    face, word_face = str(meta.get("face", "")), str(meta.get("word_face", ""))
    if face and word_face:
        named = escape(f"{word_face}, {face}, sans-serif")
        svg = svg.replace(f'font-family="{face}"', f'font-family="{named}"')
    return svg
