"""Take the bytes of `theme.yaml`; check them; give a `Theme` that every writer draws from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from re import compile as pattern
from typing import Any

from pipeline.document.contrast import weak_colours
from pipeline.problems import Place, Problem, Stop, did_you_mean
from pipeline.sources.yaml.file import YamlFile, read_yaml

_SHEETS = {"A4": (595.276, 841.89), "Letter": (612.0, 792.0)}
_POINTS_PER_MM = 72 / 25.4
_COLOUR = pattern("#[0-9a-fA-F]{6}")
_LENGTHS = {"size", "line", "after", "spacing"}
_LARGEST = 2000
_NARROWEST = 144.0  # points: less is no text area


@dataclass(frozen=True, slots=True)
class TextStyle:
    """A paragraph role: `size`, `line`, `after`, `spacing` (between letters) in points, `colour` as #rrggbb."""

    size: float
    line: float
    after: float = 0.0
    bold: bool = False
    italic: bool = False
    capitals: bool = False
    spacing: float = 0.0
    colour: str = "#000000"


@dataclass(frozen=True, slots=True)
class Font:
    """One face under its two names: the one that Word is told, and the metric-equal one that the PDF embeds."""

    word: str
    pdf: str


@dataclass(frozen=True, slots=True)
class StatusLook:
    """How a state is drawn besides its word."""

    shape: str
    colour: str


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet: sizes and margins in points, portrait; `header` and `footer` are distances from the edge."""

    width: float
    height: float
    top: float
    right: float
    bottom: float
    left: float
    header: float
    footer: float

    @property
    def text_width(self) -> float:
        """Return the width of the text area of a portrait page."""
        return self.width - self.left - self.right

    @property
    def landscape_text_width(self) -> float:
        """Return the width of the text area of a landscape page (the sheet turned, the same margins)."""
        return self.height - self.left - self.right


@dataclass(frozen=True, slots=True)
class TableLook:
    """Paddings and rules of the house table, in points."""

    padding_x: float
    padding_y: float
    rule: float
    head_rule: float
    total_rule: float


@dataclass(frozen=True, slots=True)
class Theme:
    """The look of all documents; colours are #rrggbb by name, styles by paragraph role, spaces in points by block.

    `corporate` is a Word file whose styles, headers, footers and page set-up Word documents take over, or empty; `logo`
    is the path of a picture in the repository, or empty.
    """

    page: Page
    text_font: Font
    code_font: Font
    colours: Mapping[str, str]
    status: Mapping[str, StatusLook]
    levels: Mapping[str, str]
    text: Mapping[str, TextStyle]
    space: Mapping[str, float]
    table: TableLook
    corporate: bytes = b""
    logo: str = ""


# What a text style says where the file is silent: so that a repository's own theme may set any of it.
_PLAIN: Mapping[str, Any] = {
    "after": 0,
    "bold": False,
    "italic": False,
    "capitals": False,
    "spacing": 0,
    "colour": "text",
}


def load_theme(base: bytes, own: bytes | None = None, path: str = "theme/theme.yaml") -> Theme:
    """Return the house theme with a repository's own settings laid over it; Stop with problems where they are wrong."""
    settings: dict[str, Any] = read_yaml("templates/theme.yaml", base).value
    settings["text"] = {role: _PLAIN | style for role, style in settings["text"].items()}
    if own is not None:
        file = read_yaml(path, own)
        problems = [*file.problems]
        if not problems:
            settings = _overlay(settings, {} if file.value is None else file.value, file, (), problems)
            problems += [] if problems else _check_whole(settings, file)
        if problems:
            raise Stop(*problems)
    theme = _make_theme(settings)
    styles = ((f"text.{role}", style.colour) for role, style in theme.text.items())
    weak = [
        Problem("DB312", f"theme: {words}", Place(path)) for words in weak_colours(theme.colours, styles, theme.status)
    ]
    if weak:
        raise Stop(*weak)
    return theme


