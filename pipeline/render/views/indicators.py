"""Take the figures of a day and of the report before; write them as a reader expects them; give rows for one table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from pipeline.controls.history import Delta
from pipeline.render.views.records import Measured, Record
from pipeline.render.views.viewer import Viewer
from pipeline.render.words import NOTHING, Words

Write = Callable[[Words, Any], str]


def _ratio(words: Words, value: Any) -> str:
    return words.number(value, 2)


def _months(words: Words, value: Any) -> str:
    return words.number(value, 1)


# Name in the history, title, how the value and how its change are written. Money is in the currency of the caption.
INDICATORS: tuple[tuple[str, str, Write, Write], ...] = (
    ("pv", "Planned value (PV)", Words.amount, Words.signed),
    ("ev", "Earned value (EV)", Words.amount, Words.signed),
    ("ac", "Actual cost (AC)", Words.amount, Words.signed),
    ("cv", "Cost variance (EV − AC)", Words.amount, Words.signed),
    ("sv", "Schedule variance (EV − PV)", Words.amount, Words.signed),
    ("cpi", "Cost performance index (EV ÷ AC)", _ratio, lambda words, value: words.signed(value, 2)),
    ("spi", "Schedule performance index (EV ÷ PV)", _ratio, lambda words, value: words.signed(value, 2)),
    ("spi_t", "Schedule performance in time, SPI(t)", _ratio, lambda words, value: words.signed(value, 2)),
    ("es", "Earned schedule, months", _months, lambda words, value: words.signed(value, 1)),
    ("eac", "Estimate at completion by trend (EAC)", Words.amount, Words.signed),
    ("forecast", "Forecast of the budget lines", Words.amount, Words.signed),
    ("finish", "Last milestone", Words.short_date, Words.signed),
)
_IN_EVM = frozenset(("pv", "ev", "ac", "cv", "sv", "cpi", "spi", "spi_t", "es", "eac"))


def list_indicators(view: Viewer) -> Iterator[Record]:
    """Yield earned value, earned schedule and forecast: now, in the report before, and what changed."""
    deltas = {delta.name: delta for delta in view.figures.history.deltas}
    for name, title, write, write_change in INDICATORS:
        if name in deltas:
            now = _exact(view, name) if name in _IN_EVM else deltas[name].now
            yield Record("indicator", _row(view.words, title, now, deltas[name], (write, write_change)))


def _exact(view: Viewer, name: str) -> Measured:
    """Return a figure with the reason why it is undefined, if it is."""
    performance, schedule = view.figures.performance.project, view.figures.earned_schedule
    shown: Measured = view.show(getattr(performance if hasattr(performance, name) else schedule, name))
    return shown


def _row(words: Words, title: str, now: Any, delta: Delta, writers: tuple[Write, Write]) -> Mapping[str, Any]:
    write, write_change = writers
    return {
        "title": words.say(title),
        "now": write(words, now),
        "before": NOTHING if delta.before is None else write(words, delta.before),
        "change": NOTHING if delta.change is None else _change(words, delta, write_change),
    }


def _change(words: Words, delta: Delta, write: Write) -> str:
    text = write(words, delta.change)
    return words.say("%(days)s days", days=text) if isinstance(delta.now, date) else text
