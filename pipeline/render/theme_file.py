"""Take the bytes of `theme.yaml`; check a repository's own settings against the house's; give a `Theme`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from decimal import Decimal
from functools import cache
from re import compile as pattern
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError, create_model
from pydantic_core import ErrorDetails

from pipeline.document.contrast import weak_colours
from pipeline.document.house import house_templates
from pipeline.document.theme import Font, Page, StatusLook, TableLook, TextStyle, Theme
from pipeline.model.base import Flag, Record, Text, check_number
from pipeline.model.explain import explain_failure
from pipeline.model.where import Source
from pipeline.problems import Place, Problem, Stop
from pipeline.sources.yaml.file import YamlFile, read_yaml

_SHEETS = {"A4": (595.276, 841.89), "Letter": (612.0, 792.0)}
_POINTS_PER_MM = 72 / 25.4
_COLOUR = pattern("#[0-9a-fA-F]{6}")
_NARROWEST = 144.0  # points: less is no text area

_Sheet = Literal["A4", "Letter"]
_Colour = Annotated[str, Field(pattern=f"^{_COLOUR.pattern}$", examples=["#1b4f8a"])]
_Number = Annotated[Decimal, BeforeValidator(check_number), Field(ge=0, le=2000)]

# What a text style says where the file is silent: so that a repository's own theme may set any of it.
_PLAIN = {one.name: one.default for one in fields(TextStyle) if one.default is not MISSING} | {"colour": "text"}


def load_theme(own: bytes | None = None, path: str = "theme/theme.yaml") -> Theme:
    """Return the house theme with a repository's own settings laid over it; Stop with problems where they are wrong."""
    house = _read_house()
    if own is None:
        return _make_theme(_overlay(house, {}))
    file = read_yaml(path, own)
    if file.problems:
        raise Stop(*file.problems)
    settings = _overlay(house, _read_own(file, house))
    if problems := tuple(_check_whole(settings, file)):
        raise Stop(*problems)
    theme = _make_theme(settings)
    styles = ((f"text.{role}", style.colour) for role, style in theme.text.items())
    weak = weak_colours(theme.colours, styles, theme.status)
    if problems := tuple(Problem("DB312", f"theme: {words}", Place(path)) for words in weak):
        raise Stop(*problems)
    return theme


@cache
def _read_house() -> Mapping[str, Any]:
    settings: Mapping[str, Any] = read_yaml("theme.yaml", house_templates()["templates/theme.yaml"]).value
    return {**settings, "text": {role: _PLAIN | style for role, style in settings["text"].items()}}


def _read_own(file: YamlFile, house: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the settings of a file, of which the house has each key; Stop where they are of the wrong kind."""
    form = _make_form(house, {})
    try:
        return form.model_validate({} if file.value is None else file.value).model_dump(exclude_unset=True)
    except ValidationError as failure:
        source = Source("theme", file.path, file)
        raise Stop(*explain_failure(source, form, "the theme", failure, _choose_code)) from failure


def _make_form(house: Mapping[str, Any], made: dict[frozenset[str], type[Record]]) -> type[Record]:
    """Return the record that settings have to be: each key of the house's, and the kind of its value.

    Most of a theme are text styles, which have the same keys: `made` holds the forms that are there.
    """
    keys = frozenset(house)
    if keys not in made:
        kinds = {key: _make_form(one, made) if isinstance(one, dict) else _find_kind(one) for key, one in house.items()}
        fields: dict[str, Any] = {key: (kind, None) for key, kind in kinds.items()}
        made[keys] = create_model("Settings", __base__=Record, **fields)
    return made[keys]


def _find_kind(value: Any) -> Any:
    if isinstance(value, str):
        return _Sheet if value in _SHEETS else _Colour if _COLOUR.fullmatch(value) else Text
    return Flag if isinstance(value, bool) else _Number


def _choose_code(error: ErrorDetails) -> str:
    return "DB311" if error["type"] in ("extra_forbidden", "invalid_key") else "DB310"


def _overlay(house: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return the house's settings with a repository's own in their place; numbers become what a Theme has."""
    return {
        key: _overlay(one, own.get(key, {})) if isinstance(one, dict) else _make_plain(own.get(key, one))
        for key, one in house.items()
    }


def _make_plain(value: Any) -> Any:
    return value if isinstance(value, str | bool) else float(value)


def _check_whole(settings: Mapping[str, Any], file: YamlFile) -> Iterator[Problem]:
    """Yield what only shows when the settings are seen together."""
    page, colours = _make_page(settings["page"]), settings["colours"]
    if min(page.text_width, *(side - page.top - page.bottom for side in (page.height, page.width))) < _NARROWEST:
        yield _wrong(file, ("page", "margins"), "leaves no room for the text")
    for role, style in settings["text"].items():
        if style["colour"] not in colours and not _COLOUR.fullmatch(style["colour"]):
            words = f"wants a colour such as #1b4f8a, or one of {', '.join(colours)}"
            yield _wrong(file, ("text", role, "colour"), words)
        yield from (_wrong(file, ("text", role, key), "must be above 0") for key in ("size", "line") if not style[key])


def _wrong(file: YamlFile, path: tuple[str, ...], words: str) -> Problem:
    return Problem("DB310", f"`{'.'.join(path)}` of the theme {words}", file.place(path))


def _make_theme(settings: Mapping[str, Any]) -> Theme:
    colours, fonts, table = (settings[name] for name in ("colours", "fonts", "table"))
    padding = table["cell_padding"]
    return Theme(
        page=_make_page(settings["page"]),
        text_font=Font(**fonts["text"]),
        code_font=Font(**fonts["code"]),
        colours=colours,
        status={name: StatusLook(**look) for name, look in settings["status"].items()},
        levels=settings["levels"],
        text={
            role: TextStyle(**{**style, "colour": colours.get(style["colour"], style["colour"])})
            for role, style in settings["text"].items()
        },
        space=settings["space"],
        table=TableLook(padding["x"], padding["y"], table["rule"], table["head_rule"], table["total_rule"]),
        logo=settings["logo"],
    )


def _make_page(page: Mapping[str, Any]) -> Page:
    width, height = _SHEETS[page["size"]]
    places = {**page["margins"], "header": page["header"], "footer": page["footer"]}
    return Page(width, height, **{name: length * _POINTS_PER_MM for name, length in places.items()})