def _overlay(
    base: dict[str, Any], own: Any, file: YamlFile, path: tuple[str, ...], problems: list[Problem]
) -> dict[str, Any]:
    """Return `base` with the values of `own`; a key that the theme does not know, or a wrong kind, is a problem."""
    merged = dict(base)
    if not isinstance(own, dict):
        problems.append(_wrong(file, path, "wants keys and values"))
        return merged
    for key, value in own.items():
        here = (*path, str(key))
        if key not in base:
            problems.append(_unknown(file, here, base))
        elif isinstance(base[key], dict):
            merged[key] = _overlay(base[key], value, file, here, problems)
        elif message := _mismatch(base[key], value):
            problems.append(_wrong(file, here, message))
        else:
            merged[key] = value
    return merged


def _mismatch(base: Any, value: Any) -> str:
    if isinstance(base, str) and base.startswith("#"):
        return "" if isinstance(value, str) and _COLOUR.fullmatch(value) else "wants a colour such as #1b4f8a"
    if isinstance(base, bool) or isinstance(value, bool):
        return "" if type(base) is type(value) else "wants true or false" if isinstance(base, bool) else "wants no true"
    if isinstance(base, str):
        return "" if isinstance(value, str) and value else "wants a text"
    fits = isinstance(value, (int, Decimal)) and 0 <= value <= _LARGEST
    return "" if fits else f"wants a number from 0 to {_LARGEST}"


def _check_whole(settings: Mapping[str, Any], file: YamlFile) -> list[Problem]:
    """Return what only shows when the settings are seen together."""
    page, colours = settings["page"], settings["colours"]
    if page["size"] not in _SHEETS:
        return [_wrong(file, ("page", "size"), "wants A4 or Letter")]
    sheet, problems = _make_page(page), []
    if (
        min(sheet.text_width, sheet.height - sheet.top - sheet.bottom, sheet.width - sheet.top - sheet.bottom)
        < _NARROWEST
    ):
        problems.append(_wrong(file, ("page", "margins"), "leaves no room for the text"))
    for role, style in settings["text"].items():
        if style["colour"] not in colours and not _COLOUR.fullmatch(style["colour"]):
            message = f"wants a colour such as #1b4f8a, or one of {', '.join(colours)}"
            problems.append(_wrong(file, ("text", role, "colour"), message))
        problems += [_wrong(file, ("text", role, key), "must be above 0") for key in ("size", "line") if not style[key]]
    return problems


def _wrong(file: YamlFile, path: tuple[str, ...], message: str) -> Problem:
    return Problem("DB310", f"theme: `{'.'.join(path)}` {message}", file.place(path))


def _unknown(file: YamlFile, path: tuple[str, ...], base: Mapping[str, Any]) -> Problem:
    message = f"theme: unknown key `{'.'.join(path)}`"
    return Problem("DB311", message, file.place(path, key=True), did_you_mean(path[-1], base))


def _make_theme(settings: Mapping[str, Any]) -> Theme:
    colours = {name: str(colour) for name, colour in settings["colours"].items()}
    table = settings["table"]
    return Theme(
        page=_make_page(settings["page"]),
        text_font=Font(**settings["fonts"]["text"]),
        code_font=Font(**settings["fonts"]["code"]),
        colours=colours,
        status={name: StatusLook(**look) for name, look in settings["status"].items()},
        levels=dict(settings["levels"]),
        text={role: _make_style(style, colours) for role, style in settings["text"].items()},
        space={name: float(value) for name, value in settings["space"].items()},
        table=TableLook(
            padding_x=float(table["cell_padding"]["x"]),
            padding_y=float(table["cell_padding"]["y"]),
            rule=float(table["rule"]),
            head_rule=float(table["head_rule"]),
            total_rule=float(table["total_rule"]),
        ),
        logo=str(settings.get("logo", "")),
    )


def _make_page(page: Mapping[str, Any]) -> Page:
    width, height = _SHEETS[page["size"]]
    margins = {side: float(page["margins"][side]) * _POINTS_PER_MM for side in ("top", "right", "bottom", "left")}
    header, footer = (float(page[name]) * _POINTS_PER_MM for name in ("header", "footer"))
    return Page(width=width, height=height, header=header, footer=footer, **margins)


def _make_style(style: Mapping[str, Any], colours: Mapping[str, str]) -> TextStyle:
    plain: dict[str, Any] = {key: float(value) if key in _LENGTHS else value for key, value in style.items()}
    colour = str(plain.pop("colour", "text"))
    return replace(TextStyle(**plain), colour=colours.get(colour, colour))
