"""Take a project and a period; print every computed figure with its unit, formula and the source lines it came from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.session import Settings, common_options, session_of
from pipeline.cli.show import give, give_json, show_problems, start_of
from pipeline.problems import did_you_mean

if TYPE_CHECKING:
    from pipeline.controls.catalogue import Computed
    from pipeline.inspect.figures import FiguresOutcome
    from pipeline.problems import Place

_DECIMALS = {"money": 2, "ratio": 3, "percent": 1, "days": 1, "months": 2, "years": 2, "person-days": 1}
_BARE = ("ratio", "date", "light", "count", "text")

HELP = """Print the computed figures of a project: where does this number come from?

Each figure has its standard name (pv, ev, ac, cpi, npv), its value, unit and formula, and the files that it was
computed from with their first line; -v lists every line. Figures are those of the newest period unless --period names
another.

NAME shows one figure, and those of single records with it: cpi, cpi[WP4]. Without a name the figures of single records
are left out, unless -v asks for them. With --format json nothing is rounded and everything is listed.
"""


@click.command("figures", help=HELP)
@click.argument("project")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--period", metavar="YYYY-MM", help="The period whose status date counts (default: the newest).")
@click.option("--rev", metavar="REF", help="Read a commit, branch or tag instead of the files as they lie here.")
@common_options
@click.pass_context
def command(
    context: click.Context, /, project: str, names: tuple[str, ...], period: str | None, rev: str | None
) -> int:
    """Print computed figures."""
    from pipeline.build.request import Request
    from pipeline.cli.place import find_root_at
    from pipeline.inspect.figures import figures

    settings = session_of(context).settings
    root, inside = find_root_at(settings.directory, rev)
    outcome = figures(Request(root=root, inside=inside, rev=rev), project, period)
    everything = settings.format == "json" or settings.verbosity > 0
    shown = tuple(one for one in outcome.figures if _is_wanted(one.name, names, everything))
    _check_names(names, outcome)
    if settings.format == "json":
        give_json(settings, outcome.exit_code, outcome.problems, **_document(outcome, shown))
        return outcome.exit_code
    show_problems(outcome.problems, settings, root)
    for one in shown:
        for line in _lines(one, outcome, settings, start_of(root)):
            give(line, settings)
    return outcome.exit_code


def _is_wanted(name: str, names: tuple[str, ...], everything: bool) -> bool:
    return not {name, name.partition("[")[0]}.isdisjoint(names) if names else everything or "[" not in name


def _check_names(names: tuple[str, ...], outcome: FiguresOutcome) -> None:
    known = {form for one in outcome.figures for form in (one.name, one.name.partition("[")[0])}
    for name in names:
        if known and name not in known:
            raise click.UsageError(f"there is no figure `{name}`; {did_you_mean(name, known)}")


def _document(outcome: FiguresOutcome, shown: tuple[Computed, ...]) -> dict[str, Any]:
    return {
        "project": outcome.project,
        "period": outcome.period,
        "status_date": outcome.day.isoformat() if outcome.day else None,
        "currency": outcome.currency,
        "figures": {one.name: _record(one, outcome.currency) for one in shown},
    }


def _record(one: Computed, currency: str) -> dict[str, Any]:
    return {
        "value": _plain(one.value),
        "unit": currency if one.unit == "money" else one.unit,
        "formula": one.formula,
        "reason": one.reason or None,
        "sources": [{"file": place.file, "line": place.line, "column": place.column} for place in one.places],
    }


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else value


def _lines(one: Computed, outcome: FiguresOutcome, settings: Settings, start: str) -> Iterator[str]:
    unit = {"money": outcome.currency, "percent": "%"}.get(one.unit, "" if one.unit in _BARE else one.unit)
    value = one.reason if one.value is None else f"{_text(one.value, one.unit)} {unit}".rstrip()
    origin = "; ".join(_places(one.places, start, whole=settings.verbosity > 0))
    yield f"{one.name} = {value}"
    yield f"    {one.formula}"
    if origin:
        yield f"    from {origin}"


def _places(places: tuple[Place, ...], start: str, *, whole: bool) -> Iterator[str]:
    """Yield each file with its first place and how many more there are, or with all their lines."""
    for _, group in groupby(places, key=lambda place: place.file):
        first, *more = group
        if whole and more:
            yield f"{start}{first}, lines {', '.join(str(place.line) for place in more)}"
        else:
            yield f"{start}{first}" + (f" and {len(more)} more" if more else "")


def _text(value: object, unit: str) -> str:
    if isinstance(value, Decimal):
        return f"{value:,.{_DECIMALS.get(unit, 3)}f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
